//! Where the numbers of a row are at home when they do not say so themselves: what the row states, then what can be
//! inferred from it, then what the run was told.

use super::super::points::Homes;
use super::super::sources::SourcePlan;
use super::Checker;
use crate::consent::Fact as CountryFact;
use crate::data::places;
use crate::phone::Region;
use crate::record::{Field, PointKind};
use crate::source::Row;

impl Checker<'_> {
    /// The row's addresses have been read already: a mail domain may tell a country too.
    pub(super) fn homes(&self, source: &SourcePlan, row: &Row<'_>) -> Homes {
        let stated = self.countries.first().filter(|(fact, _)| *fact == CountryFact::Stated);
        let region = |code: &[u8; 2]| Region::from_iso(std::str::from_utf8(code).ok()?);
        let dial_code = || {
            let cells = source.dial_codes.iter().map(|c| row.get(*c)).filter(|c| !c.trim().is_empty());
            cells.filter_map(|c| Region::from_dial_code(c, &self.shared.tables.phone)).next()
        };
        let told = stated.and_then(|(_, code)| region(code)).or_else(dial_code).or(source.region);
        if told.is_some() || source.phones.is_empty() && source.phone_pairs.is_empty() {
            return Homes::stated(told.or(self.shared.region));
        }
        let mut homes = Homes::stated(self.shared.region);
        for (column, field) in &source.hints {
            let cell = row.get(*column);
            let code = match field {
                Field::Timezone => places::of_timezone(cell),
                Field::Language => places::of_locale(cell),
                _ => places::of_state(cell),
            };
            homes.infer(code.and_then(|code| region(&code)));
        }
        for seen in self.points.iter().filter(|p| p.point.kind == PointKind::Email) {
            homes.infer(seen.country.and_then(|code| region(&code)));
        }
        homes
    }
}
