//! Messages over a pair of streams: JSON, one a line.
//!
//! The transport that rmcp has for this drops a line that is too long, or is no message, without a
//! word, so that its client waits for ever; and it reads on, however many calls are unanswered
//! because the client does not read. This one answers, and waits.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex as Lock, MutexGuard, PoisonError};

use rmcp::model::{ClientNotification, ErrorCode, ErrorData, JsonRpcMessage, RequestId};
use rmcp::service::{RoleServer, RxJsonRpcMessage, TxJsonRpcMessage};
use rmcp::transport::Transport;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::sync::{Mutex, Notify};

use super::message::{DEEPEST, Glance};

/// How much room is kept for the next line, in bytes
const ROOM: usize = 64 * 1024;

/// How many calls may be unanswered before no further message is read
///
/// Sub-agents that wait for their steps are fewer. Their replies, of 64 KiB at most, are what a client
/// that does not read can take of memory: 16 MiB.
const UNANSWERED: usize = 256;

/// A client at the other end of two streams
pub(super) struct Lines<R, W> {
    reader: BufReader<R>,
    /// How long a line may be, in bytes
    longest: usize,
    /// What there is of the line that is being read; nothing of one that is too long
    line: Vec<u8>,
    length: usize,
    glance: Glance,
    writer: Arc<Writer<W>>,
}

/// A line that is not taken
struct Refused {
    code: ErrorCode,
    message: String,
    /// Whom to tell: who gave no id asked for no answer
    id: Option<RequestId>,
}

struct Writer<W> {
    /// None once it is closed
    stream: Mutex<Option<W>>,
    unanswered: Lock<Unanswered>,
    answered: Notify,
}

/// Calls whose answers have not been written, by their ids; a client may use one twice
#[derive(Debug, Default)]
struct Unanswered {
    calls: HashMap<RequestId, usize>,
    count: usize,
}

impl<R: AsyncRead + Unpin, W> Lines<R, W> {
    /// A client that may send lines of so many bytes
    pub(super) fn new((reader, writer): (R, W), longest: usize) -> Self {
        let stream = Mutex::new(Some(writer));
        let writer = Writer { stream, unanswered: Lock::default(), answered: Notify::new() };
        Self {
            reader: BufReader::new(reader),
            longest,
            line: Vec::new(),
            length: 0,
            glance: Glance::default(),
            writer: Arc::new(writer),
        }
    }

    /// Reads to the end of a line, or of the stream: then false
    ///
    /// May be dropped and called again: what was read by then is kept.
    async fn read_line(&mut self) -> io::Result<bool> {
        loop {
            let available = self.reader.fill_buf().await?;
            if available.is_empty() {
                return Ok(false);
            }
            let end = available.iter().position(|byte| *byte == b'\n');
            let piece = &available[..end.unwrap_or(available.len())];
            self.glance.take(piece);
            self.length += piece.len();
            if self.length > self.longest {
                self.line = Vec::new();
            } else {
                self.line.extend_from_slice(piece);
            }
            let taken = piece.len() + usize::from(end.is_some());
            self.reader.consume(taken);
            if end.is_some() {
                return Ok(true);
            }
        }
    }

    /// The message of the line that was read
    fn message(&mut self) -> Result<RxJsonRpcMessage<RoleServer>, Refused> {
        let glance = std::mem::take(&mut self.glance);
        let length = std::mem::take(&mut self.length);
        let mut line = std::mem::take(&mut self.line);
        let refuse = |code, message| {
            let id = glance.id().and_then(|id| serde_json::from_slice(id).ok());
            Refused { code, message, id }
        };
        if length > self.longest {
            let most = self.longest;
            let message = format!("a message has {most} bytes at most, found {length}");
            return Err(refuse(ErrorCode::INVALID_REQUEST, message));
        }
        if glance.is_too_deep() {
            let message = format!("a message nests {DEEPEST} levels deep at most");
            return Err(refuse(ErrorCode::INVALID_REQUEST, message));
        }
        let json = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&line);
        let message = serde_json::from_slice(json).map_err(|error| {
            let code =
                if error.is_data() { ErrorCode::INVALID_REQUEST } else { ErrorCode::PARSE_ERROR };
            refuse(code, format!("this is no message of MCP: {error}"))
        });
        // The room is used again, unless the line was an uncommonly long one.
        line.clear();
        line.shrink_to(ROOM);
        self.line = line;
        message
    }
}

impl<R, W: AsyncWrite + Send + Unpin + 'static> Lines<R, W> {
    fn refuse(&self, Refused { code, message, id }: Refused) {
        tracing::debug!(code = code.0, message, "line refused");
        let Some(id) = id else { return };
        let writer = self.writer.clone();
        writer.unanswered().add(id.clone());
        let error = ErrorData::new(code, message, None);
        // By a task, because who reads may be dropped in the midst of a line.
        tokio::spawn(async move { writer.send(JsonRpcMessage::error(error, Some(id))).await });
    }
}

impl Unanswered {
    fn add(&mut self, id: RequestId) {
        *self.calls.entry(id).or_default() += 1;
        self.count += 1;
    }

    fn remove(&mut self, id: &RequestId) {
        let Some(of_this_id) = self.calls.get_mut(id) else { return };
        *of_this_id -= 1;
        self.count -= 1;
        if *of_this_id == 0 {
            self.calls.remove(id);
        }
    }
}

impl<W: AsyncWrite + Unpin> Writer<W> {
    async fn send(&self, message: TxJsonRpcMessage<RoleServer>) -> io::Result<()> {
        let sent = self.write(&message).await;
        // Where it cannot be written, nobody waits for it.
        match &message {
            JsonRpcMessage::Response(response) => self.is_answered(&response.id),
            JsonRpcMessage::Error(error) => {
                error.id.iter().for_each(|id| self.is_answered(id));
            }
            JsonRpcMessage::Request(_) | JsonRpcMessage::Notification(_) => {}
        }
        sent
    }

    async fn write(&self, message: &TxJsonRpcMessage<RoleServer>) -> io::Result<()> {
        let mut line = serde_json::to_vec(message)?;
        line.push(b'\n');
        let mut stream = self.stream.lock().await;
        let stream = stream.as_mut().ok_or(io::ErrorKind::NotConnected)?;
        stream.write_all(&line).await?;
        stream.flush().await
    }
}

impl<W> Writer<W> {
    fn unanswered(&self) -> MutexGuard<'_, Unanswered> {
        self.unanswered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_answered(&self, id: &RequestId) {
        self.unanswered().remove(id);
        // Only one waits, and where nobody does, the next to wait is told at once.
        self.answered.notify_one();
    }

    /// Notes what a message means for the calls that are unanswered
    fn note(&self, message: &RxJsonRpcMessage<RoleServer>) {
        match message {
            JsonRpcMessage::Request(request) => self.unanswered().add(request.id.clone()),
            // One that is called off may never be answered.
            JsonRpcMessage::Notification(told) => {
                if let ClientNotification::CancelledNotification(cancelled) = &told.notification {
                    cancelled.params.request_id.iter().for_each(|id| self.is_answered(id));
                }
            }
            JsonRpcMessage::Response(_) | JsonRpcMessage::Error(_) => {}
        }
    }

    /// Waits until there is room for another call
    async fn room(&self) {
        while self.unanswered().count >= UNANSWERED {
            self.answered.notified().await;
        }
    }
}

impl<R, W> Transport<RoleServer> for Lines<R, W>
where
    R: AsyncRead + Send + Unpin,
    W: AsyncWrite + Send + Unpin + 'static,
{
    type Error = io::Error;

    fn send(
        &mut self,
        message: TxJsonRpcMessage<RoleServer>,
    ) -> impl Future<Output = io::Result<()>> + Send + 'static {
        let writer = self.writer.clone();
        async move { writer.send(message).await }
    }

    async fn receive(&mut self) -> Option<RxJsonRpcMessage<RoleServer>> {
        loop {
            self.writer.room().await;
            match self.read_line().await {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => {
                    tracing::warn!(%error, "cannot read from the client");
                    return None;
                }
            }
            match self.message() {
                Ok(message) => {
                    self.writer.note(&message);
                    return Some(message);
                }
                Err(refused) => self.refuse(refused),
            }
        }
    }

    async fn close(&mut self) -> io::Result<()> {
        drop(self.writer.stream.lock().await.take());
        Ok(())
    }
}
