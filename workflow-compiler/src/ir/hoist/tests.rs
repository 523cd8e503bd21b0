//! What is asked, and in which order, on each path through an expression.

use crate::diagnostic::Diagnostics;
use crate::ir::{Action, BlockId, End, Program, lower_workflows, name_programs};
use crate::names::Names;
use crate::project::Project;
use crate::source::Sources;

const FUNCTIONS: &str = "\
a: { returns: any, instructions: x }
b: { returns: any, instructions: x }
c: { returns: any, instructions: x }
f: { params: { x: any, y: any }, returns: any, instructions: x }
";

/// The program of one `return` of an expression
fn lowered(expression: &str) -> Program {
    let text = format!(
        "name: t\nversion: 1.0.0\nsteps: [{{id: z, type: return, value: \"{{{{ {expression} }}}}\"}}]\n"
    );
    let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
    let files = [("functions.yaml", FUNCTIONS), ("t.yaml", &text)];
    let files = files.map(|(path, text)| (path.into(), text.to_owned()));
    let mut project = Project::of_files(&files, &mut sources, &mut diagnostics);
    let mut names = Names::default();
    let functions = std::mem::take(&mut project.functions).into_iter();
    names.agent_functions =
        functions.map(|function| (function.name.value.clone(), function)).collect();
    name_programs(&project.workflows, &[], &mut names);
    let mut programs = lower_workflows(&project.workflows, &names, &mut diagnostics);
    assert_eq!(diagnostics.into_sorted(), []);
    programs.remove(0)
}

/// The calls on each path, true branches first
fn paths(expression: &str) -> Vec<String> {
    let program = lowered(expression);
    let mut found = Vec::new();
    walk(&program, 0, String::new(), &mut found);
    found
}

fn walk(program: &Program, block: BlockId, path: String, found: &mut Vec<String>) {
    match &program.blocks[block].end {
        End::Jump(next) => walk(program, *next, path, found),
        End::Branch { then, otherwise, .. } => {
            walk(program, *then, path.clone() + "+", found);
            walk(program, *otherwise, path + "-", found);
        }
        End::Wait { action: Action::Call { function, .. }, next, .. } => {
            walk(program, *next, path + function, found);
        }
        End::Wait { .. } | End::Open => panic!("only calls wait here"),
        End::Return { .. } => found.push(path),
    }
}

#[test]
fn calls_are_made_in_the_order_of_the_text() {
    assert_eq!(paths("[a(), b()] + [c()]"), ["abc"]);
    assert_eq!(paths("f(a(), b())"), ["abf"]);
    assert_eq!(paths("f(y=a(), x=b())"), ["abf"], "whatever the order of the parameters");
    assert_eq!(paths("inputs.l[a():b()] ~ c()"), ["abc"]);
}

#[test]
fn what_is_not_needed_is_not_asked() {
    assert_eq!(paths("a() and b()"), ["a+b", "a-"]);
    assert_eq!(paths("a() or b()"), ["a+", "a-b"]);
    assert_eq!(paths("b() if a() else c()"), ["a+b", "a-c"]);
    assert_eq!(paths("b() if a()"), ["a+b", "a-"]);
    assert_eq!(paths("1 if a() and b() else 2"), ["a+b+", "a+b-", "a-"]);
    assert_eq!(paths("1 if not (a() or b()) else 2"), ["a+", "a-b+", "a-b-"]);
}

#[test]
fn what_changes_with_time_is_computed_before_a_call_behind_it() {
    let kept = |expression: &str| {
        let program = lowered(expression);
        program.temps.iter().filter(|temp| temp.hint == "before").count()
    };
    assert_eq!(kept("now() ~ a()"), 1);
    assert_eq!(kept("a() ~ now()"), 0);
    assert_eq!(kept("inputs.x ~ a()"), 0);
}
