//! What inference has found out about each program; grows until nothing changes any more.

use std::rc::Rc;

use crate::ir::{FieldId, Program, ProgramId, TempId};

use super::Ty;
use super::flow::Fact;

/// A type of more parts than this, or nested deeper, is `any`: a field that holds itself would grow
/// without end, and rustc follows only so far
const MAX_PARTS: usize = 500;
const MAX_DEPTH: usize = 24;

/// The types of all programs of a project; cheap to clone
#[derive(Clone, Debug, PartialEq)]
pub struct Tables {
    programs: Vec<Rc<Table>>,
    /// Whether what was reported silences what it flows into; not while types still grow, because
    /// then things look wrong that are not
    pub poisons: bool,
}

/// The types of one program
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// How each state field is stored
    pub fields: Vec<Ty>,
    /// What each field begins with
    pub initial: Vec<Ty>,
    /// What each kept value is
    pub temps: Vec<Ty>,
    /// What the run returns
    pub result: Ty,
    /// `item`, as the parents' forks give it
    pub item: Ty,
}

impl Tables {
    /// Nothing known yet
    pub fn new(programs: &[Program]) -> Self {
        let unknown = |program: &Program| {
            Rc::new(Table {
                fields: vec![Ty::Never; program.fields.len()],
                initial: vec![Ty::Never; program.fields.len()],
                temps: vec![Ty::Never; program.temps.len()],
                result: Ty::Never,
                item: Ty::Never,
            })
        };
        Self { programs: programs.iter().map(unknown).collect(), poisons: false }
    }

    /// What is known of a program
    pub fn of(&self, program: ProgramId) -> &Table {
        &self.programs[program]
    }

    /// What others have found out about a program
    pub fn follow(&mut self, others: &Self, program: ProgramId) {
        self.programs[program] = Rc::clone(&others.programs[program]);
    }

    /// A field is also written with this type
    pub fn field(&mut self, program: ProgramId, field: FieldId, ty: &Ty) {
        let poisons = self.poisons;
        widen(&mut self.edit(program).fields[field], ty, poisons);
    }

    /// A field begins with this type
    pub fn initial(&mut self, program: ProgramId, field: FieldId, ty: Ty) {
        self.field(program, field, &ty);
        self.edit(program).initial[field] = ty;
    }

    /// A kept value also has this type
    pub fn temp(&mut self, program: ProgramId, temp: TempId, ty: &Ty) {
        let poisons = self.poisons;
        widen(&mut self.edit(program).temps[temp], ty, poisons);
    }

    /// A run also returns this type
    pub fn result(&mut self, program: ProgramId, ty: &Ty) {
        let poisons = self.poisons;
        widen(&mut self.edit(program).result, ty, poisons);
    }

    /// An item also has this type
    pub fn item(&mut self, program: ProgramId, ty: &Ty) {
        let poisons = self.poisons;
        widen(&mut self.edit(program).item, ty, poisons);
    }

    fn edit(&mut self, program: ProgramId) -> &mut Table {
        Rc::make_mut(&mut self.programs[program])
    }

    /// Whether what was reported silences anything
    pub fn are_silenced(&self) -> bool {
        let silenced = |table: &Rc<Table>| {
            let kept = table.fields.iter().chain(&table.temps);
            kept.chain([&table.result, &table.item]).any(is_silenced)
        };
        self.programs.iter().any(silenced)
    }

    /// Whatever is still without a value becomes `any`; an item that no parent gives, too
    pub fn settle(&mut self) {
        for table in &mut self.programs {
            let table = Rc::make_mut(table);
            let types = table.fields.iter_mut().chain(&mut table.temps);
            types.chain([&mut table.result, &mut table.item]).for_each(settle);
        }
    }
}

impl Table {
    /// The type with which a field is read where `fact` holds
    pub fn read(&self, field: FieldId, fact: Fact) -> Ty {
        let stored = self.fields[field].clone();
        if fact.null || fact.unassigned { stored } else { stored.present() }
    }
}

/// Joins; what was reported says nothing, or poisons
fn widen(known: &mut Ty, also: &Ty, poisons: bool) {
    let silent = |ty: &Ty| (!poisons && *ty == Ty::Poison).then_some(Ty::Never);
    let also = replace(also, &silent);
    *known = known.join(&also).filter(is_bounded).unwrap_or(Ty::Any);
}

/// Whether a type has no more parts than one may have, and is nested no deeper
pub(super) fn is_bounded(ty: &Ty) -> bool {
    parts(ty, MAX_PARTS, MAX_DEPTH).is_some()
}

/// How many parts are left of a number once those of a type are taken, if they suffice
fn parts(ty: &Ty, left: usize, depth: usize) -> Option<usize> {
    let (left, depth) = (left.checked_sub(1)?, depth.checked_sub(1)?);
    match ty {
        Ty::List(item) => parts(item, left, depth),
        Ty::Optional(some) => parts(some, left, depth),
        Ty::Object(shape) => {
            shape.fields.values().try_fold(left, |left, ty| parts(ty, left, depth))
        }
        _ => Some(left),
    }
}

fn is_silenced(ty: &Ty) -> bool {
    match ty {
        Ty::Poison => true,
        Ty::List(part) | Ty::Optional(part) => is_silenced(part),
        Ty::Object(shape) => shape.fields.values().any(is_silenced),
        _ => false,
    }
}

fn settle(ty: &mut Ty) {
    *ty = replace(ty, &|ty| matches!(ty, Ty::Never).then_some(Ty::Any));
}

/// The type with each part replaced for which `with` has something else
pub fn replace(ty: &Ty, with: &dyn Fn(&Ty) -> Option<Ty>) -> Ty {
    if let Some(other) = with(ty) {
        return other;
    }
    match ty {
        Ty::List(item) => Ty::list(replace(item, with)),
        Ty::Optional(some) => replace(some, with).optional(),
        Ty::Object(shape) => {
            Ty::object(shape.fields.iter().map(|(name, ty)| (name.clone(), replace(ty, with))))
        }
        ty => ty.clone(),
    }
}
