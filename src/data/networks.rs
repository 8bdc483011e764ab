//! Social networks and messengers: which one a header names, and the one normal form of a handle, `network:name`.
//!
//! Knows words and the addresses of profile pages. A text that is not surely somebody's account is none: a company's
//! page, a post, a name with blanks in it.

use super::built_in;
use super::fold::{fold, header_words};
use super::words::{is_blank, yes_or_no};
use crate::record::Field;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

/// The longest name of an account; Bluesky's are domains.
const LONGEST: usize = 100;

/// A column of that name holds accounts of one messenger; beside words of permission it means any of them.
const ANY: &str = "messenger";

/// A network or messenger.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// What stands before the colon of a handle.
    pub word: String,
    /// Whether people are reached by their telephone number there.
    #[serde(default)]
    pub number: bool,
    names: Vec<String>,
    #[serde(default)]
    hosts: Vec<String>,
    /// What stands before the account's name in a page's address.
    #[serde(default)]
    before: Vec<String>,
    /// Pages that are no account.
    #[serde(default)]
    no_account: Vec<String>,
}

impl Network {
    /// Whether a handle in normal form is one of its accounts.
    pub fn has(&self, handle: &str) -> bool {
        handle.strip_prefix(self.word.as_str()).is_some_and(|rest| rest.starts_with(':'))
    }

    /// The field of a column that holds its points.
    pub const fn field(&self) -> Field {
        if self.number { Field::MessagingNumber } else { Field::SocialHandle }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NetworkFile {
    beside: Vec<String>,
    network: Vec<Network>,
}

#[derive(Debug)]
struct NetworkTable {
    beside: Vec<String>,
    networks: Vec<Network>,
    /// Position of the network that a spelling without its blanks names.
    names: BTreeMap<String, usize>,
}

static TABLE: LazyLock<NetworkTable> = LazyLock::new(|| {
    let file: NetworkFile = built_in::table("networks.toml", include_str!("networks.toml"));
    let named = file.network.iter().zip(0..).flat_map(|(n, at)| n.names.iter().map(move |s| (s, at)));
    let names = named.map(|(spelling, at)| (fold(spelling).replace(' ', ""), at)).collect();
    NetworkTable { beside: file.beside.iter().map(|w| fold(w)).collect(), networks: file.network, names }
});

/// The network that a whole header names: by one of its spellings, beside harmless words at most.
pub fn of_header(header: &str) -> Option<&'static Network> {
    let words = header_words(header);
    let number = |w: &String| w.bytes().all(|b| b.is_ascii_digit());
    let alone = |run: &Range<usize>| {
        let mut around = words[..run.start].iter().chain(&words[run.end..]);
        around.all(|w| number(w) || TABLE.beside.contains(w))
    };
    spelled(&words).find(|(run, _)| alone(run)).map(|(_, network)| network)
}

/// The first network that some words of a text name, whatever else it says (`telegram opt in`).
pub fn named_in(text: &str) -> Option<&'static Network> {
    let words = header_words(text);
    spelled(&words).find(|(run, _)| words[run.clone()].concat() != ANY).map(|(_, network)| network)
}

/// Every run of words that spells a network, from the left, of those that begin alike the longest first.
fn spelled(words: &[String]) -> impl Iterator<Item = (Range<usize>, &'static Network)> {
    let runs = (0..words.len()).flat_map(|from| (from + 1..=words.len()).rev().map(move |to| from..to));
    runs.filter_map(|run| {
        let at = TABLE.names.get(&words[run.clone()].concat())?;
        Some((run, TABLE.networks.get(*at)?))
    })
}

fn of_word(word: &str) -> Option<&'static Network> {
    TABLE.networks.iter().find(|n| !n.number && n.word.eq_ignore_ascii_case(word))
}

/// The network and the rest of a text that begins like a handle in normal form.
fn written(text: &str) -> Option<(&'static Network, &str)> {
    let (word, rest) = text.trim().split_once(':')?;
    if rest.starts_with("//") { None } else { Some((of_word(word)?, rest)) }
}

/// Whether a text that may be any point is a handle in normal form.
pub fn is_written(text: &str) -> bool {
    written(text).is_some()
}

/// A handle as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handle {
    /// `network:name`, folded.
    pub text: String,
    /// Whether it is an account's name at all; if not, the text is only good to be refused.
    pub valid: bool,
}

/// Reads a handle; `network` is the one that the column's header names. Nothing for a cell that says nothing, and for
/// a text of which no network is told.
pub fn read(network: Option<&'static Network>, text: &str) -> Option<Handle> {
    let text = text.trim().trim_start_matches('\'');
    if is_blank(text) || yes_or_no(text).is_some() {
        return None;
    }
    let page = page(text);
    let (network, name) = match (written(text), page) {
        (Some((network, rest)), _) => (network, rest.trim()),
        (None, Some((found, Some(name)))) => (found.or(network)?, name),
        (None, _) => (network?, text),
    };
    let name = name.trim_start_matches(['@', '＠', '~']).trim_end_matches('/').to_lowercase();
    let address = page.is_some_and(|(_, name)| name.is_none());
    let plain = |c: char| c.is_alphanumeric() || "._-%:#".contains(c);
    let valid = !address
        && !network.number
        && (2..=LONGEST).contains(&name.chars().count())
        && name.chars().all(plain)
        && name.chars().any(char::is_alphanumeric);
    (!name.is_empty()).then(|| Handle { text: format!("{}:{name}", network.word), valid })
}

/// The number of a page like `wa.me/447911123456`, with its plus; any other text as it is.
pub fn number_of(cell: &str) -> Cow<'_, str> {
    match page(cell.trim()) {
        Some((Some(network), Some(account))) if network.number => {
            Cow::Owned(format!("+{}", account.trim_start_matches('+')))
        }
        _ => Cow::Borrowed(cell),
    }
}

/// Network and account of a page's address; no account where the page is another's; `None` where it is no address.
fn page(text: &str) -> Option<(Option<&'static Network>, Option<&str>)> {
    let (scheme, rest) = text.split_once("://").map_or((false, text), |(_, rest)| (true, rest));
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.to_lowercase();
    let known = TABLE.networks.iter().find(|network| {
        let mut hosts = network.hosts.iter();
        hosts.any(|own| {
            host == *own || host.strip_suffix(own.as_str()).is_some_and(|rest| rest.ends_with('.'))
        })
    });
    let Some(network) = known else { return scheme.then_some((None, None)) };
    if let Some((_, id)) = path.split_once("profile.php?id=") {
        return Some((Some(network), id.split('&').next()));
    }
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let mut parts = path.split('/').filter(|part| !part.is_empty()).peekable();
    let mut account = parts.next();
    while let Some(part) = account
        && network.before.iter().any(|b| b.eq_ignore_ascii_case(part))
        && parts.peek().is_some()
    {
        account = parts.next();
    }
    let account =
        account.filter(|part| !network.no_account.iter().any(|other| other.eq_ignore_ascii_case(part)));
    // `facebook.com/people/Jane-Doe/1000`: the number is the account.
    let number = path.starts_with("people/").then(|| parts.next()).flatten();
    Some((Some(network), number.or(account)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_that_name_a_network() {
        for (word, headers) in [
            ("instagram", "Instagram; instagram_handle; Compte Instagram"),
            ("twitter", "Twitter URL; TwitterUsername; x_handle"),
            ("linkedin", "Person Linkedin Url"),
            ("telegram", "Usuario de Telegram; Telegram-Nutzername"),
            ("line", "LINE ID"),
            ("wechat", "微信号"),
            ("whatsapp", "WhatsApp-Nummer"),
            ("viber", "Viber"),
            ("signal", "Signal number"),
            ("facebook", "Facebook Messenger"),
            ("", "Company Linkedin Url; Twitter followers; Line; address line; Signal; x"),
            ("", "telegram opt in; facebook ads consent"),
        ] {
            for header in headers.split("; ") {
                assert_eq!(of_header(header).map_or("", |n| n.word.as_str()), word, "{header}");
            }
        }
        assert_eq!(named_in("telegram opt in").map(|n| n.word.as_str()), Some("telegram"));
        assert!(named_in("messenger consent").is_none());
        assert_eq!(named_in("Facebook Messenger consent").map(|n| n.word.as_str()), Some("facebook"));
    }

    #[test]
    fn one_form_of_a_handle() {
        let instagram = of_header("instagram");
        for (cell, expected) in [
            ("@Foo", Some(("instagram:foo", true))),
            ("foo", Some(("instagram:foo", true))),
            ("https://www.instagram.com/Foo/?hl=en", Some(("instagram:foo", true))),
            ("instagram.com/foo", Some(("instagram:foo", true))),
            ("instagram:Foo", Some(("instagram:foo", true))),
            ("https://x.com/foo", Some(("twitter:foo", true))),
            ("Jane Doe", Some(("instagram:jane doe", false))),
            ("https://example.org/foo", Some(("instagram:https://example.org/foo", false))),
            ("https://instagram.com/p/Cxyz/", Some(("instagram:https://instagram.com/p/cxyz", false))),
            ("jane@example.org", Some(("instagram:jane@example.org", false))),
            ("n/a", None),
            ("yes", None),
            ("", None),
        ] {
            let read = read(instagram, cell);
            assert_eq!(read.as_ref().map(|h| (h.text.as_str(), h.valid)), expected, "{cell}");
        }
        for (cell, expected) in [
            ("https://de.linkedin.com/in/Jane-Doe-123", "linkedin:jane-doe-123"),
            ("https://t.me/s/foo", "telegram:foo"),
            ("https://www.tiktok.com/@foo", "tiktok:foo"),
            ("https://facebook.com/profile.php?id=100&x=1", "facebook:100"),
            ("https://www.facebook.com/people/Jane-Doe/1000/", "facebook:1000"),
            ("https://m.me/foo", "facebook:foo"),
            ("https://line.me/ti/p/~foo", "line:foo"),
            ("https://bsky.app/profile/foo.bsky.social", "bluesky:foo.bsky.social"),
        ] {
            assert_eq!(read(None, cell), Some(Handle { text: expected.to_owned(), valid: true }), "{cell}");
        }
        assert_eq!(number_of("https://wa.me/447911123456"), "+447911123456");
        assert_eq!(number_of("07911 123456"), "07911 123456");
        assert_eq!(read(None, "foo"), None, "of what network is not told");
        assert!(!read(None, "https://linkedin.com/company/acme").is_some_and(|h| h.valid));
        assert!(is_written("instagram:foo") && !is_written("mailto:foo") && !is_written("+44:1"));
    }

    #[test]
    fn no_spelling_stands_for_two_networks() {
        for (network, at) in TABLE.networks.iter().zip(0usize..) {
            for spelling in &network.names {
                let known = TABLE.names.get(&fold(spelling).replace(' ', ""));
                assert_eq!(known, Some(&at), "{spelling} of {} is another's too", network.word);
            }
        }
        let words: std::collections::BTreeSet<&str> =
            TABLE.networks.iter().map(|n| n.word.as_str()).collect();
        assert_eq!(words.len(), TABLE.networks.len());
    }
}
