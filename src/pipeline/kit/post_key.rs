//! Postal addresses in suppression files: `family | street | postal code or city`, folded as keys are, so that the
//! next run finds the same household; without a family name, whoever lives there.
//!
//! Knows how the keys of postal points are put together; nothing of refusals.

use crate::link::{NameFolder, StreetFolder};
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
    key.push_str(&String::from_utf8_lossy(streets.area(area, "")));
    Some((key, named))
}

#[cfg(test)]
mod tests {
    use super::{PART, entry, house, nameless, read};
    use crate::link::{NameCells, NameFolder, StreetFolder, family};
    use crate::pipeline::kit::row_sheet::Point;
    use crate::record::{Field, PointKind};

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
