#[workflow_fn]
pub fn word_count(text: &str) -> u64 {
    text.split_whitespace().count() as u64
}

#[workflow_fn]
pub fn borrow<'a>(text: &'a mut String) -> &'a str {
//                      ^ error[invalid-host-function]: an expression changes nothing: take `&`, or the value itself
    text
}
