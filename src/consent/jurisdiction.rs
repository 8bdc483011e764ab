//! Whose law holds for a contact: candidates from facts, each remembering the fact that brought it.

use crate::data::country::Country;
use crate::data::jurisdiction::{JurisdictionNo, Rulebooks};
use crate::reason::Reason;
use crate::record::words;

words! {
    /// How a country came into question; the strongest first.
    pub enum CountryFact {
        /// Country stated in the record, or of its postal address.
        Stated = "stated country",
        /// Region of a telephone number.
        Phone = "phone number",
        /// Country-code domain of an e-mail address.
        Domain = "e-mail domain",
        /// Guessed by a vendor from an IP address; counts only where there is none of the above.
        Guessed = "guessed from IP",
        /// `--country`; counts only where there is none of the first three.
        Option = "--country",
        /// `--sender-country`; adds, never replaces.
        Sender = "--sender-country",
        /// Region of an address; adds an overlay to its country.
        Region = "region of the address",
        /// Provider of a mailbox; adds an overlay to whatever holds.
        Mailbox = "mailbox provider",
        /// Nothing told: the fallback.
        Nothing = "nothing told",
    }
}

impl CountryFact {
    const fn is_strong(self) -> bool {
        matches!(self, Self::Stated | Self::Phone | Self::Domain)
    }
}

/// A jurisdiction that must allow contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Candidate {
    /// The fact that brought it, the strongest if several did.
    pub fact: CountryFact,
    /// The country that fact told; none for the fallback.
    pub country: Option<Country>,
    /// Number of the rulebook.
    pub jurisdiction: JurisdictionNo,
}

/// Collects the facts of one contact; reused from contact to contact, so that nothing is allocated for each.
#[derive(Debug, Clone, Default)]
pub struct Candidates {
    facts: Vec<(CountryFact, Country)>,
    overlays: Vec<(CountryFact, JurisdictionNo)>,
    settled: Vec<Candidate>,
}

impl Candidates {
    /// Forgets the last contact.
    pub fn clear(&mut self) {
        self.facts.clear();
        self.overlays.clear();
    }

    /// A country in question.
    pub fn add(&mut self, fact: CountryFact, country: Country) {
        if !self.facts.contains(&(fact, country)) {
            self.facts.push((fact, country));
        }
    }

    /// An overlay in question; it counts where the book it lies on does.
    pub fn overlay(&mut self, fact: CountryFact, overlay: JurisdictionNo) {
        if self.overlays.iter().all(|(_, known)| *known != overlay) {
            self.overlays.push((fact, overlay));
        }
    }

    /// The jurisdictions that must all allow contact, each once, by strength of fact, then country; the
    /// fallback where no fact tells the person's own country, the sender's beside it. Never empty.
    pub fn settle(&mut self, books: &Rulebooks) -> &[Candidate] {
        self.facts.sort_unstable();
        let strong = self.facts.iter().any(|(fact, _)| fact.is_strong());
        let own = self.facts.iter().any(|(fact, _)| *fact != CountryFact::Sender);
        self.settled.clear();
        if !own {
            let jurisdiction = books.fallback();
            self.settled.push(Candidate { fact: CountryFact::Nothing, country: None, jurisdiction });
        }
        for &(fact, country) in &self.facts {
            if strong && matches!(fact, CountryFact::Guessed | CountryFact::Option) {
                continue;
            }
            // A number from ranges within another state's plan says nothing against people who say they live there.
            let stated = |state: Country| self.facts.contains(&(CountryFact::Stated, state));
            if fact == CountryFact::Phone && country.shares_numbers_of().is_some_and(stated) {
                continue;
            }
            let jurisdiction = books.of_country(country);
            if self.settled.iter().all(|known| known.jurisdiction != jurisdiction) {
                self.settled.push(Candidate { fact, country: Some(country), jurisdiction });
            }
        }
        self.overlays.sort_unstable_by_key(|(_, overlay)| *overlay);
        for &(fact, jurisdiction) in &self.overlays {
            let lies_on = books.book(jurisdiction).overlay_on.as_deref().unwrap_or_default();
            let parent = self.settled.iter().find(|c| books.book(c.jurisdiction).id == lies_on);
            if let Some(country) = parent.map(|c| c.country).or(lies_on.is_empty().then_some(None)) {
                self.settled.push(Candidate { fact, country, jurisdiction });
            }
        }
        for at in 0..self.settled.len() {
            let on = self.settled[at];
            for jurisdiction in books.tightening(on.jurisdiction) {
                if self.settled.iter().all(|known| known.jurisdiction != jurisdiction) {
                    self.settled.push(Candidate { jurisdiction, ..on });
                }
            }
        }
        &self.settled
    }

    /// What is to be said about settled candidates.
    pub fn findings<'a>(settled: &'a [Candidate], books: &'a Rulebooks) -> impl Iterator<Item = Reason> + 'a {
        let fallback = settled.iter().any(|c| c.jurisdiction == books.fallback());
        let guessed = settled.iter().any(|c| matches!(c.fact, CountryFact::Guessed | CountryFact::Option));
        // An overlay belongs to its book and is no further jurisdiction.
        let asked = settled.iter().filter(|c| books.book(c.jurisdiction).overlay_on.is_none()).count();
        [
            (fallback, Reason::JurisdictionUnknown),
            (guessed, Reason::JurisdictionGuessed),
            (asked > 1, Reason::JurisdictionSeveral),
        ]
        .into_iter()
        .filter_map(|(said, reason)| said.then_some(reason))
    }
}

/// The overlays of the rulebooks by what brings them into question: the region of an address, the area code of a
/// number, the domain of a mailbox. Made once; looks up without allocating.
#[derive(Debug, Default)]
pub struct Overlays {
    regions: Vec<(String, JurisdictionNo)>,
    area_codes: Vec<(String, JurisdictionNo)>,
    domains: Vec<(String, JurisdictionNo)>,
    parted: Vec<String>,
    /// Whether a book of the operator's is brought by a mail domain.
    pub own_domains: bool,
}

impl Overlays {
    /// Collects them.
    pub fn of(books: &Rulebooks) -> Self {
        let mut all = Self::default();
        for (number, book) in books.overlays() {
            let each = |words: &[String]| words.iter().map(|w| (w.clone(), number)).collect::<Vec<_>>();
            all.regions.extend(each(&book.reaches.regions));
            all.area_codes.extend(each(&book.reaches.area_codes));
            all.domains.extend(each(&book.reaches.domains));
            all.own_domains |= book.own && !book.reaches.domains.is_empty();
        }
        all.area_codes.sort();
        all.parted = books.overlays().filter_map(|(_, book)| book.overlay_on.clone()).collect();
        all.parted.sort();
        all.parted.dedup();
        all
    }

    /// Whether parts of the country of that ISO code have a law of their own.
    pub fn part(&self, country: [u8; 2]) -> bool {
        self.parted.iter().any(|id| id.as_bytes() == country)
    }

    /// The overlays of a region by its name or code; the same code in several countries brings several, of
    /// which only those count whose country is in question.
    pub fn region(&self, text: &str) -> impl Iterator<Item = JurisdictionNo> {
        let text = text.trim();
        self.regions.iter().filter(move |(name, _)| name.eq_ignore_ascii_case(text)).map(|(_, of)| *of)
    }

    /// The overlays whose law presumes residence from the area code of a North American number in E.164.
    pub fn number(&self, e164: &str) -> impl Iterator<Item = JurisdictionNo> {
        let code = e164.strip_prefix("+1").and_then(|digits| digits.get(..3)).unwrap_or_default();
        let from = self.area_codes.partition_point(|(known, _)| known.as_str() < code);
        self.area_codes.iter().skip(from).take_while(move |(known, _)| known == code).map(|(_, of)| *of)
    }

    /// The overlays of a mailbox provider by the domain in small letters.
    pub fn domain(&self, domain: &str) -> impl Iterator<Item = JurisdictionNo> {
        let same = move |known: &str| match known.strip_suffix('.') {
            Some(stem) => domain.strip_prefix(stem).is_some_and(|rest| rest.starts_with('.')),
            None => known == domain,
        };
        self.domains.iter().filter(move |(known, _)| same(known)).map(|(_, of)| *of)
    }
}

#[cfg(test)]
mod tests {
    use super::{Candidates, CountryFact};
    use crate::data::country::country;
    use crate::data::rulebooks;

    fn check(facts: &[(CountryFact, &str)], wanted: &[(&str, CountryFact)]) {
        let mut candidates = Candidates::default();
        for order in [facts.to_vec(), facts.iter().rev().copied().collect()] {
            candidates.clear();
            for (fact, name) in order {
                candidates.add(fact, country(name).unwrap());
            }
            let books = rulebooks();
            let found: Vec<_> = candidates
                .settle(books)
                .iter()
                .map(|c| (books.book(c.jurisdiction).id.as_str(), c.fact))
                .collect();
            assert_eq!(found, wanted, "{facts:?}");
        }
    }

    #[test]
    fn facts_bring_candidates() {
        use CountryFact::{Domain, Guessed, Nothing, Option, Phone, Sender, Stated};
        check(&[], &[("ZZ", Nothing)]);
        check(&[(Sender, "DE")], &[("ZZ", Nothing), ("DE", Sender)]);
        check(&[(Stated, "FR"), (Phone, "GB")], &[("FR", Stated), ("GB", Phone)]);
        check(&[(Stated, "LT"), (Phone, "LV"), (Domain, "IS")], &[("EU", Stated)]);
        check(&[(Stated, "FR"), (Guessed, "US"), (Option, "GB")], &[("FR", Stated)]);
        check(&[(Guessed, "US"), (Option, "GB")], &[("US", Guessed), ("GB", Option)]);
        check(&[(Domain, "AU"), (Sender, "CA")], &[("AU", Domain), ("CA", Sender)]);
        check(&[(Stated, "DE"), (Sender, "DE")], &[("DE", Stated)]);
        check(&[(Stated, "KE")], &[("ZZ", Stated)]);
        check(&[(Phone, "RE")], &[("FR", Phone)]);
        check(&[(Stated, "CH")], &[("CH", Stated)]);
        check(&[(Stated, "GB"), (Phone, "JE")], &[("GB", Stated)]);
        check(&[(Stated, "GB"), (Phone, "GG"), (Domain, "IM")], &[("GB", Stated), ("ZZ", Domain)]);
        check(&[(Stated, "FR"), (Phone, "JE")], &[("FR", Stated), ("ZZ", Phone)]);
        check(&[(Phone, "JE")], &[("ZZ", Phone)]);
        check(&[(Stated, "JE"), (Phone, "GB")], &[("ZZ", Stated), ("GB", Phone)]);
    }
}
