//! Streams of events: what they tell, and that nobody holds up the server with them.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::agent::{start, submit, worked};
use crate::browser::Browser;
use crate::raw::{PATIENCE, assert_serves};
use crate::server::Server;

/// Opens a stream, and gives its lines
fn listen(browser: &Browser<'_>, path: &str) -> BufReader<TcpStream> {
    let mut stream = TcpStream::connect(browser.server.addr).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let cookie = browser.cookie.as_deref().unwrap();
    let host = browser.server.addr;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n").unwrap();
    BufReader::new(stream)
}

/// The data of the next event
fn event(stream: &mut BufReader<TcpStream>) -> String {
    let mut line = String::new();
    loop {
        line.clear();
        assert_ne!(stream.read_line(&mut line).unwrap(), 0, "the stream has ended");
        if let Some(data) = line.strip_prefix("data: ") {
            return data.trim_end().to_owned();
        }
    }
}

/// The mark of a page
fn mark(page: &str) -> String {
    let (_, mark) = page.split_once("data-mark=\"").unwrap();
    mark.split('"').next().unwrap().to_owned()
}

#[test]
fn a_stream_tells_of_each_move_and_nothing_of_what_it_was() {
    let server = Server::start();
    let browser = Browser::logged_in(&server);
    let run = start(&server, "shaky", &json!({}));
    let path = format!("/runs/{run}");
    let mut stream = listen(&browser, &format!("{path}/live"));
    let first = event(&mut stream);
    assert_eq!(first, mark(&browser.get(&path)), "what a page shows is known");
    submit(&server, &run, "try", &worked());
    let second = event(&mut stream);
    assert_ne!(second, first);
    assert_eq!(second, mark(&browser.get(&path)));
    assert!(second.bytes().all(|byte| byte.is_ascii_digit()), "{second}");
    assert_eq!(browser.send("GET /runs/none/live", "", &[]).status, 404);
}

#[test]
fn the_list_has_a_stream_of_its_own() {
    let server = Server::start();
    let browser = Browser::logged_in(&server);
    let mut stream = listen(&browser, "/runs/live?status=completed");
    let first = event(&mut stream);
    let run = start(&server, "shaky", &json!({}));
    submit(&server, &run, "try", &worked());
    let second = event(&mut stream);
    assert_ne!(second, first);
    assert_eq!(second, mark(&browser.get("/runs?status=completed")));
}

#[test]
fn who_goes_away_leaves_the_place_to_others() {
    let server = Server::with(&["--max-connections", "4"]);
    let browser = Browser::logged_in(&server);
    let run = start(&server, "shaky", &json!({}));
    let until = Instant::now() + PATIENCE;
    for _ in 0..20 {
        // Each is heard out once, then dropped; four at a time would be all there can be.
        let mut stream = loop {
            let mut stream = listen(&browser, &format!("/runs/{run}/live"));
            let mut line = String::new();
            stream.read_line(&mut line).unwrap();
            if line.starts_with("HTTP/1.1 200") {
                break stream;
            }
            assert!(line.starts_with("HTTP/1.1 503"), "{line}");
            assert!(Instant::now() < until, "the places of those who have gone are not given on");
        };
        event(&mut stream);
    }
    // The last has gone, too, as soon as the server has seen it.
    while browser.send("GET /runs", "", &[]).status != 200 {
        assert!(Instant::now() < until, "the last one's place is not given on");
    }
    assert_serves(&server);
}

#[test]
fn streams_end_when_the_server_does() {
    let mut server = Server::start();
    let mut streams = {
        let browser = Browser::logged_in(&server);
        let run = start(&server, "shaky", &json!({}));
        ["/runs/live".to_owned(), format!("/runs/{run}/live")].map(|path| listen(&browser, &path))
    };
    for stream in &mut streams {
        event(stream);
    }
    let since = Instant::now();
    server.terminate();
    assert!(server.ended().success());
    assert!(since.elapsed() < Duration::from_secs(4), "it waited for those who listen");
}
