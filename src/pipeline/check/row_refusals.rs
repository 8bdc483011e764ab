//! The refusals of rows as `clean` understands them, for whoever makes a suppression list or an index of them.

use crate::pipeline::check::refusals::{RefusalSink, each, hand_listed};
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

    /// Hands on everything that the rows of a block refuse; returns the number of rows that refuse nobody who could be
    /// recognised.
    ///
    /// # Errors
    /// Digests were met that only a key can match, and none was given.
    pub(crate) fn block_refusals(
        &mut self,
        source: &SourcePlan,
        block: &Block,
        cells: &mut Cells,
        sink: &mut impl RefusalSink,
    ) -> Result<u64, Failure> {
        let mut rejected = 0;
        for record in block.records.iter().filter(|r| r.state != State::Header) {
            let (state, row) = block.row(record, source.input.dialect(), cells);
            let why = self.refusals(source, &row, state, record.line, sink);
            rejected += u64::from(why.is_some());
        }
        if self.lacks_key() { Err(no_key(source)) } else { Ok(rejected) }
    }

    /// Hands on everything that a row refuses, as `clean` would understand it; nothing is written. Returns why a row
    /// names nobody who could be recognised.
    pub(crate) fn refusals(
        &mut self,
        source: &SourcePlan,
        row: &Row<'_>,
        state: State,
        line: u32,
        sink: &mut impl RefusalSink,
    ) -> Option<Reason> {
        let place = Place { source: source.index, line };
        let (_, rejected) = self.examine(source, row, state, 0, place);
        if rejected.is_none() {
            self.find_meant();
            let Self { points, meant, events, out, shared, .. } = self;
            sink.row(source, row);
            each(points, meant, events, |_, point, event| {
                if event.kind.stops() {
                    sink.point(&point, event);
                }
            });
            for (text, listed) in &out.listed {
                hand_listed(text, &listed.event, &shared.tables.email, sink);
            }
        }
        self.out.listed.clear();
        let nobody =
            self.findings.iter().map(|(reason, ..)| *reason).find(|r| *r == Reason::RowRefusesNobody);
        rejected.or(nobody)
    }
}
