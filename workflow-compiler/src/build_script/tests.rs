use std::path::PathBuf;

use super::*;

const HELLO: &str = "name: hello\nversion: 1.0.0\nsteps:\n  - id: ask\n    type: prompt\n    \
                     message: Who?\n    output_to: who\n";

/// A package in a temporary folder
struct Package {
    root: tempfile::TempDir,
}

impl Package {
    fn new(files: &[(&str, &str)]) -> Self {
        let package = Self { root: tempfile::tempdir().unwrap() };
        fs::create_dir(package.out()).unwrap();
        fs::create_dir(package.path("workflows")).unwrap();
        for (file, text) in files {
            package.write(file, text);
        }
        package
    }

    fn path(&self, file: &str) -> PathBuf {
        self.root.path().join(file)
    }

    fn out(&self) -> PathBuf {
        self.path("out")
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.path(file), text).unwrap();
    }

    fn input(&self) -> Input {
        Input { base: Some(self.root.path().to_owned()), ..Input::folder(self.path("workflows")) }
    }

    fn build(&self) -> Compilation {
        let compiled = compile(&self.input());
        Build::new().write(&compiled, &self.out()).unwrap();
        compiled
    }

    /// All code, the modules where they are included
    fn code(&self) -> String {
        let code = fs::read_to_string(self.out().join(CODE)).unwrap();
        let included = |line: &str| {
            let name = line.strip_prefix("include!(\"")?.strip_suffix("\");")?;
            Some(fs::read_to_string(self.out().join(name)).unwrap())
        };
        code.lines().map(|line| included(line).unwrap_or_else(|| format!("{line}\n"))).collect()
    }

    fn diagnostics(&self) -> String {
        fs::read_to_string(self.out().join(DIAGNOSTICS)).unwrap()
    }

    /// The kept modules by name
    fn modules(&self) -> Vec<String> {
        let entries = fs::read_dir(self.out().join("workflows")).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

#[test]
fn sound_workflows_give_code_and_no_diagnostics() {
    let package = Package::new(&[("workflows/hello.yaml", HELLO)]);
    package.build();
    assert_eq!(package.diagnostics(), "");
    let code = package.code();
    assert!(code.contains("pub mod hello"), "{code}");
    assert!(code.contains("pub fn registry()"), "{code}");
}

#[test]
fn a_mistake_is_written_down_by_its_path_in_the_package() {
    let package = Package::new(&[("workflows/hello.yaml", &HELLO.replace("message", "mesage"))]);
    package.build();
    let lines = package.diagnostics();
    assert_eq!(lines.lines().count(), 1, "{lines}");
    assert!(lines.contains(r#""file_name":"workflows/hello.yaml""#), "{lines}");
    assert!(!package.out().join(CODE).exists());
}

#[test]
fn only_what_changed_is_expanded_again() {
    let other = HELLO.replace("name: hello", "name: other");
    let package = Package::new(&[("workflows/a.yaml", HELLO), ("workflows/b.yaml", &other)]);
    package.build();
    let before = package.modules();
    // What is kept is used, not made again: that shows in the code.
    let kept = package.out().join("workflows").join(&before[1]);
    fs::write(&kept, "mod kept_from_before {}\n").unwrap();
    package.write("workflows/a.yaml", &HELLO.replace("Who?", "Who are you?"));
    package.build();
    let after = package.modules();
    assert_eq!((before.len(), after.len()), (2, 2));
    assert_ne!(before[0], after[0]);
    assert_eq!(before[1], after[1]);
    assert!(package.code().contains("Who are you?"));
    assert!(package.code().contains("kept_from_before"));
}

#[test]
fn cargo_watches_the_folder_each_file_the_functions_and_the_variable() {
    let package = Package::new(&[("workflows/hello.yaml", HELLO)]);
    let lines = Build::new().watch(&package.input(), &package.build());
    let changed = |path: PathBuf| format!("cargo::rerun-if-changed={}", path.display());
    assert_eq!(
        lines,
        [
            changed(package.path("workflows")),
            changed(package.path("workflows/hello.yaml")),
            changed("src".into()),
            "cargo::rerun-if-env-changed=WORKFLOW_DEFINITIONS_PATH".to_owned(),
        ]
    );
}

#[test]
fn a_file_names_a_module() {
    assert_eq!(module_path(Path::new("src/functions.rs")), "crate::functions");
    assert_eq!(module_path(Path::new("src/steps/host.rs")), "crate::steps::host");
    assert_eq!(module_path(Path::new("src/host/mod.rs")), "crate::host");
    assert_eq!(module_path(Path::new("src/lib.rs")), "crate");
}

#[test]
fn the_environment_names_another_folder_but_not_for_what_is_shipped() {
    let folder = |build: Build, named: &str| build.input(Some(named.into())).folder.unwrap();
    assert_eq!(folder(Build::new(), "/theirs"), PathBuf::from("/theirs"));
    assert_eq!(folder(Build::new(), ""), PathBuf::from("workflows"));
    assert_eq!(folder(Build::new().shipped(), "/theirs"), PathBuf::from("workflows"));
    let ours = Build::new().workflows("flows").shipped();
    assert_eq!(folder(ours, "/theirs"), PathBuf::from("flows"));
}
