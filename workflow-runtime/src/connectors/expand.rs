//! Variables of the environment in a configuration: `${NAME}` and `${NAME:-value}`.

/// A variable that is named without a value for where it is not set
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("names the variable `{0}`, which is not set")]
pub(super) struct NotSet(String);

/// A text with its variables filled in; what only looks like one stays as it is
///
/// As in a shell, a variable that is set to nothing takes the value after `:-`.
pub(super) fn expand(
    text: &str,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<String, NotSet> {
    let mut full = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        full.push_str(before);
        let inner = after.split_once('}').filter(|(inner, _)| is_variable(inner));
        let Some((inner, behind)) = inner else {
            full.push_str("${");
            rest = after;
            continue;
        };
        full.push_str(&value(inner, variable)?);
        rest = behind;
    }
    full.push_str(rest);
    Ok(full)
}

fn value(inner: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<String, NotSet> {
    match inner.split_once(":-") {
        Some((name, default)) => {
            let set = variable(name).filter(|value| !value.is_empty());
            Ok(set.unwrap_or_else(|| default.to_owned()))
        }
        None => variable(inner).ok_or_else(|| NotSet(inner.to_owned())),
    }
}

fn is_variable(inner: &str) -> bool {
    let name = inner.split_once(":-").map_or(inner, |(name, _)| name);
    !name.is_empty()
        && !name.starts_with(|sign: char| sign.is_ascii_digit())
        && name.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_filled_in_and_all_else_stays() {
        let variable = |name: &str| match name {
            "HOME" => Some("/home/ada".to_owned()),
            "EMPTY" => Some(String::new()),
            "ODD" => Some("${HOME}".to_owned()),
            _ => None,
        };
        let rows = [
            ("plain", Ok("plain")),
            ("${HOME}/x/${HOME}", Ok("/home/ada/x//home/ada")),
            ("${NONE:-a b}", Ok("a b")),
            ("${NONE:-}|", Ok("|")),
            ("${EMPTY:-full}${EMPTY}", Ok("full")),
            ("${ODD}", Ok("${HOME}")),
            ("$HOME $${HOME} ${", Ok("$HOME $/home/ada ${")),
            ("${not a name} ${1} ${}", Ok("${not a name} ${1} ${}")),
            ("${NONE}", Err("names the variable `NONE`, which is not set")),
        ];
        for (text, expected) in rows {
            let got = expand(text, &variable).map_err(|error| error.to_string());
            assert_eq!(got.as_deref().map_err(String::as_str), expected, "{text}");
        }
    }
}
