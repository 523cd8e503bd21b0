//! The author's names as Rust names: one mangling for all of them, collisions numbered.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Span};

/// Words that Rust, or a template's syntax, has a use of its own for
const KEYWORDS: &[&str] = &[
    "abstract", "and", "as", "async", "await", "become", "bitand", "bitor", "box", "break",
    "caller", "const", "continue", "crate", "do", "dyn", "else", "enum", "extern", "false",
    "final", "fn", "for", "gen", "if", "impl", "in", "is", "let", "loop", "macro", "match", "mod",
    "move", "mut", "not", "or", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "union", "unsafe", "unsized",
    "use", "virtual", "where", "while", "xor", "yield",
];

/// Types that generated code names without a path, so that none of its own may be called so
pub(super) const TYPES: &[&str] = &[
    "Action",
    "Block",
    "Box",
    "ChildStart",
    "Clone",
    "Compiled",
    "Context",
    "Data",
    "DateTime",
    "Debug",
    "Err",
    "Fault",
    "Fork",
    "Handle",
    "Info",
    "Inputs",
    "Item",
    "Live",
    "Loop",
    "Machine",
    "Mismatch",
    "Next",
    "None",
    "Number",
    "Object",
    "Ok",
    "Option",
    "Output",
    "Paused",
    "Place",
    "Position",
    "Program",
    "PromptKind",
    "RefCell",
    "Refusal",
    "Rendered",
    "Result",
    "Run",
    "Self",
    "Some",
    "State",
    "StepInfo",
    "Stop",
    "String",
    "Template",
    "Typed",
    "Value",
    "Vec",
    "Wait",
    "Waiting",
    "Workflow",
];

/// Functions that generated code calls without a path
pub(super) const FUNCTIONS: &[&str] = &["drop", "live", "object", "render", "step"];

/// Variables of generated functions
pub(super) const VARIABLES: &[&str] =
    &["action", "cx", "left", "next", "output", "run", "view", "wait"];

/// Variables of closures, and what is kept for them
pub(super) const CLOSURES: &[&str] =
    &["each", "inner", "innermost", "given", "given_2", "given_3", "given_4"];

/// `create-plan` as `create_plan`: for fields, variables and functions
pub(super) fn snake(text: &str) -> String {
    let joined = words(text).join("_").to_lowercase();
    let name = match joined.chars().next() {
        None => String::from("value"),
        Some(first) if first.is_ascii_digit() => format!("n{joined}"),
        Some(_) => joined,
    };
    if KEYWORDS.contains(&name.as_str()) { name + "_" } else { name }
}

/// `create-plan` as `CreatePlan`: for types and variants
pub(super) fn pascal(text: &str) -> String {
    let mut name = String::new();
    for word in words(text) {
        let mut chars = word.chars();
        name.extend(chars.next().map(|first| first.to_ascii_uppercase()));
        name.extend(chars);
    }
    match name.chars().next() {
        None => String::from("Value"),
        Some(first) if first.is_ascii_digit() => format!("N{name}"),
        Some(_) => name,
    }
}

/// The words of a name: cut at everything but letters and digits, and before a capital letter
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in text.chars() {
        let cut =
            !c.is_ascii_alphanumeric() || (c.is_ascii_uppercase() && before.is_ascii_lowercase());
        if cut {
            words.push(String::new());
        }
        if let Some(last) = words.last_mut()
            && c.is_ascii_alphanumeric()
        {
            last.push(c);
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The names of one place: no two are the same
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    taken: BTreeSet<String>,
    /// For each name that was wanted twice, the number to try next
    next: BTreeMap<String, usize>,
}

impl Names {
    /// A place where these names are taken
    pub(super) fn without(reserved: &[&str]) -> Self {
        let taken = reserved.iter().map(|name| (*name).to_owned()).collect();
        Self { taken, next: BTreeMap::new() }
    }

    /// The same place with more names taken
    pub(super) fn and(mut self, more: impl IntoIterator<Item = impl ToString>) -> Self {
        self.taken.extend(more.into_iter().map(|name| name.to_string()));
        self
    }

    /// A name for a field, variable or function
    pub(super) fn snake(&mut self, text: &str) -> Ident {
        let name = snake(text);
        let joint = if name.ends_with('_') { "" } else { "_" };
        self.take(&name, joint)
    }

    /// A name for a type or variant
    pub(super) fn pascal(&mut self, text: &str) -> Ident {
        let name = pascal(text);
        // `Self` is the one keyword in this spelling, and no variant may have it either.
        self.taken.insert(String::from("Self"));
        self.take(&name, "")
    }

    fn take(&mut self, name: &str, joint: &str) -> Ident {
        let mut free = name.to_owned();
        if !self.taken.insert(free.clone()) {
            let number = self.next.entry(free).or_insert(2);
            loop {
                free = format!("{name}{joint}{number}");
                *number += 1;
                if self.taken.insert(free.clone()) {
                    break;
                }
            }
        }
        Ident::new(&free, Span::call_site())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_rust_names() {
        for (given, field, variant) in [
            ("create-plan", "create_plan", "CreatePlan"),
            ("maxTasks", "max_tasks", "MaxTasks"),
            ("type", "type_", "Type"),
            ("3d", "n3d", "N3d"),
            ("__", "value", "Value"),
            ("update-plan.2", "update_plan_2", "UpdatePlan2"),
        ] {
            assert_eq!((snake(given).as_str(), pascal(given).as_str()), (field, variant));
        }
    }

    #[test]
    fn collisions_are_numbered() {
        let mut names = Names::without(&["run"]);
        let taken = ["a-b", "a_b", "run", "type", "type"].map(|name| names.snake(name).to_string());
        assert_eq!(taken, ["a_b", "a_b_2", "run_2", "type_", "type_2"]);
        assert_eq!(Names::default().pascal("self").to_string(), "Self2");
    }

    #[test]
    fn a_name_wanted_often_is_not_numbered_from_the_start_each_time() {
        let mut names = Names::without(&["item_3"]);
        for _ in 0..100 {
            names.snake("item");
        }
        assert_eq!(names.next["item"], 102, "goes on behind the last, over the one that was taken");
        assert_eq!(names.snake("item").to_string(), "item_102");
    }
}
