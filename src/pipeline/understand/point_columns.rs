//! The columns of a source that hold addresses, numbers and handles, the points of a row in them, and where the row's numbers
//! are at home when they do not say so themselves.
//!
//! Knows which fields hold points and which come first; what makes a point valid is told by `email` and `phone`.

use crate::data::fold::header_words;
use crate::data::networks::Network;
use crate::data::{country, networks, places};
use crate::email;
use crate::mapping::column_profile::tells_country;
use crate::mapping::model::{Mapping, Role};
use crate::phone::Region;
use crate::pipeline::understand::points::{Homes, PointTables, Points};
use crate::record::{Field, PointKind};
use crate::source::Row;

/// The columns of a source that hold addresses, numbers and handles.
#[derive(Debug, Clone, Default)]
pub(crate) struct PointColumns {
    /// Address columns and their fields, the main ones first.
    pub(crate) emails: Vec<(usize, Field)>,
    pub(crate) phones: Vec<(usize, Field)>,
    /// Columns of numbers, each with the column that tells what kind of number stands in it.
    types: Vec<(usize, usize)>,
    /// Columns of handles, with the network that their headers name.
    pub(crate) handles: Vec<(usize, Option<&'static Network>)>,
    any: Vec<usize>,
    /// Area code and rest of a number in two columns.
    pub(crate) phone_pairs: Vec<(usize, usize)>,
    pub(crate) countries: Vec<usize>,
    /// Calling codes in a column of their own.
    dial_codes: Vec<usize>,
    /// Columns from which a country can be inferred, best first.
    hints: Vec<(usize, Field)>,
}

/// Columns of numbers with those that tell their kind: `Phone 1 - Value` and `Phone 1 - Type`, `phone` and `phone_type`.
fn types(mapping: &Mapping) -> Vec<(usize, usize)> {
    let words: Vec<Vec<String>> = mapping.columns.iter().map(|c| header_words(&c.header)).collect();
    let base = |words: &[String], ends: &[&str]| -> Option<Vec<String>> {
        let (last, rest) = words.split_last()?;
        (ends.contains(&&**last) && !rest.is_empty()).then(|| rest.to_vec())
    };
    let kinds: Vec<(usize, Vec<String>)> = words
        .iter()
        .enumerate()
        .filter_map(|(at, words)| Some((at, base(words, &["type", "label", "kind", "typ", "art"])?)))
        .collect();
    let numbers = mapping.columns.iter().enumerate().filter(|(_, c)| c.field.is_some_and(Field::is_point));
    let of_kind = numbers.flat_map(|(at, _)| {
        let own =
            base(&words[at], &["value", "number", "nummer", "no", "nr"]).unwrap_or_else(|| words[at].clone());
        kinds.iter().filter(move |(_, kind)| *kind == own).map(move |(kind, _)| (at, *kind))
    });
    of_kind.collect()
}

impl PointColumns {
    /// Of a mapping. A column of answers (`SMS: yes`) holds no points.
    pub(crate) fn of(mapping: &Mapping) -> Self {
        let value =
            |column: &usize| mapping.columns.get(*column).is_some_and(|c| matches!(c.role, Role::Value));
        let of = |fields: &[Field]| -> Vec<(usize, Field)> {
            let columns = fields.iter().flat_map(|f| mapping.columns_of(*f).map(move |c| (c, *f)));
            columns.filter(|(column, _)| value(column)).collect()
        };
        Self {
            emails: of(&[Field::Email, Field::EmailOther, Field::Point]),
            phones: of(&[
                Field::Phone,
                Field::MobilePhone,
                Field::HomePhone,
                Field::WorkPhone,
                Field::MessagingNumber,
                Field::Point,
            ]),
            types: types(mapping),
            handles: of(&[Field::SocialHandle])
                .into_iter()
                .map(|(column, _)| (column, networks::of_header(&mapping.columns[column].header)))
                .collect(),
            any: of(&[Field::Point]).into_iter().map(|(column, _)| column).collect(),
            phone_pairs: mapping
                .columns_of(Field::AreaCode)
                .zip(mapping.columns_of(Field::LocalNumber))
                .collect(),
            countries: mapping
                .columns_of(Field::Country)
                .chain(mapping.columns_of(Field::CountryCode))
                .collect(),
            dial_codes: mapping.columns_of(Field::DialCode).collect(),
            hints: [Field::Region, Field::Timezone, Field::Language]
                .into_iter()
                .flat_map(|f| mapping.columns_of(f).map(move |c| (c, f)))
                .collect(),
        }
    }

    /// The columns that hold numbers, or those that hold addresses.
    pub(crate) fn cells(&self, numbers: bool) -> impl Iterator<Item = usize> + '_ {
        let columns = if numbers { &self.phones } else { &self.emails };
        columns.iter().map(|(column, _)| *column)
    }

    /// The name beside an address of the row.
    pub(crate) fn name_beside<'r>(&self, row: &Row<'r>) -> Option<&'r str> {
        self.cells(false).find_map(|column| email::name_beside(row.get(column)))
    }

    /// Whether the row says of a column's number that it is that of a fax, and of nothing else.
    fn is_fax(&self, row: &Row<'_>, column: usize) -> bool {
        let kinds = self.types.iter().filter(|(number, _)| *number == column).map(|(_, kind)| row.get(*kind));
        kinds.into_iter().any(|kind| {
            let says = |word: &str| {
                kind.as_bytes().windows(word.len()).any(|w| w.eq_ignore_ascii_case(word.as_bytes()))
            };
            let both = kind.contains(['/', '&', '+', ',']);
            !both && ["fax", "faks", "telecopie", "télécopie", "ファックス", "传真"].into_iter().any(says)
        })
    }

    /// The country that the row states.
    pub(crate) fn region(&self, row: &Row<'_>) -> Option<Region> {
        let stated = self.countries.iter().find_map(|column| country::country(row.get(*column)))?;
        Region::from_iso(stated.code())
    }

    pub(crate) fn add_emails(&self, points: &mut Points, row: &Row<'_>, tables: &PointTables) {
        for (column, field) in &self.emails {
            let cell = row.get(*column);
            // A point of any kind is a handle when it begins like one, an address when it has an @ in it, else a number.
            let any = || cell.contains('@') && !networks::is_written(cell);
            if !cell.trim().is_empty() && (*field != Field::Point || any()) {
                points.add_emails(*field, cell, &tables.email);
            }
        }
    }

    /// Reads the handles of a row. Where a messenger is reached by a number, one may stand in its column.
    pub(crate) fn add_handles(&self, points: &mut Points, row: &Row<'_>, homes: Homes, tables: &PointTables) {
        for (column, network) in &self.handles {
            let cell = row.get(*column);
            if tells_country(cell.trim().trim_start_matches('\'')) {
                points.add_phones(Field::MessagingNumber, cell, homes, &tables.phone);
            } else {
                points.add_handles(Field::SocialHandle, *network, cell);
            }
        }
        for cell in self.any.iter().map(|column| row.get(*column)).filter(|cell| networks::is_written(cell)) {
            points.add_handles(Field::Point, None, cell);
        }
    }

    /// Where the row's numbers are at home: what the row states (`stated`, a dial code, then what its source is known
    /// for), else what can be inferred from it beside what the run was told. Its addresses must have been read: a mail
    /// domain may tell a country too.
    pub(crate) fn homes(
        &self,
        points: &Points,
        row: &Row<'_>,
        stated: Option<Region>,
        (known, told): (Option<Region>, Option<Region>),
        tables: &PointTables,
    ) -> Homes {
        let dial_code = || {
            let cells = self.dial_codes.iter().map(|c| row.get(*c)).filter(|c| !c.trim().is_empty());
            cells.filter_map(|c| tables.phone.region_of_dial_code(c)).next()
        };
        let stated = stated.or_else(dial_code).or(known);
        if stated.is_some() || self.phones.is_empty() && self.phone_pairs.is_empty() {
            return Homes::stated(stated.or(told));
        }
        let region = |code: [u8; 2]| Region::from_iso(std::str::from_utf8(&code).ok()?);
        let mut homes = Homes::stated(told);
        for (column, field) in &self.hints {
            let cell = row.get(*column);
            let code = match field {
                Field::Timezone => places::of_timezone(cell),
                Field::Language => places::of_locale(cell),
                _ => places::of_state(cell),
            };
            homes.infer(code.and_then(region));
        }
        for seen in points.outlines().filter(|p| p.kind == PointKind::Email) {
            homes.infer(seen.country.and_then(region));
        }
        homes
    }

    pub(crate) fn add_phones(
        &self,
        points: &mut Points,
        row: &Row<'_>,
        homes: Homes,
        tables: &PointTables,
        joined: &mut String,
    ) {
        for (column, field) in &self.phones {
            let cell = row.get(*column);
            let any = || !cell.contains('@') && !networks::is_written(cell);
            if !cell.trim().is_empty() && (*field != Field::Point || any()) {
                let cell =
                    if *field == Field::MessagingNumber { networks::number_of(cell) } else { cell.into() };
                if self.is_fax(row, *column) {
                    joined.clear();
                    joined.extend(["Fax: ", &cell]);
                    points.add_phones(*field, joined, homes, &tables.phone);
                    continue;
                }
                points.add_phones(*field, &cell, homes, &tables.phone);
            }
        }
        for (area, local) in &self.phone_pairs {
            let (area, local) = (row.get(*area).trim(), row.get(*local).trim());
            if !local.is_empty() {
                joined.clear();
                joined.extend([area, " ", local]);
                points.add_phones(Field::Phone, joined.trim(), homes, &tables.phone);
            }
        }
    }
}
