//! Tests that look at what a value is: `is string`, `is mapping`, `is lower`, …

use serde_json::Value;

/// `x is string`
pub fn is_string(value: &Value) -> bool {
    value.is_string()
}

/// `x is number`; to Jinja2, a truth value is one
pub fn is_number(value: &Value) -> bool {
    value.is_number() || value.is_boolean()
}

/// `x is integer`
pub fn is_integer(value: &Value) -> bool {
    value.is_i64() || value.is_u64()
}

/// `x is float`
pub fn is_float(value: &Value) -> bool {
    value.is_f64()
}

/// `x is boolean`
pub fn is_boolean(value: &Value) -> bool {
    value.is_boolean()
}

/// `x is true`
pub fn is_true(value: &Value) -> bool {
    *value == Value::Bool(true)
}

/// `x is false`
pub fn is_false(value: &Value) -> bool {
    *value == Value::Bool(false)
}

/// `x is mapping`
pub fn is_mapping(value: &Value) -> bool {
    value.is_object()
}

/// `x is sequence`, `x is iterable`: lists, and as in Jinja2 strings and objects
pub fn is_sequence(value: &Value) -> bool {
    value.is_array() || value.is_string() || value.is_object()
}

/// `s is lower`: it has letters, and none that is a capital
pub fn is_lower(text: &str) -> bool {
    text.chars().any(char::is_lowercase) && !text.chars().any(char::is_uppercase)
}

/// `s is upper`: it has letters, and all are capitals
pub fn is_upper(text: &str) -> bool {
    text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase)
}

/// `x is sameas y`: equal, and of one type: 1 is not 1.0
pub fn same_as(a: &Value, b: &Value) -> bool {
    a == b
}
