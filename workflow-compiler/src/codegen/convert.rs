//! From one type to another, as the simplest Rust that does it.

use quote::quote;

use super::code::Code;
use super::expr::{field_init, null};
use super::literal;
use super::scope::Scope;
use super::shapes::{is_copy, same};
use crate::syntax::schema::json_schema_of;
use crate::typed::{Expr, ExprKind};
use crate::types::{Shape, Ty};

impl Scope<'_> {
    /// The same value as a wider type
    pub(super) fn widen(&self, of: &Expr, to: &Ty) -> Code {
        if same(&of.ty, to) {
            return self.expr(of);
        }
        match (&of.kind, to) {
            (ExprKind::Null, _) => return Code::owned(null(to)),
            (ExprKind::Widen(inner), _) if !matches!(of.ty, Ty::Any | Ty::Open) => {
                return self.widen(inner, to);
            }
            (ExprKind::Conditional(test, then, otherwise), _) => {
                return self.conditional(test, |scope| {
                    (scope.widen(then, to), scope.widen(otherwise, to))
                });
            }
            (ExprKind::List(items), Ty::List(item)) if !items.is_empty() => {
                let items = items.iter().map(|value| self.widen(value, item).value());
                return Code::owned(quote!(vec![#(#items),*]));
            }
            (ExprKind::Object(fields), Ty::Open) => return self.open_object(fields),
            (ExprKind::Object(fields), Ty::Object(shape)) => {
                return self.wider_object(fields, shape);
            }
            _ => {}
        }
        match (&of.ty, to) {
            (_, Ty::Any | Ty::Poison) => self.json(of),
            (Ty::Null, _) => Code::owned(null(to)),
            (Ty::List(item), Ty::List(_)) if **item == Ty::Never => Code::owned(quote!(Vec::new())),
            (Ty::Int | Ty::Float, Ty::Number) => {
                let value = self.expr(of).value();
                Code::owned(quote!(Number::from(#value)))
            }
            (Ty::Int, Ty::Float) => {
                let value = self.expr(of).value();
                Code::owned(quote!(Number::from(#value).as_f64()))
            }
            (Ty::Number, Ty::Float) => {
                let base = self.expr(of).base();
                Code::owned(quote!(#base.as_f64()))
            }
            (Ty::List(from), Ty::List(to)) => self.widen_items(of, from, to),
            (from, Ty::Optional(some)) if !matches!(from, Ty::Optional(_)) => {
                let value = self.widen(of, some).value();
                Code::owned(quote!(Some(#value)))
            }
            _ => self.convert(of, to),
        }
    }

    fn widen_items(&self, of: &Expr, from: &Ty, to: &Ty) -> Code {
        let items = self.expr(of).base();
        let owned = if is_copy(from) { quote!(copied) } else { quote!(cloned) };
        Code::owned(match (from, to) {
            (_, Ty::Any) => quote!(#items.iter().map(Data::to_json).collect::<Vec<_>>()),
            (Ty::Int | Ty::Float, Ty::Number) => {
                quote!(#items.iter().copied().map(Number::from).collect::<Vec<_>>())
            }
            (from, Ty::Optional(some)) if same(from, some) => {
                quote!(#items.iter().#owned().map(Some).collect::<Vec<_>>())
            }
            (_, to) => return self.convert(of, &Ty::list(to.clone())),
        })
    }

    /// The value as a narrower type, checked
    pub(super) fn cast(&self, of: &Expr, to: &Ty) -> Code {
        if to.has_enum() {
            // Which texts they are is not told by their Rust type.
            let schema = literal::string(&json_schema_of(to).to_string());
            let (value, to) = (self.expr(of).by_ref(), self.rust(to));
            return Code::owned(self.attempt(&quote!(ops::fitting::<_, #to>(#value, #schema))));
        }
        if same(&of.ty, to) {
            return self.expr(of);
        }
        match (&of.ty, to) {
            (Ty::Any, _) => {
                let (value, to) = (self.expr(of).by_ref(), self.rust(to));
                Code::owned(self.attempt(&quote!(ops::cast::<#to>(#value))))
            }
            (Ty::Number, Ty::Int) => {
                let base = self.expr(of).base();
                Code::owned(self.attempt(&quote!(#base.integral())))
            }
            _ => self.convert(of, to),
        }
    }

    /// Through JSON
    fn convert(&self, of: &Expr, to: &Ty) -> Code {
        let (value, to) = (self.expr(of).by_ref(), self.rust(to));
        Code::owned(self.attempt(&quote!(ops::convert::<_, #to>(#value))))
    }

    /// What may be null where it certainly is not
    pub(super) fn present(&self, of: &Expr) -> Code {
        let Ty::Optional(some) = &of.ty else { return self.expr(of) };
        let (name, value) = (self.name_of(of), self.expr(of).by_ref());
        Code::reference(self.attempt(&quote!(ops::required(#value, #name))), is_copy(some))
    }

    /// A value as one of any type
    pub(super) fn json(&self, of: &Expr) -> Code {
        match &of.kind {
            ExprKind::Null => return Code::owned(quote!(Value::Null)),
            ExprKind::Widen(inner) => return self.json(inner),
            ExprKind::Object(fields) => {
                let object = self.open_object(fields).value();
                return Code::owned(quote!(Value::from(#object)));
            }
            ExprKind::List(items) if !items.is_empty() => {
                let items = items.iter().map(|item| self.json(item).value());
                return Code::owned(quote!(Value::from(vec![#(#items),*])));
            }
            ExprKind::Conditional(test, then, otherwise) => {
                return self.conditional(test, |scope| (scope.json(then), scope.json(otherwise)));
            }
            _ => {}
        }
        let code = self.expr(of);
        if of.ty == Ty::Any {
            return code;
        }
        let plain = matches!(of.ty, Ty::Bool | Ty::Int) || of.ty.is_text();
        if plain && (code.is_new() || code.is_text() || code.is_copy()) {
            let value = if code.is_text() { code.by_str() } else { code.value() };
            return Code::owned(quote!(Value::from(#value)));
        }
        let base = code.base();
        Code::owned(quote!(#base.to_json()))
    }

    /// An object of which nothing is known
    pub(super) fn open_object(&self, fields: &[(String, Expr)]) -> Code {
        if fields.is_empty() {
            return Code::owned(quote!(Object::new()));
        }
        let fields = fields.iter().map(|(key, value)| {
            let (key, value) = (literal::string(key), self.json(value).value());
            quote!((#key, #value))
        });
        Code::owned(quote!(object([#(#fields),*])))
    }

    /// An object written out, as one whose fields are wider
    fn wider_object(&self, fields: &[(String, Expr)], shape: &Shape) -> Code {
        let name = self.module.struct_in(shape, self.step);
        let fields = shape.fields.iter().map(|(key, ty)| {
            let given = fields.iter().find(|(name, _)| name == key);
            let value = given.map_or_else(|| null(ty), |(_, value)| self.widen(value, ty).value());
            field_init(&self.module.field(shape, key, self.step), &value)
        });
        Code::owned(quote!(#name { #(#fields),* }))
    }

    /// What the author calls a value
    fn name_of(&self, expr: &Expr) -> String {
        let program = self.module.program;
        match &expr.kind {
            ExprKind::State(at) => format!("state.{}", program.state[*at].name),
            ExprKind::Input(at) => format!("inputs.{}", program.inputs[*at].name),
            ExprKind::Item => String::from("item"),
            ExprKind::Temp(temp) => program.temps[*temp].hint.clone(),
            ExprKind::Field(of, name) | ExprKind::Key(of, name) => {
                format!("{}.{name}", self.name_of(of))
            }
            _ => String::from("a value"),
        }
    }
}
