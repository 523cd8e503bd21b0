//! What operators' systems are told: figures behind the token or at an address of their own, and
//! whether it is alive and ready, to everybody.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use crate::raw::{PATIENCE, Response, assert_serves, begin_session, head, send};
use crate::server::Server;

fn get(addr: SocketAddr, path: &str, headers: &str) -> Response {
    let mut stream = TcpStream::connect(addr).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nConnection: close\r\n{headers}\r\n").unwrap();
    Response::read(&mut stream)
}

/// What a server's log says of where it serves its figures
fn apart(server: &Server) -> SocketAddr {
    let log = server.log();
    let line = log.lines().find(|line| line.contains("metrics are served")).unwrap();
    let (_, url) = line.split_once("http://").unwrap();
    url.split('/').next().unwrap().parse().unwrap()
}

#[test]
fn figures_are_behind_the_token() {
    let server = Server::start();
    let host = format!("Host: {}\r\n", server.addr);
    assert_eq!(get(server.addr, "/metrics", &host).status, 401);
    let wrong = format!("{host}Authorization: Bearer 0123456789abcdef\r\n");
    assert_eq!(get(server.addr, "/metrics", &wrong).status, 401);
    let from_elsewhere =
        format!("Host: evil.example\r\nAuthorization: Bearer {}\r\n", server.token);
    assert_eq!(get(server.addr, "/metrics", &from_elsewhere).status, 403);

    let session = begin_session(&server);
    let call = serde_json::json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params":
        {"name": "get_next_step", "arguments": {"run_id": "no such run"}}});
    let headers = format!("{}Mcp-Session-Id: {session}\r\n", head(&server));
    assert_eq!(send(&server, &headers, call.to_string().as_bytes()).status, 200);
    let let_in = format!("{host}Authorization: Bearer {}\r\n", server.token);
    let response = get(server.addr, "/metrics", &let_in);
    assert_eq!(response.status, 200, "{response:?}");
    assert!(response.head.contains("content-type: application/openmetrics-text"), "{response:?}");
    for line in [
        "workflow_mcp_request_duration_seconds_count{tool=\"get_next_step\",outcome=\"refused\"} 1\n",
        "workflow_runs_started_total{workflow=\"planning:interactive\"} 0\n",
        "workflow_build_info{version=",
        "process_cpu_seconds_total ",
        "# EOF\n",
    ] {
        assert!(response.body.contains(line), "no `{line}` in {}", response.body);
    }
}

#[test]
fn everybody_is_told_whether_it_lives_and_nothing_else() {
    let server = Server::start();
    // A container is looked at by its address, whatever that is.
    for host in ["localhost", "10.1.2.3:8484", "evil.example"] {
        let host = format!("Host: {host}\r\n");
        for (path, word) in [("/healthz", "alive\n"), ("/readyz", "ready\n")] {
            let response = get(server.addr, path, &host);
            assert_eq!((response.status, response.body.as_str()), (200, word), "{response:?}");
        }
    }
}

#[test]
fn it_is_not_ready_where_its_store_cannot_be_read_but_alive() {
    let server = Server::start();
    // What was committed last is in the log beside it.
    for file in ["runs.sqlite", "runs.sqlite-wal"] {
        let file = server.folder().path().join(file);
        let size = std::fs::metadata(&file).unwrap().len().try_into().unwrap();
        std::fs::write(&file, vec![0x55; size]).unwrap();
    }
    let response = get(server.addr, "/readyz", "Host: localhost\r\n");
    assert_eq!((response.status, response.body.as_str()), (503, "not ready\n"), "{response:?}");
    assert_eq!(get(server.addr, "/healthz", "Host: localhost\r\n").status, 200);
}

#[test]
fn at_an_address_of_their_own_figures_need_no_token() {
    let server = Server::with(&["--metrics-addr", "127.0.0.1:0"]);
    let addr = apart(&server);
    let host = format!("Host: {addr}\r\n");
    let response = get(addr, "/metrics", &host);
    assert!(response.status == 200 && response.body.contains("workflow_queue_depth 0"));
    assert_eq!(get(addr, "/readyz", &host).body, "ready\n");
    // No page of the web gets at them, by whatever name it has itself resolved here.
    assert_eq!(get(addr, "/metrics", "Host: evil.example\r\n").status, 403);
    assert_eq!(get(addr, "/mcp", &host).status, 404);
    let let_in = format!("Host: {}\r\nAuthorization: Bearer {}\r\n", server.addr, server.token);
    assert_eq!(get(server.addr, "/metrics", &let_in).status, 404, "they are told in one place");
    assert_serves(&server);
}

/// Names and labels of all figures, by the server's own words; a histogram's `le` is none of its own
fn told(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut all = BTreeMap::<_, BTreeSet<_>>::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (name, rest) = line.split_at(line.find(['{', ' ']).unwrap());
        let labels = rest.split_once('}').map_or("", |(labels, _)| labels);
        // A value is in quotes, and none of ours holds any.
        let names = labels.split('"').step_by(2).filter_map(|part| part.split_once('='));
        let names = names.map(|(name, _)| name.trim_matches(['{', ',']).to_owned());
        let base = ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end));
        let name = base.unwrap_or(name).to_owned();
        all.entry(name).or_default().extend(names.filter(|name| name != "le"));
    }
    all
}

/// The same by the documentation
fn documented() -> BTreeMap<String, BTreeSet<String>> {
    let ticked =
        |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<BTreeSet<_>>();
    let text = std::fs::read_to_string("docs/monitoring.md").unwrap();
    let rows = text
        .lines()
        .filter(|line| line.starts_with("| `workflow_") || line.starts_with("| `process_"));
    let cells = rows.map(|row| row.split('|').map(ticked).collect::<Vec<_>>());
    cells.map(|row| (row[1].first().unwrap().clone(), row[3].clone())).collect()
}

#[test]
fn what_is_documented_is_what_there_is() {
    let server = Server::with(&["--file-root", "."]);
    let session = begin_session(&server);
    let arguments = serde_json::json!({"workflow": "planning:interactive", "inputs": {"task_description": "x"}});
    let call = serde_json::json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params":
        {"name": "start_workflow", "arguments": arguments}});
    let headers = format!("{}Mcp-Session-Id: {session}\r\n", head(&server));
    let reply = send(&server, &headers, call.to_string().as_bytes());
    let run = reply.json()["result"]["structuredContent"]["step"].clone();
    let failed =
        serde_json::json!({"run_id": run["run_id"], "step_id": run["step_id"], "error": "no"});
    let call = serde_json::json!({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params":
        {"name": "submit_result", "arguments": failed}});
    assert_eq!(send(&server, &headers, call.to_string().as_bytes()).status, 200);
    let let_in = format!("Host: {}\r\nAuthorization: Bearer {}\r\n", server.addr, server.token);
    let mut told = told(&get(server.addr, "/metrics", &let_in).body);
    // There is no call of a connector so far; tests/monitoring makes one.
    let calls = ["outcome", "server"].map(str::to_owned).into();
    told.insert("workflow_connector_duration_seconds".to_owned(), calls);
    assert_eq!(told, documented());
}

#[test]
fn the_lines_of_a_request_have_its_id_its_run_and_the_trace_of_its_client() {
    let server = Server::start();
    let session = begin_session(&server);
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let parent = format!("00-{trace}-00f067aa0ba902b7-01");
    let call = |id: u64, params: serde_json::Value, more: &str| {
        let call = serde_json::json!({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params});
        let headers = format!("{}Mcp-Session-Id: {session}\r\n{more}", head(&server));
        send(&server, &headers, call.to_string().as_bytes()).json()["result"].clone()
    };
    let arguments = serde_json::json!({"workflow": "planning:interactive",
        "inputs": {"task_description": "a secret of the user"}});
    let start = serde_json::json!({"name": "start_workflow", "arguments": arguments});
    let begun = call(71, start, &format!("traceparent: {parent}\r\n"));
    let run = begun["structuredContent"]["run_id"].as_str().unwrap().to_owned();
    let cancel = serde_json::json!({"name": "cancel_workflow", "arguments": {"run_id": run},
        "_meta": {"traceparent": parent.replace("4bf9", "aaaa")}});
    call(72, cancel, &format!("traceparent: {parent}\r\n"));

    let line = |message: &str| {
        let since = Instant::now();
        loop {
            let log = server.log();
            if let Some(line) = log.lines().find(|line| line.contains(message)) {
                return line.to_owned();
            }
            // What a server has said before it replied may still be on its way to the test.
            assert!(since.elapsed() < PATIENCE, "no `{message}` in {log}");
            std::thread::sleep(Duration::from_millis(10));
        }
    };
    let (begun, ended) = (line("the run has begun"), line("the run has ended"));
    for line in [&begun, &ended] {
        assert!(line.contains(&format!(" run=\"{run}\"")), "{line}");
        assert!(line.contains(" workflow=\"planning:interactive\""), "{line}");
    }
    let request = format!("request{{id=71 tool=\"start_workflow\" trace={trace}}}: ");
    assert!(begun.contains(&request), "no `{request}` in {begun}");
    // What the request says itself comes before what its transport says.
    let trace = trace.replace("4bf9", "aaaa");
    let request =
        format!("request{{id=72 tool=\"cancel_workflow\" run=\"{run}\" trace={trace}}}: ");
    assert!(ended.contains(&request), "no `{request}` in {ended}");
    assert!(!server.log().contains("a secret of the user"), "{}", server.log());
}
