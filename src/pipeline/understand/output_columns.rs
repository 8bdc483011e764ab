//! Which column of which source goes where in the outputs.
//!
//! Our own columns come first, in a fixed order that scripts rely on; every other column of every source is
//! carried along behind them under its own header, columns of one name in one place.

use crate::plan::CleanPlan;
use crate::record::{Channels, Failure, Field};
use std::collections::BTreeMap;

/// Fields that `contacts.csv` shows under our own names; those of one group come from one row.
pub(crate) const SHOWN: &[(Field, &str)] = &[
    (Field::FirstName, "first_name"),
    (Field::MiddleName, "middle_name"),
    (Field::LastName, "last_name"),
    (Field::NameSuffix, "name_suffix"),
    (Field::FullName, "full_name"),
    (Field::Company, "company"),
    (Field::JobTitle, "job_title"),
    (Field::Street, "street"),
    (Field::Street2, "street2"),
    (Field::City, "city"),
    (Field::Region, "region"),
    (Field::PostalCode, "postal_code"),
    (Field::Country, "country"),
    (Field::Language, "language"),
    (Field::Timezone, "timezone"),
    (Field::Birthday, "birthday"),
    (Field::ExternalId, "external_id"),
];

/// Position in `SHOWN` of the whole name.
pub(crate) const FULL_NAME: usize = 4;

/// Positions in `SHOWN` of what makes up a name.
pub(crate) const NAME: [usize; 4] = [0, 1, 2, FULL_NAME];

/// Position in `SHOWN` of the region.
pub(crate) const REGION: usize = 10;

/// Position in `SHOWN` of the fields that travel as a group.
pub(crate) const ADDRESS: std::ops::Range<usize> = 7..13;

/// Where the columns of one source go.
#[derive(Debug, Default, Clone)]
pub(crate) struct SourceColumns {
    /// For each shown field, the columns that feed it.
    pub(crate) shown: Vec<Vec<usize>>,
    /// Columns that are carried along: (column, position among the carried).
    pub(crate) carried: Vec<(usize, usize)>,
    /// Columns that hold postal code and city in one cell.
    pub(crate) place: Vec<usize>,
}

#[derive(Debug, Default)]
pub(crate) struct Layout {
    /// Headers of the carried columns, in the order they were first met.
    pub(crate) carried: Vec<String>,
    /// Per contact source, by its number in the run.
    pub(crate) sources: Vec<SourceColumns>,
    /// Whether any contact may have a handle.
    pub(crate) handles: bool,
}

impl Layout {
    /// Adds a source: its columns with their headers and fields. Sources without contact rows add none.
    pub(crate) fn add(&mut self, columns: &[(&str, Option<Field>)], own_headers: &[String]) {
        let mut at: BTreeMap<String, usize> = self.carried.iter().cloned().zip(0..).collect();
        let mut source = SourceColumns { shown: vec![Vec::new(); SHOWN.len()], ..SourceColumns::default() };
        for (column, (header, field)) in columns.iter().enumerate() {
            if let Some(slot) = field.and_then(shown_slot) {
                source.shown[slot].push(column);
                continue;
            }
            match field {
                Some(Field::PostalCodeCity) => source.place.push(column),
                // Addresses and numbers stand in `emails` and `phones`.
                Some(f) if f.is_point() => continue,
                _ => {}
            }
            // A file without a header has columns all the same, and none of them is another.
            let unnamed = header.trim().is_empty();
            let mut name = if unnamed { format!("column {}", column + 1) } else { (*header).to_owned() };
            while own_headers.contains(&name) {
                name.push_str(" (source)");
            }
            let next = self.carried.len();
            let slot = *at.entry(name.clone()).or_insert_with(|| {
                self.carried.push(name);
                next
            });
            source.carried.push((column, slot));
        }
        self.sources.push(source);
    }
}

fn shown_slot(field: Field) -> Option<usize> {
    let field = match field {
        Field::RegionCode => Field::Region,
        Field::CountryCode => Field::Country,
        field => field,
    };
    SHOWN.iter().position(|(shown, _)| *shown == field)
}

impl SourceColumns {
    /// The cell of shown field `slot` in a row: the first of its columns that says something.
    pub(crate) fn value<'a>(&self, slot: usize, cell: impl Fn(usize) -> &'a str) -> &'a str {
        let columns = self.shown.get(slot).map(Vec::as_slice).unwrap_or_default();
        let own = columns.iter().map(|c| trim(cell(*c))).find(|text| !text.is_empty());
        own.unwrap_or_else(|| {
            if self.place.is_empty() {
                return "";
            }
            let place = || self.place.iter().map(|c| postal_code_and_city(cell(*c)));
            match SHOWN[slot].0 {
                Field::PostalCode => place().map(|(code, _)| code).find(|c| !c.is_empty()),
                Field::City => place().map(|(_, city)| city).find(|c| !c.is_empty()),
                _ => None,
            }
            .unwrap_or_default()
        })
    }
}

/// `str::trim`, without a look at Unicode where both ends are letters, digits or signs of ASCII.
fn trim(text: &str) -> &str {
    let visible = |b: Option<&u8>| b.is_some_and(u8::is_ascii_graphic);
    let bytes = text.as_bytes();
    if visible(bytes.first()) && visible(bytes.last()) { text } else { text.trim() }
}

/// `28195 Bremen`, `3511 AB Utrecht`, `Leeds LS1 4AP`: the words with digits, and those next to them that have
/// at most two letters, are the code; the rest is the city.
pub(crate) fn postal_code_and_city(cell: &str) -> (&str, &str) {
    let cell = cell.trim();
    let code_like = |word: &str| word.bytes().any(|b| b.is_ascii_digit());
    if cell.split_whitespace().next().is_some_and(code_like) {
        let mut end = 0;
        for word in cell.split_whitespace() {
            let short = word.len() <= 2 && word.bytes().all(|b| b.is_ascii_uppercase());
            if !(code_like(word) || short && end > 0) {
                break;
            }
            end = word.as_ptr() as usize - cell.as_ptr() as usize + word.len();
        }
        return (&cell[..end], cell[end..].trim());
    }
    match cell.split_whitespace().find(|w| code_like(w)) {
        Some(word) => {
            let at = word.as_ptr() as usize - cell.as_ptr() as usize;
            (cell[at..].trim(), cell[..at].trim())
        }
        None => ("", cell),
    }
}

/// What the lists are cut by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// Whose law decided.
    Jurisdiction,
    /// The ground of the yes.
    Basis,
    /// A field that `contacts.csv` shows under our own name; countries by their code.
    Shown(usize),
    /// A column of theirs that is carried along.
    Carried(usize),
}

impl By {
    /// What the plan asks for (`--split-by`), in the columns of this run.
    pub(crate) fn of(plan: &CleanPlan, layout: &Layout) -> Result<Option<Self>, Failure> {
        let Some(name) = plan.write.split_by.as_deref() else { return Ok(None) };
        let own = match name {
            "jurisdiction" => Some(Self::Jurisdiction),
            "basis" => Some(Self::Basis),
            _ => SHOWN.iter().position(|(_, shown)| *shown == name).map(Self::Shown),
        };
        let carried = |same: &dyn Fn(&str) -> bool| {
            layout.carried.iter().position(|header| same(header.trim())).map(Self::Carried)
        };
        let by =
            own.or_else(|| carried(&|h| h == name)).or_else(|| carried(&|h| h.eq_ignore_ascii_case(name)));
        by.map(Some).ok_or_else(|| {
            Failure::usage("no source has a column of that name").at("--split-by").hint(
                "give country, jurisdiction, basis, or a header of contacts.csv behind the channels' columns",
            )
        })
    }
}

const POINTS: &[&str] = &["contact_id", "email", "emails", "phone", "phones"];

const HANDLES: &[&str] = &["social_handle", "social_handles"];

/// Columns that `contacts.csv` has for each channel, behind the channel's word.
pub(crate) const DECISION_COLUMNS: &[&str] =
    &["decision", "reachable", "reason", "rule", "basis", "valid_until", "conditions", "evidence"];

const LAST: &[&str] = &["best_channel", "jurisdictions", "merged_rows", "sources"];

pub(crate) fn headers(names: &[&str]) -> Vec<String> {
    names.iter().map(|n| (*n).to_owned()).collect()
}

/// Headers of `contacts.csv` before the sources' other columns; `handles`: some contact may have one.
pub(crate) fn own_headers(channels: Channels, handles: bool) -> Vec<String> {
    let mut all = headers(POINTS);
    if handles {
        all.extend(headers(HANDLES));
    }
    all.extend(SHOWN.iter().map(|(_, name)| (*name).to_owned()));
    for channel in channels.iter() {
        let word = channel.word().replace('-', "_");
        all.extend(DECISION_COLUMNS.iter().map(|column| format!("{word}_{column}")));
    }
    all.extend(headers(LAST));
    all
}

/// Headers of `contacts.csv`.
pub(crate) fn contact_headers(channels: Channels, layout: &Layout) -> Vec<String> {
    own_headers(channels, layout.handles).into_iter().chain(layout.carried.iter().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::{ADDRESS, Layout, SHOWN, postal_code_and_city};
    use crate::record::Field;

    #[test]
    fn the_address_group_is_the_address() {
        let group: Vec<_> = SHOWN[ADDRESS].iter().map(|(_, name)| *name).collect();
        assert_eq!(group, ["street", "street2", "city", "region", "postal_code", "country"]);
    }

    #[test]
    fn code_and_city_are_told_apart() {
        for (cell, code, city) in [
            ("28195 Bremen", "28195", "Bremen"),
            ("3511 AB Utrecht", "3511 AB", "Utrecht"),
            ("00000 Anytown", "00000", "Anytown"),
            ("Leeds LS1 4AP", "LS1 4AP", "Leeds"),
            ("Bad Homburg", "", "Bad Homburg"),
            ("", "", ""),
        ] {
            assert_eq!(postal_code_and_city(cell), (code, city), "{cell}");
        }
    }

    #[test]
    fn columns_of_one_name_share_a_place_and_none_is_lost() {
        let mut layout = Layout::default();
        let own = ["sources".to_owned()];
        layout.add(
            &[("Vorname", Some(Field::FirstName)), ("Tags", Some(Field::Tags)), ("sources", None)],
            &own,
        );
        layout.add(&[("Tags", None), ("city", Some(Field::City)), ("x", None)], &own);
        assert_eq!(layout.carried, ["Tags", "sources (source)", "x"]);
        assert_eq!(layout.sources[1].carried, [(0, 0), (2, 2)]);
        let cells = ["", "Leeds", "?"];
        assert_eq!(layout.sources[1].value(9, |c| cells[c]), "Leeds");
    }
}
