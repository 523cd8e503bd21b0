//! The parameters of a call of a built-in tool.

use serde_json::{Map, Value};

/// The parameters of one call; what is wrong with them is said in words
pub(super) struct Args<'a> {
    /// `memory.save`
    pub(super) tool: &'a str,
    pub(super) parameters: &'a Map<String, Value>,
}

impl<'a> Args<'a> {
    /// Refuses parameters of other names
    pub(super) fn only(&self, known: &[&str]) -> Result<(), String> {
        match self.parameters.keys().find(|name| !known.contains(&name.as_str())) {
            Some(name) => {
                let known = known.join("`, `");
                Err(self.wrong(&format!("has no parameter `{name}`; there are `{known}`")))
            }
            None => Ok(()),
        }
    }

    pub(super) fn value(&self, name: &str) -> Result<&'a Value, String> {
        self.parameters.get(name).ok_or_else(|| self.wrong(&format!("needs `{name}`")))
    }

    pub(super) fn text(&self, name: &str) -> Result<&'a str, String> {
        self.value(name)?
            .as_str()
            .ok_or_else(|| self.wrong(&format!("needs a string for `{name}`")))
    }

    /// A null counts as left out
    fn given(&self, name: &str) -> Option<&'a Value> {
        self.parameters.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn text_or_none(&self, name: &str) -> Result<Option<&'a str>, String> {
        self.given(name).map(|_| self.text(name)).transpose()
    }

    pub(super) fn integer_or_none(&self, name: &str) -> Result<Option<i64>, String> {
        let wrong = || self.wrong(&format!("needs an integer for `{name}`"));
        self.given(name).map(|value| value.as_i64().ok_or_else(wrong)).transpose()
    }

    /// An integer, or what holds without one; what is beyond the bounds is the bound
    pub(super) fn bounded(
        &self,
        name: &str,
        without: i64,
        bounds: std::ops::RangeInclusive<i64>,
    ) -> Result<i64, String> {
        let given = self.integer_or_none(name)?.unwrap_or(without);
        Ok(given.clamp(*bounds.start(), *bounds.end()))
    }

    /// What is wrong with the call
    pub(super) fn wrong(&self, what: &str) -> String {
        format!("`{}` {what}", self.tool)
    }
}
