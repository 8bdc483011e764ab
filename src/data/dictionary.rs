//! The field dictionary: header spellings in many languages, and how headers and names are searched for the words of the
//! vocabulary.
//!
//! Knows words only; what a header made of them means is told in `mapping::permission`.

use crate::data::built_in;
use crate::data::fold::{fold, header_words};
use crate::data::networks::{self, Network};
use crate::data::vocabulary::{Sense, Word, heard};
use crate::record::{Channels, Field, Kind, Set};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

/// A set of senses.
pub type Senses = Set<Sense, 4>;

/// Words, or what words begin with, and what they say.
type Stems<T> = Vec<(&'static str, T)>;

/// The dictionary, folded.
#[derive(Debug)]
pub struct Dictionary {
    lists: HeaderLists,
    fields: BTreeMap<String, Field>,
    senses: BTreeMap<String, Senses>,
    proof: Stems<Kind>,
    likely: Stems<Kind>,
    likely_alone: Stems<Kind>,
    excluding: Vec<&'static str>,
    refused: Stems<Channels>,
    points: Stems<Channels>,
    whole: Vec<&'static str>,
    ways: Vec<&'static str>,
    channel_headers: Vec<&'static str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DictionaryFile {
    fields: BTreeMap<Field, Vec<String>>,
    other: HeaderLists,
}

/// Words and whole headers, folded.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HeaderLists {
    qualifiers: Vec<String>,
    beside: Vec<String>,
    not_theirs: Vec<String>,
    domains: Vec<String>,
    refusal_dates: Vec<String>,
    changes: Vec<String>,
    replies: Vec<String>,
    events: Vec<String>,
    addressees: Vec<String>,
    properties: Vec<String>,
    property_values: Vec<String>,
}

/// A spelling without its blanks.
fn key(text: &str) -> String {
    fold(text).replace(' ', "")
}

/// The built-in dictionary.
pub fn dictionary() -> &'static Dictionary {
    static DICTIONARY: OnceLock<Dictionary> = OnceLock::new();
    DICTIONARY.get_or_init(read)
}

fn read() -> Dictionary {
    let file: DictionaryFile = built_in::table("dictionary.toml", include_str!("dictionary.toml"));
    let mut fields: BTreeMap<_, _> = Field::ALL.map(|field| (key(field.word()), field)).into();
    for (field, spellings) in file.fields {
        for spelling in spellings {
            let before = fields.insert(key(&spelling), field);
            assert!(before.is_none_or(|before| before == field), "{spelling} stands for two fields");
        }
    }
    let mut senses: BTreeMap<String, Senses> = BTreeMap::new();
    for (word, said) in heard(|word| Some(&word.header)) {
        said.iter().for_each(|sense| senses.entry(word.replace(' ', "")).or_default().add(*sense));
    }
    let mut lists = file.other;
    let HeaderLists { qualifiers, beside, not_theirs, domains, changes, addressees, .. } = &mut lists;
    for word in [qualifiers, beside, not_theirs, domains, changes, addressees].into_iter().flatten() {
        *word = fold(word);
    }
    let HeaderLists { refusal_dates, replies, events, properties, property_values, .. } = &mut lists;
    for header in [refusal_dates, replies, events, properties, property_values].into_iter().flatten() {
        *header = key(header);
    }
    Dictionary {
        lists,
        fields,
        senses,
        proof: heard(|word| word.proves).collect(),
        likely: heard(|word| word.suggests).collect(),
        likely_alone: heard(|word| word.suggests_alone).collect(),
        excluding: listed(|word| word.excludes),
        refused: heard(|word| word.refuses.filter(|channels| *channels != Channels::ALL)).collect(),
        whole: listed(|word| word.refuses == Some(Channels::ALL)),
        points: heard(|word| word.names).collect(),
        ways: listed(|word| word.way),
        channel_headers: listed(|word| word.channel_header),
    }
}

/// The words of which that holds.
fn listed(of: impl Fn(&Word) -> bool) -> Vec<&'static str> {
    heard(|word| of(word).then_some(())).map(|(word, ())| word).collect()
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_digit())
}

/// Every run of so many words, longer ones first, then those that begin further left.
fn runs(words: usize) -> impl Iterator<Item = Range<usize>> {
    (1..=words).rev().flat_map(move |keep| (0..=words - keep).map(move |start| start..start + keep))
}

/// Whether the text begins with the stem: a short one must be the whole word.
fn begins(text: &str, stem: &str) -> bool {
    text.strip_prefix(stem).is_some_and(|rest| stem.len() > 4 || rest.is_empty() || rest.starts_with(' '))
}

/// The channels of all stems that some word of the text begins with.
fn channels_of(words: &[String], stems: &Stems<Channels>) -> Channels {
    (0..words.len()).fold(Channels::NONE, |all, at| {
        let rest = words[at..].join(" ");
        let hits = stems.iter().filter(|(stem, _)| begins(&rest, stem));
        hits.fold(all, |all, (_, channels)| all.union(*channels))
    })
}

impl Dictionary {
    /// The channels that a name refuses in so many words (`do-not-call`, `Anrufsperre`, `sms stop`), and
    /// whether it refuses contact as such. Beside such words every channel counts that is named.
    pub fn refused_channels(&self, text: &str) -> (Channels, bool) {
        let words = header_words(text);
        let whole = (0..words.len()).any(|at| self.whole.iter().any(|s| begins(&words[at..].join(" "), s)));
        let refused = channels_of(&words, &self.refused);
        let named = if refused.is_empty() { refused } else { channels_of(&words, &self.points) };
        (refused.union(named), whole)
    }

    /// The channels of the points a name speaks of (`blocked_phones`, `dnc`).
    pub fn named_points(&self, text: &str) -> Channels {
        channels_of(&header_words(text), &self.points)
    }

    /// Whether words of a header name the way by which something was said.
    pub fn names_way(&self, words: &[String]) -> bool {
        words.iter().any(|word| self.ways.contains(&word.as_str()))
    }

    /// Whether a header is one over channels of refusals, whatever words stand below.
    pub fn names_channels(&self, words: &[String]) -> bool {
        matches!(words, [word] if self.channel_headers.contains(&word.as_str()))
    }

    /// Whether a list of refusals dates its rows by such a column; lower is surer.
    pub fn refusal_date(&self, header: &str) -> Option<usize> {
        let key = key(header);
        self.lists.refusal_dates.iter().position(|own| *own == key)
    }

    /// Whether the column holds what people answered to a message.
    pub fn holds_replies(&self, header: &str) -> bool {
        self.lists.replies.contains(&key(header))
    }

    /// Whether the column may hold what happened to a message, where its cells say so.
    pub fn may_hold_events(&self, header: &str) -> bool {
        self.lists.events.contains(&key(header))
    }

    /// Whether the column names a property whose value another tells.
    pub fn holds_properties(&self, header: &str) -> bool {
        self.lists.properties.contains(&key(header))
    }

    /// Whether the column tells the value of the property that another names.
    pub fn holds_property_values(&self, header: &str) -> bool {
        self.lists.property_values.contains(&key(header))
    }

    /// Whether the header names the people something was sent to.
    pub fn names_addressees(&self, words: &[String]) -> bool {
        words.last().is_some_and(|word| self.lists.addressees.contains(word))
    }

    /// Whether a date column dates the last answer, whichever it was (`consent changed at`).
    pub fn says_change(&self, header: &str) -> bool {
        header_words(header).iter().any(|word| self.lists.changes.contains(word))
    }

    /// The field a header spells as a whole.
    pub fn field(&self, header: &str) -> Option<Field> {
        let plain = self.fields.get(&key(header)).copied();
        plain.or_else(|| networks::of_header(header).map(Network::field))
    }

    /// The field a header spells once numbers and harmless words beside it are dropped (`Customer E-Mail 2`), as few as needed,
    /// those on the left first.
    pub fn field_within(&self, words: &[String]) -> Option<Field> {
        let bare: Vec<_> = words.iter().filter(|word| !is_number(word)).map(String::as_str).collect();
        let harmless = |run: &Range<usize>| {
            let mut dropped = bare[..run.start].iter().chain(&bare[run.end..]);
            dropped.all(|word| self.lists.qualifiers.iter().any(|own| own == word))
        };
        let spelled = |run: Range<usize>| self.fields.get(&bare[run].concat()).copied();
        runs(bare.len()).filter(harmless).find_map(spelled)
    }

    /// The field of a point that some run of words of the header spells (`mco contact number`): a guess that
    /// the cells must bear out.
    pub fn point_within(&self, words: &[String]) -> Option<Field> {
        let spelled = |run: Range<usize>| self.fields.get(&words[run].concat()).copied();
        runs(words.len()).filter_map(spelled).find(|field| field.is_point())
    }

    /// Whether such a column holds addresses of somebody else (owner, agent, referrer).
    pub fn is_not_theirs(&self, words: &[String]) -> bool {
        let joined = format!(" {} ", words.join(" "));
        self.lists.not_theirs.iter().any(|w| joined.contains(&format!(" {w} ")))
    }

    /// Whether a header says that domains stand below it.
    pub fn names_domains(&self, header: &str) -> bool {
        header_words(header).iter().any(|word| self.lists.domains.contains(word))
    }

    /// What the words of a header say of permission; `None` when one of them is not known. Compound words are
    /// taken apart (`newslettereinwilligung`).
    pub fn senses(&self, words: &[String]) -> Option<Senses> {
        if words.concat().is_empty() { None } else { self.cover(words) }
    }

    /// The senses of the words that are known, whatever else the header says.
    pub fn some_senses(&self, words: &[String]) -> Senses {
        let mut found = Senses::default();
        for start in 0..words.len() {
            for end in start + 1..=words.len().min(start + 3) {
                if let Some(senses) = self.senses.get(&words[start..end].concat()) {
                    found = found.union(*senses);
                }
            }
            if let Some(senses) = self.split(&words[start]) {
                found = found.union(senses);
            }
        }
        found
    }

    /// Covers the words from the left, longest known run first.
    fn cover(&self, words: &[String]) -> Option<Senses> {
        if words.is_empty() {
            return Some(Senses::default());
        }
        for take in (1..=words.len().min(4)).rev() {
            let run = words[..take].concat();
            let here = if take == 1 { self.split(&run) } else { self.senses.get(&run).copied() };
            if let Some(here) = here
                && let Some(rest) = self.cover(&words[take..])
            {
                return Some(here.union(rest));
            }
        }
        if is_number(&words[0]) { self.cover(&words[1..]) } else { None }
    }

    /// Takes a compound apart into known words of three letters and more, longest first.
    fn split(&self, word: &str) -> Option<Senses> {
        if let Some(senses) = self.senses.get(word) {
            return Some(*senses);
        }
        let ends = word.char_indices().rev().map(|(end, _)| end);
        ends.filter(|end| *end >= 3 && word.len() - end >= 2).find_map(|end| {
            let (here, rest) = (self.senses.get(&word[..end])?, &word[end..]);
            let linked = rest.strip_prefix('s').filter(|rest| rest.len() > 2);
            Some(here.union(self.split(rest).or_else(|| self.split(linked?))?))
        })
    }

    /// What a file name or header proves of its rows: words that say unsub, bounce, stop, dnc, suppress, …
    /// A negation before the word takes the proof away.
    pub fn proof(&self, text: &str) -> Option<Kind> {
        self.longest(&header_words(text), &self.proof)
    }

    /// What the name of a file or folder makes likely of its rows, in words that also mean other things: `removed`,
    /// `left_2026`, `dead_emails`.
    pub fn likely(&self, name: &str) -> Option<Kind> {
        let words = header_words(name);
        let alone = || {
            let mut telling =
                words.iter().filter(|word| !is_number(word) && !self.lists.beside.contains(*word));
            let only = telling.next().filter(|_| telling.next().is_none())?;
            self.likely_alone.iter().find(|(word, _)| word == only).map(|(_, kind)| *kind)
        };
        self.longest(&words, &self.likely).or_else(alone)
    }

    /// The kind of the longest stem that some word begins with, unless a word that excludes it stands before.
    fn longest(&self, words: &[String], stems: &Stems<Kind>) -> Option<Kind> {
        let mut found: Vec<(usize, Kind)> = Vec::new();
        for at in 0..words.len() {
            let excluded = at > 0 && self.excluding.contains(&words[at - 1].as_str());
            let rest = words[at..].join(" ");
            let hits = stems.iter().filter(|(stem, _)| !excluded && begins(&rest, stem));
            found.extend(hits.map(|(stem, kind)| (stem.len(), *kind)));
        }
        found.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        found.first().map(|(_, kind)| *kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_fields() {
        for (headers, expected) in [
            ("E-Mail; email_address; Correo electrónico; メールアドレス", Some(Field::Email)),
            ("Prénom", Some(Field::FirstName)),
            ("Straße", Some(Field::Street)),
            ("consent_email_status", Some(Field::ConsentEmailStatus)),
            ("Telefonvorwahl", Some(Field::AreaCode)),
            ("Favourite colour", None),
        ] {
            headers.split("; ").for_each(|it| assert_eq!(dictionary().field(it), expected, "{it}"));
        }
        for field in Field::ALL {
            assert_eq!(dictionary().field(field.word()), Some(field));
        }
        let within = |h: &str| dictionary().field_within(&header_words(h));
        assert_eq!(within("Billing City"), Some(Field::City));
        assert_eq!(within("Customer E-Mail 2"), Some(Field::Email));
        assert_eq!(within("email_reason"), None);
    }

    #[test]
    fn words_of_permission() {
        for (header, said) in [
            ("Newsletter-Einwilligung", &[Sense::Consent, Sense::Newsletter][..]),
            ("newslettereinwilligung", &[Sense::Consent, Sense::Newsletter]),
            ("unsubscribed_at", &[Sense::Refusal, Sense::Date]),
            ("Abmeldedatum", &[Sense::Refusal, Sense::Date]),
            ("do not call", &[Sense::Not, Sense::Call]),
            ("Favourite newsletter colour", &[]),
        ] {
            let senses = dictionary().senses(&header_words(header));
            let said = (!said.is_empty()).then(|| said.iter().copied().collect::<Senses>());
            assert_eq!(senses, said, "{header}");
        }
    }

    #[test]
    fn names_that_prove_a_kind() {
        for (names, expected) in [
            ("unsubs-2026.csv; Abgemeldete_Kunden.csv; désinscrits.csv", Some(Kind::Unsubscribes)),
            ("hard_bounces.csv", Some(Kind::Bounces)),
            ("spam-complaints.csv", Some(Kind::Complaints)),
            ("do-not-call.csv; DNC list.txt; Sperrliste.csv; lista_robinson.csv", Some(Kind::Suppression)),
            ("not_unsubscribed.csv; stopwatch_fans.csv; customers.csv; contacts.csv", None),
        ] {
            names.split("; ").for_each(|name| assert_eq!(dictionary().proof(name), expected, "{name}"));
        }
    }

    #[test]
    fn names_that_are_likely_those_of_people_who_left() {
        let left = "removed; removals; never_contact; no_mail; do_not_use; to_remove; refused; opposed; leavers; \
            left_2026; quit; deletions; deleted_users; erasure_requests; gdpr_requests; cancellations; \
            kuendigungen; K\u{fc}ndigungen 2026; dead_emails; invalid_emails; bad_emails; retours; DeletedUsers; \
            Customers who left (May)";
        for name in left.split("; ") {
            assert!(dictionary().likely(&format!("{name}.csv")).is_some_and(Kind::refuses), "{name}");
        }
        let others = "crm; left_handed_customers; removals_company_clients; not_removed; customers; 2026; \
            quit_smoking_leads; dead_sea_tours; returning";
        for name in others.split("; ") {
            assert_eq!(dictionary().likely(&format!("{name}.csv")), None, "{name}");
        }
    }

    /// Headers and names are searched for the words of the vocabulary, and for no others.
    #[test]
    fn a_word_is_heard_where_it_says_so_and_nowhere_else() {
        let own = dictionary();
        let mut senses = BTreeMap::<String, Senses>::new();
        for (word, places) in heard(Some) {
            places.header.iter().for_each(|sense| senses.entry(key(word)).or_default().add(*sense));
            let channels =
                |stems: &Stems<Channels>| stems.iter().find(|(stem, _)| *stem == word).map(|s| s.1);
            let kind = |stems: &Stems<Kind>| stems.iter().find(|(stem, _)| *stem == word).map(|s| s.1);
            let whole = own.whole.contains(&word).then_some(Channels::ALL);
            assert_eq!(channels(&own.refused).or(whole), places.refuses, "{word}");
            assert_eq!(channels(&own.points), places.names, "{word}");
            assert_eq!(kind(&own.proof), places.proves, "{word}");
            assert_eq!(kind(&own.likely), places.suggests, "{word}");
            assert_eq!(kind(&own.likely_alone), places.suggests_alone, "{word}");
            assert_eq!(own.excluding.contains(&word), places.excludes, "{word}");
        }
        assert_eq!(own.senses, senses);
    }
}
