//! `check --format github` and `--format sarif`.

use serde_json::Value;

use super::Folder;
use super::check::{BROKEN, SOUND, WARNED};

/// The published schema of the format, as the crate `serde-sarif` brings it under the MIT licence
const SARIF: &str = include_str!("sarif-schema-2.1.0.json");

fn sarif(folder: &Folder, args: &[&str]) -> Value {
    let said = folder.workflowc(&[&["check", "--format", "sarif"], args].concat());
    let log: Value = serde_json::from_str(&said.stdout).unwrap();
    let mut schema: Value = serde_json::from_str(SARIF).unwrap();
    // Its pattern has a bracket too many, which only some engines take.
    for of in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][of]["properties"]["language"];
        language.as_object_mut().unwrap().remove("pattern").unwrap();
    }
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&log).map(|each| each.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{log:#}");
    log
}

#[test]
fn github_gets_a_command_a_line() {
    let folder = Folder::new(&[("a, b/broken.yaml", BROKEN), ("a, b/warned.yaml", WARNED)]);
    let said = folder.workflowc(&["check", "a, b", "--format", "github"]);
    assert_eq!(said.code, 1);
    let lines: Vec<&str> = said.stdout.lines().collect();
    assert_eq!(lines.len(), 2, "{}", said.stdout);
    let place = "::error file=a%2C b/broken.yaml,line=4,col=30,endLine=4,endColumn=36,\
                 title=unknown-key::unknown key `mesage`";
    assert!(lines[0].starts_with(place), "{}", lines[0]);
    assert!(lines[0].contains("%0Ahelp: did you mean `message`?"), "{}", lines[0]);
    assert!(lines[1].starts_with("::warning file=a%2C b/warned.yaml,line=5,"), "{}", lines[1]);
}

#[test]
fn sarif_is_what_the_standard_says() {
    let folder = Folder::new(&[("a b/broken.yaml", BROKEN), ("c/warned.yaml", WARNED)]);
    let log = sarif(&folder, &["a b", "c"]);
    let run = &log["runs"][0];
    let (first, second) = (&run["results"][0], &run["results"][1]);
    assert_eq!((&first["ruleId"], &first["level"]), (&"unknown-key".into(), &"error".into()));
    assert_eq!((&first["ruleIndex"], &second["ruleIndex"]), (&0.into(), &1.into()));
    assert_eq!(second["level"], "warning");
    let place = &first["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20b/broken.yaml");
    let region =
        ["startLine", "startColumn", "endLine", "endColumn"].map(|key| &place["region"][key]);
    assert_eq!(region, [4, 30, 4, 36]);
    let replacement = &first["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(replacement["insertedContent"]["text"], "message");
    let rule = &run["tool"]["driver"]["rules"][1];
    assert_eq!(rule["id"], "unused-needs-state");
    assert!(rule["help"]["markdown"].as_str().unwrap().starts_with("# unused-needs-state\n"));
}

#[test]
fn sarif_without_mistakes_has_an_empty_list() {
    let folder = Folder::new(&[("workflows/hello.yaml", SOUND)]);
    let log = sarif(&folder, &[]);
    assert_eq!(log["runs"][0]["results"], Value::Array(Vec::new()));
}

#[test]
fn further_places_are_told() {
    let twice = format!("{SOUND}version: 1.0.0\n");
    let folder = Folder::new(&[("workflows/twice.yaml", &twice)]);
    let log = sarif(&folder, &[]);
    let related = &log["runs"][0]["results"][0]["relatedLocations"][0];
    assert_eq!(related["physicalLocation"]["region"]["startLine"], 2);
    let said = folder.workflowc(&["check", "--format", "github"]);
    assert!(said.stdout.contains("%0Aworkflows/twice.yaml:2:1: the first one"), "{}", said.stdout);
}

#[test]
fn programs_read_the_report_and_people_what_was_mended() {
    let folder = Folder::new(&[("workflows/broken.yaml", BROKEN)]);
    let said = folder.workflowc(&["check", "--fix", "--format", "json"]);
    assert_eq!(said.code, 0);
    let report: Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(report["errors"], 0);
    assert_eq!(said.stderr, "1 mistake mended; no mistakes in 1 file\n");
}
