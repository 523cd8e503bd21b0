//! Text from outside in commands of a shell.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Edit};
use crate::ir::{FieldId, ProgramId, TempId};
use crate::source::Span;
use crate::typed::{Action, End, Expr, ExprKind, Op, Part};
use crate::types::{Checked, Ty, World};

/// Filters of whose result nothing is special to a shell, whatever they are given
const HARMLESS: &[&str] = &["shellquote", "hash", "base64_encode", "urlencode"];

/// What `map` becomes
const MAP: &str = "filters::map";

/// Text that the agent or a user gave, put into a command as it is
pub fn injection(
    world: World<'_>,
    checked: &Checked,
    id: ProgramId,
    diagnostics: &mut Diagnostics,
) {
    let blocks = || checked.blocks.iter().flatten();
    let commands = blocks().filter_map(|(_, end)| match end {
        End::Wait { action: Action::Shell { command, .. }, .. } => Some(command),
        _ => None,
    });
    let commands: Vec<&Expr> = commands.collect();
    if commands.is_empty() {
        return;
    }
    let trust = Trust::of(world, checked, id);
    for command in commands {
        let mut finder = Finder {
            trust: &trust,
            quote: None,
            locals: BTreeSet::new(),
            doubted: BTreeSet::new(),
            diagnostics,
        };
        match &shown(command).kind {
            ExprKind::Template(template) => finder.parts(&template.parts),
            _ => finder.whole(command),
        }
    }
}

/// Which fields and kept values hold nothing but what the author wrote, numbers and the like
struct Trust {
    fields: BTreeSet<FieldId>,
    temps: BTreeSet<TempId>,
}

impl Trust {
    /// Everything is trusted until something else is written to it
    fn of(world: World<'_>, checked: &Checked, id: ProgramId) -> Self {
        let program = &world.programs[id];
        let mut trust = Self {
            fields: (0..program.fields.len()).collect(),
            temps: (0..program.temps.len()).collect(),
        };
        let none = BTreeSet::new();
        let answers = program.blocks.iter().filter_map(|block| block.answer);
        for answer in answers.filter(|answer| !harmless(&world.tables.of(id).temps[*answer])) {
            trust.temps.remove(&answer);
        }
        for (field, initial) in checked.initial.iter().enumerate() {
            if !trust.safe(initial, &none) {
                trust.fields.remove(&field);
            }
        }
        loop {
            let known = (trust.fields.len(), trust.temps.len());
            for op in checked.blocks.iter().flatten().flat_map(|(ops, _)| ops) {
                match op {
                    Op::Let { temp, value } if !trust.safe(value, &none) => {
                        trust.temps.remove(temp);
                    }
                    Op::Write { field, value } if !trust.safe(value, &none) => {
                        trust.fields.remove(field);
                    }
                    Op::Let { .. } | Op::Write { .. } => {}
                }
            }
            if known == (trust.fields.len(), trust.temps.len()) {
                return trust;
            }
        }
    }

    /// Whether nothing of a value was written by somebody else
    fn safe(&self, value: &Expr, locals: &BTreeSet<usize>) -> bool {
        if harmless(&value.ty) {
            return true;
        }
        match &value.kind {
            ExprKind::Null | ExprKind::Str(_) | ExprKind::Ambient(_) => true,
            ExprKind::State(field) => self.fields.contains(field),
            ExprKind::Temp(temp) => self.temps.contains(temp),
            ExprKind::Local(number) => locals.contains(number),
            ExprKind::Input(_) | ExprKind::Item | ExprKind::Host { .. } => false,
            ExprKind::Conditional(_, then, otherwise) => {
                self.safe(then, locals) && self.safe(otherwise, locals)
            }
            ExprKind::Index(of, _) | ExprKind::Slice { of, .. } => self.safe(of, locals),
            ExprKind::Builtin { path, .. } if is_harmless(path) => true,
            // `map` gives what its expression gives, the others some of the items.
            ExprKind::Each(each) => {
                if each.path != MAP {
                    return self.safe(&each.items, locals);
                }
                let known = each.once.iter().map(|(number, value)| (*number, value));
                let inner = known.chain([(each.local, &each.items)]);
                let trusted = inner.filter(|(_, value)| self.safe(value, locals));
                let trusted: Vec<usize> = trusted.map(|(number, _)| number).collect();
                self.safe(&each.body, &locals.iter().copied().chain(trusted).collect())
            }
            _ => {
                let operands = value.operands();
                let quotes = |operand: &&Expr| matches!(&shown(operand).kind, ExprKind::Str(name) if name == "shellquote");
                operands.iter().any(quotes)
                    || operands.iter().all(|operand| self.safe(operand, locals))
            }
        }
    }
}

fn is_harmless(path: &str) -> bool {
    path.rsplit("::").next().is_some_and(|name| HARMLESS.contains(&name))
}

/// Whether no value of a type can mean anything to a shell, or which do was said by the author
fn harmless(ty: &Ty) -> bool {
    match ty {
        Ty::Never | Ty::Poison | Ty::Null | Ty::Bool | Ty::DateTime | Ty::Enum(_) => true,
        Ty::Int | Ty::Float | Ty::Number => true,
        Ty::List(item) | Ty::Optional(item) => harmless(item),
        Ty::Object(shape) => shape.fields.values().all(harmless),
        Ty::String | Ty::Open | Ty::Any => false,
    }
}

/// Goes through a command
struct Finder<'a> {
    trust: &'a Trust,
    /// The quote in which the place stands
    quote: Option<char>,
    /// Variables that are trusted
    locals: BTreeSet<usize>,
    /// Variables that a branch sets to what is not
    doubted: BTreeSet<usize>,
    diagnostics: &'a mut Diagnostics,
}

impl Finder<'_> {
    fn parts(&mut self, parts: &[Part]) {
        for part in parts {
            match part {
                Part::Text(text) => text.chars().for_each(|c| self.pass(c)),
                Part::Output(value) => self.output(value),
                Part::If { branches, otherwise, .. } => {
                    branches.iter().for_each(|(_, parts)| self.parts(parts));
                    self.parts(otherwise);
                }
                Part::For(each) => {
                    if self.trust.safe(&each.items, &self.locals) {
                        self.locals.insert(each.target.0);
                    }
                    each.unpack.iter().for_each(|(target, value)| self.set(target.0, value));
                    self.parts(&each.body);
                    self.parts(&each.otherwise);
                }
                Part::Set { target, value } => self.set(target.0, value),
            }
        }
    }

    /// A variable is trusted if each branch sets it to what is
    fn set(&mut self, number: usize, value: &Expr) {
        if !self.trust.safe(value, &self.locals) {
            self.doubted.insert(number);
            self.locals.remove(&number);
        } else if !self.doubted.contains(&number) {
            self.locals.insert(number);
        }
    }

    fn pass(&mut self, c: char) {
        match (self.quote, c) {
            (None, '\'' | '"') => self.quote = Some(c),
            (Some(quote), c) if quote == c => self.quote = None,
            _ => {}
        }
    }

    fn output(&mut self, value: &Expr) {
        if self.trust.safe(value, &self.locals) {
            return;
        }
        let mistake = mistake(value);
        let mistake = match self.quote {
            // Quotes inside of quotes would be part of the text.
            Some(quote) => {
                mistake.help(format!("take the {quote} away, and append `| shellquote`"))
            }
            None => mistake
                .help("`| shellquote` makes one word of it, whatever is in it")
                .fix("quote it", quoting(value)),
        };
        self.diagnostics.push(mistake);
    }

    /// A command that is one value: quoted, it would be the name of a program
    fn whole(&mut self, command: &Expr) {
        if !self.trust.safe(command, &self.locals) {
            self.diagnostics.push(
                mistake(command)
                    .help("write the command, and put what varies into it with `| shellquote`"),
            );
        }
    }
}

fn mistake(value: &Expr) -> Diagnostic {
    let message = "text from outside becomes part of a command";
    Diagnostic::new(Code::ShellInjection, value.span, message)
        .label(format!("of type `{}`, and not quoted", shown(value).ty))
}

/// The edits that append `| shellquote`; a filter binds closer than any operator
fn quoting(value: &Expr) -> Vec<Edit> {
    let append = |span: Span, text: &str| Edit { span: span.after(), text: text.to_owned() };
    let operator = matches!(
        shown(value).kind,
        ExprKind::Binary(..)
            | ExprKind::Logic(..)
            | ExprKind::Conditional(..)
            | ExprKind::Compare(..)
            | ExprKind::Unary(..)
    );
    if operator {
        let open = Edit { span: value.span.before(), text: "(".to_owned() };
        return vec![open, append(value.span, ") | shellquote")];
    }
    vec![append(value.span, " | shellquote")]
}

/// The value before it was converted or printed
fn shown(value: &Expr) -> &Expr {
    match &value.kind {
        ExprKind::Show(inner)
        | ExprKind::Widen(inner)
        | ExprKind::Cast(inner)
        | ExprKind::Present(inner) => shown(inner),
        _ => value,
    }
}
