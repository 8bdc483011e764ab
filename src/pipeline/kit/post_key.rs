//! Postal addresses in suppression files: `family | street | postal code or city`, folded as keys are, so that the
//! next run finds the same household; without a family name, whoever lives there.
//!
//! Knows how the keys of postal points are put together; nothing of refusals.

use crate::link::{NameFolder, StreetFolder, UNIT, push_forgiving};
use crate::pipeline::kit::keys::PART;
use crate::pipeline::kit::row_sheet::Point;

/// Before the words of a company's name in a key.
const COMPANY: char = '\u{1e}';

/// The entry of a postal point: its household; of a point without a family name its house. None without a house.
pub(crate) fn entry(point: &Point<'_>) -> Option<String> {
    let (family, house) = if point.keyable {
        let (family, house) = point.key.split_once(PART)?;
        (family.trim_start_matches(COMPANY), house)
    } else {
        ("", house(point.exact)?)
    };
    let (street, area) = house.split_once(PART)?;
    Some(format!("{family} | {street} | {area}").trim_start().to_owned())
}

/// Street and area of a postal point's exact text, which names stand before; none where one of them lacks.
fn house(exact: &str) -> Option<&str> {
    let (before, area) = exact.rsplit_once(PART)?;
    let street = before.rsplit_once(PART).map_or(before, |(_, street)| street);
    let house = exact.get(exact.len() - area.len() - PART.len_utf8() - street.len()..)?;
    (!street.is_empty() && !area.is_empty()).then_some(house)
}

/// The match key of the house alone: the exact text from the mark before the street on.
pub(crate) fn nameless(exact: &str) -> Option<&str> {
    let at = exact.len().checked_sub(house(exact)?.len() + PART.len_utf8())?;
    exact.get(at..)
}

/// A house as it is looked for: its parts folded, and the family that one row names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct House<'a> {
    /// Empty where nobody is named.
    pub(crate) family: &'a [u8],
    pub(crate) street: &'a [u8],
    pub(crate) code: &'a [u8],
    pub(crate) city: &'a [u8],
}

/// Which of two rows a key is made for: only where both tell a part of the address does it have to be the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Refused,
    Asked,
}

impl House<'_> {
    /// The keys under which a refusal of the house, or of the family there, is kept.
    pub(crate) fn refused(&self, key: &mut Vec<u8>, mut take: impl FnMut(&str)) {
        self.each(Side::Refused, self.family, key, &mut take);
    }

    /// The keys under which refusals are found that bind the family, and those that bind whoever lives in the house.
    pub(crate) fn asked(&self, key: &mut Vec<u8>, mut take: impl FnMut(&str)) {
        self.each(Side::Asked, self.family, key, &mut take);
        if !self.family.is_empty() {
            self.each(Side::Asked, b"", key, &mut take);
        }
    }

    /// A flat, and a postal code beside the city, hold two rows apart where both tell one. So a refusal is kept under what
    /// it tells and under its telling it (`*`, `+`), and asked for under the same and under nothing being told (`-`).
    fn each(&self, side: Side, family: &[u8], key: &mut Vec<u8>, take: &mut impl FnMut(&str)) {
        let Self { street, code, city, .. } = *self;
        // Whether a name is a company's is told by some files only.
        let family = family.strip_prefix(&[COMPANY as u8]).unwrap_or(family);
        let unit = memchr::memmem::rfind(street, UNIT.as_bytes());
        let (base, unit) =
            unit.map_or((street, None), |at| (&street[..at], Some(&street[at + UNIT.len()..])));
        let units: [Option<(u8, &[u8])>; 2] = match (unit, side) {
            (Some(unit), Side::Refused) => [Some((b'=', unit)), Some((b'*', b""))],
            (Some(unit), Side::Asked) => [Some((b'=', unit)), Some((b'-', b""))],
            (None, Side::Refused) => [Some((b'-', b"")), None],
            (None, Side::Asked) => [Some((b'-', b"")), Some((b'*', b""))],
        };
        let areas: [Option<(u8, &[u8])>; 2] = match (code.is_empty(), city.is_empty(), side) {
            (true, true, _) => [None, None],
            (false, true, _) => [Some((b'=', code)), None],
            (false, false, Side::Refused) => [Some((b'=', code)), Some((b'+', city))],
            (false, false, Side::Asked) => [Some((b'=', code)), Some((b'-', city))],
            (true, false, Side::Refused) => [Some((b'-', city)), None],
            (true, false, Side::Asked) => [Some((b'+', city)), Some((b'-', city))],
        };
        for (unit_mark, unit) in units.into_iter().flatten() {
            for (area_mark, area) in areas.into_iter().flatten() {
                key.clear();
                key.push(PART as u8);
                push_forgiving(key, family);
                for part in [base, unit, area] {
                    key.push(PART as u8);
                    key.extend_from_slice(part);
                }
                key.extend_from_slice(&[PART as u8, unit_mark, area_mark]);
                // Folded text that was cut within a letter is nobody's.
                if let Ok(text) = std::str::from_utf8(key) {
                    take(text);
                }
            }
        }
    }
}

/// Reads an entry back: its household key, or for a nameless one the house alone; whether it has a name.
pub(crate) fn read(
    entry: &str,
    names: &mut NameFolder,
    streets: &mut StreetFolder,
) -> Option<(String, bool)> {
    let mut parts = entry.split('|').map(str::trim);
    let (Some(family), Some(street), Some(area), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let mut key = String::from_utf8_lossy(names.household(family)).into_owned();
    let named = !key.is_empty();
    key.push(PART);
    let before = key.len();
    key.push_str(&String::from_utf8_lossy(streets.street(street, "")));
    if key.len() == before {
        return None;
    }
    key.push(PART);
    key.push_str(&String::from_utf8_lossy(folded_area(area, streets)));
    Some((key, named))
}

/// Folds an area again that is a postal code, or a city where no digit stands in it.
fn folded_area<'s>(area: &str, streets: &'s mut StreetFolder) -> &'s [u8] {
    let is_code = area.bytes().any(|b| b.is_ascii_digit());
    if is_code { streets.area(area, "") } else { streets.area("", area) }
}

#[cfg(test)]
mod tests {
    use super::{House, PART, entry, house, nameless, read};
    use crate::link::{NameCells, NameFolder, StreetFolder, family};
    use crate::pipeline::kit::row_sheet::Point;
    use crate::record::{Field, PointKind};
    use std::collections::BTreeSet;

    /// The key of a row with these cells, and what an entry of it leads the next run to.
    fn check(cells: NameCells<'_>, street: &str, area: (&str, &str), text: &str) {
        let (mut names, mut streets) = (NameFolder::default(), StreetFolder::default());
        let name = names.fold(cells).to_vec();
        let utf8 = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let house_key =
            format!("{}{PART}{}", utf8(streets.street(street, "")), utf8(streets.area(area.0, area.1)));
        let (own, household) = (
            format!("{}{PART}{house_key}", utf8(&name)),
            format!("{}{PART}{house_key}", utf8(family(&name))),
        );
        let keyable = !family(&name).is_empty();
        let (kind, field, exact, key) = (PointKind::Post, Field::Street, own.as_str(), household.as_str());
        let point = Point { kind, field, typed: "", exact, key, keyable, reasons: &[] };
        let written = entry(&point).unwrap();
        assert_eq!(written, text);
        assert_eq!(house(&own), Some(house_key.as_str()));
        assert_eq!(nameless(&own), Some(format!("{PART}{house_key}").as_str()));
        let (key, named) = read(&written, &mut names, &mut streets).unwrap();
        assert_eq!((key.as_str(), named), (household.as_str(), keyable), "{text}");
    }

    #[test]
    fn an_entry_leads_back_to_the_same_household() {
        let person = |first, last| NameCells { first, last, ..NameCells::default() };
        let main = ("90210-1234", "Beverly Hills");
        check(person("Jane", "Doe"), "12 Main Street, Apt. 3", main, "doe | 12 main st apt 3 | 90210");
        check(person("John", "Child"), "12 Main Street", main, "child | 12 main st | 90210");
        let (ann, cologne) = (person("Ann", "van der Berg"), ("", "Köln"));
        check(ann, "Hauptstraße 5", cologne, "van der berg | hauptstr 5 | koln");
        let (company, leeds) = (person("", "Acme & Sons Ltd."), ("LS1 4AP", "Leeds"));
        check(company, "1 Elm Road", leeds, "acme sons ltd | 1 elm rd | ls14ap");
        check(person("Jane", ""), "12 Main Street", main, "| 12 main st | 90210");
    }

    fn keys(house: House<'_>, refused: bool) -> BTreeSet<String> {
        let (mut key, mut all) = (Vec::new(), BTreeSet::new());
        let take = |text: &str| _ = all.insert(text.to_owned());
        if refused {
            house.refused(&mut key, take)
        } else {
            house.asked(&mut key, take)
        }
        all
    }

    #[test]
    fn what_both_tell_must_be_the_same_and_what_one_tells_need_not() {
        let house = |family: &'static str, street: &'static str, code: &'static str, city: &'static str| {
            let [family, street, code, city] = [family, street, code, city].map(str::as_bytes);
            House { family, street, code, city }
        };
        let met = |refused, asked| keys(refused, true).intersection(&keys(asked, false)).count();
        let doe = house("doe", "12 main st apt 3", "2139", "cambridge");
        for same in [
            doe,
            house("doe", "12 main st", "2139", "cambridge"),
            house("doe", "12 main st apt 3", "2139", ""),
            house("doe", "12 main st apt 3", "", "cambridge"),
            house("doe", "12 main st apt 3", "2139", "cambridgeport"),
        ] {
            assert_eq!((met(doe, same), met(same, doe)), (1, 1), "{same:?}");
        }
        for other in [
            house("poe", "12 main st apt 3", "2139", "cambridge"),
            house("doe", "14 main st apt 3", "2139", "cambridge"),
            house("doe", "12 main st apt 4", "2139", "cambridge"),
            house("doe", "12 main st apt 3", "2140", "cambridge"),
            house("doe", "12 main st apt 3", "", "boston"),
        ] {
            assert_eq!((met(doe, other), met(other, doe)), (0, 0), "{other:?}");
        }
        let nobody = house("", "12 main st", "2139", "");
        assert_eq!((met(nobody, doe), met(doe, nobody)), (1, 0));
    }

    #[test]
    fn what_is_no_entry_is_none() {
        let (mut names, mut streets) = (NameFolder::default(), StreetFolder::default());
        for text in ["", "doe", "doe | 12 main st", "doe | | 90210", "doe | main | 1 | 2"] {
            assert_eq!(read(text, &mut names, &mut streets), None, "{text}");
        }
        assert_eq!(house("jane\u{1f}12 main st\u{1f}"), None);
        assert_eq!(house("\u{1f}\u{1f}90210"), None);
    }
}
