//! Who lives where: the name and the postal address of the row at hand, folded as match keys are.
//!
//! Knows which columns hold them; not whom an address binds.

use crate::link::{NameCells, NameFolder, StreetFolder, family};
use crate::mapping::model::Mapping;
use crate::pipeline::kit::keys::PART;
use crate::pipeline::kit::post_key::{self, House};
use crate::pipeline::kit::row_sheet::Point;
use crate::pipeline::understand::output_columns::{Layout, SourceColumns};
use crate::record::{Field, Kind};
use crate::source::Row;

/// First, middle, last, full name and suffix; where a list of contacts has none of them, company.
pub(crate) type NameColumns = [Vec<usize>; 6];

fn of(mapping: &Mapping, field: Field) -> Vec<usize> {
    mapping.columns_of(field).collect()
}

pub(crate) fn name_columns(mapping: &Mapping) -> NameColumns {
    let [first, middle, last, full] = [Field::FirstName, Field::MiddleName, Field::LastName, Field::FullName]
        .map(|field| of(mapping, field));
    let nobody = [&first, &middle, &last, &full].iter().all(|columns| columns.is_empty());
    let offices = nobody && mapping.kind == Kind::Contacts;
    let company = if offices { of(mapping, Field::Company) } else { Vec::new() };
    [first, middle, last, full, of(mapping, Field::NameSuffix), company]
}

/// The columns of a list that goes into no output.
pub(crate) fn shown_columns(mapping: &Mapping) -> SourceColumns {
    let columns: Vec<_> = mapping.columns.iter().map(|c| (c.header.as_str(), c.field)).collect();
    let mut own = Layout::default();
    own.add(&columns, &[]);
    own.sources.pop().unwrap_or_default()
}

/// A postal address with a street.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Home<'a> {
    /// As typed, in one line.
    pub(crate) lines: &'a str,
    /// The person's own key: the whole name, then the house.
    pub(crate) own: &'a str,
    /// The household's: the family name, then the house; empty without a family name.
    pub(crate) household: &'a str,
    /// Whether a place is told.
    pub(crate) complete: bool,
}

/// Folds names and addresses; its buffers serve row after row.
#[derive(Debug, Default)]
pub(crate) struct Residence {
    names: NameFolder,
    streets: StreetFolder,
    name: Vec<u8>,
    family: Vec<u8>,
    street: Vec<u8>,
    code: Vec<u8>,
    city: Vec<u8>,
    key: Vec<u8>,
    lines: String,
    own: String,
    household: String,
}

impl Residence {
    pub(crate) fn clear(&mut self) {
        self.name.clear();
        self.forget_house();
    }

    fn forget_house(&mut self) {
        for part in [&mut self.family, &mut self.street, &mut self.code, &mut self.city] {
            part.clear();
        }
    }

    pub(crate) fn name(&self) -> &[u8] {
        &self.name
    }

    /// Folds the name of a row, for which nothing was folded yet.
    pub(crate) fn fold_name(&mut self, columns: &NameColumns, row: &Row<'_>) {
        let first_of = |columns: &[usize]| {
            columns.iter().map(|c| row.get(*c)).find(|t| !t.trim().is_empty()).unwrap_or_default()
        };
        let name = self.names.fold(NameCells {
            first: first_of(&columns[0]),
            middle: first_of(&columns[1]),
            last: first_of(&columns[2]),
            full: first_of(&columns[3]),
            suffix: first_of(&columns[4]),
        });
        self.name.extend_from_slice(name);
        if !columns[5].is_empty() {
            self.name.extend_from_slice(self.names.company(first_of(&columns[5])));
        }
    }

    /// Folds the name beside an address of a row that tells none.
    pub(crate) fn fold_display_name(&mut self, name: &str) {
        self.name.extend_from_slice(self.names.fold(NameCells { full: name, ..NameCells::default() }));
    }

    /// The home of a row whose name is folded; none without a street.
    pub(crate) fn find(&mut self, shown: &SourceColumns, row: &Row<'_>) -> Option<Home<'_>> {
        let line = |slot: usize| shown.value(slot, |c| row.get(c));
        let [street, street2, city, code] = [line(7), line(8), line(9), line(11)];
        if street.is_empty() {
            return None;
        }
        self.forget_house();
        let Self { streets, name, lines, own, household, .. } = self;
        let (folded, whose) = (&mut self.street, &mut self.family);
        folded.extend_from_slice(streets.street(street, street2));
        self.code.extend_from_slice(streets.code(code));
        self.city.extend_from_slice(streets.city(city));
        let area = if self.code.is_empty() { &self.city } else { &self.code };
        own.clear();
        household.clear();
        lines.clear();
        let family = family(name);
        whose.extend_from_slice(family);
        let text = |bytes: &[u8], out: &mut String| match std::str::from_utf8(bytes) {
            Ok(text) => out.push_str(text),
            Err(_) => out.push_str(&String::from_utf8_lossy(bytes)),
        };
        if !family.is_empty() && !folded.is_empty() {
            text(family, household);
            household.push(PART);
            text(folded, household);
            household.push(PART);
            text(area, household);
        }
        text(name, own);
        own.push(PART);
        text(folded, own);
        own.push(PART);
        text(area, own);
        for part in [street, street2, code, city].into_iter().filter(|p| !p.is_empty()) {
            if !lines.is_empty() {
                lines.push_str(", ");
            }
            lines.push_str(part);
        }
        let complete = !(city.is_empty() && code.is_empty());
        Some(Home { lines, own, household, complete })
    }

    /// The household that a suppression file tells in one cell; of one without a family name the house. Whether it
    /// has a name.
    pub(crate) fn entry(&mut self, cell: &str) -> Option<(String, bool)> {
        let (key, named) = post_key::read(cell, &mut self.names, &mut self.streets)?;
        self.set_house(&key, "");
        Some((key, named))
    }

    /// Takes the house of a point from the sheet, of which the lines as typed tell the city beside a postal code.
    pub(crate) fn recall(&mut self, point: &Point<'_>) {
        let city = point.typed.rsplit_once(", ").map_or("", |(_, last)| last);
        self.set_house(point.key, city);
    }

    /// Takes the parts of a household's key; `city` is as typed.
    fn set_house(&mut self, key: &str, city: &str) {
        self.forget_house();
        let mut parts = key.split(PART);
        let [family, street, area] =
            [parts.next(), parts.next(), parts.next()].map(Option::unwrap_or_default);
        self.family.extend_from_slice(family.as_bytes());
        self.street.extend_from_slice(street.as_bytes());
        let has_digit = |text: &str| text.bytes().any(|b| b.is_ascii_digit());
        if has_digit(area) {
            self.code.extend_from_slice(area.as_bytes());
            self.city.extend_from_slice(if has_digit(city) { b"" } else { self.streets.city(city) });
        } else {
            self.city.extend_from_slice(area.as_bytes());
        }
    }

    /// The keys under which a refusal of the house at hand is kept, none where no house or no place is told.
    pub(crate) fn refused(&mut self, take: impl FnMut(&str)) {
        let Self { family, street, code, city, key, .. } = self;
        if !street.is_empty() {
            House { family, street, code, city }.refused(key, take);
        }
    }

    /// The keys under which refusals are found that bind who lives in the house at hand.
    pub(crate) fn asked(&mut self, take: impl FnMut(&str)) {
        let Self { family, street, code, city, key, .. } = self;
        if !street.is_empty() {
            House { family, street, code, city }.asked(key, take);
        }
    }
}
