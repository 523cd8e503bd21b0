//! stub
/// stub
pub fn main(_: crate::registry::Registry) -> std::process::ExitCode { std::process::ExitCode::SUCCESS }
/// The name that was probably meant
pub(crate) fn did_you_mean<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let near = known.into_iter().map(|known| (strsim::damerau_levenshtein(name, known), known));
    let (distance, nearest) = near.min_by_key(|(distance, _)| *distance)?;
    (distance <= name.chars().count().max(3) / 3).then_some(nearest)
}
