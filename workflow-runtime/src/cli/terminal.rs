//! Asks a person at the terminal, who plays the agent.

use std::io::{self, BufRead, Write};

use serde_json::{Map, Value, json};

use super::drive::Ask;
use super::plain::plain;
use crate::machine::Answer;
use crate::words::Expected;

/// Begins an answer of several lines, which ends with a line that is a dot
const SEVERAL_LINES: &str = "<<";

/// Begins a refusal: the step could not be done
const FAIL: &str = "!fail";

/// What a person sees and types
pub(crate) struct Terminal<R, W> {
    input: R,
    output: W,
}

/// Nobody types any more
#[derive(Debug, thiserror::Error)]
pub(crate) enum Silence {
    /// The input has ended
    #[error("the input has ended")]
    End,
    /// The terminal does not work
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// What a question can be answered with
enum Typed {
    Value(Value),
    Fail(String),
    Wrong(String),
}

impl<R: BufRead, W: Write> Terminal<R, W> {
    pub(crate) fn new(input: R, output: W) -> Self {
        Self { input, output }
    }

    /// Writes a line
    pub(crate) fn say(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.output, "{}", plain(line))
    }

    /// Shows what a step asks for
    pub(crate) fn show(&mut self, ask: &Ask<'_>) -> io::Result<()> {
        let fields = &ask.step.fields;
        for key in ["agent", "function", "tool", "parameters", "message", "instructions", "command"]
        {
            match fields.get(key) {
                Some(Value::String(text)) => self.show_field(key, text)?,
                Some(value) => {
                    let text = serde_json::to_string_pretty(value)?;
                    self.show_field(key, &text)?;
                }
                None => {}
            }
        }
        for (number, option) in options(fields).iter().enumerate() {
            writeln!(self.output, "  {}. {}", number + 1, plain(option))?;
        }
        Ok(())
    }

    fn show_field(&mut self, key: &str, text: &str) -> io::Result<()> {
        let text = plain(text.trim_end());
        match key {
            "message" | "instructions" => writeln!(self.output, "{text}"),
            "command" => writeln!(self.output, "$ {text}"),
            _ => writeln!(self.output, "{key}: {text}"),
        }
    }

    /// Asks until there is an answer that can be one
    pub(crate) fn ask(&mut self, ask: &Ask<'_>) -> Result<Answer, Silence> {
        if ask.step.kind == "shell" {
            return self.ask_shell();
        }
        let hint = hint(ask);
        loop {
            let text = match self.line(&hint)? {
                Some(line) if line.trim() == SEVERAL_LINES => self.lines()?,
                Some(line) => line,
                None => return Err(Silence::End),
            };
            match read(&text, ask) {
                Typed::Value(value) => return Ok(Answer::Result(value)),
                Typed::Fail(why) => return Ok(Answer::Error(why)),
                Typed::Wrong(why) => self.say(&why)?,
            }
        }
    }

    /// A person runs the command and types how it ended
    fn ask_shell(&mut self) -> Result<Answer, Silence> {
        let exit_code: i64 = loop {
            let line = self.line("exit code [0]")?.ok_or(Silence::End)?;
            match (line.trim(), failed(&line)) {
                (_, Some(why)) => return Ok(Answer::Error(why)),
                ("", _) => break 0,
                (code, _) => match code.parse() {
                    Ok(code) => break code,
                    Err(_) => self.say("expected a whole number")?,
                },
            }
        };
        let stdout = self.line("stdout (<< for several lines, ended by a line .)")?;
        let stdout = match stdout.ok_or(Silence::End)? {
            line if line.trim() == SEVERAL_LINES => self.lines()?,
            line => line,
        };
        Ok(Answer::Result(json!({"stdout": stdout, "stderr": "", "exit_code": exit_code})))
    }

    /// A line without its end; nothing at the end of the input
    fn line(&mut self, hint: &str) -> io::Result<Option<String>> {
        write!(self.output, "{hint}> ")?;
        self.output.flush()?;
        let mut line = String::new();
        if self.input.read_line(&mut line)? == 0 {
            writeln!(self.output)?;
            return Ok(None);
        }
        Ok(Some(line.trim_end_matches(['\n', '\r']).to_owned()))
    }

    fn lines(&mut self) -> Result<String, Silence> {
        let mut lines = Vec::new();
        loop {
            let line = self.line("")?.ok_or(Silence::End)?;
            if line == "." {
                return Ok(lines.join("\n"));
            }
            lines.push(line);
        }
    }
}

fn options(fields: &Map<String, Value>) -> Vec<&str> {
    let options = fields.get("options").and_then(Value::as_array);
    options.into_iter().flatten().filter_map(Value::as_str).collect()
}

/// The kind of a prompt; other steps have none
fn prompt_kind<'a>(ask: &Ask<'a>) -> Option<&'a str> {
    (ask.step.kind == "prompt").then(|| ask.step.fields.get("kind"))?.and_then(Value::as_str)
}

fn wants(ask: &Ask<'_>, kind: &str) -> bool {
    let schema = &ask.step.result_schema;
    schema.get("enum").is_none() && schema.get("type").is_some_and(|word| word == kind)
}

fn hint(ask: &Ask<'_>) -> String {
    match prompt_kind(ask) {
        Some("confirm") => "y/n".to_owned(),
        Some("choice") => "number".to_owned(),
        Some("info") => "enter".to_owned(),
        _ if wants(ask, "string") => "text (<< for several lines, ended by a line .)".to_owned(),
        _ if wants(ask, "boolean") => "y/n".to_owned(),
        _ => format!(
            "JSON: {} (<< for several lines, ended by a line .)",
            Expected(&ask.step.result_schema).argument()
        ),
    }
}

/// Why a step could not be done, if a text says so: `!fail no network`
pub(crate) fn failed(text: &str) -> Option<String> {
    text.trim().strip_prefix(FAIL).map(|why| why.trim().to_owned())
}

fn read(text: &str, ask: &Ask<'_>) -> Typed {
    if let (Some(why), true) = (failed(text), ask.step.kind != "prompt") {
        return Typed::Fail(why);
    }
    match prompt_kind(ask) {
        Some("confirm") => yes_or_no(text, |confirmed| json!({"confirmed": confirmed})),
        Some("choice") => choice(text, &options(&ask.step.fields)),
        Some("info") => Typed::Value(json!({"acknowledged": true})),
        _ if wants(ask, "string") => Typed::Value(json!(text)),
        _ if wants(ask, "boolean") => yes_or_no(text, Value::Bool),
        _ => match serde_json::from_str(text) {
            Ok(value) => Typed::Value(value),
            Err(_) if ask.step.result_schema.get("type").is_none() => Typed::Value(json!(text)),
            Err(error) => Typed::Wrong(format!("not JSON: {error}")),
        },
    }
}

fn yes_or_no(text: &str, value: impl Fn(bool) -> Value) -> Typed {
    match text.trim().to_lowercase().as_str() {
        "y" | "yes" | "true" => Typed::Value(value(true)),
        "n" | "no" | "false" => Typed::Value(value(false)),
        _ => Typed::Wrong("expected y or n".to_owned()),
    }
}

fn choice(text: &str, options: &[&str]) -> Typed {
    let text = text.trim();
    let by_number =
        text.parse::<usize>().ok().and_then(|number| options.get(number.checked_sub(1)?));
    match options.iter().find(|option| **option == text).or(by_number) {
        Some(selected) => Typed::Value(json!({"selected": selected})),
        None => Typed::Wrong(format!(
            "expected one of the options, by number 1 to {} or word for word",
            options.len()
        )),
    }
}
