//! What nobody should send. The server refuses or survives it, serves others meanwhile, and takes
//! no more memory afterwards.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::json;

use crate::raw::{Response, assert_serves, begin_session, head, list_tools, send};
use crate::server::Server;

/// How much more memory a server may take after it was treated badly, in KiB
const MORE: u64 = 32 * 1024;

/// Serves once, so that what is set up at the first use does not count
fn warm() -> (Server, u64) {
    let server = Server::start();
    assert_serves(&server);
    let memory = server.memory();
    (server, memory)
}

fn assert_flat(server: &Server, before: u64) {
    let now = server.memory();
    assert!(now < before + MORE, "{before} KiB became {now} KiB");
}

/// A body of a hundred million bytes, announced or not, from who has the token and who has not
#[test]
fn a_body_of_100_mb_is_refused() {
    let (server, before) = warm();
    let body = vec![b' '; 100_000_000];
    let response = send(&server, &head(&server), &body);
    assert_eq!(response.status, 413, "{response:?}");
    assert_eq!(response.json()["code"], "message-too-large");

    let mut stream = TcpStream::connect(server.addr).unwrap();
    write!(stream, "{}Transfer-Encoding: chunked\r\n\r\n", head(&server)).unwrap();
    let chunk = format!("100000\r\n{}\r\n", " ".repeat(0x0010_0000));
    for _ in 0..100 {
        if stream.write_all(chunk.as_bytes()).is_err() {
            break;
        }
    }
    let _ = stream.write_all(b"0\r\n\r\n");
    assert_eq!(Response::read(&mut stream).status, 413);

    let stranger = head(&server).replace(&server.token, "0123456789abcdef");
    assert_eq!(send(&server, &stranger, &body).status, 401);
    assert_serves(&server);
    assert_flat(&server, before);
}

#[test]
fn json_of_10000_levels_is_refused() {
    let (server, before) = warm();
    let (headers, _) = list_tools();
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let nested = format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
        let call = json!({"name": "submit_result", "arguments": {"result": "HERE"}});
        let message = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call});
        let inside = message.to_string().replace("\"HERE\"", &nested);
        for body in [nested, inside] {
            let response = send(&server, &(head(&server) + &headers), body.as_bytes());
            assert_eq!(response.status, 400, "{response:?}");
            assert_eq!(response.json()["code"], "message-too-deep");
        }
    }
    // In a string it is a value like any other.
    let nested = "[".repeat(10_000);
    let (headers, mut message) = list_tools();
    message["params"]["note"] = json!(nested);
    let response = send(&server, &(head(&server) + &headers), message.to_string().as_bytes());
    assert_eq!(response.status, 200, "{response:?}");
    assert_flat(&server, before);
}

#[test]
fn what_is_no_json_is_refused() {
    let (server, _) = warm();
    for body in [&b"\xff\xfe\x00"[..], b"{", b"", b"\"\xc3\x28\"", b"[]", b"null", b"{}{}"] {
        let response = send(&server, &head(&server), body);
        assert!((400..500).contains(&response.status), "{response:?}");
    }
    assert_serves(&server);
}

/// Connections that say nothing, and others that say half of something
#[test]
fn a_thousand_connections_of_strangers_keep_nobody_out() {
    let (server, before) = warm();
    let mut connections = Vec::new();
    for number in 0..1000 {
        let mut stream = TcpStream::connect(server.addr).unwrap();
        let half = ["", "POST /mcp HTTP/1.1\r\nHost: local", "GET "][number % 3];
        // The server may have sent this one off by now.
        let _ = stream.write_all(half.as_bytes());
        connections.push(stream);
        if number % 100 == 0 {
            assert_serves(&server);
        }
    }
    assert_serves(&server);
    assert_flat(&server, before);
    // The first had to go for the last.
    let mut first = connections.remove(0);
    assert_eq!(first.read(&mut [0; 1]).unwrap_or(0), 0);
}

#[test]
fn a_thousand_connections_that_were_let_in_are_bounded() {
    let server = Server::with(&["--max-connections", "100"]);
    assert_serves(&server);
    let before = server.memory();
    let (headers, message) = list_tools();
    let message = message.to_string();
    let head = head(&server).replace("Connection: close\r\n", "") + &headers;
    let (mut open, mut served, mut refused) = (Vec::new(), 0, 0);
    for _ in 0..1000 {
        let mut stream = TcpStream::connect(server.addr).unwrap();
        write!(stream, "{head}Content-Length: {}\r\n\r\n{message}", message.len()).unwrap();
        let mut status = [0; 12];
        stream.read_exact(&mut status).unwrap();
        match &status[9..] {
            b"200" => served += 1,
            b"503" => refused += 1,
            other => panic!("{}", String::from_utf8_lossy(other)),
        }
        open.push(stream);
    }
    assert_eq!((served, refused), (100, 900));
    assert_flat(&server, before);
    // Who has a place keeps it, and a place that is left is taken by the next.
    let mut kept = open.remove(0);
    kept.set_nonblocking(true).unwrap();
    while kept.read(&mut [0; 4096]).is_ok_and(|read| read > 0) {}
    kept.set_nonblocking(false).unwrap();
    write!(kept, "{head}Content-Length: {}\r\n\r\n{message}", message.len()).unwrap();
    let mut status = [0; 12];
    kept.read_exact(&mut status).unwrap();
    assert_eq!(&status[9..], b"200");
    drop(open);
    drop(kept);
    while send(&server, &(crate::raw::head(&server) + &headers), message.as_bytes()).status == 503 {
    }
}

/// One after another begins a session and forgets it
#[test]
fn sessions_are_bounded_and_the_one_unused_for_longest_goes() {
    let (server, before) = warm();
    let ping = json!({"jsonrpc": "2.0", "id": 1, "method": "ping"}).to_string();
    let status = |session: &str| {
        let head = format!("{}Mcp-Session-Id: {session}\r\n", head(&server));
        send(&server, &head, ping.as_bytes()).status
    };
    let (forgotten, used) = (begin_session(&server), begin_session(&server));
    for number in 0..300 {
        begin_session(&server);
        if number % 100 == 0 {
            assert_eq!(status(&used), 200, "after {number} others");
        }
    }
    assert_eq!((status(&forgotten), status(&used)), (404, 200));
    assert_flat(&server, before);
}

/// A client that asks and asks and takes no answer, and one that listens and takes none
#[test]
fn clients_that_stop_reading_hold_up_nobody() {
    let (server, before) = warm();
    let (headers, message) = list_tools();
    let message = message.to_string();
    let head = head(&server).replace("Connection: close\r\n", "") + &headers;
    let request = format!("{head}Content-Length: {}\r\n\r\n{message}", message.len());
    let mut deaf = Vec::new();
    for _ in 0..20 {
        let mut stream = TcpStream::connect(server.addr).unwrap();
        stream.set_nonblocking(true).unwrap();
        // Until neither takes any more: its replies have filled what lies between.
        while stream.write_all(request.as_bytes()).is_ok() {}
        deaf.push(stream);
        assert_serves(&server);
    }
    assert_serves(&server);
    assert_flat(&server, before);
}

/// Half a head, half a body, and no ear for the reply: the server waits for none of them for ever
#[test]
fn connections_that_stand_still_are_closed_in_time() {
    let server = Server::start();
    let (headers, message) = list_tools();
    let message = message.to_string();
    let connect = || TcpStream::connect(server.addr).unwrap();
    let head = head(&server).replace("Connection: close\r\n", "") + &headers;
    let mut half_a_head = connect();
    write!(half_a_head, "{head}").unwrap();
    let mut half_a_body = connect();
    write!(half_a_body, "{head}Content-Length: 100\r\n\r\n{{").unwrap();
    let mut idle = connect();
    write!(idle, "{head}Content-Length: {}\r\n\r\n{message}", message.len()).unwrap();
    let mut deaf = connect();
    let request = format!("{head}Content-Length: {}\r\n\r\n{message}", message.len());
    deaf.set_nonblocking(true).unwrap();
    while deaf.write_all(request.as_bytes()).is_ok() {}

    assert_eq!(Response::read(&mut half_a_head).status, 0);
    assert_eq!(Response::read(&mut half_a_body).status, 408);
    assert_eq!(Response::read(&mut idle).status, 200);
    deaf.set_nonblocking(false).unwrap();
    // It was closed while it was deaf, so what it gets ends in the midst of things.
    let heard = Response::read(&mut deaf);
    assert!(!heard.body.ends_with("0\r\n\r\n"), "it was not cut");
    assert_serves(&server);
}
