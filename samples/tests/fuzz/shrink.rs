//! Makes a failing input smaller.

use super::Project;
use super::check::check;

/// How many inputs are tried
const TRIES: usize = 600;

/// A smaller input that fails in the same way
pub(crate) fn shrink(mut project: Project, why: &str) -> Project {
    let mut tries = 0;
    let mut fails = |project: &Project| {
        tries += 1;
        tries < TRIES && check(project).is_err_and(|other| kind(&other) == kind(why))
    };
    for at in (0..project.len()).rev() {
        let mut fewer = project.clone();
        fewer.remove(at);
        if !fewer.is_empty() && fails(&fewer) {
            project = fewer;
        }
    }
    for at in 0..project.len() {
        let mut size = project[at].1.lines().count();
        while size > 0 {
            let mut from = 0;
            while from < project[at].1.lines().count() {
                let mut smaller = project.clone();
                let lines = project[at].1.split_inclusive('\n').enumerate();
                let kept = lines.filter(|(line, _)| *line < from || *line >= from + size);
                smaller[at].1 = kept.map(|(_, line)| line).collect();
                if fails(&smaller) {
                    project = smaller;
                } else {
                    from += size;
                }
            }
            size /= 2;
        }
    }
    project
}

/// A failure without what is different each time
fn kind(why: &str) -> &str {
    let end = why.match_indices(':').nth(1).map_or(why.len(), |(at, _)| at);
    &why[..end]
}
