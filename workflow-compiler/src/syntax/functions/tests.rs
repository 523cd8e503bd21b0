use super::*;
use crate::syntax::testing::Checked;
use crate::types::Ty;

fn read(text: &str) -> (Vec<AgentFunction>, Checked) {
    let mut checked = Checked::default();
    let (doc, _) = checked.parse(text);
    let functions = decode(&doc, &mut checked.diagnostics);
    (functions, checked)
}

#[test]
fn a_function_with_all_it_can_have() {
    let (functions, checked) = read(
        "x-common: 1\nplan:\n  description: makes a plan\n  params:\n    goal: string\n    \
         most: {type: integer, default: 3}\n    note: {type: string, required: false}\n  \
         returns: {type: array, item_type: string}\n  \
         instructions: 'plan {{ goal }}'\n  agent: '@planner'\n",
    );
    assert_eq!(checked.mistakes(), [""; 0]);
    let [plan] = functions.as_slice() else { panic!("{functions:?}") };
    assert_eq!((plan.name.value.as_str(), plan.description.as_str()), ("plan", "makes a plan"));
    let params: Vec<String> = plan
        .params
        .iter()
        .map(|(name, schema)| format!("{}: {} {}", name.value, schema.input_ty(), schema.required))
        .collect();
    assert_eq!(params, ["goal: string true", "most: int false", "note: string? false"]);
    assert_eq!(plan.returns.ty, Ty::list(Ty::String));
    assert!(matches!(plan.instructions, Some(Parsed::Text(_))));
    assert_eq!(plan.agent.as_ref().unwrap().value, "@planner");
}

#[test]
fn a_broken_function_is_still_there() {
    let (functions, checked) = read("plan:\n  params: {goal: text}\n");
    assert_eq!(functions[0].returns.ty, Ty::Poison);
    assert_eq!(
        checked.mistakes(),
        [
            "2:3 missing-key [params] a function needs `returns` and `instructions`",
            "2:18 wrong-type-of-key [text] `goal` takes `string`, `number`, `integer`, `boolean`, \
             `array`, `object` or `any`, not `text`",
        ]
    );
}

#[test]
fn names_and_shape() {
    let (functions, checked) = read("my-plan: {returns: any, instructions: x}\nmy-plan: {}\n");
    assert_eq!(functions.len(), 1);
    assert_eq!(
        checked.mistakes(),
        [
            "1:1 invalid-name [my-plan] `my-plan` cannot be a function name",
            "2:1 duplicate-key [my-plan] `my-plan` stands twice in one mapping",
        ]
    );
    assert_eq!(read("").0.len(), 0);
    assert_eq!(
        read("[plan]").1.mistakes(),
        ["1:1 wrong-type-of-key [[plan]] a file of functions takes a mapping, not a list"]
    );
}
