//! What brings an overlay into question: the region of an address, the area code of a number, the domain of a
//! mailbox. Made once from the rulebooks; looks up without allocating.

use crate::data::jurisdiction::{JurisdictionNo, Rulebooks};

/// The overlays of the rulebooks, by what brings them.
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
