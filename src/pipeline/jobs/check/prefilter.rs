//! The prefilter of `check`: every row of a piece is looked at quickly, and its lookups are made with those of all
//! others.
//!
//! It lets a row pass only where the close look would: nothing in it needs repair or doubt, its own columns refuse
//! nothing, a run that is asked clears it, and no entry of any list speaks of it. Every other row is looked at
//! closely; what blocks a row is told there alone.

use crate::pipeline::jobs::check::rows::{CheckRules, RowCheck, each_asked, not_cleared};
use crate::record::Channel;
use crate::source::{Row, State};
use crate::suppress::{Asked, BatchedLookups, EmailForms};
use memchr::memchr_iter;

impl RowCheck {
    /// Adds the lookups of a row (number `number` of the piece, `text` as a whole); whether it may pass if none of them
    /// finds an entry.
    pub(crate) fn prefilter(
        &mut self,
        rules: &CheckRules<'_>,
        (text, row): (&str, &Row<'_>),
        state: State,
        number: u32,
    ) -> bool {
        if matches!(state, State::Header | State::Rejected(_)) {
            return false;
        }
        self.lookups.resize_with(rules.against.indexes.len(), Default::default);
        let fine = match rules.channel {
            Channel::Email if !rules.others && rules.columns.handles.is_empty() => {
                self.passes_addresses(rules, (text, row), number)
            }
            _ => self.passes_points(rules, row, number),
        };
        let mut lookups = std::mem::take(&mut self.lookups);
        self.homes(rules, row, |house| look_up(rules, &mut lookups, number, &Asked::House(house)));
        self.lookups = lookups;
        fine && self.own_refusal(rules, row).is_none()
    }

    /// Makes all lookups, and hands on the rows of which an entry is found.
    pub(crate) fn look_up(&mut self, rules: &CheckRules<'_>, mut found: impl FnMut(u32)) {
        for ((index, _), lookups) in rules.against.indexes.iter().zip(&mut self.lookups) {
            index.look_up_all(lookups, &mut found);
        }
    }

    /// Where addresses alone are looked for, and the row holds ordinary ones.
    fn passes_addresses(
        &mut self,
        rules: &CheckRules<'_>,
        (text, row): (&str, &Row<'_>),
        number: u32,
    ) -> bool {
        let mut seen = 0;
        for cell in rules.columns.cells(false).map(|column| row.get(column)).filter(|c| !c.is_empty()) {
            let Some(sound) = self.points.sound(cell, &rules.tables.email) else { return false };
            if not_cleared(rules, sound.exact).is_some() {
                return false;
            }
            let forms = EmailForms { typed: cell, exact: sound.exact, canonical: sound.key };
            look_up(rules, &mut self.lookups, number, &Asked::Email(forms, sound.domain));
            seen += 1;
        }
        let whole = || rules.unread.is_empty() || memchr_iter(b'@', text.as_bytes()).count() == seen;
        seen > 0 && (whole() || !has_late(rules, row))
    }

    fn passes_points(&mut self, rules: &CheckRules<'_>, row: &Row<'_>, number: u32) -> bool {
        self.find_points(rules, row);
        let Self { points, lookups, .. } = self;
        each_asked(points, rules, row, |asked, _| look_up(rules, lookups, number, asked));
        self.unknown(rules).is_none() && !has_late(rules, row)
    }
}

/// Adds the lookup of what is asked about a row to those of every index.
fn look_up(rules: &CheckRules<'_>, lookups: &mut [BatchedLookups], row: u32, asked: &Asked<'_>) {
    for ((index, _), lookups) in rules.against.indexes.iter().zip(lookups) {
        index.look_up(lookups, row, asked);
    }
}

/// Whether an address or number may stand where nothing is known of the column.
fn has_late(rules: &CheckRules<'_>, row: &Row<'_>) -> bool {
    rules.unread.iter().any(|column| rules.may_be_point(row.get(*column)))
}
