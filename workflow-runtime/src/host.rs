//! Calls of host functions: functions of the server's own Rust code.

use std::any::{Any, type_name};
use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::Value;

use crate::data::{Data, Object};
use crate::machine::Fault;

/// What a host function may give
pub trait Output {
    /// The type of the language that it becomes
    type Data: Data;

    /// The value for the workflow; an integer beyond 64 bits, a float that is not finite, and an
    /// `Err` are faults
    fn into_data(self) -> Result<Self::Data, Fault>;
}

/// Calls a host function
///
/// A panic is the fault `host-function-panicked`, an `Err` is `host-function-failed`; both say
/// which function, and why. The closure should own or copy what it changes: after a panic that is
/// not looked at again.
///
/// ```
/// use workflow_runtime::host;
/// assert_eq!(host::call("word_count", || "one two".split(' ').count()), Ok(2));
///
/// let fault = host::call("divide", || -> u8 { panic!("no more") }).unwrap_err();
/// assert_eq!(fault.message, "the host function `divide` panicked: no more");
/// ```
pub fn call<R: Output>(name: &str, function: impl FnOnce() -> R) -> Result<R::Data, Fault> {
    let fault = |code, message| Fault::new(code, format!("the host function `{name}` {message}"));
    // A panic must not take the server with it. Nothing that the function could leave half
    // changed outlives the call but its own statics, which are its author's.
    match catch_unwind(AssertUnwindSafe(|| function().into_data())) {
        Ok(Ok(data)) => Ok(data),
        Ok(Err(found)) => Err(fault(found.code, format!("failed: {}", found.message))),
        Err(panic) => {
            Err(fault("host-function-panicked", format!("panicked: {}", words_of(&*panic))))
        }
    }
}

/// An integer for a parameter of a host function, the fault `integer-overflow` if it is too small
/// or too large for its type
pub fn fit<I: TryFrom<i64>>(value: i64) -> Result<I, Fault> {
    I::try_from(value).map_err(|_| {
        let kind = type_name::<I>();
        Fault::new(
            "integer-overflow",
            format!("`{value}` does not fit a parameter of type `{kind}`"),
        )
    })
}

/// What a panic says
fn words_of(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("it did not say why")
}

/// Types that the language has as they are
macro_rules! as_they_are {
    ($($kind:ty),*) => {$(
        impl Output for $kind {
            type Data = Self;

            fn into_data(self) -> Result<Self, Fault> {
                Ok(self)
            }
        }
    )*};
}

as_they_are!((), bool, String, Value, Object, crate::data::Number, crate::data::DateTime);

/// Integers, of which some may not fit an `int`
macro_rules! integers {
    ($($kind:ty),*) => {$(
        impl Output for $kind {
            type Data = i64;

            fn into_data(self) -> Result<i64, Fault> {
                i64::try_from(self).map_err(|_| {
                    Fault::new("integer-overflow", format!("`{self}` does not fit 64 bits"))
                })
            }
        }
    )*};
}

integers!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize);

impl Output for f64 {
    type Data = Self;

    fn into_data(self) -> Result<Self, Fault> {
        if self.is_finite() {
            return Ok(self);
        }
        Err(Fault::new("number-overflow", format!("`{self}` is not a finite number")))
    }
}

impl Output for f32 {
    type Data = f64;

    fn into_data(self) -> Result<f64, Fault> {
        f64::from(self).into_data()
    }
}

impl Output for &'static str {
    type Data = String;

    fn into_data(self) -> Result<String, Fault> {
        Ok(self.to_owned())
    }
}

impl<T: Output> Output for Vec<T> {
    type Data = Vec<T::Data>;

    fn into_data(self) -> Result<Self::Data, Fault> {
        self.into_iter().map(Output::into_data).collect()
    }
}

impl<T: Output> Output for Option<T> {
    type Data = Option<T::Data>;

    fn into_data(self) -> Result<Self::Data, Fault> {
        self.map(Output::into_data).transpose()
    }
}

impl<T: Output, E: Display> Output for Result<T, E> {
    type Data = T::Data;

    fn into_data(self) -> Result<T::Data, Fault> {
        match self {
            Ok(value) => value.into_data(),
            Err(error) => Err(Fault::new("host-function-failed", error.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn gives<R: Output>(result: R) -> Result<Value, &'static str> {
        call("f", || result).map(|data| data.to_json()).map_err(|fault| fault.code)
    }

    #[test]
    fn outputs_become_values() {
        let rows = [
            (gives(()), json!(null)),
            (gives(true), json!(true)),
            (gives(7_u8), json!(7)),
            (gives(-7_i128), json!(-7)),
            (gives(7_usize), json!(7)),
            (gives(0.5_f32), json!(0.5)),
            (gives("text"), json!("text")),
            (gives(vec![Some("a"), None]), json!(["a", null])),
            (gives(json!({"a": 1})), json!({"a": 1})),
            (gives(Ok::<_, String>(Some(3_u32))), json!(3)),
        ];
        for (found, expected) in rows {
            assert_eq!(found, Ok(expected));
        }
    }

    #[test]
    fn failures_are_faults() {
        assert_eq!(gives(u64::MAX), Err("integer-overflow"));
        assert_eq!(gives(f64::NAN), Err("number-overflow"));
        assert_eq!(gives(vec![Err::<i64, _>("late")]), Err("host-function-failed"));
        let fault = call("load", || Err::<(), _>("no such file")).unwrap_err();
        assert_eq!(fault.message, "the host function `load` failed: no such file");
    }

    #[test]
    fn panics_are_faults() {
        let fault = call("pick", || -> i64 { panic!("index {} of {}", 3, 2) }).unwrap_err();
        assert_eq!(fault.code, "host-function-panicked");
        assert_eq!(fault.message, "the host function `pick` panicked: index 3 of 2");
    }

    #[test]
    fn arguments_fit_or_are_faults() {
        assert_eq!(fit::<u8>(255), Ok(255));
        let fault = fit::<u8>(-1).unwrap_err();
        assert_eq!(fault.code, "integer-overflow");
        assert_eq!(fault.message, "`-1` does not fit a parameter of type `u8`");
    }
}
