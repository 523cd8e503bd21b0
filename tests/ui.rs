//! What the macros say. `TRYBUILD=overwrite` writes the expected texts anew.

#[test]
fn macros_say_what_is_wrong() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
