//! Whether a value is of the kind that a key takes: what an unknown key was meant to be shows by
//! its value, too.

use super::{Takes, closest};
use crate::syntax::schema::TYPES;
use crate::yaml::{Document, NodeId, Plain, Scalar};

impl Takes {
    /// Whether a value is of this kind; of what it says, only as much as tells kinds apart
    pub(super) fn fits(self, doc: &Document, node: NodeId) -> bool {
        let scalar = doc.scalar(node);
        match self {
            Self::Data => true,
            Self::Mapping => doc.mapping(node).is_some(),
            Self::List | Self::Steps => doc.sequence(node).is_some(),
            Self::Names => {
                let is_name = |item: &NodeId| Self::Name.fits(doc, *item);
                doc.sequence(node).is_some_and(|items| items.iter().all(is_name))
            }
            Self::Texts => doc.sequence(node).is_some() || scalar.is_some_and(is_template),
            Self::Schema => doc.mapping(node).is_some() || Self::Word(TYPES).fits(doc, node),
            Self::Text
            | Self::Template
            | Self::Expression
            | Self::Name
            | Self::Flag
            | Self::Number
            | Self::Count
            | Self::Seconds
            | Self::Word(_)
            | Self::Agent => scalar.is_some_and(|scalar| self.fits_scalar(scalar)),
        }
    }

    fn fits_scalar(self, scalar: &Scalar) -> bool {
        let plain = scalar.plain();
        match self {
            Self::Text | Self::Template => matches!(plain, Plain::String(_)),
            Self::Expression => plain != Plain::Null,
            Self::Name => plain != Plain::Null && is_word(scalar),
            Self::Flag => matches!(plain, Plain::Bool(_)),
            Self::Number => matches!(plain, Plain::Int(_) | Plain::Float(_)),
            Self::Count => matches!(plain, Plain::Int(_)),
            Self::Seconds => Self::Number.fits_scalar(scalar) || is_template(scalar),
            Self::Word(words) => {
                let text = scalar.text.as_str();
                words.contains(&text) || closest(text, words.iter().copied()).is_some()
            }
            Self::Agent => scalar.text.starts_with('@'),
            // The others take no single value.
            _ => false,
        }
    }
}

fn is_word(scalar: &Scalar) -> bool {
    !scalar.text.is_empty()
        && !scalar.text.contains(|c: char| c.is_whitespace() || "{}".contains(c))
}

fn is_template(scalar: &Scalar) -> bool {
    scalar.text.contains("{{") || scalar.text.contains("{%")
}
