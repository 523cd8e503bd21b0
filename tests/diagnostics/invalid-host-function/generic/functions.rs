#[workflow_fn]
pub fn same<T>(value: T) -> T {
//          ^ error[invalid-host-function]: a `#[workflow_fn]` cannot be generic: take a `Value` for any value
    value
}
