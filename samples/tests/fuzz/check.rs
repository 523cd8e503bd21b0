//! What must hold of every input.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;
use std::time::{Duration, Instant};

use workflow_compiler::codegen::{self, Mode, Options};
use workflow_compiler::diagnostic::fix::apply_fixes;
use workflow_compiler::diagnostic::render::render;
use workflow_compiler::diagnostic::rustc::to_rustc_json_lines;
use workflow_compiler::diagnostic::{Code, Diagnostic, json};
use workflow_compiler::source::{FileId, Span};
use workflow_compiler::{Compilation, Input, compile};
use workflow_samples::host_functions;

use super::{Project, memory};

/// No input of this size may take longer; without optimisation it may take more
const LONGEST: Duration = Duration::from_secs(if cfg!(debug_assertions) { 20 } else { 2 });

/// `askama_derive` keeps each template that it has parsed, as long as the process lives. Of a longer
/// run, only so many bytes of them are expanded, which is some thousand right inputs.
const TEMPLATES: usize = 8 * 1024 * 1024;

thread_local! {
    /// Where the last panic was
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Whether the input was right, or what is wrong with what the compiler did
pub(crate) fn check(project: &Project) -> Result<bool, String> {
    catch_panics();
    let began = Instant::now();
    let outcome = catch_unwind(AssertUnwindSafe(|| answers(project)));
    let took = began.elapsed();
    forget_tokens();
    match outcome {
        Err(_) => Err(format!("panicked at {}", PANIC.take())),
        Ok(Ok(_)) if took > LONGEST => Err(format!("slow: {} s", took.as_secs())),
        Ok(outcome) => outcome,
    }
}

/// Panics are told with their seed, once, not each time while an input is made smaller
fn catch_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let place = info.location().map(ToString::to_string).unwrap_or_default();
            if place.contains("tests/fuzz/main.rs") {
                return usual(info);
            }
            let what = info.payload_as_str().unwrap_or_default();
            PANIC.set(format!("{place}: {what}"));
        }));
    });
}

fn compiled(project: &Project) -> Compilation {
    let files = project.iter().map(|(path, text)| (path.into(), text.clone())).collect();
    compile(&Input { files, ..Input::default() }.functions(host_functions()))
}

fn answers(project: &Project) -> Result<bool, String> {
    let first = compiled(project);
    first.diagnostics.iter().try_for_each(|diagnostic| points_inside(diagnostic, &first))?;
    let told = render(&first.diagnostics, &first.sources, false);
    render(&first.diagnostics, &first.sources, true);
    json::to_json(&first.diagnostics, &first.sources);
    to_rustc_json_lines(&first.diagnostics, &first.sources);
    let second = compiled(project);
    if told != render(&second.diagnostics, &second.sources, false) {
        return Err("told something else the second time".to_owned());
    }
    fixes(project, &first)?;
    if first.errors() > 0 {
        return Ok(false);
    }
    forget_tokens();
    let before = memory::in_use();
    let mode = if memory::allowed() < TEMPLATES { Mode::Expanded } else { Mode::Readable };
    let code = generated(&first, mode)?;
    // The second time there is no template that askama does not know: nothing more may be kept.
    memory::allow((memory::in_use() - before).saturating_sub(code.capacity()));
    if code != generated(&second, mode)? {
        return Err("other code the second time".to_owned());
    }
    Ok(true)
}

/// The code, which must be Rust
fn generated(compiled: &Compilation, mode: Mode) -> Result<String, String> {
    let programs = &compiled.programs;
    let options = Options { mode, functions: "crate::host", programs };
    let code = codegen::file(programs, &options);
    syn::parse_file(&code).map_err(|error| format!("code that is no Rust: {error}"))?;
    forget_tokens();
    Ok(code)
}

/// proc-macro2 keeps all that was ever parsed in a thread, for the places of its tokens; no token
/// outlives what it was made for here
fn forget_tokens() {
    proc_macro2::extra::invalidate_current_thread_spans();
}

fn points_inside(diagnostic: &Diagnostic, compiled: &Compilation) -> Result<(), String> {
    let edits = diagnostic.fixes.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
    let labels = diagnostic.labels.iter().map(|label| label.span);
    let outside = |span: &Span| {
        compiled.sources.iter().all(|(file, _)| file != span.file)
            || compiled.sources.file(span.file).text.get(span.range()).is_none()
    };
    let mut all = std::iter::once(diagnostic.span).chain(labels).chain(edits);
    match all.find(outside) {
        Some(span) => Err(format!("{} points outside: {span:?}", diagnostic.code.as_str())),
        None => Ok(()),
    }
}

/// Fixes break nothing that could be read before
fn fixes(project: &Project, before: &Compilation) -> Result<(), String> {
    let changed = apply_fixes(&before.diagnostics, &before.sources);
    if changed.is_empty() {
        return Ok(());
    }
    let mut mended = project.clone();
    for (file, text) in &changed {
        let path = before.sources.path(*file);
        if let Some((_, old)) =
            mended.iter_mut().find(|(name, _)| path.as_os_str() == name.as_str())
        {
            old.clone_from(text);
        }
    }
    let after = compiled(&mended);
    for (file, _) in &changed {
        let path = before.sources.path(*file);
        let same = after.sources.iter().find(|(_, source)| source.path == path);
        let Some((again, _)) = same else { continue };
        // Behind the first mistake of syntax there may be others, which show once it is mended.
        if syntax_errors(before, *file) == 0 && syntax_errors(&after, again) > 0 {
            return Err(format!("fixes broke {}", path.display()));
        }
    }
    Ok(())
}

fn syntax_errors(compiled: &Compilation, file: FileId) -> usize {
    let all = compiled.diagnostics.iter().filter(|found| found.span.file == file);
    all.filter(|found| found.code == Code::YamlSyntax).count()
}
