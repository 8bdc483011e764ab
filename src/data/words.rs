//! Cells searched for the words of the vocabulary: yes, no, status words, channel words, in many languages.
//!
//! Knows what a word means in a column of a given sort; knows no column. A word that is not listed means nothing.

mod capture;
mod table;

use crate::data::fold::{Folded, fold};
use crate::data::vocabulary::{Answer, Opening, Word, heard};
use crate::record::{Channel, Channels, Meaning, words};
use std::sync::OnceLock;
use table::WordTable;

pub use capture::{Capture, captured};

words! {
/// Which of the built-in words a column reads beside its own.
#[derive(Default)]
pub enum Base {
    /// A recognised vendor's column: its own words, and beside them only words that speak against contact.
    #[default]
    Vendor,
    /// A consent column: *yes* is a consent, *no* is a refusal.
    Consent,
    /// A status column: words that only a subscription has; a plain *yes* or *active* says nothing.
    Status,
    /// A column that asks whether or how a channel may be used: status words, and a plain *no*; a plain *yes* may mean
    /// something else and says nothing.
    Preference,
    /// An opt-out column: *yes* is a refusal, *no* says only that no objection is known.
    Refusal,
    /// Days of consent: a plain *no* in words, or a word of refusal, may stand among them.
    Dated,
    /// A double opt-in column: *yes* is a confirmation, *no* only lacks one.
    Confirmation,
    /// A column that was not made for it: only phrases that refuse wherever they stand.
    Mark,
    /// The same, where a word must be the whole cell or tag.
    Tag,
    /// What somebody answered to a message: only words that stop further ones, as the whole cell.
    Reply,
    /// What happened to a message, or to a consent: status words, and what vendors call such things.
    Event,
    /// The same, where only the cells show that a column tells such things: nothing grants.
    Message,
    /// How mail came back.
    Bounce,
    /// The same in a file of bounces, where a complaint may stand among them.
    BounceKind,
}
}

/// The words of one column: its own first, then the built-in ones of its [`Base`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnWords {
    own: WordTable<Meaning>,
    base: Base,
}

impl ColumnWords {
    /// The built-in words alone.
    pub const fn of(base: Base) -> Self {
        Self { own: WordTable::NONE, base }
    }

    /// A column with words of its own.
    pub fn with(base: Base, own: impl IntoIterator<Item = (String, Meaning)>) -> Self {
        Self { own: own_table(own), base }
    }

    /// The column's own words, folded, shorter ones first.
    pub fn own(&self) -> &[(Box<str>, Meaning)] {
        &self.own.entries
    }

    /// These words and, where they say nothing, others of the column's own.
    pub fn or_own(&self, more: impl IntoIterator<Item = (String, Meaning)>) -> Self {
        Self { own: self.own.or(&own_table(more)), base: self.base }
    }

    /// These words, but for those that are said to mean something else.
    pub fn but(&self, said: impl IntoIterator<Item = (String, Meaning)>) -> Self {
        Self { own: own_table(said).or(&self.own), base: self.base }
    }

    /// What the column's own words say of the cell, the built-in ones apart.
    pub fn listed(&self, cell: &str) -> Option<Meaning> {
        self.own.get(Folded::of(cell)?.as_str())
    }

    /// What the cell means; `None` for an empty cell and for a word that is not listed. Does not allocate.
    pub fn meaning(&self, cell: &str) -> Option<Meaning> {
        // `\N` and `#REF!` are no `n` and no `ref`.
        if matches!(cell.trim_start().as_bytes().first(), Some(b'\\' | b'#')) && is_blank(cell) {
            return None;
        }
        let folded = Folded::of(cell)?;
        let mut word = folded.as_str();
        if word.is_empty() {
            word = cell.trim().trim_end_matches('\u{fe0f}');
        }
        let own = self.own.get(word);
        if own.is_some() || word.is_empty() {
            return own;
        }
        let tables = built_in();
        // `Non-profit` is no *non*: what stands behind the hyphen tells.
        let prefixed = || cell.trim_start().get(..4).is_some_and(|head| head.eq_ignore_ascii_case("non-"));
        let phrase = || tables.phrases.meaning(self.base, word);
        tables
            .of_base(self.base)
            .get(word)
            .or_else(|| phrase().filter(|meaning| *meaning != Meaning::Denied || !prefixed()))
    }
}

/// Words of a column with what they mean there.
fn own_table(words: impl IntoIterator<Item = (String, Meaning)>) -> WordTable<Meaning> {
    WordTable::of(words.into_iter().map(|(word, meaning)| (own_key(&word).into(), meaning)).collect())
}

/// A vendor's word as compared: folded, or as it stands when nothing is left of it (`*`).
fn own_key(word: &str) -> String {
    let folded = fold(word);
    if folded.is_empty() { word.trim().to_owned() } else { folded }
}

/// What cells of several words say. A wrong reading here blocks somebody and never grants anything.
#[derive(Default)]
struct Phrases {
    /// Openings: a no, or (`false`) that nothing is known.
    opens: WordTable<bool>,
    negations: WordTable<()>,
    /// Words that tell people how to stop.
    instructions: WordTable<()>,
    against: WordTable<Meaning>,
    marks: WordTable<Meaning>,
    /// Those of both that are written in a script without blanks between words: found anywhere.
    unspaced: Vec<(&'static str, Meaning)>,
}

/// Words of the longest phrase.
const PHRASE_WORDS: usize = 4;

impl Phrases {
    /// What a folded cell says that is not listed as a whole; nothing in an opt-out column, where every cell that
    /// is no known *no* refuses.
    fn meaning(&self, base: Base, cell: &str) -> Option<Meaning> {
        if matches!(base, Base::Refusal | Base::Tag | Base::Reply | Base::Bounce | Base::BounceKind)
            || cell.is_empty()
        {
            return None;
        }
        let against = if base == Base::Mark { &self.marks } else { &self.against };
        if !cell.is_ascii()
            && let Some((_, meaning)) = self.unspaced.iter().find(|(word, _)| cell.contains(word))
        {
            return Some(*meaning);
        }
        let mut turned = false;
        for (at, _) in std::iter::once((0, "")).chain(cell.match_indices(' ')) {
            let rest = cell[at..].trim_start();
            if let Some(meaning) = against.longest(rest, PHRASE_WORDS) {
                let (before, behind) = (cell[..at].trim(), rest.split(' '));
                let instructs = |word: &str| self.instructions.has(word);
                let told =
                    || before.split(' ').any(instructs) || before == "to" && behind.clone().any(instructs);
                return (!(turned || base == Base::Mark && told())).then_some(meaning);
            }
            turned = self.negations.has(rest.split(' ').next().unwrap_or_default());
        }
        let asked = matches!(base, Base::Consent | Base::Preference);
        let opening = self.opens.longest(cell, PHRASE_WORDS).filter(|_| asked);
        opening.and_then(|no| no.then_some(Meaning::Denied))
    }
}

/// Whether the cell stands for nothing: empty, a placeholder (`null`, `n/a`, `[]`, `\N`, `#REF!`, `0001-01-01T00:00:00`),
/// or only punctuation that is no mark (`x`, `✓`, `*` are marks).
pub fn is_blank(cell: &str) -> bool {
    let trimmed = cell.trim();
    let Some(first) = trimmed.bytes().next() else { return true };
    // Most cells begin with a letter or a digit: they are a word of the table or a day, or no blank.
    if !first.is_ascii_alphabetic()
        && (matches!(trimmed, "[]" | "{}" | "\"\"" | "''" | "." | "—" | "–" | "\\N" | "?" | "??")
            || trimmed.bytes().all(|b| b == b'-' || b == b'_')
            || is_sheet_error(trimmed)
            || is_zero_day(trimmed))
    {
        return true;
    }
    Folded::of(trimmed).is_some_and(|f| built_in().empty.has(f.as_str()))
}

/// Whether a cell that should hold an address or a number holds a word for nothing (`NULL`, `nan`, `n/a`): nobody's, and no
/// key.
pub fn is_no_point(cell: &str) -> bool {
    cell.len() <= 16 && !cell.bytes().any(|b| b == b'@' || b.is_ascii_digit()) && is_blank(cell)
}

/// What a spreadsheet shows instead of a value: `#REF!`, `#N/A`, `#WERT!`, `#NOME?`, `########`.
fn is_sheet_error(text: &str) -> bool {
    let Some(name) = text.strip_prefix('#') else { return false };
    let told = name.trim_end_matches(['!', '?', '#']);
    let shown =
        told.is_empty() && name.len() > 1 || told.len() < name.len() || matches!(told, "N/A" | "NV" | "N/D");
    shown && told.chars().all(|c| c.is_uppercase() || c.is_ascii_digit() || matches!(c, '/' | '_'))
}

/// The days that programs write for no day at all: the first of their calendar, or of none.
const ZERO_DAYS: [&str; 12] = [
    "0000-00-00",
    "0001-01-01",
    "1753-01-01",
    "1899-12-30",
    "1899-12-31",
    "1900-01-00",
    "1900-01-01",
    "1970-01-01",
    "01/01/0001",
    "1/1/0001",
    "01.01.0001",
    "00.00.0000",
];

/// Whether the cell is such a day, at midnight where it tells a time.
fn is_zero_day(text: &str) -> bool {
    let Some(rest) = ZERO_DAYS.iter().find_map(|day| text.strip_prefix(day)) else { return false };
    let time = rest.trim_start_matches(['T', ' ']);
    rest.is_empty()
        || time.len() < rest.len()
            && (time.trim_end_matches("AM").trim_end() == "12:00:00" && time.ends_with("AM")
                || time.bytes().all(|b| matches!(b, b'0' | b':' | b'.' | b'Z' | b'+' | b' ')))
}

/// A folded sentence without the words of courtesy before and behind it.
pub(super) fn without_courtesy(sentence: &str) -> &str {
    let courtesy = &built_in().courtesy;
    let mut rest = sentence;
    loop {
        let ends = rest.match_indices(' ').map(|(at, _)| at).take(3).collect::<Vec<_>>();
        let head = ends.into_iter().rev().find(|end| courtesy.has(&rest[..*end]));
        let tails = rest.rmatch_indices(' ').map(|(at, _)| at).take(3).collect::<Vec<_>>();
        let tail = tails.into_iter().rev().find(|start| courtesy.has(&rest[start + 1..]));
        match (head, tail) {
            (Some(end), _) => rest = &rest[end + 1..],
            (None, Some(start)) => rest = &rest[..start],
            (None, None) => return rest,
        }
    }
}

/// The channels that a plea in a folded sentence names; nothing where there is none, or a negation stands before it.
pub(super) fn plea(sentence: &str) -> Option<Channels> {
    let tables = built_in();
    let mut turned = false;
    for (at, _) in std::iter::once((0, "")).chain(sentence.match_indices(' ')) {
        let rest = sentence[at..].trim_start();
        if let Some(channels) = tables.pleas.longest(rest, PLEA_WORDS).filter(|_| !turned) {
            return Some(channels);
        }
        turned = tables.phrases.negations.has(rest.split(' ').next().unwrap_or_default());
    }
    None
}

/// Words of the longest plea.
const PLEA_WORDS: usize = 7;

/// Whether the cell is known, and says nothing of permission in a column that might: `active`, `catch-all`, `no answer`, or
/// a word that only another sort of column understands.
pub fn says_nothing(cell: &str) -> bool {
    let Some(folded) = Folded::of(cell) else { return false };
    let (tables, word) = (built_in(), folded.as_str());
    tables.silent.has(word)
        || tables.yes.has(word)
        || tables.phrases.opens.longest(word, PHRASE_WORDS) == Some(false)
        || tables.of_base(Base::Event).get(word).is_some_and(|meaning| !speaks_against(meaning))
}

/// Whether the cell is a known *yes* (`Some(true)`) or *no* (`Some(false)`).
pub fn yes_or_no(cell: &str) -> Option<bool> {
    let folded = Folded::of(cell)?;
    match folded.as_str() {
        "" => None,
        word if built_in().yes.has(word) => Some(true),
        word if built_in().no.has(word) => Some(false),
        _ => None,
    }
}

/// The channels that a cell names (`email`, `["email","sms"]`, `MailingAddress`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    /// Channels a consent may be read for.
    pub grants: Channels,
    /// Channels a refusal binds: `phone` means every use of the number, our own word `call` only calls.
    pub refuses: Channels,
    /// Every word was known.
    pub all_known: bool,
}

/// The channels a cell names.
pub fn channels(cell: &str) -> Named {
    let mut named = Named { grants: Channels::NONE, refuses: Channels::NONE, all_known: true };
    for part in cell.split([',', ';', '|', '"', '[', ']', '+']) {
        // `direct mail` is one word, `sms call` are two; `no email` is neither.
        let mut several = named;
        if named.add(part) {
            continue;
        }
        if part.trim().contains(char::is_whitespace) && part.split_whitespace().all(|word| several.add(word))
        {
            named = several;
        } else {
            named.all_known = false;
        }
    }
    named
}

impl Named {
    /// Adds a word; whether it was known.
    fn add(&mut self, word: &str) -> bool {
        let Some(folded) = Folded::of(word) else { return false };
        match (folded.as_str(), built_in().channels.get(folded.as_str())) {
            ("", _) => true,
            (word, Some(channel)) => {
                let only = Channels::only(channel);
                let whole_number = channel == Channel::Call && word != channel.word();
                self.grants = self.grants.union(only);
                self.refuses = self.refuses.union(if whole_number { Channels::PHONE } else { only });
                true
            }
            (_, None) => false,
        }
    }
}

struct BaseTables {
    yes: WordTable<()>,
    no: WordTable<()>,
    no_marks: WordTable<()>,
    empty: WordTable<()>,
    /// Words that are known and say nothing of permission.
    silent: WordTable<()>,
    pleas: WordTable<Channels>,
    courtesy: WordTable<()>,
    status: WordTable<Meaning>,
    channels: WordTable<Channel>,
    phrases: Phrases,
    /// What every word means under each base.
    bases: [WordTable<Meaning>; Base::ALL.len()],
}

impl BaseTables {
    fn of_base(&self, base: Base) -> &WordTable<Meaning> {
        &self.bases[base as usize]
    }

    /// Every known word with what it means under a base.
    fn under(&self, base: Base) -> WordTable<Meaning> {
        let lists = self
            .yes
            .entries
            .iter()
            .chain(&self.no.entries)
            .chain(&self.no_marks.entries)
            .map(|(word, ())| word);
        let words = lists.chain(self.status.entries.iter().map(|(word, _)| word));
        let extra: [Box<str>; 2] = ["active".into(), "out".into()];
        let told = words.chain(&extra).filter_map(|w| Some((w.clone(), self.meaning(base, w)?)));
        WordTable::of(told.collect())
    }

    fn meaning(&self, base: Base, word: &str) -> Option<Meaning> {
        use Meaning as M;
        let status = self.status.get(word);
        let against = status.filter(|m| speaks_against(*m));
        let yes = || self.yes.has(word);
        let no = || self.no.has(word);
        match base {
            Base::Vendor | Base::Message => against,
            Base::Dated if against.is_some() => against,
            Base::Dated if no() && word.bytes().any(|b| b.is_ascii_alphabetic()) => Some(M::Denied),
            Base::Status | Base::Event => status,
            Base::Consent | Base::Preference if status.is_some() => status,
            Base::Consent if yes() => Some(M::Granted),
            Base::Consent | Base::Preference if no() || self.no_marks.has(word) => Some(M::Denied),
            Base::Confirmation if status.is_some() => status,
            Base::Confirmation if yes() => Some(M::Granted),
            Base::Confirmation if no() => Some(M::Unknown),
            Base::Refusal if word == "out" || yes() && status.is_none() => Some(M::Withdrawn),
            Base::Refusal if no() && against.is_none() => Some(M::Unknown),
            Base::Refusal => match status {
                Some(M::Granted | M::Never | M::NotGiven | M::Pending | M::ImportedUnverified) => {
                    Some(M::Unknown)
                }
                Some(other) => Some(other),
                None if word == "active" => Some(M::Unknown),
                None => None,
            },
            Base::Consent
            | Base::Preference
            | Base::Dated
            | Base::Confirmation
            | Base::Mark
            | Base::Tag
            | Base::Reply
            | Base::Bounce
            | Base::BounceKind => None,
        }
    }
}

/// Whether a meaning speaks against contact.
pub const fn speaks_against(meaning: Meaning) -> bool {
    matches!(
        meaning,
        Meaning::Denied
            | Meaning::Withdrawn
            | Meaning::Pending
            | Meaning::NotGiven
            | Meaning::BouncedHard
            | Meaning::BouncedSoft
            | Meaning::Bounced
            | Meaning::Complained
            | Meaning::Invalid
            | Meaning::Suppressed
            | Meaning::Deceased
    )
}

/// Whether a word is of two letters or more in a script that parts no words: Chinese, Japanese, Korean, Thai.
fn is_unspaced(word: &str) -> bool {
    let of_script = |c: char| matches!(c, '\u{e00}'..='\u{e7f}' | '\u{1100}'..='\u{11ff}' | '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}');
    word.chars().count() >= 2 && word.chars().all(of_script)
}

/// The table of the words heard in a place.
fn table<T: Copy>(place: impl Fn(&'static Word) -> Option<T>) -> WordTable<T> {
    WordTable::of(heard(place).map(|(word, said)| (word.into(), said)).collect())
}

fn read() -> BaseTables {
    let answers = |is: Answer| table(move |word| word.answer.filter(|own| *own == is).map(drop));
    let mut tables = BaseTables {
        yes: answers(Answer::Yes),
        no: answers(Answer::No),
        no_marks: answers(Answer::NoMark),
        phrases: Phrases {
            opens: table(|word| Some(word.opening? == Opening::No)),
            negations: table(|word| word.negates.then_some(())),
            instructions: table(|word| word.instructs.then_some(())),
            against: table(|word| word.phrase),
            marks: table(|word| word.mark),
            unspaced: heard(|word| word.phrase.or(word.mark)).filter(|(word, _)| is_unspaced(word)).collect(),
        },
        empty: answers(Answer::Empty),
        silent: table(|word| word.silent.then_some(())),
        pleas: table(|word| word.plea),
        courtesy: table(|word| word.courtesy.then_some(())),
        status: table(|word| word.status),
        channels: table(|word| word.channel),
        bases: Default::default(),
    };
    tables.bases = Base::ALL.map(|base| tables.under(base));
    tables.bases[Base::Tag as usize] = table(|word| word.tag);
    tables.bases[Base::Reply as usize] = table(|word| word.reply);
    tables.bases[Base::Bounce as usize] = table(|word| word.bounce);
    tables.bases[Base::BounceKind as usize] =
        table(|word| word.bounce).or(tables.of_base(Base::Vendor)).or(&table(|word| word.event));
    let events = table(|word| word.event);
    for base in [Base::Event, Base::Message] {
        tables.bases[base as usize] = events.or(tables.of_base(base));
    }
    tables
}

fn built_in() -> &'static BaseTables {
    static TABLES: OnceLock<BaseTables> = OnceLock::new();
    TABLES.get_or_init(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cells parted by `; `, in a column of the base.
    fn check(base: Base, cells: &str, expected: Option<Meaning>) {
        for cell in cells.split("; ") {
            assert_eq!(ColumnWords::of(base).meaning(cell), expected, "{base:?} {cell}");
        }
    }

    #[test]
    fn polarity_per_base() {
        check(Base::Consent, " Yes", Some(Meaning::Granted));
        check(Base::Consent, "nein", Some(Meaning::Denied));
        check(Base::Consent, "UNSUBSCRIBED; opt-out", Some(Meaning::Withdrawn));
        check(Base::Consent, "; maybe; 2", None);
        check(Base::Status, "active; yes", None);
        check(Base::Status, "Subscribed", Some(Meaning::Granted));
        check(Base::Refusal, "0; no; 0.0; opt-in; subscribed", Some(Meaning::Unknown));
        check(Base::Refusal, "Sì; opt-out; unsubscribed; out; 1.0", Some(Meaning::Withdrawn));
        check(Base::Refusal, "X; \u{2717}", None);
        check(Base::Confirmation, "no", Some(Meaning::Unknown));
        check(Base::Confirmation, "Yes", Some(Meaning::Granted));
        check(Base::Vendor, "yes; subscribed", None);
        check(Base::Vendor, "unsubscribed", Some(Meaning::Withdrawn));
    }

    #[test]
    fn cells_of_several_words() {
        let no =
            "No thanks; nein danke; NO!!!; no (called 3/4); not allowed; 0.0; \u{2717}; \u{274c}\u{fe0f}";
        check(Base::Consent, no, Some(Meaning::Denied));
        check(Base::Consent, "Declined by phone", Some(Meaning::Denied));
        for base in [Base::Consent, Base::Status, Base::Vendor, Base::Confirmation] {
            let left = "unsubscribed 2024-03-01; Opted out by phone; was unsubscribed; email_optout";
            check(base, left, Some(Meaning::Withdrawn));
        }
        check(Base::Status, "do not contact again", Some(Meaning::Suppressed));
        let unsaid = "no answer; not asked; keine Angabe; no data yet; North; Nepal; none; N/A; x; maybe";
        check(Base::Consent, unsaid, None);
        check(Base::Status, "never unsubscribed; no thanks", None);
        check(Base::Refusal, "no thanks", None);
        // Not listed as a whole, nothing of several words is ever a yes.
        check(Base::Consent, "yes please; subscribed 2024-01-01; opt in by phone", None);
        let left = "Unsubscribed; UNSUB; was unsubscribed by phone; asked to opt out; opted-out";
        check(Base::Mark, left, Some(Meaning::Withdrawn));
        let stop = "do not contact; please do not call; DNC; Keine Werbung; no_email; не писать";
        check(Base::Mark, stop, Some(Meaning::Suppressed));
        check(Base::Mark, "Deceased 2023; Décédée", Some(Meaning::Deceased));
        let nothing = "Active; yes; no; subscribed; declined; never unsubscribed; did not opt out; cancelled";
        check(Base::Mark, nothing, None);
    }

    #[test]
    fn own_words_come_first() {
        let words = ColumnWords::with(
            Base::Vendor,
            [("no".to_owned(), Meaning::Unknown), ("*".to_owned(), Meaning::Withdrawn)],
        );
        assert_eq!(words.meaning("No"), Some(Meaning::Unknown));
        assert_eq!(words.meaning("*"), Some(Meaning::Withdrawn));
        assert_eq!(words.meaning(""), None);
    }

    #[test]
    fn channel_cells() {
        let check = |cell, grants: &[Channel], refuses: Channels, all_known| {
            let grants = grants.iter().copied().collect();
            assert_eq!(channels(cell), Named { grants, refuses, all_known }, "{cell}");
        };
        check("[\"email\",\"sms\"]", &[Channel::Email, Channel::Sms], Channels::from_bytes([0b11]), true);
        check("MailingAddress", &[Channel::Post], Channels::only(Channel::Post), true);
        check("Phone", &[Channel::Call], Channels::PHONE, true);
        check("call", &[Channel::Call], Channels::only(Channel::Call), true);
        check("auto-call", &[Channel::AutoCall], Channels::only(Channel::AutoCall), true);
        check("Web", &[], Channels::NONE, false);
        check("", &[], Channels::NONE, true);
        check("sms call", &[Channel::Sms, Channel::Call], Channels::from_bytes([0b110]), true);
        check("email sms call post messaging auto-call", &Channel::ALL, Channels::ALL, true);
        check("direct mail", &[Channel::Post], Channels::only(Channel::Post), true);
        check("no email", &[], Channels::NONE, false);
        check("sms, carrier pigeon", &[Channel::Sms], Channels::only(Channel::Sms), false);
    }

    #[test]
    fn blanks() {
        for cell in ["", " ", "null", "(blank)", "N/A", "[]", "0000-00-00", "0/0/00", "-"] {
            assert!(is_blank(cell), "{cell}");
        }
        for cell in ["X", "0", "*", "\u{2713}", "nein"] {
            assert!(!is_blank(cell), "{cell}");
        }
    }

    /// The tables hold every word in the places it names, and none in another.
    #[test]
    fn a_word_is_heard_where_it_says_so_and_nowhere_else() {
        let (tables, mut words) = (built_in(), 0);
        for (word, places) in heard(Some) {
            words += 1;
            assert_eq!(own_key(word), word, "words are written folded");
            let is = |answer| places.answer == Some(answer);
            assert_eq!(yes_or_no(word), is(Answer::Yes).then_some(true).or(is(Answer::No).then_some(false)));
            assert_eq!(tables.no_marks.has(word), is(Answer::NoMark), "{word}");
            assert_eq!(tables.empty.has(word), is(Answer::Empty), "{word}");
            assert_eq!(tables.status.get(word), places.status, "{word}");
            assert_eq!(tables.phrases.opens.get(word), places.opening.map(|o| o == Opening::No), "{word}");
            assert_eq!(tables.phrases.negations.has(word), places.negates, "{word}");
            assert_eq!(tables.phrases.against.get(word), places.phrase, "{word}");
            assert_eq!(tables.phrases.marks.get(word), places.mark, "{word}");
            assert_eq!(tables.channels.get(word), places.channel, "{word}");
            for (base, said) in
                [(Base::Tag, places.tag), (Base::Reply, places.reply), (Base::Bounce, places.bounce)]
            {
                assert_eq!(ColumnWords::of(base).meaning(word), said, "{base:?} {word}");
            }
            let event = places.event.or(places.status);
            assert_eq!(tables.of_base(Base::Event).get(word), event, "{word}");
            if is(Answer::Yes) {
                assert!(places.status.is_none_or(|said| said == Meaning::Granted), "yes, and more: {word}");
            }
            if is(Answer::No) {
                assert!(places.status.is_none_or(|said| said == Meaning::Withdrawn), "no, and more: {word}");
            }
        }
        let known = |word: &str| ["active", "out"].contains(&word) || heard(Some).any(|(own, _)| own == word);
        let all = tables.bases.iter().flat_map(|table| &table.entries);
        assert!(words > 1000 && all.into_iter().all(|(word, _)| known(word)));
    }
}
