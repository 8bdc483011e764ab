//! What a run holds against a value: the lines of its suppression file that bind it, in whatever spelling, by its whole
//! domain or by a digest; in an audit, which has no such file, the refusals of `events.csv`.

use crate::pipeline::jobs::explain::lookup::Lookup;
use crate::pipeline::kit::run_dir::RunDir;
use crate::record::{Channels, Event, EventKind, Evidence, Failure, Place, RowId, Stamp};
use crate::suppress::{Asked, EmailForms, Hit, ListBuilder, ListIndex, Listed, index_key, shape};

/// A refusal or a bounce that binds the value.
pub(crate) struct BindingRefusal {
    pub(crate) kind: EventKind,
    /// The channels, apart by blanks.
    pub(crate) channels: String,
    /// The day; empty where none is known.
    pub(crate) since: String,
    /// `source:line`.
    pub(crate) place: String,
}

impl BindingRefusal {
    pub(crate) fn has(&self, channel: &str) -> bool {
        self.channels.split(' ').any(|word| word == channel)
    }

    /// The sentence: how, since when and why the value must not be contacted.
    pub(crate) fn sentence(&self) -> String {
        let since = if self.since.is_empty() { "an unknown day" } else { &self.since };
        let (channels, kind) = (&self.channels, self.kind.word().replace('_', " "));
        format!("It must not be contacted by {channels}: {kind} since {since} ({}).", self.place)
    }
}

/// Refusals and bounces of the run that bind the value, in the order of its file; fails where a file is damaged.
pub(crate) fn of(run: &RunDir, lookup: &Lookup) -> Result<Vec<BindingRefusal>, Failure> {
    let mut found: Vec<(bool, BindingRefusal)> = Vec::new();
    let owned = str::to_owned;
    if !run.has("suppression.csv") {
        let columns = ["point", "channel", "event", "at", "source", "line"];
        run.rows("events.csv", columns, |[point, channel, event, at, source, line]| {
            let kind = EventKind::from_word(event).filter(|kind| kind.suppresses());
            if let Some(kind) = kind.filter(|_| lookup.fit(point).is_some()) {
                let (channels, since, place) = (owned(channel), owned(at), format!("{source}:{line}"));
                found.push((true, BindingRefusal { kind, channels, since, place }));
            }
            Ok(())
        })?;
        return Ok(found.into_iter().map(|(_, refusal)| refusal).collect());
    }
    let mut lists = ListBuilder::new(&index_key(None));
    let columns = ["point", "kind", "channels", "reason", "since", "source"];
    run.rows("suppression.csv", columns, |[point, kind, channels, reason, since, source]| {
        let Some(event) = EventKind::from_word(reason) else { return Ok(()) };
        let binds = lookup.fit(point).is_some();
        // Keyed digests are of people who were erased, and nobody can ask for those without the key.
        let listed = kind != "hmac-sha256" && list(&mut lists, point, found.len());
        if binds || listed {
            let (channels, since, place) = (owned(channels), owned(since), owned(source));
            found.push((binds, BindingRefusal { kind: event, channels, since, place }));
        }
        Ok(())
    })?;
    ask(&lists.finish(None), lookup, |at| {
        if let Some((binds, _)) = found.get_mut(at) {
            *binds = true;
        }
    });
    Ok(found.into_iter().filter(|(binds, _)| *binds).map(|(_, refusal)| refusal).collect())
}

/// Enters a domain or a digest under its number; anything else is no entry of such a list.
fn list(lists: &mut ListBuilder, point: &str, number: usize) -> bool {
    let event = Event {
        kind: EventKind::DoNotContact,
        channels: Channels::ALL,
        at: Stamp::Absent,
        evidence: Evidence::default(),
        detail: 0,
        place: Place::default(),
    };
    let listed = Listed { row: RowId::try_from(number).unwrap_or(RowId::MAX), event };
    shape(point).map(|entry| lists.add(entry, listed)).is_some()
}

/// Hands on the number of every entry that the value falls under.
fn ask(lists: &ListIndex, lookup: &Lookup, mut hit: impl FnMut(usize)) {
    let mut hit = |found: Hit| hit(lists.listed(&found).row as usize);
    if let Some(mail) = &lookup.mail {
        let forms = EmailForms { typed: &lookup.text, exact: &mail.exact, canonical: &mail.key };
        lists.find(&Asked::Email(forms, &mail.domain), &mut hit);
    }
    if let Some(number) = &lookup.number {
        lists.find(&Asked::Phone(lookup.tables.forms(number)), &mut hit);
    }
}
