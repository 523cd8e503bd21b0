//! Expressions of a wanted type. A construct is a function in [`MAKERS`] that makes the text of
//! an expression, or nothing where it has none of that type.

use crate::flow::Flow;
use crate::marks::Mark;
use crate::ty::Ty;

type Maker = fn(&mut Flow<'_>, &Ty, usize) -> Option<String>;

/// Every construct of expressions, filters excepted
const MAKERS: &[Maker] = &[
    conditional,
    stand_in,
    filtered,
    filtered,
    method,
    called,
    narrowed,
    compared,
    logical,
    contained,
    tested,
    calculated,
    signed,
    divided,
    joined_text,
    sliced,
    ambient,
    listed,
    described,
    looped,
];

/// A filter: its name with its arguments, what it takes, what it gives
struct Filter {
    text: &'static str,
    takes: Takes,
    gives: Gives,
}

enum Takes {
    Text,
    Bool,
    Int,
    Number,
    Texts,
    List,
    Printed,
}

#[derive(Clone, Copy, PartialEq)]
enum Gives {
    Text,
    Int,
    Texts,
    Bool,
}

impl Gives {
    fn fits(self, ty: &Ty) -> bool {
        match self {
            Self::Text => *ty == Ty::Text,
            Self::Int => matches!(ty, Ty::Int | Ty::Number),
            Self::Texts => *ty == Ty::list(Ty::Text),
            Self::Bool => *ty == Ty::Bool,
        }
    }
}

const fn filter(text: &'static str, takes: Takes, gives: Gives) -> Filter {
    Filter { text, takes, gives }
}

/// Every filter whose result does not depend on its items
const FILTERS: &[Filter] = &[
    filter("upper", Takes::Text, Gives::Text),
    filter("lower", Takes::Text, Gives::Text),
    filter("trim", Takes::Text, Gives::Text),
    filter("trim('xyz')", Takes::Text, Gives::Text),
    filter("replace('a', 'b')", Takes::Text, Gives::Text),
    filter("replace('a', new='', count=2)", Takes::Text, Gives::Text),
    filter("hash", Takes::Text, Gives::Text),
    filter("string", Takes::Printed, Gives::Text),
    filter("tojson", Takes::Printed, Gives::Text),
    filter("tojson(indent=2)", Takes::Printed, Gives::Text),
    filter("join(', ')", Takes::Texts, Gives::Text),
    filter("join", Takes::Texts, Gives::Text),
    filter("split(',')", Takes::Text, Gives::Texts),
    filter("split", Takes::Text, Gives::Texts),
    filter("length", Takes::Text, Gives::Int),
    filter("length", Takes::List, Gives::Int),
    filter("int", Takes::Text, Gives::Int),
    filter("int(default=7)", Takes::Text, Gives::Int),
    filter("int", Takes::Bool, Gives::Int),
    filter("int", Takes::Int, Gives::Int),
    filter("int", Takes::Number, Gives::Int),
    filter("abs", Takes::Int, Gives::Int),
    filter("title", Takes::Text, Gives::Text),
    filter("capitalize", Takes::Text, Gives::Text),
    filter("truncate(9)", Takes::Text, Gives::Text),
    filter("indent(2)", Takes::Text, Gives::Text),
    filter("urlencode", Takes::Text, Gives::Text),
    filter("base64_encode", Takes::Text, Gives::Text),
    filter("shellquote", Takes::Text, Gives::Text),
    filter("regex_replace('[ab]+', 'c')", Takes::Text, Gives::Text),
    filter("wordcount", Takes::Text, Gives::Int),
    filter("regex_findall('[a-z]+')", Takes::Text, Gives::Texts),
    filter("sort", Takes::Texts, Gives::Texts),
    filter("unique", Takes::Texts, Gives::Texts),
    filter("map('upper')", Takes::Texts, Gives::Texts),
    // Lower case first: a choice must not be compared with what cannot be chosen.
    filter("map('lower') | select('in', ['a', 'b'])", Takes::Texts, Gives::Texts),
    filter("map('lower') | reject('equalto', 'a')", Takes::Texts, Gives::Texts),
];

/// Methods of texts, and what they give
const METHODS: &[(&str, Gives)] = &[
    ("upper()", Gives::Text),
    ("lower()", Gives::Text),
    ("title()", Gives::Text),
    ("strip()", Gives::Text),
    ("lstrip('x')", Gives::Text),
    ("replace('a', 'b')", Gives::Text),
    ("split(',')", Gives::Texts),
    ("splitlines()", Gives::Texts),
    ("startswith('a')", Gives::Bool),
    ("endswith('b')", Gives::Bool),
    ("find('a')", Gives::Int),
    ("count('a')", Gives::Int),
];

impl Flow<'_> {
    /// An expression of that type, in brackets where it needs them
    pub(crate) fn expr(&mut self, ty: &Ty, depth: usize) -> String {
        if depth == 0 || self.random.percent(35) {
            let exact = self.read(|other| ty.takes(other) && (other != &Ty::Any || ty == other));
            if let Some((text, _)) = exact {
                return text;
            }
        }
        for _ in 0..if depth == 0 { 0 } else { 6 } {
            let maker = self.random.pick(MAKERS);
            if let Some(text) = maker(self, ty, depth - 1) {
                return text;
            }
        }
        self.literal(ty, depth)
    }

    /// A value that is written out
    fn literal(&mut self, ty: &Ty, depth: usize) -> String {
        match ty {
            // One that is written out would decide a test beforehand.
            Ty::Bool => self.read(|ty| *ty == Ty::Bool).map_or_else(String::new, |(text, _)| text),
            Ty::Int => self.random.below(20).to_string(),
            Ty::Number => self.random.pick(&["1.5", "0.25", "4"]).to_owned(),
            Ty::Text => quoted(self.random.pick(&["a", "plan b", "Grüße", "x-1", "it is"])),
            Ty::Word(words) => quoted(self.random.pick(words)),
            Ty::List(item) => {
                let item = self.expr(item, depth.saturating_sub(1));
                format!("[{item}]")
            }
            Ty::Object(fields) => self.object(fields, depth.saturating_sub(1)),
            Ty::Maybe(some) => self.expr(some, depth.saturating_sub(1)),
            Ty::Any => "none".to_owned(),
        }
    }

    fn object(&mut self, fields: &[(&'static str, Ty)], depth: usize) -> String {
        let all = fields.iter().map(|(name, ty)| format!("'{name}': {}", self.expr(ty, depth)));
        format!("{{{}}}", all.collect::<Vec<_>>().join(", "))
    }

    /// Something that can be printed
    pub(crate) fn printable(&mut self, depth: usize) -> String {
        let ty = match self.random.below(4) {
            0 => Ty::Int,
            1 => match self.read(Ty::prints) {
                Some((text, _)) => return text,
                None => Ty::Text,
            },
            _ => Ty::Text,
        };
        self.expr(&ty, depth)
    }

    /// A condition that is not known beforehand
    pub(crate) fn condition(&mut self, depth: usize) -> String {
        for maker in [compared, tested, logical, contained] {
            if self.random.percent(40)
                && let Some(text) = maker(self, &Ty::Bool, depth)
            {
                return text;
            }
        }
        self.read(|ty| *ty == Ty::Bool).map_or_else(|| "inputs.flag".to_owned(), |(text, _)| text)
    }
}

pub(crate) fn quoted(text: &str) -> String {
    format!("'{text}'")
}

fn name_of(filter: &str) -> String {
    let end = filter.find('(').unwrap_or(filter.len());
    format!("{}{}", Mark::Filter.on(&filter[..end]), &filter[end..])
}

fn conditional(flow: &mut Flow<'_>, ty: &Ty, depth: usize) -> Option<String> {
    let ask = std::mem::replace(&mut flow.may_ask, false);
    let test = flow.condition(depth);
    flow.may_ask = ask;
    let (then, otherwise) = (flow.expr(ty, depth), flow.expr(ty, depth));
    Some(format!("({then} if {test} else {otherwise})"))
}

fn stand_in(flow: &mut Flow<'_>, ty: &Ty, depth: usize) -> Option<String> {
    let wanted = Ty::maybe(ty.clone());
    if matches!(ty, Ty::Maybe(_) | Ty::Any) {
        return None;
    }
    let (value, _) = flow.read(|other| *other == wanted)?;
    let other = flow.expr(ty, depth);
    Some(format!("({value} | {}({other}))", Mark::Filter.on("default")))
}

fn filtered(flow: &mut Flow<'_>, ty: &Ty, depth: usize) -> Option<String> {
    let all: Vec<&Filter> = FILTERS.iter().filter(|filter| filter.gives.fits(ty)).collect();
    if all.is_empty() {
        return None;
    }
    let filter = flow.random.pick(&all);
    let value = match filter.takes {
        Takes::Text => flow.expr(&Ty::Text, depth),
        Takes::Bool => flow.expr(&Ty::Bool, depth),
        Takes::Int => flow.expr(&Ty::Int, depth),
        Takes::Number => flow.expr(&Ty::Number, depth),
        Takes::Texts => flow.expr(&Ty::list(Ty::Text), depth),
        Takes::List => flow.read(|ty| matches!(ty, Ty::List(_)))?.0,
        Takes::Printed => flow.printable(depth),
    };
    // A sign binds looser than a filter.
    Some(format!("({value} | {})", name_of(filter.text)))
}

fn method(flow: &mut Flow<'_>, ty: &Ty, depth: usize) -> Option<String> {
    let all: Vec<_> = METHODS.iter().filter(|(_, gives)| gives.fits(ty)).collect();
    if all.is_empty() {
        return None;
    }
    let (call, _) = flow.random.pick(&all);
    Some(format!("{}.{call}", flow.expr(&Ty::Text, depth)))
}

fn called(flow: &mut Flow<'_>, ty: &Ty, depth: usize) -> Option<String> {
    let may_ask = flow.may_ask;
    let fits = |function: &&crate::flow::Function| {
        ty.takes(&function.gives) && (may_ask || !function.agent)
    };
    let all: Vec<_> = flow.functions.iter().filter(fits).collect();
    if all.is_empty() || !flow.random.percent(50) {
        return None;
    }
    let function = flow.random.pick(&all);
    let args = function.params.iter().map(|param| flow.expr(param, depth.min(1)));
    let args = args.collect::<Vec<_>>().join(", ");
    Some(format!("{}({args})", Mark::Function.on(function.name)))
}

fn narrowed(flow: &mut Flow<'_>, ty: &Ty, depth: usize) -> Option<String> {
    let wanted = Ty::maybe(ty.clone());
    if matches!(ty, Ty::Maybe(_) | Ty::Any) {
        return None;
    }
    let (value, _) = flow.read(|other| *other == wanted)?;
    let other = flow.expr(ty, depth);
    let none = Mark::Test.on("none");
    Some(match flow.random.below(3) {
        0 => format!("({other} if {value} is {none} else {value})"),
        1 => format!("({value} if {value} is not {none} else {other})"),
        _ => format!("({value} if {value} != none else {other})"),
    })
}

fn compared(flow: &mut Flow<'_>, ty: &Ty, depth: usize) -> Option<String> {
    if *ty != Ty::Bool {
        return None;
    }
    let (left, of) = flow.read(|ty| matches!(ty, Ty::Int | Ty::Number | Ty::Text | Ty::Word(_)))?;
    let order = flow.random.pick(&["<", "<=", ">", ">="]);
    let equal = flow.random.pick(&["==", "!="]);
    Some(match of {
        Ty::Word(words) => format!("({left} {equal} {})", quoted(flow.random.pick(words))),
        // As a text, because only some words may ever be written to the field.
        Ty::Text => format!("(({left} ~ '') {equal} {})", flow.expr(&Ty::Text, depth)),
        of if flow.random.percent(20) => {
            let (low, high) = (flow.expr(&Ty::Int, 0), flow.expr(&of, depth));
            format!("({low} {order} {left} {order} {high})")
        }
        of => format!("({left} {order} {})", flow.expr(&of, depth)),
    })
}

fn logical(flow: &mut Flow<'_>, ty: &Ty, depth: usize) -> Option<String> {
    if *ty != Ty::Bool {
        return None;
    }
    let left = flow.condition(depth.saturating_sub(1));
    Some(match flow.random.below(3) {
        0 => format!("(not {left})"),
        1 => format!("({left} and {})", flow.expr(&Ty::Bool, depth)),
        _ => format!("({left} or {})", flow.expr(&Ty::Bool, depth)),
    })
}

fn contained(flow: &mut Flow<'_>, ty: &Ty, depth: usize) -> Option<String> {
    if *ty != Ty::Bool {
        return None;
    }
    let (text, of) = flow.read(|ty| matches!(ty, Ty::Text | Ty::List(_)))?;
    let word = flow.random.pick(&["in", "not in"]);
    Some(match of {
        Ty::List(item) if matches!(*item, Ty::Int | Ty::Text) => {
            format!("({} {word} {text})", flow.expr(&item, depth))
        }
        Ty::Text if flow.random.percent(50) => format!("(({text} ~ '') {word} ['a', 'b'])"),
        Ty::Text => format!("({} {word} {text})", flow.expr(&Ty::Text, depth)),
        _ => return None,
    })
}

fn tested(flow: &mut Flow<'_>, ty: &Ty, _: usize) -> Option<String> {
    if *ty != Ty::Bool {
        return None;
    }
    let (text, _) = flow.read(|ty| matches!(ty, Ty::Maybe(_)))?;
    let test = Mark::Test.on(flow.random.pick(&["none", "defined"]));
    let not = flow.random.pick(&["is", "is not"]);
    Some(format!("({text} {not} {test})"))
}

fn calculated(flow: &mut Flow<'_>, ty: &Ty, depth: usize) -> Option<String> {
    if !matches!(ty, Ty::Int | Ty::Number) {
        return None;
    }
    let left = flow.expr(ty, depth);
    let right = match flow.random.below(5) {
        0 => format!("* {}", Mark::Number.on("3")),
        1 => format!("// {}", Mark::Number.on("2")),
        2 => format!("% {}", Mark::Number.on("7")),
        3 => format!("- {}", flow.expr(ty, depth)),
        _ => format!("+ {}", flow.expr(ty, depth)),
    };
    Some(format!("({left} {right})"))
}

fn signed(flow: &mut Flow<'_>, ty: &Ty, depth: usize) -> Option<String> {
    let sign = flow.random.pick(&["-", "+"]);
    matches!(ty, Ty::Int | Ty::Number).then(|| format!("({sign}{})", flow.expr(ty, depth)))
}

fn divided(flow: &mut Flow<'_>, ty: &Ty, depth: usize) -> Option<String> {
    (*ty == Ty::Number).then(|| format!("({} / 4)", flow.expr(&Ty::Number, depth)))
}

fn joined_text(flow: &mut Flow<'_>, ty: &Ty, depth: usize) -> Option<String> {
    if *ty != Ty::Text {
        return None;
    }
    let (left, right) = (flow.printable(depth), flow.printable(depth));
    Some(match flow.random.below(3) {
        0 => format!("({} + {})", flow.expr(&Ty::Text, depth), quoted("!")),
        1 => format!("({left} ~ {} ~ {right})", quoted(" / ")),
        _ => format!("({left} ~ {right})"),
    })
}

fn sliced(flow: &mut Flow<'_>, ty: &Ty, _: usize) -> Option<String> {
    if !matches!(ty, Ty::Text | Ty::List(_)) {
        return None;
    }
    let (value, _) = flow.read(|other| other == ty)?;
    let slice = flow.random.pick(&["[1:]", "[:3]", "[-2:]", "[::2]", "[::-1]", "[0:5:2]"]);
    Some(format!("{value}{slice}"))
}

fn ambient(flow: &mut Flow<'_>, ty: &Ty, _: usize) -> Option<String> {
    match ty {
        Ty::Text => Some(flow.random.pick(&["(now() ~ '')", "uuid()"]).to_string()),
        Ty::Number => Some("random()".to_owned()),
        _ => None,
    }
}

fn listed(flow: &mut Flow<'_>, ty: &Ty, depth: usize) -> Option<String> {
    match ty {
        Ty::List(item) if flow.random.percent(50) => {
            let items: Vec<_> =
                (0..=flow.random.below(3)).map(|_| flow.expr(item, depth)).collect();
            Some(format!("[{}]", items.join(", ")))
        }
        Ty::List(_) => {
            let (left, _) = flow.read(|other| other == ty)?;
            Some(format!("({left} + {})", flow.expr(ty, depth)))
        }
        ty if *ty != Ty::Any && !matches!(ty, Ty::Maybe(_)) => {
            let (list, _) = flow.read(|other| *other == Ty::list(ty.clone()))?;
            let end = Mark::Filter.on(flow.random.pick(&["first", "last"]));
            let other = flow.expr(ty, depth);
            Some(format!("({list} | {end} | {}({other}))", Mark::Filter.on("default")))
        }
        _ => None,
    }
}

fn described(flow: &mut Flow<'_>, ty: &Ty, depth: usize) -> Option<String> {
    match ty {
        Ty::Object(fields) => Some(flow.object(fields, depth)),
        _ => None,
    }
}

/// A value of the loop's own variables, inside of one
fn looped(flow: &mut Flow<'_>, ty: &Ty, _: usize) -> Option<String> {
    let all = flow.variables.iter().rev().filter(|variable| variable.text.starts_with("loop."));
    let all: Vec<String> =
        all.filter(|variable| variable.ty == *ty).map(|variable| variable.text.clone()).collect();
    (!all.is_empty()).then(|| flow.random.pick(&all))
}
