//! How a server begins and how it ends.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use serde_json::json;
use tempfile::TempDir;

use crate::raw::{PATIENCE, Response, assert_serves, begin_session, head, send};
use crate::server::{Server, command};

/// What a server says that does not begin
fn refused(flags: &[&str]) -> String {
    let folder = TempDir::new().unwrap();
    let output = command(&folder).args(flags).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn what_cannot_be_listened_on_is_told_with_what_to_do() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    let said = refused(&["--addr", &addr]);
    assert!(said.contains(&format!("error: cannot listen on `{addr}`")), "{said}");
    assert!(
        said.contains("help: another server listens there") && said.contains("--addr"),
        "{said}"
    );
    let said = refused(&["--addr", "192.0.2.1:0", "--token-file", "Cargo.toml"]);
    assert!(said.contains("error: `Cargo.toml`: expected a token of 16 to 1024"), "{said}");
}

#[test]
fn nobody_else_gets_to_a_server_without_a_token() {
    for flags in [&["--addr", "0.0.0.0:0"][..], &["--addr", "0.0.0.0:0", "--no-token"]] {
        let said = refused(flags);
        assert!(said.contains("`0.0.0.0:0` can be reached from elsewhere"), "{said}");
        assert!(said.contains("help: put") && said.contains("WORKFLOW_TOKEN"), "{said}");
    }
    let folder = TempDir::new().unwrap();
    let token = folder.path().join("token");
    std::fs::write(&token, "a-token-of-some-length").unwrap();
    let mut server =
        Server::with(&["--addr", "0.0.0.0:0", "--token-file", token.to_str().unwrap()]);
    server.token = "a-token-of-some-length".to_owned();
    let head = head(&server);
    assert_eq!(send(&server, &head, b"{}").status, 403, "by the address that nobody has");
    server.addr.set_ip([127, 0, 0, 1].into());
    assert_serves(&server);
}

#[test]
fn a_token_is_kept_and_where_it_is_kept_is_told() {
    let server = Server::start();
    let log = server.log();
    assert!(log.contains("runs.sqlite-token"), "{log}");
    assert_eq!(log.matches("listening").count(), 1, "{log}");
    assert!(!log.contains(&server.token), "{log}");
}

#[test]
fn asked_to_stop_it_ends_what_is_under_way_and_exits_with_zero() {
    let mut server = Server::start();
    let session = begin_session(&server);
    // One listens, as clients do all the time.
    let mut listener = TcpStream::connect(server.addr).unwrap();
    let listening = head(&server).replace("POST", "GET");
    write!(listener, "{listening}Mcp-Session-Id: {session}\r\n\r\n").unwrap();
    let mut first = [0; 15];
    listener.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 200 OK");
    // One is idle, one has a call under way: half of it is sent.
    let idle = TcpStream::connect(server.addr).unwrap();
    let inputs = json!({"task_description": "stop well"});
    let start = json!({"workflow": "planning:interactive", "inputs": inputs});
    let call = json!({"name": "start_workflow", "arguments": start});
    let call = json!({"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": call});
    let call = call.to_string();
    let (one, other) = call.split_at(40);
    let mut under_way = TcpStream::connect(server.addr).unwrap();
    let length = call.len();
    let head = format!("{}Mcp-Session-Id: {session}\r\n", head(&server));
    write!(under_way, "{head}Content-Length: {length}\r\n\r\n{one}").unwrap();
    // Its head is read once another request has been served after it.
    assert_serves(&server);

    let since = Instant::now();
    server.terminate();
    // Listening ends at once, which tells that it is stopping; then the call is sent whole.
    listener.set_read_timeout(Some(PATIENCE)).unwrap();
    listener.read_to_end(&mut Vec::new()).unwrap();
    assert!(TcpStream::connect(server.addr).is_err(), "it still listens");
    write!(under_way, "{other}").unwrap();
    let reply = Response::read(&mut under_way);
    assert_eq!(reply.json()["result"]["structuredContent"]["status"], "waiting", "{reply:?}");
    let status = server.ended();
    assert_eq!(status.code(), Some(0), "{}", server.log());
    assert!(since.elapsed() < Duration::from_secs(5), "{:?}", since.elapsed());
    drop(idle);
}

#[test]
fn a_session_ends_when_its_client_says_so() {
    let server = Server::start();
    let session = begin_session(&server);
    let of_session = format!("{}Mcp-Session-Id: {session}\r\n", head(&server));
    let ping = json!({"jsonrpc": "2.0", "id": 1, "method": "ping"}).to_string();
    assert_eq!(send(&server, &of_session, ping.as_bytes()).status, 200);
    assert_eq!(send(&server, &of_session.replace("POST", "DELETE"), b"").status, 204);
    assert_eq!(send(&server, &of_session, ping.as_bytes()).status, 404);
}

#[test]
fn a_request_that_never_ends_does_not_hold_up_the_end() {
    let mut server = Server::start();
    let mut endless = TcpStream::connect(server.addr).unwrap();
    write!(endless, "{}Content-Length: 1000000\r\n\r\n", head(&server)).unwrap();
    assert_serves(&server);
    let since = Instant::now();
    server.terminate();
    assert_eq!(server.ended().code(), Some(0), "{}", server.log());
    assert!(since.elapsed() < Duration::from_secs(10), "{:?}", since.elapsed());
}
