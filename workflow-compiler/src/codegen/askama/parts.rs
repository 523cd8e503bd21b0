//! The parts of a template as askama's source, with the methods that it calls.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::super::code::Code;
use super::super::names::Names;
use super::super::scope::{Scope, Variable};
use super::super::uses::Uses;
use super::path;
use crate::typed::{Expr, ExprKind, For, Part};
use crate::types::Ty;

/// Writes a template
pub(super) struct Writer<'m> {
    scope: Scope<'m>,
    /// Names of fields and of the loop variables in scope
    names: Names,
    calls: Names,
    /// Text not written yet: how it is depends on what follows
    text: String,
    pub source: String,
    pub methods: Vec<TokenStream>,
    /// What the template reads anywhere
    used: Uses,
}

impl<'m> Writer<'m> {
    /// A writer for templates in this scope, whose fields have these names
    pub(super) fn new(scope: Scope<'m>, names: Names) -> Self {
        Self {
            scope,
            names,
            calls: Names::default(),
            text: String::new(),
            source: String::new(),
            methods: Vec::new(),
            used: Uses::default(),
        }
    }

    /// Writes a whole template
    pub(super) fn template(&mut self, parts: &[Part]) {
        self.used = Uses::of_parts(parts);
        self.parts(parts);
        self.flush(false);
    }

    fn parts(&mut self, parts: &[Part]) {
        for part in parts {
            match part {
                Part::Text(text) => self.text += text,
                Part::Output(value) => self.output(value),
                Part::If { branches, otherwise, sets } => {
                    self.declare(branches, sets);
                    self.branches(branches, otherwise);
                }
                Part::For(part) => self.for_each(part),
                Part::Set { target, value } => self.set(target, value),
            }
        }
    }

    fn output(&mut self, value: &Expr) {
        if let ExprKind::Str(text) = &value.kind {
            self.text += text;
            return;
        }
        let shown = path::printed(&self.scope, value).unwrap_or_else(|| {
            let title = path::title(&self.scope, value);
            self.method(&title, value, &quote!(String), |scope| scope.expr(value))
        });
        self.tag(&format!("{{{{ {shown} }}}}"));
    }

    /// Declares what each branch sets, so that it lives on behind them
    fn declare(&mut self, branches: &[(Expr, Vec<Part>)], sets: &[(usize, String)]) {
        let last = branches.iter().flat_map(|(_, parts)| parts.iter().rev().take(sets.len()));
        let types: BTreeMap<_, _> = last
            .filter_map(|part| match part {
                Part::Set { target, value } => Some((target.0, &value.ty)),
                _ => None,
            })
            .collect();
        for target in sets {
            let Some(ty) = types.get(&target.0) else { continue };
            let used = self.used.locals.contains(&target.0);
            let name = self.variable(target, ty, used);
            self.tag(&format!("{{% decl {name} %}}"));
        }
    }

    fn branches(&mut self, branches: &[(Expr, Vec<Part>)], otherwise: &[Part]) {
        for (at, (test, body)) in branches.iter().enumerate() {
            let word = if at == 0 { "if" } else { "else if" };
            let test = self.test(test);
            self.tag(&format!("{{% {word} {test} %}}"));
            self.parts(body);
        }
        if !otherwise.is_empty() {
            self.tag("{% else %}");
            self.parts(otherwise);
        }
        self.tag("{% endif %}");
    }

    fn test(&mut self, test: &Expr) -> String {
        path::test(&self.scope, test).unwrap_or_else(|| {
            let title = format!("test_{}", path::title(&self.scope, test));
            self.method(&title, test, &quote!(bool), |scope| scope.expr(test))
        })
    }

    fn for_each(&mut self, part: &For) {
        let mut items = self.items(part);
        let outer = self.names.clone();
        let of = part.target.0;
        let mut uses = Uses::of_parts(&part.body);
        part.unpack.iter().for_each(|(_, value)| uses.expr(value));
        let used = uses.locals.contains(&of);
        let mut target = self.variable(&part.target, &part.item, used).to_string();
        if uses.loops.contains(&of) {
            let at = self.names.snake("at");
            target = format!("({at}, {target})");
            if items.starts_with("self.") {
                // The list must live as long as the loop.
                let list = self.names.snake("list");
                self.tag(&format!("{{% let {list} = {items} %}}"));
                items = list.to_string();
            }
            items = format!("ops::each({items})");
            self.scope.loops.insert(of, self.of_type(at, &part.item));
        } else if matches!(part.items.kind, ExprKind::Local(_)) && part.filter.is_none() {
            // What was set is gone through by reference.
            items += ".iter()";
        }
        self.tag(&format!("{{% for {target} in {items} %}}"));
        for (target, value) in &part.unpack {
            self.set(target, value);
        }
        self.parts(&part.body);
        self.names = outer;
        if !part.otherwise.is_empty() {
            self.tag("{% else %}");
            self.parts(&part.otherwise);
        }
        self.tag("{% endfor %}");
    }

    /// `{% set %}`: by a method that gives a `Result`, because of what comes by `?` askama takes
    /// the value itself
    fn set(&mut self, target: &(usize, String), value: &Expr) {
        let given = self.value(&target.1, value);
        let name = match self.scope.locals.get(&target.0) {
            // Declared before the branches that set it.
            Some(variable) => variable.name.clone(),
            None => self.variable(target, &value.ty, self.used.locals.contains(&target.0)),
        };
        self.tag(&format!("{{% let {name} = {given} %}}"));
    }

    fn value(&mut self, title: &str, value: &Expr) -> String {
        let rust = self.scope.rust(&value.ty);
        self.add(title, value, &rust, |scope| (scope.expr(value).result(), true))
    }

    /// What is looped over: a path, or a method that can fail, because of what comes by `?`, unlike
    /// of what a plain call gives, askama takes the items themselves
    fn items(&mut self, part: &For) -> String {
        let path = path::path(&self.scope, &part.items);
        if let (Some(path), None) = (path, &part.filter) {
            return path;
        }
        let title = path::title(&self.scope, &part.items);
        let item = self.scope.rust(&part.item);
        let list = quote!(Vec<#item>);
        match &part.filter {
            None => self
                .add(&title, &part.items, &list, |scope| (scope.expr(&part.items).result(), true)),
            Some(test) => self.kept(&title, part, test, &list),
        }
    }

    /// A method that gives the items for which a test holds
    fn kept(&mut self, title: &str, part: &For, test: &Expr, list: &TokenStream) -> String {
        let outer = (self.names.clone(), self.scope.locals.clone());
        let mut uses = Uses::of_expr(test);
        part.unpack.iter().for_each(|(_, value)| uses.expr(value));
        let mut outside = Uses::of_expr(&part.items);
        outside.merge(&uses);
        let (names, params) = self.params(&outside);
        self.scope.fallible.set(false);
        let items = self.scope.expr(&part.items).by_ref();
        let kept = self.names.snake("kept");
        let item = self.variable(&part.target, &part.item, true);
        let mut lets = Vec::new();
        for (target, value) in &part.unpack {
            let given = self.scope.expr(value).by_ref();
            let name = self.variable(target, &value.ty, uses.locals.contains(&target.0));
            lets.push(quote!(let #name = #given;));
        }
        let test = self.scope.expr(test).value();
        let body = quote! {
            let mut #kept = Vec::new();
            for #item in #items {
                #(#lets)*
                if #test {
                    #kept.push(#item.clone());
                }
            }
            Ok(#kept)
        };
        (self.names, self.scope.locals) = outer;
        let name = self.calls.snake(title);
        self.methods.push(quote!(fn #name(&self #(, #params)*) -> Result<#list, Fault> { #body }));
        format!("self.{name}({})?", names.join(", "))
    }

    /// Adds a method that gives a value, and says how it is called
    fn method(
        &mut self,
        title: &str,
        value: &Expr,
        rust: &TokenStream,
        code: impl FnOnce(&Scope<'m>) -> Code,
    ) -> String {
        self.add(title, value, rust, |scope| {
            let code = code(scope);
            let fallible = scope.fallible.get();
            (if fallible { code.result() } else { code.value() }, fallible)
        })
    }

    /// Adds a method with a body that tells whether it is a `Result`
    fn add(
        &mut self,
        title: &str,
        value: &Expr,
        rust: &TokenStream,
        body: impl FnOnce(&Scope<'m>) -> (TokenStream, bool),
    ) -> String {
        let name = self.calls.snake(title);
        let (names, params) = self.params(&Uses::of_expr(value));
        self.scope.fallible.set(false);
        let (body, fallible) = body(&self.scope);
        let rust = if fallible { quote!(Result<#rust, Fault>) } else { rust.clone() };
        self.methods.push(quote!(fn #name(&self #(, #params)*) -> #rust { #body }));
        format!("self.{name}({}){}", names.join(", "), if fallible { "?" } else { "" })
    }

    /// The variables that a method reads, as it is called and as it takes them
    fn params(&self, uses: &Uses) -> (Vec<String>, Vec<TokenStream>) {
        let locals = uses.locals.iter().filter_map(|local| self.scope.locals.get(local));
        let locals = locals.map(|variable| (variable, variable.reference()));
        let loops = uses.loops.iter().filter_map(|of| self.scope.loops.get(of));
        let loops = loops.map(|at| (at, at.place()));
        let both = locals.chain(loops).filter(|(variable, _)| !variable.captured);
        let both =
            both.map(|(Variable { name, .. }, rust)| (name.to_string(), quote!(#name: #rust)));
        both.unzip()
    }

    /// A new variable
    fn variable(&mut self, (number, name): &(usize, String), ty: &Ty, used: bool) -> Ident {
        let name = self.names.snake(name);
        let name = if used { name } else { format_ident!("_{name}") };
        self.scope.locals.insert(*number, self.of_type(name.clone(), ty));
        name
    }

    fn of_type(&self, name: Ident, ty: &Ty) -> Variable {
        let nullable = matches!(ty, Ty::Optional(_));
        Variable { name, rust: self.scope.rust(ty), nullable, captured: false }
    }

    fn tag(&mut self, tag: &str) {
        self.flush(true);
        self.source += tag;
    }

    /// Writes the text so far so that none of it is read as a tag, not even with the brace of a
    /// tag behind it
    fn flush(&mut self, before_tag: bool) {
        let text = std::mem::take(&mut self.text);
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let opens = match chars.peek() {
                Some(next) => matches!(next, '{' | '%' | '#'),
                None => before_tag,
            };
            if c == '{' && opens {
                self.source += "{{ \"{\" }}";
            } else {
                self.source.push(c);
            }
        }
    }
}
