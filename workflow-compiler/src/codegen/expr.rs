//! Expressions as Rust.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::block::option;
use super::code::{Bind, Code};
use super::literal;
use super::scope::Scope;
use super::shapes::is_copy;
use crate::template::ast::{LogicOp, UnaryOp};
use crate::typed::{Expr, ExprKind, LoopMethod, LoopVar, PlaceVar};
use crate::types::Ty;

impl Scope<'_> {
    /// An expression as Rust
    pub(super) fn expr(&self, expr: &Expr) -> Code {
        match &expr.kind {
            ExprKind::Null => Code::owned(null(&expr.ty)),
            ExprKind::Bool(value) => Code::owned(quote!(#value)),
            ExprKind::Int(value) => Code::owned(int(*value)).binding(signed(*value < 0)),
            ExprKind::Float(value) => {
                let literal = literal::float(*value);
                Code::owned(quote!(#literal)).binding(signed(value.is_sign_negative()))
            }
            ExprKind::Str(text) => Code::text(text),
            ExprKind::List(items) => self.list(items, &expr.ty),
            ExprKind::Object(fields) => self.object(fields, &expr.ty),
            ExprKind::Input(at) => self.input(*at),
            ExprKind::State(at) => self.state(*at),
            ExprKind::Item => self.item(),
            ExprKind::Place(var) => self.place_var(*var),
            ExprKind::Temp(temp) => self.temp(*temp),
            ExprKind::Local(local) => self.local(*local, is_copy(&expr.ty)),
            ExprKind::Loop { of, var } => self.loop_var(*of, *var, &expr.ty),
            ExprKind::LoopCall { of, method, values } => self.loop_call(*of, *method, values),
            ExprKind::Field(of, name) => self.field(of, name, &expr.ty),
            ExprKind::Key(of, name) => self.key(of, name),
            ExprKind::Index(of, index) => self.index(of, index),
            ExprKind::Slice { of, start, stop, step } => self.slice(of, [start, stop, step]),
            ExprKind::Unary(op, operand) => self.unary(*op, operand),
            ExprKind::Binary(op, left, right) => self.binary(*op, left, right),
            ExprKind::Compare(op, left, right) => self.compare(*op, left, right),
            ExprKind::Logic(op, left, right) => self.logic(*op, left, right, &expr.ty),
            ExprKind::Conditional(test, then, otherwise) => {
                self.conditional(test, |scope| (scope.expr(then), scope.expr(otherwise)))
            }
            ExprKind::Truth(of) => self.truth(of),
            ExprKind::Show(of) => self.show(of),
            ExprKind::IsNull(of, negated) => self.is_null(of, *negated),
            ExprKind::Builtin { path, args, fallible } => self.builtin(path, args, *fallible),
            ExprKind::Each(each) => self.each(each, &expr.ty),
            ExprKind::Caught => Code::owned(self.attempt(&quote!(cx.caught()))),
            ExprKind::Ambient(method) => self.ambient(method),
            ExprKind::Host { name, args } => self.host(name, args),
            ExprKind::Template(template) => self.text(template),
            ExprKind::Widen(of) => self.widen(of, &expr.ty),
            ExprKind::Cast(of) => self.cast(of, &expr.ty),
            ExprKind::Present(of) => self.present(of),
        }
    }

    fn list(&self, items: &[Expr], ty: &Ty) -> Code {
        let items = items.iter().map(|item| self.expr(item).value());
        Code::owned(match (items.len(), ty) {
            // Nothing else says what an empty list would hold.
            (0, Ty::List(item)) if **item == Ty::Never => quote!(Vec::<()>::new()),
            (0, Ty::List(item)) if **item == Ty::Any => quote!(Vec::<Value>::new()),
            (0, _) => quote!(Vec::new()),
            _ => quote!(vec![#(#items),*]),
        })
    }

    fn object(&self, fields: &[(String, Expr)], ty: &Ty) -> Code {
        let Ty::Object(shape) = ty else { return self.open_object(fields) };
        let name = self.module.struct_in(shape, self.step);
        let fields = fields.iter().map(|(key, value)| {
            let field = self.module.field(shape, key, self.step);
            field_init(&field, &self.expr(value).value())
        });
        Code::owned(quote!(#name { #(#fields),* }))
    }

    fn place_var(&self, var: PlaceVar) -> Code {
        let place = self.place();
        // As a comparison, because `a as i64 < b` would be read as the start of generics.
        let count = |of: TokenStream| Code::owned(quote!(#place.#of as i64)).binding(Bind::Compare);
        match var {
            PlaceVar::Index => count(quote!(index)),
            PlaceVar::Total => count(quote!(total)),
            PlaceVar::IsFirst => Code::owned(quote!(#place.index == 0)).binding(Bind::Compare),
            PlaceVar::IsLast => {
                Code::owned(quote!(#place.index + 1 == #place.total)).binding(Bind::Compare)
            }
        }
    }

    fn loop_var(&self, of: usize, var: LoopVar, ty: &Ty) -> Code {
        let at = self.loop_place(of);
        let var = match loop_field(var) {
            Some(field) => format_ident!("{field}"),
            None => return self.neighbour(of, var, ty),
        };
        Code::place(quote!(#at.#var), true)
    }

    /// The item before or after, of which there may be none
    fn neighbour(&self, of: usize, var: LoopVar, ty: &Ty) -> Code {
        let at = self.loop_place(of);
        let field = if var == LoopVar::Previtem { quote!(previtem) } else { quote!(nextitem) };
        let item_may_be_null = self.loops.get(&of).is_some_and(|at| at.nullable);
        Code::owned(match ty {
            Ty::Optional(_) if item_may_be_null => quote!(#at.#field.cloned().flatten()),
            Ty::Optional(_) => quote!(#at.#field.cloned()),
            _ => quote!(#at.#field.cloned().unwrap_or_default()),
        })
    }

    fn loop_call(&self, of: usize, method: LoopMethod, values: &[Expr]) -> Code {
        let at = self.loop_place(of);
        let values = values.iter().map(|value| self.expr(value).value());
        match method {
            LoopMethod::Cycle => Code::owned(self.attempt(&quote!(#at.cycle(&[#(#values),*])))),
            LoopMethod::Changed => Code::owned(quote!(#at.changed(vec![#(#values),*]))),
        }
    }

    fn field(&self, of: &Expr, name: &str, ty: &Ty) -> Code {
        match &of.ty {
            Ty::Object(shape) => {
                let field = self.module.field(shape, name, self.step);
                self.expr(of).field(&quote!(#field), is_copy(ty))
            }
            _ => self.key(of, name),
        }
    }

    fn key(&self, of: &Expr, name: &str) -> Code {
        let object = self.expr(of).by_ref();
        if of.ty == Ty::Open {
            return Code::reference(quote!(ops::entry(#object, #name)), false);
        }
        Code::reference(self.attempt(&quote!(ops::field(#object, #name))), false)
    }

    fn index(&self, of: &Expr, index: &Expr) -> Code {
        let (of_ty, of, index) = (&of.ty, self.expr(of), self.expr(index));
        let call = match of_ty {
            Ty::List(_) => {
                let (of, index) = (of.by_ref(), index.value());
                quote!(ops::index(#of, #index))
            }
            ty if ty.is_text() => {
                let (of, index) = (of.by_str(), index.value());
                quote!(ops::index_text(#of, #index))
            }
            _ => {
                let (of, index) = (of.by_ref(), index.by_ref());
                quote!(ops::index_any(#of, #index))
            }
        };
        Code::owned(self.attempt(&call))
    }

    fn slice(&self, of: &Expr, bounds: [&Option<Box<Expr>>; 3]) -> Code {
        let function = match &of.ty {
            Ty::List(_) => quote!(slice),
            ty if ty.is_text() => quote!(slice_text),
            _ => quote!(slice_any),
        };
        let of = self.expr(of).by_str();
        let bounds =
            bounds.map(|bound| option(bound.as_ref().map(|bound| self.expr(bound).value())));
        Code::owned(self.attempt(&quote!(ops::#function(#of, #(#bounds),*))))
    }

    fn unary(&self, op: UnaryOp, operand: &Expr) -> Code {
        let of = self.expr(operand);
        let function = match op {
            UnaryOp::Not => {
                let of = of.operand(Bind::Unary);
                return Code::owned(quote!(!#of)).binding(Bind::Unary);
            }
            UnaryOp::Minus => quote!(neg),
            UnaryOp::Plus => quote!(pos),
        };
        let of = of.by_ref();
        Code::owned(self.attempt(&quote!(ops::#function(#of))))
    }

    fn logic(&self, op: LogicOp, left: &Expr, right: &Expr, ty: &Ty) -> Code {
        let (left, right) = (self.expr(left), self.expr(right));
        if *ty == Ty::Bool {
            let bind = if op == LogicOp::And { Bind::And } else { Bind::Or };
            let (left, right) = (left.operand(bind), right.operand(bind));
            let operator = if op == LogicOp::And { quote!(&&) } else { quote!(||) };
            return Code::owned(quote!(#left #operator #right)).binding(bind);
        }
        let (left, right) = (left.value(), right.body());
        let (then, otherwise) = match op {
            LogicOp::And => (right, quote!(left)),
            LogicOp::Or => (quote!(left), right),
        };
        Code::owned(quote!({
            let left = #left;
            if left.truth() { #then } else { #otherwise }
        }))
        .binding(Bind::Loose)
    }

    /// `if test { … } else { … }`, its two values in brackets of their own
    pub(super) fn conditional(
        &self,
        test: &Expr,
        values: impl FnOnce(&Self) -> (Code, Code),
    ) -> Code {
        let test = self.expr(test).operand(Bind::Or);
        let (then, otherwise) = values(self);
        let (then, otherwise) = (then.body(), otherwise.body());
        Code::owned(quote!(if #test { #then } else { #otherwise })).binding(Bind::Loose)
    }

    fn truth(&self, of: &Expr) -> Code {
        let code = self.expr(of);
        match &of.ty {
            Ty::Bool => code,
            Ty::List(_) | Ty::String | Ty::Enum(_) => {
                let base = code.base();
                Code::owned(quote!(!#base.is_empty())).binding(Bind::Unary)
            }
            Ty::Int => {
                let value = code.operand(Bind::Unary);
                Code::owned(quote!(#value != 0)).binding(Bind::Compare)
            }
            _ => {
                let base = code.base();
                Code::owned(quote!(#base.truth()))
            }
        }
    }

    fn show(&self, of: &Expr) -> Code {
        if of.ty.is_text() {
            return self.expr(of);
        }
        let base = self.expr(of).base();
        Code::owned(match of.ty {
            Ty::Int | Ty::Bool => quote!(#base.to_string()),
            _ => quote!(#base.show().into_owned()),
        })
    }

    /// A string as something that `format!` can print, of which no copy is made
    pub(super) fn display(&self, expr: &Expr) -> TokenStream {
        match &expr.kind {
            ExprKind::Show(of) if matches!(of.ty, Ty::Int | Ty::Bool) => {
                self.expr(of).operand(Bind::Or)
            }
            ExprKind::Show(of) if !of.ty.is_text() => {
                let base = self.expr(of).base();
                quote!(#base.show())
            }
            ExprKind::Show(of) => self.display(of),
            _ => self.expr(expr).operand(Bind::Or),
        }
    }

    fn is_null(&self, of: &Expr, negated: bool) -> Code {
        let known = match &of.ty {
            Ty::Optional(_) | Ty::Any | Ty::Poison => None,
            Ty::Null | Ty::Never => Some(!negated),
            _ => Some(negated),
        };
        // What the type tells is not looked at.
        if let Some(known) = known {
            return Code::owned(quote!(#known));
        }
        let base = self.expr(of).base();
        let code = match (&of.ty, negated) {
            (Ty::Optional(_), false) => quote!(#base.is_none()),
            (Ty::Optional(_), true) => quote!(#base.is_some()),
            (_, false) => quote!(#base.is_null()),
            (_, true) => {
                return Code::owned(quote!(!#base.is_null())).binding(Bind::Unary);
            }
        };
        Code::owned(code)
    }

    /// A call that can fail
    pub(super) fn attempt(&self, call: &TokenStream) -> TokenStream {
        self.fallible.set(true);
        quote!(#call?)
    }
}

/// `name: value`, or `name` alone where they are the same
pub(super) fn field_init(name: &proc_macro2::Ident, value: &TokenStream) -> TokenStream {
    if *name == value.to_string() { quote!(#name) } else { quote!(#name: #value) }
}

/// The null of a type
pub(super) fn null(ty: &Ty) -> TokenStream {
    match ty {
        Ty::Optional(_) => quote!(None),
        Ty::Any | Ty::Poison => quote!(Value::Null),
        _ => quote!(()),
    }
}

/// An integer; where nothing says what type it is, rustc takes one for an `i32`
fn int(value: i64) -> TokenStream {
    use proc_macro2::Literal;
    let literal = match i32::try_from(value) {
        Ok(_) => Literal::i64_unsuffixed(value),
        Err(_) => Literal::i64_suffixed(value),
    };
    quote!(#literal)
}

fn signed(negative: bool) -> Bind {
    if negative { Bind::Unary } else { Bind::Tight }
}

/// The field of a [`Loop`](LoopVar) in the runtime, where it is the value itself
pub(super) fn loop_field(var: LoopVar) -> Option<&'static str> {
    Some(match var {
        LoopVar::Index => "index",
        LoopVar::Index0 => "index0",
        LoopVar::Revindex => "revindex",
        LoopVar::Revindex0 => "revindex0",
        LoopVar::First => "first",
        LoopVar::Last => "last",
        LoopVar::Length => "length",
        LoopVar::Previtem | LoopVar::Nextitem => return None,
    })
}
