//! `+ - * / // % **` and the signs.

use serde_json::Value;

use super::{bound_bytes, bound_items, mismatch};
use crate::data::{Data, Number, arithmetic, float_of, float_text, kind_of};
use crate::machine::Fault;

/// What `+` takes: numbers, strings, lists, and values of any type
pub trait Plus: Sized {
    /// `a + b`
    fn plus(&self, other: &Self) -> Result<Self, Fault>;
}

/// What the other operators of arithmetic take: numbers, and values of any type
pub trait Arithmetic: Plus {
    /// What `/` gives: a float, even of integers
    type Quotient;
    /// What `**` gives: of integers a number, because `2 ** -1` is a fraction
    type Power;

    /// `a - b`
    fn minus(&self, other: &Self) -> Result<Self, Fault>;
    /// `a * b`
    fn times(&self, other: &Self) -> Result<Self, Fault>;
    /// `a / b`
    fn divided(&self, other: &Self) -> Result<Self::Quotient, Fault>;
    /// `a // b`, rounded down
    fn floor_divided(&self, other: &Self) -> Result<Self, Fault>;
    /// `a % b`, with the sign of `b`
    fn remainder(&self, other: &Self) -> Result<Self, Fault>;
    /// `a ** b`
    fn power(&self, other: &Self) -> Result<Self::Power, Fault>;
    /// `-a`
    fn negated(&self) -> Result<Self, Fault>;
}

/// `a + b`: the sum of numbers, strings or lists one after the other
pub fn add<T: Plus>(a: &T, b: &T) -> Result<T, Fault> {
    a.plus(b)
}

/// `a - b`
pub fn sub<T: Arithmetic>(a: &T, b: &T) -> Result<T, Fault> {
    a.minus(b)
}

/// `a * b`; of any type also a string or list times an integer
pub fn mul<T: Arithmetic>(a: &T, b: &T) -> Result<T, Fault> {
    a.times(b)
}

/// `a / b`, a float; by zero is the fault `division-by-zero`
pub fn div<T: Arithmetic>(a: &T, b: &T) -> Result<T::Quotient, Fault> {
    a.divided(b)
}

/// `a // b`, rounded down: `-7 // 2` is -4
pub fn floor_div<T: Arithmetic>(a: &T, b: &T) -> Result<T, Fault> {
    a.floor_divided(b)
}

/// `a % b`, with the sign of `b`: `-7 % 3` is 2
pub fn rem<T: Arithmetic>(a: &T, b: &T) -> Result<T, Fault> {
    a.remainder(b)
}

/// `a ** b`
pub fn pow<T: Arithmetic>(a: &T, b: &T) -> Result<T::Power, Fault> {
    a.power(b)
}

/// `-a`
pub fn neg<T: Arithmetic>(a: &T) -> Result<T, Fault> {
    a.negated()
}

/// `+a`: the same, if it is a number
pub fn pos<T: Arithmetic>(a: &T) -> Result<T, Fault> {
    a.negated()?.negated()
}

fn overflow(expression: String) -> Fault {
    Fault::new("integer-overflow", format!("`{expression}` does not fit 64 bits"))
}

fn by_zero(expression: String) -> Fault {
    Fault::new("division-by-zero", format!("`{expression}` divides by zero"))
}

/// A float that JSON has a word for, or the fault `number-overflow`
fn finite(float: f64, expression: impl FnOnce() -> String) -> Result<f64, Fault> {
    if float.is_finite() {
        return Ok(float);
    }
    Err(Fault::new("number-overflow", format!("`{}` is not a finite number", expression())))
}

fn written(a: f64, operator: &str, b: f64) -> String {
    format!("{} {operator} {}", float_text(a), float_text(b))
}

impl Plus for i64 {
    fn plus(&self, other: &Self) -> Result<Self, Fault> {
        self.checked_add(*other).ok_or_else(|| overflow(format!("{self} + {other}")))
    }
}

impl Arithmetic for i64 {
    type Quotient = f64;
    type Power = Number;

    fn minus(&self, other: &Self) -> Result<Self, Fault> {
        self.checked_sub(*other).ok_or_else(|| overflow(format!("{self} - {other}")))
    }

    fn times(&self, other: &Self) -> Result<Self, Fault> {
        self.checked_mul(*other).ok_or_else(|| overflow(format!("{self} * {other}")))
    }

    fn divided(&self, other: &Self) -> Result<f64, Fault> {
        float_of(*self).divided(&float_of(*other))
    }

    fn floor_divided(&self, other: &Self) -> Result<Self, Fault> {
        if *other == 0 {
            return Err(by_zero(format!("{self} // {other}")));
        }
        let quotient =
            self.checked_div(*other).ok_or_else(|| overflow(format!("{self} // {other}")))?;
        let down = self % other != 0 && (*self < 0) != (*other < 0);
        Ok(quotient - Self::from(down))
    }

    fn remainder(&self, other: &Self) -> Result<Self, Fault> {
        if *other == 0 {
            return Err(by_zero(format!("{self} % {other}")));
        }
        // Wrapping: the smallest integer by -1 leaves 0.
        let rest = self.wrapping_rem(*other);
        Ok(if rest != 0 && (rest < 0) != (*other < 0) { rest + other } else { rest })
    }

    fn power(&self, other: &Self) -> Result<Number, Fault> {
        if *other < 0 {
            return float_of(*self).power(&float_of(*other)).map(Number::Float);
        }
        let result = match (*self, u32::try_from(*other)) {
            (_, Ok(exponent)) => self.checked_pow(exponent),
            (base @ (0 | 1), Err(_)) => Some(base),
            (-1, Err(_)) => Some(1 - 2 * (other % 2)),
            _ => None,
        };
        result.map(Number::Int).ok_or_else(|| overflow(format!("{self} ** {other}")))
    }

    fn negated(&self) -> Result<Self, Fault> {
        self.checked_neg().ok_or_else(|| overflow(format!("-({self})")))
    }
}

impl Plus for f64 {
    fn plus(&self, other: &Self) -> Result<Self, Fault> {
        finite(self + other, || written(*self, "+", *other))
    }
}

impl Arithmetic for f64 {
    type Quotient = Self;
    type Power = Self;

    fn minus(&self, other: &Self) -> Result<Self, Fault> {
        finite(self - other, || written(*self, "-", *other))
    }

    fn times(&self, other: &Self) -> Result<Self, Fault> {
        finite(self * other, || written(*self, "*", *other))
    }

    fn divided(&self, other: &Self) -> Result<Self, Fault> {
        if *other == 0.0 {
            return Err(by_zero(written(*self, "/", *other)));
        }
        finite(self / other, || written(*self, "/", *other))
    }

    fn floor_divided(&self, other: &Self) -> Result<Self, Fault> {
        let rest = self.remainder(other).map_err(|_| by_zero(written(*self, "//", *other)))?;
        let quotient = (self - rest) / other;
        // The division may have rounded to just below the integer that is meant.
        let down = quotient.floor();
        let nearest = if quotient - down > 0.5 { down + 1.0 } else { down };
        finite(nearest, || written(*self, "//", *other))
    }

    fn remainder(&self, other: &Self) -> Result<Self, Fault> {
        if *other == 0.0 {
            return Err(by_zero(written(*self, "%", *other)));
        }
        let rest = self % other;
        Ok(if rest == 0.0 {
            0.0_f64.copysign(*other)
        } else if (rest < 0.0) != (*other < 0.0) {
            rest + other
        } else {
            rest
        })
    }

    fn power(&self, other: &Self) -> Result<Self, Fault> {
        if *self == 0.0 && *other < 0.0 {
            return Err(by_zero(written(*self, "**", *other)));
        }
        finite(self.powf(*other), || written(*self, "**", *other))
    }

    fn negated(&self) -> Result<Self, Fault> {
        Ok(-self)
    }
}

impl Number {
    /// Integers together stay integers; a float makes both floats
    fn both<I, F>(
        self,
        other: Self,
        ints: impl FnOnce(&i64, &i64) -> Result<I, Fault>,
        floats: impl FnOnce(&f64, &f64) -> Result<F, Fault>,
    ) -> Result<Self, Fault>
    where
        Self: From<I> + From<F>,
    {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => ints(&a, &b).map(Self::from),
            (a, b) => floats(&a.as_f64(), &b.as_f64()).map(Self::from),
        }
    }
}

impl Plus for Number {
    fn plus(&self, other: &Self) -> Result<Self, Fault> {
        self.both(*other, Plus::plus, Plus::plus)
    }
}

impl Arithmetic for Number {
    type Quotient = f64;
    type Power = Self;

    fn minus(&self, other: &Self) -> Result<Self, Fault> {
        self.both(*other, Arithmetic::minus, Arithmetic::minus)
    }

    fn times(&self, other: &Self) -> Result<Self, Fault> {
        self.both(*other, Arithmetic::times, Arithmetic::times)
    }

    fn divided(&self, other: &Self) -> Result<f64, Fault> {
        self.as_f64().divided(&other.as_f64())
    }

    fn floor_divided(&self, other: &Self) -> Result<Self, Fault> {
        self.both(*other, Arithmetic::floor_divided, Arithmetic::floor_divided)
    }

    fn remainder(&self, other: &Self) -> Result<Self, Fault> {
        self.both(*other, Arithmetic::remainder, Arithmetic::remainder)
    }

    fn power(&self, other: &Self) -> Result<Self, Fault> {
        self.both(*other, Arithmetic::power, Arithmetic::power)
    }

    fn negated(&self) -> Result<Self, Fault> {
        match self {
            Self::Int(int) => int.negated().map(Self::Int),
            Self::Float(float) => float.negated().map(Self::Float),
        }
    }
}

impl Plus for String {
    fn plus(&self, other: &Self) -> Result<Self, Fault> {
        bound_bytes(self.len() + other.len())?;
        Ok(format!("{self}{other}"))
    }
}

impl<T: Clone> Plus for Vec<T> {
    fn plus(&self, other: &Self) -> Result<Self, Fault> {
        bound_items(self.len() + other.len())?;
        Ok(self.iter().chain(other).cloned().collect())
    }
}

impl Plus for Value {
    fn plus(&self, other: &Self) -> Result<Self, Fault> {
        match (self, other) {
            (Self::String(a), Self::String(b)) => a.plus(b).map(Self::String),
            (Self::Array(a), Self::Array(b)) => a.plus(b).map(Self::Array),
            (a, b) => numbers("+", a, b, Plus::plus),
        }
    }
}

impl Arithmetic for Value {
    type Quotient = Self;
    type Power = Self;

    fn minus(&self, other: &Self) -> Result<Self, Fault> {
        numbers("-", self, other, Arithmetic::minus)
    }

    fn times(&self, other: &Self) -> Result<Self, Fault> {
        match (self, other) {
            (Self::String(text), times @ (Self::Number(_) | Self::Bool(_)))
            | (times @ (Self::Number(_) | Self::Bool(_)), Self::String(text)) => {
                let times = repeats(times)?;
                bound_bytes(text.len().saturating_mul(times))?;
                Ok(Self::String(text.repeat(times)))
            }
            (Self::Array(items), times @ (Self::Number(_) | Self::Bool(_)))
            | (times @ (Self::Number(_) | Self::Bool(_)), Self::Array(items)) => {
                let times = repeats(times)?;
                bound_items(items.len().saturating_mul(times))?;
                Ok(std::iter::repeat_n(items, times).flatten().cloned().collect())
            }
            (a, b) => numbers("*", a, b, Arithmetic::times),
        }
    }

    fn divided(&self, other: &Self) -> Result<Self, Fault> {
        numbers("/", self, other, |a, b| a.divided(b).map(Number::Float))
    }

    fn floor_divided(&self, other: &Self) -> Result<Self, Fault> {
        numbers("//", self, other, Arithmetic::floor_divided)
    }

    fn remainder(&self, other: &Self) -> Result<Self, Fault> {
        numbers("%", self, other, Arithmetic::remainder)
    }

    fn power(&self, other: &Self) -> Result<Self, Fault> {
        numbers("**", self, other, Arithmetic::power)
    }

    fn negated(&self) -> Result<Self, Fault> {
        match arithmetic(self) {
            Some(number) => number.negated().map(|number| number.to_json()),
            None => Err(mismatch(format!("a sign takes a number, not {}", kind_of(self)))),
        }
    }
}

/// An operator between two values that must both be numbers
fn numbers(
    operator: &str,
    a: &Value,
    b: &Value,
    apply: impl FnOnce(&Number, &Number) -> Result<Number, Fault>,
) -> Result<Value, Fault> {
    let (left, right) = match (arithmetic(a), arithmetic(b)) {
        (Some(left), Some(right)) => (left, right),
        _ if a.is_number() && b.is_number() => {
            return Err(overflow(format!("{a} {operator} {b}")));
        }
        _ => {
            let (a, b) = (kind_of(a), kind_of(b));
            return Err(mismatch(format!("`{operator}` does not go between {a} and {b}")));
        }
    };
    apply(&left, &right).map(|number| number.to_json())
}

/// How often to repeat: below zero is never, as in Python
fn repeats(times: &Value) -> Result<usize, Fault> {
    match arithmetic(times) {
        Some(Number::Int(times)) => Ok(usize::try_from(times.max(0)).unwrap_or(usize::MAX)),
        _ => Err(mismatch(format!("only an integer repeats, not `{times}`"))),
    }
}
