//! The contact points of one row: every address and number in its cells, checked once.
//!
//! Knows which fields hold points; what makes a point valid is told by `email` and `phone`.

use super::sheet::Point;
use crate::email;
use crate::phone::{self, Region, Sms};
use crate::reason::Reason;
use crate::record::{Field, PointKind};

/// The most points a contact's row may have; that there were more is found and said. A row that refuses has no
/// such limit.
const MOST: usize = 200;

/// The tables that judge points; shared by all workers.
#[derive(Debug)]
pub(super) struct Tables {
    /// Of e-mail addresses.
    pub(super) email: email::Tables,
    /// Of telephone numbers.
    pub(super) phone: phone::Tables,
}

impl Tables {
    /// The tables built into the program.
    pub(super) fn built_in() -> Self {
        Self { email: email::Tables::builtin(), phone: phone::Tables::built_in() }
    }

    /// Digits of an E.164 number behind the calling code of its region.
    pub(super) fn national<'a>(&self, e164: &'a str, region: Option<[u8; 2]>) -> &'a str {
        let region = region.and_then(|code| Region::from_iso(std::str::from_utf8(&code).ok()?));
        let Some(code) = region.and_then(|r| self.phone.calling_code(r)) else { return "" };
        let mut digits = [0; 5];
        let mut at = digits.len();
        let mut rest = code;
        while rest > 0 {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        e164.strip_prefix('+')
            .and_then(|n| n.strip_prefix(std::str::from_utf8(&digits[at..]).unwrap_or_default()))
            .unwrap_or("")
    }

    /// Name, date and size of every list built in.
    pub(super) fn versions(&self) -> Vec<(String, String, u64)> {
        let mut all: Vec<_> = self
            .email
            .versions()
            .iter()
            .map(|v| (v.name.clone(), v.date.clone(), v.entries as u64))
            .collect();
        let plans = self.phone.plans();
        all.push((
            format!("phone numbering plans {}", plans.metadata()),
            plans.date().to_string(),
            plans.all().len() as u64,
        ));
        all
    }
}

/// The points of the row at hand, their texts side by side in one buffer. One per worker.
#[derive(Debug, Default)]
pub(super) struct Points {
    text: String,
    reasons: Vec<u8>,
    spans: Vec<Span>,
    most: usize,
    more: bool,
    email: email::Scratch,
    phone: phone::Scratch,
}

type Stretch = (u32, u32);

#[derive(Debug, Clone, Copy)]
struct Span {
    kind: PointKind,
    field: Field,
    typed: Stretch,
    exact: Stretch,
    key: Stretch,
    domain: Stretch,
    suggestion: Stretch,
    reasons: Stretch,
    country: Option<[u8; 2]>,
    valid: bool,
    keyable: bool,
}

/// A point of the row, with what only the first pass needs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen<'a> {
    /// What the sheet keeps.
    pub(super) point: Point<'a>,
    /// Mail domain; empty for other points.
    pub(super) domain: &'a str,
    /// Country that a number or a country-code domain tells.
    pub(super) country: Option<[u8; 2]>,
    /// Whether it is an address or number at all.
    pub(super) valid: bool,
}

/// What a point is, without its texts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outline<'a> {
    pub(super) kind: PointKind,
    pub(super) field: Field,
    /// What was found on it.
    pub(super) reasons: &'a [u8],
    /// Country that a number or a country-code domain tells.
    pub(super) country: Option<[u8; 2]>,
    /// Whether it is an address or number at all.
    pub(super) valid: bool,
    /// Whether others may be matched with it.
    pub(super) keyable: bool,
}

impl Points {
    /// Forgets the last row's points; `limited`: the next row is a contact's.
    pub(super) fn clear(&mut self, limited: bool) {
        self.most = if limited { MOST } else { usize::MAX };
        self.more = false;
        self.text.clear();
        self.reasons.clear();
        self.spans.clear();
    }

    /// Whether the row had more points than it may have.
    pub(super) fn were_more(&self) -> bool {
        self.more
    }

    /// Forgets the points that cannot be matched, from number `from` on.
    pub(super) fn keep_keyable(&mut self, from: usize) {
        let mut at = 0;
        self.spans.retain(|span| {
            at += 1;
            at <= from || span.keyable
        });
    }

    /// Number of points.
    pub(super) fn len(&self) -> usize {
        self.spans.len()
    }

    /// Point number `i`.
    pub(super) fn get(&self, i: usize) -> Seen<'_> {
        let span = &self.spans[i];
        let text = |s: Stretch| &self.text[s.0 as usize..s.1 as usize];
        Seen {
            point: Point {
                kind: span.kind,
                field: span.field,
                typed: text(span.typed),
                exact: text(span.exact),
                key: text(span.key),
                keyable: span.keyable,
                reasons: &self.reasons[span.reasons.0 as usize..span.reasons.1 as usize],
            },
            domain: text(span.domain),
            country: span.country,
            valid: span.valid,
        }
    }

    /// All points, without their texts.
    pub(super) fn outlines(&self) -> impl Iterator<Item = Outline<'_>> {
        self.spans.iter().map(|span| Outline {
            kind: span.kind,
            field: span.field,
            reasons: &self.reasons[span.reasons.0 as usize..span.reasons.1 as usize],
            country: span.country,
            valid: span.valid,
            keyable: span.keyable,
        })
    }

    /// What was probably meant by mistyped addresses.
    pub(super) fn suggestions(&self) -> impl Iterator<Item = &str> {
        let suggested = self.spans.iter().map(|span| span.suggestion).filter(|(from, to)| from < to);
        suggested.map(|(from, to)| &self.text[from as usize..to as usize])
    }

    /// All points.
    pub(super) fn iter(&self) -> impl Iterator<Item = Seen<'_>> {
        (0..self.len()).map(|i| self.get(i))
    }

    /// Checks every address of a cell.
    pub(super) fn add_emails(&mut self, field: Field, cell: &str, tables: &email::Tables) {
        let Self { text, reasons, spans, email, most, more, .. } = self;
        email::split_cell(cell, |part| {
            if spans.len() >= *most {
                *more = true;
                return;
            }
            let found = email::check(part, tables, email);
            let valid = found.verdict != email::Verdict::Invalid;
            let from = reasons.len() as u32;
            reasons.extend(found.reasons.iter().map(|r| r as u8));
            let exact = if valid { found.exact } else { found.fold };
            let typed = if valid { found.address } else { part.trim() };
            let key = if valid { found.key } else { found.fold };
            spans.push(Span {
                kind: PointKind::Email,
                field,
                typed: put(text, typed),
                exact: put(text, exact),
                key: put(text, key),
                domain: put(text, found.domain),
                suggestion: put(text, found.suggestion.unwrap_or_default()),
                reasons: (from, reasons.len() as u32),
                country: found.facts.country,
                valid,
                keyable: valid,
            });
        });
    }

    /// Checks every number of a cell; `region` is where a number without a country code is at home.
    pub(super) fn add_phones(
        &mut self,
        field: Field,
        cell: &str,
        region: Option<Region>,
        tables: &phone::Tables,
    ) {
        let Self { text, reasons, spans, phone, most, more, .. } = self;
        phone::split_cell(cell, |part| {
            if spans.len() >= *most {
                *more = true;
                return;
            }
            let found = phone::check(part.text, region, tables, phone);
            let valid = found.verdict != phone::Verdict::Invalid;
            let from = reasons.len() as u32;
            reasons.extend(part.reasons.as_slice().iter().chain(found.reasons.as_slice()).map(|r| *r as u8));
            let texting = match found.sms {
                _ if !valid => None,
                Sms::Likely => None,
                Sms::Unknown => Some(Reason::SmsUnknown),
                Sms::Uncertain => Some(Reason::SmsUncertain),
                Sms::Unlikely => Some(Reason::SmsUnlikely),
            };
            reasons.extend(texting.map(|r| r as u8));
            let key = if found.e164.is_empty() { found.fold } else { found.e164 };
            let key = put(text, key);
            spans.push(Span {
                kind: PointKind::Phone,
                field,
                typed: if found.e164.is_empty() { put(text, part.text.trim()) } else { key },
                exact: key,
                key,
                domain: (0, 0),
                suggestion: (0, 0),
                reasons: (from, reasons.len() as u32),
                // Digits that make no number tell no country.
                country: found.region.filter(|_| !found.e164.is_empty()).map(Region::letters),
                valid,
                // A number out of a film is bad to dial and good to match; filler is good for nothing.
                keyable: !found.e164.is_empty() && !found.reasons.has(Reason::PhonePlaceholder),
            });
        });
    }

    /// Adds a postal address: its lines as typed, the person's own key, and the household's (empty: none).
    pub(super) fn add_post(&mut self, lines: &str, own: &str, household: &str, incomplete: bool) {
        let from = self.reasons.len() as u32;
        if incomplete {
            self.reasons.push(Reason::PostIncomplete as u8);
        }
        self.spans.push(Span {
            kind: PointKind::Post,
            field: Field::Street,
            typed: put(&mut self.text, lines),
            exact: put(&mut self.text, own),
            key: put(&mut self.text, household),
            domain: (0, 0),
            suggestion: (0, 0),
            reasons: (from, self.reasons.len() as u32),
            country: None,
            valid: !incomplete,
            keyable: !household.is_empty(),
        });
    }
}

fn put(text: &mut String, piece: &str) -> Stretch {
    let from = text.len() as u32;
    text.push_str(piece);
    (from, text.len() as u32)
}
