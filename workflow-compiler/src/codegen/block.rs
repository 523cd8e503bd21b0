//! Blocks as functions.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::action;
use super::literal::{self, doc};
use super::module::Module;
use super::names::{CLOSURES, Names, VARIABLES};
use super::scope::{Roots, Scope, Within};
use super::shapes::same;
use super::uses::Uses;
use crate::ir::Retry;
use crate::typed::{Block, End, Expr, ExprKind, Op};
use crate::types::Ty;

/// The function of a block in the making
struct Body<'m> {
    module: &'m Module<'m>,
    at: usize,
    block: &'m Block,
    temps: BTreeMap<usize, Ident>,
    statements: TokenStream,
    items: &'m RefCell<Vec<TokenStream>>,
    /// Whether `view` shows the run as it is
    viewed: bool,
}

/// What a block's function takes beside its kept values
#[derive(Clone, Copy, Debug)]
pub(super) struct Needs {
    /// The run itself, because it is written
    pub run: bool,
    /// The step's view alone
    pub view: bool,
    /// Time, chance, and the record of writes
    pub cx: bool,
}

impl Needs {
    pub(super) fn of(block: &Block) -> Self {
        let uses = Uses::of_block(block);
        let writes = block.ops.iter().any(|op| matches!(op, Op::Write { .. }));
        Self { run: writes, view: !writes && uses.run(), cx: writes || uses.ambient }
    }
}

/// A block's function, and the templates that it renders
pub(super) fn function(module: &Module<'_>, at: usize) -> TokenStream {
    let block = &module.program.blocks[at];
    let items = RefCell::default();
    let needs = Needs::of(block);
    let temps = variables(module, at);
    let kept = block.live.iter().chain(&block.answer).map(|temp| {
        let ty = &module.program.temps[*temp].ty;
        let (name, rust) = (&temps[temp], module.rust_in(ty, Some(block.step)));
        quote!(#name: #rust)
    });
    let signature = signature(module, block, needs, &kept.collect::<Vec<_>>());
    let statements = TokenStream::new();
    let mut body = Body { module, at, block, temps, statements, items: &items, viewed: needs.view };
    body.write();
    let statements = body.statements;
    let (name, text) = (&module.blocks[at].function, doc(&module.block_title(at)));
    let items = items.into_inner();
    quote! {
        #(#items)*
        #text
        fn #name(#signature) -> Result<Next<Machine>, Fault> { #statements }
    }
}

/// The variables of a block's kept values; what is never read begins with `_`
fn variables(module: &Module<'_>, at: usize) -> BTreeMap<usize, Ident> {
    let block = &module.program.blocks[at];
    let kept = module.kept_fields(at);
    let mut names = Names::without(VARIABLES).and(CLOSURES).and(&kept);
    let lets = block.ops.iter().filter_map(|op| match op {
        Op::Let { temp, .. } => Some(*temp),
        Op::Write { .. } => None,
    });
    let mut variables: BTreeMap<_, _> = block.live.iter().copied().zip(kept).collect();
    for temp in block.answer.into_iter().chain(lets) {
        let hint = &module.program.temps[temp].hint;
        variables.entry(temp).or_insert_with(|| names.snake(hint));
    }
    let read = Uses::of_rest(block, 0).temps;
    let passed = passed_on(module, block);
    for (temp, name) in &mut variables {
        if !read.contains_key(temp) && !passed.contains(temp) {
            *name = format_ident!("_{name}");
        }
    }
    variables
}

/// The kept values that the next block is given
fn passed_on(module: &Module<'_>, block: &Block) -> BTreeSet<usize> {
    let live = |at: usize| &module.program.blocks[at].live;
    match block.end {
        End::Jump(to) | End::Wait { next: to, .. } => live(to).iter().copied().collect(),
        End::Branch { then, otherwise, .. } => {
            live(then).iter().chain(live(otherwise)).copied().collect()
        }
        End::Return(_) => BTreeSet::new(),
    }
}

fn signature(
    module: &Module<'_>,
    block: &Block,
    needs: Needs,
    kept: &[TokenStream],
) -> TokenStream {
    let view = module.view_type(block.step, &quote!('_));
    let view = needs.view.then(|| quote!(view: &#view,));
    let run = needs.run.then(|| quote!(run: &mut Run<Machine>,));
    let cx = needs.cx.then(|| quote!(cx: &mut Context,));
    quote!(#view #run #(#kept,)* #cx)
}

impl Body<'_> {
    fn write(&mut self) {
        for (at, op) in self.block.ops.iter().enumerate() {
            match op {
                Op::Let { temp, value } => self.keep(*temp, value, at + 1),
                Op::Write { field, value } => self.store(*field, value, at + 1),
            }
        }
        let end = self.end();
        self.statements.extend(end);
    }

    fn keep(&mut self, temp: usize, value: &Expr, rest: usize) {
        let code = self.value(value, rest);
        let ty = open_ended(value).then(|| {
            let ty = &self.module.program.temps[temp].ty;
            let ty = self.module.rust_in(ty, Some(self.block.step));
            quote!(: #ty)
        });
        let name = self.kept_name(temp, rest);
        self.statements.extend(quote!(let #name #ty = #code;));
    }

    /// What a kept value is called from here on; it begins with `_` where nobody reads it any more,
    /// as the count of a jump from which no way leads back
    fn kept_name(&self, temp: usize, rest: usize) -> Ident {
        let name = &self.temps[&temp];
        let is_read = Uses::of_rest(self.block, rest).temps.contains_key(&temp)
            || passed_on(self.module, self.block).contains(&temp);
        if is_read || name.to_string().starts_with('_') {
            return name.clone();
        }
        format_ident!("_{name}")
    }

    fn store(&mut self, field: usize, value: &Expr, rest: usize) {
        let code = self.value(value, rest);
        let (name, key) = (&self.module.state[field], &self.module.program.state[field].name);
        self.statements.extend(quote! {
            run.state.#name = #code;
            cx.wrote(#key, &run.state.#name);
        });
        self.viewed = false;
    }

    /// How the block ends, its values computed before kept values move on
    fn end(&mut self) -> TokenStream {
        match &self.block.end {
            End::Jump(to) => {
                let to = self.go(*to);
                quote!(Ok(Next::Go(#to)))
            }
            End::Branch { test, then, otherwise } => {
                let test = self.value(test, END);
                let (then, otherwise) = (self.go(*then), self.go(*otherwise));
                quote! {
                    let next = if #test { #then } else { #otherwise };
                    Ok(Next::Go(next))
                }
            }
            End::Return(value) => self.returned(value),
            End::Wait { action, result_schema, patience, next } => {
                let uses = Uses::of_end(&self.block.end);
                let action = self.scoped(&uses, END, |scope| scope.action(action));
                let schema = literal::string(&result_schema.to_string());
                let timeout = option(patience.timeout.map(literal::float));
                let retry = option(patience.retry.map(retry));
                let position = self.position(*next);
                quote! {
                    let action = #action;
                    let wait = Wait {
                        action,
                        result_schema: #schema,
                        timeout: #timeout,
                        retry: #retry,
                    };
                    Ok(Next::Wait(#position, wait))
                }
            }
        }
    }

    fn returned(&mut self, value: &Expr) -> TokenStream {
        let uses = Uses::of_expr(value);
        if !matches!(value.ty, Ty::Object(_)) || !same(&value.ty, &self.module.program.result) {
            let value = self.scoped(&uses, END, |scope| scope.json(value).value());
            return quote!(Ok(Next::Return(#value)));
        }
        let value = self.scoped(&uses, END, |scope| scope.expr(value).value());
        quote! {
            let output: Output = #value;
            Ok(Next::Return(output.to_json()))
        }
    }

    /// A value behind which the operations from `rest` on follow
    fn value(&mut self, expr: &Expr, rest: usize) -> TokenStream {
        self.scoped(&Uses::of_expr(expr), rest, |scope| scope.expr(expr).value())
    }

    fn scoped(
        &mut self,
        uses: &Uses,
        rest: usize,
        write: impl FnOnce(&Scope<'_>) -> TokenStream,
    ) -> TokenStream {
        if uses.run() && !self.viewed {
            let view = self.module.build_view(self.block.step);
            self.statements.extend(quote!(let view = &#view;));
            self.viewed = true;
        }
        let scope = Scope {
            module: self.module,
            step: Some(self.block.step),
            what: self.what(rest),
            roots: Roots { prefix: TokenStream::new(), within: Within::Block },
            temps: self.temps.clone(),
            spent: RefCell::new(self.spent(uses, rest)),
            locals: BTreeMap::new(),
            loops: BTreeMap::new(),
            closures: RefCell::default(),
            fallible: Cell::new(false),
            items: self.items,
        };
        write(&scope)
    }

    /// The kept values that are named once more and never again
    fn spent(&self, uses: &Uses, rest: usize) -> BTreeSet<usize> {
        let later = if rest == END { Uses::default() } else { Uses::of_rest(self.block, rest) };
        let passed = passed_on(self.module, self.block);
        let once = uses.temps.iter().filter(|(_, count)| **count == 1).map(|(temp, _)| *temp);
        once.filter(|temp| !later.temps.contains_key(temp) && !passed.contains(temp)).collect()
    }

    fn what(&self, rest: usize) -> &'static str {
        match &self.block.end {
            End::Wait { action, .. } if rest == END => action::text_of(action),
            _ => "text",
        }
    }

    fn go(&self, to: usize) -> TokenStream {
        let (variant, kept) = (&self.module.blocks[to].variant, self.kept(to));
        if kept.is_empty() {
            quote!(Block::#variant)
        } else {
            quote!(Block::#variant { #(#kept),* })
        }
    }

    fn position(&self, next: usize) -> TokenStream {
        let (variant, kept) = (&self.module.blocks[self.at].variant, self.kept(next));
        quote!(Position::#variant { #(#kept),* })
    }

    fn kept(&self, to: usize) -> Vec<TokenStream> {
        let live = &self.module.program.blocks[to].live;
        let fields = self.module.kept_fields(to);
        live.iter()
            .zip(fields)
            .map(|(temp, field)| {
                let name = &self.temps[temp];
                super::expr::field_init(&field, &quote!(#name))
            })
            .collect()
    }
}

/// Where a block ends: no operation follows
const END: usize = usize::MAX;

/// `Some(value)` or `None`
pub(super) fn option<T: quote::ToTokens>(value: Option<T>) -> TokenStream {
    value.map_or_else(|| quote!(None), |value| quote!(Some(#value)))
}

fn retry(retry: Retry) -> TokenStream {
    let attempts = Literal::u32_unsuffixed(retry.max_attempts);
    let (seconds, factor) =
        (literal::float(retry.backoff_seconds), literal::float(retry.backoff_factor));
    quote! {
        Retry { max_attempts: #attempts, backoff_seconds: #seconds, backoff_factor: #factor }
    }
}

/// Whether Rust cannot tell the type of a value by itself
fn open_ended(value: &Expr) -> bool {
    let mut open = false;
    value.visit(&mut |expr| {
        open |= match &expr.kind {
            ExprKind::Null => expr.ty != Ty::Any,
            ExprKind::Caught => true,
            ExprKind::List(items) => items.is_empty(),
            _ => false,
        };
    });
    open
}
