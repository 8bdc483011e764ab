//! Typos of the domain: the one that was probably meant. Only ever a suggestion.
//!
//! Known mailbox domains are never asked about. Abstains when two answers are as near as each other, when the
//! typo is more than one edit away, and on ordinary business names.

use crate::data::domains::Target;
use crate::email::near::beside;
use crate::email::tables::{EmailTables, FREEMAIL, SPECIAL, TLD};

/// How sure a suggestion is, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Certainty {
    /// A person should look.
    Likely,
    /// `--fix-typos` may apply it.
    Sure,
}

/// Writes the domain that was probably meant. `domain` is lower-case ASCII and not known to be real.
pub(super) fn suggest(domain: &str, tables: &EmailTables, out: &mut String) -> Option<Certainty> {
    out.clear();
    if is_suffix(domain, tables) { suggest_real(domain, tables, out) } else { in_full(domain, tables, out) }
}

/// Likewise for a domain whose top-level domain exists; `out` is empty.
pub(super) fn suggest_real(domain: &str, tables: &EmailTables, out: &mut String) -> Option<Certainty> {
    let bytes = domain.as_bytes();
    let end = bytes.iter().position(|b| *b == b'.').unwrap_or(bytes.len());
    if tables.near.names.has(&bytes[..end]) || bytes.ends_with(b".com.com") {
        return in_full(domain, tables, out);
    }
    // Near the whole of a known domain, but not its name: only a dot can stand in the wrong place.
    if tables.near.domains.has(bytes) { lost_dot(domain, tables, out) } else { None }
}

fn in_full(domain: &str, tables: &EmailTables, out: &mut String) -> Option<Certainty> {
    lost_dot(domain, tables, out)
        .or_else(|| wrong_suffix(domain, tables, out))
        .or_else(|| domain.split_once('.').and_then(|(name, suffix)| one_edit(name, suffix, tables, out)))
}

/// Whether the domain ends in a top-level domain that exists.
fn is_suffix(domain: &str, tables: &EmailTables) -> bool {
    domain.rsplit_once('.').is_some_and(|(_, tld)| tables.flags(tld) & (TLD | SPECIAL) != 0)
}

/// `gmailc.om`, `gmailcom`: the letters of a known domain with its dot elsewhere.
fn lost_dot(domain: &str, tables: &EmailTables, out: &mut String) -> Option<Certainty> {
    let letters = || domain.bytes().filter(|b| *b != b'.');
    let first = domain.as_bytes().first();
    for target in &tables.slips.target {
        let near = target.home.as_bytes().first() == first && target.home.len().abs_diff(domain.len()) <= 1;
        if near && domain != target.home && letters().eq(target.home.bytes().filter(|b| *b != b'.')) {
            out.push_str(&target.home);
            return Some(Certainty::Sure);
        }
    }
    if domain.contains('.') {
        return None;
    }
    if let Some(target) = tables.slips.target.iter().find(|t| t.name == domain && t.name.len() > 4) {
        out.push_str(&target.home);
        return Some(Certainty::Likely);
    }
    let name = domain.strip_suffix("com").filter(|name| name.len() > 3)?;
    out.extend([name.trim_end_matches('-'), ".com"]);
    Some(Certainty::Likely)
}

/// A suffix that does not exist, or that the provider does not have.
fn wrong_suffix(domain: &str, tables: &EmailTables, out: &mut String) -> Option<Certainty> {
    let (name, suffix) = domain.split_once('.')?;
    if let Some(target) = tables.slips.target.iter().find(|t| t.name == name) {
        let impossible = target.single || tables.slips.impossible.iter().any(|s| s == suffix);
        if impossible && domain != target.home {
            out.push_str(&target.home);
            return Some(Certainty::Sure);
        }
    }
    if let Some(before) = domain.strip_suffix(".com.com") {
        out.extend([before, ".com"]);
        return Some(Certainty::Sure);
    }
    let (before, tld) = domain.rsplit_once('.')?;
    if is_suffix(domain, tables) {
        return None;
    }
    let certainty = mend_suffix(before, tld, tables, out)?;
    // One typo in the suffix and one in a known name: the name counts for little once the suffix is wrong.
    let mended = std::mem::take(out);
    let (name, suffix) = mended.split_once('.').unwrap_or((&mended, ""));
    if tables.flags(&mended) & FREEMAIL == 0 && one_edit(name, suffix, tables, out).is_some() {
        return Some(Certainty::Likely);
    }
    out.clear();
    out.push_str(&mended);
    Some(certainty)
}

/// Writes the domain with a suffix that exists.
fn mend_suffix(before: &str, tld: &str, tables: &EmailTables, out: &mut String) -> Option<Certainty> {
    let slips = &tables.slips;
    let mut write = |name: &str, suffix: &str, certainty| {
        out.extend([name, ".", suffix]);
        Some(certainty)
    };
    for (slip, meant) in &slips.suffix {
        let name = match slip.split_once('.') {
            None if slip == tld => Some(before),
            Some((second, last)) if last == tld => {
                before.strip_suffix(second).and_then(|name| name.strip_suffix('.'))
            }
            _ => None,
        };
        if let Some(name) = name {
            return write(name, meant, Certainty::Sure);
        }
    }
    for joined in &slips.joined {
        if joined.bytes().filter(|b| *b != b'.').eq(tld.bytes()) {
            return write(before, joined, Certainty::Sure);
        }
    }
    if tld.len() < 3 {
        return None;
    }
    let (first, others) = slips.generic.split_first()?;
    if edit(tld, first).is_some() {
        return write(before, first, Certainty::Sure);
    }
    let generic = others.iter().filter(|t| edit(tld, t).is_some());
    let country = slips.country.iter().filter(|t| {
        let doubled = edit(tld, t) == Some(Edit::Doubled);
        tld.len() == 3 && (doubled || tld.starts_with(t.as_str()))
    });
    let mut nearest = generic.chain(country);
    let meant = nearest.next()?;
    if nearest.next().is_some() {
        return None;
    }
    write(before, meant, Certainty::Likely)
}

/// Writes the domain one change away with a known name, where that domain really exists.
fn one_edit(name: &str, suffix: &str, tables: &EmailTables, out: &mut String) -> Option<Certainty> {
    let mut best: Option<(Certainty, &str)> = None;
    let near = |t: &&Target| t.name.len() >= 5 && t.name.len().abs_diff(name.len()) <= 1;
    for target in tables.slips.target.iter().filter(near) {
        let Some(edit) = edit(name, &target.name) else { continue };
        let (typed, meant) = (name.as_bytes()[0], target.name.as_bytes()[0]);
        let certainty = match edit {
            Edit::Swapped | Edit::Doubled | Edit::Dropped if typed == meant && target.giant => {
                Certainty::Sure
            }
            _ if typed == meant => Certainty::Likely,
            Edit::Replaced if target.giant && beside(typed, meant) => Certainty::Likely,
            _ => continue,
        };
        out.clear();
        out.extend([&*target.name, ".", suffix]);
        if tables.flags(out) & FREEMAIL == 0 || target.single && *out != target.home {
            continue;
        }
        if best.is_some() {
            out.clear();
            return None;
        }
        best = Some((certainty, &target.name));
    }
    out.clear();
    let (certainty, name) = best?;
    out.extend([name, ".", suffix]);
    Some(certainty)
}

/// The one change of a letter by which a word became another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edit {
    Swapped,
    Doubled,
    Added,
    Dropped,
    Replaced,
}

/// The one change by which `meant` became `typed`; `None` when they are equal or further apart.
fn edit(typed: &str, meant: &str) -> Option<Edit> {
    let (t, m) = (typed.as_bytes(), meant.as_bytes());
    let head = t.iter().zip(m).take_while(|(a, b)| a == b).count();
    let (t_rest, m_rest) = (&t[head..], &m[head..]);
    match (t_rest, m_rest) {
        ([a, b, t_tail @ ..], [c, d, m_tail @ ..]) if a == d && b == c && a != b && t_tail == m_tail => {
            Some(Edit::Swapped)
        }
        ([_, t_tail @ ..], [_, m_tail @ ..]) if t_tail == m_tail => Some(Edit::Replaced),
        ([extra, t_tail @ ..], _) if t_tail == m_rest => {
            let doubled = head > 0 && t[head - 1] == *extra;
            Some(if doubled { Edit::Doubled } else { Edit::Added })
        }
        (_, [_, m_tail @ ..]) if t_rest == m_tail => Some(Edit::Dropped),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_silence_is_kept_where_nothing_is_sure() {
        let (tables, mut out) = (EmailTables::builtin(), String::new());
        for (certainty, slips) in [
            (Certainty::Sure, "gamil.com gmaill.com gmail.co gmailc.om > gmail.com"),
            (Certainty::Sure, "hotmial.co.uk > hotmail.co.uk, yahoo.com.com > yahoo.com"),
            (Certainty::Sure, "acme.con > acme.com, acme.couk acme.co.ul > acme.co.uk, acme.ner > acme.net"),
            (Certainty::Likely, "gnail.com > gmail.com, uahoo.com > yahoo.com, homail.con > hotmail.com"),
            (Certainty::Likely, "acme.dek > acme.de, acmecom > acme.com"),
        ] {
            for (typed, meant) in slips.split(", ").filter_map(|slip| slip.split_once(" > ")) {
                for domain in typed.split(' ') {
                    let found = suggest(domain, &tables, &mut out);
                    assert_eq!((out.as_str(), found), (meant, Some(certainty)), "{domain}");
                }
            }
        }
        let real = "acme.co acme.cm mail.com ymail.com email.com hanmail.net gogglemaii.com gm acme.zz";
        for domain in real.split(' ') {
            assert_eq!(suggest(domain, &tables, &mut out), None, "{domain}");
        }
    }

    /// Every target with a letter put in, left out, doubled or replaced anywhere, under several suffixes.
    #[test]
    fn the_short_cut_loses_no_suggestion() {
        let tables = EmailTables::builtin();
        let (mut short, mut full) = (String::new(), String::new());
        let mut check = |domain: &str| {
            full.clear();
            let found = (suggest(domain, &tables, &mut short), in_full(domain, &tables, &mut full));
            assert_eq!((found.0, &short), (found.1, &full), "{domain}");
        };
        for target in &tables.slips.target {
            for at in 0..=target.name.len() {
                let (head, tail) = target.name.split_at(at);
                for letter in ["", "a", "g", "h", "q", "s", "u", "."] {
                    for suffix in [".com", ".co", ".de", ".con", "com", ".com.com", ".co.uk", ".c.om"] {
                        check(&format!("{head}{letter}{tail}{suffix}"));
                        check(&format!("{head}{letter}{}{suffix}", tail.get(1..).unwrap_or_default()));
                    }
                }
            }
        }
        for domain in crate::data::domains::DISPOSABLE.words().step_by(7) {
            check(domain);
        }
    }

    #[test]
    fn one_slip_is_told_from_two() {
        for (typed, meant, expected) in [
            ("gamil", "gmail", Some(Edit::Swapped)),
            ("gmaill", "gmail", Some(Edit::Doubled)),
            ("gmaqil", "gmail", Some(Edit::Added)),
            ("gmil", "gmail", Some(Edit::Dropped)),
            ("gmaul", "gmail", Some(Edit::Replaced)),
            ("gmail", "gmail", None),
            ("gamli", "gmail", None),
            ("gm", "gmail", None),
        ] {
            assert_eq!(edit(typed, meant), expected, "{typed}");
        }
    }

    /// Asked as if the lists did not know them, at most one real mailbox domain in a thousand is doubted.
    #[test]
    fn real_mailbox_domains_are_left_alone_even_unknown() {
        let (tables, mut out) = (EmailTables::builtin(), String::new());
        let asked = || crate::data::domains::FREEMAIL.words();
        let doubted: Vec<_> = asked().filter(|domain| suggest(domain, &tables, &mut out).is_some()).collect();
        assert!(doubted.len() * 1000 <= asked().count(), "{doubted:?}");
    }
}
