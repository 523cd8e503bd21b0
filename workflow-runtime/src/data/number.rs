//! A number that may be an integer or a fraction, and stays what it is.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::Value;

use super::{Data, Mismatch, float_text};
use crate::machine::Fault;

/// An int or a float; an int stays one until it meets a float
///
/// Compared by what it stands for: 1 is 1.0, exactly, however large.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// An integer
    Int(i64),
    /// A fraction, always finite
    Float(f64),
}

impl Default for Number {
    fn default() -> Self {
        Self::Int(0)
    }
}

impl Number {
    /// The number in a JSON value; integers beyond 64 bits with sign are none
    pub fn of(value: &Value) -> Option<Self> {
        let number = value.as_number()?;
        if let Some(int) = number.as_i64() {
            Some(Self::Int(int))
        } else if number.is_f64() {
            number.as_f64().map(Self::Float)
        } else {
            None
        }
    }

    /// The number as an integer, for an index or a bound; a fraction is the fault `not-integral`
    pub fn integral(self) -> Result<i64, Fault> {
        match self {
            Self::Int(int) => Ok(int),
            Self::Float(float) => exact(float).ok_or_else(|| {
                let text = float_text(float);
                Fault::new("not-integral", format!("an integer is needed here, not `{text}`"))
            }),
        }
    }

    /// The number as a float, rounded if it is an integer beyond 2⁵³
    pub fn as_f64(self) -> f64 {
        match self {
            Self::Int(int) => float_of(int),
            Self::Float(float) => float,
        }
    }

    pub(crate) fn compare(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => a.cmp(&b),
            (Self::Int(a), Self::Float(b)) => order_mixed(a, b),
            (Self::Float(a), Self::Int(b)) => order_mixed(b, a).reverse(),
            // Floats here are finite, so they have an order.
            (Self::Float(a), Self::Float(b)) => a.partial_cmp(&b).unwrap_or(Ordering::Equal),
        }
    }
}

/// 2⁶³, the first float too large for an `i64`
const TOO_LARGE: f64 = 9_223_372_036_854_775_808.0;

/// The integer that a float is, if it is one of 64 bits
pub(crate) fn exact(float: f64) -> Option<i64> {
    (float.fract() == 0.0).then(|| truncated(float)).flatten()
}

/// A float without its fraction, if that is an integer of 64 bits
pub(crate) fn truncated(float: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
    (-TOO_LARGE..TOO_LARGE).contains(&float).then_some(float as i64)
}

/// The float nearest to an integer
pub(crate) fn float_of(int: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "rounding is what a float is for")]
    let float = int as f64;
    float
}

/// Compares without rounding either
fn order_mixed(int: i64, float: f64) -> Ordering {
    match truncated(float) {
        Some(whole) => {
            int.cmp(&whole).then_with(|| 0.0.partial_cmp(&float.fract()).unwrap_or(Ordering::Equal))
        }
        None if float > 0.0 => Ordering::Less,
        None => Ordering::Greater,
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.compare(*other).is_eq()
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.compare(*other))
    }
}

impl From<i64> for Number {
    fn from(int: i64) -> Self {
        Self::Int(int)
    }
}

impl From<f64> for Number {
    fn from(float: f64) -> Self {
        Self::Float(float)
    }
}

impl Data for Number {
    fn to_json(&self) -> Value {
        match self {
            Self::Int(int) => int.to_json(),
            Self::Float(float) => float.to_json(),
        }
    }

    fn from_json(value: &Value) -> Result<Self, Mismatch> {
        Self::of(value).ok_or_else(|| match value {
            Value::Number(number) => Mismatch::new(Self::expected(false), format!("`{number}`")),
            other => Mismatch::of::<Self>(other),
        })
    }

    fn expected(plural: bool) -> String {
        String::from(if plural { "numbers" } else { "a number" })
    }

    fn truth(&self) -> bool {
        *self != Self::Int(0)
    }

    fn show(&self) -> Cow<'_, str> {
        match self {
            Self::Int(int) => int.to_string().into(),
            Self::Float(float) => float_text(*float).into(),
        }
    }

    fn weight(&self) -> usize {
        1
    }
}
