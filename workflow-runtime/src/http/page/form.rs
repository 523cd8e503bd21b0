//! What a form has sent: taken only if it is one of ours.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;

use super::Page;
use super::trouble::Trouble;
use super::visitor::Visitor;

/// The field that proves that a form is ours
pub(super) const PROOF: &str = "form_token";

/// The fields of a form, or of a query
#[derive(Clone, Debug, Default)]
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    /// Reads what a form sends; a line ends as it does everywhere else, not as in forms
    pub(super) fn read(text: &[u8]) -> Self {
        let fields = form_urlencoded::parse(text);
        Self(fields.map(|(name, value)| (name.into_owned(), value.replace("\r\n", "\n"))).collect())
    }

    /// The field of a name; the first, if there are several
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(named, _)| named == name).map(|(_, value)| value.as_str())
    }

    /// The field of a name, unless it was left empty
    pub(super) fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).map(str::trim).filter(|value| !value.is_empty())
    }
}

/// A form that was shown to the visitor who sends it
pub(super) struct Sent {
    pub(super) form: Form,
    pub(super) visitor: Visitor,
}

impl FromRequest<Arc<Page>> for Sent {
    type Rejection = Response;

    async fn from_request(request: Request<Body>, page: &Arc<Page>) -> Result<Self, Response> {
        let Some(visitor) = request.extensions().get::<Visitor>().cloned() else {
            // Whoever is let in is known; without `visitor::admit` there is no way in.
            return Err(Trouble::foreign_form().bare());
        };
        let is_form = request
            .headers()
            .get(CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
        let bytes = Bytes::from_request(request, page).await.unwrap_or_default();
        let form = Form::read(&bytes);
        let proof = form.get(PROOF).unwrap_or_default();
        if is_form && page.seals.is_form(proof, &visitor.session) {
            Ok(Self { form, visitor })
        } else {
            let trouble = Trouble::foreign_form();
            tracing::debug!(status = StatusCode::FORBIDDEN.as_u16(), "form refused");
            Err(trouble.show(&visitor))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_they_were_typed() {
        let form = Form::read(b"a=1%2B1+%3D+2&b=two%0D%0Alines&a=again&empty=+&broken=%ff");
        assert_eq!(form.get("a"), Some("1+1 = 2"));
        assert_eq!(form.get("b"), Some("two\nlines"));
        assert_eq!((form.get("empty"), form.filled("empty")), (Some(" "), None));
        assert_eq!(form.get("broken"), Some("\u{fffd}"));
        assert_eq!(form.get("none"), None);
    }
}
