//! Plain normal forms of addresses and US numbers, standing apart so that the real checkers can take their place.

/// Lower case; for Gmail without dots and tag.
pub(crate) fn email(cell: &str) -> Option<String> {
    let cell = cell.trim().trim_matches(['<', '>']).to_lowercase().replace(" at ", "@");
    let (local, domain) = cell.rsplit_once('@')?;
    if local.is_empty() || domain.is_empty() {
        return None;
    }
    if !matches!(domain, "gmail.com" | "googlemail.com") {
        return Some(format!("{local}@{domain}"));
    }
    let local = local.split('+').next().unwrap_or_default().replace('.', "");
    Some(format!("{local}@gmail.com"))
}

/// Ten digits of a US number, with an extension kept apart: an extension makes a switchboard personal.
pub(crate) fn phone(cell: &str) -> Option<String> {
    let (number, extension) = cell.split_once(['x', 'X']).unwrap_or((cell, ""));
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let number = digits(number);
    let number = match number.len() {
        11 => number.strip_prefix('1')?.to_owned(),
        7 | 10 => number,
        _ => return None,
    };
    let extension = digits(extension);
    Some(if extension.is_empty() { number } else { format!("{number}x{extension}") })
}
