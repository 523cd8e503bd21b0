//! Reads of state: listed, known, and certainly written before.

use crate::diagnostic::{Code, Diagnostic, Edit};
use crate::ir::{FieldId, Program, StepId};
use crate::source::{Span, Spanned};
use crate::syntax::decode::closest;
use crate::typed::{Expr, ExprKind};

use super::checker::{Checker, poison, typed};

impl Checker<'_> {
    /// `state.name`
    pub fn state(&mut self, name: &Spanned<String>, span: Span) -> Expr {
        let Some(place) = self.place else {
            self.mistake(
                Diagnostic::new(
                    Code::UnknownVariable,
                    span,
                    "`initial_state` cannot read the state",
                )
                .label("there is none yet")
                .help("values may be computed from `inputs`, and in a task from `item`"),
            );
            return poison(span);
        };
        let Some(field) = self.program().fields.iter().position(|field| field.name == name.value)
        else {
            return self.unknown_state(place.step, name);
        };
        let first = self.notes.reads.entry((place.step, field)).or_insert(name.span);
        *first = name.span.min(*first);
        if !self.is_listed(place.step, field) {
            self.notes.unlisted.insert((place.step, field));
        }
        let fact = place.here.fields[field];
        if fact.unassigned && !self.program().unread.state {
            self.notes.unassigned.insert((field, place.step), fact);
            return poison(span);
        }
        let before = self.table().read(field, place.before.fields[field]);
        let here = self.table().read(field, place.here.fields[field]);
        let read = typed(ExprKind::State(field), before.clone(), span);
        if before == here { read } else { typed(ExprKind::Present(read.into()), here, span) }
    }

    fn unknown_state(&mut self, step: StepId, name: &Spanned<String>) -> Expr {
        let program = self.program();
        if program.unread.state {
            return poison(name.span);
        }
        // Where the same word is listed in `needs_state`, it is reported there.
        if program.steps[step].needs.iter().any(|need| need.value == name.value) {
            return poison(name.span);
        }
        let meant = meant_field(program, &name.value);
        // What was to be tested is not known: perhaps this rules out null.
        self.narrowed.extend(meant.map(|meant| vec!["state".to_owned(), meant.to_owned()]));
        let mistake = unknown_state(name, meant);
        self.mistake_with(&name.value, mistake);
        poison(name.span)
    }

    /// Whether a step lists a field, or had a list that could not be read
    fn is_listed(&self, step: StepId, field: FieldId) -> bool {
        let reader = &self.program().steps[step];
        reader.lists_all || reader.needs.iter().any(|need| self.means(&need.value, field))
    }

    /// Whether a listed word is a field, or was meant to be it, which is reported there
    fn means(&self, listed: &str, field: FieldId) -> bool {
        let fields = &self.program().fields;
        let name = &fields[field].name;
        // Where several are as near, it may be any of them.
        let is_near = || closest(bare(listed), [name.as_str()]).is_some() || bare(listed) == name;
        listed == name || fields.iter().all(|field| field.name != listed) && is_near()
    }
}

/// The field that was probably meant by a word that is none: `state.x` for `x`, a misspelt name
pub fn meant_field<'a>(program: &'a Program, word: &str) -> Option<&'a str> {
    let fields = || program.fields.iter().map(|field| field.name.as_str());
    fields().find(|field| *field == bare(word)).or_else(|| closest(bare(word), fields()))
}

/// `x` of `state.x`
fn bare(word: &str) -> &str {
    word.strip_prefix("state.").unwrap_or(word)
}

/// That nobody writes a field
pub fn unknown_state(name: &Spanned<String>, meant: Option<&str>) -> Diagnostic {
    let message = format!("no state field `{}`", name.value);
    let mistake = Diagnostic::new(Code::UnknownState, name.span, message)
        .label("neither in `initial_state` nor written by any step");
    match meant {
        Some(meant) => mistake
            .help(format!("did you mean `{meant}`?"))
            .fix(format!("read `{meant}`"), vec![Edit { span: name.span, text: meant.to_owned() }]),
        None => mistake,
    }
}
