//! The row sheet: what the first pass found out about a row, so that nothing is checked twice.
//!
//! One row is one run of bytes, written by a worker, read back in the same order. Knows layout only.

use crate::consent::CountryFact;
pub(crate) use crate::decide::reasons;
use crate::ledger::{self, EVENT_BYTES};
use crate::pipeline::kit::bytes::{array, take};
use crate::reason::Reason;
use crate::record::{Event, Failure, Field, PointKind, Precision, Stamp, When, words};

/// A finding of a row that is about no point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RowFinding<'a> {
    pub(crate) reason: Reason,
    /// More about it: a column, a suggestion.
    pub(crate) detail: &'a str,
}

pub(crate) fn write_finding(out: &mut RowBytes, finding: &RowFinding<'_>) {
    out.bytes(&[finding.reason as u8]);
    out.text(&finding.detail[..finding.detail.floor_char_boundary(250)]);
}

pub(crate) fn read_finding<'a>(row: &mut SheetRow<'a>) -> Option<RowFinding<'a>> {
    let reason = *Reason::ALL.get(usize::from(row.bytes(1)?[0]))?;
    Some(RowFinding { reason, detail: row.text()? })
}

/// A country that a row speaks of, and how.
pub(crate) type RowCountry = (CountryFact, [u8; 2]);

pub(crate) fn write_country(out: &mut RowBytes, country: &RowCountry) {
    out.bytes(&[country.0 as u8, country.1[0], country.1[1]]);
}

pub(crate) fn read_country(row: &mut SheetRow<'_>) -> Option<RowCountry> {
    let head = row.bytes(3)?;
    Some((CountryFact::from_number(head[0])?, [head[1], head[2]]))
}

/// The temporary data do not fit the sources.
pub(crate) fn damaged() -> Failure {
    Failure::run("a temporary file is damaged").hint("run again; if it happens twice, please report it")
}

words! {
    /// Where a row ends, as far as the row alone tells.
    pub(crate) enum Ending {
        /// A contact's row: kept or merged.
        Contact,
        /// A row of a source of refusals.
        Refusal,
        /// A row of a source of events that is none.
        Event,
        Rejected,
    }
}

/// A contact point of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Point<'a> {
    pub(crate) kind: PointKind,
    pub(crate) field: Field,
    /// For sending: as typed, after repairs; a number in E.164.
    pub(crate) typed: &'a str,
    /// The exact address: case-folded, repaired.
    pub(crate) exact: &'a str,
    /// The canonical form: what matching goes by.
    pub(crate) key: &'a str,
    /// Whether it is an address or number that others may be matched with.
    pub(crate) keyable: bool,
    pub(crate) reasons: &'a [u8],
}

impl Point<'_> {
    /// What was found on it, as reasons.
    pub(crate) fn reasons(&self) -> impl Iterator<Item = Reason> + '_ {
        reasons(self.reasons)
    }
}

/// An event of a row and the points it speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RowEvent {
    pub(crate) event: Event,
    /// Number of the row's point it speaks of; `EVERY_POINT` for all.
    pub(crate) point: u8,
}

/// The event speaks of every point of its row.
pub(crate) const EVERY_POINT: u8 = u8::MAX;

impl RowEvent {
    /// Whether it speaks of this point.
    pub(crate) const fn at(&self, point: usize) -> bool {
        self.point == EVERY_POINT || self.point as usize == point
    }
}

/// A row being written: its texts side by side, so that reading checks their encoding once, and the rest.
#[derive(Debug, Default)]
pub(crate) struct RowBytes {
    text: Vec<u8>,
    rest: Vec<u8>,
}

#[derive(Debug, Default)]
pub(crate) struct SheetWriter {
    row: RowBytes,
    pub(crate) bytes: Vec<u8>,
}

impl SheetWriter {
    pub(crate) fn start(&mut self, ending: Ending, line: u32, changed: Stamp) {
        let RowBytes { text, rest } = &mut self.row;
        text.clear();
        rest.clear();
        rest.push(ending as u8);
        rest.extend_from_slice(&line.to_le_bytes());
        stamp(rest, changed);
    }

    /// Writes a list of `count` items: its length, then each item.
    pub(crate) fn list<T>(
        &mut self,
        count: usize,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut RowBytes, T),
    ) {
        varint(&mut self.row.rest, count);
        for item in items {
            write(&mut self.row, item);
        }
    }

    pub(crate) fn end(&mut self) {
        let RowBytes { text, rest } = &self.row;
        varint(&mut self.bytes, text.len() + rest.len() + varint_len(text.len()));
        varint(&mut self.bytes, text.len());
        self.bytes.extend_from_slice(text);
        self.bytes.extend_from_slice(rest);
    }
}

pub(crate) fn write_point(out: &mut RowBytes, point: &Point<'_>) {
    out.rest.extend_from_slice(&[point.kind as u8 | u8::from(point.keyable) << 7, point.field as u8]);
    out.text(point.typed);
    // Most addresses are typed as they match: an empty text stands for "the same".
    out.text(if point.exact == point.typed { "" } else { point.exact });
    out.text(if point.key == point.exact { "" } else { point.key });
    varint(&mut out.rest, point.reasons.len());
    out.rest.extend_from_slice(point.reasons);
}

pub(crate) fn write_event(out: &mut RowBytes, event: &RowEvent) {
    out.rest.push(event.point);
    ledger::encode(&event.event, &mut out.rest);
}

impl RowBytes {
    /// Appends bytes that are no text.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.rest.extend_from_slice(bytes);
    }

    pub(crate) fn text(&mut self, text: &str) {
        varint(&mut self.rest, text.len());
        self.text.extend_from_slice(text.as_bytes());
    }
}

const fn varint_len(n: usize) -> usize {
    let bits = usize::BITS - n.leading_zeros();
    if bits == 0 { 1 } else { bits.div_ceil(7) as usize }
}

fn varint(out: &mut Vec<u8>, mut n: usize) {
    while n >= 0x80 {
        out.push(0x80 | (n & 0x7f) as u8);
        n >>= 7;
    }
    out.push(n as u8);
}

fn stamp(out: &mut Vec<u8>, stamp: Stamp) {
    match stamp {
        Stamp::Known(when) => {
            out.push(1 + when.precision as u8);
            out.extend_from_slice(&when.seconds.to_le_bytes());
        }
        Stamp::Either { day_month, month_day, .. } => {
            // Which row is newer is decided by the earlier reading: an uncertain date never wins by chance.
            out.push(1 + day_month.precision as u8);
            out.extend_from_slice(&day_month.seconds.min(month_day.seconds).to_le_bytes());
        }
        Stamp::Absent | Stamp::Unreadable => out.push(0),
    }
}

#[derive(Debug, Clone)]
pub(crate) struct SheetRow<'a> {
    text: &'a str,
    rest: &'a [u8],
}

impl<'a> SheetRow<'a> {
    /// Cuts the next row off `bytes`, with all its bytes.
    pub(crate) fn next(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
        let length = read_varint(bytes)?;
        take(bytes, length)
    }

    /// Reads a row: where it ends, its line, when it last changed; then its lists, in the order they were written.
    pub(crate) fn open(row: &'a [u8]) -> Option<(Ending, u32, Option<When>, Self)> {
        let mut rest = row;
        let length = read_varint(&mut rest)?;
        let text = simdutf8::basic::from_utf8(take(&mut rest, length)?).ok()?;
        let ending = Ending::from_number(take(&mut rest, 1)?[0])?;
        let line = u32::from_le_bytes(array(&mut rest)?);
        let changed = match take(&mut rest, 1)?[0].checked_sub(1) {
            None => None,
            Some(number) => Some(When {
                seconds: i64::from_le_bytes(array(&mut rest)?),
                precision: *[Precision::Day, Precision::Local, Precision::Instant]
                    .get(usize::from(number))?,
            }),
        };
        Some((ending, line, changed, Self { text, rest }))
    }

    /// Shows every point, which stand first of all lists.
    pub(crate) fn points(&mut self, see: impl FnMut(Point<'a>)) -> Option<()> {
        self.list(read_point, see)
    }

    /// Shows every item of the next list.
    pub(crate) fn list<T>(
        &mut self,
        read: impl Fn(&mut Self) -> Option<T>,
        mut see: impl FnMut(T),
    ) -> Option<()> {
        let count = read_varint(&mut self.rest)?;
        (0..count).try_for_each(|_| read(self).map(&mut see))
    }

    pub(crate) fn bytes(&mut self, n: usize) -> Option<&'a [u8]> {
        take(&mut self.rest, n)
    }

    pub(crate) fn text(&mut self) -> Option<&'a str> {
        let length = read_varint(&mut self.rest)?;
        let (head, rest) = self.text.split_at_checked(length)?;
        self.text = rest;
        Some(head)
    }
}

/// Copies a row, adding to each point the reason that is given for it. Points stand first of all lists; texts stay.
pub(crate) fn insert_reasons(
    row: &[u8],
    out: &mut Vec<u8>,
    reason: impl Fn(&Point<'_>) -> Option<Reason>,
) -> Option<()> {
    let (_, _, _, mut lists) = SheetRow::open(row)?;
    let mut copy = row[..row.len() - lists.rest.len()].to_vec();
    let count = read_varint(&mut lists.rest)?;
    varint(&mut copy, count);
    for _ in 0..count {
        let before = lists.rest;
        let point = read_point(&mut lists)?;
        let (known, added) = (point.reasons.len(), reason(&point));
        let bytes = before.len() - lists.rest.len() - known;
        copy.extend_from_slice(&before[..bytes - varint_len(known)]);
        varint(&mut copy, known + usize::from(added.is_some()));
        copy.extend_from_slice(point.reasons);
        copy.extend(added.map(|r| r as u8));
    }
    copy.extend_from_slice(lists.rest);
    varint(out, copy.len());
    out.extend_from_slice(&copy);
    Some(())
}

pub(crate) fn read_point<'a>(row: &mut SheetRow<'a>) -> Option<Point<'a>> {
    let head = row.bytes(2)?;
    let kind = PointKind::from_number(head[0] & 0x7f)?;
    let keyable = head[0] & 0x80 != 0;
    let field = Field::from_number(head[1])?;
    let typed = row.text()?;
    let exact = Some(row.text()?).filter(|t| !t.is_empty()).unwrap_or(typed);
    let key = Some(row.text()?).filter(|t| !t.is_empty()).unwrap_or(exact);
    let count = read_varint(&mut row.rest)?;
    Some(Point { kind, field, typed, exact, key, keyable, reasons: row.bytes(count)? })
}

pub(crate) fn read_event(row: &mut SheetRow<'_>) -> Option<RowEvent> {
    let point = row.bytes(1)?[0];
    let event = ledger::decode(row.bytes(EVENT_BYTES)?.try_into().ok()?)?;
    Some(RowEvent { event, point })
}

fn read_varint(bytes: &mut &[u8]) -> Option<usize> {
    let mut n = 0;
    for shift in (0..35).step_by(7) {
        let byte = take(bytes, 1)?[0];
        n |= usize::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(n);
        }
    }
    None
}
