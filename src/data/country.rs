//! Countries: codes, names in several languages, membership of EU and EEA.
//!
//! Reads text only; which law a country's people enjoy is told by the rulebooks. Source of the table:
//! `countries.toml` (ISO 3166-1, Unicode CLDR).

use crate::data::built_in;
use crate::data::fold::{Folded, is_accent, lower};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::LazyLock;

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
        TABLE.find(code).map(|_| Self(code))
    }

    /// The two-letter code.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Membership of EU or EEA of the state whose law holds here.
    pub fn membership(self) -> Option<Membership> {
        TABLE.find(self.law().0).and_then(|info| info.member)
    }

    /// The state whose rulebook holds here: itself, or the state the territory is part of.
    pub fn law(self) -> Self {
        TABLE.find(self.0).and_then(|info| info.law).unwrap_or(self)
    }
}

/// The country that a cell names: ISO code of two or three letters, or a name in one of the languages of the
/// table; case, accents and punctuation do not matter. Does not allocate.
pub fn country(text: &str) -> Option<Country> {
    let trimmed = text.trim();
    let of_code = match trimmed.len() {
        2 => Country::from_code(trimmed),
        3 => TABLE.iso3(trimmed),
        _ => None,
    };
    if of_code.is_some() {
        return of_code;
    }
    let folded = fold(trimmed)?;
    let name = |name: &str| TABLE.names.get(name).copied();
    name(folded.as_str()).or_else(|| name(folded.as_str().strip_prefix("the ")?))
}

struct Info {
    country: Country,
    member: Option<Membership>,
    law: Option<Country>,
}

struct CountryTable {
    /// By the place of their codes.
    infos: Vec<Option<Info>>,
    iso3: Vec<([u8; 3], Country)>,
    names: HashMap<Box<str>, Country>,
}

impl CountryTable {
    fn find(&self, code: [u8; 2]) -> Option<&Info> {
        self.infos.get(slot(code)?)?.as_ref()
    }

    fn iso3(&self, code: &str) -> Option<Country> {
        let &[a, b, c] = code.as_bytes() else { return None };
        let code = [a.to_ascii_uppercase(), b.to_ascii_uppercase(), c.to_ascii_uppercase()];
        let at = self.iso3.binary_search_by_key(&code, |(iso3, _)| *iso3).ok()?;
        self.iso3.get(at).map(|(_, country)| *country)
    }
}

/// The place of two capital letters among all pairs, from `AA` on.
pub(super) fn slot(code: [u8; 2]) -> Option<usize> {
    let [a, b] = code;
    (a.is_ascii_uppercase() && b.is_ascii_uppercase())
        .then(|| usize::from(a - b'A') * 26 + usize::from(b - b'A'))
}

tables! {
    struct CountryFile {
        country: BTreeMap<String, CountryEntry>,
    }

    struct CountryEntry {
        iso3: String,
        member: Option<Membership>,
        law: Option<String>,
        names: Vec<String>,
    }
}

const TEXT: &str = include_str!("countries.toml");

static TABLE: LazyLock<CountryTable> = LazyLock::new(|| build(built_in::table("countries.toml", TEXT)));

fn build(file: CountryFile) -> CountryTable {
    let mut table = CountryTable {
        infos: std::iter::repeat_with(|| None).take(26 * 26).collect(),
        iso3: Vec::with_capacity(file.country.len()),
        names: HashMap::new(),
    };
    for (code, entry) in file.country {
        let Some((country, at)) = letters(&code).and_then(|country| Some((country, slot(country.0)?))) else {
            continue;
        };
        let law = entry.law.as_deref().and_then(letters);
        table.infos[at] = Some(Info { country, member: entry.member, law });
        if let Ok(iso3) = entry.iso3.as_bytes().try_into() {
            table.iso3.push((iso3, country));
        }
        table.names.extend(entry.names.into_iter().map(|name| (name.into_boxed_str(), country)));
    }
    table.iso3.sort_unstable();
    table
}

fn letters(code: &str) -> Option<Country> {
    code.as_bytes().try_into().ok().map(Country)
}

/// All countries of the table, by code.
pub fn all() -> impl Iterator<Item = Country> {
    TABLE.infos.iter().flatten().map(|info| info.country)
}

/// Lower case, accents off Latin and Greek letters, words apart by one blank; none for a text longer than any name.
fn fold(text: &str) -> Option<Folded> {
    let plain = |base| match base {
        'ς' => Some('σ'),
        'a'..='z' | 'α'..='ω' => Some(base),
        'ŧ' => Some('t'),
        _ => None,
    };
    Folded::by(text, |c, rest| lower(c, rest, plain), is_accent)
}

#[cfg(test)]
mod tests {
    use super::{Country, CountryFile, Membership, TEXT, all, country, fold};

    fn check(cell: &str, code: &str) {
        assert_eq!(country(cell).map(|c| c.code().to_owned()).unwrap_or_default(), code, "{cell:?}");
    }

    #[test]
    fn a_cell_names_a_country_by_code_or_name() {
        for (cells, code) in [
            ("DE; de ; DEU; Deutschland; Allemagne; Niemcy; Německo", "DE"),
            ("ÖSTERREICH; Oesterreich", "AT"),
            ("UK; England; Scotland; Wales; Royaume-Uni", "GB"),
            ("EL; Ελλάδα; ΕΛΛΑΔΑ", "GR"),
            ("USA; U.S.A.; United States of America; États-Unis", "US"),
            ("The Netherlands", "NL"),
            ("España", "ES"),
            ("TÜRKİYE", "TR"),
            ("Korea, Republic of", "KR"),
            ("Россия", "RU"),
            ("日本", "JP"),
            ("Côte d’Ivoire; Cote d'Ivoire", "CI"),
        ] {
            cells.split("; ").for_each(|cell| check(cell, code));
        }
    }

    #[test]
    fn near_misses_name_no_country() {
        for cell in ["", " ", "XX", "D", "Germanyy", "the ", "12", "EU", "n/a", &"x".repeat(500), "\u{301}"] {
            check(cell, "");
        }
    }

    #[test]
    fn membership_and_law_of_territories() {
        let of = |code| Country::from_code(code).unwrap();
        let (eu, eea) = (Some(Membership::Eu), Some(Membership::Eea));
        for (code, membership) in [("PL", eu), ("RE", eu), ("NO", eea), ("GB", None), ("CH", None)] {
            assert_eq!(of(code).membership(), membership, "{code}");
        }
        assert_eq!(of("RE").law(), of("FR"));
        assert_eq!(all().filter(|c| c.membership() == eea).count(), 4, "IS LI NO and Svalbard");
    }

    #[test]
    fn the_table_is_sorted_folded_and_says_each_name_once() {
        let file: CountryFile = toml::from_str(TEXT).unwrap();
        let mut seen = std::collections::BTreeMap::new();
        for (code, entry) in &file.country {
            assert!(entry.names.is_sorted_by(|a, b| a < b), "{code}");
            assert_eq!(country(&entry.iso3).map(|c| c.code().to_owned()).as_deref(), Some(code.as_str()));
            if let Some(law) = &entry.law {
                assert!(file.country.contains_key(law), "{code}");
            }
            for name in &entry.names {
                assert_eq!(fold(name).unwrap().as_str(), name, "{code}");
                assert_eq!(seen.insert(name.clone(), code), None, "{name} is claimed twice");
                check(name, code);
            }
        }
        assert_eq!(file.country.values().filter(|e| e.member == Some(Membership::Eu)).count(), 27);
        assert_eq!(file.country.len(), 250, "ISO 3166-1 and Kosovo");
    }
}
