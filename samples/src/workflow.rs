//! Whole workflows, and the project that they stand in.

use crate::flow::{Child, Flow, Function, Variable};
use crate::marks::{self, Mark, Spot};
use crate::random::Random;
use crate::ty::Ty;
use crate::yaml::{self, Node};

/// A file of a project
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name, without folders
    pub path: String,
    /// What stands in it
    pub text: String,
    /// What its pieces are, in the order in which they begin; empty for `functions.yaml`
    pub spots: Vec<Spot>,
}

/// The agent functions, as the generator knows them
const AGENT_FUNCTIONS: &str = "\
split_up:
  params: { text: string }
  returns: { type: array, item_type: string }
  instructions: |
    Split this: {{ text | trim }}
judge:
  description: Judges a text
  params: { text: string, most: { type: integer } }
  returns: { type: object, properties: { done: boolean, title: string } }
  instructions: \"Is it good, at most {{ most }}? {{ text }}\"
  agent: \"@judge\"
is_fine: { params: { text: string }, returns: boolean, instructions: \"{{ text }}\" }
count_of: { params: { text: string }, returns: integer, instructions: 'how many: {{ text }}' }
";

/// Keys that steps which wait may have in common, to be merged into them
const DEFAULTS: &[&str] =
    &["{ timeout: 600 }", "{ retry: { max_attempts: 2 } }", "{ timeout: 90, on_error: fail }"];

fn functions() -> Vec<Function> {
    const TEXT: &[Ty] = &[Ty::Text];
    const TEXT_INT: &[Ty] = &[Ty::Text, Ty::Int];
    let judged = Ty::Object(vec![("done", Ty::Bool), ("title", Ty::Text)]);
    let texts = || Ty::list(Ty::Text);
    let function = |name, params, gives, agent| Function { name, params, gives, agent };
    vec![
        function("split_up", TEXT, texts(), true),
        function("judge", TEXT_INT, judged, true),
        function("is_fine", TEXT, Ty::Bool, true),
        function("count_of", TEXT, Ty::Int, true),
        function("word_count", TEXT, Ty::Int, false),
        function("shout", TEXT, Ty::Text, false),
        function("is_long", TEXT_INT, Ty::Bool, false),
    ]
}

/// The files of a project of so many workflows of about `size` steps, in which nothing is wrong
///
/// Host functions are those of [`host_functions`](crate::host_functions).
pub fn project(seed: u64, workflows: usize, size: usize) -> Vec<File> {
    let mut random = Random::new(seed);
    let functions = functions();
    let mut children: Vec<Child> = Vec::new();
    let mut newest = 0;
    let mut files = vec![File {
        path: "functions.yaml".to_owned(),
        text: AGENT_FUNCTIONS.to_owned(),
        spots: Vec::new(),
    }];
    for at in 0..workflows {
        let is_child = workflows > 1 && at % 3 == 0;
        // An older version of the one before, beside it: they share the name.
        let is_older = !is_child && newest + 1 == at && random.percent(25);
        if !is_older {
            newest = at;
        }
        let called = Called { at, name: format!("sample:flow-{newest}"), is_older };
        let made = workflow(&mut random, &called, size, &functions, &children, is_child);
        let (text, spots) = marks::read(&yaml::write(&made.tree, &mut random));
        files.push(File { path: format!("flow_{at}.yaml"), text, spots });
        children.extend(made.child);
    }
    files
}

struct Made {
    tree: Node,
    child: Option<Child>,
}

/// What a workflow is called
struct Called {
    at: usize,
    name: String,
    is_older: bool,
}

fn workflow(
    random: &mut Random,
    called: &Called,
    size: usize,
    functions: &[Function],
    children: &[Child],
    is_child: bool,
) -> Made {
    let returns = Ty::random(random, 1);
    let returns = if is_child { returns.without_words() } else { returns };
    let takes = is_child.then(|| Ty::random(random, 1).without_words());
    let may_prompt = !is_child || random.percent(40);
    let mut flow = Flow {
        functions,
        children: if is_child { &[] } else { children },
        variables: Vec::new(),
        fields: Vec::new(),
        earlier: Vec::new(),
        tasks: Vec::new(),
        has_defaults: false,
        may_have_tasks: true,
        may_ask: false,
        may_prompt,
        prompts: false,
        returns: returns.clone(),
        budget: size,
        named: 0,
        depth: 1 + size.min(20) / 10,
        random,
    };
    let input = flow.random.pick(&["item", "subject"]);
    let Called { at, name, is_older } = called;
    let major = u8::from(!is_older);
    let version = Node::text(Mark::Version.on(&format!("{major}.{at}.0")));
    let mut top =
        vec![("name".to_owned(), Node::text(name.clone())), ("version".to_owned(), version)];
    if flow.random.percent(20) {
        flow.has_defaults = true;
        let defaults = flow.random.pick(DEFAULTS);
        top.push(("x-defaults".to_owned(), Node::raw(format!("&defaults {defaults}"))));
    }
    let body = body(&mut flow, takes.clone().map(|takes| (input, takes)).as_ref());
    let tasks = std::mem::take(&mut flow.tasks);
    if !tasks.is_empty() {
        top.push(("tasks".to_owned(), Node::Map(tasks)));
    }
    top.extend(body);
    let by = if flow.random.percent(50) { format!("flow_{at}") } else { name.clone() };
    let input = takes.is_some().then_some(input);
    let child = Child { name: by, takes, input, gives: returns, prompts: flow.prompts };
    Made { tree: Node::Map(top), child: is_child.then_some(child) }
}

/// What a workflow and an inline task have in common, with an input that it demands
pub(crate) fn body(
    flow: &mut Flow<'_>,
    demands: Option<&(&'static str, Ty)>,
) -> Vec<(String, Node)> {
    let mut pairs = Vec::new();
    if flow.random.percent(30) {
        pairs.push(("description", Node::loose("A sample: made, not written")));
    }
    let inputs = inputs(flow, demands);
    pairs.push(("inputs", Node::Map(inputs)));
    for _ in 0..flow.random.below(4) {
        let ty = Ty::random(flow.random, 2);
        // There is no state yet that a value could read.
        let fields = std::mem::take(&mut flow.fields);
        let initial =
            if flow.random.percent(50) { ty.literal(flow.random) } else { flow.value_of(&ty) };
        flow.fields = fields;
        flow.field(ty, Some(initial));
    }
    if flow.random.percent(30) {
        let schema = flow.returns.clone().schema(flow.random, Vec::new());
        pairs.push(("output", schema));
    }
    let count = flow.budget;
    let mut steps = flow.steps(count);
    steps.extend(flow.leftovers(0));
    let returns = flow.returns.clone();
    let last = flow.last(&returns);
    steps.push(last);
    let initial =
        flow.fields.iter().filter_map(|field| Some((field.name.clone(), field.initial.clone()?)));
    let initial: Vec<_> = initial.collect();
    if !initial.is_empty() {
        pairs.push(("initial_state", Node::Map(initial)));
    }
    pairs.push(("steps", Node::List(steps)));
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// Declares inputs that can always be read, the one that is demanded, and some more
fn inputs(flow: &mut Flow<'_>, demands: Option<&(&'static str, Ty)>) -> Vec<(String, Node)> {
    let mut inputs = Vec::new();
    let mut declare =
        |flow: &mut Flow<'_>, name: &str, ty: &Ty, more: Vec<(&str, Node)>, read: Ty| {
            let schema = ty.schema(flow.random, more);
            inputs.push((name.to_owned(), schema));
            let text = format!("inputs.{}", Mark::Input.on(name));
            flow.variables.push(Variable { text, ty: read });
        };
    if let Some((name, ty)) = demands {
        declare(flow, name, ty, vec![("required", Node::raw("true"))], ty.clone());
        if *name == "item" {
            flow.variables.push(Variable { text: "item".to_owned(), ty: ty.clone() });
        }
    } else {
        // The item of a task that demands nothing goes nowhere.
        let given = if flow.may_have_tasks {
            ("required", Node::raw("true"))
        } else {
            ("default", Node::text("it"))
        };
        declare(flow, "topic", &Ty::Text, vec![given], Ty::Text);
    }
    declare(flow, "flag", &Ty::Bool, vec![("default", Node::raw("false"))], Ty::Bool);
    declare(flow, "count", &Ty::Int, vec![("default", Node::raw("3"))], Ty::Int);
    for _ in 0..flow.random.below(4) {
        let (name, ty) = (flow.name("in"), Ty::random(flow.random, 2));
        if flow.random.percent(50) {
            let default = ty.literal(flow.random);
            declare(flow, &name, &ty, vec![("default", default)], ty.clone());
        } else {
            let about = vec![("description", Node::text("if at hand"))];
            declare(flow, &name, &ty, about, Ty::maybe(ty.clone()));
        }
    }
    inputs
}
