//! Typos of the syntax: the address that a faulty one probably was. Only ever a suggestion.

/// The apostrophe of an address, where word processors put a typographic one.
pub(super) const fn straight(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' => '\'',
        c => c,
    }
}

/// Writes the address with the plain typos mended: `@@`, a dot too many, `,com`, `/.`, a typographic apostrophe. False
/// when there is none.
pub(super) fn mend(text: &str, out: &mut String) -> bool {
    out.clear();
    let Some((local, host)) = text.split_once('@') else { return false };
    if local.is_empty() || local.starts_with('"') {
        return false;
    }
    let local = local.trim_end_matches('.').trim_start_matches('.');
    let host = host.trim_start_matches(['@', '.', '#', '-']).trim_end_matches(['.', ',']);
    if local.contains("..") || local.contains(' ') || host.contains([' ', '@']) {
        return false;
    }
    out.extend(local.chars().map(straight));
    out.push('@');
    let mut last = '.';
    for c in host.chars() {
        let c = if matches!(c, ',' | '/' | ';') { '.' } else { c };
        if c != '.' || last != '.' {
            out.push(c);
        }
        last = c;
    }
    *out != *text
}
