//! What belongs to a workflow beside its own file.

use std::path::{Path, PathBuf};

use crate::Input;
use crate::project::FUNCTIONS;

/// A file with its folder, so that the tasks and functions it names are known
///
/// The folder's own folders belong to it where it has a `functions.yaml`, which marks it as a
/// folder of workflows; any other may hold whatever, so only the files beside the named one are
/// read. Nothing is looked for further up.
pub fn of_file(file: &Path) -> Input {
    let parent = file.parent().unwrap_or(Path::new(""));
    let here = parent.as_os_str().is_empty();
    let folder = if here { PathBuf::from(".") } else { parent.to_owned() };
    let ours = [FUNCTIONS.to_owned() + ".yaml", FUNCTIONS.to_owned() + ".yml"];
    let flat = !ours.iter().any(|name| folder.join(name).is_file());
    let base = here.then(|| folder.clone());
    Input { flat, base, ..of_folder(&folder) }
}

/// A folder with the host functions beside it
pub fn of_folder(folder: &Path) -> Input {
    Input { functions: host_functions(folder), ..Input::folder(folder) }
}

/// `src/functions.rs` of the package in which the folder lies: beside the folder's parent
pub fn host_functions(folder: &Path) -> Option<PathBuf> {
    let named = folder.file_name().and_then(|_| folder.parent());
    let package = match named {
        Some(parent) => parent.to_owned(),
        // `.` and `..` have their parent only on disk.
        None => folder.canonicalize().ok()?.parent()?.to_owned(),
    };
    let file = package.join("src").join("functions.rs");
    file.is_file().then_some(file)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn write(root: &Path, file: &str, text: &str) -> PathBuf {
        let path = root.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    #[test]
    fn host_functions_stand_beside_the_folder() {
        let dir = tempfile::tempdir().unwrap();
        let functions = write(dir.path(), "src/functions.rs", "");
        let file = write(dir.path(), "workflows/a.yaml", "");
        assert_eq!(of_folder(&dir.path().join("workflows")).functions, Some(functions.clone()));
        assert_eq!(of_file(&file).functions, Some(functions));
        assert_eq!(host_functions(&dir.path().join("workflows/deeper")), None);
    }

    #[test]
    fn only_a_folder_of_workflows_is_read_with_its_folders() {
        let dir = tempfile::tempdir().unwrap();
        let file = write(dir.path(), "a.yaml", "");
        assert!(of_file(&file).flat);
        write(dir.path(), "functions.yaml", "");
        assert!(!of_file(&file).flat);
    }

    #[test]
    fn a_file_without_a_folder_lies_here() {
        let input = of_file(Path::new("a.yaml"));
        assert_eq!(input.folder.as_deref(), Some(Path::new(".")));
        assert_eq!(input.base.as_deref(), Some(Path::new(".")));
    }
}
