//! What the macros say about the cases in `tests/ui` of the workspace. `TRYBUILD=overwrite` writes
//! the expected texts anew.
//!
//! Run from this package, because the cases get no further than to their mistakes: the server and
//! all that it needs would be built for nothing.

#[test]
fn macros_say_what_is_wrong() {
    trybuild::TestCases::new().compile_fail("../tests/ui/*.rs");
}
