//! Headers that speak of permission → what their cells say: consent, opt-out, bounce, complaint, and their dates.
//!
//! Knows the grammar of such headers, not how files are read. A header counts as consent only when every word
//! of it is understood; as an opt-out already when one word is and the cells look like answers or dates.

use crate::data::dictionary::{Senses, dictionary};
use crate::data::fold::{fold, header_words};
use crate::data::vocabulary::Sense;
use crate::data::words::{Base, ColumnWords};
use crate::mapping::column_profile::ColumnProfile;
use crate::reason::Reason;
use crate::record::{Channel, Channels, EventKind, Field, Kind, Meaning};

/// What a column says about permission, before its dates are tied to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Speech {
    /// A plain value or a date that others use.
    Plain,
    /// A status or consent column.
    Status {
        /// Its words.
        words: ColumnWords,
        /// Channels a grant speaks of.
        grants: Channels,
        /// Channels a refusal speaks of.
        refuses: Channels,
        /// A word that is not known may be a no.
        open: bool,
    },
    /// An opt-out column: a flag, or a date of its own.
    Refusal {
        /// What a filled cell means.
        event: EventKind,
        /// Its words.
        words: ColumnWords,
        /// The channels it speaks of.
        refuses: Channels,
        /// The cell is the date of the refusal.
        dated: bool,
    },
}

/// What a header that speaks of permission was understood as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// Our field.
    pub field: Field,
    /// What the cells say.
    pub speech: Speech,
    /// What stays open.
    pub note: Option<Reason>,
}

/// What stands beside a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeadersBeside {
    /// The file has a column of e-mail addresses.
    pub has_email: bool,
    /// Another column asks about e-mail: a plain *mail* is a letter there.
    pub mail_is_post: bool,
    /// Another column asks about texts: a plain *phone* is a call there.
    pub phone_is_call: bool,
}

impl HeadersBeside {
    /// A header that stands alone.
    pub const ALONE: Self = Self { has_email: true, mail_is_post: false, phone_is_call: false };

    /// What stands beside the headers of a file.
    pub fn of<'h>(columns: impl Iterator<Item = (&'h str, &'h ColumnProfile)>, has_email: bool) -> Self {
        let mut beside = Self { has_email, ..Self::ALONE };
        for (header, look) in columns {
            let words = header_words(header);
            let point = dictionary().field(header).is_some_and(Field::is_point);
            if point && (look.yes_no == 0 || look.email + look.phone > 0) {
                continue;
            }
            let about = [Sense::Date, Sense::Ip, Sense::Source, Sense::Foreign];
            let told = dictionary().senses(&words).filter(|told| !told.any(&about)).unwrap_or_default();
            let email = |word: &String| word.starts_with("email") || word == "e";
            let refused = dictionary().refused_channels(header).0;
            let asks = |sense, channel| told.has(sense) || refused.has(channel);
            beside.mail_is_post |= asks(Sense::Email, Channel::Email) && words.iter().any(email);
            beside.phone_is_call |= asks(Sense::Sms, Channel::Sms);
        }
        beside
    }
}

/// Understands a header, with a look at its cells. `Err` names why a header that speaks of permission is not read.
pub fn hear(header: &str, look: &ColumnProfile, beside: HeadersBeside) -> Result<Option<Heard>, Reason> {
    let words = without_choices(squashed(header_words(header)));
    let (senses, whole) = match dictionary().senses(&words) {
        Some(senses) => (senses, true),
        None => (dictionary().some_senses(&words), false),
    };
    if senses.has(Sense::Foreign) {
        return Ok(None);
    }
    let negative = is_negative(senses);
    let dates = look.mostly(look.date + look.unix, 50);
    if !whole && let Some(unread) = in_part(&words, senses, look, dates) {
        return unread;
    }
    let heard = Header { header, words: &words, senses, look, beside, dates, whole };
    Ok(if senses.any(&[Sense::Bounce, Sense::Complaint]) && !senses.has(Sense::Consent) {
        heard.trouble()
    } else if negative {
        heard.refusal()
    } else if senses.has(Sense::Double) {
        heard.confirmation()
    } else if senses.has(Sense::Consent) {
        heard.consent()
    } else {
        heard.preference().or_else(|| heard.bare())
    })
}

/// Whether a header may speak of permission, and only its cells tell (`Status`, `Contact`, `Mailing`, a subscription that may
/// be a paid plan).
pub(crate) fn is_bare(header: &str) -> bool {
    let words = header_words(header);
    let Some(senses) = dictionary().senses(&words) else { return false };
    let about = [Sense::Foreign, Sense::Date, Sense::Ip, Sense::Source, Sense::Wording, Sense::Reason];
    let bare = senses.any(&[Sense::Status, Sense::Contact, Sense::Permit, Sense::Consent]);
    !senses.any(&about) && (bare || !channels_in(senses).is_empty())
}

/// What becomes of a header of which only some words are known; `None`: it is heard like any other. One that refuses is
/// heard where its cells answer, or are dates. Permission is heard where a channel is named: a no is one, whatever else
/// the header says. Permission for something that nobody knows is not read, and that is said.
fn in_part(
    words: &[String],
    senses: Senses,
    look: &ColumnProfile,
    dates: bool,
) -> Option<Result<Option<Heard>, Reason>> {
    let trouble = senses.any(&[Sense::Bounce, Sense::Complaint]);
    if is_negative(senses) || trouble {
        let answers = look.filled == 0 || dates || look.mostly(look.known, 80) || in_own_words(words, look);
        return (!answers || is_address(senses, look)).then_some(Ok(None));
    }
    if !senses.has(Sense::Consent) {
        return Some(Ok(None));
    }
    let object = senses.any(&[Sense::Contact, Sense::Newsletter]) || !channels_in(senses).is_empty();
    match (object, look.answers()) {
        (true, _) if !look.holds_values() => None,
        (_, true) => Some(Err(Reason::MappingConsentUnclear)),
        (_, false) => Some(Ok(None)),
    }
}

/// Whether the cells answer the header in its own words (`Do not allow bulk e-mails`: `Allow`, `Do Not Allow`).
fn in_own_words(words: &[String], look: &ColumnProfile) -> bool {
    let own = own_answers(words);
    look.filled > 0 && look.texts().all(|text| own.iter().any(|(answer, _)| *answer == fold(text)))
}

/// The answers that are made of the header's own words, next to each other: with its negation they refuse as it does,
/// without it they deny it. `Allow` under `Do not allow bulk e-mails`.
fn own_answers(words: &[String]) -> Vec<(String, bool)> {
    let mut answers = Vec::new();
    for (start, end) in
        (0..words.len()).flat_map(|start| (start + 1..=words.len()).map(move |end| (start, end)))
    {
        let run = &words[start..end];
        let told = dictionary().some_senses(run);
        let verb =
            told.any(&[Sense::Permit, Sense::Contact, Sense::Consent]) || !channels_in(told).is_empty();
        if verb && !told.has(Sense::Refusal) || told.has(Sense::Not) && run.len() > 1 {
            answers.push((run.join(" "), told.has(Sense::Not)));
        }
    }
    answers
}

/// The header's own words as answers of an opt-out column that a negation makes.
pub(crate) fn refusing_answers(words: &[String]) -> Vec<(String, Meaning)> {
    let negated =
        words.iter().any(|word| dictionary().some_senses(std::slice::from_ref(word)).has(Sense::Not))
            || dictionary().some_senses(words).has(Sense::Not);
    let denies = |(answer, refuses)| (answer, if refuses { Meaning::Withdrawn } else { Meaning::Unknown });
    own_answers(words).into_iter().filter(|_| negated).map(denies).collect()
}

/// Words that are written without blanks after a negation: `donotsendmm` is *do not sendmm*.
fn squashed(words: Vec<String>) -> Vec<String> {
    let known = |text: &str| !dictionary().some_senses(&[text.to_owned()]).is_empty();
    let parted = |word: String| match word.strip_prefix("donot").filter(|rest| rest.len() > 2) {
        Some(rest) => {
            let verb = (3..rest.len()).rev().find(|end| rest.is_char_boundary(*end) && known(&rest[..*end]));
            let (verb, more) = rest.split_at(verb.unwrap_or(rest.len()));
            let words = ["do", "not", verb, more].into_iter().filter(|word| !word.is_empty());
            words.map(str::to_owned).collect()
        }
        None => vec![word],
    };
    words.into_iter().flat_map(parted).collect()
}

/// The answers that a header offers: `E-mail (yes/no)` asks for both, and denies nothing.
const CHOICES: [[&str; 2]; 12] = [
    ["yes", "no"],
    ["y", "n"],
    ["ja", "nein"],
    ["j", "n"],
    ["ja", "nee"],
    ["oui", "non"],
    ["o", "n"],
    ["si", "no"],
    ["s", "n"],
    ["sim", "nao"],
    ["true", "false"],
    ["t", "f"],
];

fn without_choices(mut words: Vec<String>) -> Vec<String> {
    if let Some(at) = words.windows(2).position(|pair| CHOICES.iter().any(|choice| pair == choice)) {
        words.drain(at..at + 2);
    }
    words
}

const CHANNELS: [(Sense, Channel); 6] = [
    (Sense::Email, Channel::Email),
    (Sense::Newsletter, Channel::Email),
    (Sense::Sms, Channel::Sms),
    (Sense::Call, Channel::Call),
    (Sense::Post, Channel::Post),
    (Sense::Messaging, Channel::Messaging),
];

/// The channels a header names; none for a header that names none.
pub(crate) fn named_channels(header: &str) -> Channels {
    channels_in(dictionary().some_senses(&header_words(header)))
}

fn channels_in(senses: Senses) -> Channels {
    let found = CHANNELS.iter().filter(|c| senses.has(c.0));
    found.fold(Channels::NONE, |set, (_, channel)| set.union(Channels::only(*channel)))
}

fn is_negative(senses: Senses) -> bool {
    let object =
        senses.any(&[Sense::Contact, Sense::Consent, Sense::Fax]) || CHANNELS.iter().any(|c| senses.has(c.0));
    senses.has(Sense::Refusal) || senses.has(Sense::Not) && object
}

/// `Unsubscribed email`, `DNC phone`: a column of addresses or numbers, not of answers. Ten digits may also be a
/// Unix time.
fn is_address(senses: Senses, look: &ColumnProfile) -> bool {
    let number = senses.any(&[Sense::Call, Sense::Sms, Sense::Messaging])
        && !senses.has(Sense::Date)
        && look.mostly(look.phone, 60)
        && (look.mostly(look.surely_phone, 50) || !look.mostly(look.unix, 50));
    number || senses.has(Sense::Email) && look.mostly(look.email, 50)
}

struct Header<'a> {
    header: &'a str,
    words: &'a [String],
    senses: Senses,
    look: &'a ColumnProfile,
    beside: HeadersBeside,
    dates: bool,
    /// Every word of it is known.
    whole: bool,
}

/// The field of a column that tells the consent for these channels.
fn status_field(named: Channels) -> Field {
    match named {
        n if n.is_empty() => Field::ConsentStatus,
        n if n.has(Channel::Email) => Field::ConsentEmailStatus,
        n if n.has(Channel::Sms) => Field::ConsentSmsStatus,
        n if n.has(Channel::Call) => Field::ConsentPhoneStatus,
        n if n.has(Channel::Post) => Field::ConsentPostStatus,
        _ => Field::ConsentWhatsappStatus,
    }
}

const fn plain(field: Field) -> Option<Heard> {
    Some(Heard { field, speech: Speech::Plain, note: None })
}

fn status(field: Field, base: Base, grants: Channels, refuses: Channels) -> Option<Heard> {
    let speech = Speech::Status { words: ColumnWords::of(base), grants, refuses, open: true };
    Some(Heard { field, speech, note: None })
}

impl Header<'_> {
    fn says(&self, word: &str) -> bool {
        self.words.iter().any(|w| w == word)
    }

    fn named(&self) -> Channels {
        let named = channels_in(self.senses);
        let mail = ["mail", "mails", "mailing", "mailings"].iter().any(|word| self.says(word));
        if !self.beside.mail_is_post || !mail || self.says("email") || self.says("e") {
            return named;
        }
        named.without(Channels::only(Channel::Email)).union(Channels::only(Channel::Post))
    }

    /// The channels the header names; where it names none, e-mail in a file of addresses.
    fn named_or_email(&self) -> Channels {
        let named = self.named();
        if named.is_empty() && self.beside.has_email { Channels::only(Channel::Email) } else { named }
    }

    fn refusal_column(
        &self,
        field: Field,
        event: EventKind,
        refuses: Channels,
        note: Option<Reason>,
    ) -> Heard {
        let words = match field {
            Field::BounceType => ColumnWords::with(
                Base::Refusal,
                [("hard".to_owned(), Meaning::BouncedHard), ("soft".to_owned(), Meaning::BouncedSoft)],
            ),
            _ => ColumnWords::of(Base::Refusal).or_own(refusing_answers(self.words)),
        };
        let dated = self.senses.has(Sense::Date) || self.dates;
        Heard { field, speech: Speech::Refusal { event, words, refuses, dated }, note }
    }

    /// Bounces and complaints.
    fn trouble(&self) -> Option<Heard> {
        let (event, date, reason, flag) = if self.senses.has(Sense::Bounce) {
            (EventKind::HardBounce, Field::BounceTimestamp, Field::BounceReason, Field::BounceType)
        } else {
            (
                EventKind::Complaint,
                Field::ComplaintTimestamp,
                Field::SuppressionReason,
                Field::SuppressionReason,
            )
        };
        if is_address(self.senses, self.look) {
            return None;
        }
        let field = match () {
            () if self.senses.has(Sense::Date) || self.dates => date,
            () if self.senses.has(Sense::Reason) => reason,
            () => flag,
        };
        Some(self.refusal_column(field, event, Channels::only(Channel::Email), None))
    }

    /// Opt-outs, objections, do-not-contact flags and their dates.
    fn refusal(&self) -> Option<Heard> {
        if is_address(self.senses, self.look) {
            return None;
        }
        // `donotemail` is one word that names its channel.
        let named = match self.named() {
            none if none.is_empty() => match dictionary().refused_channels(self.header) {
                (told, false) => told,
                (_, true) => none,
            },
            named => named,
        };
        if named.is_empty() && self.senses.has(Sense::Fax) {
            return plain(Field::ConsentFaxStatus);
        }
        if self.senses.has(Sense::Reason) {
            return plain(Field::OptoutReason);
        }
        let about = [Sense::Source, Sense::Method, Sense::Ip, Sense::Wording];
        let (refuses, note) = self.refused(named);
        if self.senses.any(&about) && !self.look.answers() && !self.dates {
            // `Opt-out channels`: which were refused, or by which it was said. Whoever has one has refused.
            let asks = |w: &String| {
                ["canal", "canau", "channel", "kanal", "kanael"].iter().any(|c| w.starts_with(c))
            };
            let channels = self.words.iter().any(asks)
                && (self.look.filled == 0 || self.look.mostly(self.look.channel, 80));
            let field = Field::OptoutSource;
            let event = EventKind::ConsentWithdrawn;
            return if channels {
                Some(self.refusal_column(field, event, refuses, note))
            } else {
                plain(field)
            };
        }
        let objection =
            self.senses.has(Sense::Not) || dictionary().proof(self.header) == Some(Kind::Suppression);
        let event = match (objection, refuses == Channels::ALL) {
            (false, _) => EventKind::ConsentWithdrawn,
            (true, false) => EventKind::Objection,
            (true, true) => EventKind::DoNotContact,
        };
        let field = match () {
            () if self.senses.has(Sense::Date) || self.dates => Field::OptoutTimestamp,
            () if refuses == Channels::ALL => Field::DoNotContact,
            () if refuses.has(Channel::Email) => Field::ConsentEmailStatus,
            () if refuses.has(Channel::Call) => Field::DoNotCall,
            () if refuses.has(Channel::Sms) => Field::ConsentSmsStatus,
            () if refuses.has(Channel::Post) => Field::ConsentPostStatus,
            () => Field::ConsentWhatsappStatus,
        };
        Some(self.refusal_column(field, event, refuses, note))
    }

    /// The channels an opt-out binds: those it names (a telephone word binds every use of the number), e-mail
    /// for a plain `unsubscribed`, else all.
    fn refused(&self, named: Channels) -> (Channels, Option<Reason>) {
        let mut refuses = named;
        refuses = refuses.union(self.by_telephone(named));
        if (self.says("mail") || self.says("mails")) && !self.says("e") {
            let letters = Channels::only(Channel::Post);
            let both = letters.union(Channels::only(Channel::Email));
            refuses = refuses.union(if self.beside.mail_is_post { letters } else { both });
        }
        if !refuses.is_empty() {
            return (refuses, None);
        }
        let subscription = dictionary().proof(self.header) == Some(Kind::Unsubscribes)
            && !self.says("opt")
            && !self.says("opted")
            && !self.says("optout")
            && !self.says("stop");
        if subscription && self.beside.has_email {
            return (Channels::only(Channel::Email), None);
        }
        (Channels::ALL, Some(Reason::MappingOptOutUnnamed))
    }

    /// What a telephone word binds: calls where it says calls, or texts have a column of their own; else every use of the
    /// number.
    fn by_telephone(&self, named: Channels) -> Channels {
        let live = self.says("call") || self.says("calls") || self.beside.phone_is_call;
        match (named.has(Channel::Call), live) {
            (false, _) => Channels::NONE,
            (true, true) => Channels::only(Channel::Call).union(Channels::only(Channel::AutoCall)),
            (true, false) => Channels::PHONE,
        }
    }

    /// Double opt-in.
    fn confirmation(&self) -> Option<Heard> {
        if self.senses.has(Sense::Ip) {
            return plain(Field::ConfirmIp);
        }
        if self.senses.has(Sense::Date) || self.dates {
            return plain(Field::ConfirmTimestamp);
        }
        if !self.senses.has(Sense::Consent) || self.senses.any(&[Sense::Source, Sense::Method, Sense::Reason])
        {
            return None;
        }
        let (channels, words) = (self.named_or_email(), ColumnWords::of(Base::Confirmation));
        let speech = Speech::Status { words, grants: channels, refuses: channels, open: false };
        Some(Heard { field: Field::DoubleOptIn, speech, note: None })
    }

    fn consent(&self) -> Option<Heard> {
        let mut named = self.named();
        let shown_text = self.says("text") && self.look.filled > 0 && !self.look.answers() && !self.dates;
        let field = match () {
            () if self.senses.has(Sense::Ip) => Some(Field::ConsentIp),
            () if self.senses.has(Sense::Wording) || shown_text => Some(Field::ConsentWording),
            () if self.look.answers() && !self.senses.has(Sense::Date) => None,
            () if self.senses.has(Sense::Date) || self.dates => {
                let sms = named == Channels::only(Channel::Sms);
                Some(if sms { Field::ConsentSmsTimestamp } else { Field::ConsentTimestamp })
            }
            () if self.senses.has(Sense::Reason) => return None,
            () if self.senses.has(Sense::Source) => Some(Field::ConsentSource),
            () if self.senses.has(Sense::Method) => Some(Field::ConsentMethod),
            () => None,
        };
        if let Some(field) = field {
            return plain(field);
        }
        if is_address(self.senses, self.look) {
            return None;
        }
        if named.is_empty() && self.senses.has(Sense::Fax) {
            return plain(Field::ConsentFaxStatus);
        }
        let text = self.words.concat();
        let list_words = [
            "subscri",
            "abonn",
            "iscri",
            "inscri",
            "suscri",
            "anmeld",
            "angemeld",
            "ingeschreven",
            "tilmeld",
        ];
        if named.is_empty() && self.beside.has_email && list_words.iter().any(|stem| text.contains(stem)) {
            named = Channels::only(Channel::Email);
        }
        // A `subscription` may be a paid plan: only words of a mailing list count there.
        let joined =
            |word: &String| word.starts_with("abonniert") || matches!(word.as_str(), "abonne" | "abonnee");
        let plan = (text.contains("subscription") || text.contains("abo")) && !self.words.iter().any(joined);
        let plan = plan && self.named().is_empty();
        let base = if plan { Base::Status } else { Base::Consent };
        let grants = match () {
            // What else it is for is not known.
            () if !self.whole => Channels::NONE,
            () if named.is_empty() => self.named_or_email(),
            () => named,
        };
        let refuses = if named.is_empty() { Channels::ALL } else { named };
        let field = status_field(named);
        let note = (grants.is_empty() && self.whole).then_some(Reason::MappingConsentChannel);
        let words = ColumnWords::of(base).or_own(self.silent_answers());
        let open = !self.look.holds_values() && (!plan || self.look.permission > 0);
        Some(Heard { field, speech: Speech::Status { words, grants, refuses, open }, note })
    }

    /// The header's own words as answers: without a negation they say nothing more than the header does.
    fn silent_answers(&self) -> Vec<(String, Meaning)> {
        let meaning = |refuses| if refuses { Meaning::Denied } else { Meaning::True };
        own_answers(self.words).into_iter().map(|(answer, refuses)| (answer, meaning(refuses))).collect()
    }

    /// `Mailing OK?`, `Can email`, `By post`, `E-mail status`, `Contact preference`: a channel, or contact, and a word that asks
    /// whether or how it may be used. A no refuses, and so does a status word of refusal; a plain yes grants nothing.
    fn preference(&self) -> Option<Heard> {
        let named = self.named();
        let (permit, state) = (self.senses.has(Sense::Permit), self.senses.has(Sense::Status));
        let by = ["by", "via", "per", "par", "por", "preference", "preferences", "pref", "prefs"];
        let asks = permit || !named.is_empty() && (state || by.iter().any(|word| self.says(word)));
        let object = !named.is_empty() || permit && self.senses.has(Sense::Contact);
        let way = self.senses.any(&[Sense::Source, Sense::Method]) && (permit || state);
        if !asks || !object || way || self.is_about() || self.look.holds_values() {
            return None;
        }
        self.asked(named, Base::Preference, if permit { Channels::NONE } else { named })
    }

    /// A bare `Status`, `Contact`, `Mailing`, `SMS?`: it speaks of permission where some cell says so, or where a channel or
    /// contact stands over answers.
    fn bare(&self) -> Option<Heard> {
        let (named, look) = (self.named(), self.look);
        let bare = self.senses.any(&[Sense::Status, Sense::Contact, Sense::Permit]) || !named.is_empty();
        if !bare || self.is_about() || look.holds_values() {
            return None;
        }
        if look.permission > 0 && self.senses.has(Sense::Status) {
            let channels = self.named_or_email();
            let refuses = if channels.is_empty() { Channels::ALL } else { channels };
            return status(Field::ListStatus, Base::Status, channels, refuses);
        }
        let object = !named.is_empty() || self.senses.has(Sense::Contact);
        let answers = look.yes_no > 0 && look.mostly(look.known, 50) && look.email == 0 && look.phone == 0;
        if !(object && answers || look.permission > 0) {
            return None;
        }
        self.asked(named, Base::Preference, Channels::NONE)
    }

    /// Whether the header speaks of when or why something was said, not of what.
    fn is_about(&self) -> bool {
        self.senses.any(&[Sense::Date, Sense::Ip, Sense::Wording, Sense::Reason, Sense::Double])
    }

    /// A column that asks whether these channels may be used; all where none is named.
    fn asked(&self, named: Channels, base: Base, grants: Channels) -> Option<Heard> {
        let mut refuses = if named.is_empty() { Channels::ALL } else { named };
        refuses = refuses.union(self.by_telephone(named));
        // Letters to some, e-mail to others.
        if self.says("mail") && !self.says("e") {
            refuses = refuses.union(Channels::only(Channel::Post));
        }
        let words = ColumnWords::of(base).or_own(self.silent_answers());
        let speech = Speech::Status { words, grants, refuses, open: true };
        Some(Heard { field: status_field(named), speech, note: None })
    }
}
