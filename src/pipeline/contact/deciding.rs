//! A contact is decided once, and whole: the history of its points, whose law may apply, what holds of the person,
//! a decision for every channel, and its id. Who writes it decides nothing.

use crate::consent::{Candidates, CountryFact, Held, History, in_force};
use crate::data::Country;
use crate::data::jurisdiction::Audience;
use crate::decide::{Decision, decide};
use crate::pipeline::contact::context::{Links, Writing};
use crate::pipeline::contact::decided::Decided;
use crate::pipeline::contact::id;
use crate::pipeline::contact::person_rules::{PersonFacts, best_channel};
use crate::pipeline::contact::rows::{Contact, Distinct, RowView};
use crate::pipeline::understand::output_columns::REGION;
use crate::record::{Channel, Channels, EventKind, Field, PointKind};

/// Decides on contacts, one after the other; its buffers are kept from one to the next.
pub(crate) struct Decider<'w> {
    writing: &'w Writing<'w>,
    candidates: Candidates,
    histories: Vec<Vec<Held>>,
    decisions: Vec<(Channel, Decision)>,
    id: String,
    text: String,
}

impl<'w> Decider<'w> {
    pub(crate) fn new(writing: &'w Writing<'w>) -> Self {
        Self {
            writing,
            candidates: Candidates::default(),
            histories: Vec::new(),
            decisions: Vec::new(),
            id: String::new(),
            text: String::new(),
        }
    }

    pub(crate) fn decide<'c, 'a>(
        &'c mut self,
        contact: &'c mut Contact<'a>,
        links: &'c Links,
    ) -> Decided<'c, 'a> {
        let writing = self.writing;
        let order = |column: u16| writing.order(column);
        contact.settle(writing.keyed, order);
        prefer(contact);
        let contact: &'c Contact<'a> = contact;
        for (at, distinct) in contact.distinct.iter().enumerate() {
            if self.histories.len() == at {
                self.histories.push(Vec::new());
            }
            contact.history(distinct, order, &mut self.histories[at]);
        }
        self.settle_candidates(contact);
        let candidates = self.candidates.settle(writing.law.books);
        let histories = &self.histories[..contact.distinct.len()];
        let audience = audience(writing, contact);
        let mut person = PersonFacts::of(writing, contact, candidates, histories);
        self.decisions.clear();
        for channel in writing.plan.law.channels.iter() {
            let points = contact.point_facts(histories, writing.mail);
            let decision =
                decide(&writing.law.settings, &writing.law.table, candidates, audience, channel, points);
            let decision = person.settle(writing, contact, channel, decision, histories);
            self.decisions.push((channel, decision));
        }
        let erased = erased(writing, contact, histories);
        id::contact_id(writing, contact, &mut self.text, &mut self.id);
        let best = best_channel(writing, &self.decisions, person.preferred, histories);
        let (decisions, id) = (&self.decisions[..], self.id.as_str());
        Decided {
            writing,
            contact,
            links,
            histories,
            decisions,
            candidates,
            audience,
            person,
            best,
            id,
            erased,
        }
    }

    fn settle_candidates(&mut self, contact: &Contact<'_>) {
        let plan = self.writing.plan;
        self.candidates.clear();
        for (fact, code) in contact.rows().iter().flat_map(|r| &r.countries) {
            let country = std::str::from_utf8(code).ok().and_then(Country::from_code);
            country.into_iter().for_each(|country| self.candidates.add(*fact, country));
        }
        let told = [
            (CountryFact::Option, plan.read.country),
            (CountryFact::Sender, plan.law.profile.sender_country),
        ];
        for (fact, country) in told {
            country.into_iter().for_each(|country| self.candidates.add(fact, country));
        }
        self.overlays(contact);
    }

    /// Law of a state or province; terms of a mailbox provider: built-in ones after refusals, the team's always.
    fn overlays(&mut self, contact: &Contact<'_>) {
        let Writing { law, layout, .. } = self.writing;
        let candidates = &mut self.candidates;
        let parted = |row: &&RowView<'_>| row.countries.iter().any(|(_, code)| law.overlays.part(*code));
        for row in contact.rows().iter().filter(parted) {
            let columns = &layout.sources[usize::from(row.place.source)];
            for overlay in law.overlays.region(row.shown(REGION, columns)) {
                candidates.overlay(CountryFact::Region, overlay);
            }
        }
        let refused = |history: &[Held]| history.iter().any(|held| held.event.kind.is_refusal());
        for (at, Distinct { point, .. }) in contact.distinct.iter().enumerate() {
            match point.kind {
                PointKind::Phone => {
                    let overlays = law.overlays.number(point.exact);
                    overlays.for_each(|overlay| candidates.overlay(CountryFact::Phone, overlay));
                }
                PointKind::Email if law.overlays.own_domains || refused(&self.histories[at]) => {
                    let domain = point.exact.rsplit_once('@').map_or("", |(_, domain)| domain);
                    let overlays = law.overlays.domain(domain);
                    overlays.for_each(|overlay| candidates.overlay(CountryFact::Mailbox, overlay));
                }
                PointKind::Email | PointKind::Post | PointKind::Handle => {}
            }
        }
    }
}

/// Whether the person asked to be erased, and at no point came back of their own will.
fn erased(writing: &Writing<'_>, contact: &Contact<'_>, histories: &[Vec<Held>]) -> bool {
    let asked = |h: &Held| h.event.kind == EventKind::Erasure;
    contact.person.iter().any(|e| e.kind == EventKind::Erasure)
        && contact.distinct.iter().zip(histories).all(|(distinct, history)| {
            Channels::of_point(distinct.point.kind).iter().all(|channel| {
                let mut standing = in_force(&writing.law.table, channel, History { events: history });
                let spoken = history.iter().any(|h| asked(h) && h.event.channels.has(channel));
                !spoken || standing.any(|at| asked(&history[at]))
            })
        })
}

/// Brings the points into the order of preference: the main field first, then the newest row.
fn prefer(contact: &mut Contact<'_>) {
    let rank = |d: &Distinct<'_>| match d.point.field {
        Field::MobilePhone => 0,
        Field::Email | Field::Phone | Field::Point => 1,
        Field::HomePhone => 2,
        _ => 3,
    };
    let Contact { rows, distinct, .. } = contact;
    let newest = |d: &Distinct<'_>| rows[d.row].changed.map_or(i64::MIN, |w| w.seconds);
    distinct.sort_by_key(|d| (d.point.kind, rank(d), std::cmp::Reverse(newest(d)), d.row));
}

/// Business or consumer: what a row says, else what the run says.
fn audience(writing: &Writing<'_>, contact: &Contact<'_>) -> Audience {
    let told = contact.field(|source, _| writing.sources[usize::from(source)].audience, Field::Audience);
    let says = |words: &[&str]| words.iter().any(|word| told.eq_ignore_ascii_case(word));
    match () {
        () if says(&["b2b", "business"]) => Audience::B2b,
        () if says(&["b2c", "consumer", "private"]) => Audience::B2c,
        () => writing.plan.law.audience,
    }
}
