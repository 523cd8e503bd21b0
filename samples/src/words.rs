//! Texts with templates in them: a construct is a function in [`PIECES`].

use crate::expr::quoted;
use crate::flow::{Flow, Variable};
use crate::marks::Mark;
use crate::ty::Ty;

type Piece = fn(&mut Flow<'_>, usize) -> String;

/// Every construct of texts
const PIECES: &[Piece] = &[
    words, words, output, output, output, branches, each, comment, raw, narrowed, separator, set,
    set_block,
];

impl Flow<'_> {
    /// A text with templates, for somebody to read
    pub(crate) fn words(&mut self, depth: usize) -> String {
        let ask = std::mem::replace(&mut self.may_ask, false);
        let text = self.pieces(depth);
        self.may_ask = ask;
        text.trim().to_owned()
    }

    fn pieces(&mut self, depth: usize) -> String {
        let count = 1 + self.random.below(3);
        let mut text = words(self, depth);
        let before = self.variables.len();
        for _ in 0..count {
            let piece = self.random.pick(PIECES);
            text.push_str(self.random.pick(&[" ", " ", "\n", "\n  ", "\n\n"]));
            text.push_str(&piece(self, depth));
        }
        self.variables.truncate(before);
        text
    }

    /// A tag, sometimes one that eats the white space round it
    fn tag(&mut self, inside: &str) -> String {
        let (left, right) =
            self.random.pick(&[("", ""), ("", ""), ("", ""), ("-", ""), ("", "-"), ("-", "-")]);
        format!("{{%{left} {inside} {right}%}}")
    }
}

fn words(flow: &mut Flow<'_>, _: usize) -> String {
    flow.random
        .pick(&["Look at this", "Über", "so be it:", "a - b", "it's", "100 %", "it"])
        .to_string()
}

fn output(flow: &mut Flow<'_>, depth: usize) -> String {
    let value = flow.printable(depth);
    Mark::Braces.on(&format!("{{{{ {value} }}}}"))
}

fn branches(flow: &mut Flow<'_>, depth: usize) -> String {
    let Some(depth) = depth.checked_sub(1) else { return words(flow, 0) };
    let test = flow.condition(depth);
    let mut text = flow.tag(&format!("if {test}"));
    text.push_str(&flow.pieces(depth));
    if flow.random.percent(30) {
        let test = flow.condition(depth);
        text.push_str(&flow.tag(&format!("elif {test}")));
        text.push_str(&flow.pieces(depth));
    }
    if flow.random.percent(50) {
        text.push_str(&flow.tag("else"));
        text.push_str(&flow.pieces(depth));
    }
    text + &flow.tag("endif")
}

fn each(flow: &mut Flow<'_>, depth: usize) -> String {
    let Some(depth) = depth.checked_sub(1) else { return words(flow, 0) };
    let list = flow.read(|ty| matches!(ty, Ty::List(_)));
    let Some((list, Ty::List(item))) = list else { return output(flow, depth) };
    let name = flow.name("one");
    let before = flow.variables.len();
    let shadowed: Vec<Variable> = flow.variables.clone();
    flow.variables.retain(|variable| !variable.text.starts_with("loop."));
    flow.variables.push(Variable { text: name.clone(), ty: *item });
    let own = [("index", Ty::Int), ("index0", Ty::Int), ("length", Ty::Int), ("revindex", Ty::Int)];
    let own = own.into_iter().chain([("first", Ty::Bool), ("last", Ty::Bool)]);
    flow.variables.extend(
        own.map(|(name, ty)| Variable { text: format!("loop.{}", Mark::Field.on(name)), ty }),
    );
    let mut text = flow.tag(&format!("for {name} in {list}"));
    text.push_str(&flow.pieces(depth));
    debug_assert!(flow.variables.len() >= before.min(1), "a loop only adds");
    flow.variables = shadowed;
    if flow.random.percent(30) {
        text.push_str(&flow.tag("else"));
        text.push_str(&flow.pieces(depth));
    }
    text + &flow.tag("endfor")
}

/// A variable, which the rest of the text may read
fn set(flow: &mut Flow<'_>, depth: usize) -> String {
    let ty = flow.random.pick(&[Ty::Int, Ty::Text, Ty::list(Ty::Text)]);
    let value = flow.expr(&ty, depth);
    let name = flow.name("kept");
    let text = flow.tag(&format!("set {name} = {value}"));
    flow.variables.push(Variable { text: name, ty });
    text
}

fn set_block(flow: &mut Flow<'_>, depth: usize) -> String {
    let Some(depth) = depth.checked_sub(1) else { return words(flow, 0) };
    let name = flow.name("block");
    let (open, close) = (flow.tag(&format!("set {name}")), flow.tag("endset"));
    let text = format!("{open}{}{close}", flow.pieces(depth));
    flow.variables.push(Variable { text: name, ty: Ty::Text });
    text
}

fn comment(flow: &mut Flow<'_>, _: usize) -> String {
    flow.random.pick(&["{# why not #}", "{#- {{ nothing }} -#}"]).to_string()
}

fn raw(_: &mut Flow<'_>, _: usize) -> String {
    "{% raw %}{{ as it is }}{% endraw %}".to_owned()
}

fn narrowed(flow: &mut Flow<'_>, depth: usize) -> String {
    let some = flow.read(|ty| matches!(ty, Ty::Maybe(some) if !matches!(**some, Ty::Object(_))));
    let Some((value, _)) = some else { return output(flow, depth) };
    let (open, close) =
        (flow.tag(&format!("if {value} is not {}", Mark::Test.on("none"))), flow.tag("endif"));
    format!("{open}{{{{ {value} }}}}{close}")
}

fn separator(flow: &mut Flow<'_>, depth: usize) -> String {
    let last = flow
        .variables
        .iter()
        .rev()
        .find(|variable| variable.text.starts_with("loop.") && variable.text.contains("last"));
    match last.map(|variable| variable.text.clone()) {
        Some(last) => format!("{{{{ {} if not {last} }}}}", quoted(", ")),
        None => output(flow, depth),
    }
}
