//! The columns of a source that hold addresses and numbers, and the points of a row in them.
//!
//! Knows which fields hold points and which come first; what makes a point valid is told by `email` and `phone`.

use super::points::{Points, Tables};
use crate::data::country;
use crate::phone::Region;
use crate::record::Field;
use crate::source::{Mapping, Role, Row};

/// The columns of a source that hold addresses and numbers.
#[derive(Debug, Clone, Default)]
pub(super) struct PointColumns {
    /// Address columns and their fields, the main ones first.
    pub(super) emails: Vec<(usize, Field)>,
    /// Number columns and their fields.
    pub(super) phones: Vec<(usize, Field)>,
    /// Area code and rest of a number in two columns.
    pub(super) phone_pairs: Vec<(usize, usize)>,
    /// Stated countries.
    pub(super) countries: Vec<usize>,
}

impl PointColumns {
    /// Of a mapping. A column of answers (`SMS: yes`) holds no points.
    pub(super) fn of(mapping: &Mapping) -> Self {
        let value =
            |column: &usize| mapping.columns.get(*column).is_some_and(|c| matches!(c.role, Role::Value));
        let of = |fields: &[Field]| -> Vec<(usize, Field)> {
            let columns = fields.iter().flat_map(|f| mapping.columns_of(*f).map(move |c| (c, *f)));
            columns.filter(|(column, _)| value(column)).collect()
        };
        Self {
            emails: of(&[Field::Email, Field::EmailOther, Field::Point]),
            phones: of(&[Field::Phone, Field::MobilePhone, Field::HomePhone, Field::WorkPhone, Field::Point]),
            phone_pairs: mapping
                .columns_of(Field::AreaCode)
                .zip(mapping.columns_of(Field::LocalNumber))
                .collect(),
            countries: mapping
                .columns_of(Field::Country)
                .chain(mapping.columns_of(Field::CountryCode))
                .collect(),
        }
    }

    /// The columns that hold numbers, or those that hold addresses.
    pub(super) fn cells(&self, numbers: bool) -> impl Iterator<Item = usize> + '_ {
        let columns = if numbers { &self.phones } else { &self.emails };
        columns.iter().map(|(column, _)| *column)
    }

    /// The country that the row states.
    pub(super) fn region(&self, row: &Row<'_>) -> Option<Region> {
        let stated = self.countries.iter().find_map(|column| country::country(row.get(*column)))?;
        Region::from_iso(stated.code())
    }

    /// Checks the addresses of a row.
    pub(super) fn add_emails(&self, points: &mut Points, row: &Row<'_>, tables: &Tables) {
        for (column, field) in &self.emails {
            let cell = row.get(*column);
            // A point of any kind is an address when it has an @ in it, else a number.
            if !cell.trim().is_empty() && (*field != Field::Point || cell.contains('@')) {
                points.add_emails(*field, cell, &tables.email);
            }
        }
    }

    /// Checks the numbers of a row; `region` is where a number without a country code is at home.
    pub(super) fn add_phones(
        &self,
        points: &mut Points,
        row: &Row<'_>,
        region: Option<Region>,
        tables: &Tables,
        joined: &mut String,
    ) {
        for (column, field) in &self.phones {
            let cell = row.get(*column);
            if !cell.trim().is_empty() && (*field != Field::Point || !cell.contains('@')) {
                points.add_phones(*field, cell, region, &tables.phone);
            }
        }
        for (area, local) in &self.phone_pairs {
            let (area, local) = (row.get(*area).trim(), row.get(*local).trim());
            if !local.is_empty() {
                joined.clear();
                joined.extend([area, " ", local]);
                points.add_phones(Field::Phone, joined.trim(), region, &tables.phone);
            }
        }
    }
}
