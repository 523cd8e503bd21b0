//! From the items of a `foreach` to the inputs of its children.

use serde_json::Value;

use crate::data::{Data, Object};
use crate::machine::{ChildStart, Fault};
use crate::ops;

/// Children that declare no input
pub fn bare<T: Data>(items: &[T]) -> Vec<ChildStart> {
    let child = |item: &T| ChildStart { item: item.to_json(), inputs: Object::new() };
    items.iter().map(child).collect()
}

/// Children of which one input takes the item whole
pub fn whole<T: Data>(items: &[T], input: &str) -> Vec<ChildStart> {
    items.iter().map(|item| child_with(item.to_json(), input)).collect()
}

/// Children whose inputs are those fields of the item that are among `inputs`; an item that is no
/// object is the fault `type-mismatch`
pub fn fields<T: Data>(items: &[T], inputs: &[&str]) -> Result<Vec<ChildStart>, Fault> {
    let child = |item: &T| {
        let item = item.to_json();
        let mut fields: Object = ops::cast(&item)?;
        fields.retain(|name, _| inputs.contains(&name.as_str()));
        Ok(ChildStart { inputs: fields, item })
    };
    items.iter().map(child).collect()
}

/// Children whose inputs are the item's fields if it is an object with no others than these
/// inputs; else one input takes it whole
pub fn either<T: Data>(items: &[T], input: &str, inputs: &[&str]) -> Vec<ChildStart> {
    let child = |item: Value| match &item {
        Value::Object(fields) if fields.keys().all(|key| inputs.contains(&key.as_str())) => {
            ChildStart { inputs: fields.clone(), item }
        }
        _ => child_with(item, input),
    };
    items.iter().map(|item| child(item.to_json())).collect()
}

/// One child with these inputs; its item is them all
pub fn one(inputs: Object) -> Vec<ChildStart> {
    vec![ChildStart { item: Value::Null, inputs }]
}

/// The same children, each with these inputs as well
pub fn given(mut children: Vec<ChildStart>, inputs: &Object) -> Vec<ChildStart> {
    for child in &mut children {
        child.inputs.extend(inputs.clone());
    }
    children
}

fn child_with(item: Value, input: &str) -> ChildStart {
    ChildStart { inputs: Object::from_iter([(input.to_owned(), item.clone())]), item }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_item_goes_whole_or_by_its_fields() {
        let items = [json!({"name": "a"}), json!({"name": "b", "size": 1}), json!("c")];
        let inputs: Vec<_> = either(&items, "task", &["name", "task"])
            .into_iter()
            .map(|child| child.inputs)
            .collect();
        let expected =
            [json!({"name": "a"}), json!({"task": {"name": "b", "size": 1}}), json!({"task": "c"})];
        assert_eq!(json!(inputs), json!(expected));
        assert_eq!(whole(&items[2..], "task")[0].inputs, inputs[2]);
        assert!(bare(&items).iter().all(|child| child.inputs.is_empty()));
    }

    #[test]
    fn what_is_given_goes_to_all() {
        let children = whole(&[json!(1), json!(2)], "size");
        let tone = Object::from_iter([("tone".to_owned(), json!("dry"))]);
        let inputs: Vec<_> =
            given(children, &tone).into_iter().map(|child| json!(child.inputs)).collect();
        assert_eq!(inputs, [json!({"size": 1, "tone": "dry"}), json!({"size": 2, "tone": "dry"})]);
    }

    #[test]
    fn only_objects_have_fields() {
        let item = json!({"name": "a", "size": 1});
        let child = &fields(std::slice::from_ref(&item), &["name", "tone"]).unwrap()[0];
        assert_eq!((&child.item, json!(child.inputs)), (&item, json!({"name": "a"})));
        assert_eq!(fields(&[7], &["name"]).unwrap_err().code, "type-mismatch");
    }
}
