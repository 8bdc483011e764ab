//! Addresses within a text that is no address: for refusals, where a wrong reading costs nothing.
//!
//! `Jane Doe jane@acme.com`, `jane@acme.com - unsubscribed`, `=HYPERLINK("mailto:jane@acme.com")`, a whole line in
//! quotes, `jane [at] acme (dot) com`. What is found is a candidate: it still has to be checked. Nobody may be
//! contacted, and nobody's consent be read, because of what is found here.

/// How an @ sign is written by those who hide it, in lower case; counts in a text without an @ sign only.
const AT: [&str; 10] = ["%40", "&#64;", "&#x40;", "&commat;", "[at]", "(at)", "{at}", "<at>", "(a)", " at "];
/// The same of a dot, beside an @ sign.
const DOT: [&str; 8] = ["[dot]", "(dot)", "{dot}", "<dot>", "[punkt]", "(punkt)", " dot ", "[.]"];
/// Characters that an address may begin with and hardly does: what stands behind them is a candidate too.
const HARDLY: [char; 14] = ['*', '\'', '/', '=', '{', '|', '}', '`', '?', '&', '!', '$', '#', '~'];

/// Every stretch of the text that may be an address, each once. Allocates: not for the hot path.
pub fn addresses_within(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let plain = plain(text);
    collect(&plain, &mut found);
    // `jane. doe@acme.com`, `jane@acme .com`
    let closed = without_gaps(&plain);
    if closed != plain {
        collect(&closed, &mut found);
    }
    found
}

/// The text without what cannot be seen, and with its @ signs and dots written out.
fn plain(text: &str) -> String {
    let seen = text.chars().filter_map(|c| match c {
        '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}' => None,
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => None,
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0),
        '\u{3002}' | '\u{FF61}' => Some('.'),
        '\0' | '\\' => None,
        c if c.is_whitespace() || c.is_control() => Some(' '),
        c => Some(c),
    });
    let mut plain: String = seen.collect();
    if !plain.contains('@') {
        AT.iter().for_each(|written| write_out(&mut plain, written, '@'));
    }
    if plain.contains('@') {
        DOT.iter().for_each(|written| write_out(&mut plain, written, '.'));
    }
    plain
}

/// Puts a sign in the place of every spelling of it, with the space around.
fn write_out(text: &mut String, written: &str, sign: char) {
    let mut from = 0;
    while let Some(at) = text[from..].to_ascii_lowercase().find(written).map(|at| from + at) {
        let before = text[..at].trim_end().len();
        let end = at + written.len();
        let after = text.len() - text[end..].trim_start().len();
        text.replace_range(before..after, sign.encode_utf8(&mut [0; 4]));
        from = before + 1;
    }
}

/// Without the space beside dots.
fn without_gaps(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '.' {
            out.truncate(out.trim_end().len());
        }
        if c != ' ' || !out.ends_with('.') {
            out.push(c);
        }
    }
    out
}

fn collect(text: &str, found: &mut Vec<String>) {
    for (at, _) in text.match_indices('@') {
        let local = text[..at].rsplit(|c| !is_local(c)).next().unwrap_or_default().trim_start_matches('.');
        let domain = text[at + 1..].split(|c| !is_domain(c)).next().unwrap_or_default();
        let domain = domain.trim_matches(|c| !char::is_alphanumeric(c));
        let mut add = |local: &str| {
            let address = format!("{local}@{domain}");
            if !local.is_empty() && !domain.is_empty() && !found.contains(&address) {
                found.push(address);
            }
        };
        add(local);
        add(local.rsplit(HARDLY).next().unwrap_or_default());
        found.extend(wrapped(local));
    }
}

/// The address within the sender of a returned mail: `bounce+jane=acme.com@…`, `SRS0=k=t=acme.com=jane@…`.
fn wrapped(local: &str) -> Option<String> {
    let (before, last) = local.rsplit_once('=')?;
    let (name, domain) = match local.get(..3).filter(|start| start.eq_ignore_ascii_case("srs")) {
        Some(_) => (last, before.rsplit('=').next()?),
        None => (before.rsplit(['+', '=']).next()?, last),
    };
    (!name.is_empty() && domain.contains('.')).then(|| format!("{name}@{domain}"))
}

fn is_local(c: char) -> bool {
    c.is_alphanumeric() || HARDLY.contains(&c) || matches!(c, '.' | '_' | '-' | '+' | '%' | '^')
}

fn is_domain(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '-')
}

#[cfg(test)]
mod tests {
    use super::addresses_within;

    #[test]
    fn addresses_are_found_in_whatever_is_around_them() {
        let texts = "Jane Doe jane@acme.com|email jane@acme.com please|jane@acme.com - unsubscribed|\
            jane@acme.com?subject=x|=HYPERLINK(\"mailto:jane@acme.com\",\"x\")|[Jane](mailto:jane@acme.com)|\
            <a href=\"mailto:jane@acme.com\">|{jane@acme.com,x}|jane@acme.com*|*jane@acme.com|http://jane@acme.com|\
            jane\\@acme.com|bounce+jane=acme.com@mail.example|jane=acme.com@mail.example|\
            SRS0=kx=t7=acme.com=jane@mail.example|jane%40acme.com|jane[at]acme.com|jane AT acme DOT com|\
            jane (at) acme (dot) com|jane@acme . com|\0jane@acme.com\0|\
            j\0a\0n\0e\0@\0a\0c\0m\0e\0.\0c\0o\0m\0|zoe@x.org\u{b}jane@acme.com|\
            \"jane@acme.com,2024-01-01\nzoe@x.org\"";
        for text in texts.split('|') {
            let found = addresses_within(text);
            assert!(found.iter().any(|a| a == "jane@acme.com"), "{text:?}: {found:?}");
        }
        assert_eq!(addresses_within("jane. doe@acme.com"), ["doe@acme.com", "jane.doe@acme.com"]);
    }

    #[test]
    fn nothing_is_found_where_nothing_is() {
        for text in ["", "@", "n/a", "meet at noon", "jane@", "@acme.com", "5 (a) b"] {
            let found = addresses_within(text);
            assert!(found.iter().all(|a| !a.contains('.')), "{text:?}: {found:?}");
        }
    }
}
