//! The parts of a template as askama's source, with the methods that it calls.

use std::collections::BTreeMap;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::super::code::Code;
use super::super::names::Names;
use super::super::scope::Scope;
use super::super::uses::Uses;
use super::path;
use crate::typed::{Expr, ExprKind, Part};
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
    /// The types that methods take loop variables as
    locals: BTreeMap<usize, TokenStream>,
    /// The types that methods take the places of loops as
    loops: BTreeMap<usize, TokenStream>,
}

/// A `for`, taken apart
struct For<'a> {
    target: &'a [(usize, String)],
    items: &'a Expr,
    item: &'a Ty,
    body: &'a [Part],
    otherwise: &'a [Part],
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
            locals: BTreeMap::new(),
            loops: BTreeMap::new(),
        }
    }

    /// Writes a whole template
    pub(super) fn template(&mut self, parts: &[Part]) {
        self.parts(parts);
        self.flush(false);
    }

    fn parts(&mut self, parts: &[Part]) {
        for part in parts {
            match part {
                Part::Text(text) => self.text += text,
                Part::Output(value) => self.output(value),
                Part::If { branches, otherwise } => self.branches(branches, otherwise),
                Part::For { target, items, item, body, otherwise } => {
                    self.for_each(&For { target, items, item, body, otherwise });
                }
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

    fn for_each(&mut self, part: &For<'_>) {
        let mut items = self.items(part);
        let outer = self.names.clone();
        let uses = Uses::of_parts(part.body);
        let mut target = self.target(part, &uses);
        if let Some((of, _)) = part.target.first().filter(|(of, _)| uses.loops.contains(of)) {
            let at = self.names.snake("at");
            target = format!("({at}, {target})");
            if items.starts_with("self.") {
                // The list must live as long as the loop.
                let list = self.names.snake("list");
                self.tag(&format!("{{% let {list} = {items} %}}"));
                items = list.to_string();
            }
            items = format!("ops::each({items})");
            let item = self.item_type(part);
            self.loops.insert(*of, quote!(&Loop<'_, #item>));
            self.scope.loops.insert(*of, at);
        }
        self.tag(&format!("{{% for {target} in {items} %}}"));
        self.parts(part.body);
        self.names = outer;
        if !part.otherwise.is_empty() {
            self.tag("{% else %}");
            self.parts(part.otherwise);
        }
        self.tag("{% endfor %}");
    }

    fn target(&mut self, part: &For<'_>, uses: &Uses) -> String {
        let rust = self.local_type(part);
        let names = part.target.iter().map(|target| self.local(target, &rust, uses).to_string());
        let names: Vec<_> = names.collect();
        if names.len() == 1 { names.concat() } else { format!("({})", names.join(", ")) }
    }

    /// What is looped over: a path, or a method that can fail, because of what comes by `?`, unlike
    /// of what a plain call gives, askama takes the items themselves
    fn items(&mut self, part: &For<'_>) -> String {
        if let Some(path) = path::path(&self.scope, part.items)
            && part.target.len() == 1
        {
            return path;
        }
        let title = path::title(&self.scope, part.items);
        let item = self.item_type(part);
        let body = |scope: &Scope<'m>| {
            let items = scope.expr(part.items);
            if part.target.len() == 1 { items.result() } else { pairs(&items, part.item) }
        };
        self.add(&title, part.items, &quote!(Vec<#item>), |scope| (body(scope), true))
    }

    fn item_type(&self, part: &For<'_>) -> TokenStream {
        let inner = self.local_type(part);
        if part.target.len() > 1 { quote!((#inner, #inner)) } else { inner }
    }

    fn local_type(&self, part: &For<'_>) -> TokenStream {
        match part.item {
            Ty::List(inner) if part.target.len() > 1 => self.scope.rust(inner),
            item => self.scope.rust(item),
        }
    }

    fn local(
        &mut self,
        (number, name): &(usize, String),
        rust: &TokenStream,
        uses: &Uses,
    ) -> Ident {
        self.locals.insert(*number, quote!(&#rust));
        let name = self.names.snake(name);
        let name = if uses.locals.contains(number) { name } else { format_ident!("_{name}") };
        self.scope.locals.insert(*number, name.clone());
        name
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

    fn params(&self, uses: &Uses) -> (Vec<String>, Vec<TokenStream>) {
        let locals = uses.locals.iter().map(|local| (&self.scope.locals, &self.locals, local));
        let loops = uses.loops.iter().map(|of| (&self.scope.loops, &self.loops, of));
        let both = locals.chain(loops).filter_map(|(names, types, number)| {
            let (name, rust) = (names.get(number)?, types.get(number)?);
            Some((name.to_string(), quote!(#name: #rust)))
        });
        both.unzip()
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

/// The items of a list, each of which is a pair, as pairs
fn pairs(items: &Code, item: &Ty) -> TokenStream {
    let items = items.base();
    let part = |at: usize| {
        let at = Literal::usize_unsuffixed(at);
        if *item == Ty::Any {
            quote!(ops::index_any(pair, &Value::from(#at))?)
        } else {
            quote!(ops::index(pair, #at)?)
        }
    };
    let (first, second) = (part(0), part(1));
    quote!(#items.iter().map(|pair| Ok((#first, #second))).collect())
}
