//! The server calls the tools of servers that are reached over HTTP.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, and says where")]

#[path = "../../e2e/client.rs"]
#[expect(dead_code, reason = "what these tests do not need, others do")]
mod client;
mod place;
#[path = "place/runs.rs"]
mod runs;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;

use serde_json::{Value, json};

use client::Client;
use place::{Place, TOKEN, TOOLS};
use runs::{begin, end, result};

/// A server of tools over HTTP; it is killed with this
struct Tools {
    process: Child,
    port: u16,
}

impl Tools {
    /// On any port, or on one that another has left
    fn start(place: &Place, port: u16, env: &[(&str, &str)]) -> Self {
        let before = place.ports().len();
        let mut command = Command::new(TOOLS);
        command.env("NOTES", place.path("notes")).env("TOKEN", TOKEN).env("PORT", port.to_string());
        command.envs(env.iter().copied()).stdin(Stdio::null()).stderr(Stdio::null());
        let process = command.spawn().unwrap();
        place.until("begin", place.count("begin").max(before + 1));
        let port = loop {
            match place.ports().get(before) {
                Some(port) => break *port,
                None => std::thread::yield_now(),
            }
        };
        Self { process, port }
    }

    /// What is configured to reach it at a path
    fn entry(&self, path: &str) -> Value {
        let url = format!("http://127.0.0.1:{}/{path}", self.port);
        json!({"type": "http", "url": url, "headers": {"Authorization": "Bearer ${SECRET}"}})
    }
}

/// A server with such a server of tools, `notes`
fn reached() -> (Place, Tools, Client) {
    let place = Place::new();
    let tools = Tools::start(&place, 0, &[]);
    place.configure(&json!({"notes": tools.entry("mcp")}));
    let client = place.serve();
    (place, tools, client)
}

impl Drop for Tools {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Place {
    fn configure(&self, servers: &Value) {
        fs::write(self.path("mcp.json"), json!({ "mcpServers": servers }).to_string()).unwrap();
    }

    /// The ports that were noted, in order
    fn ports(&self) -> Vec<u16> {
        let lines = self.lines();
        lines.iter().filter_map(|line| line.strip_prefix("port ")?.parse().ok()).collect()
    }

    /// Fails if a file of this place holds the secret
    fn expect_secret_kept(&self) {
        for entry in fs::read_dir(self.folder.path()).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_file() {
                let bytes = fs::read(entry.path()).unwrap();
                let text = String::from_utf8_lossy(&bytes);
                let found: Vec<_> = text.lines().filter(|line| line.contains(TOKEN)).collect();
                assert_eq!(found, [""; 0], "in {}", entry.file_name().display());
            }
        }
    }
}

fn failure(reply: &Value) -> (&str, &str) {
    let error = &reply["error"];
    (error["code"].as_str().unwrap(), error["message"].as_str().unwrap())
}

#[test]
fn tools_are_called_in_both_eras_and_through_redirects_within_their_origin() {
    for (old, path) in [(None, "mcp"), (None, "near"), (Some(("OLD", "yes")), "mcp")] {
        let place = Place::new();
        let tools = Tools::start(&place, 0, old.as_slice());
        place.configure(&json!({"notes": tools.entry(path)}));
        let mut client = place.serve();
        for text in ["one", "two"] {
            assert_eq!(result(&mut client, "calls:append", &json!({ "text": text })), text);
        }
        assert_eq!((place.count("append one"), place.count("append two")), (1, 1));
        assert_eq!(place.count("session") > 0, old.is_some(), "{:?}", place.lines());
        assert!(client.leave().success());
    }
}

#[test]
fn what_is_configured_for_a_server_is_told_to_nobody_else() {
    let place = Place::new();
    let away = TcpListener::bind("127.0.0.1:0").unwrap();
    let elsewhere = format!("http://127.0.0.1:{}/mcp", away.local_addr().unwrap().port());
    let (seen, headers) = channel();
    std::thread::spawn(move || {
        for stream in away.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let head: Vec<String> =
                lines.by_ref().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
            seen.send(head).unwrap();
            let _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
        }
    });
    let tools = Tools::start(&place, 0, &[("AWAY", &elsewhere)]);
    place.configure(&json!({"notes": tools.entry("away")}));
    let mut client = place.serve();
    let run = begin(&mut client, "calls:append", &json!({"text": "a"}));
    let reply = end(&mut client, &run);
    assert_eq!(failure(&reply).0, "connector-failed", "{reply}");
    assert_eq!(headers.try_recv().ok(), None, "it was followed to another origin");
}

#[test]
fn secrets_are_told_nowhere() {
    let place = Place::new();
    let tools = Tools::start(&place, 0, &[]);
    let wrong = format!("http://127.0.0.1:{}/mcp?key=${{SECRET}}", tools.port);
    place.configure(&json!({
        "notes": tools.entry("mcp"),
        // Refused, with the header in what it says; and not there at all, with the secret in the URL.
        "desk": {"url": wrong, "headers": {"Authorization": "Bearer wrong-${SECRET}"}},
        "gone": {"url": "http://ada:${SECRET}@127.0.0.1:1/mcp?token=${SECRET}"},
    }));
    let mut command = place.command("serve");
    let log = fs::File::create(place.path("log")).unwrap();
    command.args(["--log-level", "trace", "--connectors"]).arg(place.path("mcp.json")).stderr(log);
    let mut client = client::Client::of(&mut command);
    let told = result(&mut client, "calls:echo", &json!({"fail": false}));
    assert_eq!(told, json!({"authorization": "***"}), "what a tool gives is not free of it");
    let run = begin(&mut client, "calls:echo", &json!({"fail": true}));
    let reply = end(&mut client, &run);
    assert_eq!(failure(&reply), ("tool-failed", "`notes.echo` failed: wrong: `***`"));
    let refused = result(&mut client, "calls:desk", &json!({"text": "a"}));
    assert_eq!(refused["code"], "connector-failed");
    let run = begin(&mut client, "calls:gone", &json!({}));
    let gone = end(&mut client, &run);
    assert_eq!(failure(&gone).0, "connector-failed");
    let health = client.call("health_check", &json!({}));
    let journal = place.command("runs").args(["export", &run]).output().unwrap();
    for said in [&reply, &refused, &gone, &health] {
        assert!(!said.to_string().contains(TOKEN), "{said}");
    }
    assert!(!String::from_utf8(journal.stdout).unwrap().contains(TOKEN));
    drop(client);
    place.expect_secret_kept();
    let mut command = place.command("doctor");
    let doctor = command.arg("--connectors").arg(place.path("mcp.json")).output().unwrap();
    let said = String::from_utf8([doctor.stdout, doctor.stderr].concat()).unwrap();
    assert!(said.contains("connector gone: not reached"), "{said}");
    assert!(!said.contains(TOKEN), "{said}");
}

#[test]
fn a_server_that_is_killed_fails_the_call_and_is_reached_again_once_it_is_back() {
    let (place, tools, mut client) = reached();
    let run = begin(&mut client, "calls:append", &json!({"text": "a", "delay": 60_000}));
    place.until("append a", 1);
    let port = tools.port;
    drop(tools);
    let reply = end(&mut client, &run);
    let (code, message) = failure(&reply);
    assert_eq!(code, "outcome-unknown", "{reply}");
    assert!(message.contains("lost while it worked on `notes.append`"), "{message}");
    // While it is away its calls fail, and say why.
    let run = begin(&mut client, "calls:append", &json!({"text": "b"}));
    let reply = end(&mut client, &run);
    assert!(failure(&reply).1.contains("no connection to it could be made"), "{reply}");
    let health = client.call("health_check", &json!({}));
    assert_eq!(health["connectors"][0]["reach"], "failed", "{health}");

    let _tools = Tools::start(&place, port, &[]);
    // `put` is tried again until the pause is over.
    assert_eq!(result(&mut client, "calls:patient", &json!({"text": "c"})), "c");
    assert_eq!((place.count("append a"), place.count("append b")), (1, 0));
}

#[test]
fn a_call_that_is_no_longer_wanted_is_called_off() {
    let (place, _tools, mut client) = reached();
    let late = begin(&mut client, "calls:slow", &json!({}));
    assert_eq!(failure(&end(&mut client, &late)).0, "timeout");
    place.until("cancelled", 1);
}

#[test]
fn a_server_that_says_nothing_costs_no_more_than_the_steps_timeout() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://127.0.0.1:{}/mcp", silent.local_addr().unwrap().port());
    let place = Place::with(&json!({"notes": {"type": "http", "url": url}}));
    let mut client = place.serve();
    let late = begin(&mut client, "calls:slow", &json!({}));
    let reply = end(&mut client, &late);
    assert_eq!(failure(&reply).0, "timeout", "{reply}");
}

#[test]
fn a_reply_that_is_too_large_is_not_taken() {
    let (place, _tools, mut client) = reached();
    let run = begin(&mut client, "calls:large", &json!({}));
    let reply = end(&mut client, &run);
    assert_eq!(failure(&reply).0, "connector-failed", "{reply}");
    assert_eq!(place.count("large"), 3, "it is called again, and not for ever");
    // The others go on.
    assert_eq!(result(&mut client, "calls:append", &json!({"text": "a"})), "a");
}
