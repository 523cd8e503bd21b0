//! What is said of a value of a wrong kind, with the mends of the frequent slips.

use super::{Takes, Value, closest, one_of};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Edit};
use crate::yaml::{Plain, Scalar, Style, plain};

impl Value<'_> {
    /// Reports that something else is expected here; gives `None`
    pub fn mismatch<T>(&self, expected: &str, diagnostics: &mut Diagnostics) -> Option<T> {
        self.mismatch_with(expected, self.doc.describe(self.node), diagnostics)
    }

    pub(super) fn mismatch_with<T>(
        &self,
        expected: &str,
        found: &str,
        diagnostics: &mut Diagnostics,
    ) -> Option<T> {
        diagnostics.push(self.wrong(expected, found));
        None
    }

    /// A text is expected: a number or a truth value may need quotes
    pub(super) fn mismatch_text<T>(
        &self,
        takes: Takes,
        diagnostics: &mut Diagnostics,
    ) -> Option<T> {
        let mut diagnostic = self.wrong(&takes.describe(), self.doc.describe(self.node));
        if let Some(scalar) = self.one_line().filter(|scalar| !scalar.text.is_empty()) {
            let quoted = format!("\"{}\"", scalar.text);
            diagnostic = diagnostic
                .help(format!("a text that looks like something else needs quotes: `{quoted}`"))
                .fix("put it in quotes", vec![self.replace(quoted)]);
        }
        diagnostics.push(diagnostic);
        None
    }

    /// A number or a truth value is expected: a text may have quotes or a comma too many
    pub(super) fn mismatch_plain<T>(
        &self,
        takes: Takes,
        diagnostics: &mut Diagnostics,
    ) -> Option<T> {
        let found = match self.doc.scalar(self.node) {
            Some(scalar) if !scalar.text.is_empty() => format!("`{}`", scalar.text),
            _ => self.doc.describe(self.node).to_owned(),
        };
        let mut diagnostic = self.wrong(&takes.describe(), &found);
        if let Some((meant, help)) = self.one_line().and_then(|scalar| slip(takes, scalar)) {
            diagnostic =
                diagnostic.help(help).fix(format!("write `{meant}`"), vec![self.replace(meant)]);
        }
        diagnostics.push(diagnostic);
        None
    }

    /// Reports a comma that makes a text of a number
    pub(super) fn mismatch_comma<T>(&self, diagnostics: &mut Diagnostics) -> Option<T> {
        let scalar = self.doc.scalar(self.node)?;
        let message = format!("`{}` is a text, because of the comma", scalar.text);
        let meant = scalar.text.trim_end_matches(',').trim_end().to_owned();
        diagnostics.push(
            Diagnostic::new(Code::WrongTypeOfKey, self.span(), message)
                .label("the comma is part of it")
                .help(COMMA)
                .fix(format!("write `{meant}`"), vec![self.replace(meant)]),
        );
        None
    }

    /// A list is expected: a single text may need brackets
    pub(super) fn mismatch_list<T>(
        &self,
        takes: Takes,
        diagnostics: &mut Diagnostics,
    ) -> Option<T> {
        let mut diagnostic = self.wrong(&takes.describe(), self.doc.describe(self.node));
        let text = self.doc.scalar(self.node).filter(|scalar| scalar.style == Style::Plain);
        let fits = text.is_none_or(|scalar| fits_brackets(&scalar.text));
        if let Some(item) = text.and_then(|scalar| scalar.text.strip_prefix('-')) {
            diagnostic = diagnostic.help("a dash needs a space behind it: `- item`");
            if fits_brackets(item) && !item.contains(' ') {
                let edit = self.replace(format!("[{item}]"));
                diagnostic = diagnostic.fix("put it in brackets", vec![edit]);
            }
        } else if let Some(scalar) = self.one_line().filter(|scalar| is_row(scalar)) {
            let edit = self.replace(format!("[{}]", scalar.text));
            diagnostic = diagnostic
                .help("a list stands in brackets, without quotes around all of it")
                .fix("put it in brackets", vec![edit]);
        } else if fits && self.one_line().is_some_and(|scalar| !scalar.text.is_empty()) {
            let span = self.span();
            let brackets = vec![
                Edit { span: span.before(), text: "[".to_owned() },
                Edit { span: span.after(), text: "]".to_owned() },
            ];
            diagnostic = diagnostic
                .help("a list of one is written in brackets, too")
                .fix("put it in brackets", brackets);
        }
        diagnostics.push(diagnostic);
        None
    }

    pub(super) fn unknown_word<T>(
        &self,
        word: &str,
        words: &[&'static str],
        diagnostics: &mut Diagnostics,
    ) -> Option<T> {
        let expected = one_of(words);
        let mut diagnostic = self.wrong(&expected, &format!("`{word}`"));
        if let Some(meant) = closest(word, words.iter().copied()) {
            diagnostic = diagnostic.help(format!("did you mean `{meant}`?"));
            if self.one_line().is_some() {
                let edit = self.replace(meant.to_owned());
                diagnostic = diagnostic.fix(format!("write `{meant}`"), vec![edit]);
            }
        }
        diagnostics.push(diagnostic);
        None
    }

    pub(super) fn invalid_agent<T>(&self, text: &str, diagnostics: &mut Diagnostics) -> Option<T> {
        let message = format!("`{text}` is not an agent");
        let mut diagnostic = Diagnostic::new(Code::InvalidAgent, self.span(), message)
            .label("not `@name`")
            .help("an agent is `@` with small letters, digits and `-`, such as `@task`");
        if super::value::is_agent_name(text) && self.one_line().is_some() {
            let edit = self.replace(format!("\"@{text}\""));
            diagnostic = diagnostic.fix(format!("write `@{text}`"), vec![edit]);
        }
        diagnostics.push(diagnostic);
        None
    }

    /// Something that is no duration; of a list or mapping, that it is of a wrong kind
    pub(super) fn invalid_duration<T>(
        &self,
        expected: &str,
        diagnostics: &mut Diagnostics,
    ) -> Option<T> {
        let Some(scalar) = self.doc.scalar(self.node) else {
            return self.mismatch(expected, diagnostics);
        };
        let quotes = if matches!(scalar.style, Style::Single | Style::Double) { "\"" } else { "" };
        let message = format!("`{quotes}{}{quotes}` is not a duration", scalar.text.trim());
        let mut diagnostic = Diagnostic::new(Code::InvalidDuration, self.span(), message)
            .label(format!("expected {expected}"));
        if let Some((meant, help)) = self.one_line().and_then(|scalar| slip(Takes::Seconds, scalar))
        {
            diagnostic =
                diagnostic.help(help).fix(format!("write `{meant}`"), vec![self.replace(meant)]);
        }
        diagnostics.push(diagnostic);
        None
    }

    fn wrong(&self, expected: &str, found: &str) -> Diagnostic {
        let message = format!("{} takes {expected}, not {found}", self.what);
        Diagnostic::new(Code::WrongTypeOfKey, self.span(), message)
            .label(format!("expected {expected}"))
    }

    /// The scalar, unless it is a block, whose place cannot be replaced by a word
    fn one_line(&self) -> Option<&Scalar> {
        let block = |scalar: &&Scalar| matches!(scalar.style, Style::Literal | Style::Folded);
        self.doc.scalar(self.node).filter(|scalar| !block(scalar) && !scalar.text.contains('\n'))
    }

    fn replace(&self, text: String) -> Edit {
        Edit { span: self.span(), text }
    }
}

/// Whether a plain text says the same within brackets, but for its commas: nothing in it is a sign of
/// YAML
fn fits_brackets(text: &str) -> bool {
    let is_plain =
        |item: &str| !item.trim().is_empty() && !item.trim().starts_with(['-', '?', '%']);
    text.split(',').all(is_plain) && !text.contains(|c| "[]{}&*!|>'\"`@:#".contains(c))
}

/// `"a, b"`: names in a row, in quotes
fn is_row(scalar: &Scalar) -> bool {
    let mut names = scalar.text.split(',').map(str::trim);
    let is_name = |name: &str| {
        name.starts_with(char::is_alphabetic)
            && name.chars().all(|c| c == '_' || c.is_alphanumeric())
    };
    scalar.style != Style::Plain && scalar.text.contains(',') && names.all(is_name)
}

const COMMA: &str = "YAML needs no comma at the end of a line: it becomes part of a text";

/// `1,`: the comma makes a text of what was to be something else
pub(super) fn is_with_comma(scalar: &Scalar) -> bool {
    let meant = scalar.text.strip_suffix(',').map(plain);
    scalar.style == Style::Plain && meant.is_some_and(|meant| !matches!(meant, Plain::String(_)))
}

/// What was meant by `"true"`, `true,`, `yes` or `30s`, and what to say to it
fn slip(takes: Takes, scalar: &Scalar) -> Option<(String, &'static str)> {
    let text = scalar.text.trim();
    let plain = text.trim_end_matches(',').trim_end();
    let meant = match (takes, plain.to_lowercase().as_str()) {
        (Takes::Flag, "yes" | "on" | "true") => "true",
        (Takes::Flag, "no" | "off" | "false") => "false",
        (Takes::Seconds, _) => return duration(text, scalar.style),
        _ => plain,
    };
    let fits = match takes {
        Takes::Flag => meant == "true" || meant == "false",
        Takes::Count => meant.parse().is_ok_and(|count: u64| count > 0),
        _ => meant.parse::<f64>().is_ok_and(f64::is_finite),
    };
    let help = if scalar.style != Style::Plain {
        "in quotes it is a text"
    } else if text.ends_with(',') {
        COMMA
    } else if takes == Takes::Flag {
        "the words of YAML 1.2 are `true` and `false`"
    } else {
        "a number is written without its unit"
    };
    let changes = meant != scalar.text || scalar.style != Style::Plain;
    (fits && changes).then(|| (meant.to_owned(), help))
}

/// The seconds that `5 minutes`, `1.5h` or `"30"` mean
fn duration(text: &str, style: Style) -> Option<(String, &'static str)> {
    let unit_at = text.find(|c: char| c.is_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(unit_at);
    let number = number.trim().trim_end_matches(',').trim_end();
    let factor = match unit.trim_end_matches([',', '.', ' ']).to_lowercase().as_str() {
        "" | "s" | "sec" | "secs" | "second" | "seconds" => 1,
        "m" | "min" | "mins" | "minute" | "minutes" => 60,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3_600,
        "d" | "day" | "days" => 86_400,
        _ => return None,
    };
    let seconds = number.parse::<f64>().ok()? * f64::from(factor);
    if !(seconds > 0.0 && seconds.is_finite()) {
        return None;
    }
    // What was written stays where no unit changes it: `30`, not `30.0`.
    let meant = if factor == 1 { number.to_owned() } else { seconds.to_string() };
    let help = match (unit, style) {
        ("", Style::Plain) => "YAML needs no comma at the end of a line: it becomes part of a text",
        ("", _) => "in quotes it is a text",
        _ => "a duration is written in seconds, without a unit",
    };
    Some((meant, help))
}
