//! Did you mean …?

/// Words that people write who come from elsewhere, and what they are called here
const SYNONYMS: &[(&str, &str)] = &[
    ("bool", "boolean"),
    ("dict", "object"),
    ("float", "number"),
    ("int", "integer"),
    ("list", "array"),
    ("map", "object"),
    ("str", "string"),
    ("text", "string"),
];

/// Keys that people write who come from elsewhere, and what they are called here
const KEY_SYNONYMS: &[(&str, &str)] = &[
    ("args", "parameters"),
    ("arguments", "parameters"),
    ("attempts", "max_attempts"),
    ("choices", "options"),
    ("cmd", "command"),
    ("condition", "if"),
    ("duration", "duration_seconds"),
    ("each", "items"),
    ("if", "when"),
    ("in", "items"),
    ("instructions", "message"),
    ("items", "item_type"),
    ("max_iter", "max_iterations"),
    ("maximum", "max"),
    ("message", "instructions"),
    ("minimum", "min"),
    ("name", "id"),
    ("output", "value"),
    ("outputs", "output"),
    ("params", "parameters"),
    ("prompt", "instructions"),
    ("prompt", "message"),
    ("question", "message"),
    ("regex", "pattern"),
    ("required", "required_keys"),
    ("result", "value"),
    ("returns", "output"),
    ("run", "command"),
    ("script", "command"),
    ("seconds", "duration_seconds"),
    ("set", "updates"),
    ("state", "initial_state"),
    ("state", "updates"),
    ("step", "target"),
    ("text", "message"),
    ("to", "target"),
    ("values", "updates"),
    ("variables", "initial_state"),
    ("with", "inputs"),
    ("with", "parameters"),
];

/// Of more names than this the later ones are not looked at
const MAX_CANDIDATES: usize = 1_000;

/// The candidate that was probably meant by `wanted`, if one is near enough
///
/// Case, `-` and `_` count only between candidates that are equally near without them. Where several
/// are equally near, none was certainly meant. Of very many candidates the first thousand are looked
/// at. What could not be written as it is, without quotes and within them, is never suggested: a
/// broken name is told where it stands.
///
/// ```
/// use workflow_compiler::syntax::decode::closest;
///
/// assert_eq!(closest("mesage", ["message", "timeout"]), Some("message"));
/// assert_eq!(closest("outputTo", ["output", "output_to"]), Some("output_to"));
/// assert_eq!(closest("colour", ["message", "timeout"]), None);
/// assert_eq!(closest("plan3", ["plan1", "plan2"]), None);
/// assert_eq!(closest("message", ["mess: age"]), None);
/// ```
pub fn closest<'a>(wanted: &str, among: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.to_lowercase().replace(['-', '_'], "");
    let (given, allowed) = (plain(wanted), (wanted.chars().count() / 3).clamp(1, 4));
    let set = letters(wanted);
    let mut best: Option<((usize, usize), &str)> = None;
    let mut rivals = false;
    let among = among.into_iter().take(MAX_CANDIDATES);
    for candidate in among.filter(|candidate| can_be_written(candidate)) {
        let distance = if is_synonym(wanted, candidate) {
            1
        } else {
            // The distance is dear, and most candidates are far away.
            if !may_be_near(set, letters(candidate), allowed) {
                continue;
            }
            strsim::damerau_levenshtein(&given, &plain(candidate))
        };
        // Two texts without a common letter are as far apart as they are long.
        let near = distance <= allowed && distance < candidate.chars().count();
        if !near {
            continue;
        }
        // Of those that differ only in what does not count, the one that is written alike.
        let distance = (distance, strsim::damerau_levenshtein(wanted, candidate));
        match best {
            Some((least, known)) if distance == least => rivals |= candidate != known,
            Some((least, _)) if distance > least => {}
            _ => (best, rivals) = (Some((distance, candidate)), false),
        }
    }
    best.filter(|_| !rivals).map(|(_, candidate)| candidate)
}

/// Whether a name reads the same in every place where one stands: plain, in quotes, in brackets
fn can_be_written(name: &str) -> bool {
    !name.contains(": ")
        && name.chars().all(|c| !c.is_control() && !"\"'\\,#[]{}&*!|>%`".contains(c))
}

/// The characters of an ASCII text as a set, without regard to case, and without `-` and `_`
fn letters(text: &str) -> Option<u128> {
    let letter = |set: u128, byte: u8| match byte {
        b'-' | b'_' => set,
        byte => set | 1 << byte.to_ascii_lowercase(),
    };
    text.is_ascii().then(|| text.bytes().fold(0, letter))
}

/// Whether two texts may be as near as `allowed` edits: each character that only one of them has
/// needs an edit of its own
fn may_be_near(a: Option<u128>, b: Option<u128>, allowed: usize) -> bool {
    let (Some(a), Some(b)) = (a, b) else { return true };
    let needed = (a & !b).count_ones().max((b & !a).count_ones());
    needed as usize <= allowed
}

fn is_synonym(wanted: &str, candidate: &str) -> bool {
    SYNONYMS.iter().any(|(theirs, ours)| *theirs == wanted && *ours == candidate)
}

/// Whether a key of this name is called `ours` here
pub(super) fn means_key(name: &str, ours: &str) -> bool {
    KEY_SYNONYMS.contains(&(name, ours))
}
