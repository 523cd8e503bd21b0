//! The way to the cluster: what is asked of it, and what its failures are told as.

use std::future::Future;
use std::time::Duration;

use temporalio_client::errors::{WorkflowQueryError, WorkflowStartError, WorkflowUpdateError};
use temporalio_client::tonic::{Code, Status};
use temporalio_client::{
    Client, ClientOptions, Connection, WorkflowExecuteUpdateOptions, WorkflowExecutionInfo,
    WorkflowFetchHistoryOptions, WorkflowHandle, WorkflowHistory, WorkflowIdConflictPolicy,
    WorkflowIdReusePolicy, WorkflowQueryOptions, WorkflowStartOptions,
};
use temporalio_common::protos::temporal::api::history::v1::History;
use temporalio_common::search_attributes::SearchAttributes;

use super::attributes;
use super::kept::{Begin, Input, Kept, Move};
use super::run::{Run, STALE};
use super::settings::Settings;
use super::shown::{Page, Reopen, Told, View, Wanted};
use crate::engine::EngineError;
use crate::engine::rules::failure;

/// How long the cluster may take for one call: longer than it waits for a worker that has died in the
/// midst of a task, which is 10 seconds
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// The way to the cluster
pub(super) struct Link {
    pub(super) client: Client,
    pub(super) host: String,
    pub(super) namespace: String,
    pub(super) task_queue: String,
    identity: String,
}

/// Why an update was not taken
pub(super) enum Unsent {
    /// The run has moved on since it was looked at
    Stale,
    /// The cluster has failed, or refused it
    Failed(EngineError),
}

/// What came of a start
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Started {
    /// The run is there now
    New,
    /// It was there before
    Before,
}

impl Link {
    /// Connects to the cluster; fails with code `store` where it cannot be reached
    pub(super) async fn connect(settings: &Settings) -> Result<Self, EngineError> {
        let name = gethostname();
        let identity = format!("workflow-server {name} {}", std::process::id());
        let options = settings.connection(&identity)?;
        let unreachable = |why: String| away(&settings.host, &why);
        let connecting = tokio::time::timeout(PATIENCE, Connection::connect(options));
        let connection = connecting
            .await
            .map_err(|_| unreachable("it does not answer".to_owned()))?
            .map_err(|error| unreachable(in_words(&error)))?;
        let options = ClientOptions::new(settings.namespace.clone()).build();
        let client =
            Client::new(connection, options).map_err(|error| unreachable(in_words(&error)))?;
        Ok(Self {
            client,
            host: settings.host.clone(),
            namespace: settings.namespace.clone(),
            task_queue: settings.task_queue.clone(),
            identity,
        })
    }

    /// What this process calls itself
    pub(super) fn identity(&self) -> &str {
        &self.identity
    }

    fn handle(&self, run_id: &str, execution: Option<&str>) -> WorkflowHandle<Client, Run> {
        let info = WorkflowExecutionInfo::builder()
            .namespace(self.namespace.clone())
            .workflow_id(run_id)
            .maybe_run_id(execution.map(str::to_owned))
            .build();
        WorkflowHandle::new(self.client.clone(), info)
    }

    /// How a run stands
    pub(super) async fn view(&self, run_id: &str) -> Result<View, EngineError> {
        let handle = self.handle(run_id, None);
        let asked = handle.query(Run::view, (), WorkflowQueryOptions::default());
        self.queried(run_id, asked).await
    }

    /// A run with all that is kept of it, as an execution has it
    pub(super) async fn kept(
        &self,
        run_id: &str,
        execution: Option<&str>,
    ) -> Result<Kept, EngineError> {
        let handle = self.handle(run_id, execution);
        let asked = handle.query(Run::whole, (), WorkflowQueryOptions::default());
        self.queried(run_id, asked).await?.ok_or_else(|| failure::unknown_run(run_id))
    }

    /// Events of an execution of a run
    pub(super) async fn page(
        &self,
        run_id: &str,
        execution: Option<&str>,
        wanted: Wanted,
    ) -> Result<Page, EngineError> {
        let handle = self.handle(run_id, execution);
        let asked = handle.query(Run::journal, wanted, WorkflowQueryOptions::default());
        self.queried(run_id, asked).await
    }

    /// What Temporal has recorded of a run's latest execution
    pub(super) async fn history(&self, run_id: &str) -> Result<WorkflowHistory, EngineError> {
        let fetched =
            self.handle(run_id, None).fetch_history(WorkflowFetchHistoryOptions::default());
        let events = self.in_time(fetched.into_events()).await?;
        let events = events.map_err(|error| self.broken(&error))?;
        Ok(History { events }.into())
    }

    /// What an answer came to, if it was given in an execution of a run
    pub(super) async fn told(
        &self,
        run_id: &str,
        execution: Option<&str>,
        step_id: &str,
    ) -> Result<Option<Told>, EngineError> {
        let handle = self.handle(run_id, execution);
        let asked = handle.query(Run::told, step_id.to_owned(), WorkflowQueryOptions::default());
        self.queried(run_id, asked).await
    }

    /// Starts a run, or an execution of one that has ended where `again` says so
    pub(super) async fn start(
        &self,
        run_id: &str,
        input: Input,
        again: bool,
    ) -> Result<Started, EngineError> {
        let attributes = match &input.begin {
            Begin::Started { moved } => Kept::begin(run_id, moved.clone()).ok(),
            Begin::Carried { kept, .. } => Some((**kept).clone()),
            Begin::Child(_) | Begin::Again { .. } => None,
        };
        let attributes = attributes.as_ref().map(attributes::of).map(SearchAttributes::new);
        let reuse = if again {
            WorkflowIdReusePolicy::AllowDuplicate
        } else {
            WorkflowIdReusePolicy::RejectDuplicate
        };
        let options = WorkflowStartOptions::new(self.task_queue.clone(), run_id)
            .id_reuse_policy(reuse)
            .id_conflict_policy(WorkflowIdConflictPolicy::Fail)
            .maybe_search_attributes(attributes)
            .build();
        let starting = self.client.start_workflow(Run::run, input, options);
        match self.in_time(starting).await? {
            Ok(_) => Ok(Started::New),
            Err(WorkflowStartError::AlreadyStarted { .. }) => Ok(Started::Before),
            Err(WorkflowStartError::Rpc(status)) => Err(self.failed(&status)),
            Err(error) => Err(self.broken(&error)),
        }
    }

    /// Moves a run by events
    pub(super) async fn send(&self, run_id: &str, moved: Move) -> Result<(), Unsent> {
        let handle = self.handle(run_id, None);
        let options = WorkflowExecuteUpdateOptions::default();
        self.updated(run_id, handle.execute_update(Run::take_move, moved, options)).await
    }

    /// Notes with a parent that a child was asked for its first step
    pub(super) async fn asked(&self, parent: &str, index: usize) -> Result<(), Unsent> {
        let handle = self.handle(parent, None);
        let options = WorkflowExecuteUpdateOptions::default();
        self.updated(parent, handle.execute_update(Run::note_asked, index, options)).await
    }

    /// Has a parent take up a child again
    pub(super) async fn reopen(&self, parent: &str, ask: Reopen) -> Result<(), Unsent> {
        let handle = self.handle(parent, None);
        let options = WorkflowExecuteUpdateOptions::default();
        self.updated(parent, handle.execute_update(Run::reopen, ask, options)).await
    }

    async fn queried<T>(
        &self,
        run_id: &str,
        asked: impl Future<Output = Result<T, WorkflowQueryError>>,
    ) -> Result<T, EngineError> {
        match self.in_time(asked).await? {
            Ok(answer) => Ok(answer),
            Err(WorkflowQueryError::NotFound(_)) => Err(failure::unknown_run(run_id)),
            Err(WorkflowQueryError::Rpc(status)) => Err(self.failed(&status)),
            Err(error) => Err(self.broken(&error)),
        }
    }

    async fn updated<T>(
        &self,
        run_id: &str,
        updating: impl Future<Output = Result<T, WorkflowUpdateError>>,
    ) -> Result<(), Unsent> {
        match self.in_time(updating).await.map_err(Unsent::Failed)? {
            Ok(_) => Ok(()),
            // An execution that has ended takes nothing: another look tells how the run stands.
            Err(WorkflowUpdateError::NotFound(_)) => Err(Unsent::Stale),
            Err(WorkflowUpdateError::Failed(why)) if why.message.contains(STALE) => {
                Err(Unsent::Stale)
            }
            Err(WorkflowUpdateError::Failed(why)) => Err(Unsent::Failed(EngineError::new(
                "conflict",
                format!("run `{run_id}` has not taken it: {}", why.message),
                "call `get_next_step` for how the run stands",
            ))),
            Err(WorkflowUpdateError::Rpc(status))
                if matches!(status.code(), Code::Aborted | Code::ResourceExhausted) =>
            {
                Err(Unsent::Stale)
            }
            Err(WorkflowUpdateError::Rpc(status)) => Err(Unsent::Failed(self.failed(&status))),
            Err(error) => Err(Unsent::Failed(self.broken(&error))),
        }
    }

    /// Waits for the cluster, but not for ever
    pub(super) async fn in_time<T>(&self, call: impl Future<Output = T>) -> Result<T, EngineError> {
        let waited = tokio::time::timeout(PATIENCE, call).await;
        waited.map_err(|_| self.silent("no answer came in time"))
    }

    /// What a call's failure is told as
    pub(super) fn failed(&self, status: &Status) -> EngineError {
        match status.code() {
            Code::Unavailable | Code::Unknown | Code::Internal => {
                away(&self.host, status.message())
            }
            Code::DeadlineExceeded | Code::Cancelled | Code::FailedPrecondition => {
                self.silent(status.message())
            }
            Code::PermissionDenied | Code::Unauthenticated => EngineError::new(
                "store",
                format!("Temporal at `{}` refuses this server: {}", self.host, status.message()),
                "see TEMPORAL_API_KEY, and the TEMPORAL_TLS_ settings",
            ),
            _ => EngineError::new(
                "store",
                format!("Temporal at `{}` has failed: {}", self.host, status.message()),
                "call again; if it fails again, see the log of the cluster",
            ),
        }
    }

    fn silent(&self, why: &str) -> EngineError {
        EngineError::new(
            "store",
            format!("nobody has answered on the task queue `{}`: {why}", self.task_queue),
            "call again, which does nothing twice; see that a worker runs (`workflow-server \
             worker`), and that the cluster can be reached",
        )
    }

    fn broken(&self, error: &(dyn std::error::Error + 'static)) -> EngineError {
        EngineError::new(
            "store",
            format!("Temporal at `{}` has failed: {}", self.host, in_words(error)),
            "call again; if it fails again, see the server's log",
        )
    }
}

/// The cluster cannot be reached
pub(super) fn away(host: &str, why: &str) -> EngineError {
    EngineError::new(
        "store",
        format!("Temporal at `{host}` cannot be reached: {why}"),
        "call again, which does nothing twice; see that the cluster runs, and TEMPORAL_HOST",
    )
}

/// The cause of an error, in its own words: what lies around it is the SDK's
pub(super) fn in_words(error: &(dyn std::error::Error + 'static)) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

fn gethostname() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname")
        .map(|name| name.trim().to_owned())
        .or_else(|_| std::env::var("HOSTNAME"))
        .unwrap_or_else(|_| "unknown".to_owned())
}
