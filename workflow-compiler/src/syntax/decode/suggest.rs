//! Did you mean …?

/// What people write who come from elsewhere, and what it is called here
const SYNONYMS: &[(&str, &str)] = &[
    ("bool", "boolean"),
    ("cmd", "command"),
    ("dict", "object"),
    ("float", "number"),
    ("int", "integer"),
    ("items", "item_type"),
    ("list", "array"),
    ("map", "object"),
    ("maximum", "max"),
    ("minimum", "min"),
    ("outputs", "output"),
    ("prompt", "message"),
    ("required", "required_keys"),
    ("run", "command"),
    ("state", "initial_state"),
    ("str", "string"),
    ("text", "string"),
];

/// The candidate that was probably meant by `wanted`, if one is near enough
///
/// Case, `-` and `_` do not count. Where several are equally near, none was certainly meant.
///
/// ```
/// use workflow_compiler::syntax::decode::closest;
///
/// assert_eq!(closest("mesage", ["message", "timeout"]), Some("message"));
/// assert_eq!(closest("outputTo", ["output", "output_to"]), Some("output_to"));
/// assert_eq!(closest("colour", ["message", "timeout"]), None);
/// assert_eq!(closest("plan3", ["plan1", "plan2"]), None);
/// ```
pub fn closest<'a>(wanted: &str, among: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.to_lowercase().replace(['-', '_'], "");
    let (given, allowed) = (plain(wanted), wanted.chars().count().div_ceil(3).min(4));
    let mut best: Option<(usize, &str)> = None;
    let mut rivals = false;
    for candidate in among {
        let distance = if is_synonym(wanted, candidate) {
            1
        } else {
            let candidate = plain(candidate);
            // The real distance is dear, and most candidates are far away.
            if least_distance(&given, &candidate) > allowed {
                continue;
            }
            strsim::damerau_levenshtein(&given, &candidate)
        };
        // Two texts without a common letter are as far apart as they are long.
        let near = distance <= allowed && distance < candidate.chars().count();
        match best {
            _ if !near => {}
            Some((least, known)) if distance == least => rivals |= candidate != known,
            Some((least, _)) if distance > least => {}
            _ => (best, rivals) = (Some((distance, candidate)), false),
        }
    }
    best.filter(|_| !rivals).map(|(_, candidate)| candidate)
}

/// How many edits two texts need at least: those for the characters that only one of them has
fn least_distance(a: &str, b: &str) -> usize {
    let mut counts = [0_i32; 128];
    let mut count = |text: &str, by: i32| {
        text.bytes().for_each(|byte| counts[usize::from(byte & 0x7f)] += by);
    };
    count(a, 1);
    count(b, -1);
    let only = |sign: i32| counts.iter().map(|count| (count * sign).max(0)).sum::<i32>();
    // A character of another script is up to four bytes.
    let bytes = if a.is_ascii() && b.is_ascii() { 1 } else { 4 };
    usize::try_from(only(1).max(only(-1))).unwrap_or(0) / bytes
}

fn is_synonym(wanted: &str, candidate: &str) -> bool {
    SYNONYMS.iter().any(|(theirs, ours)| *theirs == wanted && *ours == candidate)
}
