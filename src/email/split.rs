//! Several addresses in one cell.

const BETWEEN: [&str; 14] =
    ["or", "and", "&", "/", "|", "oder", "und", "ou", "et", "o", "y", "e", "eller", "och"];

/// Hands out the parts of a cell, one address (or what is left of one) each, in their order; a cell that is
/// not parted comes as it stands, parts come without the space around them.
///
/// A cell with one @ sign is one part, whatever else it holds, unless a `;`, a line break or `, ` parts it.
/// Separators: `;`, `,`, `/`, `|`, line breaks, ` ::: `, and between two addresses also spaces and words like
/// ` or `. Nothing is split inside quotes, angle brackets or a name before `<`.
pub fn split_cell<'c>(cell: &'c str, mut each: impl FnMut(&'c str)) {
    let bytes = cell.as_bytes();
    if !bytes
        .iter()
        .any(|b| matches!(b, b';' | b',' | b'/' | b'|' | b'\n' | b'\r' | b':' | b' ' | b'\t' | 0xC2))
    {
        return each(cell);
    }
    let apart = [';', '|', '\n', '\r'];
    let pieces = || cell.split(apart).filter(|piece| !piece.trim().is_empty());
    if cell.contains(',') && cell.contains(apart) && pieces().all(|piece| flags(piece).is_some()) {
        return pieces().for_each(each);
    }
    let mut rest = cell;
    while let Some((part, after)) = cut(rest) {
        split_at_spaces(part.trim(), &mut each);
        rest = after.trim();
    }
    split_at_spaces(rest, &mut each);
}

/// What stands behind an address where a cell tells of each whether it is good.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AddressFlags {
    /// Nothing arrives there.
    pub invalid: bool,
    /// Its holder opted out.
    pub opted_out: bool,
}

/// Parts an address from two flags behind it, as exports of Sugar and its kin write those beside the main one:
/// `jane@acme.com,0,1` is valid and has opted out. Anything else comes as it stands, without flags.
pub fn split_flags(part: &str) -> (&str, AddressFlags) {
    flags(part).unwrap_or((part, AddressFlags::default()))
}

fn flags(part: &str) -> Option<(&str, AddressFlags)> {
    let flag = |text: &str| {
        let text = text.trim().trim_matches('"');
        let is = |words: [&str; 3]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
        if is(["1", "true", "yes"]) { Some(true) } else { is(["0", "false", "no"]).then_some(false) }
    };
    let (rest, opted_out) = part.rsplit_once(',')?;
    let (address, invalid) = rest.rsplit_once(',')?;
    let flags = AddressFlags { invalid: flag(invalid)?, opted_out: flag(opted_out)? };
    (address.contains('@') && !address.contains(',')).then_some((address.trim(), flags))
}

/// The text before the next hard separator, and the text after it.
fn cut(text: &str) -> Option<(&str, &str)> {
    let (mut quoted, mut angle, mut seen_at) = (false, false, false);
    for (i, byte) in text.bytes().enumerate() {
        let mut length = 0;
        match byte {
            b'"' => quoted = !quoted && text[i + 1..].contains('"'),
            _ if quoted => {}
            b'<' => angle = text[i..].contains('>'),
            b'>' => angle = false,
            b'@' => seen_at = true,
            _ if angle => {}
            b';' | b'\n' | b'\r' | b',' | b'/' | b'|' => length = 1,
            b':' if text[i..].starts_with(":::") => length = 3,
            _ => {}
        }
        if length > 0 && parts_here(byte, seen_at, &text[..i], &text[i + length..]) {
            return Some((&text[..i], &text[i + length..]));
        }
    }
    None
}

/// Whether the separator at hand really stands between two values.
fn parts_here(byte: u8, seen_at: bool, before: &str, after: &str) -> bool {
    let name_follows = after.find('<').is_some_and(|i| !after[..i].contains(['@', ';', '\n']));
    match byte {
        _ if after.trim().is_empty() => false,
        b';' | b'\n' | b'\r' | b':' => {
            seen_at || !before.trim().is_empty() && !name_follows && after.contains('@')
        }
        b',' if !seen_at => after.starts_with([' ', '\t']) && !name_follows && after.contains('@'),
        b',' => after.contains('@') || after.starts_with([' ', '\t']),
        _ => seen_at && after.contains('@'),
    }
}

/// Two addresses with nothing but spaces or a word like "or" between them.
fn split_at_spaces<'c>(part: &'c str, each: &mut impl FnMut(&'c str)) {
    let several = part.bytes().filter(|b| *b == b'@').count() > 1;
    if !several || part.contains(['"', '<']) {
        return each(part);
    }
    let trimmed = part.trim();
    let mut start = 0;
    let mut end = 0;
    let mut tokens = 0;
    for token in trimmed.split_whitespace() {
        let from = token.as_ptr() as usize - trimmed.as_ptr() as usize;
        let joins = BETWEEN.iter().any(|word| token.eq_ignore_ascii_case(word));
        if joins && trimmed[start..end].contains('@') {
            each(trimmed[start..end].trim());
            (start, end) = (from + token.len(), from + token.len());
            continue;
        }
        let both_whole = whole(&trimmed[start..end]) && token.contains('@') && !token.starts_with('@');
        if both_whole {
            each(trimmed[start..end].trim());
            start = from;
        }
        end = from + token.len();
        tokens += 1;
    }
    if tokens == 0 || end > start {
        each(trimmed[start..].trim());
    }
}

fn whole(text: &str) -> bool {
    text.contains('@') && !text.trim_end().ends_with('@')
}

#[cfg(test)]
mod tests {
    use super::split_cell;

    fn check(cell: &str, expected: &[&str]) {
        let mut parts = Vec::new();
        split_cell(cell, |part| parts.push(part.trim()));
        assert_eq!(parts, expected, "{cell:?}");
    }

    #[test]
    fn several_addresses_are_parted() {
        let both = ["a@x.de", "b@y.de"];
        for between in [";", ",", ", ", " / ", "/", " or ", " und ", " ", "\n", "\r\n", " ::: ", " | ", "; "]
        {
            check(&format!("a@x.de{between}b@y.de"), &both);
        }
        check("a@x.de b@y.de c@z.de", &["a@x.de", "b@y.de", "c@z.de"]);
        check("a@x.de;", &["a@x.de;"]);
        check("a@x.de\n", &["a@x.de"]);
    }

    #[test]
    fn names_and_quotes_are_not_parted() {
        check("Doe, Jane <jane@x.de>", &["Doe, Jane <jane@x.de>"]);
        let both = ["Doe, Jane <jane@x.de>", "Roe, Rob <rob@y.de>"];
        check(&both.join("; "), &both);
        check("\"Doe; Jane\" <jane@x.de>, b@y.de", &["\"Doe; Jane\" <jane@x.de>", "b@y.de"]);
        check("\"a,b\"@x.de", &["\"a,b\"@x.de"]);
    }

    #[test]
    fn one_address_stays_whole() {
        let whole = "|  |a@x.de|jo hn@x.de|info@deutsches museum.de|E-Mail a@x.de|a@x,de|a/b@x.de|n/a";
        whole.split('|').for_each(|cell| check(cell, &[cell.trim()]));
        check("a@x.de, n/a", &["a@x.de", "n/a"]);
        check("n/a, a@x.de", &["n/a", "a@x.de"]);
        check("jane doe@x.de, b@y.de", &["jane doe@x.de", "b@y.de"]);
    }
}
