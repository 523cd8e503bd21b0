//! Arithmetic of integers, which stay within 64 bits, of floats, which stay finite, and of both.

use super::{Arithmetic, Plus};
use crate::data::{Number, float_of, float_text};
use crate::machine::Fault;

pub(super) fn overflow(expression: &str) -> Fault {
    Fault::new("integer-overflow", format!("`{expression}` does not fit 64 bits"))
}

fn by_zero(expression: &str) -> Fault {
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
        self.checked_add(*other).ok_or_else(|| overflow(&format!("{self} + {other}")))
    }
}

impl Arithmetic for i64 {
    type Quotient = f64;
    type Power = Number;

    fn minus(&self, other: &Self) -> Result<Self, Fault> {
        self.checked_sub(*other).ok_or_else(|| overflow(&format!("{self} - {other}")))
    }

    fn times(&self, other: &Self) -> Result<Self, Fault> {
        self.checked_mul(*other).ok_or_else(|| overflow(&format!("{self} * {other}")))
    }

    fn divided(&self, other: &Self) -> Result<f64, Fault> {
        if *other == 0 {
            return Err(by_zero(&format!("{self} / {other}")));
        }
        Ok(quotient(*self, *other))
    }

    fn floor_divided(&self, other: &Self) -> Result<Self, Fault> {
        if *other == 0 {
            return Err(by_zero(&format!("{self} // {other}")));
        }
        let quotient =
            self.checked_div(*other).ok_or_else(|| overflow(&format!("{self} // {other}")))?;
        let down = self % other != 0 && (*self < 0) != (*other < 0);
        Ok(quotient - Self::from(down))
    }

    fn remainder(&self, other: &Self) -> Result<Self, Fault> {
        if *other == 0 {
            return Err(by_zero(&format!("{self} % {other}")));
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
        result.map(Number::Int).ok_or_else(|| overflow(&format!("{self} ** {other}")))
    }

    fn negated(&self) -> Result<Self, Fault> {
        self.checked_neg().ok_or_else(|| overflow(&format!("-({self})")))
    }

    fn positive(&self) -> Result<Self, Fault> {
        Ok(*self)
    }
}

/// `a / b`, rounded once: the operands may have more digits than a float
fn quotient(a: i64, b: i64) -> f64 {
    let (dividend, divisor) = (u128::from(a.unsigned_abs()), u128::from(b.unsigned_abs()));
    // Shifted up, the quotient has more bits than a float; a remainder counts as one more.
    let shift = dividend.leading_zeros().min(127);
    let shifted = dividend << shift;
    let bits = (shifted / divisor) | u128::from(shifted % divisor != 0);
    #[expect(clippy::cast_precision_loss, reason = "this is the one rounding")]
    let magnitude = bits as f64 / 2.0_f64.powf(f64::from(shift));
    if (a < 0) == (b < 0) { magnitude } else { -magnitude }
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
            return Err(by_zero(&written(*self, "/", *other)));
        }
        finite(self / other, || written(*self, "/", *other))
    }

    fn floor_divided(&self, other: &Self) -> Result<Self, Fault> {
        if *other == 0.0 {
            return Err(by_zero(&written(*self, "//", *other)));
        }
        let rest = self % other;
        let down = rest != 0.0 && (rest < 0.0) != (*other < 0.0);
        let quotient = (self - rest) / other - if down { 1.0 } else { 0.0 };
        if quotient == 0.0 {
            return Ok(0.0_f64.copysign(self / other));
        }
        // The division may have rounded to just below the integer that is meant.
        let floor = quotient.floor();
        let nearest = if quotient - floor > 0.5 { floor + 1.0 } else { floor };
        finite(nearest, || written(*self, "//", *other))
    }

    fn remainder(&self, other: &Self) -> Result<Self, Fault> {
        if *other == 0.0 {
            return Err(by_zero(&written(*self, "%", *other)));
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
            return Err(by_zero(&written(*self, "**", *other)));
        }
        finite(self.powf(*other), || written(*self, "**", *other))
    }

    fn negated(&self) -> Result<Self, Fault> {
        Ok(-self)
    }

    fn positive(&self) -> Result<Self, Fault> {
        Ok(*self)
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
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => a.divided(b),
            (a, b) => a.as_f64().divided(&b.as_f64()),
        }
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

    fn positive(&self) -> Result<Self, Fault> {
        Ok(*self)
    }
}
