//! What a row tells of points: the events that leave the row, each with every point it speaks of. The same answer
//! for `clean`, which spills them, and for whoever makes a suppression list of them.

use crate::pipeline::check::refusals::{Refused, each};
use crate::pipeline::check::row::{Checker, no_key};
use crate::pipeline::understand::sources::SourcePlan;
use crate::reason::Reason;
use crate::record::{Failure, Field, Place};
use crate::source::State;
use crate::source::{Block, Cells, Row};

impl Checker<'_> {
    /// Checks the addresses that were probably meant by those of a row that refuses (promise 3: typo fixes carry
    /// refusals), and those that stand within what is no address.
    pub(crate) fn find_meant(&mut self) {
        let Self { points, meant, events, shared, .. } = self;
        meant.clear(false);
        if events.iter().any(|e| e.event.kind.is_refusal()) {
            for suggestion in points.suggestions() {
                meant.add_emails(Field::EmailOther, suggestion, &shared.tables.email);
            }
            for (field, address) in points.addresses_within(0) {
                meant.add_emails(field, &address, &shared.tables.email);
            }
        }
    }

    /// Everything that the rows of a block refuse, each with its row; tells how many rows refuse nobody who could be
    /// recognised.
    ///
    /// # Errors
    /// Digests were met that only a key can match, and none was given.
    pub(crate) fn block_refusals(
        &mut self,
        source: &SourcePlan,
        block: &Block,
        cells: &mut Cells,
        mut take: impl FnMut(&Row<'_>, Refused<'_>),
    ) -> Result<u64, Failure> {
        let mut rejected = 0;
        for record in block.records.iter().filter(|r| r.state != State::Header) {
            let (state, row) = block.row(record, source.input.dialect(), cells);
            let why = self.refusals(source, &row, state, record.line, |refused| take(&row, refused));
            rejected += u64::from(why.is_some());
        }
        if self.lacks_key() { Err(no_key(source)) } else { Ok(rejected) }
    }

    /// Everything that a row refuses, as `clean` would understand it; nothing is written. Says why a row names nobody
    /// who could be recognised.
    pub(crate) fn refusals(
        &mut self,
        source: &SourcePlan,
        row: &Row<'_>,
        state: State,
        line: u32,
        mut take: impl FnMut(Refused<'_>),
    ) -> Option<Reason> {
        let place = Place { source: source.index, line };
        let (_, rejected) = self.examine(source, row, state, 0, place);
        if rejected.is_none() {
            self.find_meant();
            let Self { points, meant, events, out, .. } = self;
            each(points, meant, events, |_, point, event| {
                if event.kind.stops() {
                    take(Refused::Point(point, event));
                }
            });
            for (text, listed) in &out.listed {
                take(Refused::Listed(text, &listed.event));
            }
        }
        self.out.listed.clear();
        let nobody =
            self.findings.iter().map(|(reason, ..)| *reason).find(|r| *r == Reason::RowRefusesNobody);
        rejected.or(nobody)
    }
}
