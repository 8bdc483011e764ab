//! Countries: codes, names in several languages, country-code domains, membership of EU and EEA.
//!
//! Reads text only; which law a country's people enjoy is told by the rulebooks. Source of the table:
//! `countries.toml` (ISO 3166-1, Unicode CLDR).

use crate::data::built_in;
use crate::data::fold::{is_accent, plain_letters};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::OnceLock;
use unicode_normalization::char::decompose_canonical;

/// A country or territory by its ISO 3166-1 alpha-2 code, upper case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Whether European law binds the country.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Membership {
    /// Member of the European Union.
    Eu,
    /// Outside the Union, inside the European Economic Area.
    Eea,
}

impl Country {
    /// The country of a two-letter code (any case); `UK` and `EL` are read as their users mean them.
    pub fn from_code(code: &str) -> Option<Self> {
        let &[a, b] = code.as_bytes() else { return None };
        let code = match [a.to_ascii_uppercase(), b.to_ascii_uppercase()] {
            [b'U', b'K'] => *b"GB",
            [b'E', b'L'] => *b"GR",
            code => code,
        };
        table().find(code).map(|_| Self(code))
    }

    /// The two-letter code.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Membership of EU or EEA of the state whose law holds here.
    pub fn membership(self) -> Option<Membership> {
        table().find(self.law().0).and_then(|info| info.member)
    }

    /// The state whose rulebook holds here: itself, or the state the territory is part of.
    pub fn law(self) -> Self {
        table().find(self.0).and_then(|info| info.law).unwrap_or(self)
    }

    /// The state whose calling code and mobile ranges it shares without being part of it.
    pub fn shares_numbers_of(self) -> Option<Self> {
        table().find(self.0).and_then(|info| info.numbers)
    }
}

/// The country that a cell names: ISO code of two or three letters, or a name in one of the languages of the
/// table; case, accents and punctuation do not matter. Does not allocate.
pub fn country(text: &str) -> Option<Country> {
    let trimmed = text.trim();
    let table = table();
    let of_code = match trimmed.len() {
        2 => Country::from_code(trimmed),
        3 => table.iso3(trimmed),
        _ => None,
    };
    if of_code.is_some() {
        return of_code;
    }
    let mut buffer = [0u8; NAME_MAX];
    let folded = fold(trimmed, &mut buffer)?;
    table.name(folded).or_else(|| table.name(folded.strip_prefix("the ")?))
}

/// The country of a host name's country-code domain; none for domains that are sold to anybody
/// (`.ai .io .co …`), for `.eu` and for domains that are no country's.
pub fn of_domain(host: &str) -> Option<Country> {
    let label = host.trim_end_matches('.').rsplit('.').next()?;
    let &[a, b] = label.as_bytes() else { return None };
    let code = [a.to_ascii_lowercase(), b.to_ascii_lowercase()];
    let table = table();
    if table.generic.binary_search(&code).is_ok() || code == *b"el" {
        return None;
    }
    Country::from_code(label)
}

const NAME_MAX: usize = 64;
const NONE: u8 = u8::MAX;

struct Info {
    country: Country,
    member: Option<Membership>,
    law: Option<Country>,
    numbers: Option<Country>,
}

struct CountryTable {
    infos: Vec<Info>,
    by_code: [u8; 26 * 26],
    iso3: Vec<([u8; 3], Country)>,
    names: HashMap<Box<str>, Country>,
    generic: Vec<[u8; 2]>,
}

impl CountryTable {
    fn find(&self, code: [u8; 2]) -> Option<&Info> {
        let at = self.by_code.get(slot(code)?)?;
        self.infos.get(usize::from(*at))
    }

    fn iso3(&self, code: &str) -> Option<Country> {
        let &[a, b, c] = code.as_bytes() else { return None };
        let code = [a.to_ascii_uppercase(), b.to_ascii_uppercase(), c.to_ascii_uppercase()];
        let at = self.iso3.binary_search_by_key(&code, |(iso3, _)| *iso3).ok()?;
        self.iso3.get(at).map(|(_, country)| *country)
    }

    fn name(&self, folded: &str) -> Option<Country> {
        self.names.get(folded).copied()
    }
}

/// The place of two capital letters among all pairs, from `AA` on.
pub(super) fn slot(code: [u8; 2]) -> Option<usize> {
    let [a, b] = code;
    (a.is_ascii_uppercase() && b.is_ascii_uppercase())
        .then(|| usize::from(a - b'A') * 26 + usize::from(b - b'A'))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountryFile {
    generic_domains: Vec<String>,
    country: BTreeMap<String, CountryEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountryEntry {
    iso3: String,
    member: Option<Membership>,
    law: Option<String>,
    numbers: Option<String>,
    names: Vec<String>,
}

const TEXT: &str = include_str!("countries.toml");

fn table() -> &'static CountryTable {
    static TABLE: OnceLock<CountryTable> = OnceLock::new();
    TABLE.get_or_init(|| build(built_in::table("countries.toml", TEXT)))
}

fn build(file: CountryFile) -> CountryTable {
    let mut table = CountryTable {
        infos: Vec::with_capacity(file.country.len()),
        by_code: [NONE; 26 * 26],
        iso3: Vec::with_capacity(file.country.len()),
        names: HashMap::new(),
        generic: file.generic_domains.iter().filter_map(|d| d.as_bytes().try_into().ok()).collect(),
    };
    for (code, entry) in file.country {
        let Some(country) = letters(&code) else { continue };
        if let (Some(at), Ok(number)) = (slot(country.0), u8::try_from(table.infos.len())) {
            table.by_code[at] = number;
        }
        let [law, numbers] = [&entry.law, &entry.numbers].map(|code| code.as_deref().and_then(letters));
        table.infos.push(Info { country, member: entry.member, law, numbers });
        if let Ok(iso3) = entry.iso3.as_bytes().try_into() {
            table.iso3.push((iso3, country));
        }
        table.names.extend(entry.names.into_iter().map(|name| (name.into_boxed_str(), country)));
    }
    table.iso3.sort_unstable();
    table.generic.sort_unstable();
    table
}

fn letters(code: &str) -> Option<Country> {
    code.as_bytes().try_into().ok().map(Country)
}

/// All countries of the table, by code.
pub fn all() -> impl Iterator<Item = Country> {
    table().infos.iter().map(|info| info.country)
}

/// Lower case, accents off, words apart by one blank; none when the text does not fit (no name is so long).
fn fold<'b>(text: &str, buffer: &'b mut [u8; NAME_MAX]) -> Option<&'b str> {
    let mut folded = FoldedName { buffer, len: 0, gap: false };
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            folded.push(&[u8::try_from(c).ok()?.to_ascii_lowercase()])?;
        } else if c.is_ascii() {
            folded.gap = folded.len > 0;
        } else {
            c.to_lowercase().try_for_each(|c| folded.letter(c))?;
        }
    }
    let FoldedName { buffer, len, .. } = folded;
    std::str::from_utf8(buffer.get(..len)?).ok()
}

struct FoldedName<'b> {
    buffer: &'b mut [u8; NAME_MAX],
    len: usize,
    gap: bool,
}

impl FoldedName<'_> {
    fn push(&mut self, letters: &[u8]) -> Option<()> {
        if std::mem::take(&mut self.gap) {
            self.push(b" ")?;
        }
        self.buffer.get_mut(self.len..self.len + letters.len())?.copy_from_slice(letters);
        self.len += letters.len();
        Some(())
    }

    /// A lower-case letter beyond ASCII; a combining mark says nothing, anything else parts words.
    fn letter(&mut self, c: char) -> Option<()> {
        if is_accent(c) {
            return Some(());
        }
        if !c.is_alphanumeric() {
            self.gap = self.len > 0;
            return Some(());
        }
        let base = base_letter(c);
        self.push(plain_letters(base).unwrap_or(base.encode_utf8(&mut [0; 4])).as_bytes())
    }
}

/// The letter under the marks of a lower-case Latin or Greek one; others stay: their marks make another letter of them.
fn base_letter(c: char) -> char {
    let mut base = None;
    decompose_canonical(c, |part| _ = base.get_or_insert(part));
    match base {
        Some('ς') => 'σ',
        Some(base @ ('a'..='z' | 'α'..='ω')) => base,
        Some('ŧ') => 't',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::{Country, CountryFile, Membership, NAME_MAX, TEXT, all, country, fold, of_domain};

    fn check(cell: &str, code: &str) {
        assert_eq!(country(cell).map(|c| c.code().to_owned()).unwrap_or_default(), code, "{cell:?}");
    }

    #[test]
    fn a_cell_names_a_country_by_code_or_name() {
        for (cell, code) in [
            ("DE", "DE"),
            ("de ", "DE"),
            ("DEU", "DE"),
            ("Deutschland", "DE"),
            ("Allemagne", "DE"),
            ("Niemcy", "DE"),
            ("Německo", "DE"),
            ("ÖSTERREICH", "AT"),
            ("Oesterreich", "AT"),
            ("UK", "GB"),
            ("England", "GB"),
            ("Scotland", "GB"),
            ("Wales", "GB"),
            ("Royaume-Uni", "GB"),
            ("EL", "GR"),
            ("Ελλάδα", "GR"),
            ("ΕΛΛΑΔΑ", "GR"),
            ("USA", "US"),
            ("U.S.A.", "US"),
            ("United States of America", "US"),
            ("États-Unis", "US"),
            ("The Netherlands", "NL"),
            ("España", "ES"),
            ("TÜRKİYE", "TR"),
            ("Korea, Republic of", "KR"),
            ("Россия", "RU"),
            ("日本", "JP"),
            ("Côte d’Ivoire", "CI"),
        ] {
            check(cell, code);
        }
    }

    #[test]
    fn near_misses_name_no_country() {
        for cell in ["", " ", "XX", "D", "Germanyy", "the ", "12", "EU", "n/a", &"x".repeat(500), "\u{301}"] {
            check(cell, "");
        }
    }

    #[test]
    fn a_domain_tells_its_country_unless_anybody_may_buy_it() {
        for (host, code) in
            [("shop.example.de", "DE"), ("example.co.uk", "GB"), ("EXAMPLE.FR.", "FR"), ("ca", "CA")]
        {
            assert_eq!(of_domain(host).as_ref().map(Country::code), Some(code), "{host}");
        }
        for host in ["x.ai", "x.io", "x.co", "x.me", "x.tv", "x.gg", "x.com", "x.eu", "x.xx", "", ".", "x.el"]
        {
            assert_eq!(of_domain(host), None, "{host}");
        }
    }

    #[test]
    fn membership_and_law_of_territories() {
        let of = |code| Country::from_code(code).unwrap();
        assert_eq!(of("PL").membership(), Some(Membership::Eu));
        assert_eq!(of("NO").membership(), Some(Membership::Eea));
        assert_eq!(of("GB").membership(), None);
        assert_eq!(of("CH").membership(), None);
        assert_eq!(of("RE").law(), of("FR"));
        assert_eq!(of("RE").membership(), Some(Membership::Eu));
        assert_eq!(
            all().filter(|c| c.membership() == Some(Membership::Eea)).count(),
            4,
            "IS LI NO and Svalbard"
        );
    }

    #[test]
    fn the_table_is_sorted_folded_and_says_each_name_once() {
        let file: CountryFile = toml::from_str(TEXT).unwrap();
        assert!(file.generic_domains.is_sorted_by(|a, b| a < b));
        let mut seen = std::collections::BTreeMap::new();
        for (code, entry) in &file.country {
            assert!(entry.names.is_sorted_by(|a, b| a < b), "{code}");
            assert_eq!(country(&entry.iso3).map(|c| c.code().to_owned()).as_deref(), Some(code.as_str()));
            if let Some(law) = &entry.law {
                assert!(file.country.contains_key(law), "{code}");
            }
            for name in &entry.names {
                assert_eq!(fold(name, &mut [0; NAME_MAX]), Some(name.as_str()), "{code}");
                assert_eq!(seen.insert(name.clone(), code), None, "{name} is claimed twice");
                check(name, code);
            }
        }
        assert_eq!(file.country.values().filter(|e| e.member == Some(Membership::Eu)).count(), 27);
        assert_eq!(file.country.len(), 250, "ISO 3166-1 and Kosovo");
    }
}
