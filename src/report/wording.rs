//! Numbers, dates and foreign text as a reader wants to see them.

use crate::record::{Channel, Day};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::{self, Write};

/// `1234567` as `1,234,567`.
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Per cent with one decimal, never rounded to nothing nor all (`<0.1%`, `>99.9%`); a share of nothing is a dash.
pub(super) fn percent(part: u64, whole: u64) -> String {
    match permille(part, whole) {
        None => "–".into(),
        Some(_) if part == 0 => "0%".into(),
        Some(_) if part == whole => "100%".into(),
        Some(0) => "<0.1%".into(),
        Some(1000) => ">99.9%".into(),
        Some(p) => format!("{}.{}%", p / 10, p % 10),
    }
}

/// `part` of `whole` in thousandths, rounded; nothing of nothing is none.
pub(super) fn permille(part: u64, whole: u64) -> Option<u64> {
    let (part, whole) = (u128::from(part), u128::from(whole));
    let rounded = (part * 1000 + whole / 2).checked_div(whole)?;
    Some(u64::try_from(rounded).unwrap_or(u64::MAX))
}

/// The noun as `n` of it asks: it comes in the plural.
pub fn noun(n: u64, nouns: &str) -> Cow<'_, str> {
    match nouns.strip_suffix("es") {
        _ if n != 1 => nouns.into(),
        Some(stem) if stem.ends_with("ss") => stem.into(),
        Some(stem) if stem.ends_with('i') => format!("{}y", stem.trim_end_matches('i')).into(),
        _ => nouns.strip_suffix('s').unwrap_or(nouns).into(),
    }
}

/// A count with its noun: `1 contact`, `2,000 contacts`. The noun comes in the plural.
pub fn counted(n: u64, nouns: &str) -> String {
    format!("{} {}", grouped(n), noun(n, nouns))
}

/// A size in bytes as people read it, in powers of 1000.
pub(super) fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if bytes < 1000 {
        return counted(bytes, "bytes");
    }
    let (mut tenths, mut unit) = (u128::from(bytes) / 100, 0);
    while tenths >= 10_000 && unit + 1 < UNITS.len() {
        (tenths, unit) = (tenths / 1000, unit + 1);
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
}

/// `2026-12-01` as `1 December 2026`; anything else as it stands.
pub(super) fn long_date(iso: &str) -> String {
    match iso.parse::<Day>() {
        Ok(day) => day.strftime("%-d %B %Y").to_string(),
        Err(_) => iso.to_owned(),
    }
}

/// The counts above zero, the largest first, equal ones by id.
pub(super) fn descending(counts: &BTreeMap<String, u64>) -> Vec<(&str, u64)> {
    let mut sorted: Vec<(&str, u64)> =
        counts.iter().map(|(id, n)| (id.as_str(), *n)).filter(|(_, n)| *n > 0).collect();
    sorted.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    sorted
}

/// The sum of counts.
pub(super) fn sum<'a>(counts: impl IntoIterator<Item = &'a u64>) -> u64 {
    counts.into_iter().fold(0, |sum, n| sum.saturating_add(*n))
}

/// The name of a channel as a heading.
pub(super) fn channel_name(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "E-mail",
        Channel::Sms => "Text message",
        Channel::Call => "Call",
        Channel::Post => "Post",
        Channel::Messaging => "Messaging",
        Channel::AutoCall => "Automated call",
    }
}

/// An identifier as words: `consent_withdrawn` as `consent withdrawn`; those that need more, in full.
pub fn plain(id: &str) -> String {
    match id {
        "ebr_purchase" => "existing customer: purchase".into(),
        "ebr_contract" => "existing customer: contract".into(),
        "ebr_inquiry" => "inquiry".into(),
        "soft_opt_in" => "soft opt-in of customers".into(),
        "express_written_consent" => "express consent in writing".into(),
        "presumed_consent_b2b" => "presumed consent of businesses".into(),
        "deemed_published_address" => "published business address".into(),
        "hours" => "only at some hours of the recipient".into(),
        "frequency" => "only so often".into(),
        "register" => "a voluntary register still to be asked".into(),
        "duties" => "what every message must hold".into(),
        "capture_source" => "where it was given".into(),
        "method" => "how it was given".into(),
        "wording" => "what they were told".into(),
        "ip" => "IP address of the sign-up".into(),
        "purpose_scope" => "the purpose".into(),
        "signature" => "signature, or consent in writing".into(),
        "confirmation_ip" => "IP address of the confirmation".into(),
        "optout_at_capture" => "refusal offered when the address was taken".into(),
        "imported" => "came with an import".into(),
        "asserted" => "stated by the operator".into(),
        "bulk_time" => "one time stamp for many".into(),
        "bulk_ip" => "one IP address for many".into(),
        "rush" => "in a rush of sign-ups".into(),
        "none_needed" => "the opt-out rule".into(),
        "seen_text" => "read in the text of the law".into(),
        "seen_secondary" => "read in a secondary source".into(),
        "memory" => "from memory, not verified".into(),
        "choice" => "this product's own choice".into(),
        other => other.replace('_', " "),
    }
}

/// Whether a character could steer a terminal, reorder a line or hide in it.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Writes foreign text so that it cannot act: steering characters are named (`⟨U+202E⟩`).
pub(super) fn write_visible(out: &mut (impl Write + ?Sized), text: &str) -> fmt::Result {
    for c in text.chars() {
        if steers(c) { write!(out, "⟨U+{:04X}⟩", u32::from(c))? } else { out.write_char(c)? }
    }
    Ok(())
}

/// Foreign text that cannot act on a terminal: steering characters are named.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Writing into a text cannot fail.
    let _ = write_visible(&mut out, text);
    out
}

/// Foreign text on one line of at most `most` characters; what is cut is counted.
pub(super) fn clip(text: &str, most: usize) -> String {
    let cut = text.chars().count().saturating_sub(most);
    if cut == 0 {
        return text.to_owned();
    }
    let head: String = text.chars().take(most).collect();
    format!("{head}… (+{cut})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_never_rounded_to_nothing_nor_to_all() {
        for (part, whole, text) in [
            (0, 0, "–"),
            (0, 7, "0%"),
            (7, 7, "100%"),
            (1, 100_000, "<0.1%"),
            (99_999, 100_000, ">99.9%"),
            (1, 3, "33.3%"),
            (2, 3, "66.7%"),
            (1, 1000, "0.1%"),
            (u64::MAX, u64::MAX, "100%"),
        ] {
            assert_eq!(percent(part, whole), text, "{part} of {whole}");
        }
    }

    #[test]
    fn one_takes_the_singular() {
        for (n, nouns, text) in [
            (1, "contacts", "1 contact"),
            (0, "contacts", "0 contacts"),
            (2000, "rows", "2,000 rows"),
            (1, "addresses", "1 address"),
            (1, "bytes", "1 byte"),
            (1, "entries", "1 entry"),
            (2, "entries", "2 entries"),
        ] {
            assert_eq!(counted(n, nouns), text);
        }
    }

    #[test]
    fn numbers_sizes_and_dates_read_well() {
        for (n, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(n), text);
        }
        assert_eq!(grouped(u64::MAX), "18,446,744,073,709,551,615");
        for (n, text) in [(12, "12 bytes"), (1000, "1.0 kB"), (999_999, "999.9 kB"), (2_500_000, "2.5 MB")] {
            assert_eq!(size(n), text);
        }
        assert_eq!(size(u64::MAX), "18446744.0 TB");
        assert_eq!(long_date("2026-12-01"), "1 December 2026");
        assert_eq!(long_date("soon"), "soon");
    }

    #[test]
    fn steering_characters_are_named_and_letters_are_not_touched() {
        assert_eq!(visible("a\u{1b}[31m\u{202e}b"), "a⟨U+001B⟩[31m⟨U+202E⟩b");
        assert_eq!(visible("Zoë 山田 ß"), "Zoë 山田 ß");
        assert_eq!((clip("abcdef", 4).as_str(), clip("abcd", 4).as_str()), ("abcd… (+2)", "abcd"));
    }
}
