//! A file whose contents are not what was written.

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::client::Client;

fn start(client: &mut Client) -> Value {
    let inputs = json!({"task_description": "Move the search"});
    client.call("start_workflow", &json!({"workflow": "planning:interactive", "inputs": inputs}))
}

/// What a run was told is not what the disk gives back: that run says so, the others go on
#[test]
fn state_corruption() {
    let folder = TempDir::new().unwrap();
    let mut client = Client::start(&folder.path().join("runs.sqlite"));
    let (hit, sound) = (start(&mut client), start(&mut client));
    for first in [&hit, &sound] {
        let id = client.answer(first, &json!("what it must do"));
        client.reply(id);
    }
    let db = rusqlite::Connection::open(folder.path().join("runs.sqlite")).unwrap();
    let spoil = "UPDATE journal SET data = CAST(replace(data, 'what it', 'whatever') AS BLOB)
        WHERE run_id = ? AND step_id = 'gather-requirements'";
    assert_eq!(db.execute(spoil, [hit["run_id"].as_str().unwrap()]).unwrap(), 1);
    drop(db);
    let id = client.answer(&hit, &json!("what it must do"));
    let refused = client.result(id);
    assert_eq!(refused["isError"], true, "{refused}");
    assert!(refused.to_string().contains("damaged"), "{refused}");
    let id = client.answer(&sound, &json!("what it must do"));
    assert_eq!(client.reply(id)["step"]["function"], "generate_research_tasks");
}
