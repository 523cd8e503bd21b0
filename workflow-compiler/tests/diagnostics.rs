//! The corpus of wrong and right workflows in `tests/diagnostics`.
//!
//! `tests/diagnostics/GROUP/CASE.yaml` is a case of one file, a folder `GROUP/CASE` one of several
//! (`functions.rs` in it holds host functions). A group named like a code shows that code; in
//! `clean` nothing is wrong; `cascades` shows that one mistake gives one diagnostic.
//!
//! What is expected is written under each place, as `markers/mod.rs` tells; whatever is missing,
//! misplaced or not expected fails the test. What a person sees stands beside the case in
//! `CASE.stderr`. `UPDATE_EXPECT=1` writes markers and renderings anew, to be read in the diff.
//!
//! A comment line `# fixed: clean` in a case says that nothing is wrong any more once the fixes
//! are applied. For every case, nothing that has a fix may be left in the end.

mod markers;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use markers::{Mark, differences, marks_of, strip, written};
use workflow_compiler::diagnostic::fix::apply_fixes;
use workflow_compiler::diagnostic::render::{render, summary};
use workflow_compiler::diagnostic::rustc::to_rustc_json_lines;
use workflow_compiler::diagnostic::{Code, json};
use workflow_compiler::{Compilation, Input, compile};

/// A case: its files with what is expected of each
struct Case {
    /// `GROUP/CASE`
    name: String,
    /// Where its rendering stands
    stderr: PathBuf,
    files: Vec<CaseFile>,
}

struct CaseFile {
    /// On disk
    path: PathBuf,
    /// As the compiler is told: a path without folders
    shown: PathBuf,
    text: String,
    marks: Vec<Mark>,
}

#[test]
fn corpus() {
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let only = std::env::var("CASE").unwrap_or_default();
    let mut report = String::new();
    for case in cases().iter().filter(|case| case.name.contains(&only)) {
        let compiled = compile_case(case);
        if update {
            write_markers(case, &compiled);
        } else {
            let wrong = compare(case, &compiled);
            if !wrong.is_empty() {
                writeln!(report, "{}\n{wrong}", case.name).expect("a String takes all");
            }
        }
        report.push_str(&check_rendering(case, &compiled, update));
        report.push_str(&check_fixes(case, &compiled));
    }
    assert!(report.is_empty(), "\n{report}\nUPDATE_EXPECT=1 writes what is expected anew");
}

#[test]
fn every_code_has_two_cases() {
    let cases = cases();
    for code in Code::ALL {
        let word = format!("[{}]", code.as_str());
        let shows = |case: &&Case| {
            let mut marks = case.files.iter().flat_map(|file| &file.marks);
            marks.any(|mark| mark.code.ends_with(&word))
        };
        let count = cases.iter().filter(shows).count();
        assert!(count >= 2, "`{}` has {count} cases", code.as_str());
    }
}

/// A code's own cases show that its places are right behind text of several lines, too
#[test]
fn every_code_stands_behind_a_block_scalar() {
    let cases = cases();
    for code in Code::ALL.iter().filter(|code| **code != Code::InvalidHostFunction) {
        let own = format!("{}/", code.as_str());
        let mut files =
            cases.iter().filter(|case| case.name.starts_with(&own)).flat_map(|case| &case.files);
        let found = files.any(|file| is_marked_behind_block(file, code.as_str()));
        assert!(found, "`{}` is marked nowhere in or behind a block scalar", code.as_str());
    }
}

/// Whether a code is marked below a line that opens a block scalar
fn is_marked_behind_block(file: &CaseFile, code: &str) -> bool {
    let opens = |line: &str| {
        let sign = line.rsplit(' ').next().unwrap_or_default();
        sign.starts_with(['|', '>']) && sign[1..].chars().all(|c| "+-123456789".contains(c))
    };
    let first = file.text.lines().position(|line| opens(line.trim_end()));
    let word = format!("[{code}]");
    first.is_some_and(|first| {
        file.marks.iter().any(|mark| mark.code.ends_with(&word) && mark.start.0 > first)
    })
}

#[test]
fn limits_are_told() {
    let head = "name: large\nversion: 1.0.0\nsteps:\n";
    let steps: Vec<_> = (0..4_000).map(|at| format!("- {{id: s{at}, type: return}}\n")).collect();
    let steps = steps.concat();
    let long = format!("{head}- {{id: a, type: return, value: \"{}\"}}\n", "x".repeat(1 << 20));
    let chain = format!("{{{{ 1{} }}}}", " + 1".repeat(5_000));
    let deep = format!("{{{{ {}1{} }}}}", "[".repeat(200), "]".repeat(200));
    let nested = format!(
        "{head}- {{id: a, type: return, value: {}1{}}}\n",
        "[".repeat(200),
        "]".repeat(200)
    );
    let value = |text: &str| format!("{head}- {{id: a, type: return, value: \"{text}\"}}\n");
    for text in [format!("{head}{steps}"), long, value(&chain), value(&deep), nested] {
        let compiled = compile_files(vec![("large.yaml".into(), text)]);
        let codes: Vec<&str> =
            compiled.diagnostics.iter().map(|found| found.code.as_str()).collect();
        assert_eq!(codes, ["limit"], "{}", rendered(&compiled));
    }
}

/// What is nested to the limits is checked, and dropped, on a small stack
#[test]
fn deep_programs_fit_a_small_stack() {
    let mut text =
        "name: deep\nversion: 1.0.0\ninputs: { on: { type: boolean, required: true } }\nsteps:\n"
            .to_owned();
    for depth in 0..62 {
        let indent = " ".repeat(4 * depth);
        writeln!(text, "{indent}- id: c{depth}\n{indent}  type: condition\n{indent}  if: inputs.on\n{indent}  then:").unwrap();
    }
    writeln!(text, "{}- {{ id: last, type: return }}", " ".repeat(4 * 62)).unwrap();
    let values = [
        format!("1{}", " + 1".repeat(255)),
        format!("{}inputs.on", "not ".repeat(200)),
        format!("{}1", "1 if inputs.on else ".repeat(200)),
        format!("{}1{}", "[".repeat(63), "]".repeat(63)),
        format!("{}1{}", "{'a': ".repeat(60), "}".repeat(60)),
    ];
    let run = move || {
        for (at, value) in values.iter().enumerate() {
            let text = format!(
                "{text}- {{ id: value{at}, type: return, value: \"{{{{ {value} }}}}\" }}\n"
            );
            let compiled = compile_files(vec![("deep.yaml".into(), text)]);
            assert_eq!(compiled.errors(), 0, "{}", rendered(&compiled));
        }
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().unwrap();
}

/// To show a mistake costs the same wherever it stands: also thousands in one long line
#[test]
fn many_mistakes_in_long_lines_are_shown() {
    let wrong = vec!["'{{ state.q }}'"; 6_000].join(", ");
    let text = format!(
        "name: wide\nversion: 1.0.0\nsteps:\n- {{ id: a, type: return, value: [{wrong}] }}\n"
    );
    let compiled = compile_files(vec![("wide.yaml".into(), text)]);
    let shown = rendered(&compiled);
    assert!(shown.contains("--> wide.yaml:4:44\n"), "{shown:.300}");
    assert!(shown.lines().all(|line| line.len() < 1_000));
    let lines = to_rustc_json_lines(&compiled.diagnostics, &compiled.sources);
    assert!(lines.iter().all(|line| line.len() < 10_000));
    assert_eq!(lines.len(), compiled.diagnostics.len());
}

/// A field that holds itself has no last type, and a long chain of fields takes long to know
#[test]
fn types_that_grow_end() {
    let grow = "{ type: set_state, needs_state: [o, l], updates: { o: \"{{ {'a': state.o, 'b': state.o} }}\", l: \"{{ [state.l] }}\" }";
    let mut text =
        "name: grow\nversion: 1.0.0\ninitial_state: { o: {}, l: [], a0: 1 }\nsteps:\n".to_owned();
    writeln!(text, "- {grow}, id: grow }}").unwrap();
    for at in 0..100 {
        let next = at + 1;
        writeln!(text, "- {{ id: s{at}, type: set_state, needs_state: [a{at}], updates: {{ a{next}: \"{{{{ state.a{at} + 1 }}}}\" }} }}").unwrap();
    }
    text.push_str(
        "- { id: z, type: return, needs_state: [a100], value: \"{{ state.a100.x }}\" }\n",
    );
    let compiled = compile_files(vec![("grow.yaml".into(), text)]);
    let messages: Vec<&str> =
        compiled.diagnostics.iter().map(|found| found.message.as_str()).collect();
    assert_eq!(messages, ["an int has no field `x`"]);
}

/// Whatever is missing from a file, the compiler says something, and points into the text
#[test]
fn nothing_mutilated_panics() {
    for case in cases() {
        for (at, file) in case.files.iter().enumerate() {
            for text in mutilated(&file.text) {
                let files = case.files.iter().enumerate().map(|(other, file)| {
                    let text = if other == at { &text } else { &file.text };
                    (file.shown.clone(), text.clone())
                });
                let compiled = compile_files(files.collect());
                for mistake in &compiled.diagnostics {
                    let labels = mistake.labels.iter().map(|label| label.span);
                    for span in labels.chain([mistake.span]) {
                        let _inside = compiled.sources.text(span);
                    }
                }
                rendered(&compiled);
                apply_fixes(&compiled.diagnostics, &compiled.sources);
            }
        }
    }
}

/// A text without each of its lines, and what is left where it is cut off
fn mutilated(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut texts = Vec::new();
    for at in 0..lines.len() {
        texts.push([&lines[..at], &lines[at + 1..]].concat().concat());
    }
    let places = text.char_indices().map(|(at, _)| at).step_by(61);
    texts.extend(places.map(|at| text[..at].to_owned()));
    texts
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/diagnostics")
}

/// The entries of a folder, in the order of their names
fn entries(folder: &Path) -> Vec<PathBuf> {
    let read = fs::read_dir(folder).expect("the corpus is there");
    let mut paths: Vec<PathBuf> = read.map(|entry| entry.expect("it is readable").path()).collect();
    paths.sort();
    paths
}

fn cases() -> Vec<Case> {
    let groups = entries(&root()).into_iter().filter(|path| path.is_dir());
    let paths = groups.flat_map(|group| entries(&group));
    paths
        .filter(|path| path.extension().is_none_or(|ending| ending != "stderr"))
        .map(case)
        .collect()
}

fn case(path: PathBuf) -> Case {
    let name = path.strip_prefix(root()).expect("it lies in the corpus").with_extension("");
    let stderr = path.with_extension("stderr");
    let files = if path.is_dir() { entries(&path) } else { vec![path] };
    Case {
        name: name.to_string_lossy().into_owned(),
        stderr,
        files: files.into_iter().map(case_file).collect(),
    }
}

fn case_file(path: PathBuf) -> CaseFile {
    let text = fs::read_to_string(&path).expect("a case is UTF-8");
    let (text, marks) = strip(&text);
    let shown = path.file_name().expect("it is a file").into();
    CaseFile { path, shown, text, marks }
}

fn compile_case(case: &Case) -> Compilation {
    let files = case.files.iter().map(|file| (file.shown.clone(), file.text.clone()));
    compile_files(files.collect())
}

/// Compiles texts; host functions are read from disk, and shown as if they had been given
fn compile_files(files: Vec<(PathBuf, String)>) -> Compilation {
    let (rust, yaml): (Vec<_>, Vec<_>) = files
        .into_iter()
        .partition(|(path, _)| path.extension().is_some_and(|ending| ending == "rs"));
    let folder = tempfile::tempdir().expect("a folder can be made");
    let functions = rust.into_iter().next().map(|(path, text)| {
        let path = folder.path().join(path);
        fs::write(&path, text).expect("a file can be written");
        path
    });
    compile(&Input { files: yaml, functions, ..Input::default() })
}

/// The marks found in a file; host functions have another folder
fn found(file: &CaseFile, compiled: &Compilation) -> Vec<Mark> {
    let same = |path: &Path| path.file_name() == file.shown.file_name();
    let path = compiled.sources.iter().map(|(_, source)| &source.path).find(|path| same(path));
    path.map(|path| marks_of(compiled, path)).unwrap_or_default()
}

fn compare(case: &Case, compiled: &Compilation) -> String {
    let of_file = |file: &CaseFile| {
        let wrong = differences(&file.marks, &found(file, compiled));
        if wrong.is_empty() { wrong } else { format!(" {}\n{wrong}", file.shown.display()) }
    };
    case.files.iter().map(of_file).collect()
}

/// Writes the markers of what was found into the files of a case
fn write_markers(case: &Case, compiled: &Compilation) {
    for file in &case.files {
        let leader = if file.shown.extension().is_some_and(|end| end == "rs") { "//" } else { "#" };
        let text = written(&file.text, &found(file, compiled), leader);
        fs::write(&file.path, text).expect("a case can be written");
    }
}

/// Compares what a person sees with what stands beside the case
fn check_rendering(case: &Case, compiled: &Compilation, update: bool) -> String {
    let rendering = rendered(compiled);
    json::to_json(&compiled.diagnostics, &compiled.sources);
    if update {
        match rendering.as_str() {
            "" => drop(fs::remove_file(&case.stderr)),
            text => fs::write(&case.stderr, text).expect("a rendering can be written"),
        }
        return String::new();
    }
    let expected = fs::read_to_string(&case.stderr).unwrap_or_default();
    if expected == rendering {
        return String::new();
    }
    format!("{}\n what is shown has changed, and is now:\n{rendering}\n", case.name)
}

fn rendered(compiled: &Compilation) -> String {
    let mut text = render(&compiled.diagnostics, &compiled.sources, false);
    for (_, source) in compiled.sources.iter() {
        let (path, name) = (&source.path, source.path.file_name().unwrap_or_default());
        text = text.replace(&*path.to_string_lossy(), &name.to_string_lossy());
    }
    let last = summary(compiled.errors(), compiled.warnings());
    if last.is_empty() { text } else { format!("{text}{last}\n") }
}

/// Applies the fixes, as often as one uncovers another
fn check_fixes(case: &Case, compiled: &Compilation) -> String {
    let mut files: Vec<(PathBuf, String)> =
        case.files.iter().map(|file| (file.shown.clone(), file.text.clone())).collect();
    let mut fixed = None;
    for _ in 0..8 {
        let before = fixed.as_ref().unwrap_or(compiled);
        let changed = apply_fixes(&before.diagnostics, &before.sources);
        if changed.is_empty() {
            break;
        }
        for (id, text) in changed {
            let path = before.sources.path(id);
            let file = files.iter_mut().find(|(shown, _)| shown == path);
            file.expect("only the case's files are mended").1 = text;
        }
        fixed = Some(compile_files(files.clone()));
    }
    let last = fixed.as_ref().unwrap_or(compiled);
    if last.diagnostics.iter().any(|mistake| !mistake.fixes.is_empty()) {
        return format!("{}\n the fixes do not help:\n{}", case.name, rendered(last));
    }
    let must_be_clean = case.files.iter().any(|file| file.text.contains("# fixed: clean"));
    if must_be_clean && !last.diagnostics.is_empty() {
        return format!("{}\n not clean after the fixes:\n{}", case.name, rendered(last));
    }
    String::new()
}
