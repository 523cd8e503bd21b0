//! What inference has found out about each program; grows until nothing changes any more.

use crate::ir::{FieldId, Program, ProgramId, TempId};

use super::Ty;
use super::flow::Fact;

/// The types of all programs of a project
#[derive(Clone, Debug, PartialEq)]
pub struct Tables {
    programs: Vec<Table>,
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
        let unknown = |program: &Program| Table {
            fields: vec![Ty::Never; program.fields.len()],
            initial: vec![Ty::Never; program.fields.len()],
            temps: vec![Ty::Never; program.temps.len()],
            result: Ty::Never,
            item: Ty::Never,
        };
        Self { programs: programs.iter().map(unknown).collect(), poisons: false }
    }

    /// What is known of a program
    pub fn of(&self, program: ProgramId) -> &Table {
        &self.programs[program]
    }

    /// A field is also written with this type
    pub fn field(&mut self, program: ProgramId, field: FieldId, ty: &Ty) {
        widen(&mut self.programs[program].fields[field], ty, self.poisons);
    }

    /// A field begins with this type
    pub fn initial(&mut self, program: ProgramId, field: FieldId, ty: Ty) {
        self.field(program, field, &ty);
        self.programs[program].initial[field] = ty;
    }

    /// A kept value also has this type
    pub fn temp(&mut self, program: ProgramId, temp: TempId, ty: &Ty) {
        widen(&mut self.programs[program].temps[temp], ty, self.poisons);
    }

    /// A run also returns this type
    pub fn result(&mut self, program: ProgramId, ty: &Ty) {
        widen(&mut self.programs[program].result, ty, self.poisons);
    }

    /// An item also has this type
    pub fn item(&mut self, program: ProgramId, ty: &Ty) {
        widen(&mut self.programs[program].item, ty, self.poisons);
    }

    /// Whatever is still without a value becomes `any`; an item that no parent gives, too
    pub fn settle(&mut self) {
        for table in &mut self.programs {
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
    let also = match poisons {
        true => also.clone(),
        false => replace(also, &|ty| matches!(ty, Ty::Poison).then_some(Ty::Never)),
    };
    *known = known.join(&also).unwrap_or(Ty::Any);
}

fn settle(ty: &mut Ty) {
    *ty = replace(ty, &|ty| matches!(ty, Ty::Never).then_some(Ty::Any));
}

/// The type with each part replaced for which `with` has something else
fn replace(ty: &Ty, with: &dyn Fn(&Ty) -> Option<Ty>) -> Ty {
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
