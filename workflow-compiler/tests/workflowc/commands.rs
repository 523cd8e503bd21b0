//! `new`, `functions`, `filters`, `graph`, `schema`, `completions`, and the help.

use serde_json::Value;

use super::Folder;
use super::check::{BROKEN, SHOUT, SOUND};

const FUNCTIONS: &str = "sum_up:\n  description: Sums it up\n  params: { text: string, words: \
                         { type: integer, default: 20 } }\n  returns: string\n  instructions: \
                         \"Sum it up in {{ words }} words: {{ text }}\"\n";

#[test]
fn a_new_workflow_is_sound() {
    let folder = Folder::new(&[]);
    let said = folder.workflowc(&["new", "support:triage"]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    assert!(said.stdout.starts_with("wrote workflows/triage.yaml\n"), "{}", said.stdout);
    let text = folder.read("workflows/triage.yaml");
    assert!(text.contains("\nname: support:triage\n"), "{text}");
    assert!(text.contains("workflowc check workflows/triage.yaml\n"), "{text}");
    let said = folder.workflowc(&["check", "--deny-warnings"]);
    assert_eq!((said.code, said.stdout.as_str()), (0, "no mistakes in 1 file\n"));
}

#[test]
fn a_workflow_of_the_library_is_copied_with_what_it_starts() {
    let folder = Folder::new(&[]);
    let said = folder.workflowc(&["new", "shop:triage", "--from", "team:bug-triage"]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    assert_eq!(
        said.stdout,
        "wrote workflows/triage.yaml\n\
         wrote workflows/incident.yaml, which shop:triage starts\n\
         now change it, and see what is wrong: workflowc check workflows/triage.yaml\n"
    );
    assert!(folder.read("workflows/triage.yaml").contains("\nname: shop:triage\n"));
    let said = folder.workflowc(&["check", "--deny-warnings"]);
    assert_eq!((said.code, said.stdout.as_str()), (0, "no mistakes in 2 files\n"));
}

#[test]
fn a_copy_keeps_what_is_there_and_its_own_name() {
    let folder = Folder::new(&[("workflows/code-review.yaml", SOUND)]);
    let said = folder.workflowc(&["new", "--from", "dependency-upgrade"]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    let kept = "kept workflows/code-review.yaml, which team:dependency-upgrade starts\n";
    assert!(said.stdout.contains(kept), "{}", said.stdout);
    assert_eq!(folder.read("workflows/code-review.yaml"), SOUND);
    let copy = folder.read("workflows/dependency-upgrade.yaml");
    assert!(copy.contains("\nname: team:dependency-upgrade\n"));
    let said = folder.workflowc(&["new", "--from", "team:dependency-upgrade"]);
    assert_eq!(said.code, 2, "it is there already");
}

#[test]
fn a_workflow_that_the_library_does_not_have_is_guessed_at() {
    let folder = Folder::new(&[]);
    let said = folder.workflowc(&["new", "--from", "team:relase"]);
    assert_eq!(said.code, 2);
    assert_eq!(
        said.stderr,
        "error: there is no workflow `team:relase` in the library\n  = help: did you mean `team:release`?\n"
    );
    let said = folder.workflowc(&["new", "mine", "--from", "xylophone"]);
    assert!(said.stderr.contains("`workflowc new --list` shows what there is"), "{}", said.stderr);
    let list = folder.workflowc(&["new", "--list"]).stdout;
    assert!(list.contains("team:release\n    Puts out a version"), "{list}");
    assert!(list.contains("    tags: release, approval, operations\n"), "{list}");
    assert_eq!(folder.workflowc(&["new"]).code, 2, "neither a name nor what to copy");
}

#[test]
fn a_new_workflow_replaces_nothing() {
    let folder = Folder::new(&[("flows/hello.yml", SOUND)]);
    let said = folder.workflowc(&["new", "hello", "--dir", "flows"]);
    assert_eq!(said.code, 2);
    assert!(said.stderr.starts_with("error: there is a `flows/hello.yml` already\n"), "{said:?}");
    assert_eq!(folder.read("flows/hello.yml"), SOUND);
    for name in ["", "Hello", "a:b:c", "../a", "a b", "functions"] {
        assert_eq!(folder.workflowc(&["new", name]).code, 2, "{name:?}");
        assert!(!folder.path("workflows").exists(), "{name:?}");
    }
}

#[test]
fn functions_are_those_of_the_language_the_agent_and_the_program() {
    let folder =
        Folder::new(&[("workflows/functions.yaml", FUNCTIONS), ("src/functions.rs", SHOUT)]);
    let said = folder.workflowc(&["functions"]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    for line in [
        "sum_up(text: string, words: int = 20) -> string  Sums it up  [workflows/functions.yaml:1]",
        "shout(text: string) -> string",
        "[src/functions.rs:2]",
        "now() -> datetime",
    ] {
        assert!(said.stdout.contains(line), "{line}\n{}", said.stdout);
    }
    let said = folder.workflowc(&["functions", "--format", "json"]);
    let list: Value = serde_json::from_str(&said.stdout).unwrap();
    let named = |name: &str| {
        let all = list["functions"].as_array().unwrap();
        all.iter().find(|each| each["name"] == name).unwrap().clone()
    };
    assert_eq!(named("sum_up")["kind"], "agent");
    assert_eq!(named("shout")["kind"], "host");
    assert_eq!(named("now")["kind"], "builtin");
    assert_eq!(named("sum_up")["file"], "workflows/functions.yaml");
    assert_eq!(folder.workflowc(&["functions", "nowhere"]).code, 2);
}

#[test]
fn filters_and_tests_are_listed() {
    let folder = Folder::new(&[]);
    let said = folder.workflowc(&["filters"]);
    assert_eq!(said.code, 0);
    for word in ["default(", "tojson(", "length(", "none"] {
        assert!(said.stdout.contains(word), "{word}\n{}", said.stdout);
    }
    let said = folder.workflowc(&["filters", "--format", "json"]);
    let list: Value = serde_json::from_str(&said.stdout).unwrap();
    for kind in ["filters", "tests"] {
        assert!(!list[kind].as_array().unwrap().is_empty(), "{kind}");
    }
}

#[test]
fn a_graph_is_mermaid_or_svg() {
    let folder = Folder::new(&[("workflows/hello.yaml", SOUND), ("workflows/broken.yaml", BROKEN)]);
    let said = folder.workflowc(&["graph", "workflows/hello.yaml"]);
    assert_eq!(said.code, 0, "another file's mistake does not matter: {}", said.stdout);
    assert!(said.stdout.contains("flowchart TD\n"), "{}", said.stdout);
    assert!(said.stdout.contains("ask<br/>prompt · text"), "{}", said.stdout);
    let said = folder.workflowc(&["graph", "workflows/hello.yaml", "--format", "svg"]);
    assert!(said.stdout.starts_with("<svg "), "{}", said.stdout);
    let said = folder.workflowc(&["graph", "workflows/broken.yaml"]);
    assert_eq!((said.code, said.places().len()), (1, 1), "{}", said.stdout);
    assert_eq!(folder.workflowc(&["graph", "workflows/none.yaml"]).code, 2);
}

#[test]
fn schemas_are_json() {
    let folder = Folder::new(&[]);
    for args in [&["schema"][..], &["schema", "--functions"]] {
        let said = folder.workflowc(args);
        let schema: Value = serde_json::from_str(&said.stdout).unwrap();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    }
}

#[test]
fn colours_come_when_they_are_asked_for() {
    let folder = Folder::new(&[("workflows/broken.yaml", BROKEN)]);
    assert!(folder.workflowc(&["check", "--color", "always"]).stdout.contains('\x1b'));
    assert!(!folder.workflowc(&["--color", "never", "check"]).stdout.contains('\x1b'));
}

#[test]
fn the_command_tells_what_it_can() {
    let folder = Folder::new(&[]);
    let said = folder.workflowc(&["--help"]);
    assert_eq!(said.code, 0);
    for command in ["check", "explain", "new", "graph", "functions", "filters", "schema", "expand"]
    {
        assert!(said.stdout.contains(&format!("\n  {command} ")), "{command}\n{}", said.stdout);
    }
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let said = folder.workflowc(&["completions", shell]);
        assert_eq!(said.code, 0);
        assert!(said.stdout.contains("deny-warnings"), "{shell}");
    }
}
