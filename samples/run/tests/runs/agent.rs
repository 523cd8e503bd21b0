//! An agent that answers whatever a JSON Schema demands, each time something else.

use serde_json::{Map, Value, json};

/// Makes answers; the same seed makes the same ones
pub(crate) struct Agent {
    pub(crate) seed: u64,
    state: u64,
}

impl Agent {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1 }
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from(self.state >> 33).unwrap() % limit.max(1)
    }

    /// A value that fits a schema
    pub(crate) fn answer(&mut self, schema: &Value) -> Value {
        if let Some(words) = schema["enum"].as_array() {
            return words[self.below(words.len())].clone();
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => kinds[self.below(kinds.len())].clone(),
            kind => kind.clone(),
        };
        match kind.as_str() {
            Some("string") => self.text(schema),
            Some("boolean") => json!(self.below(2) == 0),
            Some("integer") => json!(self.number(schema)),
            Some("number") => match self.below(2) {
                0 => json!(self.number(schema)),
                _ => json!(1.5),
            },
            Some("array") => {
                let least = usize::try_from(schema["minItems"].as_u64().unwrap_or(0)).unwrap();
                let count = least + self.below(3);
                (0..count).map(|_| self.answer(&schema["items"])).collect()
            }
            Some("object") => self.object(schema),
            Some("null") => Value::Null,
            _ if schema["properties"].is_object() => self.object(schema),
            _ => self.anything(),
        }
    }

    fn anything(&mut self) -> Value {
        match self.below(5) {
            0 => json!({"title": "a", "size": 3}),
            1 => json!(["x", 1]),
            2 => json!(7),
            3 => Value::Null,
            _ => json!("some text"),
        }
    }

    fn text(&mut self, schema: &Value) -> Value {
        let least = usize::try_from(schema["minLength"].as_u64().unwrap_or(0)).unwrap();
        let all = ["", "yes", "a, b,c", "Grüße 😀", "12", "two\nlines {{ x }}"];
        let mut text = all[self.below(all.len())].to_owned();
        while text.chars().count() < least {
            text.push('x');
        }
        json!(text)
    }

    fn number(&mut self, schema: &Value) -> i64 {
        let least = schema["minimum"].as_i64().unwrap_or(-3);
        least.max(-3) + i64::try_from(self.below(12)).unwrap()
    }

    fn object(&mut self, schema: &Value) -> Value {
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let mut object = Map::new();
        for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
            if required.contains(&name.as_str()) || self.below(2) == 0 {
                object.insert(name.clone(), self.answer(schema));
            }
        }
        for name in required {
            object.entry(name.to_owned()).or_insert_with(|| json!("some text"));
        }
        object.into()
    }
}
