//! All that generated code speaks of: `use ::workflow_runtime::generated::*;`
//!
//! Templates derive askama's `Template` by the path given here, so that the crate that includes
//! the code need not depend on askama:
//!
//! ```
//! use std::borrow::Cow;
//!
//! use workflow_runtime::generated::*;
//!
//! #[derive(::workflow_runtime::generated::askama::Template)]
//! #[template(
//!     askama = ::workflow_runtime::generated::askama,
//!     ext = "txt",
//!     escape = "none",
//!     source = "item {{ self.item()? }}"
//! )]
//! struct Message {
//!     items: Vec<String>,
//! }
//!
//! impl Message {
//!     fn item(&self) -> Result<Cow<'_, str>, Fault> {
//!         ops::index(&self.items, -1).map(Cow::Owned)
//!     }
//! }
//!
//! assert_eq!(render(&Message { items: vec!["a".into()] }).unwrap(), "item a");
//! assert_eq!(render(&Message { items: vec![] }).unwrap_err().code, "index-out-of-range");
//! ```

pub use std::cell::RefCell;
use std::fmt;

pub use askama;

pub use crate::data::{Data, DateTime, Mismatch, Number, Object, Value};
pub use crate::machine::{
    Action, ChildStart, Compiled, Context, Fault, Fork, Info, Live, Next, Place, Program,
    PromptKind, Refusal, Retry, Run, StepInfo, Stop, Wait, Workflow,
};
use crate::machine::{Limit, in_force};
pub use crate::machine::{Position as _, Variables as _};
pub use crate::ops::Loop;
pub use crate::typed::{Handle, Paused, Typed};
pub use crate::{children, filters, functions, host, methods, ops, positions, record, variables};

/// An object with these fields
pub fn object<const N: usize>(fields: [(&str, Value); N]) -> Object {
    fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// What is known of a step: its id, its `type`, its line, and which step of the top level it is or
/// lies in
pub const fn step(id: &'static str, kind: &'static str, line: u32, top: usize) -> StepInfo {
    StepInfo { id, kind, line, top }
}

/// What a run that waits needs of its past: what is waited for, the answer's type, a digest of what
/// it must look like
pub const fn live(action: &'static str, answer: &'static str, schema: u32) -> Live {
    Live::new(action, answer, schema)
}

/// What can be rendered: each [`askama::Template`], and what the compiler has expanded of one
pub trait Rendered {
    /// As of [`askama::Template`]
    const SIZE_HINT: usize;

    /// Writes the text
    fn render_into_with_values(
        &self,
        writer: &mut dyn fmt::Write,
        values: &dyn askama::Values,
    ) -> askama::Result<()>;
}

impl<T: askama::Template> Rendered for T {
    const SIZE_HINT: usize = <T as askama::Template>::SIZE_HINT;

    fn render_into_with_values(
        &self,
        writer: &mut dyn fmt::Write,
        values: &dyn askama::Values,
    ) -> askama::Result<()> {
        askama::Template::render_into_with_values(self, writer, values)
    }
}

/// Renders a template
///
/// A fault in one of its expressions is given back as it was; a text longer than
/// [`Limit::Message`] is the fault `message-too-large`, found before it is all there.
pub fn render<T: Rendered>(template: &T) -> Result<String, Fault> {
    rendered(&|text| template.render_into_with_values(text, askama::NO_VALUES))
}

fn rendered(write: &dyn Fn(&mut dyn fmt::Write) -> askama::Result<()>) -> Result<String, Fault> {
    let limits = in_force();
    let most = limits.bytes(Limit::Message);
    let mut message = Message { text: String::new(), most, full: false };
    match write(&mut message) {
        Ok(()) => Ok(message.text),
        Err(_) if message.full => Err(Fault::new(
            "message-too-large",
            format!("the text would be longer than {} KiB (MAX_MESSAGE_KIB)", most >> 10),
        )
        .help(format!(
            "put less into it, or hand it over in parts; or {}",
            limits.raise_and_retry(Limit::Message)
        ))),
        Err(askama::Error::Custom(error)) => Err(match error.downcast::<Fault>() {
            Ok(fault) => *fault,
            Err(error) => Fault::new("internal", error.to_string()),
        }),
        Err(error) => Err(Fault::new("internal", error.to_string())),
    }
}

/// A text that takes so much and no more
struct Message {
    text: String,
    /// In bytes
    most: usize,
    full: bool,
}

impl fmt::Write for Message {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        if self.text.len() + part.len() > self.most {
            self.full = true;
            return Err(fmt::Error);
        }
        self.text.push_str(part);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    #[derive(askama::Template)]
    #[template(
        ext = "txt",
        escape = "none",
        source = "{% for i in self.items() %}{{ loop.index }}. {{ self.text(i)? }}\n{% endfor %}"
    )]
    struct List {
        items: Vec<Value>,
    }

    impl List {
        fn items(&self) -> &[Value] {
            &self.items
        }

        #[expect(clippy::unused_self, reason = "templates call methods")]
        fn text<'a>(&self, item: &'a Value) -> Result<Cow<'a, str>, Fault> {
            Ok(ops::show(ops::field(item, "text")?))
        }
    }

    fn list(texts: &[&str]) -> List {
        List { items: texts.iter().map(|text| serde_json::json!({"text": text})).collect() }
    }

    #[test]
    fn a_template_gives_its_text() {
        assert_eq!(render(&list(&["<a>", "b"])).unwrap(), "1. <a>\n2. b\n");
    }

    #[test]
    fn a_fault_in_a_template_comes_out_as_it_was() {
        let fault = ops::field(&Value::Null, "text").unwrap_err();
        assert_eq!(render(&List { items: vec![Value::Null] }), Err(fault));
    }

    #[test]
    fn a_text_may_be_as_long_as_the_limit_and_no_longer() {
        let limit = 256 << 10;
        let most = "x".repeat(limit - "1. \n".len());
        assert_eq!(render(&list(&[&most])).unwrap().len(), limit);
        let fault = render(&list(&[&most, ""])).unwrap_err();
        assert_eq!(fault.code, "message-too-large");
        assert_eq!(fault.message, "the text would be longer than 256 KiB (MAX_MESSAGE_KIB)");
    }
}
