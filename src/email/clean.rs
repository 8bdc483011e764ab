//! What people and programs put around an address: space, invisible characters, names, brackets, comments.
//!
//! Takes off only what surely is no part of the address, and tells what it took. Does not judge what is left.

use crate::data::remarks;
use crate::reason::{Reason, Reasons};

/// Words that stand in front of an address in a cell.
const LABELS: &str = "e-mail-adresse|e-mail address|email address|e-mail|email|e mail|mail|correo|courriel|kontakt|\
    contact|smtp|sip|e-post";

/// A cell with plain characters only: the cell itself where nothing had to be replaced.
pub(super) struct Plainer {
    /// Whether `text` and `map` were written.
    pub(super) written: bool,
    pub(super) done: Reasons,
}

/// Plain characters for invisible, full-width and blank ones, no gap beside an @; `map`: where each byte of `text` was.
pub(super) fn replace(cell: &str, text: &mut String, map: &mut Vec<u32>) -> Plainer {
    text.clear();
    map.clear();
    let mut done = Reasons::NONE;
    if cell.is_ascii() && !has_gap(cell.as_bytes()) {
        return Plainer { written: false, done };
    }
    let mut before = None;
    for (i, c) in cell.char_indices() {
        let next = cell[i + c.len_utf8()..].chars().next();
        let plain = match c {
            '\u{200B}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}' | '\u{180E}' => None,
            // Joiners shape words in some scripts; beside ASCII they are debris.
            '\u{200C}' | '\u{200D}' if before.is_none_or(|c: char| c.is_ascii()) => None,
            '\u{200C}' | '\u{200D}' if next.is_none_or(|c| c.is_ascii()) => None,
            _ if is_direction(c) && text.trim().is_empty() => None,
            _ if is_space(c) => Some(' '),
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0),
            '\u{3002}' | '\u{FF61}' => Some('.'),
            _ => Some(c),
        };
        if matches!(c, '\u{FF01}'..='\u{FF5E}' | '\u{3002}' | '\u{FF61}') {
            done.add(Reason::EmailFullwidth);
        }
        before = Some(c);
        match plain {
            Some(plain) => push(plain, i, text, map),
            None => done.add(Reason::EmailInvisible),
        }
    }
    while let Some(last) = text.trim_end().chars().next_back().filter(|c| is_direction(*c)) {
        text.truncate(text.trim_end().len() - last.len_utf8());
        map.truncate(text.len());
        done.add(Reason::EmailInvisible);
    }
    close_gaps(text, map, &mut done);
    Plainer { written: true, done }
}

fn has_gap(bytes: &[u8]) -> bool {
    let blank =
        |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(|b| matches!(b, b' ' | b'\t'));
    memchr::memchr_iter(b'@', bytes).any(|at| blank(at.checked_sub(1)) || blank(Some(at + 1)))
}

fn push(c: char, place: usize, text: &mut String, map: &mut Vec<u32>) {
    text.push(c);
    map.resize(text.len(), place as u32);
}

fn is_space(c: char) -> bool {
    matches!(c, '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}')
}

fn is_direction(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{61C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// `jane @ acme.com`, but not inside quotes and not around an @ sign that has nothing beside it.
fn close_gaps(text: &mut String, map: &mut Vec<u32>, done: &mut Reasons) {
    let mut from = 0;
    while let Some(found) = text[from..].find('@') {
        let mut at = from + found;
        from = at + 1;
        if text[..at].matches('"').count() % 2 == 1 {
            continue;
        }
        let gap = |b: &u8| matches!(b, b' ' | b'\t');
        let left = text.as_bytes()[..at].iter().rev().take_while(|b| gap(b)).count();
        if left > 0 && left < at {
            text.replace_range(at - left..at, "");
            map.drain(at - left..at);
            at -= left;
            from -= left;
            done.add(Reason::EmailSpaceNearAt);
        }
        let right = text.as_bytes()[at + 1..].iter().take_while(|b| gap(b)).count();
        if right > 0 && at + 1 + right < text.len() {
            text.replace_range(at + 1..at + 1 + right, "");
            map.drain(at + 1..at + 1 + right);
            done.add(Reason::EmailSpaceNearAt);
        }
    }
}

type LayerStep = fn(&str) -> Option<(&str, Reason)>;

pub(super) fn unwrap<'t>(text: &'t str, done: &mut Reasons) -> &'t str {
    let mut rest = trim(text);
    if rest.len() != text.len() {
        done.add(Reason::EmailTrimmed);
    }
    // Each step shortens the text, and nobody wraps an address in more layers than this.
    for _ in 0..8 {
        let steps: [LayerStep; 7] = [wrapping, apostrophe, mailto, label, display_name, comment, trailing];
        let Some((inner, reason)) = steps.iter().find_map(|step| step(rest)) else { break };
        done.add(reason);
        rest = trim(inner);
    }
    rest
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn trim(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// `<a@b>`, `"a@b"`, `'a@b'`, `(a@b)`, `[a@b]`, `{a@b}`.
fn wrapping(text: &str) -> Option<(&str, Reason)> {
    for (open, close) in
        [('<', '>'), ('"', '"'), ('\'', '\''), ('(', ')'), ('[', ']'), ('{', '}'), ('\u{201C}', '\u{201D}')]
    {
        if let Some(inner) = text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)) {
            let whole = inner.contains('@') && !inner.contains([open, close]);
            return whole.then_some((inner, Reason::EmailUnwrapped));
        }
    }
    None
}

/// `'jane@acme.com`: how a spreadsheet marks text.
fn apostrophe(text: &str) -> Option<(&str, Reason)> {
    let inner = text.strip_prefix(['\'', '\u{2019}', '\u{2018}'])?;
    (!inner.starts_with(['@', '\''])).then_some((inner, Reason::EmailApostrophe))
}

fn mailto(text: &str) -> Option<(&str, Reason)> {
    let head = text.get(..7)?;
    if !head.eq_ignore_ascii_case("mailto:") {
        return None;
    }
    let inner = text[7..].trim_start_matches(['/', ' ']);
    let end = inner.find('?').filter(|end| inner[..*end].contains('@')).unwrap_or(inner.len());
    Some((&inner[..end], Reason::EmailMailto))
}

/// `E-Mail service@bghm.de`, `email: jane@acme.com`.
fn label(text: &str) -> Option<(&str, Reason)> {
    for word in LABELS.split('|') {
        let Some(head) = text.get(..word.len()) else { continue };
        let rest = &text[word.len()..];
        if head.eq_ignore_ascii_case(word) && rest.starts_with([':', ' ', '\t', '\n', '\r']) {
            let inner = rest.trim_start_matches([':', ' ', '\t', '\n', '\r', '-']);
            let address = inner.find('@').is_some_and(|at| at > 0);
            return address.then_some((inner, Reason::EmailLabelWord));
        }
    }
    None
}

/// `Jane Doe <jane@acme.com>`, and `<jane@acme.com> Jane`.
fn display_name(text: &str) -> Option<(&str, Reason)> {
    let open = text.rfind('<')?;
    let close = open + text[open..].find('>')?;
    let inner = &text[open + 1..close];
    let before = trim(&text[..open]);
    let after = trim(&text[close + 1..]);
    let name = |part: &str| {
        !part.contains(|c: char| c.is_control() && !is_blank(c))
            && (is_quoted(part) || !part.contains(['<', '>', '@']))
    };
    // One side is a name, the other is empty but for punctuation.
    let one_side = after.trim_matches([',', ';', '.']).is_empty() || before.is_empty();
    (inner.contains('@') && one_side && name(before) && name(after))
        .then_some((inner, Reason::EmailDisplayName))
}

/// The name beside the one address of a cell: `Jane Doe <jane@acme.com>`. A remark is no name.
pub fn name_beside(cell: &str) -> Option<&str> {
    let cell = trim(cell);
    display_name(cell)?;
    let (open, close) = (cell.rfind('<')?, cell.rfind('>')?);
    let ends = |c: char| matches!(c, '"' | '\'' | ',' | ';' | '.') || is_blank(c);
    let [before, after] = [&cell[..open], cell.get(close + 1..)?].map(|part| part.trim_matches(ends));
    let name = if before.is_empty() { after } else { before };
    let is_name = name.contains(char::is_alphabetic) && !name.contains(['@', '<', '>', ':', '(']);
    (is_name && !remarks::says_no(name)).then_some(name)
}

fn is_quoted(part: &str) -> bool {
    part.len() > 1 && part.starts_with('"') && part.ends_with('"')
}

/// `(home)jane@acme.com`, `jane@acme.com (work)`: comments of RFC 5322 at the ends, not nested.
fn comment(text: &str) -> Option<(&str, Reason)> {
    let take = |inner: &str, rest| {
        let simple = !inner.contains(|c: char| matches!(c, '(' | ')' | '@') || c.is_ascii_control());
        simple.then_some((rest, Reason::EmailOuterComment))
    };
    if let Some(rest) = text.strip_prefix('(') {
        let (inner, rest) = rest.split_once(')')?;
        return rest.contains('@').then(|| take(inner, rest)).flatten();
    }
    let (rest, inner) = text.strip_suffix(')')?.rsplit_once('(')?;
    rest.contains('@').then(|| take(inner, rest)).flatten()
}

fn trailing(text: &str) -> Option<(&str, Reason)> {
    let junk = ['.', ',', ';', ':', '!', '?', '>', '<', '"', '\'', ')', '\\', '/'];
    let inner = text.trim_end_matches(|c| junk.contains(&c) || is_blank(c));
    // A quote that opened in front belongs to the local part; a lone bracket is a fault of its own.
    let end = &text[inner.len()..];
    let paired = end.contains('"') && text.starts_with('"')
        || end.contains(')') && inner.contains('(')
        || end.contains('>') && inner.contains('<')
        || end.contains("..");
    let host = inner.rsplit_once('@').map_or("", |(_, host)| host);
    (inner.len() < text.len() && !paired && host.contains(|c: char| c.is_alphanumeric()))
        .then_some((inner, Reason::EmailTrailingPunct))
}
