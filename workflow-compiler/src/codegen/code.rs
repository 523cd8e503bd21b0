//! A piece of Rust that gives a value, and how the value can be had from it.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::quote;

/// How a piece of Rust gives its value
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// A new value
    Owned,
    /// A place that keeps its value
    Place,
    /// A reference
    Ref,
    /// A string literal, of type `&str`
    Text,
}

/// How tightly a piece of Rust binds
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Bind {
    /// Calls, paths, literals: anything can stand behind
    Tight,
    Unary,
    Compare,
    And,
    Or,
    /// `if`, blocks
    Loose,
}

/// A piece of Rust that gives a value
#[derive(Clone, Debug)]
pub(super) struct Code {
    tokens: TokenStream,
    form: Form,
    copy: bool,
    bind: Bind,
}

impl Code {
    /// A new value, from a call or a literal
    pub(super) fn owned(tokens: TokenStream) -> Self {
        Self { tokens, form: Form::Owned, copy: false, bind: Bind::Tight }
    }

    /// A string literal
    pub(super) fn text(text: &str) -> Self {
        let literal = super::literal::string(text);
        Self { tokens: quote!(#literal), form: Form::Text, copy: false, bind: Bind::Tight }
    }

    /// A place that must be left as it is; `copy` tells whether its type is
    pub(super) fn place(tokens: TokenStream, copy: bool) -> Self {
        Self { tokens, form: Form::Place, copy, bind: Bind::Tight }
    }

    /// A reference; `copy` tells whether the type behind it is
    pub(super) fn reference(tokens: TokenStream, copy: bool) -> Self {
        Self { tokens, form: Form::Ref, copy, bind: Bind::Tight }
    }

    pub(super) fn binding(mut self, bind: Bind) -> Self {
        self.bind = bind;
        self
    }

    /// The value itself, copied or cloned where it must stay
    pub(super) fn value(self) -> TokenStream {
        let tokens = &self.tokens;
        match (self.form, self.copy) {
            (Form::Owned, _) | (Form::Place, true) => self.tokens,
            (Form::Ref, true) => quote!(*#tokens),
            (Form::Place | Form::Ref, false) => quote!(#tokens.clone()),
            (Form::Text, _) => quote!(#tokens.to_string()),
        }
    }

    /// The value as the body of an `if`: a block is one already
    pub(super) fn body(self) -> TokenStream {
        let bind = self.bind;
        let value = self.value();
        let mut tokens = value.clone().into_iter();
        match (tokens.next(), tokens.next()) {
            (Some(TokenTree::Group(group)), None)
                if bind == Bind::Loose && group.delimiter() == Delimiter::Brace =>
            {
                group.stream()
            }
            _ => value,
        }
    }

    /// The value as a `Result`: what is a call with `?` already is one without
    pub(super) fn result(self) -> TokenStream {
        let tight = self.bind == Bind::Tight && self.form == Form::Owned;
        let mut tokens: Vec<_> = self.tokens.clone().into_iter().collect();
        let question =
            matches!(tokens.last(), Some(TokenTree::Punct(last)) if last.as_char() == '?');
        if tight && question {
            tokens.pop();
            return tokens.into_iter().collect();
        }
        let value = self.value();
        quote!(Ok(#value))
    }

    /// A reference to it
    pub(super) fn by_ref(self) -> TokenStream {
        let tokens = self.tight(Bind::Unary);
        match self.form {
            Form::Ref => tokens,
            Form::Text => quote!(&#tokens.to_string()),
            Form::Owned | Form::Place => quote!(&#tokens),
        }
    }

    /// A `&str`, of a string
    pub(super) fn by_str(self) -> TokenStream {
        if self.form == Form::Text { self.tokens } else { self.by_ref() }
    }

    /// What a method can be called on, or a field taken of; a reference will do
    pub(super) fn base(&self) -> TokenStream {
        self.tight(Bind::Tight)
    }

    /// An operand: in brackets if it binds less than this
    pub(super) fn operand(self, least: Bind) -> TokenStream {
        let bind = if self.form == Form::Ref && self.copy { Bind::Unary } else { self.bind };
        let value = if self.copy { self.clone().value() } else { self.tokens };
        if bind > least { quote!((#value)) } else { value }
    }

    /// A field of it
    pub(super) fn field(self, name: &TokenStream, copy: bool) -> Self {
        let base = self.base();
        let form = if self.form == Form::Owned { Form::Owned } else { Form::Place };
        Self { tokens: quote!(#base.#name), form, copy, bind: Bind::Tight }
    }

    /// Whether it is a reference to what the other is a place of, so that `==` needs a star
    pub(super) fn is_reference(&self) -> bool {
        self.form == Form::Ref
    }

    pub(super) fn is_copy(&self) -> bool {
        self.copy
    }

    pub(super) fn is_text(&self) -> bool {
        self.form == Form::Text
    }

    /// Whether it is a new value that nobody else has
    pub(super) fn is_new(&self) -> bool {
        self.form == Form::Owned
    }

    fn tight(&self, least: Bind) -> TokenStream {
        let tokens = &self.tokens;
        if self.bind > least { quote!((#tokens)) } else { tokens.clone() }
    }
}
