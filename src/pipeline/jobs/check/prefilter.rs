//! A first look at every row of a piece: what is to be asked about it is put down, and asked for all rows together.
//!
//! It lets a row pass only where the close look would: nothing in it needs repair or doubt, its own columns refuse
//! nothing, a run that is asked clears it, and no entry of any list speaks of it. Every other row is looked at
//! closely; what blocks a row is told there alone.

use crate::pipeline::jobs::check::rows::{Rules, Screener, not_cleared};
use crate::record::{Channel, PointKind};
use crate::source::Row;
use crate::source::State;
use crate::suppress::{EmailForms, PhoneForms};
use memchr::memchr_iter;

impl Screener {
    /// Puts the questions about a row (number `number` of the piece, `text` as a whole); whether it may pass if none
    /// of them finds an entry.
    pub(crate) fn glance(
        &mut self,
        rules: &Rules<'_>,
        (text, row): (&str, &Row<'_>),
        state: State,
        number: u32,
    ) -> bool {
        if matches!(state, State::Header | State::Rejected(_)) {
            return false;
        }
        self.questions.resize_with(rules.against.indexes.len(), Default::default);
        let fine = match rules.channel {
            Channel::Email if !rules.others && rules.columns.handles.is_empty() => {
                self.glance_addresses(rules, (text, row), number)
            }
            _ => self.glance_points(rules, row, number),
        };
        self.glance_homes(rules, row, number);
        fine && self.own_refusal(rules, row).is_none()
    }

    /// Asks everything that was put, and hands on the rows that some entry speaks of.
    pub(crate) fn answer(&mut self, rules: &Rules<'_>, mut spoken_of: impl FnMut(u32)) {
        for ((index, _), questions) in rules.against.indexes.iter().zip(&mut self.questions) {
            index.answer(questions, &mut spoken_of);
        }
    }

    /// Where addresses alone are looked for, and the row holds ordinary ones.
    fn glance_addresses(&mut self, rules: &Rules<'_>, (text, row): (&str, &Row<'_>), number: u32) -> bool {
        let mut seen = 0;
        for cell in rules.columns.cells(false).map(|column| row.get(column)).filter(|c| !c.is_empty()) {
            let Some(sound) = self.points.sound(cell, &rules.tables.email) else { return false };
            if not_cleared(rules, sound.exact).is_some() {
                return false;
            }
            let forms = EmailForms { typed: cell, exact: sound.exact, canonical: sound.key };
            for ((index, _), questions) in rules.against.indexes.iter().zip(&mut self.questions) {
                index.put_email(questions, number, &forms, sound.domain);
            }
            seen += 1;
        }
        let whole = || rules.unread.is_empty() || memchr_iter(b'@', text.as_bytes()).count() == seen;
        seen > 0 && (whole() || !has_late(rules, row))
    }

    fn glance_points(&mut self, rules: &Rules<'_>, row: &Row<'_>, number: u32) -> bool {
        self.find_points(rules, row);
        let numbers = rules.channel != Channel::Email;
        for ((index, _), questions) in rules.against.indexes.iter().zip(&mut self.questions) {
            for seen in self.points.iter() {
                let point = seen.point;
                if point.kind == PointKind::Phone {
                    let national = rules.tables.national(point.key, seen.country);
                    index.put_phone(questions, number, &PhoneForms { e164: point.key, national });
                } else {
                    let forms = EmailForms { typed: point.typed, exact: point.exact, canonical: point.key };
                    index.put_email(questions, number, &forms, seen.domain);
                }
            }
            let cells = rules.columns.cells(numbers).map(|column| row.get(column));
            for cell in cells.filter(|cell| !cell.is_empty()) {
                index.put_as_typed(questions, number, cell.as_bytes());
            }
        }
        self.unknown(rules).is_none() && !has_late(rules, row)
    }
}

impl Screener {
    fn glance_homes(&mut self, rules: &Rules<'_>, row: &Row<'_>, number: u32) {
        let mut questions = std::mem::take(&mut self.questions);
        self.homes(rules, row, |house| {
            for ((index, _), questions) in rules.against.indexes.iter().zip(&mut questions) {
                index.put_house(questions, number, house);
            }
        });
        self.questions = questions;
    }
}

/// Whether an address or number may stand where nothing is known of the column.
fn has_late(rules: &Rules<'_>, row: &Row<'_>) -> bool {
    rules.unread.iter().any(|column| rules.may_be_point(row.get(*column)))
}
