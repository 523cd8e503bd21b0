//! Lists by the page: opaque cursors, and pages that fit into a message.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rmcp::ErrorData;
use serde::Serialize;

/// How much stands on a page, in bytes as JSON text
const PAGE: usize = 32 * 1024;

/// How many entries stand on a page
pub(super) const ENTRIES: usize = 50;

/// What a page holds, and the cursor of the next one
pub(super) type Page<T> = (Vec<T>, Option<String>);

/// The page behind a cursor, of a list in the order of its keys
///
/// Fails for a cursor that is none of this list.
pub(super) fn page<'k, T: Serialize>(
    list: &str,
    entries: impl Iterator<Item = (&'k str, T)>,
    cursor: Option<&str>,
) -> Result<Page<T>, ErrorData> {
    let after = cursor.map(|cursor| behind(list, cursor)).transpose()?;
    let entries =
        entries.skip_while(|(key, _)| after.as_deref().is_some_and(|after| *key <= after));
    let (mut page, mut room, mut last) = (Vec::new(), PAGE, "");
    for (key, entry) in entries {
        let size = size(&entry);
        if page.len() == ENTRIES || (size > room && !page.is_empty()) {
            return Ok((page, Some(cursor_behind(list, last))));
        }
        room = room.saturating_sub(size);
        page.push(entry);
        last = key;
    }
    Ok((page, None))
}

/// A list of a single page has no cursors
pub(super) fn only_page(cursor: Option<&str>) -> Result<(), ErrorData> {
    cursor.map_or(Ok(()), |cursor| Err(no_cursor(cursor)))
}

/// The cursor behind a key of a list
pub(super) fn cursor_behind(list: &str, key: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{list}\n{key}"))
}

/// The key of a list that a cursor stands behind; fails for a cursor of anything else
pub(super) fn behind(list: &str, cursor: &str) -> Result<String, ErrorData> {
    let text = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|text| String::from_utf8(text).ok());
    let key = text.as_deref().and_then(|text| text.strip_prefix(list)?.strip_prefix('\n'));
    key.map(str::to_owned).ok_or_else(|| no_cursor(cursor))
}

pub(super) fn no_cursor(cursor: &str) -> ErrorData {
    let cursor = super::paging::beginning(&cursor.into(), 200);
    ErrorData::invalid_params(
        format!(
            "`{cursor}` is no cursor of this list: give the `nextCursor` of the page before as it \
             came, or none for the first page"
        ),
        None,
    )
}

/// How much room an entry takes, in bytes as JSON text
pub(super) fn size(entry: &impl Serialize) -> usize {
    serde_json::to_string(entry).map_or(0, |text| text.len() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(list: &[(&str, String)]) -> Vec<Vec<String>> {
        let (mut pages, mut cursor) = (Vec::new(), None);
        loop {
            let entries = list.iter().map(|(key, entry)| (*key, entry.clone()));
            let (entries, next) = page("things", entries, cursor.as_deref()).unwrap();
            pages.push(entries);
            cursor = next;
            if cursor.is_none() {
                return pages;
            }
        }
    }

    #[test]
    fn pages_hold_all_entries_once_and_in_order() {
        let keys: Vec<String> = (0..120).map(|at| format!("{at:03}")).collect();
        let list: Vec<_> = keys.iter().map(|key| (key.as_str(), key.clone())).collect();
        let pages = all(&list);
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [50, 50, 20]);
        assert_eq!(pages.concat(), keys);
    }

    #[test]
    fn large_entries_fill_pages_of_their_own() {
        let large = "x".repeat(20 * 1024);
        let list = [("a", large.clone()), ("b", large.clone()), ("c", "small".to_owned())];
        let pages = all(&list);
        assert_eq!(pages, [vec![large.clone()], vec![large, "small".to_owned()]]);
    }

    #[test]
    fn a_cursor_of_another_list_is_none() {
        let other = cursor_behind("others", "a");
        for cursor in [other.as_str(), "!", "", "dGhpbmdz"] {
            let error = page::<()>("things", std::iter::empty(), Some(cursor)).unwrap_err();
            assert_eq!(error.code.0, -32602);
            assert!(error.message.contains(&format!("`{cursor}` is no cursor")), "{error}");
            assert!(only_page(Some(cursor)).is_err());
        }
    }
}
