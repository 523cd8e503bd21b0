//! Reads of state: listed, known, and certainly written before.

use crate::diagnostic::{Code, Diagnostic, Edit};
use crate::ir::{FieldId, StepId};
use crate::source::{Span, Spanned};
use crate::syntax::decode::closest;
use crate::typed::{Expr, ExprKind};

use super::checker::{Checker, poison, typed};
use super::flow::Fact;

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
        let first = self.notes.reads.insert((place.step, field), name.span).is_none();
        if first {
            self.check_listed(place.step, field, name);
            self.check_assigned(place.step, place.here.fields[field], field, name);
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
        let fields = program.fields.iter().map(|field| field.name.as_str());
        let meant = closest(&name.value, fields);
        // What was to be tested is not known: perhaps this rules out null.
        self.narrowed.extend(meant.map(|meant| vec!["state".to_owned(), meant.to_owned()]));
        let mistake = unknown_state(name, meant);
        self.mistake_with(&name.value, mistake);
        poison(name.span)
    }

    fn check_listed(&mut self, step: StepId, field: FieldId, name: &Spanned<String>) {
        let program = self.program();
        let reader = &program.steps[step];
        if reader.lists_all || reader.needs.iter().any(|need| self.means(&need.value, field)) {
            return;
        }
        let message = format!(
            "step `{}` reads `{}` without listing it in `needs_state`",
            reader.id.value, name.value
        );
        let mistake = Diagnostic::new(Code::UndeclaredState, name.span, message).label("read here");
        let mistake = match reader.needs.last() {
            Some(last) => mistake.also(last.span, "not among the fields listed here"),
            None => mistake.also(reader.id.span, "this step lists no field"),
        };
        self.notes.unlisted.entry(step).or_default().push((field, mistake));
    }

    /// Whether a listed word is a field, or was misspelt for it, which is reported there
    fn means(&self, listed: &str, field: FieldId) -> bool {
        let fields = &self.program().fields;
        let name = &fields[field].name;
        let known = || fields.iter().map(|field| field.name.as_str());
        listed == name
            || known().all(|field| field != listed) && closest(listed, known()) == Some(name)
    }

    fn check_assigned(&mut self, step: StepId, fact: Fact, field: FieldId, name: &Spanned<String>) {
        if !fact.unassigned || self.program().unread.state {
            return;
        }
        let reader = &self.program().steps[step].id.value;
        let message = if fact.value || fact.null {
            format!("`{}` may not be written when step `{reader}` reads it", name.value)
        } else {
            format!("`{}` is not written yet when step `{reader}` reads it", name.value)
        };
        let mistake = Diagnostic::new(Code::MaybeUnassigned, name.span, message).label("read here");
        let mistake = crate::checks::explain_unassigned(self.program(), step, field, mistake);
        self.mistake(mistake.help(format!(
            "give `{}` a value in `initial_state`, or write it on every path",
            name.value
        )));
    }
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
