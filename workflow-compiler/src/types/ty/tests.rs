use super::*;

fn object(fields: &[(&str, Ty)]) -> Ty {
    Ty::object(fields.iter().map(|(name, ty)| (*name, ty.clone())))
}

fn words(words: &[&str]) -> Ty {
    Ty::Enum(words.iter().map(|word| (*word).to_owned()).collect())
}

fn maybe(ty: Ty) -> Ty {
    ty.optional()
}

#[test]
fn two_types_join_to_the_smallest_that_holds_both() {
    use Ty::{Any, Bool, Float, Int, Never, Null, Number, Open, Poison, String};
    let rows = [
        (Never, Int, Some(Int)),
        (Poison, Any, Some(Poison)),
        (Any, Null, Some(Any)),
        (Null, Int, Some(maybe(Int))),
        (maybe(Int), Float, Some(maybe(Number))),
        (Int, Float, Some(Number)),
        (Int, String, None),
        (Bool, Int, None),
        (words(&["a"]), words(&["b", "a"]), Some(words(&["a", "b"]))),
        (words(&["a"]), String, Some(String)),
        (Ty::list(Never), Ty::list(Int), Some(Ty::list(Int))),
        (Ty::list(Int), Ty::list(String), Some(Ty::list(Any))),
        (Ty::list(Int), Int, None),
        (object(&[("a", Int)]), object(&[("a", Null)]), Some(object(&[("a", maybe(Int))]))),
        (object(&[("a", Int)]), object(&[("b", Int)]), Some(Open)),
        (object(&[("a", Int)]), object(&[("a", String)]), Some(object(&[("a", Any)]))),
        (object(&[("a", Int)]), Open, Some(Open)),
    ];
    for (a, b, joined) in rows {
        assert_eq!(a.join(&b), joined, "{a} and {b}");
        let back = b.join(&a);
        let same = matches!((&back, &joined), (Some(Ty::Enum(_)), Some(Ty::Enum(_))));
        assert!(same || back == joined, "{b} and {a}");
    }
}

#[test]
fn what_is_accepted_where_a_type_is_needed() {
    use Ty::{Any, Float, Int, Never, Null, Number, Open, Poison, String};
    let pair = object(&[("a", Int), ("b", maybe(String))]);
    let accepted = [
        // Checked when the run gets there.
        (words(&["a"]), String),
        (Int, Any),
        (Int, Number),
        (Float, Int),
        (Number, Float),
        (String, words(&["a"])),
        (words(&["a", "b"]), words(&["a"])),
        (maybe(Int), Null),
        (maybe(Int), Int),
        (Ty::list(Int), Ty::list(Never)),
        (Ty::list(Int), Ty::list(Any)),
        (pair.clone(), object(&[("a", Int)])),
        (pair.clone(), object(&[("a", Int), ("c", Int)])),
        (pair.clone(), Open),
        (Open, pair.clone()),
        // Which text it is, is looked at when the run gets there.
        (words(&["a"]), String),
        (Int, Poison),
        (words(&["a"]), String),
    ];
    for (to, from) in accepted {
        assert!(to.accepts(&from), "{to} takes {from}");
    }
    let refused = [
        (Int, Null),
        (Int, maybe(Int)),
        (Int, Float),
        (Int, String),
        (String, Int),
        (words(&["a"]), words(&["a", "b"])),
        (Ty::list(Int), Ty::list(String)),
        (pair.clone(), object(&[("b", String)])),
        (pair, object(&[("a", String)])),
        (Open, Ty::list(Any)),
    ];
    for (to, from) in refused {
        assert!(!to.accepts(&from), "{to} does not take {from}");
    }
}

#[test]
fn types_are_shown_as_an_author_would_write_them() {
    let rows = [
        (Ty::list(Ty::Never), "list"),
        (Ty::list(maybe(Ty::Int)), "list<int?>"),
        (object(&[("a", Ty::Int), ("b", words(&["x", "y"]))]), "object{a: int, b: enum{x, y}}"),
        (Ty::Null.optional(), "null"),
        (Ty::Any.optional(), "any"),
    ];
    for (ty, shown) in rows {
        assert_eq!(ty.to_string(), shown);
    }
}
