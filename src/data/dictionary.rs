//! The field dictionary: header spellings in many languages, and the words of headers that speak of permission.
//!
//! Knows words only; what a header made of them means is told in `source::header`, what the cells say in
//! `source::values`.

use super::fold::{fold, header_words};
use super::networks::{self, Network};
use crate::record::{Channel, Channels, Field, Kind, Set, words};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

words! {
    /// What a word of a header that speaks of permission says.
    pub enum Sense: Deserialize {
        /// Consent, subscription, permission.
        Consent = "consent",
        /// A refusal: unsubscribed, opt-out, objection.
        Refusal = "refusal",
        /// Negates what follows.
        Not = "not",
        /// Asks whether a channel may be used, in a word that also means other things.
        Permit = "permit",
        /// The channel e-mail.
        Email = "email",
        /// A newsletter: consent to e-mail.
        Newsletter = "newsletter",
        /// Text messages.
        Sms = "sms",
        /// Calls.
        Call = "call",
        /// Letters.
        Post = "post",
        /// Messengers.
        Messaging = "messaging",
        /// Fax: no channel of ours.
        Fax = "fax",
        /// Contact by any way.
        Contact = "contact",
        /// When.
        Date = "date",
        /// The address of the machine.
        Ip = "ip",
        /// Where.
        Source = "source",
        /// How.
        Method = "method",
        /// The text shown.
        Wording = "wording",
        /// Why.
        Reason = "reason",
        /// Confirmed by a second act.
        Double = "double",
        /// Mail came back.
        Bounce = "bounce",
        /// Complained.
        Complaint = "complaint",
        /// A status.
        Status = "status",
        /// Says nothing.
        Noise = "noise",
        /// Permission for something else.
        Foreign = "foreign",
    }
}

/// A set of senses.
pub type Senses = Set<Sense, 4>;

/// The dictionary, folded.
#[derive(Debug)]
pub struct Dictionary {
    fields: BTreeMap<String, Field>,
    senses: BTreeMap<String, Senses>,
    qualifiers: Vec<String>,
    not_theirs: Vec<String>,
    domains: Vec<String>,
    proof: Vec<(Kind, String)>,
    likely: Vec<(Kind, String)>,
    likely_alone: Vec<(Kind, String)>,
    beside: Vec<String>,
    refused: Vec<(Channels, String)>,
    points: Vec<(Channels, String)>,
    whole: Vec<String>,
    refusal_dates: Vec<String>,
    changes: Vec<String>,
    replies: Vec<String>,
    events: Vec<String>,
    addressees: Vec<String>,
    properties: Vec<String>,
    property_values: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    fields: BTreeMap<String, Vec<String>>,
    words: BTreeMap<Sense, Vec<String>>,
    other: Other,
    proof: BTreeMap<String, Vec<String>>,
    likely: BTreeMap<String, Vec<String>>,
    likely_alone: BTreeMap<String, Vec<String>>,
    refused: BTreeMap<String, Vec<String>>,
    points: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Other {
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
    DICTIONARY.get_or_init(|| read().unwrap_or_else(|error| panic!("dictionary.toml: {error}")))
}

fn read() -> Result<Dictionary, String> {
    let file: File = toml::from_str(include_str!("dictionary.toml")).map_err(|e| e.to_string())?;
    let mut fields = BTreeMap::new();
    for field in Field::ALL {
        fields.insert(key(field.word()), field);
    }
    for (word, spellings) in file.fields {
        let field = Field::from_word(&word).ok_or(format!("no field {word}"))?;
        for spelling in spellings {
            let before = fields.insert(key(&spelling), field);
            if before.is_some_and(|b| b != field) {
                return Err(format!("{spelling} stands for two fields"));
            }
        }
    }
    let mut senses: BTreeMap<String, Senses> = BTreeMap::new();
    for (sense, words) in file.words {
        for word in words {
            let entry = senses.entry(key(&word)).or_default();
            entry.add(sense);
        }
    }
    let mut refused = file.refused;
    let whole = refused.remove("all").unwrap_or_default();
    let folded = |list: Vec<String>| list.iter().map(|w| fold(w)).collect();
    Ok(Dictionary {
        fields,
        senses,
        qualifiers: folded(file.other.qualifiers),
        not_theirs: folded(file.other.not_theirs),
        domains: folded(file.other.domains),
        proof: by_kind(file.proof)?,
        likely: by_kind(file.likely)?,
        likely_alone: by_kind(file.likely_alone)?,
        beside: folded(file.other.beside),
        refused: by_channels(refused)?,
        points: by_channels(file.points)?,
        whole: folded(whole),
        changes: folded(file.other.changes),
        properties: file.other.properties.iter().map(|w| key(w)).collect(),
        property_values: file.other.property_values.iter().map(|w| key(w)).collect(),
        events: file.other.events.iter().map(|w| key(w)).collect(),
        addressees: folded(file.other.addressees),
        replies: file.other.replies.iter().map(|w| key(w)).collect(),
        refusal_dates: file.other.refusal_dates.iter().map(|w| key(w)).collect(),
    })
}

/// Words by the kind of list that they tell.
fn by_kind(table: BTreeMap<String, Vec<String>>) -> Result<Vec<(Kind, String)>, String> {
    let mut found = Vec::new();
    for (word, stems) in table {
        let kind = Kind::from_word(&word).ok_or(format!("no kind {word}"))?;
        found.extend(stems.iter().map(|stem| (kind, fold(stem))));
    }
    Ok(found)
}

/// Words by the channels they name; `phone` is every use of a number.
fn by_channels(table: BTreeMap<String, Vec<String>>) -> Result<Vec<(Channels, String)>, String> {
    let mut found = Vec::new();
    for (word, stems) in table {
        let channels = match (word.as_str(), Channel::from_word(&word)) {
            ("phone", _) => Channels::PHONE,
            (_, Some(channel)) => Channels::only(channel),
            (_, None) => return Err(format!("no channel {word}")),
        };
        found.extend(stems.iter().map(|stem| (channels, fold(stem))));
    }
    Ok(found)
}

/// Whether the text begins with the stem: a short one must be the whole word.
fn begins(text: &str, stem: &str) -> bool {
    text.strip_prefix(stem).is_some_and(|rest| stem.len() > 4 || rest.is_empty() || rest.starts_with(' '))
}

/// The channels of all stems that some word of the text begins with.
fn channels_of(words: &[String], stems: &[(Channels, String)]) -> Channels {
    (0..words.len()).fold(Channels::NONE, |all, at| {
        let rest = words[at..].join(" ");
        let hits = stems.iter().filter(|(_, stem)| begins(&rest, stem));
        hits.fold(all, |all, (channels, _)| all.union(*channels))
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

    /// Whether a list of refusals dates its rows by such a column; lower is surer.
    pub fn refusal_date(&self, header: &str) -> Option<usize> {
        let key = key(header);
        self.refusal_dates.iter().position(|own| *own == key)
    }

    /// Whether the column holds what people answered to a message.
    pub fn holds_replies(&self, header: &str) -> bool {
        self.replies.contains(&key(header))
    }

    /// Whether the column may hold what happened to a message, where its cells say so.
    pub fn may_hold_events(&self, header: &str) -> bool {
        self.events.contains(&key(header))
    }

    /// Whether the column names a property whose value another tells.
    pub fn holds_properties(&self, header: &str) -> bool {
        self.properties.contains(&key(header))
    }

    /// Whether the column tells the value of the property that another names.
    pub fn holds_property_values(&self, header: &str) -> bool {
        self.property_values.contains(&key(header))
    }

    /// Whether the header names the people something was sent to.
    pub fn names_addressees(&self, words: &[String]) -> bool {
        words.last().is_some_and(|word| self.addressees.contains(word))
    }

    /// Whether a date column dates the last answer, whichever it was (`consent changed at`).
    pub fn says_change(&self, header: &str) -> bool {
        header_words(header).iter().any(|word| self.changes.contains(word))
    }

    /// The field a header spells as a whole.
    pub fn field(&self, header: &str) -> Option<Field> {
        let plain = self.fields.get(&key(header)).copied();
        plain.or_else(|| networks::of_header(header).map(Network::field))
    }

    /// The field a header spells once numbers and harmless words beside it are dropped (`Customer E-Mail 2`).
    pub fn field_within(&self, words: &[String]) -> Option<Field> {
        let number = |w: &String| w.bytes().all(|b| b.is_ascii_digit());
        let bare: Vec<&String> = words.iter().filter(|w| !number(w)).collect();
        // Drop harmless words from the left, then from the right, as few as needed.
        for keep in (1..=bare.len()).rev() {
            for start in 0..=bare.len() - keep {
                let dropped = bare[..start].iter().chain(&bare[start + keep..]);
                if dropped.into_iter().all(|w| self.qualifiers.contains(*w)) {
                    let joined: String = bare[start..start + keep].iter().map(|w| w.as_str()).collect();
                    if let Some(field) = self.fields.get(&joined) {
                        return Some(*field);
                    }
                }
            }
        }
        None
    }

    /// The field of a point that some run of words of the header spells (`mco contact number`): a guess that
    /// the cells must bear out.
    pub fn point_within(&self, words: &[String]) -> Option<Field> {
        for keep in (1..=words.len()).rev() {
            for start in 0..=words.len() - keep {
                let joined = words[start..start + keep].concat();
                if let Some(field) = self.fields.get(&joined).filter(|f| f.is_point()) {
                    return Some(*field);
                }
            }
        }
        None
    }

    /// Whether such a column holds addresses of somebody else (owner, agent, referrer).
    pub fn is_not_theirs(&self, words: &[String]) -> bool {
        let joined = format!(" {} ", words.join(" "));
        self.not_theirs.iter().any(|w| joined.contains(&format!(" {w} ")))
    }

    /// Whether a header says that domains stand below it.
    pub fn names_domains(&self, header: &str) -> bool {
        header_words(header).iter().any(|word| self.domains.contains(word))
    }

    /// What the words of a header say of permission; `None` when one of them is not known. Compound words are
    /// taken apart (`newslettereinwilligung`).
    pub fn senses(&self, words: &[String]) -> Option<Senses> {
        let text = words.concat();
        if text.is_empty() { None } else { self.cover(words) }
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
            let here =
                self.senses.get(&run).copied().or_else(|| if take == 1 { self.split(&run) } else { None });
            if let Some(here) = here
                && let Some(rest) = self.cover(&words[take..])
            {
                return Some(here.union(rest));
            }
        }
        if words[0].bytes().all(|b| b.is_ascii_digit()) { self.cover(&words[1..]) } else { None }
    }

    /// Takes a compound apart into known words of three letters and more, longest first.
    fn split(&self, word: &str) -> Option<Senses> {
        if let Some(senses) = self.senses.get(word) {
            return Some(*senses);
        }
        let mut ends: Vec<usize> = word.char_indices().map(|(i, _)| i).filter(|i| *i >= 3).collect();
        ends.reverse();
        for end in ends {
            if word.len() - end < 2 {
                continue;
            }
            if let Some(here) = self.senses.get(&word[..end]) {
                let rest = word[end..].strip_prefix('s').filter(|r| r.len() > 2);
                let rest = self.split(&word[end..]).or_else(|| rest.and_then(|r| self.split(r)));
                if let Some(rest) = rest {
                    return Some(here.union(rest));
                }
            }
        }
        None
    }

    /// What a file name or header proves of its rows: words that say unsub, bounce, stop, dnc, suppress, …
    /// A negation before the word takes the proof away.
    pub fn proof(&self, text: &str) -> Option<Kind> {
        longest(&header_words(text), &self.proof)
    }

    /// What the name of a file or folder makes likely of its rows, in words that also mean other things: `removed`,
    /// `left_2026`, `dead_emails`.
    pub fn likely(&self, name: &str) -> Option<Kind> {
        let words = header_words(name);
        let number = |word: &String| word.bytes().all(|b| b.is_ascii_digit());
        let alone = || {
            let mut telling = words.iter().filter(|word| !number(word) && !self.beside.contains(*word));
            let only = telling.next().filter(|_| telling.next().is_none())?;
            self.likely_alone.iter().find(|(_, word)| word == only).map(|(kind, _)| *kind)
        };
        longest(&words, &self.likely).or_else(alone)
    }
}

/// The kind of the longest stem that some word begins with, unless a negation stands before it.
fn longest(words: &[String], stems: &[(Kind, String)]) -> Option<Kind> {
    const NEGATIONS: [&str; 13] = [
        "not",
        "non",
        "no",
        "without",
        "excl",
        "excluding",
        "ohne",
        "sans",
        "sin",
        "senza",
        "minus",
        "nicht",
        "never",
    ];
    let mut found: Vec<(usize, Kind)> = Vec::new();
    for at in 0..words.len() {
        let negated = at > 0 && NEGATIONS.contains(&words[at - 1].as_str());
        let rest = words[at..].join(" ");
        let hits = stems.iter().filter(|(_, stem)| !negated && begins(&rest, stem));
        found.extend(hits.map(|(kind, stem)| (stem.len(), *kind)));
    }
    found.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    found.first().map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn senses(header: &str) -> Option<Senses> {
        dictionary().senses(&header_words(header))
    }

    #[test]
    fn spellings_of_fields() {
        for (header, expected) in [
            ("E-Mail", Some(Field::Email)),
            ("email_address", Some(Field::Email)),
            ("Correo electrónico", Some(Field::Email)),
            ("Prénom", Some(Field::FirstName)),
            ("Straße", Some(Field::Street)),
            ("consent_email_status", Some(Field::ConsentEmailStatus)),
            ("メールアドレス", Some(Field::Email)),
            ("Telefonvorwahl", Some(Field::AreaCode)),
            ("Favourite colour", None),
        ] {
            assert_eq!(dictionary().field(header), expected, "{header}");
        }
        let within = |h: &str| dictionary().field_within(&header_words(h));
        assert_eq!(within("Billing City"), Some(Field::City));
        assert_eq!(within("Customer E-Mail 2"), Some(Field::Email));
        assert_eq!(within("email_reason"), None);
    }

    #[test]
    fn words_of_permission() {
        assert!(senses("Newsletter-Einwilligung").is_some_and(|s| s.has(Sense::Consent)));
        assert!(
            senses("newslettereinwilligung")
                .is_some_and(|s| s.has(Sense::Consent) && s.has(Sense::Newsletter))
        );
        assert!(senses("unsubscribed_at").is_some_and(|s| s.has(Sense::Refusal) && s.has(Sense::Date)));
        assert!(senses("Abmeldedatum").is_some_and(|s| s.has(Sense::Refusal) && s.has(Sense::Date)));
        assert!(senses("do not call").is_some_and(|s| s.has(Sense::Not) && s.has(Sense::Call)));
        assert!(senses("Favourite newsletter colour").is_none());
    }

    #[test]
    fn names_that_prove_a_kind() {
        for (name, expected) in [
            ("unsubs-2026.csv", Some(Kind::Unsubscribes)),
            ("Abgemeldete_Kunden.csv", Some(Kind::Unsubscribes)),
            ("désinscrits.csv", Some(Kind::Unsubscribes)),
            ("hard_bounces.csv", Some(Kind::Bounces)),
            ("spam-complaints.csv", Some(Kind::Complaints)),
            ("do-not-call.csv", Some(Kind::Suppression)),
            ("DNC list.txt", Some(Kind::Suppression)),
            ("Sperrliste.csv", Some(Kind::Suppression)),
            ("lista_robinson.csv", Some(Kind::Suppression)),
            ("not_unsubscribed.csv", None),
            ("stopwatch_fans.csv", None),
            ("customers.csv", None),
            ("contacts.csv", None),
        ] {
            assert_eq!(dictionary().proof(name), expected, "{name}");
        }
    }

    #[test]
    fn names_that_are_likely_those_of_people_who_left() {
        for name in [
            "removed.csv",
            "removals.csv",
            "never_contact.csv",
            "no_mail.csv",
            "do_not_use.csv",
            "to_remove.csv",
            "refused.csv",
            "opposed.csv",
            "leavers.csv",
            "left_2026.csv",
            "quit.csv",
            "deletions.csv",
            "deleted_users.csv",
            "erasure_requests.csv",
            "gdpr_requests.csv",
            "cancellations.csv",
            "kuendigungen.csv",
            "K\u{fc}ndigungen 2026.csv",
            "dead_emails.csv",
            "invalid_emails.csv",
            "bad_emails.csv",
            "retours.csv",
            "DeletedUsers.csv",
            "Customers who left (May).csv",
        ] {
            assert!(dictionary().likely(name).is_some_and(Kind::refuses), "{name}");
        }
        for name in [
            "crm.csv",
            "left_handed_customers.csv",
            "removals_company_clients.csv",
            "not_removed.csv",
            "customers.csv",
            "2026.csv",
            "quit_smoking_leads.csv",
            "dead_sea_tours.csv",
            "returning.csv",
        ] {
            assert_eq!(dictionary().likely(name), None, "{name}");
        }
    }

    #[test]
    fn every_field_word_spells_its_field() {
        for field in Field::ALL {
            assert_eq!(dictionary().field(field.word()), Some(field));
        }
    }
}
