//! The vocabulary of refusal and permission: every word once, with its language and what it means in each place where it
//! is heard.
//!
//! Knows single words; how cells, headers and names are searched for them stands in `words`, `dictionary` and `remarks`.

use crate::data::built_in::VOCABULARY;
use crate::record::{Channel, Channels, EventKind, Kind, Meaning, words};
use serde::Deserialize;
use serde::de::value::{Error, StrDeserializer};
use std::collections::BTreeMap;
use std::sync::LazyLock;

words! {
    /// What a word is in a cell of a yes/no column.
    pub(super) enum Answer: Deserialize {
        /// A yes.
        Yes = "yes",
        /// A no.
        No = "no",
        /// A mark that is a no among consents.
        NoMark = "no-mark",
        /// Stands for an empty cell.
        Empty = "empty",
    }
}

words! {
    /// What a cell of several words says that opens with a word.
    pub(super) enum Opening: Deserialize {
        /// A no.
        No = "no",
        /// That nothing is known.
        Unsaid = "unsaid",
    }
}

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

/// What a remark says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Remark {
    /// The channels it refuses to whoever holds what it stands beside; none: it only reaches nobody (`wrong number`).
    pub channels: Channels,
    /// Whether its person has died.
    pub dead: bool,
}

impl Remark {
    /// The refusal it is.
    pub const fn event(self) -> EventKind {
        if self.dead { EventKind::Deceased } else { EventKind::DoNotContact }
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self { channels: self.channels.union(other.channels), dead: self.dead || other.dead }
    }
}

/// One word: what it means in each place; nothing in the others. The places are described in `vocabulary.toml`.
#[derive(Debug, Default)]
pub(super) struct Word {
    pub(super) answer: Option<Answer>,
    pub(super) status: Option<Meaning>,
    pub(super) tag: Option<Meaning>,
    pub(super) reply: Option<Meaning>,
    pub(super) event: Option<Meaning>,
    pub(super) bounce: Option<Meaning>,
    pub(super) channel: Option<Channel>,
    pub(super) phrase: Option<Meaning>,
    pub(super) opening: Option<Opening>,
    pub(super) negates: bool,
    pub(super) mark: Option<Meaning>,
    pub(super) remark: Option<Remark>,
    pub(super) header: Vec<Sense>,
    pub(super) way: bool,
    pub(super) channel_header: bool,
    pub(super) refuses: Option<Channels>,
    pub(super) names: Option<Channels>,
    pub(super) proves: Option<Kind>,
    pub(super) suggests: Option<Kind>,
    pub(super) suggests_alone: Option<Kind>,
    pub(super) excludes: bool,
    pub(super) silent: bool,
    pub(super) plea: Option<Channels>,
    pub(super) courtesy: bool,
    pub(super) instructs: bool,
}

impl Word {
    /// Adds what the word means in a place; nothing where the place or the meaning is not known.
    fn hear(&mut self, place: &str, said: &'static str) -> Option<()> {
        match place {
            "answer" => self.answer = Some(value(said)?),
            "status" => self.status = Some(value(said)?),
            "tag" => self.tag = Some(value(said)?),
            "reply" => self.reply = Some(value(said)?),
            "event" => self.event = Some(value(said)?),
            "bounce" => self.bounce = Some(value(said)?),
            "channel" => self.channel = Some(value(said)?),
            "phrase" => self.phrase = Some(value(said)?),
            "opening" => self.opening = Some(value(said)?),
            "negates" => self.negates = true,
            "mark" => self.mark = Some(value(said)?),
            "remark" => self.remark = Some(remark(said)?),
            "header" => self.header = said.split(' ').map(value).collect::<Option<_>>()?,
            "way" => self.way = true,
            "channel_header" => self.channel_header = true,
            "refuses" => self.refuses = Some(channels(said)?),
            "names" => self.names = Some(channels(said)?),
            "proves" => self.proves = Some(value(said)?),
            "suggests" => self.suggests = Some(value(said)?),
            "suggests_alone" => self.suggests_alone = Some(value(said)?),
            "excludes" => self.excludes = true,
            "silent" => self.silent = true,
            "plea" => self.plea = Some(if said.is_empty() { Channels::NONE } else { channels(said)? }),
            "courtesy" => self.courtesy = true,
            "instructs" => self.instructs = true,
            "everywhere" => self.everywhere(value(said)?)?,
            _ => return None,
        }
        Some(())
    }

    /// A word that names a refusal, complaint or bounce by itself is heard in every place; one that the line names for
    /// itself says there what the line says.
    fn everywhere(&mut self, meaning: Meaning) -> Option<()> {
        let (sense, kind) = match meaning {
            Meaning::Withdrawn | Meaning::Denied => (Sense::Refusal, Kind::Unsubscribes),
            Meaning::Suppressed => (Sense::Refusal, Kind::Suppression),
            Meaning::Complained => (Sense::Complaint, Kind::Complaints),
            Meaning::BouncedHard => (Sense::Bounce, Kind::Bounces),
            _ => return None,
        };
        for place in [&mut self.status, &mut self.phrase, &mut self.mark, &mut self.event] {
            place.get_or_insert(meaning);
        }
        if sense == Sense::Refusal {
            self.reply.get_or_insert(Meaning::Withdrawn);
        }
        if self.header.is_empty() {
            self.header.push(sense);
        }
        self.proves.get_or_insert(kind);
        Some(())
    }
}

/// The meaning of that name.
fn value<T: Deserialize<'static>>(name: &'static str) -> Option<T> {
    T::deserialize(StrDeserializer::<Error>::new(name)).ok()
}

/// Channels by their words, parted by blanks; `phone` is every use of a number.
fn channels(words: &'static str) -> Option<Channels> {
    let each = words.split(' ').map(|word| match word {
        "all" => Some(Channels::ALL),
        "phone" => Some(Channels::PHONE),
        word => Channel::from_word(word).map(Channels::only),
    });
    each.reduce(|all, more| Some(all?.union(more?)))?
}

/// Channels, `dead` or `none`.
fn remark(said: &'static str) -> Option<Remark> {
    Some(match said {
        "dead" => Remark { channels: Channels::ALL, dead: true },
        "none" => Remark::default(),
        _ => Remark { channels: channels(said)?, dead: false },
    })
}

/// The word of a line and what it means, place by place.
fn read(line: &'static str) -> Option<(&'static str, Word)> {
    let mut cells = line.split('\t');
    let (word, mut places) = (cells.next()?, Word::default());
    for cell in cells {
        let (place, said) = cell.split_once(' ').unwrap_or((cell, ""));
        places.hear(place, said)?;
    }
    Some((word, places))
}

static WORDS: LazyLock<BTreeMap<&'static str, Word>> = LazyLock::new(|| {
    let mut all = BTreeMap::new();
    for (id, text) in VOCABULARY {
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((word, places)) = read(line) else { panic!("vocabulary/{id}: not understood: {line}") };
            assert!(all.insert(word, places).is_none(), "vocabulary/{id}: {word} stands twice");
        }
    }
    all
});

/// The words heard in a place, in order, with what they mean there.
pub(super) fn heard<T>(
    place: impl Fn(&'static Word) -> Option<T>,
) -> impl Iterator<Item = (&'static str, T)> {
    WORDS.iter().filter_map(move |(word, places)| Some((*word, place(places)?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::dictionary::{Senses, dictionary};
    use crate::data::fold::header_words;
    use crate::data::words::{Base, ColumnWords, speaks_against};
    use std::collections::BTreeSet;

    /// Every place says where its words come from, and every word stands in a place that is described; files are sorted.
    #[test]
    fn every_place_is_described_and_has_words() {
        let places: BTreeMap<String, BTreeMap<String, String>> =
            toml::from_str(include_str!("vocabulary.toml")).unwrap();
        let mut used = BTreeSet::new();
        for (id, text) in VOCABULARY {
            let (head, words): (Vec<_>, Vec<_>) = text.lines().partition(|line| line.starts_with('#'));
            for told in ["# Words of refusal and permission: ", "# source: ", "# date: 20"] {
                assert!(head.iter().any(|line| line.starts_with(told)), "{id}: {told}");
            }
            assert!(words.is_sorted(), "{id}");
            for line in words {
                let (word, said) = line.split_once('\t').unwrap();
                assert!(!word.is_empty(), "{id}");
                used.extend(said.split('\t').map(|cell| cell.split(' ').next().unwrap().to_owned()));
            }
        }
        assert_eq!(used, places.keys().cloned().collect());
        assert!(places.values().all(|place| !place["heard"].is_empty() && !place["source"].is_empty()));
    }

    /// A remark begins with a plain letter: that is how most texts beside a number are told to have none.
    #[test]
    fn remarks_begin_with_a_letter() {
        for (word, _) in heard(|word| word.remark) {
            assert!(
                word.bytes().all(|b| b.is_ascii_lowercase() || b == b' ') && !word.starts_with(' '),
                "{word}"
            );
        }
    }

    /// The words that the files say are heard everywhere.
    fn everywhere() -> impl Iterator<Item = &'static str> {
        let lines = VOCABULARY.iter().flat_map(|(_, text)| text.lines());
        lines.filter_map(|line| line.split_once("\teverywhere ").map(|(word, _)| word))
    }

    /// Known in cells, and not in headers, or the other way round: so people who refused were written to.
    #[test]
    fn what_is_heard_everywhere_is_heard_in_cells_headers_and_names() {
        let mut words = 0;
        for word in everywhere() {
            let said = |base| ColumnWords::of(base).meaning(word);
            for base in [Base::Status, Base::Consent, Base::Event] {
                assert!(said(base).is_some_and(speaks_against), "{base:?} {word}");
            }
            assert!(said(Base::Mark).is_some_and(speaks_against), "{word}");
            let header = dictionary().senses(&header_words(word)).unwrap_or_default();
            let against = [Sense::Refusal, Sense::Not, Sense::Complaint, Sense::Bounce];
            assert!(header.any(&against), "header: {word}");
            assert!(dictionary().proof(word).is_some(), "name: {word}");
            if header.any(&[Sense::Refusal, Sense::Not]) {
                assert_eq!(said(Base::Reply), Some(Meaning::Withdrawn), "reply: {word}");
            }
            words += 1;
        }
        assert!(words > 1500, "{words}");
    }

    /// Who is called that, or left something else, is not refused.
    #[test]
    fn words_that_mean_other_things_too_are_heard_in_narrow_places_only() {
        let all: BTreeSet<_> = everywhere().collect();
        for word in [
            "left",
            "stop",
            "spam",
            "removed",
            "blocked",
            "canceled",
            "cancelled",
            "inactive",
            "rejected",
            "withdrawn",
            "revoked",
            "abuse",
            "declined",
            "refused",
            "no contact",
            "no email",
            "no sms",
            "no whatsapp",
            "no telefono",
            "robinson",
            "reus",
            "nix",
            "dnd",
            "dnc",
            "kundigung",
            "gekundigt",
            "sperre",
            "baja",
            "alta",
            "retrait",
            "refus",
            "revocado",
            "rifiuto",
            "ritiro",
            "recusa",
            "reservert",
            "reservasjon",
            "odjava",
            "ugovor",
            "draudimas",
            "отказ",
            "отзыв",
            "iptal",
            "red",
            "ret",
            "退会",
            "解約",
            "해지",
            "탈퇴",
            "取消",
            "not interested",
            "wrong number",
        ] {
            assert!(!all.contains(word), "{word}");
        }
    }

    /// Each place has its own reach: what lies beyond it would stand in the files and never be heard.
    #[test]
    fn words_fit_the_places_they_name() {
        for (word, places) in heard(Some) {
            let words = word.split(' ').count();
            let phrase = places.phrase.is_some() || places.mark.is_some() || !places.header.is_empty();
            assert!(!phrase || words <= 4, "phrases and headers have four words: {word}");
            let known = places.status.is_some() || places.answer.is_some();
            assert!(!places.silent || !known, "silent, and says something: {word}");
            let empty = places.answer.is_some_and(|answer| answer == Answer::Empty);
            assert!(
                !empty || places.status.is_none() && places.opening.is_none_or(|o| o == Opening::Unsaid),
                "{word}"
            );
        }
    }

    /// A header is taken by its longest known words: such a run must keep what one of them refuses (`abgemeldet am`).
    #[test]
    fn words_of_several_keep_the_refusal_of_one() {
        let of = |word: &str| dictionary().senses(&header_words(word)).unwrap_or_default();
        let against = [Sense::Refusal, Sense::Not, Sense::Complaint, Sense::Bounce];
        for (word, _) in heard(|word| word.header.first().copied()).filter(|(word, _)| word.contains(' ')) {
            let refuses = word.split(' ').any(|part| of(part).has(Sense::Refusal));
            assert!(!refuses || of(word).any(&against), "{word}");
        }
    }

    /// Headers that refuse.
    const REFUSING: &[&str] = &[
        "Robinsonliste",
        "E-Mail Widerspruch",
        "Ne souhaite pas être contacté",
        "Opposition email",
        "No desea publicidad",
        "Registro delle Opposizioni",
        "Não contactar",
        "Wil niet gebeld worden",
        "Må ikke kontaktes",
        "Reservert mot markedsføring",
        "Ej reklam",
        "Markkinointikielto",
        "Nie kontaktować",
        "Nekontaktovat",
        "Leiratkozott",
        "Dezabonat",
        "Не звонить",
        "Не телефонувати",
        "Όχι email",
        "Aramayın",
        "הוסר מרשימת תפוצה",
        "عدم التواصل",
        "電話不可",
        "広告メール配信停止",
        "이메일 수신거부",
        "拒收短信",
        "取消訂閱",
        "Đã hủy đăng ký",
        "Jangan hubungi",
        "ห้ามติดต่อ",
    ];

    /// Headers that ask for permission.
    const PERMITTING: &[&str] = &[
        "E-Mail erlaubt",
        "Puis-je vous appeler",
        "zgoda sms",
        "Acepta recibir información",
        "Consenso SMS",
        "Toestemming e-mail",
        "Samtykke til e-mail",
        "Samtycke till e-post",
        "Markkinointilupa",
        "Souhlas s marketingem",
        "Marketing hozzájárulás",
        "Acord marketing",
        "Согласие на рассылку",
        "SMS izni",
        "הסכמה לדיוור",
        "الموافقة على التسويق",
        "メール配信同意",
        "수신동의",
        "是否同意接收短信",
    ];

    /// Headers that look like one of refusal and are none.
    const ALIKE: &[&str] = &[
        "Minuten Telefon",
        "Notar",
        "Notes",
        "Nixon",
        "Mayor",
        "Fecha de suscripción",
        "Liste des abonnés",
        "Retrait en magasin",
        "Ugovor",
        "Draudimas",
        "Отзыв клиента",
        "Red wine",
        "İptal tarihi",
        "Påmelding",
        "Kontaktart",
        "退会日",
        "회원가입일",
        "联系电话",
        "Oposición",
    ];

    /// Headers in the languages of the rulebooks, and such as look alike.
    #[test]
    fn headers_of_permission_are_understood_and_their_lookalikes_are_not() {
        let whole = |header: &str| dictionary().senses(&header_words(header)).unwrap_or_default();
        let negative = |senses: Senses| senses.any(&[Sense::Refusal, Sense::Not]);
        for header in REFUSING {
            assert!(negative(whole(header)), "{header}");
        }
        for header in PERMITTING {
            let senses = whole(header);
            assert!(senses.any(&[Sense::Consent, Sense::Permit]) && !negative(senses), "{header}");
        }
        for header in ALIKE {
            assert!(!negative(dictionary().some_senses(&header_words(header))), "{header}");
        }
    }

    /// What a reasonable person understands as a stop, and what none does.
    #[test]
    fn replies_that_stop() {
        let stops = |reply: &str| ColumnWords::of(Base::Reply).meaning(reply).is_some();
        for reply in [
            "Stop. Thank you",
            "Please take me off your list",
            "please stop texting me!",
            "No more texts",
            "lose my number",
            "I revoke my consent",
            "Leave me alone",
            "Not interested",
            "Wrong number, stop",
            "Arrêtez svp",
            "Lassen Sie mich in Ruhe",
            "No me llamen más",
            "Non scrivetemi più",
            "не пишите мне",
            "수신거부",
            "退订",
            "やめてください",
        ] {
            assert!(stops(reply), "{reply}");
        }
        for reply in [
            "Can I stop by?",
            "stop by",
            "bus stop",
            "left a message",
            "spam folder",
            "Yes",
            "OK",
            "Fine",
            "No",
            "No thanks",
            "Wrong number",
            "Thanks, stopping by later",
            "C",
        ] {
            assert!(!stops(reply), "{reply}");
        }
    }
}
