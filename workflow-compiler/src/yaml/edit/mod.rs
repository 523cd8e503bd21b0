//! Edits of lists, mappings and scalars that leave everything else as it is: comments, layout,
//! quotes, line endings.
//!
//! Each function gives `None` where it is not certain how the result would have to look, for
//! instance where an item comes from an alias.

mod place;

use super::scalar::{double_quoted, is_plain_name};
use super::{Document, NodeId, Pair, Style};
use crate::diagnostic::Edit;
use crate::source::{Source, Span};

use place::Collection;

/// The edit that makes `item` the last item of a list, written in the manner of the others
///
/// Two such edits of one list can be applied together, unless the list is empty or in brackets over
/// several lines.
pub fn append_item(
    document: &Document,
    source: &Source,
    sequence: NodeId,
    item: &str,
) -> Option<Edit> {
    let items = document.sequence(sequence)?;
    let place = Collection::new(document, source, sequence);
    let Some(last) = items.last() else {
        let item = write_item(item, Style::Plain);
        return place.is_flow().then(|| Edit { span: place.span, text: format!("[{item}]") });
    };
    let style = document.scalar(*last).map_or(Style::Plain, |last| last.style);
    let item = write_item(item, style);
    let last = place.item(items, items.len() - 1)?;
    if place.is_flow() {
        return Some(place.append_in_flow(&last, &item));
    }
    let indent = place.indent_of(place.dash_before(document.span(items[0]))?)?;
    Some(place.append_line(last.end, &format!("{indent}- {item}")))
}

/// The edit that takes the item at `index` out of a list
///
/// `None` also for the only item of a list in lines: nothing would be left of the place.
pub fn remove_item(
    document: &Document,
    source: &Source,
    sequence: NodeId,
    index: usize,
) -> Option<Edit> {
    let items = document.sequence(sequence)?;
    let place = Collection::new(document, source, sequence);
    let item = place.item(items, index)?;
    if place.is_flow() {
        let previous = if index > 0 { Some(place.item(items, index - 1)?.end) } else { None };
        let is_last = index + 1 == items.len();
        let next = if is_last { None } else { Some(place.item(items, index + 1)?.start) };
        return place.remove_in_flow(item, previous, next);
    }
    let dash = place.dash_before(document.span(items[index]))?;
    let whole_lines = items.len() > 1 && place.is_first_in_line(dash);
    whole_lines.then(|| place.remove_lines(dash..item.end))?
}

/// The edit that adds `line` (`key: value`, also several lines) to a mapping: behind the pair whose
/// key is given, or at its end
pub fn insert_key(
    document: &Document,
    source: &Source,
    mapping: NodeId,
    after_key: Option<NodeId>,
    line: &str,
) -> Option<Edit> {
    let pairs = own_pairs(document, mapping)?;
    let object = Collection::new(document, source, mapping);
    if pairs.is_empty() && object.is_flow() && after_key.is_none() {
        return Some(Edit { span: object.span, text: format!("{{ {line} }}") });
    }
    let is_wanted = |pair: &&Pair| after_key.is_none_or(|key| key == pair.key);
    let last = object.pair(pairs.iter().rev().find(is_wanted)?)?;
    if object.is_flow() {
        return Some(object.append_in_flow(&last, line));
    }
    let indent = object.indent_of(object.span.range().start)?;
    let lines: Vec<_> = line.lines().map(|line| format!("{indent}{line}")).collect();
    Some(object.append_line(last.end, &lines.join(object.line_ending())))
}

/// The edit that takes the pair of a key out of a mapping, with the lines it stands on
///
/// `None` also for the only pair of a mapping in lines, and for one that was merged in.
pub fn remove_key(
    document: &Document,
    source: &Source,
    mapping: NodeId,
    key: NodeId,
) -> Option<Edit> {
    let pairs = own_pairs(document, mapping)?;
    let object = Collection::new(document, source, mapping);
    let index = pairs.iter().position(|pair| pair.key == key)?;
    let pair = object.pair(&pairs[index])?;
    let is_last = index + 1 == pairs.len();
    let next = if is_last { None } else { Some(object.pair(&pairs[index + 1])?.start) };
    if object.is_flow() {
        let previous = if index > 0 { Some(object.pair(&pairs[index - 1])?.end) } else { None };
        return object.remove_in_flow(pair, previous, next);
    }
    if pairs.len() > 1 && object.is_first_in_line(pair.start) {
        return object.remove_lines(pair);
    }
    // The first pair stands behind a dash; the next one takes its place.
    object.dash_before(document.span(key))?;
    object.remove(pair.start..next?)
}

/// The edit after which a scalar, a key for instance, reads `text`, in the quotes it has
pub fn rewrite(document: &Document, id: NodeId, text: &str) -> Option<Edit> {
    let scalar = document.scalar(id)?;
    let span = document.span(id);
    if scalar.style == Style::Plain {
        return Some(Edit { span, text: write_item(text, Style::Plain) });
    }
    scalar.map.edit(span.file, 0..scalar.text.trim_end_matches('\n').len(), text)
}

/// A text as a scalar of its own: like its neighbour if that has quotes, else without if that is
/// certain to be read as the same text
fn write_item(text: &str, neighbour: Style) -> String {
    match neighbour {
        Style::Single if !text.contains(char::is_control) => {
            format!("'{}'", text.replace('\'', "''"))
        }
        Style::Plain | Style::Literal | Style::Folded if is_plain_name(text) => text.to_owned(),
        _ => double_quoted(text),
    }
}

fn own_pairs(document: &Document, mapping: NodeId) -> Option<Vec<Pair>> {
    Some(document.mapping(mapping)?.iter().filter(|pair| !pair.merged).copied().collect())
}

#[cfg(test)]
mod tests;
