//! The page in headless Chromium, through its driver: `live` watches runs move and answers them,
//! `forms` starts runs, `hostile` has runs show what would like to be markup, `access` has axe-core look
//! at all pages and goes through them by keyboard, `pictures` takes pictures of them.
//!
//! They need Debian's packages `chromium` and `chromium-driver`, and `access` axe-core, which
//! `tests/page/run` installs.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that panics has failed, and says where")]

mod access;
#[path = "../common/agent.rs"]
mod agent;
mod browser;
mod forms;
mod hostile;
mod live;
mod pictures;
#[path = "../../../http/raw.rs"]
#[expect(dead_code, reason = "the other tests use more of it")]
mod raw;
#[path = "../../../http/server.rs"]
#[expect(dead_code, reason = "the other tests use more of it")]
mod server;

/// The server's binary
const SERVER: &str = env!("CARGO_BIN_EXE_page-server");
