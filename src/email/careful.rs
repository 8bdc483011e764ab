//! Checks every address that is not ordinary: repairs, exotic addresses, faults with their place, suggestions.

use crate::data::remarks::says_no;
use crate::email::clean;
use crate::email::domain::{DomainFacts, DomainMemo};
use crate::email::judge::{Judged, judge};
use crate::email::syntax::{self, ADDRESS_MAX, Fault, HostKind, LOCAL_MAX, LocalKind};
use crate::email::tables::{BLANK_CELL, EmailTables, LEGACY_DOTS};
use crate::email::typo::{self, Certainty};
use crate::email::verdict::{AddressFacts, CheckedAddress};
use crate::reason::{Reason, Reasons};
use icu_normalizer::ComposingNormalizerBorrowed;
use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};

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
    /// Length of the folded local part.
    local: usize,
    keyed: bool,
    /// Where the syntax fails, if it does: the address is invalid then.
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
    let outcome = CarefulCheck { tables, memo, texts: buffers }.examine(source, plainer.done);
    let at = outcome.at.map(|at| match plainer.written {
        true => buffers.map.get(at as usize).copied().unwrap_or(cell.len() as u32),
        false => at,
    });
    buffers.plain = plain;
    let suggestion = outcome.suggested.then_some(buffers.suggestion.as_str());
    let exact = buffers.exact.as_str();
    let key = if outcome.keyed { &buffers.key } else { exact };
    let found = outcome.judged.checked(&buffers.address, (exact, key), outcome.local);
    let found = CheckedAddress { at, suggestion, ..found };
    if at.is_none() {
        return found;
    }
    let facts = AddressFacts { typo_sure: found.facts.typo_sure, ..AddressFacts::default() };
    CheckedAddress { fold: &buffers.fold, facts, ..found.invalid() }
}

/// A well-formed address: its folded form stands in `Buffers::exact`.
struct WellFormed {
    local: usize,
    judged: Judged,
    keyed: bool,
    slip: Option<Certainty>,
}

/// One careful check: what it looks up, and the texts it writes.
struct CarefulCheck<'c> {
    tables: &'c EmailTables,
    memo: &'c mut DomainMemo,
    texts: &'c mut Buffers,
}

impl CarefulCheck<'_> {
    /// Unwraps, parses and judges. `Examined::at` is a byte of `source`.
    fn examine(&mut self, source: &str, mut done: Reasons) -> Examined {
        fold(source, &mut self.texts.fold);
        let mut text = source.trim_matches([' ', '\t', '\r', '\n']);
        let folded = &self.texts.fold;
        let blank = folded.len() <= PLACEHOLDER_MAX && self.tables.flags(folded) & BLANK_CELL != 0;
        let found = if text.is_empty() {
            Err(Fault { reason: Reason::EmailEmpty, at: 0 })
        } else if blank {
            Err(Fault { reason: Reason::EmailPlaceholder, at: 0 })
        } else {
            if text.contains('@') {
                text = clean::unwrap(source, &mut done);
                fold(text, &mut self.texts.fold);
            }
            self.address(text)
        };
        let base = text.as_ptr() as usize - source.as_ptr() as usize;
        let end = base + text.len();
        match found {
            Ok(WellFormed { local, mut judged, keyed, slip }) => {
                // What was taken off may be more than a name.
                let around = [&source[..base], &source[end..]];
                if around.iter().any(|text| text.len() > 2 && says_no(text)) {
                    judged.warn(Reason::EmailSaysNo);
                }
                judged.repaired |= !done.is_empty();
                judged.reasons = judged.reasons.union(done);
                let suggested = slip.is_some() && self.suggest();
                Examined { judged, local, keyed, at: None, suggested }
            }
            Err(fault) => self.refused(fault, base, text),
        }
    }

    /// Parses and judges one bare address; fills `address`, `exact` and `key`.
    fn address(&mut self, text: &str) -> Result<WellFormed, Fault> {
        let parts = syntax::parse(text)?;
        let (local, host) = (&text[..parts.at], &text[parts.at + 1..]);
        let mut judged = Judged::default();
        self.host_name(host, parts.host, &mut judged).map_err(|reason| Fault { reason, at: parts.at + 1 })?;
        let Self { tables, memo, texts } = self;
        let literal = parts.host == HostKind::Literal;
        let known = if literal { DomainFacts::default() } else { memo.facts(&texts.host, tables) };
        if let Some(dots) = parts.dots {
            if known.flags & LEGACY_DOTS == 0 {
                return Err(dots);
            }
            judged.warn(Reason::EmailLegacyJpDots);
        }
        texts.address.clear();
        texts.address.push_str(local_part(local, parts.local, &mut judged));
        fold_local(&texts.address, &mut texts.exact);
        let folded = texts.exact.len();
        texts.address.extend(["@", host]);
        texts.exact.extend(["@", &texts.host]);
        if folded > LOCAL_MAX {
            return Err(Fault { reason: Reason::EmailLocalTooLong, at: 0 });
        }
        if texts.exact.len() > ADDRESS_MAX || texts.address.len() > ADDRESS_MAX {
            return Err(Fault { reason: Reason::EmailTooLong, at: ADDRESS_MAX.min(text.len()) });
        }
        if let Some(reason) = known.fault {
            let last = text.rfind('.').filter(|_| reason != Reason::EmailSingleLabel).unwrap_or(parts.at);
            return Err(Fault { reason, at: last + 1 });
        }
        let (mut found, keyed) = judge(&texts.exact[..folded], &texts.host, known, tables, &mut texts.key);
        found.repaired = judged.repaired;
        found.warned |= judged.warned;
        found.reasons = found.reasons.union(judged.reasons);
        Ok(WellFormed { local: folded, judged: found, keyed, slip: known.slip })
    }

    /// Writes the domain in lower case, as A-labels.
    fn host_name(&mut self, host: &str, kind: HostKind, judged: &mut Judged) -> Result<(), Reason> {
        let out = &mut self.texts.host;
        out.clear();
        match kind {
            HostKind::Literal => judged.warn(Reason::EmailIpLiteral),
            HostKind::Name => {}
            HostKind::International => return international(host, out, judged),
        }
        out.push_str(host);
        out.make_ascii_lowercase();
        Ok(())
    }

    /// Writes the suggestion: the local part of `Buffers::address` at the domain meant by `Buffers::host`.
    fn suggest(&mut self) -> bool {
        let Buffers { host, mended, suggestion, address, .. } = &mut *self.texts;
        let meant = typo::suggest(host, self.tables, mended).is_some();
        if meant {
            suggestion.clear();
            suggestion.extend([&address[..address.rfind('@').unwrap_or(0)], "@", mended]);
        }
        meant
    }

    fn refused(&mut self, fault: Fault, base: usize, text: &str) -> Examined {
        let mut judged = Judged::default();
        judged.reasons.add(fault.reason);
        let suggested = match fault.reason {
            Reason::EmailUnknownTld | Reason::EmailSingleLabel => {
                let slip = self.memo.facts(&self.texts.host, self.tables).slip;
                judged.facts.typo_sure = slip == Some(Certainty::Sure);
                let meant = slip.is_some() && self.suggest();
                if meant {
                    judged.reasons.add(Reason::EmailDomainTypo);
                }
                meant
            }
            _ => self.suggest_mended(text),
        };
        let at = Some((base + fault.at) as u32);
        Examined { judged, local: 0, keyed: false, at, suggested }
    }

    /// Suggests the address with typos of the syntax mended, when that makes an address of it.
    fn suggest_mended(&mut self, text: &str) -> bool {
        let mut mended = std::mem::take(&mut self.texts.mended);
        let found = mend(text, &mut mended).then(|| self.address(&mended)).and_then(Result::ok);
        mended.clone_into(&mut self.texts.suggestion);
        self.texts.mended = mended;
        found.is_some_and(|found| found.slip.is_none() || self.suggest())
    }
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
        out.extend(word.chars().flat_map(char::to_lowercase).map(straight));
    }
    let composed = ComposingNormalizerBorrowed::new_nfc().normalize(out).into_owned();
    *out = composed;
}

/// The apostrophe of an address, where word processors put a typographic one.
const fn straight(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' => '\'',
        c => c,
    }
}

/// Writes the address with its plain typos mended, if it has any: `@@`, a dot too many, `,com`, `/.`, a `’`.
fn mend(text: &str, out: &mut String) -> bool {
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
