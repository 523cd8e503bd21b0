use super::*;

fn one(signature: &str) -> HostFunction {
    let functions = read(&format!("#[workflow_fn]\n{signature} {{ todo!() }}")).unwrap();
    functions.into_iter().next().unwrap()
}

/// Every problem as `line:column message`
fn wrong(text: &str) -> Vec<String> {
    read(text).unwrap_err().iter().map(ToString::to_string).collect()
}

fn wrong_signature(signature: &str) -> Vec<String> {
    wrong(&format!("#[workflow_fn]\n{signature} {{ todo!() }}"))
}

#[test]
fn parameters_by_their_rust_types() {
    let types = [
        ("&str", Ty::String, HostType::Str),
        ("&'a str", Ty::String, HostType::Str),
        ("String", Ty::String, HostType::Value),
        ("&String", Ty::String, HostType::Reference),
        ("i64", Ty::Int, HostType::Value),
        ("usize", Ty::Int, HostType::Integer("usize".into())),
        ("f64", Ty::Float, HostType::Value),
        ("bool", Ty::Bool, HostType::Value),
        ("Vec<String>", Ty::list(Ty::String), HostType::Value),
        ("&[Value]", Ty::list(Ty::Any), HostType::Reference),
        ("&Vec<i64>", Ty::list(Ty::Int), HostType::Reference),
        ("Option<Vec<f64>>", Ty::list(Ty::Float).optional(), HostType::Value),
        ("&serde_json::Value", Ty::Any, HostType::Reference),
        ("workflow_runtime::data::Value", Ty::Any, HostType::Value),
        ("&Object", Ty::Open, HostType::Reference),
        ("serde_json::Map<String, Value>", Ty::Open, HostType::Value),
        ("std::vec::Vec<(bool)>", Ty::list(Ty::Bool), HostType::Value),
    ];
    for (rust, ty, host) in types {
        let function = one(&format!("pub fn f<'a>(value: {rust})"));
        let expected = HostParam { name: "value".into(), ty, host };
        assert_eq!(function.params, [expected], "{rust}");
    }
}

#[test]
fn results_by_their_rust_types() {
    let types = [
        ("", Ty::Null, HostType::Value, false),
        ("-> ()", Ty::Null, HostType::Value, false),
        ("-> u64", Ty::Int, HostType::Integer("u64".into()), false),
        ("-> &'static str", Ty::String, HostType::Str, false),
        ("-> Result<String, MyError>", Ty::String, HostType::Value, true),
        ("-> anyhow::Result<()>", Ty::Null, HostType::Value, true),
        ("-> Option<i64>", Ty::Int.optional(), HostType::Value, false),
    ];
    for (rust, returns, returned, fallible) in types {
        let function = one(&format!("pub fn f() {rust}"));
        let found = (function.returns, function.returned, function.fallible);
        assert_eq!(found, (returns, returned, fallible), "{rust}");
    }
}

#[test]
fn name_doc_and_line() {
    let text = "use x::workflow_fn;\n\nfn helper() {}\n\n/// Counts\n/// words\n\
                #[x::workflow_fn]\n#[inline]\npub fn r#match(r#type: &str) -> u64 { 0 }\n";
    let functions = read(text).unwrap();
    let [function] = functions.as_slice() else { panic!("{functions:?}") };
    assert_eq!((function.name.as_str(), function.params[0].name.as_str()), ("match", "type"));
    assert_eq!((function.doc.as_str(), function.line), ("Counts\nwords", 9));
}

#[test]
fn signatures_that_cannot_be_called() {
    let cases = [
        ("fn f()", "2:4: a `#[workflow_fn]` must be `pub`: the generated code calls it"),
        (
            "pub async fn f()",
            "2:5: a `#[workflow_fn]` cannot be `async`: an expression does not wait",
        ),
        ("pub unsafe fn f()", "2:5: a `#[workflow_fn]` cannot be `unsafe`"),
        (
            "pub fn f<T>(x: i64)",
            "2:10: a `#[workflow_fn]` cannot be generic: take a `Value` for any value",
        ),
        ("pub fn f(&self)", "2:10: a `#[workflow_fn]` is no method"),
        ("pub fn f((a, b): i64)", "2:10: a parameter must have a plain name"),
        (
            "pub fn f(x: &mut i64)",
            "2:13: an expression changes nothing: take `&`, or the value itself",
        ),
        ("pub fn f(x: Vec<u8>)", "2:17: inside another type an integer must be `i64`, not `u8`"),
        ("pub fn f(x: f32)", "2:13: `f32` would lose digits: use `f64`"),
        (
            "pub fn f() -> HashMap<String, u8>",
            "2:15: `HashMap<String, u8>` is no type of the language: use `&str`, `String`, an \
             integer, `f64`, `bool`, `Value`, `Object`, or `Vec` or `Option` of these",
        ),
    ];
    for (signature, expected) in cases {
        assert_eq!(wrong_signature(signature), [expected], "{signature}");
    }
}

#[test]
fn every_problem_is_told() {
    let text = "#[workflow_fn]\nfn f(x: f32) -> char { 'a' }\n\
                mod m { #[workflow_fn] pub fn g() {} }\n";
    let lines: Vec<usize> = read(text).unwrap_err().iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [2, 2, 2, 3]);
    assert_eq!(wrong("pub fn ()"), ["1:8: expected identifier"]);
}
