//! Lists gone through with an expression over their items, as calls that take a closure.

use std::cell::RefCell;
use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use super::code::{Bind, Code};
use super::expr::field_init;
use super::scope::Scope;
use super::uses::Uses;
use crate::typed::Each;
use crate::types::Ty;

impl Scope<'_> {
    /// `filters::map(&items, |each| …)`
    pub(super) fn each(&self, each: &Each, ty: &Ty) -> Code {
        let mut lets = TokenStream::new();
        for (number, value) in &each.once {
            let code = self.expr(value).value();
            let name = self.given(*number);
            lets.extend(quote!(let #name = #code;));
        }
        // The path is one of the compiler's own table.
        let function: TokenStream = each.path.parse().unwrap_or_default();
        let items = self.expr(&each.items).by_ref();
        let args = each.args.iter().map(|arg| self.expr(arg).value());
        let group = each.grouped.then(|| self.group_of(ty));
        let (args, closure) = (args.chain(group), self.closure(each));
        let call = self.attempt(&quote!(#function(#items, #(#args,)* #closure)));
        for (number, _) in &each.once {
            self.closures.borrow_mut().remove(number);
        }
        if lets.is_empty() {
            return Code::owned(call);
        }
        Code::owned(quote!({ #lets #call })).binding(Bind::Loose)
    }

    /// Names what is kept for a closure
    fn given(&self, number: usize) -> Ident {
        let mut closures = self.closures.borrow_mut();
        let before = closures.values().filter(|(_, borrowed)| !borrowed).count();
        let name = match before {
            0 => Ident::new("given", Span::call_site()),
            before => format_ident!("given_{}", before + 1),
        };
        closures.insert(number, (name.clone(), false));
        name
    }

    /// The expression over an item; always a `Result`, so that what it computes may fail
    fn closure(&self, each: &Each) -> TokenStream {
        let depth = self.closures.borrow().values().filter(|(_, borrowed)| *borrowed).count();
        let name = match depth {
            0 => Ident::new("each", Span::call_site()),
            1 => Ident::new("inner", Span::call_site()),
            2 => Ident::new("innermost", Span::call_site()),
            deeper => format_ident!("innermost_{deeper}"),
        };
        self.closures.borrow_mut().insert(each.local, (name.clone(), true));
        // A closure that is called more than once cannot give away what it is given.
        let spent: RefCell<BTreeSet<usize>> = RefCell::new(self.spent.take());
        let before = self.fallible.replace(false);
        let body = self.expr(&each.body);
        let body = if self.fallible.get() {
            body.result()
        } else {
            let value = body.value();
            quote!(Ok(#value))
        };
        self.fallible.set(before);
        self.spent.swap(&spent);
        self.closures.borrow_mut().remove(&each.local);
        let used = Uses::of_expr(&each.body).locals.contains(&each.local);
        let name = if used { quote!(#name) } else { quote!(_) };
        quote!(|#name| #body)
    }

    /// How an object is made of a value and the items that it is of
    fn group_of(&self, ty: &Ty) -> TokenStream {
        let Ty::List(group) = ty else { return TokenStream::new() };
        let Ty::Object(shape) = &**group else { return TokenStream::new() };
        let name = self.module.struct_in(shape, self.step);
        let fields = ["grouper", "list"].map(|key| {
            let field = self.module.field(shape, key, self.step);
            let variable = Ident::new(key, Span::call_site());
            field_init(&field, &quote!(#variable))
        });
        quote!(|grouper, list| #name { #(#fields),* })
    }
}
