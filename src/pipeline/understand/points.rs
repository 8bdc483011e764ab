//! The contact points of one row: every address, number and handle in its cells, checked once.
//!
//! Knows which fields hold points; what makes a point valid is told by `email` and `phone`.

use crate::data::domains::{SPECIAL_USE, TLDS};
use crate::data::networks::Network;
use crate::data::vocabulary::Remark;
use crate::data::words::is_no_point;
use crate::data::{networks, remarks};
use crate::output::digits;
use crate::phone::{Region, Sms};
use crate::pipeline::kit::row_sheet::Point;
use crate::plan::{Judging, PHONE};
use crate::reason::Reason;
use crate::record::{Channels, Failure, Field, PointKind};
use crate::report::ListUsed;
use crate::suppress::PhoneForms;
use crate::{email, phone};

/// The most points a contact's row may have; that there were more is found and said. A row that refuses has no
/// such limit.
const MOST: usize = 200;

/// The tables that judge points; shared by all workers.
#[derive(Debug)]
pub(crate) struct PointTables {
    pub(crate) email: email::EmailTables,
    pub(crate) phone: phone::PhoneTables,
}

impl PointTables {
    pub(crate) fn of(judging: &Judging) -> Result<Self, Failure> {
        Ok(Self { email: judging.email()?, phone: judging.phone()? })
    }

    /// Digits of an E.164 number behind the calling code of its region.
    pub(crate) fn national<'a>(&self, e164: &'a str, region: Option<[u8; 2]>) -> &'a str {
        let region = region.and_then(|code| Region::from_iso(std::str::from_utf8(&code).ok()?));
        let Some(code) = region.and_then(|r| self.phone.calling_code(r)) else { return "" };
        let mut room = [0; 20];
        let code = digits(u64::from(code), &mut room);
        e164.strip_prefix('+').and_then(|number| number.strip_prefix(code)).unwrap_or_default()
    }

    /// The forms of an E.164 number whose region is not at hand.
    pub(crate) fn forms<'a>(&self, e164: &'a str) -> PhoneForms<'a> {
        let digits = e164.strip_prefix('+').unwrap_or(e164);
        let national = (1..=3).find_map(|length| {
            let (code, national) = digits.split_at_checked(length)?;
            self.phone.plans().code(code.parse().ok()?).map(|_| national)
        });
        PhoneForms { e164, national: national.unwrap_or_default() }
    }

    /// What tells apart tables by which an address or a number is read differently.
    pub(crate) fn stamp(&self, judging: &Judging) -> String {
        let words = [TLDS.name, SPECIAL_USE.name];
        let versions = self.versions(judging).into_iter();
        let reads = versions.filter(|v| words.contains(&&*v.name) || v.name.starts_with("phone"));
        let parts = reads.map(|v| {
            let date = v.date.unwrap_or_default();
            format!("{} {date} {} {}", v.name, v.entries, v.sha256.unwrap_or_default())
        });
        parts.collect::<Vec<_>>().join("; ")
    }

    /// Every list that judged, with what the plan says of those that were supplied.
    pub(crate) fn versions(&self, judging: &Judging) -> Vec<ListUsed> {
        let used = |name: &str, date: &str, entries: usize, known_as: &str| {
            let supplied = judging.supplied.iter().find(|b| b.name == known_as);
            ListUsed {
                name: name.to_owned(),
                kind: supplied.map_or("built-in", |b| b.role.word()).to_owned(),
                date: Some(date.to_owned()).filter(|d| !d.is_empty()),
                entries: entries as u64,
                sha256: supplied.map(|b| b.sha256.clone()),
                ..ListUsed::default()
            }
        };
        let email = self.email.versions().iter();
        let mut all: Vec<_> = email.map(|v| used(&v.name, &v.date, v.entries, &v.name)).collect();
        let plans = self.phone.plans();
        let name = format!("phone numbering plans {}", plans.metadata());
        all.push(used(&name, plans.date(), plans.all().len(), PHONE));
        all
    }
}

/// Where the numbers of a row are at home.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Homes {
    /// What the row states; where it states nothing, what the run was told.
    region: Option<Region>,
    /// What can be inferred from the row, each once.
    inferred: [Option<Region>; 4],
}

impl From<Option<Region>> for Homes {
    fn from(region: Option<Region>) -> Self {
        Self::stated(region)
    }
}

impl Homes {
    /// Nothing is inferred.
    pub(crate) fn stated(region: Option<Region>) -> Self {
        Self { region, inferred: [None; 4] }
    }

    /// Adds a region that something else of the row tells.
    pub(crate) fn infer(&mut self, region: Option<Region>) {
        if region.is_none() || self.inferred.contains(&region) {
            return;
        }
        if let Some(free) = self.inferred.iter_mut().find(|r| r.is_none()) {
            *free = region;
        }
    }

    /// The inferred region that makes a number of the text, when only inference does: the text itself tells no
    /// country, and all inferred regions under which it is a number agree which.
    fn inferred_for(
        &self,
        text: &str,
        tables: &phone::PhoneTables,
        scratch: &mut phone::PhoneScratch,
    ) -> Option<Region> {
        if self.inferred[0].is_none() || self.inferred == [self.region, None, None, None] {
            return None;
        }
        let mut number = |region| {
            let found = phone::check(text, region, tables, scratch);
            (found.verdict != phone::PhoneVerdict::Invalid).then(|| found.e164.to_owned())
        };
        if number(None).is_some() {
            return None;
        }
        let mut readings = self.inferred.iter().flatten().filter_map(|r| Some((*r, number(Some(*r))?)));
        let (region, first) = readings.next()?;
        readings.all(|(_, other)| other == first).then_some(region)
    }
}

/// The points of the row at hand, their texts side by side in one buffer. One per worker.
#[derive(Debug, Default)]
pub(crate) struct Points {
    text: String,
    reasons: Vec<u8>,
    spans: Vec<PointSpan>,
    most: usize,
    more: bool,
    fix: bool,
    /// What was typed where a sure slip was put right.
    originals: Vec<Stretch>,
    email: email::EmailScratch,
    phone: phone::PhoneScratch,
}

type Stretch = (u32, u32);

/// What a point is, and where its texts stand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PointSpan {
    pub(crate) kind: PointKind,
    pub(crate) field: Field,
    typed: Stretch,
    exact: Stretch,
    key: Stretch,
    domain: Stretch,
    suggestion: Stretch,
    reasons: Stretch,
    /// Country that a number or a country-code domain tells.
    pub(crate) country: Option<[u8; 2]>,
    /// Whether it is an address or number at all.
    pub(crate) valid: bool,
    /// Whether others may be matched with it.
    pub(crate) keyable: bool,
    /// What a remark beside it refuses.
    refused: Remark,
}

/// A point of the row, with what only the first pass needs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen<'a> {
    /// What the sheet keeps.
    pub(crate) point: Point<'a>,
    /// Mail domain; empty for other points.
    pub(crate) domain: &'a str,
    /// Country that a number or a country-code domain tells.
    pub(crate) country: Option<[u8; 2]>,
    /// Whether it is an address or number at all.
    pub(crate) valid: bool,
}

impl Seen<'_> {
    /// Whether it is an address or number that others may be matched with, and no postal address.
    pub(crate) fn is_keyable_text(&self) -> bool {
        self.point.keyable && self.point.kind != PointKind::Post
    }
}

impl Points {
    /// For a run; `fix`: the address that a sure slip stands for is added.
    pub(crate) fn new(fix: bool) -> Self {
        Self { fix, ..Self::default() }
    }

    /// Forgets the last row's points; `limited`: the next row is a contact's.
    pub(crate) fn clear(&mut self, limited: bool) {
        self.most = if limited { MOST } else { usize::MAX };
        self.more = false;
        self.text.clear();
        self.reasons.clear();
        self.spans.clear();
        self.originals.clear();
    }

    /// Whether the row had more points than it may have.
    pub(crate) fn were_more(&self) -> bool {
        self.more
    }

    /// Forgets the points that cannot be matched, from number `from` on.
    pub(crate) fn keep_keyable(&mut self, from: usize) {
        let mut at = 0;
        self.spans.retain(|span| {
            at += 1;
            at <= from || span.keyable
        });
    }

    pub(crate) fn len(&self) -> usize {
        self.spans.len()
    }

    pub(crate) fn get(&self, i: usize) -> Seen<'_> {
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
                reasons: self.found_on(span),
            },
            domain: text(span.domain),
            country: span.country,
            valid: span.valid,
        }
    }

    /// All points, without their texts.
    pub(crate) fn outlines(&self) -> impl Iterator<Item = &PointSpan> {
        self.spans.iter()
    }

    /// What was found on a point.
    pub(crate) fn found_on(&self, span: &PointSpan) -> &[u8] {
        &self.reasons[span.reasons.0 as usize..span.reasons.1 as usize]
    }

    /// What was probably meant by mistyped addresses.
    pub(crate) fn suggestions(&self) -> impl Iterator<Item = &str> {
        let suggested = self.spans.iter().map(|span| span.suggestion).filter(|(from, to)| from < to);
        suggested.map(|(from, to)| &self.text[from as usize..to as usize])
    }

    /// What was typed where a sure slip was put right.
    pub(crate) fn originals(&self) -> impl Iterator<Item = &str> {
        self.originals.iter().map(|(from, to)| &self.text[*from as usize..*to as usize])
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Seen<'_>> {
        (0..self.len()).map(|i| self.get(i))
    }

    /// Whose address a cell holds that needs no second look; nothing of it is kept.
    pub(crate) fn sound<'a>(
        &'a mut self,
        cell: &'a str,
        tables: &email::EmailTables,
    ) -> Option<email::Sound<'a>> {
        email::sound(cell, tables, &mut self.email)
    }

    /// The number in E.164 that a cell of nothing but digits is, where others may be matched with it; nothing of it is
    /// kept.
    pub(crate) fn sound_number<'a>(
        &'a mut self,
        cell: &'a str,
        region: Option<Region>,
        tables: &phone::PhoneTables,
    ) -> Option<&'a str> {
        let digits = cell.strip_prefix('+').unwrap_or(cell);
        if !(7..=15).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let found = phone::check(cell, region, tables, &mut self.phone);
        let good = !found.e164.is_empty() && !found.reasons.has(Reason::PhonePlaceholder);
        good.then_some(found.e164)
    }

    /// The points that a remark in their cell refuses (`(do not call)`), with the remark.
    pub(crate) fn remarked(&self) -> impl Iterator<Item = (usize, Remark)> + '_ {
        let spans = self.spans.iter().enumerate().filter(|(_, span)| !span.refused.channels.is_empty());
        spans.map(|(at, span)| (at, span.refused))
    }

    pub(crate) fn add_emails(&mut self, field: Field, cell: &str, tables: &email::EmailTables) {
        if is_no_point(cell) {
            return;
        }
        let Self { text, reasons, spans, email, most, more, fix, originals, .. } = self;
        email::split_cell(cell, |part| {
            if spans.len() >= *most {
                *more = true;
                return;
            }
            let (part, flags) = email::split_flags(part);
            let found = email::check(part, tables, email);
            let meant = found.sure_fix().filter(|_| *fix).map(str::to_owned);
            let mut span = span_of(&found, part.trim(), field, text, reasons);
            if flags.invalid || flags.opted_out {
                reasons.push(Reason::EmailSaysNo as u8);
                span.reasons.1 = reasons.len() as u32;
            }
            if flags.opted_out {
                span.refused.channels = span.refused.channels.union(Channels::of_point(PointKind::Email));
            }
            let Some(meant) = meant else { return spans.push(span) };
            // The address as typed stays, and with it the consent given there; what refuses the row refuses both.
            reasons.push(Reason::EmailTypoReplaced as u8);
            span.reasons.1 = reasons.len() as u32;
            span.suggestion = (0, 0);
            originals.push(span.typed);
            let refused = span.refused;
            spans.push(span);
            let fixed = email::check(&meant, tables, email).as_fixed();
            spans.push(PointSpan { refused, ..span_of(&fixed, &meant, field, text, reasons) });
        });
    }

    /// Addresses that stand within what was read as an address and is none, or hardly one, from point number `from`
    /// on, with the field. They serve refusals alone. Allocates where there is such a text.
    pub(crate) fn addresses_within(&self, from: usize) -> Vec<(Field, String)> {
        let emails = self.spans.iter().skip(from).filter(|span| span.kind == PointKind::Email);
        let mut found = Vec::new();
        for span in emails {
            let text = |s: Stretch| &self.text[s.0 as usize..s.1 as usize];
            let plain = |b: u8| b.is_ascii_alphanumeric() || b".@_-+".contains(&b);
            if !span.keyable || !text(span.exact).bytes().all(plain) {
                let within = email::addresses_within(text(span.typed)).into_iter();
                found.extend(within.filter(|a| a != text(span.exact)).map(|a| (span.field, a)));
            }
        }
        found
    }

    /// Checks every number of a cell; `homes` tells where a number without a country code is at home.
    pub(crate) fn add_phones(
        &mut self,
        field: Field,
        cell: &str,
        homes: impl Into<Homes>,
        tables: &phone::PhoneTables,
    ) {
        if is_no_point(cell) {
            return;
        }
        let homes = homes.into();
        let Self { text, reasons, spans, phone, most, more, .. } = self;
        phone::split_cell(cell, |part| {
            if spans.len() >= *most {
                *more = true;
                return;
            }
            let inferred = homes.inferred_for(part.text, tables, phone);
            let found = phone::check(part.text, inferred.or(homes.region), tables, phone);
            let valid = found.verdict != phone::PhoneVerdict::Invalid;
            let from = reasons.len() as u32;
            reasons.extend(inferred.map(|_| Reason::PhoneRegionInferred as u8));
            reasons.extend(part.reasons.as_slice().iter().chain(found.reasons.as_slice()).map(|r| *r as u8));
            let texting = match found.sms {
                _ if !valid => None,
                Sms::Likely => None,
                Sms::Unknown => Some(Reason::SmsUnknown),
                Sms::Uncertain => Some(Reason::SmsUncertain),
                Sms::Unlikely => Some(Reason::SmsUnlikely),
            };
            reasons.extend(texting.map(|r| r as u8));
            let key = if found.full.is_empty() { found.fold } else { found.full };
            let key = put(text, key);
            spans.push(PointSpan {
                kind: PointKind::Phone,
                field,
                typed: if found.e164.is_empty() { put(text, part.text.trim()) } else { key },
                exact: key,
                key,
                domain: (0, 0),
                suggestion: (0, 0),
                reasons: (from, reasons.len() as u32),
                // Digits that make no number tell no country, nor does what was inferred from elsewhere.
                country: found
                    .region
                    .filter(|_| !found.e164.is_empty() && inferred.is_none())
                    .map(Region::letters),
                valid,
                // A number out of a film, or that nobody is assigned, is bad to dial and good to match; filler is good
                // for nothing.
                keyable: !found.full.is_empty() && !found.reasons.has(Reason::PhonePlaceholder),
                refused: remarked(!valid || found.reasons.has(Reason::PhoneSaysNo), part.text),
            });
        });
    }

    /// Reads every handle of a cell, of the network that its column names.
    pub(crate) fn add_handles(&mut self, field: Field, network: Option<&'static Network>, cell: &str) {
        let parts = cell.split([';', ',', '|', '\n']).filter(|part| !part.trim().is_empty());
        for found in parts.filter_map(|part| networks::read(network, part)) {
            if self.spans.len() >= self.most {
                self.more = true;
                return;
            }
            let from = self.reasons.len() as u32;
            if !found.valid {
                self.reasons.push(Reason::HandleInvalid as u8);
            }
            let text = put(&mut self.text, &found.text);
            self.spans.push(PointSpan {
                kind: PointKind::Handle,
                field,
                typed: text,
                exact: text,
                key: text,
                domain: (0, 0),
                suggestion: (0, 0),
                reasons: (from, self.reasons.len() as u32),
                country: None,
                valid: found.valid,
                keyable: found.valid,
                refused: Remark::default(),
            });
        }
    }

    /// Adds a postal address: its lines as typed, the person's own key, and the household's (empty: none).
    pub(crate) fn add_post(&mut self, lines: &str, own: &str, household: &str, incomplete: bool) {
        let from = self.reasons.len() as u32;
        if incomplete {
            self.reasons.push(Reason::PostIncomplete as u8);
        }
        self.spans.push(PointSpan {
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
            refused: Remark::default(),
        });
    }
}

/// An address that was checked; `part` is what was typed.
fn span_of(
    found: &email::CheckedAddress<'_>,
    part: &str,
    field: Field,
    text: &mut String,
    reasons: &mut Vec<u8>,
) -> PointSpan {
    let valid = found.verdict != email::EmailVerdict::Invalid;
    let from = reasons.len() as u32;
    reasons.extend(found.reasons.iter().map(|r| r as u8));
    let exact = if valid { found.exact } else { found.fold };
    let typed = if valid { found.address } else { part };
    let key = if valid { found.key } else { found.fold };
    PointSpan {
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
        refused: remarked(!valid || found.reasons.iter().any(|r| r == Reason::EmailSaysNo), part),
    }
}

/// What the remark in a text refuses, where one was found or may stand.
fn remarked(found: bool, text: &str) -> Remark {
    if found { remarks::refused(text).unwrap_or_default() } else { Remark::default() }
}

fn put(text: &mut String, piece: &str) -> Stretch {
    let from = text.len() as u32;
    text.push_str(piece);
    (from, text.len() as u32)
}
