//! The lists and rules about e-mail domains and local parts: sorted text and TOML with source, date and licence
//! on top.
//!
//! Knows how the files are written and nothing of how an address is judged.

use crate::data::built_in;
use serde::Deserialize;

/// One word list: sorted by bytes, lower case, unique, headed by `# title`, source, date, licence.
#[derive(Debug, Clone, Copy)]
pub struct WordList<'a> {
    /// File name without extension, the name outputs use.
    pub name: &'a str,
    text: &'a str,
}

impl<'a> WordList<'a> {
    /// A list in the form of the built-in ones.
    pub const fn new(name: &'a str, text: &'a str) -> Self {
        Self { name, text }
    }

    /// Head and entries as they stand in the file.
    pub const fn text(self) -> &'a str {
        self.text
    }

    /// What the list holds, in a sentence.
    pub fn title(self) -> &'a str {
        self.text.lines().next().unwrap_or_default().trim_start_matches("# ")
    }

    /// Where it comes from.
    pub fn source(self) -> &'a str {
        self.header("# source: ")
    }

    /// The day of the state it holds, `YYYY-MM-DD`.
    pub fn date(self) -> &'a str {
        self.header("# date: ")
    }

    /// Under which licence it stands.
    pub fn licence(self) -> &'a str {
        self.header("# licence: ")
    }

    /// The entries. A `#` alone begins no comment: `#n/a` is an entry of one list.
    pub fn words(self) -> impl DoubleEndedIterator<Item = &'a str> {
        self.text.lines().filter(|line| !line.starts_with("# ") && !line.is_empty())
    }

    fn header(self, key: &str) -> &'a str {
        let head = self.text.lines().take_while(|line| line.starts_with('#'));
        head.filter_map(|line| line.strip_prefix(key)).next().unwrap_or_default()
    }
}

macro_rules! lists {
    ($($(#[$doc:meta])+ $constant:ident $file:literal;)+) => {
        $($(#[$doc])+ pub const $constant: WordList<'static> =
            WordList { name: $file, text: include_str!(concat!($file, ".txt")) };)+

        /// Every list, by name.
        pub const LISTS: &[WordList<'static>] = &[$($constant),+];
    };
}

lists! {
    /// Top-level domains in other scripts, each followed by its country.
    CCTLD_IDN "cctld_idn";
    /// Mail domains whose mailboxes were closed.
    DEAD_DOMAINS "dead_domains";
    /// Throw-away mailbox domains.
    DISPOSABLE "disposable";
    /// Domains kept for documentation.
    EXAMPLE_DOMAINS "example_domains";
    /// Personal mailbox domains.
    FREEMAIL "freemail";
    /// Two-letter top-level domains that tell no country.
    GENERIC_CCTLDS "generic_cctlds";
    /// Carriers that once gave out local parts with doubled or trailing dots.
    LEGACY_DOTS "legacy_dots";
    /// Local parts typed to get past a form.
    PLACEHOLDER_LOCALS "placeholder_locals";
    /// Cells that stand for no address.
    PLACEHOLDERS "placeholders";
    /// Alias services that forward to a real person.
    RELAY "relay";
    /// Local parts that name a function.
    ROLES "roles";
    /// Names that never receive mail from the internet.
    SPECIAL_USE "special_use";
    /// Top-level domains of the root zone.
    TLDS "tlds";
}

/// How a mailbox provider treats two spellings as one mailbox.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Short name.
    pub id: String,
    /// The provider's domains.
    pub domains: Vec<String>,
    /// The one name of its interchangeable domains; empty: the domains are kept apart.
    #[serde(default)]
    pub canonical: String,
    /// Characters that do not count in the local part.
    #[serde(default)]
    pub ignore: String,
    /// The character that begins a tag.
    #[serde(default)]
    pub tag: String,
    /// Whether `tag@user.domain` is `user@domain`.
    #[serde(default)]
    pub subdomain: bool,
    /// Shortest local part, without tag and ignored characters.
    pub min: usize,
    /// Longest local part, likewise.
    pub max: usize,
    /// What the local part may hold, as ranges and characters.
    pub chars: String,
    /// How sure the facts are.
    pub confidence: String,
    /// Where the facts stand.
    pub source: String,
}

impl Provider {
    /// The characters the local part may hold, as a set over ASCII.
    pub fn alphabet(&self) -> u128 {
        let bytes = self.chars.as_bytes();
        let mut set = 0;
        let mut i = 0;
        while let Some(&first) = bytes.get(i) {
            let last = match (bytes.get(i + 1), bytes.get(i + 2)) {
                (Some(b'-'), Some(&last)) => last,
                _ => first,
            };
            i += if last == first { 1 } else { 3 };
            for byte in first..=last {
                set |= 1u128 << (byte & 127);
            }
        }
        set
    }
}

tables! {
    /// A domain people mean when they slip.
    pub struct Target {
        /// The second-level label.
        pub name: String,
        /// The domain meant when the suffix cannot be right.
        pub home: String,
        /// The provider has no other domain.
        #[serde(default)]
        pub single: bool,
        /// So common that a plain slip is sure.
        #[serde(default)]
        pub giant: bool,
    }

    /// What is known about slips of domains.
    pub struct Slips {
        /// Suffixes that no target gives out.
        pub impossible: Vec<String>,
        /// Suffixes of two labels worth rebuilding when their dot is lost.
        pub joined: Vec<String>,
        /// Generic top-level domains a slip is measured against.
        pub generic: Vec<String>,
        /// Country-code top-level domains likewise.
        pub country: Vec<String>,
        /// The domains people mean.
        pub target: Vec<Target>,
        /// Slips of a suffix, each with what is meant.
        pub suffix: std::collections::BTreeMap<String, String>,
    }
}

const PROVIDERS: &str = include_str!("providers.toml");
const SLIPS: &str = include_str!("typos.toml");

/// The provider rules.
pub fn providers() -> Vec<Provider> {
    built_in::tables("providers.toml", PROVIDERS)
}

/// What is known about slips of domains.
pub fn slips() -> Slips {
    built_in::table("typos.toml", SLIPS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::places;
    use crate::data::suffixes::public_suffix;
    use std::collections::BTreeSet;

    fn set(list: WordList<'static>) -> BTreeSet<&'static str> {
        list.words().collect()
    }

    #[test]
    fn lists_are_sorted_unique_lower_case_and_cited() {
        for list in LISTS.iter().chain(&[places::ZONES, places::STATES]) {
            let words: Vec<_> = list.words().collect();
            assert!(!words.is_empty(), "{} is empty", list.name);
            for pair in words.windows(2) {
                assert!(pair[0] < pair[1], "{}: {:?} is out of order", list.name, pair);
            }
            for word in &words {
                assert_eq!(*word, word.to_lowercase().trim(), "{}", list.name);
            }
            assert!(!list.title().is_empty() && !list.source().is_empty(), "{}", list.name);
            assert!(!list.licence().is_empty(), "{}", list.name);
            assert!(list.date().parse::<jiff::civil::Date>().is_ok(), "{}: date", list.name);
        }
        for text in [PROVIDERS, SLIPS] {
            assert!(text.contains("\n# source: ") && text.contains("\n# date: 20"));
        }
    }

    #[test]
    fn disposable_holds_nobody_who_is_real() {
        let disposable = set(DISPOSABLE);
        for list in [RELAY, FREEMAIL, DEAD_DOMAINS] {
            let both: Vec<_> = list.words().filter(|w| disposable.contains(w)).collect();
            assert!(both.is_empty(), "in disposable and {}: {both:?}", list.name);
        }
        let relay = set(RELAY);
        assert!(FREEMAIL.words().all(|w| !relay.contains(w)));
        let suffixes: Vec<_> = DISPOSABLE.words().filter(|w| public_suffix(w) == *w).collect();
        assert!(suffixes.is_empty(), "public suffixes are no mailbox domains: {suffixes:?}");
    }

    #[test]
    fn domains_are_hostnames_under_a_real_top_level_domain() {
        let tlds = set(TLDS);
        for list in [DISPOSABLE, FREEMAIL, RELAY, DEAD_DOMAINS, EXAMPLE_DOMAINS, LEGACY_DOTS] {
            for word in list.words() {
                assert!(word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-'), "{word}");
                let tld = word.rsplit('.').next().unwrap_or_default();
                assert!(word.contains('.') && tlds.contains(tld), "{}: {word}", list.name);
            }
        }
        assert!(SPECIAL_USE.words().all(|w| w == "arpa" || !tlds.contains(w)));
        assert!(GENERIC_CCTLDS.words().all(|w| w.len() == 2 && tlds.contains(w)));
        for word in CCTLD_IDN.words() {
            let (tld, country) = word.split_once(' ').expect("two words");
            assert!(tlds.contains(tld) && country.len() == 2, "{word}");
        }
    }

    #[test]
    fn providers_and_slips_can_be_read() {
        let mut seen = BTreeSet::new();
        for provider in providers() {
            assert!(!provider.source.is_empty() && !provider.confidence.is_empty(), "{}", provider.id);
            assert!(provider.min <= provider.max && provider.max <= 64);
            assert!(provider.tag.len() <= 1 && provider.alphabet() != 0);
            assert!(provider.canonical.is_empty() || provider.domains.contains(&provider.canonical));
            assert!(provider.domains.is_sorted(), "{}", provider.id);
            for domain in provider.domains {
                assert!(seen.insert(domain.clone()), "{domain} has two providers");
            }
        }
        let gmail = &providers()[0];
        assert_eq!(gmail.alphabet() & (1 << b'_'), 0);
        assert_ne!(gmail.alphabet() & (1 << b'm'), 0);
        let free = set(FREEMAIL);
        for target in slips().target {
            assert!(free.contains(target.home.as_str()), "{} is no mailbox domain", target.home);
            assert!(target.home.starts_with(target.name.as_str()));
        }
    }
}
