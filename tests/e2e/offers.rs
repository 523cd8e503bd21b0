//! `docs/mcp.md` names what the server lists, and nothing else.

use std::collections::BTreeSet;

use serde_json::json;

use crate::client::Client;

/// The first cells of the tables under a heading of the page, without their quotes
fn documented(heading: &str) -> BTreeSet<String> {
    let page = std::fs::read_to_string("docs/mcp.md").unwrap();
    let under = page.split(&format!("\n## {heading}\n")).nth(1).unwrap();
    let section = under.split("\n## ").next().unwrap();
    let cells = section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    cells.map(str::to_owned).collect()
}

fn listed(client: &mut Client, method: &str, list: &str, name: &str) -> BTreeSet<String> {
    let id = client.request(method, &json!({}));
    let result = client.result(id);
    assert!(result.to_string().len() <= 64 * 1024, "{method}");
    let entries = result[list].as_array().unwrap();
    entries.iter().map(|entry| entry[name].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_page_on_mcp_names_what_the_server_lists() {
    let folder = tempfile::tempdir().unwrap();
    let mut client = Client::start(&folder.path().join("runs.sqlite"));
    assert_eq!(documented("Tools"), listed(&mut client, "tools/list", "tools", "name"));
    let (method, list) = ("resources/templates/list", "resourceTemplates");
    assert_eq!(documented("Resources"), listed(&mut client, method, list, "uriTemplate"));

    let id = client.ask("list_workflows", &json!({}));
    let workflows = client.result(id)["structuredContent"]["workflows"].clone();
    let workflows = workflows.as_array().unwrap().iter();
    let workflows: BTreeSet<_> =
        workflows.filter_map(|workflow| workflow["name"].as_str().map(str::to_owned)).collect();
    assert_eq!(workflows, listed(&mut client, "prompts/list", "prompts", "name"));
    let resources = listed(&mut client, "resources/list", "resources", "name");
    assert_eq!(workflows, resources, "there are no runs yet");
}
