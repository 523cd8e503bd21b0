//! Templates as askama templates: text and control flow stay text, each expression that is more
//! than a path becomes a typed method.

mod parts;
mod path;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, quote};

use super::code::Code;
use super::names::{CLOSURES, Names};
use super::scope::{Roots, Scope, Variable, Within};
use super::shapes::is_copy;
use super::uses::Uses;
use super::{Mode, literal};
use crate::typed::Part;
use parts::Writer;

/// Renders parts with a template of their own
pub(super) fn render(outer: &Scope<'_>, parts: &[Part]) -> Code {
    let name = outer.text_name();
    let captured = Captured::of(outer, parts);
    let inner = Scope {
        module: outer.module,
        step: outer.step,
        what: outer.what,
        roots: Roots { prefix: quote!(self.), within: outer.roots.within },
        temps: outer.temps.clone(),
        spent: RefCell::default(),
        locals: captured.variables(&outer.locals),
        loops: captured.variables(&outer.loops),
        closures: RefCell::default(),
        fallible: Cell::new(false),
        items: outer.items,
    };
    let mut writer = Writer::new(inner, captured.names());
    writer.template(parts);
    let item = template(outer, &name, &captured, &writer);
    outer.items.borrow_mut().push(item);
    let init = captured.init();
    Code::owned(outer.attempt(&quote!(render(&#name { #(#init),* }))))
}

/// The struct, its template and its methods
fn template(
    outer: &Scope<'_>,
    name: &Ident,
    captured: &Captured,
    writer: &Writer<'_>,
) -> TokenStream {
    let source = literal::string(&writer.source);
    let attribute = quote! {
        #[template(
            ext = "txt",
            escape = "none",
            askama = ::workflow_runtime::generated::askama,
            source = #source
        )]
    };
    let (fields, lifetime) = (captured.fields(), captured.lifetime());
    let item = quote!(struct #name #lifetime { #(#fields),* });
    let item = match outer.module.options.mode {
        Mode::Readable => quote! {
            #[derive(askama::Template)] #attribute #item
        },
        Mode::Expanded => {
            let derived = askama_derive::derive_template(quote!(#attribute #item), || {
                quote!(
                    use ::workflow_runtime::generated::askama;
                )
            });
            let rendered = rendering(derived);
            quote!(#item #rendered)
        }
    };
    let text = literal::doc(&outer.about_text());
    let methods = &writer.methods;
    let any = if captured.lifetime().is_empty() { quote!() } else { quote!(<'_>) };
    let methods = (!methods.is_empty()).then(|| quote!(impl #name #any { #(#methods)* }));
    quote!(#text #item #methods)
}

/// Of what askama derives, the rendering alone: what else `askama::Template` asks for (`Display` and
/// the like) no generated code uses, and each build would compile it
fn rendering(derived: TokenStream) -> TokenStream {
    let Ok(mut item) = syn::parse2::<syn::ItemConst>(derived.clone()) else { return derived };
    let syn::Expr::Block(block) = &mut *item.expr else { return derived };
    block.block.stmts.retain_mut(|stmt| match stmt {
        syn::Stmt::Item(syn::Item::Impl(syn::ItemImpl { trait_: Some((path, _)), .. })) => {
            let template = path.segments.last().is_some_and(|last| last.ident == "Template");
            *path = syn::parse_quote!(Rendered);
            template
        }
        _ => true,
    });
    item.into_token_stream()
}

/// What a template takes along
struct Captured {
    fields: Vec<Capture>,
}

struct Capture {
    name: Ident,
    rust: TokenStream,
    value: TokenStream,
    borrows: bool,
}

impl Captured {
    fn of(outer: &Scope<'_>, parts: &[Part]) -> Self {
        let uses = Uses::of_parts(parts);
        let mut fields = Vec::new();
        let mut capture = |name: &str, rust, value, borrows| {
            let name = Ident::new(name, proc_macro2::Span::call_site());
            fields.push(Capture { name, rust, value, borrows });
        };
        let prefix = &outer.roots.prefix;
        let inside = !prefix.is_empty();
        match (outer.roots.within, outer.step) {
            (Within::Block, Some(step)) if uses.run() => {
                let view = outer.module.view_type(step, &quote!('a));
                capture("view", quote!(&'a #view), quote!(#prefix view), true);
            }
            _ => {
                if uses.inputs {
                    capture("inputs", quote!(&'a Inputs), quote!(#prefix inputs), true);
                }
                if uses.item {
                    capture("item", quote!(&'a Item), quote!(#prefix item), true);
                }
                if uses.place {
                    capture("place", quote!(Place), outer.place(), false);
                }
            }
        }
        for temp in uses.temps.keys() {
            let Some(name) = outer.temps.get(temp) else { continue };
            let ty = &outer.module.program.temps[*temp].ty;
            let rust = outer.rust(ty);
            if is_copy(ty) {
                capture(&name.to_string(), rust, quote!(#prefix #name), false);
            } else {
                let value = if inside { quote!(#prefix #name) } else { quote!(&#name) };
                capture(&name.to_string(), quote!(&'a #rust), value, true);
            }
        }
        for variable in uses.locals.iter().filter_map(|local| outer.locals.get(local)) {
            let Variable { name, rust, .. } = variable;
            capture(&name.to_string(), quote!(&'a #rust), outer.variable(Some(variable)), true);
        }
        for variable in uses.loops.iter().filter_map(|of| outer.loops.get(of)) {
            let Variable { name, rust, .. } = variable;
            let rust = quote!(&'a Loop<'a, #rust>);
            capture(&name.to_string(), rust, outer.variable(Some(variable)), true);
        }
        if uses.ambient {
            let cx = if inside { quote!(**self.cx.borrow_mut()) } else { quote!(*cx) };
            capture("cx", quote!(RefCell<&'a mut Context>), quote!(RefCell::new(&mut #cx)), true);
        }
        Self { fields }
    }

    /// The variables of the template around, as they are found here
    fn variables(&self, outer: &BTreeMap<usize, Variable>) -> BTreeMap<usize, Variable> {
        let captured = outer
            .iter()
            .map(|(number, variable)| (*number, Variable { captured: true, ..variable.clone() }));
        captured.filter(|(_, variable)| self.has(&variable.name)).collect()
    }

    fn has(&self, name: &Ident) -> bool {
        self.fields.iter().any(|field| field.name == *name)
    }

    fn names(&self) -> Names {
        let names: Vec<_> = self.fields.iter().map(|field| field.name.to_string()).collect();
        Names::without(&names.iter().map(String::as_str).collect::<Vec<_>>()).and(CLOSURES)
    }

    fn fields(&self) -> Vec<TokenStream> {
        self.fields.iter().map(|Capture { name, rust, .. }| quote!(#name: #rust)).collect()
    }

    fn init(&self) -> Vec<TokenStream> {
        let init = |Capture { name, value, .. }: &Capture| super::expr::field_init(name, value);
        self.fields.iter().map(init).collect()
    }

    fn lifetime(&self) -> TokenStream {
        if self.fields.iter().any(|field| field.borrows) { quote!(<'a>) } else { quote!() }
    }
}
