//! The grammar of one address (RFC 5321 mailbox, RFC 5322 addr-spec without comments, RFC 6531 for UTF-8).
//!
//! `plain` takes ordinary ASCII addresses at speed (`masks`, then byte by byte); `parse` takes all others, and says
//! what is wrong and where.

mod masks;

pub(super) use masks::Plain;

use crate::reason::Reason;
use icu_properties::CodePointMapData;
use icu_properties::props::{GeneralCategory, GeneralCategoryGroup};
use std::net::{Ipv4Addr, Ipv6Addr};

/// Longest local part, in octets (RFC 5321, 4.5.3.1.1).
pub(super) const LOCAL_MAX: usize = 64;
/// Longest address, in octets (RFC 5321, 4.5.3.1.3 less the angle brackets).
pub(super) const ADDRESS_MAX: usize = 254;
/// Longest label, in octets (RFC 1035, 2.3.4).
const LABEL_MAX: usize = 63;

/// May stand in a dot-atom.
const ATOM: u8 = 1;
/// May stand in a host name.
const HOST: u8 = 2;
const UPPER: u8 = 4;
const DOT: u8 = 8;
const AT: u8 = 16;
const HYPHEN: u8 = 32;

const CLASS: [u8; 256] = {
    let mut class = [0; 256];
    let mut i = 0;
    while i < 128 {
        let byte = i as u8;
        if byte.is_ascii_alphanumeric() {
            class[i] = ATOM | HOST;
        }
        if byte.is_ascii_uppercase() {
            class[i] |= UPPER;
        }
        i += 1;
    }
    let atoms = b"!#$%&'*+-/=?^_`{|}~";
    let mut i = 0;
    while i < atoms.len() {
        class[atoms[i] as usize] |= ATOM;
        i += 1;
    }
    class[b'-' as usize] |= HYPHEN;
    class[b'.' as usize] = DOT;
    class[b'@' as usize] = AT;
    class
};

/// An ordinary ASCII address that needs no repair: dot-atom, two labels or more. `None`: `parse` has to look.
#[inline]
pub(super) fn plain(cell: &str) -> Option<Plain> {
    masks::common(cell.as_bytes()).or_else(|| by_bytes(cell))
}

/// Likewise, byte by byte: short and long addresses, and such with rarer characters.
fn by_bytes(cell: &str) -> Option<Plain> {
    let bytes = cell.as_bytes();
    if bytes.len() > ADDRESS_MAX || bytes.first().is_none_or(|b| *b == b'\'' || *b == b'.') {
        return None;
    }
    let (mut seen, mut last, mut at) = (0, 0, 0);
    for &byte in bytes {
        let class = CLASS[usize::from(byte)];
        if class == AT {
            break;
        }
        if class & (ATOM | DOT) == 0 || class & last & DOT != 0 {
            return None;
        }
        seen |= class;
        last = class;
        at += 1;
    }
    if at == 0 || at > LOCAL_MAX || last & DOT != 0 {
        return None;
    }
    let host = bytes.get(at + 1..)?;
    // A label may not begin or end with a hyphen: a dot or hyphen after a dot, or a dot after a hyphen, is out.
    let (mut last, mut label, mut dots) = (DOT, 0, 0);
    for &byte in host {
        let class = CLASS[usize::from(byte)];
        if class & HOST != 0 {
            label += 1;
        } else if class & DOT != 0 {
            if last & (DOT | HYPHEN) != 0 || label > LABEL_MAX {
                return None;
            }
            dots += 1;
            label = 0;
        } else if class & HYPHEN != 0 && last & DOT == 0 {
            // Two hyphens may be an A-label, which needs a closer look.
            if last & HYPHEN != 0 {
                return None;
            }
            label += 1;
        } else {
            return None;
        }
        seen |= class;
        last = class;
    }
    let whole = dots > 0 && last & HOST != 0 && label <= LABEL_MAX;
    whole.then_some(Plain { at, upper: seen & UPPER != 0 })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LocalKind {
    /// ASCII dot-atom.
    Atom,
    /// Quoted string.
    Quoted,
    /// Dot-atom with characters beyond ASCII.
    Utf8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HostKind {
    /// ASCII host name.
    Name,
    /// Labels beyond ASCII, or A-labels: IDNA has to look.
    International,
    /// `[192.0.2.1]`, `[IPv6:2001:db8::1]`.
    Literal,
}

/// A way the syntax fails, and at which byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) reason: Reason,
    pub(super) at: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AddressParts {
    /// Byte of the @ sign.
    pub(super) at: usize,
    pub(super) local: LocalKind,
    pub(super) host: HostKind,
    /// Dots where RFC 5321 has none; some carriers gave out such addresses.
    pub(super) dots: Option<Fault>,
}

fn fault<T>(reason: Reason, at: usize) -> Result<T, Fault> {
    Err(Fault { reason, at })
}

pub(super) fn parse(text: &str) -> Result<AddressParts, Fault> {
    if text.is_empty() {
        return fault(Reason::EmailEmpty, 0);
    }
    if let Some(at) = text.find(|c: char| c.is_control()) {
        return fault(Reason::EmailControlChar, at);
    }
    if !text.contains('@') {
        return fault(Reason::EmailNoAt, 0);
    }
    let (at, local) = if text.starts_with('"') { quoted(text)? } else { unquoted(text)? };
    if at > LOCAL_MAX {
        return fault(Reason::EmailLocalTooLong, LOCAL_MAX);
    }
    let host_text = &text[at + 1..];
    let dots = if local == LocalKind::Quoted { None } else { dots_of(&text[..at]) };
    let host = host(host_text, at + 1)?;
    Ok(AddressParts { at, local, host, dots })
}

fn quoted(text: &str) -> Result<(usize, LocalKind), Fault> {
    let mut escaped = false;
    let mut strange = None;
    for (i, c) in text.char_indices().skip(1) {
        if !c.is_ascii() && !fit_for_local(c, false) {
            strange = strange.or(Some(i));
        }
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => {
                return match (text[i + 1..].starts_with('@'), strange) {
                    (false, _) => fault(Reason::EmailBadQuotedLocal, i + 1),
                    (true, _) if i == 1 => fault(Reason::EmailEmptyLocal, 0),
                    (true, Some(place)) => fault(Reason::EmailUnsafeUnicodeLocal, place),
                    (true, None) => Ok((i + 1, LocalKind::Quoted)),
                };
            }
            _ => {}
        }
    }
    fault(Reason::EmailBadQuotedLocal, 0)
}

/// A dot-atom: the first @ sign and whether all is ASCII.
fn unquoted(text: &str) -> Result<(usize, LocalKind), Fault> {
    let at = text.find('@').unwrap_or(text.len());
    if let Some(second) = text[at + 1..].find('@') {
        return fault(Reason::EmailTwoAt, at + 1 + second);
    }
    let local = &text[..at];
    if local.is_empty() {
        return fault(Reason::EmailEmptyLocal, 0);
    }
    let mut kind = LocalKind::Atom;
    for (i, c) in local.char_indices() {
        match c {
            ' ' => return fault(Reason::EmailSpaceInLocal, i),
            '"' => return fault(Reason::EmailBadQuotedLocal, i),
            _ if c.is_ascii() && CLASS[c as usize] & (ATOM | DOT) == 0 => {
                return fault(Reason::EmailBadCharLocal, i);
            }
            _ if c.is_ascii() => {}
            _ if fit_for_local(c, i == 0) => kind = LocalKind::Utf8,
            _ => return fault(Reason::EmailUnsafeUnicodeLocal, i),
        }
    }
    Ok((at, kind))
}

/// Letters, digits and marks of any script; joiners only within a word.
fn fit_for_local(c: char, first: bool) -> bool {
    let category = CodePointMapData::<GeneralCategory>::new().get(c);
    GeneralCategoryGroup::Letter.contains(category)
        || GeneralCategoryGroup::Number.contains(category)
        || !first && GeneralCategoryGroup::Mark.contains(category)
        || !first && matches!(c, '\u{200C}' | '\u{200D}' | '\u{B7}')
}

/// Whether IDNA2008 can have the character in a label (RFC 5892, appendix A names a few by context).
pub(super) fn fit_for_label(c: char) -> bool {
    let category = CodePointMapData::<GeneralCategory>::new().get(c);
    c.is_ascii()
        || GeneralCategoryGroup::Letter.contains(category)
        || GeneralCategoryGroup::Mark.contains(category)
        || category == GeneralCategory::DecimalNumber
        || matches!(c, '\u{200C}' | '\u{200D}' | '\u{B7}' | '\u{375}' | '\u{5F3}' | '\u{5F4}' | '\u{30FB}')
        || matches!(c, '\u{3007}')
}

/// Whether the text needs no quotes as a local part.
pub(super) fn is_dot_atom(text: &str) -> bool {
    !text.is_empty()
        && dots_of(text).is_none()
        && text.bytes().all(|b| CLASS[usize::from(b)] & (ATOM | DOT) != 0)
}

fn dots_of(local: &str) -> Option<Fault> {
    if local.starts_with('.') {
        return Some(Fault { reason: Reason::EmailDotEdgeLocal, at: 0 });
    }
    if let Some(at) = local.find("..") {
        return Some(Fault { reason: Reason::EmailDotDotLocal, at: at + 1 });
    }
    local.ends_with('.').then(|| Fault { reason: Reason::EmailDotEdgeLocal, at: local.len() - 1 })
}

fn host(host: &str, base: usize) -> Result<HostKind, Fault> {
    if host.is_empty() {
        return fault(Reason::EmailEmptyDomain, base);
    }
    if host.starts_with('[') {
        return if literal(host) { Ok(HostKind::Literal) } else { fault(Reason::EmailBadIpLiteral, base) };
    }
    let mut international = false;
    for (i, c) in host.char_indices() {
        match c {
            ' ' => return fault(Reason::EmailSpaceInDomain, base + i),
            '_' => return fault(Reason::EmailUnderscoreDomain, base + i),
            '.' | '-' => {}
            _ if c.is_ascii_alphanumeric() => {}
            _ if c.is_ascii() => return fault(Reason::EmailBadCharDomain, base + i),
            _ if fit_for_label(c) => international = true,
            _ => return fault(Reason::EmailBadIdn, base + i),
        }
    }
    let mut start = base;
    for label in host.split('.') {
        let end = start + label.len();
        if label.is_empty() {
            return fault(Reason::EmailEmptyLabel, start);
        }
        if label.starts_with('-') {
            return fault(Reason::EmailHyphenEdge, start);
        }
        if label.ends_with('-') {
            return fault(Reason::EmailHyphenEdge, end - 1);
        }
        if label.is_ascii() && label.len() > LABEL_MAX {
            return fault(Reason::EmailLabelTooLong, start + LABEL_MAX);
        }
        international |= label.len() > 3 && label.as_bytes()[..4].eq_ignore_ascii_case(b"xn--");
        start = end + 1;
    }
    if host.parse::<Ipv4Addr>().is_ok() {
        return fault(Reason::EmailBareIp, base);
    }
    Ok(if international { HostKind::International } else { HostKind::Name })
}

/// RFC 5321, 4.1.3; of the tagged kinds only IPv6 is registered.
fn literal(host: &str) -> bool {
    let Some(inner) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) else { return false };
    match inner.get(..5) {
        Some(tag) if tag.eq_ignore_ascii_case("ipv6:") => inner[5..].parse::<Ipv6Addr>().is_ok(),
        _ => inner.parse::<Ipv4Addr>().is_ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ordinary_addresses_take_the_short_way() {
        for cell in ["a@b.de", "jane.doe+x@mail.acme.co.uk", "o'hara@acme.com", "J-D@A-B.com"] {
            assert!(plain(cell).is_some(), "{cell}");
        }
    }

    proptest! {
        #[test]
        fn the_short_way_never_disagrees(cell in "[a-cA-C0.@'+_ -]{0,24}") {
            if let Some(found) = plain(&cell) {
                let parts = parse(&cell).expect("what is plain is correct");
                prop_assert_eq!(parts, AddressParts { at: found.at, local: LocalKind::Atom, host: HostKind::Name, dots: None });
                prop_assert_eq!(found.upper, cell.bytes().any(|b| b.is_ascii_uppercase()));
            }
        }

        #[test]
        fn sixteen_bytes_at_a_time_never_disagree(cell in "[a-cA-C0.@_+-]{0,20}[ab.@-]{0,4}(b-c)?\\.?[cd]{0,30}|[a-z]{1,40}@[a-z.-]{9,40}|\\PC{0,30}") {
            let found = masks::common(cell.as_bytes());
            let common = (16..=64).contains(&cell.len()) && cell.bytes().all(|b| CLASS[usize::from(b)] != 0 && !b"!#$%&'*/=?^`{|}~".contains(&b));
            prop_assert_eq!(found, by_bytes(&cell).filter(|_| common));
        }
    }
}
