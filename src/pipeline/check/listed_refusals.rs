//! The refusals of a row beside its own columns: those that lists of domains, digests and numbers hold, as the lists are
//! read and as they are looked up; and those of damaged rows.

use crate::data::networks;
use crate::mapping::Fact;
use crate::pipeline::check::attach_events::registry_listing;
use crate::pipeline::check::refusals::{asked, names_somebody, of_point};
use crate::pipeline::check::row::{Checker, has_address};
use crate::pipeline::kit::opt_outs;
use crate::pipeline::kit::row_sheet::{EVERY_POINT, Point, RowEvent};
use crate::pipeline::understand::points::Seen;
use crate::pipeline::understand::sources::SourcePlan;
use crate::reason::Reason;
use crate::record::{Channels, Event, EventKind, Evidence, Field, OF_DOMAIN, Place, PointKind, RowId, Stamp};
use crate::source::Row;
use crate::suppress::{
    Algorithm, Asked, Hit, KEYED, Listed, MatchedBy, SuppressionEntry, bare_digits, digest_binds_number,
    entries, shape,
};

/// The domain in what is written as the address of a web site.
fn host(text: &str) -> &str {
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let text = text.split(['/', '?', '#', ':']).next().unwrap_or_default();
    text.strip_prefix("www.").unwrap_or(text).trim_end_matches('.')
}

/// Other readings of a number of no country: with the prefix of a call abroad, or with a zero between the country's
/// code and the rest (`44 07911 123456`).
fn readings(text: &str, plans: &crate::phone::PhoneTables) -> Vec<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0');
    let abroad = digits.strip_prefix("11").filter(|_| text.starts_with("011")).map(str::to_owned);
    let zeros = (1..=3).filter_map(|length| {
        let (code, rest) = digits.split_at_checked(length)?;
        plans.plans().code(code.parse().ok()?)?;
        rest.strip_prefix('0').map(|rest| format!("{code}{rest}"))
    });
    zeros.chain(abroad).collect()
}

/// What the digits of an old number are today.
fn renumbered(digits: &str) -> Option<String> {
    let (code, rest) = digits.split_at_checked(2)?;
    let (area, own) = rest.split_at_checked(2)?;
    match (code, rest.len()) {
        _ if !digits.bytes().all(|b| b.is_ascii_digit()) => None,
        ("52", 11) => rest.strip_prefix('1').map(|rest| format!("+52{rest}")),
        ("54", 10) => Some(format!("+549{rest}")),
        ("55", 10) if own.starts_with(['6', '7', '8', '9']) => Some(format!("+55{area}9{own}")),
        _ => None,
    }
}

/// Whether a spreadsheet cut the number's digits (`4.47911E+11`).
fn lost_digits(seen: &Seen<'_>) -> bool {
    seen.point.reasons().any(|r| r == Reason::PhoneDigitsLost)
}

/// Whether a text has the parts of an address.
fn is_whole(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.') && !domain.contains('@'))
}

/// Whether it is meant for an address or number of somebody, and nobody can be found by it. Filler is nobody's.
fn is_unusable(seen: &Seen<'_>) -> bool {
    use Reason::{EmailEmpty, EmailPlaceholder, PhoneIsDate, PhonePlaceholder};
    let point = seen.point;
    let filler = || {
        let nobodys = |r| matches!(r, EmailEmpty | EmailPlaceholder | PhoneIsDate | PhonePlaceholder);
        point.reasons().any(nobodys)
    };
    let digits = || point.typed.bytes().filter(u8::is_ascii_digit).count();
    match point.kind {
        PointKind::Post => false,
        PointKind::Handle => !point.keyable,
        // `jane.*@acme.com` is meant for many.
        PointKind::Email if point.exact.contains('*') => true,
        // Whoever has `jane@acme.local` has the very same text.
        PointKind::Email => !point.keyable && !filler() && !is_whole(point.exact),
        PointKind::Phone if point.keyable || filler() => false,
        PointKind::Phone if lost_digits(seen) => true,
        // What is shorter is a word, a short code.
        PointKind::Phone => {
            digits() > 5 && (point.typed.starts_with('+') || bare_digits(point.exact).is_none())
        }
    }
}

impl Checker<'_> {
    /// Domains and digests of a suppression source: they go to the lists, not to the ledger.
    pub(crate) fn find_listed(
        &mut self,
        source: &SourcePlan,
        row: &Row<'_>,
        columns: &[usize],
        id: RowId,
        place: Place,
    ) -> bool {
        let mut any = false;
        // `jane@acme.com,acme.com` refuses Jane, not her company.
        let alone = !self.points.iter().any(|p| p.is_keyable_text());
        let cells = columns.iter().flat_map(|column| entries(row.get(*column)).map(move |e| (*column, e)));
        for (column, entry) in cells {
            let (domain, stone);
            let keyed = source.says_kind(row, "hmac-sha256") || entry.starts_with(KEYED);
            let (text, reason) = match shape(entry) {
                Some(SuppressionEntry::Domain { .. }) => (entry, Reason::SuppressionDomain),
                Some(_) if keyed && !entry.starts_with(KEYED) => {
                    stone = format!("{KEYED}{entry}");
                    (stone.as_str(), Reason::SuppressionDigest)
                }
                Some(_) => (entry, Reason::SuppressionDigest),
                None => {
                    let name = host(entry.strip_prefix('\'').unwrap_or(entry));
                    if !alone || entry.contains('@') || !self.is_domain(source, row, column, name) {
                        continue;
                    }
                    domain = format!("@{name}");
                    (domain.as_str(), Reason::SuppressionDomain)
                }
            };
            if !any {
                source.mapping.facts(|c| row.get(c), &mut self.facts);
                self.facts.retain(|f| f.event.suppresses());
            }
            any = true;
            self.out.keyed += u32::from(keyed);
            self.list(source, text, reason, id, place);
        }
        self.facts.clear();
        if any {
            // What was read as an address and found wanting is none.
            self.points.keep_keyable(0);
        }
        any
    }

    /// A domain by the word of its column or row; or where an address should stand, a domain of somebody's own.
    fn is_domain(&self, source: &SourcePlan, row: &Row<'_>, column: usize, name: &str) -> bool {
        let address =
            || source.mapping.columns.len() == 1 || source.points.emails.iter().any(|(c, _)| *c == column);
        source.says_domain(row, column) || address() && self.shared.tables.email.is_own_domain(name)
    }

    /// Puts a domain or digest on the lists, with everything that the row refuses.
    fn list(&mut self, source: &SourcePlan, text: &str, reason: Reason, id: RowId, place: Place) {
        let detail = if reason == Reason::SuppressionDigest { 0 } else { OF_DOMAIN };
        for i in 0..self.facts.len().max(1) {
            let fact = self.facts.get(i);
            let of_fact = || Event {
                kind: fact.map_or(EventKind::DoNotContact, |f| f.event),
                channels: fact.map_or(Channels::ALL, |f| f.channels),
                at: fact.map_or(Stamp::Absent, |f| f.at),
                evidence: Evidence::OUTSIDE,
                detail,
                place,
            };
            let event = registry_listing(source, place).unwrap_or_else(of_fact);
            self.find(reason, text);
            self.events.push(RowEvent { event, point: EVERY_POINT });
            self.count_refusal(event.kind);
            self.out.listed.push((text.to_owned(), Listed { row: id, event }));
        }
    }

    /// Adds the addresses that stand within what the row holds instead of addresses, from point number `from` on.
    pub(crate) fn find_within(&mut self, from: usize) {
        let end = self.points.len();
        for (field, address) in self.points.addresses_within(from) {
            self.points.add_emails(field, &address, &self.shared.tables.email);
        }
        self.points.keep_keyable(end);
    }

    /// Numbers of eleven digits and more that lost their plus are read with it too, whatever country the row states:
    /// whoever moved abroad kept the number.
    fn find_international(&mut self, source: &SourcePlan, row: &Row<'_>) {
        let stated = |p: &Seen<'_>| p.point.kind == PointKind::Phone && p.point.keyable;
        if !self.points.iter().any(|p| stated(&p)) {
            return;
        }
        let end = self.points.len();
        for column in source.points.cells(true) {
            self.add_with_plus(row.get(column));
        }
        self.points.keep_keyable(end);
    }

    /// Numbers that were written otherwise once, and are on many phones still: Mexico's `+52 1` before mobiles, Brazil's
    /// mobiles without their nine, Argentina's without theirs. Whoever is refused by the old number has the new one.
    fn find_renumbered(&mut self) {
        let end = self.points.len();
        for at in 0..end {
            let point = self.points.get(at).point;
            let number =
                if point.kind == PointKind::Phone { point.exact.trim_start_matches('+') } else { "" };
            let field = point.field;
            if let Some(today) = renumbered(number) {
                self.points.add_phones(field, &today, None, &self.shared.tables.phone);
            }
        }
        self.points.keep_keyable(end);
    }

    /// Reads a cell of eleven digits and more with the plus it may have lost.
    fn add_with_plus(&mut self, cell: &str) {
        let cell = cell.trim();
        let cell = cell.strip_suffix(".0").unwrap_or(cell);
        let digits = cell.bytes().filter(u8::is_ascii_digit).count();
        let plain = cell.bytes().all(|b| b.is_ascii_digit() || matches!(b, b' ' | b'-'));
        if plain && (11..=15).contains(&digits) && !cell.starts_with('0') {
            self.points.add_phones(Field::Phone, &format!("+{cell}"), None, &self.shared.tables.phone);
        }
    }

    /// Notes how what the row tells came there; `before` entries of lists stand in rows before.
    pub(crate) fn mark(&mut self, carried: Evidence, before: usize) {
        let Self { events, out, .. } = self;
        let told = events.iter_mut().map(|e| &mut e.event);
        let listed = out.listed.iter_mut().skip(before).map(|(_, listed)| &mut listed.event);
        for event in told.chain(listed) {
            event.evidence = event.evidence.with(carried);
        }
    }

    /// The country that the last row, its numbers or its domains tell first.
    pub(crate) fn country(&self) -> Option<String> {
        let (_, code) = self.countries.first()?;
        Some(String::from_utf8_lossy(code).into_owned())
    }

    /// Counts a row that tells an opt-out, with the campaign and the reason it tells.
    pub(crate) fn count_opt_out(&mut self, source: &SourcePlan, row: &Row<'_>) {
        if let Some(left) = self.events.iter().find(|e| opt_outs::is_opt_out(e.event.kind)) {
            let [campaign, reason] = source.left_by.map(|column| column.map_or("", |c| row.get(c)));
            self.out.tally.opt_outs.count(left.event.at, campaign, reason);
        }
    }

    /// Notes a row that refuses somebody whom nothing in it tells: its number has lost its digits, or where others
    /// keep refusals, none of its addresses and numbers is one. Whoever is meant was not blocked by it.
    pub(crate) fn note_nobody(&mut self, source: &SourcePlan) {
        if self.refuses_nobody(source.is_contacts()) {
            self.find(Reason::RowRefusesNobody, "");
            self.out.tally.nobody += 1;
        }
    }

    fn refuses_nobody(&self, of_people: bool) -> bool {
        if self.events.is_empty() || !self.points.iter().any(|p| is_unusable(&p)) {
            return false;
        }
        let named = self.points.iter().any(|p| p.is_keyable_text() && !is_unusable(&p))
            || self.points.suggestions().next().is_some();
        let refusing = |e: &&RowEvent| e.event.kind.stops() && e.event.detail != OF_DOMAIN;
        self.points.iter().enumerate().filter(|(_, p)| is_unusable(p)).any(|(at, p)| {
            let carries = Channels::of_point(p.point.kind);
            let here = |e: &RowEvent| e.at(at) && !e.event.channels.intersect(carries).is_empty();
            let alone = !of_people && !named;
            self.events
                .iter()
                .filter(refusing)
                .any(|e| if lost_digits(&p) { here(e) || alone } else { alone })
        })
    }

    /// Every address and number of the row that can be matched; in a damaged row also those that lost their plus.
    fn find_anywhere(&mut self, source: &SourcePlan, row: &Row<'_>, damaged: bool) {
        let from = self.points.len();
        for cell in row.iter() {
            if networks::is_written(cell) {
                self.points.add_handles(Field::Point, None, cell);
            } else if cell.contains('@') {
                let first = self.points.len();
                self.points.add_emails(Field::Email, cell, &self.shared.tables.email);
                self.find_within(first);
                // `447911123456@c.us`, `2125550123@vtext.com`: a number that is written to.
                let local = cell.split('@').next().unwrap_or_default().trim();
                if local.bytes().filter(u8::is_ascii_digit).count() >= 7
                    && !local.contains(char::is_alphabetic)
                {
                    let (region, tables) = (source.region.or(self.shared.region), &self.shared.tables.phone);
                    self.points.add_phones(
                        Field::Phone,
                        &format!("+{}", local.trim_start_matches('+')),
                        None,
                        tables,
                    );
                    self.points.add_phones(Field::Phone, local, region, tables);
                }
            } else if cell.bytes().filter(u8::is_ascii_digit).count() >= 7 {
                let region = source.region.or(self.shared.region);
                let before = self.points.len();
                self.points.add_phones(Field::Phone, cell, region, &self.shared.tables.phone);
                // `447911123456`, and nothing tells of which country.
                if damaged && !self.points.iter().skip(before).any(|p| p.point.keyable) {
                    self.add_with_plus(cell);
                }
            }
        }
        self.points.keep_keyable(from);
    }

    /// A row that refuses: addresses may stand within what is none. Where its own columns hold no address or number
    /// at all, any cell may. What is found is refused on what it can carry, whatever the row was thought to hold (an
    /// unsubscribe list of addresses speaks of e-mail); a consent has no place there. A register's numbers likewise
    /// stand in whatever cell.
    pub(crate) fn find_refused(&mut self, source: &SourcePlan, row: &Row<'_>) {
        let refusing = |f: &Fact| f.event.stops();
        if !self.facts.iter().any(refusing) {
            return;
        }
        if self.facts.iter().any(|f| f.event != EventKind::RegistryListed) {
            self.find_within(0);
            self.find_international(source, row);
            self.find_renumbered();
        }
        if self.points.iter().any(|p| p.is_keyable_text()) {
            return;
        }
        let from = self.points.len();
        self.find_anywhere(source, row, false);
        if self.points.len() == from {
            return;
        }
        self.facts.retain(refusing);
        let found = self.points.iter().skip(from).map(|p| Channels::of_point(p.point.kind));
        let carried = found.fold(Channels::NONE, Channels::union);
        let of_row = |f: &&mut Fact| f.column.is_none() && f.event != EventKind::HardBounce;
        for fact in self.facts.iter_mut().filter(of_row) {
            fact.channels = fact.channels.union(carried);
        }
    }

    /// A remark beside an address or number of a list of people refuses it to whoever else holds it; where rows refuse
    /// or tell events of their own, those say for what.
    pub(crate) fn attach_remarks(&mut self, source: &SourcePlan, place: Place) {
        if !source.is_contacts() {
            return;
        }
        for (at, remark) in self.points.remarked() {
            let at = u8::try_from(at).unwrap_or(EVERY_POINT);
            let (kind, channels) = (remark.event(), remark.channels);
            let (stamp, evidence) = (Stamp::Absent, Evidence::default());
            let event = Event { kind, channels, at: stamp, evidence, detail: 0, place };
            self.events.push(RowEvent { event, point: at });
            if let Some(count) = self.out.tally.refusals.get_mut(kind as usize) {
                *count += 1;
            }
        }
    }

    /// The household that a suppression file tells in one cell.
    pub(crate) fn find_household(&mut self, source: &SourcePlan, row: &Row<'_>) {
        for (column, _) in source.points.emails.iter().filter(|(_, field)| *field == Field::Point) {
            if let Some((key, named)) = self.residence.entry(row.get(*column)) {
                let household = if named { key.as_str() } else { "" };
                self.points.add_post("", &key, household, false);
            }
        }
    }

    /// A refused number whose country nobody told binds whoever has these digits behind a country code; a refused
    /// household, and a house whose residents nobody named, whoever lives there, however the address is written.
    pub(crate) fn find_numbers(&mut self, source: &SourcePlan, id: RowId) {
        let refusing = |e: &RowEvent| e.event.kind.is_refusal() && e.event.detail != OF_DOMAIN;
        if source.registry.is_some() || !self.events.iter().any(refusing) {
            return;
        }
        let named = names_somebody(&self.points);
        let Self { points, events, residence, out, shared, .. } = self;
        let open = |p: &Seen<'_>| p.point.kind == PointKind::Post || !p.point.keyable && !lost_digits(p);
        for (at, seen) in points.iter().enumerate().filter(|(_, p)| open(p)) {
            let Point { kind, exact, keyable, .. } = seen.point;
            let mut texts = Vec::new();
            match kind {
                PointKind::Phone if bare_digits(exact).is_some() && !exact.starts_with('+') => {
                    texts.push(exact.to_owned());
                    texts.extend(readings(exact, &shared.tables.phone));
                }
                PointKind::Post => residence.refused(|house| texts.push(house.to_owned())),
                PointKind::Email | PointKind::Handle | PointKind::Phone => continue,
            }
            // What people among others say of their letterbox alone binds it for the household.
            let of_post = |e: &Event| !e.channels.intersect(Channels::of_point(PointKind::Post)).is_empty();
            let binds = |e: &Event| !keyable || !source.is_contacts() || of_post(e);
            let told = events.iter().filter(|e| refusing(e) && e.at(at));
            for event in told.filter_map(|e| of_point(&e.event, &seen.point, named)).filter(binds) {
                let listed = Listed { row: id, event };
                out.listed.extend(texts.iter().map(|text| (text.clone(), listed)));
            }
        }
    }

    /// Refusals that a suppression list's domains and digests bring to the row's points.
    pub(crate) fn find_hits(&mut self) {
        let Some(lists) = self.shared.lists.filter(|l| !l.is_empty()) else { return };
        let Self { points, hits, residence, .. } = self;
        for (seen, at) in points.iter().zip(0u8..) {
            let point = seen.point;
            let mut hit = |found: Hit| {
                let Listed { row, mut event } = lists.listed(&found);
                if point.kind == PointKind::Phone && matches!(found.by, MatchedBy::Digest(..)) {
                    event.channels = digest_binds_number(event.channels);
                }
                hits.push((at, Listed { row, event }));
            };
            match (point.kind, asked(&seen, self.shared.tables)) {
                (PointKind::Post, _) => {
                    if lists.algorithms().contains(&Algorithm::HmacSha256) {
                        let text = if point.keyable { point.key } else { point.exact };
                        lists.find(&Asked::AsTyped(text.as_bytes()), &mut hit);
                    }
                    residence.asked(|house| lists.find(&Asked::House(house), &mut hit));
                }
                (PointKind::Handle, Asked::Email(forms, _)) => lists.find(&Asked::Handle(forms), hit),
                (_, asked) => lists.find(&asked, hit),
            }
        }
        // What nobody else can hold is told to the row itself.
        let own = |(at, _): &&(u8, Listed)| {
            let point = points.get(usize::from(*at)).point;
            point.kind == PointKind::Post && !point.keyable
        };
        let told = hits.iter().filter(own).map(|(at, listed)| RowEvent { event: listed.event, point: *at });
        self.events.extend(told);
    }

    /// A row that cannot be trusted, or names no point where it should: if it may refuse, and any cell reads as
    /// an address or number, its refusal is kept. The cells are read as they stand, and shifted by as many places
    /// as there are cells too many or too few.
    pub(crate) fn salvage(&mut self, source: &SourcePlan, row: &Row<'_>, id: RowId, place: Place) -> bool {
        self.clear(false);
        let columns = source.mapping.columns.len();
        let end = row.len() as isize - columns as isize;
        for shift in end.min(0)..=end.max(0) {
            let shifted = |column: usize| usize::try_from(column as isize + shift).map_or("", |c| row.get(c));
            source.mapping.facts(shifted, &mut self.facts);
        }
        let forbids = |f: &Fact| f.event.suppresses();
        self.facts.retain(forbids);
        if self.facts.is_empty() && !source.mapping.kind.refuses() {
            return false;
        }
        self.find_anywhere(source, row, true);
        if self.points.len() == 0 {
            let every: Vec<usize> = (0..row.len()).collect();
            return !source.is_contacts() && self.find_listed(source, row, &every, id, place);
        }
        let Self { facts, points, .. } = self;
        facts.of_a_row(|| has_address(points));
        facts.dedup();
        let facts: Vec<(EventKind, Channels)> = match self.facts.as_slice() {
            [] => vec![(source.default_refusal(), Channels::ALL)],
            facts => facts.iter().map(|f| (f.event, f.channels)).collect(),
        };
        for (kind, channels) in facts {
            let (at, evidence) = (Stamp::Absent, Evidence::OUTSIDE);
            let event = Event { kind, channels, at, evidence, detail: 0, place };
            self.events.push(RowEvent { event, point: EVERY_POINT });
            self.count_refusal(kind);
        }
        self.find(Reason::RowSalvaged, "");
        true
    }
}
