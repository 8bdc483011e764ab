//! All rulebooks of a run: which book holds where, and which rule of it.

use super::{Audience, Rule, Rulebook, Who, refused};
use crate::data::built_in::RULEBOOKS;
use crate::data::country::{self, Country};
use crate::record::{Channel, Channels, Day, Failure};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// Ends the id of an operator's book that lies on a built-in one.
const OWN: &str = "-own";

/// Number of a jurisdiction: its place in the run's rulebooks, which are ordered by id.
pub type JurisdictionNo = u8;

/// All rulebooks of a run, ordered by id, with the registers they name.
#[derive(Debug, Clone)]
pub struct Rulebooks {
    books: Vec<Rulebook>,
    registers: Vec<String>,
    fallback: JurisdictionNo,
    eu: Option<JurisdictionNo>,
    /// The operator's books on places that have one: book, and the one it tightens.
    tightened: Vec<(JurisdictionNo, JurisdictionNo)>,
    /// The book of each pair of letters, from `AA` to `ZZ`: asked for every fact of every contact.
    of_letters: Vec<JurisdictionNo>,
}

/// Number of a country's letters, from `AA` on.
fn letters(country: Country) -> usize {
    country.code().bytes().fold(0, |number, letter| number * 26 + usize::from(letter.wrapping_sub(b'A')))
}

impl Rulebooks {
    /// Orders the books; the fallback `ZZ` must be among them and govern every channel.
    pub fn new(mut books: Vec<Rulebook>) -> Result<Self, Failure> {
        books.sort_by(|a, b| a.id.cmp(&b.id));
        if let Some(twice) = books.windows(2).find(|pair| pair[0].id == pair[1].id) {
            let id = &twice[0].id;
            return Err(refused(&format!("{id} is there already; a built-in rulebook is not replaced")));
        }
        if books.len() > usize::from(JurisdictionNo::MAX) {
            return Err(refused("too many jurisdictions"));
        }
        unambiguous(&books)?;
        let named = books.iter().flat_map(|b| &b.rules).flat_map(|r| &r.registries).map(|r| r.id.clone());
        let registers: Vec<String> = named.collect::<BTreeSet<_>>().into_iter().collect();
        if registers.len() >= 64 {
            return Err(refused("more than 63 registers"));
        }
        let (tightened, of_letters) = (Vec::new(), vec![0; 26 * 26]);
        let mut books = Self { books, registers, fallback: 0, eu: None, tightened, of_letters };
        let fallback = books.number("ZZ").ok_or_else(|| refused("the fallback ZZ is missing"))?;
        (books.fallback, books.eu) = (fallback, books.number("EU"));
        for country in country::all() {
            books.of_letters[letters(country)] = books.look_up(country);
        }
        let mut lies_on = Vec::new();
        for (at, book) in books.overlays() {
            let parent = book.overlay_on.as_deref().unwrap_or_default();
            match books.number(parent) {
                None if !parent.is_empty() => {
                    return Err(refused(&format!("{} lies on a book that is not there", book.id)));
                }
                Some(parent) if book.own && book.id.ends_with(OWN) => lies_on.push((at, parent)),
                _ => {}
            }
        }
        books.tightened = lies_on;
        let zz = books.book(fallback);
        match Channel::ALL.into_iter().find(|c| zz.rule(*c, Audience::Any.into(), Day::MAX, &[]).is_none()) {
            Some(channel) => Err(refused(&format!("the fallback ZZ says nothing on {}", channel.word()))),
            None => Ok(books),
        }
    }

    /// These rulebooks and the operator's own. A book on a place that has law already never replaces it: it lies
    /// on top, under the id `DE-own`, so that both must allow; so does one on a state of the EU or EEA that follows
    /// the EU's book. One on any other place holds there instead of the fallback.
    pub fn with(&self, own: Vec<Rulebook>) -> Result<Self, Failure> {
        let mut books = self.books.clone();
        for mut book in own {
            reachable(&book)?;
            book.own = true;
            let member = Country::from_code(&book.id).and_then(Country::membership).is_some();
            if member && self.number(&book.id).is_none() {
                books.push(silent(&book));
            }
            if member || self.number(&book.id).is_some() {
                book.overlay_on = Some(book.id.clone());
                book.id.push_str(OWN);
            }
            books.push(book);
        }
        Self::new(books)
    }

    /// The operator's books that tighten one of those jurisdictions; a book on the EU tightens its members' too.
    pub fn tightening(&self, of: JurisdictionNo) -> impl Iterator<Item = JurisdictionNo> {
        let parent = self.above(self.book(of)).unwrap_or(of);
        self.tightened.iter().filter(move |(_, on)| *on == of || *on == parent).map(|(book, _)| *book)
    }

    /// The books in the order of their numbers.
    pub fn all(&self) -> &[Rulebook] {
        &self.books
    }

    /// The book of that number (the fallback's for a number nobody gave out).
    pub fn book(&self, number: JurisdictionNo) -> &Rulebook {
        let at = if usize::from(number) < self.books.len() { number } else { self.fallback };
        &self.books[usize::from(at)]
    }

    /// The number of the book of that id.
    pub fn number(&self, id: &str) -> Option<JurisdictionNo> {
        let at = self.books.binary_search_by(|b| b.id.as_str().cmp(id)).ok()?;
        JurisdictionNo::try_from(at).ok()
    }

    /// The book that holds where nothing else is known.
    pub const fn fallback(&self) -> JurisdictionNo {
        self.fallback
    }

    /// The jurisdiction of a country: its own book, else the EU's for members of EU and EEA, else the fallback.
    pub fn of_country(&self, country: Country) -> JurisdictionNo {
        self.of_letters.get(letters(country)).copied().unwrap_or(self.fallback)
    }

    fn look_up(&self, country: Country) -> JurisdictionNo {
        let own = self.number(country.law().code());
        own.or_else(|| country.membership().and(self.eu)).unwrap_or(self.fallback)
    }

    /// The rule of a jurisdiction on a day: its own, else the EU's for a member state, else the fallback's. An
    /// overlay has only its own: where it says nothing, the book below speaks for itself.
    pub fn rule(
        &self,
        of: JurisdictionNo,
        channel: Channel,
        who: Who,
        day: Day,
        claims: &[String],
    ) -> Option<&Rule> {
        let book = self.book(of);
        if book.overlay_on.is_some() {
            return book.rule(channel, who, day, claims);
        }
        let books = [Some(of), self.above(book), Some(self.fallback)].into_iter().flatten();
        books.map(|number| self.book(number)).find_map(|b| b.rule(channel, who, day, claims))
    }

    /// The age in years from which people consent for themselves there: the book's own, else the EU's for a
    /// member; none where none was read.
    pub fn minor_age(&self, of: JurisdictionNo) -> Option<i32> {
        let age = |of| self.book(of).minor_age.as_ref().map(|age| i32::from(age.years));
        age(of).or_else(|| age(self.above(self.book(of))?))
    }

    /// The EU's book, for the book of a member.
    fn above(&self, book: &Rulebook) -> Option<JurisdictionNo> {
        Country::from_code(&book.id).and_then(Country::membership).and(self.eu)
    }

    /// The overlays and what brings each into question.
    pub fn overlays(&self) -> impl Iterator<Item = (JurisdictionNo, &Rulebook)> {
        (0..=JurisdictionNo::MAX).zip(&self.books).filter(|(_, book)| book.overlay_on.is_some())
    }

    /// The number of a register, from 1; 0 is kept for *not told which*.
    pub fn register(&self, id: &str) -> Option<u16> {
        let at = self.registers.binary_search_by(|r| r.as_str().cmp(id)).ok()?;
        u16::try_from(at + 1).ok()
    }

    /// Whether a register lists who consented rather than who refused.
    pub fn lists_consents(&self, id: &str) -> bool {
        let registers = self.books.iter().flat_map(|b| &b.rules).flat_map(|r| &r.registries);
        registers.filter(|register| register.id == id).any(|register| register.positive)
    }

    /// The channels that a register is about.
    pub fn register_channels(&self, id: &str) -> Channels {
        let rules = self.books.iter().flat_map(|book| &book.rules);
        let told = rules.flat_map(|rule| {
            let own = rule.registries.iter().filter(|register| register.id == id);
            own.flat_map(
                |register| if register.channels.is_empty() { &rule.channels } else { &register.channels },
            )
        });
        told.fold(Channels::NONE, |all, channel| all.union(Channels::only(*channel)))
    }

    /// Ids of all registers that some rule names, sorted.
    pub fn registers(&self) -> &[String] {
        &self.registers
    }
}

/// A book without rules of its own for a state that follows the EU's, for the operator's to lie on.
fn silent(of: &Rulebook) -> Rulebook {
    Rulebook {
        id: of.id.clone(),
        name: format!("{} (follows the EU)", of.id),
        as_of: of.as_of,
        sha256: of.sha256,
        ..Rulebook::default()
    }
}

/// Whether every rule has its own name, for reports say which decided, and every register one meaning, in all books.
fn unambiguous(books: &[Rulebook]) -> Result<(), Failure> {
    let mut ids = BTreeSet::new();
    if let Some(twice) = books.iter().flat_map(|b| &b.rules).find(|rule| !ids.insert(&rule.id)) {
        return Err(refused(&format!("there are two rules called {}", twice.id)));
    }
    let mut positive = BTreeMap::new();
    for register in books.iter().flat_map(|b| &b.rules).flat_map(|rule| &rule.registries) {
        if *positive.entry(&register.id).or_insert(register.positive) != register.positive {
            let what = format!("the register {} cannot list consents here and refusals there", register.id);
            return Err(refused(&what));
        }
    }
    Ok(())
}

/// Whether a contact can ever come under the book: some country has its code, and no other's law holds there.
fn reachable(book: &Rulebook) -> Result<(), Failure> {
    if book.overlay_on.is_some() || ["EU", "ZZ"].contains(&book.id.as_str()) {
        return Ok(());
    }
    let law = Country::from_code(&book.id).map(Country::law);
    match law {
        Some(law) if law.code() == book.id => Ok(()),
        Some(law) => Err(refused(&format!("{} is under the law of {}", book.id, law.code()))
            .hint(format!("write the rulebook for {}", law.code()))),
        None => Err(refused(&format!("no country has the code {}", book.id))),
    }
}

/// The built-in files: id and text.
pub const FILES: &[(&str, &str)] = RULEBOOKS;

/// The built-in rulebooks.
pub fn rulebooks() -> &'static Rulebooks {
    static BOOKS: OnceLock<Rulebooks> = OnceLock::new();
    BOOKS.get_or_init(|| {
        let books = FILES.iter().map(|(id, text)| Rulebook::parse(text, id)).collect::<Result<_, _>>();
        books.and_then(Rulebooks::new).expect("the built-in rulebooks load: a test reads them")
    })
}
