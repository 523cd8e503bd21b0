//! `+ - * / // % **` and the signs.

mod any;
mod number;

use super::{bound_bytes, bound_items};
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
    /// `+a`
    fn positive(&self) -> Result<Self, Fault>;
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
    a.positive()
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
