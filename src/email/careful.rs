//! Checks every address that is not ordinary: repairs, exotic addresses, faults with their place, suggestions.

use crate::data::remarks::says_no;
use crate::email::domain::{DomainFacts, DomainMemo};
use crate::email::judge::{Judged, judge};
use crate::email::syntax::{self, ADDRESS_MAX, AddressParts, Fault, HostKind, LOCAL_MAX, LocalKind};
use crate::email::tables::{BLANK_CELL, EmailTables, LEGACY_DOTS};
use crate::email::typo::{self, Certainty};
use crate::email::verdict::{AddressFacts, CheckedAddress, EmailVerdict};
use crate::email::{clean, mend};
use crate::reason::{Reason, Reasons};
use icu_normalizer::ComposingNormalizerBorrowed;
use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use std::ops::Range;

/// Longest cell that may be a placeholder word, in bytes.
const PLACEHOLDER_MAX: usize = 24;

/// The texts of one careful check.
#[derive(Debug, Clone, Default)]
pub(super) struct Buffers {
    /// The cell with plain characters, and the place in the cell of each of its bytes.
    plain: String,
    map: Vec<u32>,
    address: String,
    exact: String,
    key: String,
    fold: String,
    host: String,
    mended: String,
    suggestion: String,
}

/// The result of a careful check, apart from its texts.
#[derive(Clone, Copy)]
struct Examined {
    judged: Judged,
    verdict: EmailVerdict,
    /// Length of the folded local part.
    local: usize,
    keyed: bool,
    at: Option<u32>,
    suggested: bool,
}

/// Checks a cell of any kind. Gives for an ordinary address what the short way gives.
pub(super) fn check<'a>(
    cell: &'a str,
    tables: &EmailTables,
    memo: &mut DomainMemo,
    buffers: &'a mut Buffers,
) -> CheckedAddress<'a> {
    let mut plain = std::mem::take(&mut buffers.plain);
    let plainer = clean::replace(cell, &mut plain, &mut buffers.map);
    let source = if plainer.written { plain.as_str() } else { cell };
    let outcome = examine(source, plainer.done, tables, memo, buffers);
    let at = outcome.at.map(|at| match plainer.written {
        true => buffers.map.get(at as usize).copied().unwrap_or(cell.len() as u32),
        false => at,
    });
    buffers.plain = plain;
    let suggestion = outcome.suggested.then_some(buffers.suggestion.as_str());
    let found = CheckedAddress {
        verdict: outcome.verdict,
        address: &buffers.address,
        key: if outcome.keyed { &buffers.key } else { &buffers.exact },
        exact: &buffers.exact,
        domain: buffers.exact.get(outcome.local + 1..).unwrap_or_default(),
        fold: &buffers.exact,
        reasons: outcome.judged.reasons,
        at,
        suggestion,
        facts: outcome.judged.facts,
    };
    if found.verdict != EmailVerdict::Invalid {
        return found;
    }
    let facts = AddressFacts { typo_sure: found.facts.typo_sure, ..AddressFacts::default() };
    CheckedAddress { fold: &buffers.fold, facts, ..found.invalid() }
}

/// Unwraps, parses and judges. `Examined::at` is a byte of `source`.
fn examine(
    source: &str,
    done: Reasons,
    tables: &EmailTables,
    memo: &mut DomainMemo,
    buffers: &mut Buffers,
) -> Examined {
    let mut done = done;
    fold(source, &mut buffers.fold);
    let mut text = source.trim_matches([' ', '\t', '\r', '\n']);
    let blank = buffers.fold.len() <= PLACEHOLDER_MAX && tables.flags(&buffers.fold) & BLANK_CELL != 0;
    let found = if text.is_empty() {
        Err(Fault { reason: Reason::EmailEmpty, at: 0 })
    } else if blank {
        Err(Fault { reason: Reason::EmailPlaceholder, at: 0 })
    } else {
        if text.contains('@') {
            text = clean::unwrap(source, &mut done);
            fold(text, &mut buffers.fold);
        }
        address(text, tables, memo, buffers)
    };
    let base = text.as_ptr() as usize - source.as_ptr() as usize;
    let end = base + text.len();
    match found {
        Ok(mut found) => {
            // What was taken off may be more than a name.
            let around = [&source[..base], &source[end..]];
            if around.iter().any(|text| text.len() > 2 && says_no(text)) {
                found.judged.warn(Reason::EmailSaysNo);
            }
            accepted(found, done, text, tables, buffers)
        }
        Err(fault) => refused(fault, base, text, tables, memo, buffers),
    }
}

/// A well-formed address: its folded form stands in `Buffers::exact`.
struct WellFormed {
    local: usize,
    judged: Judged,
    keyed: bool,
    slip: Option<Certainty>,
}

/// Parses and judges one bare address; fills `address`, `exact` and `key`.
fn address(
    text: &str,
    tables: &EmailTables,
    memo: &mut DomainMemo,
    buffers: &mut Buffers,
) -> Result<WellFormed, Fault> {
    let parts = syntax::parse(text)?;
    let (local, host) = (&text[..parts.at], &text[parts.at + 1..]);
    let mut judged = Judged::default();
    let literal = parts.host == HostKind::Literal;
    host_name(host, parts, buffers, &mut judged).map_err(|reason| Fault { reason, at: parts.at + 1 })?;
    let known = if literal { DomainFacts::default() } else { memo.facts(&buffers.host, tables) };
    if let Some(dots) = parts.dots {
        if known.flags & LEGACY_DOTS == 0 {
            return Err(dots);
        }
        judged.warn(Reason::EmailLegacyJpDots);
    }
    buffers.address.clear();
    buffers.address.push_str(local_part(local, parts.local, &mut judged));
    fold_local(&buffers.address, &mut buffers.exact);
    let folded = buffers.exact.len();
    buffers.address.extend(["@", host]);
    buffers.exact.extend(["@", &buffers.host]);
    if folded > LOCAL_MAX {
        return Err(Fault { reason: Reason::EmailLocalTooLong, at: 0 });
    }
    if buffers.exact.len() > ADDRESS_MAX || buffers.address.len() > ADDRESS_MAX {
        return Err(Fault { reason: Reason::EmailTooLong, at: ADDRESS_MAX.min(text.len()) });
    }
    if let Some(reason) = known.fault {
        let last = text.rfind('.').filter(|_| reason != Reason::EmailSingleLabel).unwrap_or(parts.at);
        return Err(Fault { reason, at: last + 1 });
    }
    let (mut found, keyed) = judge(&buffers.exact[..folded], &buffers.host, known, tables, &mut buffers.key);
    found.repaired = judged.repaired;
    found.warned |= judged.warned;
    found.reasons = found.reasons.union(judged.reasons);
    Ok(WellFormed { local: folded, judged: found, keyed, slip: known.slip })
}

/// Writes the domain in lower case, as A-labels.
fn host_name(
    host: &str,
    parts: AddressParts,
    buffers: &mut Buffers,
    judged: &mut Judged,
) -> Result<(), Reason> {
    buffers.host.clear();
    match parts.host {
        HostKind::Literal => judged.warn(Reason::EmailIpLiteral),
        HostKind::Name => {}
        HostKind::International => return international(host, &mut buffers.host, judged),
    }
    buffers.host.push_str(host);
    buffers.host.make_ascii_lowercase();
    Ok(())
}

fn international(host: &str, out: &mut String, judged: &mut Judged) -> Result<(), Reason> {
    let uts46 = Uts46::new();
    let ascii = uts46
        .to_ascii(host.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast, DnsLength::Verify)
        .map_err(|_| Reason::EmailBadIdn)?;
    let (unicode, result) = uts46.to_unicode(ascii.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast);
    if result.is_err() || !unicode.chars().all(syntax::fit_for_label) {
        return Err(Reason::EmailBadIdn);
    }
    judged.reasons.add(Reason::EmailIdn);
    let typed = host.chars().map(|c| c.to_ascii_lowercase());
    if !host.is_ascii() && !typed.eq(unicode.chars()) {
        judged.reasons.add(Reason::EmailIdnMapped);
        judged.repaired = true;
    }
    out.push_str(&ascii);
    Ok(())
}

/// The local part to send to: quotes that do nothing are taken off.
fn local_part<'t>(local: &'t str, kind: LocalKind, judged: &mut Judged) -> &'t str {
    match kind {
        LocalKind::Atom => local,
        LocalKind::Utf8 => {
            judged.warn(Reason::EmailNonAsciiLocal);
            local
        }
        LocalKind::Quoted => {
            let inner = &local[1..local.len() - 1];
            if syntax::is_dot_atom(inner) {
                judged.reasons.add(Reason::EmailUnquoted);
                judged.repaired = true;
                inner
            } else {
                judged.warn(Reason::EmailQuotedLocal);
                if !local.is_ascii() {
                    judged.warn(Reason::EmailNonAsciiLocal);
                }
                local
            }
        }
    }
}

/// Lower case, composed (NFC).
fn fold_local(local: &str, out: &mut String) {
    out.clear();
    if local.is_ascii() {
        out.push_str(local);
        out.make_ascii_lowercase();
    } else {
        let lower: String = local.chars().flat_map(char::to_lowercase).collect();
        out.push_str(&ComposingNormalizerBorrowed::new_nfc().normalize(&lower));
    }
}

/// The folded text of a cell: lower case, runs of space as one, apostrophes straight, composed (NFC).
fn fold(text: &str, out: &mut String) {
    out.clear();
    if text.is_ascii() {
        for word in text.split_ascii_whitespace() {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(word);
        }
        return out.make_ascii_lowercase();
    }
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().flat_map(char::to_lowercase).map(mend::straight));
    }
    let composed = ComposingNormalizerBorrowed::new_nfc().normalize(out).into_owned();
    *out = composed;
}

fn accepted(
    found: WellFormed,
    done: Reasons,
    text: &str,
    tables: &EmailTables,
    buffers: &mut Buffers,
) -> Examined {
    let WellFormed { local, mut judged, keyed, slip } = found;
    judged.repaired |= !done.is_empty();
    judged.reasons = judged.reasons.union(done);
    let suggested = slip.is_some() && {
        let local = buffers.address.rfind('@').unwrap_or(text.len());
        suggest(0..local, tables, buffers)
    };
    Examined { judged, verdict: judged.verdict(), local, keyed, at: None, suggested }
}

/// Writes the suggestion: the local part of `Buffers::address` at the domain meant by `Buffers::host`.
fn suggest(local: Range<usize>, tables: &EmailTables, buffers: &mut Buffers) -> bool {
    let meant = typo::suggest(&buffers.host, tables, &mut buffers.mended).is_some();
    if meant {
        buffers.suggestion.clear();
        buffers.suggestion.extend([&buffers.address[local], "@", &buffers.mended]);
    }
    meant
}

fn refused(
    fault: Fault,
    base: usize,
    text: &str,
    tables: &EmailTables,
    memo: &mut DomainMemo,
    buffers: &mut Buffers,
) -> Examined {
    let mut judged = Judged::default();
    judged.reasons.add(fault.reason);
    let suggested = match fault.reason {
        Reason::EmailUnknownTld | Reason::EmailSingleLabel => {
            let slip = memo.facts(&buffers.host, tables).slip;
            judged.facts.typo_sure = slip == Some(Certainty::Sure);
            let local = buffers.address.rfind('@').unwrap_or(0);
            let meant = slip.is_some() && suggest(0..local, tables, buffers);
            if meant {
                judged.reasons.add(Reason::EmailDomainTypo);
            }
            meant
        }
        _ => suggest_mended(text, tables, memo, buffers),
    };
    let at = Some((base + fault.at) as u32);
    Examined { judged, verdict: EmailVerdict::Invalid, local: 0, keyed: false, at, suggested }
}

/// Suggests the address with typos of the syntax mended, when that makes an address of it.
fn suggest_mended(text: &str, tables: &EmailTables, memo: &mut DomainMemo, buffers: &mut Buffers) -> bool {
    let mut mended = std::mem::take(&mut buffers.mended);
    let found =
        mend::mend(text, &mut mended).then(|| address(&mended, tables, memo, buffers)).and_then(Result::ok);
    buffers.suggestion.clear();
    buffers.suggestion.push_str(&mended);
    buffers.mended = mended;
    match found {
        None => false,
        Some(WellFormed { slip: None, .. }) => true,
        Some(WellFormed { slip: Some(_), .. }) => {
            let local = buffers.address.rfind('@').unwrap_or(0);
            suggest(0..local, tables, buffers)
        }
    }
}
