#[workflow_fn]
pub fn same<T>(value: T) -> T {
//          ^ error[invalid-host-function]: a `#[workflow_fn]` cannot be generic: take a `Value` for any value
//                    ^ error[invalid-host-function]: `T` is no type of the language: use `&str`, `String`, an integer, `f64`, `bool`, `Value`, `Object`, or `Vec` or `Option` of these
//                          ^ error[invalid-host-function]: `T` is no type of the language: use `&str`, `String`, an integer, `f64`, `bool`, `Value`, `Object`, or `Vec` or `Option` of these
    value
}
