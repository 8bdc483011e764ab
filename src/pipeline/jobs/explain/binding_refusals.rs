//! What a run holds against a value: the lines of its suppression file that bind it, in whatever spelling, by its whole
//! domain or by a digest; in an audit, which has no such file, the refusals that files told.

use crate::pipeline::jobs::explain::files::{Record, each};
use crate::pipeline::jobs::explain::wanted::Wanted;
use crate::record::{Channels, Event, EventKind, Evidence, Failure, Place, RowId, Stamp};
use crate::suppress::{EmailForms, Listed, Lists, Shape, shape};
use std::path::Path;

/// A refusal or a bounce that binds the value.
pub(crate) struct Standing {
    pub(crate) kind: EventKind,
    /// The channels, apart by blanks.
    pub(crate) channels: String,
    /// The day; empty: none was told.
    pub(crate) since: String,
    /// `source:line`.
    pub(crate) place: String,
}

impl Standing {
    fn suppression(line: &Record) -> Option<Self> {
        let cell = |name: &str| line.get(name).cloned().unwrap_or_default();
        let kind = EventKind::from_word(&cell("reason"))?;
        Some(Self { kind, channels: cell("channels"), since: cell("since"), place: cell("source") })
    }

    fn event(line: &Record) -> Option<Self> {
        let cell = |name: &str| line.get(name).cloned().unwrap_or_default();
        let kind = EventKind::from_word(&cell("event")).filter(|kind| kind.suppresses())?;
        let place = format!("{}:{}", cell("source"), cell("line"));
        Some(Self { kind, channels: cell("channel"), since: cell("at"), place })
    }

    /// Whether it speaks of the channel.
    pub(crate) fn has(&self, channel: &str) -> bool {
        self.channels.split(' ').any(|word| word == channel)
    }

    /// As a sentence.
    pub(crate) fn says(&self) -> String {
        let since = if self.since.is_empty() { "an unknown day" } else { &self.since };
        let (channels, kind) = (&self.channels, self.kind.word().replace('_', " "));
        format!("It must not be contacted by {channels}: {kind} since {since} ({}).", self.place)
    }
}

/// Everything of the run that stands against the value, in the order of its file.
pub(crate) fn of(dir: &Path, wanted: &Wanted) -> Result<Vec<Standing>, Failure> {
    let mut found: Vec<(bool, Standing)> = Vec::new();
    if !dir.join("suppression.csv").exists() {
        each(dir, "events.csv", |line| {
            let binds = line.get("point").is_some_and(|point| wanted.fit(point).is_some());
            found.extend(Standing::event(&line).filter(|_| binds).map(|standing| (true, standing)));
        })?;
    }
    let mut lists = Lists::new(None);
    each(dir, "suppression.csv", |line| {
        let (point, kind) = (line.get("point").map_or("", String::as_str), line.get("kind"));
        let Some(standing) = Standing::suppression(&line) else { return };
        let binds = wanted.fit(point).is_some();
        // Keyed digests are of people who were erased, and nobody can ask for those without the key.
        let listed = kind.is_none_or(|kind| kind != "hmac-sha256") && list(&mut lists, point, found.len());
        if binds || listed {
            found.push((binds, standing));
        }
    })?;
    lists.finish();
    ask(&lists, wanted, |at| {
        if let Some((binds, _)) = found.get_mut(at) {
            *binds = true;
        }
    });
    Ok(found.into_iter().filter(|(binds, _)| *binds).map(|(_, standing)| standing).collect())
}

/// Enters a domain or a digest under its number; anything else is no entry of such a list.
fn list(lists: &mut Lists, point: &str, number: usize) -> bool {
    let event = Event {
        kind: EventKind::DoNotContact,
        channels: Channels::ALL,
        at: Stamp::Absent,
        evidence: Evidence::default(),
        detail: 0,
        place: Place::default(),
    };
    let listed = Listed { row: RowId::try_from(number).unwrap_or(RowId::MAX), event };
    match shape(point) {
        Shape::Domain { name, below } => lists.add_domain(name, below, listed),
        Shape::Digest(digest) => lists.add_digest(digest, listed),
        Shape::Plain(_) => return false,
    }
    true
}

/// Hands on the number of every entry that the value falls under.
fn ask(lists: &Lists, wanted: &Wanted, mut hit: impl FnMut(usize)) {
    let mut hit = |listed: &Listed| hit(listed.row as usize);
    if let Some(mail) = &wanted.mail {
        lists.domain_hits(&mail.domain, &mut hit);
        let forms = EmailForms { typed: &wanted.text, exact: &mail.exact, canonical: &mail.key };
        lists.email_hits(&forms, &mut hit);
    }
    if let Some(number) = &wanted.number {
        lists.phone_hits(&wanted.tables.forms(number), &mut hit);
    }
}
