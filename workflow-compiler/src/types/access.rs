//! Names, fields, elements: where a value is read from.

use crate::builtins::MEMBERS;
use crate::diagnostic::{Code, Diagnostic, Edit};
use crate::source::{Sources, Span, Spanned};
use crate::syntax::decode::closest;
use crate::template::ast::{Expr as Ast, ExprKind as AstKind};
use crate::typed::{Arg, Expr, ExprKind, PlaceVar};

use super::Ty;
use super::checker::{Checker, poison, typed};
use super::convert::{a, certain};

impl Checker<'_> {
    /// A bare name
    pub fn name(&mut self, name: &str, span: Span) -> Expr {
        if self.loop_named(name).is_some() {
            return self.loop_alone(name, span);
        }
        if let Some(local) = self.locals.iter().rev().find(|local| local.name == name) {
            return typed(ExprKind::Local(local.number), local.ty.clone(), span);
        }
        match name {
            "inputs" => return self.inputs(span),
            "state" => return self.unsupported(span, "`state` without a field behind it"),
            "error" => {
                let step = self.place.map(|place| place.step);
                let kept = step.and_then(|step| self.program().errors.get(&step));
                if let Some(temp) = kept {
                    return typed(ExprKind::Temp(*temp), self.table().temps[*temp].clone(), span);
                }
            }
            _ => {}
        }
        self.item_variable(name, span).unwrap_or_else(|| self.unknown_variable(name, span))
    }

    /// `of.name`
    pub fn field(&mut self, of: &Ast, name: &Spanned<String>, span: Span) -> Expr {
        if let Some(of) = self.loop_of(of) {
            return self.loop_var(of, name, span);
        }
        match &of.kind {
            AstKind::Name(root) if self.locals.iter().all(|local| local.name != *root) => {
                match root.as_str() {
                    "state" => return self.state(name, span),
                    "inputs" => return self.input(name, span),
                    _ => {}
                }
            }
            _ => {}
        }
        let of = self.check(of);
        self.member(of, name, span)
    }

    /// A field of a value
    pub fn member(&mut self, of: Expr, name: &Spanned<String>, span: Span) -> Expr {
        match of.ty.clone() {
            Ty::Poison | Ty::Never => poison(span),
            Ty::Any | Ty::Open => {
                self.demand(&of, &name.value);
                typed(ExprKind::Key(of.into(), name.value.clone()), Ty::Any, span)
            }
            Ty::Object(shape) => match shape.fields.get(&name.value) {
                Some(ty) => typed(ExprKind::Field(of.into(), name.value.clone()), ty.clone(), span),
                None => self.unknown_field(&of, name, shape.fields.keys().map(String::as_str)),
            },
            Ty::DateTime => match MEMBERS.iter().find(|(member, _)| *member == name.value) {
                Some((_, path)) => {
                    let args = vec![Arg::Given(of)];
                    typed(ExprKind::Builtin { path, args, fallible: false }, Ty::Int, span)
                }
                None => self.unknown_field(&of, name, MEMBERS.iter().map(|(member, _)| *member)),
            },
            ty if ty.may_be_null() => self.maybe_null(&of, name.span, "a field of it is read"),
            _ => self.unknown_field(&of, name, []),
        }
    }

    /// `of[index]`
    pub fn index(&mut self, of: &Ast, index: &Ast, span: Span) -> Expr {
        if let (AstKind::Name(root), AstKind::Str(key)) = (&of.kind, &index.kind)
            && matches!(root.as_str(), "state" | "inputs")
        {
            return self.field(of, &inside_quotes(self.world.sources, key, index.span), span);
        }
        let of = self.check(of);
        if let AstKind::Str(key) = &index.kind
            && matches!(of.ty, Ty::Object(_) | Ty::Open)
        {
            return self.member(of, &inside_quotes(self.world.sources, key, index.span), span);
        }
        let index = self.check(index);
        self.element(of, index, span)
    }

    /// An element of a value
    pub fn element(&mut self, of: Expr, index: Expr, span: Span) -> Expr {
        match of.ty.clone() {
            Ty::Poison | Ty::Never => poison(span),
            Ty::List(item) => {
                let index = self.convert_to(index, Ty::Int, "an index");
                typed(ExprKind::Index(of.into(), index.into()), *item, span)
            }
            ty if ty.is_text() => {
                let index = self.convert_to(index, Ty::Int, "an index");
                let of = certain(of, &Ty::String);
                typed(ExprKind::Index(of.into(), index.into()), Ty::String, span)
            }
            ty if ty.may_be_null() => self.maybe_null(&of, span, "an element of it is read"),
            Ty::Any | Ty::Open | Ty::Object(_) => {
                let (of, index) = (certain(of, &Ty::Any), certain(index, &Ty::Any));
                typed(ExprKind::Index(of.into(), index.into()), Ty::Any, span)
            }
            ty => self.wrong_operand(of.span, &format!("{} has no elements", a(&ty))),
        }
    }

    /// `of[start:stop:step]`
    pub fn slice(&mut self, of: &Ast, bounds: [Option<&Ast>; 3], span: Span) -> Expr {
        let of = self.check(of);
        let [start, stop, step] = bounds.map(|bound| {
            let bound = self.check(bound?);
            Some(Box::new(self.convert_to(bound, Ty::Int, "a bound of a slice")))
        });
        let ty = match &of.ty {
            Ty::Poison | Ty::Never => return poison(span),
            Ty::List(_) | Ty::Any => of.ty.clone(),
            ty if ty.is_text() => Ty::String,
            ty if ty.may_be_null() => return self.maybe_null(&of, of.span, "it is sliced"),
            ty => return self.wrong_operand(of.span, &format!("{} cannot be sliced", a(ty))),
        };
        let of = certain(of, &ty).into();
        typed(ExprKind::Slice { of, start, stop, step }, ty, span)
    }

    /// All inputs, as an object
    fn inputs(&mut self, span: Span) -> Expr {
        let program = self.program();
        if program.unread.inputs {
            return poison(span);
        }
        let input = |(at, input): (usize, &crate::ir::Input)| {
            let value = typed(ExprKind::Input(at), input.schema.input_ty(), span);
            (input.name.value.clone(), value)
        };
        let fields: Vec<_> = program.inputs.iter().enumerate().map(input).collect();
        if fields.is_empty() {
            return typed(ExprKind::Object(fields), Ty::Open, span);
        }
        let ty = Ty::object(fields.iter().map(|(name, value)| (name.clone(), value.ty.clone())));
        typed(ExprKind::Object(fields), ty, span)
    }

    fn input(&mut self, name: &Spanned<String>, span: Span) -> Expr {
        let inputs = &self.program().inputs;
        if let Some(at) = inputs.iter().position(|input| input.name.value == name.value) {
            return typed(ExprKind::Input(at), inputs[at].schema.input_ty(), span);
        }
        if self.program().unread.inputs {
            return poison(span);
        }
        let mut mistake = Diagnostic::new(
            Code::UnknownInput,
            name.span,
            format!("no input `{}` is declared", name.value),
        )
        .label("not among `inputs:`");
        if let Some(meant) =
            closest(&name.value, inputs.iter().map(|input| input.name.value.as_str()))
        {
            let edit = Edit { span: name.span, text: meant.to_owned() };
            mistake = mistake
                .help(format!("did you mean `{meant}`?"))
                .fix(format!("read `{meant}`"), vec![edit]);
            // What was to be tested is not known: perhaps this rules out null.
            self.narrowed.push(vec!["inputs".to_owned(), meant.to_owned()]);
        }
        self.mistake_with(&name.value, mistake);
        poison(span)
    }

    /// `item` and where it stands, where a child run has one
    pub fn item_variable(&self, name: &str, span: Span) -> Option<Expr> {
        let program = self.program();
        let declared = program.inputs.iter().position(|input| input.name.value == "item");
        if !program.inline_task && declared.is_none() {
            return None;
        }
        let (var, ty) = match name {
            "item" => {
                return Some(match declared {
                    Some(at) => {
                        typed(ExprKind::Input(at), program.inputs[at].schema.input_ty(), span)
                    }
                    None => typed(ExprKind::Item, self.table().item.clone(), span),
                });
            }
            "index" => (PlaceVar::Index, Ty::Int),
            "total" => (PlaceVar::Total, Ty::Int),
            "is_first" => (PlaceVar::IsFirst, Ty::Bool),
            "is_last" => (PlaceVar::IsLast, Ty::Bool),
            _ => return None,
        };
        Some(typed(ExprKind::Place(var), ty, span))
    }

    fn unknown_variable(&mut self, name: &str, span: Span) -> Expr {
        let program = self.program();
        let mut mistake =
            Diagnostic::new(Code::UnknownVariable, span, format!("no variable `{name}` here"));
        let qualify = |mistake: Diagnostic, root: &str| {
            let edit = Edit { span: span.before(), text: format!("{root}.") };
            mistake
                .help(format!("did you mean `{root}.{name}`?"))
                .fix(format!("read it from `{root}`"), vec![edit])
        };
        let is_field = program.fields.iter().any(|field| field.name == name);
        let is_input = program.inputs.iter().any(|input| input.name.value == name);
        mistake = match name {
            _ if is_field && self.place.is_some() => qualify(mistake, "state"),
            _ if is_input => qualify(mistake, "inputs"),
            "item" | "index" | "total" | "is_first" | "is_last" => {
                let fix = crate::checks::declare_item(self.world, self.id);
                let mistake = mistake
                    .label("known in the task of a `foreach` only")
                    .help("a task in a file of its own sees it once it declares an input `item`");
                fix.into_iter().fold(mistake, |mistake, edit| {
                    mistake.fix("declare the input `item`", vec![edit])
                })
            }
            _ if self.is_function(name) => {
                mistake.help(format!("a function is called with brackets: `{name}()`"))
            }
            "error" => mistake
                .label("known in a step that an `on_error` leads to")
                .help("say `on_error: THIS-STEP` at the step that may fail"),
            "loop" => mistake.label("known inside of a `{% for %}` only"),
            _ => {
                let local = closest(name, self.locals.iter().map(|local| local.name.as_str()));
                let roots = closest(name, ["state", "inputs", "item", "loop"]);
                match local.or(roots) {
                    Some(meant) => mistake.help(format!("did you mean `{meant}`?")),
                    None => mistake.help("values are read as `state.NAME` or `inputs.NAME`"),
                }
            }
        };
        self.mistake_with(name, mistake);
        self.narrow_what_was_meant(name);
        poison(span)
    }

    /// What a name that is none was to test is not known: perhaps it rules out null
    fn narrow_what_was_meant(&mut self, name: &str) {
        let program = self.program();
        let fields = program.fields.iter().map(|field| ("state", field.name.as_str()));
        let inputs = program.inputs.iter().map(|input| ("inputs", input.name.value.as_str()));
        let root = closest(name, ["state", "inputs"]);
        let meant = fields.chain(inputs).filter(|(of, it)| *it == name || root == Some(*of));
        self.narrowed.extend(meant.map(|(of, it)| vec![of.to_owned(), it.to_owned()]));
    }

    fn unknown_field<'f>(
        &mut self,
        of: &Expr,
        name: &Spanned<String>,
        known: impl IntoIterator<Item = &'f str> + Clone,
    ) -> Expr {
        let message = format!("{} has no field `{}`", a(&of.ty), name.value);
        let mut mistake = Diagnostic::new(Code::UnknownField, name.span, message)
            .also(of.span, format!("this is of type `{}`", of.ty));
        let fields: Vec<&str> = known.clone().into_iter().collect();
        if let Some(meant) = closest(&name.value, known) {
            let edit = Edit { span: name.span, text: meant.to_owned() };
            mistake = mistake
                .help(format!("did you mean `{meant}`?"))
                .fix(format!("read `{meant}`"), vec![edit]);
        } else if !fields.is_empty() {
            mistake = mistake.help(format!("it has `{}`", fields.join("`, `")));
        }
        self.mistake(mistake);
        poison(name.span)
    }

    /// Notes that a key of a field of unknown type is read
    fn demand(&mut self, of: &Expr, key: &str) {
        if let ExprKind::State(field) = &of.kind {
            let keys = self.notes.demands.entry(*field).or_default();
            *keys.entry(key.to_owned()).or_insert(false) |= !self.lenient;
        }
    }

    /// Reports a value that may be null where it is used as if it were not
    pub fn maybe_null(&mut self, of: &Expr, span: Span, used: &str) -> Expr {
        let read = format!("{} {used}", self.world.sources.text(of.span));
        self.mistake_with(
            &read,
            Diagnostic::new(Code::MaybeNull, of.span, format!("this may be null, and {used}"))
                .label(format!("of type `{}`", of.ty))
                .help("test it first: `… if x is not none else …`, or give a stand-in: `| default(…)`"),
        );
        poison(span)
    }

    /// Reports an operand that an operation cannot take
    pub fn wrong_operand(&mut self, span: Span, message: &str) -> Expr {
        self.mistake(Diagnostic::new(Code::TypeMismatch, span, message));
        poison(span)
    }
}

/// A text in quotes as a name, so that it can be marked and mended like one; where the text is
/// written otherwise, the place is that of the whole literal
pub fn inside_quotes(sources: &Sources, key: &str, span: Span) -> Spanned<String> {
    let text = sources.text(span);
    let inside = text.trim_matches(['\'', '"', '\\']);
    let mut place = span;
    if let Some(at) = text.find(inside).filter(|_| inside == key) {
        let start = span.range().start + at;
        place = Span::new(span.file, start..start + inside.len());
    }
    Spanned::new(key.to_owned(), place)
}
