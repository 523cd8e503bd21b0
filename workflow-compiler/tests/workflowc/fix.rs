//! `check --fix`: mends what it can, and leaves everything else as it was.

use super::Folder;

const INTERVIEW: &str = include_str!("pair/interview.yaml");
const TOPIC: &str = include_str!("pair/topic.yaml");

fn pair() -> Folder {
    Folder::new(&[("workflows/interview.yaml", INTERVIEW), ("workflows/topic.yaml", TOPIC)])
}

/// The lines that two texts do not share, each with `-` or `+`
fn difference(old: &str, new: &str) -> Vec<String> {
    let (old, new): (Vec<_>, Vec<_>) = (old.lines().collect(), new.lines().collect());
    let gone = old.iter().filter(|line| !new.contains(line)).map(|line| format!("-{line}"));
    let came = new.iter().filter(|line| !old.contains(line)).map(|line| format!("+{line}"));
    gone.chain(came).collect()
}

#[test]
fn check_names_each_mistake_at_its_place() {
    let said = pair().workflowc(&["check"]);
    assert_eq!(said.code, 1);
    assert_eq!(
        said.places(),
        [
            "duplicate-key workflows/interview.yaml:21:7",
            "duplicate-key workflows/interview.yaml:43:7",
            "unknown-variable workflows/topic.yaml:6:13",
            "undeclared-state workflows/topic.yaml:24:64",
        ]
    );
    let first = |line: &str| said.stdout.lines().any(|shown| shown.starts_with(line));
    assert!(first("17 |       type: prompt"), "the first of the two, too: {}", said.stdout);
    assert!(first("38 |       \"type\": prompt"), "{}", said.stdout);
    assert!(said.stdout.ends_with("\n4 errors in 2 files\n"), "{}", said.stdout);
}

#[test]
fn fix_leaves_files_that_compile_and_every_other_line_as_it_was() {
    let folder = pair();
    let said = folder.workflowc(&["check", "--fix"]);
    assert_eq!(said.stdout, "4 mistakes mended; no mistakes in 2 files\n");
    assert_eq!(said.code, 0);

    let interview = folder.read("workflows/interview.yaml");
    assert_eq!(
        difference(INTERVIEW, &interview),
        [
            "-      type: text         # a free answer",
            "-      'type': 'confirm'",
            "+      kind: text         # a free answer",
            "+      kind: 'confirm'",
        ]
    );
    let topic = folder.read("workflows/topic.yaml");
    assert_eq!(
        difference(TOPIC, &topic),
        [
            "-      topic,            # from the start",
            "+inputs:",
            "+  item: { type: string, required: true }",
            "+      topic, found,            # from the start",
        ]
    );
    assert_eq!(folder.workflowc(&["check"]).code, 0);
}

#[test]
fn line_ends_of_another_system_stay() {
    let (interview, topic) = (INTERVIEW.replace('\n', "\r\n"), TOPIC.replace('\n', "\r\n"));
    let folder =
        Folder::new(&[("workflows/interview.yaml", &interview), ("workflows/topic.yaml", &topic)]);
    let said = folder.workflowc(&["check", "--fix"]);
    assert_eq!(said.code, 0, "{}", said.stdout);
    for file in ["workflows/interview.yaml", "workflows/topic.yaml"] {
        let text = folder.read(file);
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "{text:?}");
    }
}

#[test]
fn only_named_files_are_changed() {
    let folder = pair();
    let said = folder.workflowc(&["check", "--fix", "workflows/topic.yaml"]);
    assert_eq!(said.stdout, "2 mistakes mended; no mistakes in 1 file\n");
    assert_eq!(folder.read("workflows/interview.yaml"), INTERVIEW);
}

#[test]
fn what_has_no_certain_mend_is_left_and_told() {
    let text = INTERVIEW.replace("inputs.person }} do", "inputs.zzz }} do");
    let folder =
        Folder::new(&[("workflows/interview.yaml", &text), ("workflows/topic.yaml", TOPIC)]);
    let said = folder.workflowc(&["check", "--fix"]);
    assert_eq!(said.code, 1);
    assert_eq!(said.places(), ["unknown-input workflows/interview.yaml:19:31"]);
    assert!(said.stdout.ends_with("4 mistakes mended; 1 error in 2 files\n"), "{}", said.stdout);
}

#[test]
fn a_file_that_is_not_all_text_is_never_written() {
    let folder = pair();
    let mut bytes = INTERVIEW.as_bytes().to_vec();
    bytes.extend(b"\n# caf\xe9\n");
    std::fs::write(folder.path("workflows/interview.yaml"), &bytes).unwrap();
    assert_eq!(folder.workflowc(&["check", "--fix"]).code, 1);
    assert_eq!(std::fs::read(folder.path("workflows/interview.yaml")).unwrap(), bytes);
}

#[cfg(unix)]
#[test]
fn links_and_permissions_stay_as_they_were() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let folder = pair();
    let real = folder.path("topic-elsewhere.txt");
    let link = folder.path("workflows/topic.yaml");
    std::fs::rename(&link, &real).unwrap();
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o640)).unwrap();
    symlink("../topic-elsewhere.txt", &link).unwrap();
    let said = folder.workflowc(&["check", "--fix"]);
    assert_eq!(said.code, 0, "{}", said.stdout);
    assert!(link.is_symlink());
    assert!(folder.read("topic-elsewhere.txt").contains("inputs:\n  item:"));
    assert_eq!(std::fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    let left = std::fs::read_dir(folder.path("workflows")).unwrap().count();
    assert_eq!(left, 2, "nothing is left beside the files");
}
