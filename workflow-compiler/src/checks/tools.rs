//! Calls of tools: that the server has the tool, and that it takes what it is given.

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Edit, Severity};
use crate::ir::{Action, End, ProgramId, Step};
use crate::source::Spanned;
use crate::syntax::decode::closest;
use crate::tools::{LOCK, Lookup, Others, Tool, Tools};
use crate::typed::{self, Expr, ExprKind};
use crate::types::{Checked, Ty, World, a, inside_quotes, replace};
use crate::yaml::{self, Document, NodeId};

/// Checks every call of a tool that is known
pub fn calls(world: World<'_>, checked: &Checked, id: ProgramId, diagnostics: &mut Diagnostics) {
    let program = &world.programs[id];
    let Some(doc) = world.documents.get(&program.file) else { return };
    for (block, reached) in program.blocks.iter().zip(&checked.blocks) {
        let End::Wait { action: Action::McpCall { tool, parameters }, .. } = &block.end else {
            continue;
        };
        let values = match reached {
            Some((
                _,
                typed::End::Wait { action: typed::Action::McpCall { parameters, .. }, .. },
            )) => parameters.as_slice(),
            _ => &[],
        };
        let step = &program.steps[block.step];
        let names: Vec<&Spanned<String>> = parameters.iter().map(|(name, _)| name).collect();
        let call = Call { world, doc, step, name: tool, names, values };
        match world.names.tools.find(&tool.value) {
            Lookup::Any => {}
            Lookup::Unknown(known) => diagnostics.push(call.unknown_tool(&known)),
            Lookup::Known(tool) => call.check(tool, diagnostics),
        }
    }
}

/// A call with what is given
struct Call<'a> {
    world: World<'a>,
    doc: &'a Document,
    step: &'a Step,
    /// `server.tool`
    name: &'a Spanned<String>,
    names: Vec<&'a Spanned<String>>,
    /// The values of the parameters in the same order; none where the call is never reached
    values: &'a [(String, Expr)],
}

impl Call<'_> {
    fn unknown_tool(&self, known: &[&str]) -> Diagnostic {
        let (server, tool) = self.name.value.split_once('.').unwrap_or_default();
        let message = format!("server `{server}` has no tool `{tool}`");
        let mistake = Diagnostic::new(Code::ToolUnknown, self.name.span, message);
        let mistake = if Tools::is_built_in(&self.name.value) {
            mistake.label("not among the built-in tools")
        } else {
            mistake.label(format!("not in `{LOCK}`"))
        };
        match closest(tool, known.iter().copied()) {
            Some(meant) => {
                let meant = format!("{server}.{meant}");
                let mistake = mistake.help(format!("did you mean `{meant}`?"));
                let node = self.doc.get(self.step.node, "tool");
                with_edit(
                    mistake,
                    &format!("call `{meant}`"),
                    node.and_then(|node| yaml::edit::rewrite(self.doc, node, &meant)),
                )
            }
            None if known.is_empty() => mistake.help("it has none"),
            None => mistake.help(format!("it has `{}`", known.join("`, `"))),
        }
    }

    fn check(&self, tool: &Tool, diagnostics: &mut Diagnostics) {
        let node = self.doc.get(self.step.node, "parameters");
        let unreadable = node
            .is_some_and(|node| self.doc.mapping(node).is_none() && !self.doc.json(node).is_null());
        if unreadable {
            return;
        }
        let mut given: Vec<&str> = Vec::new();
        for (at, name) in self.names.iter().enumerate() {
            let parameter = tool.parameters.iter().find(|parameter| parameter.name == name.value);
            let Some(parameter) = parameter else {
                given.extend(self.unknown_parameter(tool, name, node, diagnostics));
                continue;
            };
            given.push(&parameter.name);
            let value = self.values.get(at).map(|(_, value)| value);
            let by = format!("`{}` of `{}`", name.value, self.name.value);
            if let Some(misfit) = value.and_then(|value| misfit(value, &parameter.ty, by)) {
                diagnostics.push(misfit.report(self.world));
            }
        }
        self.missing(tool, &given, diagnostics);
    }

    /// Reports a parameter that the tool does not have; gives the one that was meant
    fn unknown_parameter<'t>(
        &self,
        tool: &'t Tool,
        name: &Spanned<String>,
        parameters: Option<NodeId>,
        diagnostics: &mut Diagnostics,
    ) -> Option<&'t str> {
        let absent = tool
            .parameters
            .iter()
            .map(|parameter| parameter.name.as_str())
            .filter(|known| self.names.iter().all(|name| name.value != *known));
        let meant = closest(&name.value, absent);
        if tool.others == Others::Taken {
            return None;
        }
        let message = format!("tool `{}` has no parameter `{}`", self.name.value, name.value);
        let mut mistake = Diagnostic::new(Code::ToolArguments, name.span, message);
        if tool.others == Others::Ignored && meant.is_none() {
            mistake.severity = Severity::Warning;
        }
        mistake = match meant {
            Some(meant) => {
                let pair = parameters.and_then(|node| self.doc.pair(node, &name.value));
                let edit = pair.and_then(|pair| yaml::edit::rewrite(self.doc, pair.key, meant));
                let mistake = mistake.help(format!("did you mean `{meant}`?"));
                with_edit(mistake, &format!("rename it to `{meant}`"), edit)
            }
            None if tool.parameters.is_empty() => mistake.help("it takes none"),
            None => {
                let all: Vec<&str> =
                    tool.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
                mistake.help(format!("it takes `{}`", all.join("`, `")))
            }
        };
        diagnostics.push(mistake);
        meant
    }

    fn missing(&self, tool: &Tool, given: &[&str], diagnostics: &mut Diagnostics) {
        let key = self.doc.pair(self.step.node, "parameters").map(|pair| pair.key);
        let place = key.map_or(self.name.span, |key| self.doc.span(key));
        let mut report = |message: String, label: &str| {
            diagnostics
                .push(Diagnostic::new(Code::ToolArguments, place, message).label(label.to_owned()));
        };
        for parameter in tool.parameters.iter().filter(|parameter| parameter.required) {
            if !given.contains(&parameter.name.as_str()) {
                let (tool, name) = (&self.name.value, &parameter.name);
                report(
                    format!("tool `{tool}` needs the parameter `{name}`, {}", a(&parameter.ty)),
                    if key.is_some() { "it is not among these" } else { "called without it" },
                );
            }
        }
        let chosen = tool.one_of.iter().filter(|name| given.contains(&name.as_str())).count();
        if !tool.one_of.is_empty() && chosen != 1 {
            let names = tool.one_of.join("` or `");
            let label = if chosen == 0 { "called with neither" } else { "called with both" };
            report(format!("tool `{}` needs either `{names}`", self.name.value), label);
        }
    }
}

fn with_edit(mistake: Diagnostic, title: &str, edit: Option<Edit>) -> Diagnostic {
    edit.into_iter().fold(mistake, |mistake, edit| mistake.fix(title, vec![edit]))
}

/// A part of a value that a tool would refuse
struct Misfit<'e> {
    value: &'e Expr,
    ty: Ty,
    /// What demands the type, in words
    by: String,
    /// The field that is not there
    lacks: Option<String>,
}

/// The first part of a value that does not fit, looked for as deep as it is written out
fn misfit<'e>(value: &'e Expr, ty: &Ty, by: String) -> Option<Misfit<'e>> {
    if let ExprKind::Widen(inner) = &value.kind {
        return misfit(inner, ty, by);
    }
    let wanted = ty.clone().present();
    match (&value.kind, &wanted) {
        (ExprKind::Conditional(_, then, otherwise), _) => {
            misfit(then, ty, by.clone()).or_else(|| misfit(otherwise, ty, by))
        }
        (ExprKind::Str(text), Ty::Enum(words)) => {
            (!words.contains(text)).then(|| Misfit { value, ty: ty.clone(), by, lacks: None })
        }
        (ExprKind::List(items), Ty::List(item)) => {
            items.iter().find_map(|value| misfit(value, item, format!("an item of {by}")))
        }
        (ExprKind::Object(fields), Ty::Object(shape)) => {
            shape.fields.iter().find_map(|(name, ty)| {
                let given = fields.iter().find(|(field, _)| field == name);
                match given {
                    Some((_, value)) => misfit(value, ty, format!("`{name}` of {by}")),
                    None if matches!(ty, Ty::Optional(_) | Ty::Any | Ty::Null) => None,
                    None => {
                        let lacks = Some(name.clone());
                        Some(Misfit { value, ty: ty.clone(), by: by.clone(), lacks })
                    }
                }
            })
        }
        _ => {
            let fits = loose(ty).accepts(&as_json(&value.ty));
            (!fits).then(|| Misfit { value, ty: ty.clone(), by, lacks: None })
        }
    }
}

impl Misfit<'_> {
    fn report(&self, world: World<'_>) -> Diagnostic {
        let Self { value, ty, by, lacks } = self;
        if let Some(name) = lacks {
            let message = format!("{by} needs `{name}`, which is missing");
            let label = format!("without `{name}`");
            return Diagnostic::new(Code::ToolArguments, value.span, message).label(label);
        }
        if let (Ty::Enum(words), ExprKind::Str(text)) = (ty.clone().present(), &value.kind) {
            let message = format!("{by} is not `{text}`");
            let options = words.join("`, `");
            let mistake = Diagnostic::new(Code::ToolArguments, value.span, message)
                .label(format!("expected one of `{options}`"));
            let Some(meant) = closest(text, words.iter().map(String::as_str)) else {
                return mistake;
            };
            let place = inside_quotes(world.sources, text, value.span).span;
            let edit = Edit { span: place, text: meant.to_owned() };
            let edit = Some(edit).filter(|edit| world.sources.text(edit.span) == text);
            let mistake = mistake.help(format!("did you mean `{meant}`?"));
            return with_edit(mistake, &format!("write `{meant}`"), edit);
        }
        let label = format!("of type `{}`", value.ty);
        if matches!(value.ty, Ty::Optional(_)) && loose(ty).accepts(&value.ty.clone().present()) {
            let message = format!("{by} cannot be null, and this may be");
            return Diagnostic::new(Code::ToolArguments, value.span, message)
                .label(label)
                .help("say what stands in for null: `| default(…)`");
        }
        let wanted = ty.clone().present();
        let message = format!("{by} is {}, and this is {}", a(&wanted), a(&value.ty));
        Diagnostic::new(Code::ToolArguments, value.span, message).label(label)
    }
}

/// The type without its choices: whether a text is among them is known of a literal only
fn loose(ty: &Ty) -> Ty {
    replace(ty, &|ty| matches!(ty, Ty::Enum(_)).then_some(Ty::String))
}

/// The type of a value once it is sent: a point in time is a text
fn as_json(ty: &Ty) -> Ty {
    replace(ty, &|ty| matches!(ty, Ty::DateTime).then_some(Ty::String))
}
