//! Our end of a connection to another server, whatever carries it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rmcp::ClientHandler;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, ClientCapabilities, ClientConfig, Implementation,
    PaginatedRequestParams,
};
use rmcp::service::{NotificationContext, RoleClient, RunningService, ServiceError};
use serde_json::{Map, Value};

use super::Tool;
use crate::schema::nearest;

/// How many tools a server may list
const MAX_TOOLS: usize = 10_000;

/// The tools of a server, by name
type Tools = BTreeMap<String, Arc<Tool>>;

/// What a server can ask of us, which is nothing; it may say that its tools have changed
#[derive(Clone, Default)]
pub(super) struct Client {
    stale: Arc<AtomicBool>,
}

/// The connection as rmcp keeps it
pub(super) type Service = RunningService<RoleClient, Client>;

impl ClientHandler for Client {
    fn get_info(&self) -> ClientConfig {
        let name = Implementation::new("workflow-server", env!("CARGO_PKG_VERSION"));
        ClientConfig::new(ClientCapabilities::default(), name)
    }

    async fn on_tool_list_changed(&self, _: NotificationContext<RoleClient>) {
        self.stale.store(true, Ordering::Relaxed);
    }
}

/// A connection over which a server has listed its tools
pub(super) struct Connection {
    service: Service,
    tools: Mutex<Tools>,
    lost: AtomicBool,
}

impl Connection {
    /// Asks for the tools; fails with the reason
    pub(super) async fn new(service: Service) -> Result<Self, String> {
        let connection = Self { service, tools: Mutex::default(), lost: AtomicBool::default() };
        connection.list().await?;
        Ok(connection)
    }

    /// Whether a call may go over it
    pub(super) fn is_alive(&self) -> bool {
        !self.lost.load(Ordering::Relaxed)
            && !self.service.is_closed()
            && !self.service.is_transport_closed()
    }

    /// No call goes over it any more: over HTTP, that a server has gone shows by nothing else
    pub(super) fn give_up(&self) {
        self.lost.store(true, Ordering::Relaxed);
    }

    /// Whether the server has said that its tools are others by now
    pub(super) fn is_stale(&self) -> bool {
        self.service.service().stale.load(Ordering::Relaxed)
    }

    /// A tool as it was listed last
    pub(super) fn tool(&self, name: &str) -> Option<Arc<Tool>> {
        self.tools.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// All tools as they were listed last, by name
    pub(super) fn tools(&self) -> Vec<Arc<Tool>> {
        self.tools.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// The tool that an unknown name most likely means
    pub(super) fn nearest(&self, name: &str) -> Option<String> {
        let tools = self.tools.lock().unwrap_or_else(PoisonError::into_inner);
        nearest(name, tools.keys().map(String::as_str)).map(str::to_owned)
    }

    /// Asks for all pages of the tools; fails with the reason
    pub(super) async fn list(&self) -> Result<(), String> {
        self.service.service().stale.store(false, Ordering::Relaxed);
        let (mut tools, mut cursor) = (Tools::new(), None);
        loop {
            let params = PaginatedRequestParams::default().with_cursor(cursor.clone());
            let page = self.service.list_tools(Some(params)).await.map_err(|e| e.to_string())?;
            let listed = page.tools.into_iter().map(Tool::from);
            tools.extend(listed.map(|tool| (tool.name.clone(), Arc::new(tool))));
            if tools.len() > MAX_TOOLS {
                return Err(format!("it lists more than {MAX_TOOLS} tools"));
            }
            if page.next_cursor.is_none() {
                break;
            }
            if page.next_cursor == cursor {
                return Err("its list of tools does not end: a page leads to itself".to_owned());
            }
            cursor = page.next_cursor;
        }
        *self.tools.lock().unwrap_or_else(PoisonError::into_inner) = tools;
        Ok(())
    }

    /// Calls a tool; dropped before there is a response, it tells the server that the call is called off
    pub(super) async fn call(
        &self,
        tool: &str,
        arguments: Map<String, Value>,
    ) -> Result<CallToolResponse, ServiceError> {
        let params = CallToolRequestParams::new(tool.to_owned()).with_arguments(arguments);
        self.service.call_tool_once(params).await
    }

    /// Ends it: gracefully where nobody else uses it
    pub(super) async fn close(self: Arc<Self>, patience: std::time::Duration) {
        match Arc::try_unwrap(self) {
            Ok(mut connection) => {
                // Whatever its end was like, it has ended, or is killed as it is dropped.
                let _ = connection.service.close_with_timeout(patience).await;
            }
            // Called off as a whole: calls under way end with it.
            Err(shared) => shared.service.cancellation_token().cancel(),
        }
    }
}
