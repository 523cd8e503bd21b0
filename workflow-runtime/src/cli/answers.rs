//! The answers of `run --answers`: a file of step id: result.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::drive::{Ask, Place};
use super::failure::Failure;
use super::terminal::failed;
use crate::machine::Answer;
use crate::plural::count;
use crate::words::Expected;

/// A file of answers, and which of them were used
#[derive(Debug)]
pub(crate) struct Answers {
    file: String,
    by_step: Map<String, Value>,
    used: BTreeSet<String>,
}

impl Answers {
    /// Reads a file of YAML or JSON
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| Failure::new(format!("cannot read the answers `{file}`: {error}")))?;
        Self::parse(file, &text)
    }

    fn parse(file: String, text: &str) -> Result<Self, Failure> {
        let parsed: Option<Map<String, Value>> = serde_saphyr::from_str(text).map_err(|error| {
            Failure::new(format!("`{file}` is not a map of step id: result: {error}"))
                .help("write one line a step, as `request-approval: { confirmed: true }`")
        })?;
        Ok(Self { file, by_step: parsed.unwrap_or_default(), used: BTreeSet::new() })
    }

    /// The answer to a hand-out: that of `id#2`, else that of `id`; of a child's step the
    /// element of a list that the child's place picks
    ///
    /// A text that begins with `!fail` says why there is none. What is only to be read needs no
    /// answer.
    pub(crate) fn answer(&mut self, ask: &Ask<'_>) -> Result<Answer, Failure> {
        let kind = ask.step.fields.get("kind");
        let is_info = ask.step.kind == "prompt" && kind.is_some_and(|kind| kind == "info");
        let value = match self.value(ask) {
            Err(_) if is_info => json!({"acknowledged": true}),
            value => value?,
        };
        let fails = value.as_str().filter(|_| ask.step.kind != "prompt").and_then(failed);
        Ok(fails.map_or(Answer::Result(value), Answer::Error))
    }

    fn value(&mut self, ask: &Ask<'_>) -> Result<Value, Failure> {
        let id = &ask.step.step_id;
        let plain = id.split('#').next().unwrap_or(id);
        let Some((key, value)) =
            [id.as_str(), plain].iter().find_map(|key| self.by_step.get_key_value(*key))
        else {
            return Err(self.missing(ask, ""));
        };
        self.used.insert(key.clone());
        match (ask.place, value) {
            (Some(place), Value::Array(list)) if !is_whole(ask, place, list) => {
                let picked = list.get(place.index).cloned();
                let note = format!(": its list has {}", count(list.len(), "element"));
                picked.ok_or_else(|| self.missing(ask, &note))
            }
            _ => Ok(value.clone()),
        }
    }

    /// The keys that no step asked for
    pub(crate) fn unused(&self) -> impl Iterator<Item = &str> {
        self.by_step.keys().filter(|key| !self.used.contains(*key)).map(String::as_str)
    }

    fn missing(&self, ask: &Ask<'_>, note: &str) -> Failure {
        let of = ask.place.map_or_else(String::new, |place| {
            format!(", child {} of {}", place.index + 1, place.total)
        });
        let step = ask.step;
        let expected = Expected(&step.result_schema).sentence();
        Failure::new(format!(
            "`{}` has no answer for step `{}` ({}{of}){note}",
            self.file, step.step_id, step.kind
        ))
        .help(format!("it expects {expected}"))
        .help(ask.how_to_resume(Some(&self.file)))
    }
}

/// Whether a list is the answer itself, though a child's: it answers a step that wants a list,
/// with what is no list of lists
fn is_whole(ask: &Ask<'_>, place: &Place, list: &[Value]) -> bool {
    let wants_list = ask.step.result_schema.get("type").is_some_and(|kind| kind == "array");
    wants_list && !list.get(place.index).is_some_and(Value::is_array)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reply::Step;

    fn step(id: &str, schema: Value) -> Step {
        Step {
            step_id: id.into(),
            run_id: "run-1".into(),
            kind: "delegate".into(),
            attempt: 1,
            result_schema: schema,
            deadline: None,
            fields: Map::new(),
        }
    }

    fn ask<'a>(step: &'a Step, place: Option<&'a Place>) -> Ask<'a> {
        Ask { root: "run-0", step, place, progress: None }
    }

    fn place(index: usize) -> Place {
        Place { index, total: 3, item: json!("x"), of: "each".into() }
    }

    fn answers(text: &str) -> Answers {
        Answers::parse("answers.yaml".into(), text).unwrap()
    }

    #[test]
    fn a_later_hand_out_has_its_own_answer_or_the_first_ones() {
        let mut answers = answers("draft: one\n'draft#2': two\n");
        let mut of = |id| answers.value(&ask(&step(id, json!({})), None)).unwrap();
        assert_eq!(
            (of("draft"), of("draft#2"), of("draft#3")),
            (json!("one"), json!("two"), json!("one"))
        );
    }

    #[test]
    fn a_child_takes_the_element_at_its_place() {
        let mut answers =
            answers("look: [a, b, c]\nsame: always\nlists: [[1], [2], [3]]\nwhole: [1, 2, 3]\n");
        let second = place(1);
        let any = json!({});
        let list = json!({"type": "array"});
        let mut of = |id, schema: &Value| {
            answers.value(&ask(&step(id, schema.clone()), Some(&second))).unwrap()
        };
        assert_eq!(of("look", &any), json!("b"));
        assert_eq!(of("same", &any), json!("always"));
        assert_eq!(of("lists", &list), json!([2]));
        assert_eq!(of("whole", &list), json!([1, 2, 3]));
    }

    #[test]
    fn an_answer_can_be_that_there_is_none_and_an_info_needs_none() {
        let mut answers = answers("look: '!fail no network'\n");
        let look = step("look", json!({}));
        assert_eq!(answers.answer(&ask(&look, None)).unwrap(), Answer::Error("no network".into()));
        let mut read = step("read", json!({}));
        read.kind = "prompt".into();
        read.fields.insert("kind".into(), json!("info"));
        let read = answers.answer(&ask(&read, None)).unwrap();
        assert_eq!(read, Answer::Result(json!({"acknowledged": true})));
    }

    #[test]
    fn a_missing_answer_names_step_type_and_run() {
        let mut answers = answers("{\"other\": 1, \"look\": [1]}");
        let missing = step("create-plan", json!({"type": "string"}));
        let text = answers.answer(&ask(&missing, None)).unwrap_err().to_string();
        assert!(text.contains("no answer for step `create-plan` (delegate)"), "{text}");
        assert!(text.contains("it expects a string"), "{text}");
        assert!(text.contains("--resume run-0 --answers answers.yaml"), "{text}");

        let third = place(2);
        let short = step("look", json!({}));
        let text = answers.answer(&ask(&short, Some(&third))).unwrap_err().to_string();
        assert!(text.contains("child 3 of 3): its list has 1 element"), "{text}");
        assert_eq!(answers.unused().collect::<Vec<_>>(), ["other"]);
    }

    #[test]
    fn a_file_that_is_no_map_is_named() {
        let text = Answers::parse("a.yaml".into(), "- 1\n- 2\n").unwrap_err().to_string();
        assert!(text.starts_with("error: `a.yaml` is not a map of step id: result"), "{text}");
        assert!(Answers::parse("a.yaml".into(), "").unwrap().by_step.is_empty());
    }
}
