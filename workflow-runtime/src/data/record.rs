//! Objects with known fields as structs, and positions as enums.

use serde_json::Value;

use super::{Data, Mismatch, Object, kind_of};

/// Makes a struct [`Data`]: an object with the fields listed, in the order listed
///
/// Each line is the key in JSON and the field of the struct. From JSON, a missing key is null,
/// which only a field that may be null takes; other keys are ignored.
///
/// ```
/// use workflow_runtime::data::Data;
/// use workflow_runtime::record;
///
/// #[derive(Clone, Debug, PartialEq)]
/// pub struct Task {
///     pub name: String,
///     pub r#type: Option<String>,
/// }
/// record!(Task { "name" => name, "type" => r#type });
///
/// let task = Task::from_json(&serde_json::json!({"name": "read"})).unwrap();
/// assert_eq!(task, Task { name: "read".into(), r#type: None });
/// assert_eq!(task.show(), r#"{"name": "read", "type": null}"#);
///
/// let wrong = Vec::<Task>::from_json(&serde_json::json!([{"name": 1}])).unwrap_err();
/// assert_eq!(wrong.to_string(), "expected a string at `[0].name`, found an integer");
/// ```
#[macro_export]
macro_rules! record {
    ($name:ident { $($key:literal => $field:ident),* $(,)? }) => {
        impl $crate::data::Data for $name {
            fn to_json(&self) -> $crate::data::Value {
                $crate::data::Value::Object($crate::data::Object::from_iter([
                    $((::std::string::String::from($key), $crate::data::Data::to_json(&self.$field)),)*
                ]))
            }

            fn from_json(
                value: &$crate::data::Value,
            ) -> ::std::result::Result<Self, $crate::data::Mismatch> {
                let _object = $crate::data::object_of(value, Self::expected)?;
                ::std::result::Result::Ok(Self {
                    $($field: $crate::data::member(_object, $key)?,)*
                })
            }

            fn expected(plural: bool) -> ::std::string::String {
                $crate::data::objects_with(&[$($key),*], plural)
            }

            fn truth(&self) -> bool {
                const KEYS: &[&str] = &[$($key),*];
                !KEYS.is_empty()
            }

            fn same(&self, _other: &Self) -> bool {
                true $(&& $crate::data::Data::same(&self.$field, &_other.$field))*
            }

            fn weight(&self) -> usize {
                1_usize $(.saturating_add($crate::data::Data::weight(&self.$field)))*
            }
        }
    };
}

/// Makes a struct of what a run keeps by name [`Variables`](crate::machine::Variables)
///
/// Each line is the key in JSON, the field of the struct, and its type in the words of the language.
///
/// ```
/// use workflow_runtime::machine::Variables;
/// use workflow_runtime::variables;
///
/// #[derive(Clone, Debug, PartialEq)]
/// pub struct State {
///     pub name: String,
///     pub size: i64,
/// }
/// variables!(State { "name" => name: "string", "size" => size: "int" });
///
/// let state = serde_json::json!({"name": "a", "size": "large"});
/// let state = state.as_object().unwrap();
/// let read = State::read(state, &|key| key == "name").unwrap();
/// assert_eq!(read, State { name: "a".into(), size: 0 });
/// assert!(State::read(state, &|key| key == "size").is_err());
/// ```
#[macro_export]
macro_rules! variables {
    ($name:ident { $($key:literal => $field:ident : $ty:literal),* $(,)? }) => {
        impl $crate::machine::Variables for $name {
            const TYPES: &'static [(&'static str, &'static str)] = &[$(($key, $ty)),*];

            fn to_object(&self) -> $crate::data::Object {
                $crate::data::Object::from_iter([
                    $((::std::string::String::from($key), $crate::data::Data::to_json(&self.$field)),)*
                ])
            }

            fn read(
                _object: &$crate::data::Object,
                _needed: &dyn ::std::ops::Fn(&str) -> bool,
            ) -> ::std::result::Result<Self, $crate::data::Mismatch> {
                ::std::result::Result::Ok(Self {
                    $($field: $crate::machine::variable(_object, $key, _needed)?,)*
                })
            }
        }
    };
}

/// Makes an enum of the places where a run waits a [`Position`](crate::machine::Position): in JSON
/// an object with the place as `at`, beside the values kept for it
///
/// Each line is the place's name in JSON and the variant; its fields have the same names in both.
/// Behind the colon stands what is live there ([`Live`](crate::machine::Live)).
///
/// ```
/// use workflow_runtime::generated::live;
/// use workflow_runtime::machine::Position as _;
/// use workflow_runtime::positions;
///
/// #[derive(Clone, Debug, PartialEq)]
/// pub enum Position {
///     Gather {},
///     Plan2 { t0: String, t1: i64 },
/// }
/// positions!(Position {
///     "gather" => Gather {}: live("prompt text", "string", 0x1234),
///     "plan.2" => Plan2 { t0, t1 }: live("call plan", "any", 0x4321).inputs(&["task"]),
/// });
///
/// let position = Position::Plan2 { t0: "a".into(), t1: 2 };
/// let json = serde_json::json!({"at": "plan.2", "t0": "a", "t1": 2});
/// assert_eq!(position.to_json(), json);
/// assert_eq!(Position::from_json(&position.to_json()), Ok(position));
/// assert_eq!(Position::LIVE[1].at, "plan.2");
/// ```
#[macro_export]
macro_rules! positions {
    ($name:ident {
        $($key:literal => $variant:ident { $($field:ident),* $(,)? } : $live:expr),* $(,)?
    }) => {
        impl $name {
            /// What is live at each place
            pub const LIVE: &'static [$crate::machine::Live] = &[$($live.at($key)),*];
        }

        impl $crate::machine::Position for $name {
            fn to_json(&self) -> $crate::data::Value {
                match *self {
                    $(Self::$variant { $(ref $field),* } => {
                        $crate::data::Value::Object($crate::data::Object::from_iter([
                            (::std::string::String::from("at"), $crate::data::Value::from($key)),
                            $((
                                ::std::string::String::from(::std::stringify!($field)),
                                $crate::data::Data::to_json($field),
                            ),)*
                        ]))
                    })*
                }
            }

            fn from_json(
                value: &$crate::data::Value,
            ) -> ::std::result::Result<Self, $crate::data::Mismatch> {
                let (_object, at) = $crate::data::position_of(value)?;
                match at {
                    $($key => ::std::result::Result::Ok(Self::$variant {
                        $($field: $crate::data::member(_object, ::std::stringify!($field))?,)*
                    }),)*
                    other => ::std::result::Result::Err(
                        $crate::data::Mismatch::new(
                            "a position of this workflow",
                            ::std::format!("`{other}`"),
                        )
                        .in_field("at"),
                    ),
                }
            }
        }
    };
}

/// The object that a value is read from, whose type says what it is called; for
/// [`record!`](crate::record)
pub fn object_of(value: &Value, expected: fn(bool) -> String) -> Result<&Object, Mismatch> {
    value.as_object().ok_or_else(|| Mismatch::new(expected(false), kind_of(value)))
}

/// A field of an object, null if it is not there; for [`record!`](crate::record)
pub fn member<T: Data>(object: &Object, key: &str) -> Result<T, Mismatch> {
    let value = object.get(key);
    match T::from_json(value.unwrap_or(&Value::Null)) {
        Ok(read) => Ok(read),
        Err(mismatch) => Err(in_member(mismatch, key, value.is_some())),
    }
}

fn in_member(mut mismatch: Mismatch, key: &str, there: bool) -> Mismatch {
    if !there && mismatch.path.is_empty() {
        "nothing".clone_into(&mut mismatch.found);
    }
    mismatch.in_field(key)
}

/// An object with these fields, in words; for [`record!`](crate::record)
pub fn objects_with(keys: &[&str], plural: bool) -> String {
    let object = if plural { "objects" } else { "an object" };
    let quoted =
        |keys: &[&str]| keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
    match keys {
        [] => object.to_owned(),
        [key] => format!("{object} with `{key}`"),
        [keys @ .., last] if keys.len() < MAX_KEYS => {
            format!("{object} with {} and `{last}`", quoted(keys))
        }
        keys => format!("{object} with {} and more", quoted(&keys[..MAX_KEYS])),
    }
}

/// How many keys a message lists
const MAX_KEYS: usize = 6;

/// The place that a position names, and the object it stands in; for
/// [`positions!`](crate::positions)
pub fn position_of(value: &Value) -> Result<(&Object, &str), Mismatch> {
    let object = value.as_object().ok_or_else(|| Mismatch::new("a position", kind_of(value)))?;
    match object.get("at") {
        Some(Value::String(at)) => Ok((object, at)),
        other => {
            let found = other.map_or("nothing", kind_of);
            Err(Mismatch::new("a string", found).in_field("at"))
        }
    }
}
