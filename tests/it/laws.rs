//! The promises of the design as laws over generated histories: contact lists and vendors' exports, events, bounces,
//! complaints and erasures, suppression by address, number, household, domain and digest; aliases, shared mailboxes,
//! numbers and houses; days, times without a zone and moments; any order of files, one thread or two.
//!
//! The expected side is a model of its own, written from the promises, not from the program.

mod own_lists;
mod resaved;
mod screened;
mod ways;
mod world;

use crate::run::{Record, Scratch, clean, files, generated, read_csv, recount};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use world::{At, CHANNELS, Row, Say, What, World, address, e164, world};

/// A point without its spelling: whoever has it is bound by what was said of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Mail(usize),
    Phone(usize),
    House(&'static str, usize),
}

impl Row {
    fn keys(&self) -> Vec<Key> {
        let house = self.house.map(|(family, house)| Key::House(family, house));
        [self.mail.map(|(mailbox, _)| Key::Mail(mailbox)), self.phone.map(Key::Phone), house]
            .into_iter()
            .flatten()
            .collect()
    }

    /// Whether the row stands for a person, as lists of contacts do.
    fn is_contact(&self) -> bool {
        ["crm.csv", "shop.csv", "profiles.csv"].contains(&self.file)
    }
}

/// A run, read back: its contacts by id, each with its rows.
struct Outcome<'a> {
    rows: &'a [Row],
    contacts: BTreeMap<String, Vec<&'a Row>>,
}

impl<'a> Outcome<'a> {
    fn of(rows: &'a [Row], contacts: &[Record]) -> Self {
        let row = |place: &str| {
            let (file, line) = place.rsplit_once(':').unwrap();
            let line: usize = line.parse().unwrap();
            rows.iter().find(|r| r.file == file && r.line == line).unwrap()
        };
        let rows_of = |c: &Record| c["sources"].split("; ").map(row).collect();
        let by_id: BTreeMap<_, _> = contacts.iter().map(|c| (c["contact_id"].clone(), rows_of(c))).collect();
        assert_eq!(by_id.len(), contacts.len(), "contact ids are unique");
        Self { rows, contacts: by_id }
    }

    fn holders(&self, key: Key) -> usize {
        self.contacts.values().filter(|rows| rows.iter().any(|row| row.keys().contains(&key))).count()
    }

    /// Rows of people who were erased.
    fn erased(&self) -> impl Iterator<Item = &Row> {
        let written = |row: &Row| self.contacts.values().flatten().any(|r| std::ptr::eq(*r, row));
        self.rows.iter().filter(move |r| r.is_contact() && !r.keys().is_empty() && !written(r))
    }

    /// Whether two contacts hold one point, or did before one of them was erased.
    fn is_shared(&self) -> bool {
        let erased = self.erased().next().is_some();
        // One contact holds the number, another only its digits.
        let held = |number: usize| self.holders(Key::Phone(number)) > 0;
        let digits = self.rows.iter().any(|r| r.is_contact() && r.bare.is_some_and(held));
        erased || digits || self.rows.iter().flat_map(Row::keys).any(|key| self.holders(key) > 1)
    }

    /// What promise 2 makes binding for a point of a contact: what any row said of the point, what the contact's own
    /// rows said, and what other files said of a point that is the contact's alone.
    fn binding(&self, contact: &[&Row], key: Key, channel: &str) -> Vec<&Say> {
        let own: Vec<Key> = contact.iter().flat_map(|row| row.keys()).collect();
        // Whoever was erased held the point too: what was said there may have been theirs.
        let once = |k: Key| self.holders(k) == 1 && !self.erased().any(|row| row.keys().contains(&k));
        let alone = |row: &Row| row.keys().into_iter().any(|k| own.contains(&k) && once(k));
        let binds = |row: &&Row| {
            let of_domain = row.domain && matches!(key, Key::Mail(_));
            let of_person = contact.iter().any(|r| (r.file, r.line) == (row.file, row.line));
            let of_digits = row.bare.is_some_and(|number| key == Key::Phone(number));
            of_domain
                || of_digits
                || row.keys().contains(&key)
                || of_person
                || !row.is_contact() && alone(row)
        };
        let says = self.rows.iter().filter(binds).flat_map(|row| &row.says);
        says.filter(|s| s.channels.contains(&channel)).collect()
    }

    /// What was said of the exact point.
    fn exactly(&self, mail: Option<(usize, usize)>, phone: Option<usize>, channel: &str) -> Vec<&Say> {
        let here = |row: &&Row| mail.is_some() && row.mail == mail || phone.is_some() && row.phone == phone;
        let says = self.rows.iter().filter(here).flat_map(|row| &row.says);
        says.filter(|s| s.channels.contains(&channel)).collect()
    }

    /// What a line of a list is of: the exact address or number, and the points it is bound by.
    fn listed(&self, channel: &str, listed: &Record) -> (Option<(usize, usize)>, Option<usize>, Vec<Key>) {
        let contact = &self.contacts[&listed["contact_id"]];
        match channel {
            "email" => {
                let spellings = (0..4).flat_map(|m| (0..4).map(move |s| (m, s)));
                let found = spellings.clone().find(|(m, s)| address(*m, *s) == listed["email"]).unwrap();
                (Some(found), None, vec![Key::Mail(found.0)])
            }
            "post" => {
                let house = usize::from(listed["street"].starts_with('7'));
                let here = |key: &Key| matches!(key, Key::House(_, h) if *h == house);
                (None, None, contact.iter().flat_map(|r| r.keys()).filter(here).collect())
            }
            _ => {
                let number = (0..10).find(|n| e164(*n) == listed["phone"]).unwrap();
                (None, Some(number), vec![Key::Phone(number)])
            }
        }
    }

    /// Promises 2 and 3 for one line of a list.
    fn check(&self, channel: &str, listed: &Record) {
        let (mail, phone, _) = self.listed(channel, listed);
        let consents = |s: &&Say| s.what == What::Yes && s.at != At::Never;
        let consented = self.exactly(mail, phone, channel).iter().any(consents);
        assert!(channel == "post" || consented, "{channel} {listed:?} was never consented for");
        self.check_refusals(channel, listed);
    }

    /// Promise 2 for one line of a list.
    fn check_refusals(&self, channel: &str, listed: &Record) {
        let contact = &self.contacts[&listed["contact_id"]];
        let (mail, phone, keys) = self.listed(channel, listed);
        let here = self.exactly(mail, phone, channel);
        let dates = |what: What| here.iter().filter(move |s| s.what == what).map(|s| s.at);
        let consents: Vec<At> = dates(What::Yes).filter(|at| *at != At::Never).collect();
        for key in keys {
            for said in self.binding(contact, key, channel) {
                let lifted =
                    |mut later: Box<dyn Iterator<Item = At> + '_>| later.any(|at| at.surely_after(said.at));
                let lifted = match said.what {
                    What::No => lifted(Box::new(consents.iter().copied())),
                    What::Dead => false,
                    What::Bounce => {
                        // Mail that came back says nothing of other addresses of the person.
                        let of_key =
                            |row: &&Row| row.keys().contains(&key) && row.says.iter().any(|s| s == said);
                        channel != "email"
                            || !self.rows.iter().any(|row| of_key(&row))
                            || lifted(Box::new(dates(What::Alive)))
                    }
                    What::Alive | What::Yes => true,
                };
                assert!(lifted, "{channel} {listed:?} in spite of {said:?}");
            }
        }
    }

    /// Where nobody refuses, whoever consented is contactable.
    fn check_all(&self, lists: &BTreeMap<&str, BTreeSet<String>>) {
        for row in self.rows.iter().filter(|row| row.is_contact()) {
            for say in row.says.iter().filter(|s| s.what == What::Yes && s.at != At::Never) {
                let channel = say.channels[0];
                let point = match channel {
                    "email" => row.mail.map(|(mailbox, spelling)| address(mailbox, spelling)),
                    _ => row.phone.map(e164),
                };
                let Some(point) = point else { continue };
                let contact = self.contacts.values().find(|rows| rows.iter().any(|r| std::ptr::eq(*r, row)));
                let rows = contact.unwrap();
                // A contact is listed once, by one of its points.
                let listed = rows.iter().any(|r| match channel {
                    "email" => r.mail.is_some_and(|(m, s)| lists[channel].contains(&address(m, s))),
                    _ => r.phone.is_some_and(|n| lists[channel].contains(&e164(n))),
                });
                assert!(listed, "{channel} {point} consented and is not listed");
            }
        }
    }
}

fn points_of(dir: &Path, channel: &str) -> BTreeSet<String> {
    let column = match channel {
        "email" => "email",
        "post" => "contact_id",
        _ => "phone",
    };
    read_csv(&dir.join(format!("{channel}.csv"))).into_iter().map(|r| r[column].clone()).collect()
}

fn lists(dir: &Path) -> BTreeMap<&'static str, BTreeSet<String>> {
    CHANNELS.into_iter().map(|channel| (channel, points_of(dir, channel))).collect()
}

fn check(world: &World) {
    let scratch = Scratch::new();
    let (texts, rows) = world.files();
    let sources = scratch.write(&texts);
    let out = scratch.path("run");
    clean(&sources, &out, &["--threads", "1"]);
    recount(&out);

    let contacts = read_csv(&out.join("contacts.csv"));
    let outcome = Outcome::of(&rows, &contacts);
    for channel in CHANNELS {
        for listed in read_csv(&out.join(format!("{channel}.csv"))) {
            outcome.check(channel, &listed);
        }
        for contact in &contacts {
            let told = contact[&format!("{channel}_reason")].starts_with("refusal-");
            assert!(
                !told || !contact[&format!("{channel}_evidence")].is_empty(),
                "a refusal without its place"
            );
            assert!(!told || world.refusals, "nobody refused");
        }
    }
    if !world.refusals {
        outcome.check_all(&lists(&out));
    }

    // Promise 4: threads and the order of the files do not show.
    let reversed: Vec<PathBuf> = sources.iter().rev().cloned().collect();
    let again = scratch.path("again");
    clean(&reversed, &again, &["--threads", "2"]);
    assert_eq!(files(&out), files(&again), "same bytes in, same bytes out");

    remembers_itself(&scratch, &sources, &out, &outcome);
    round_trip(&scratch, &sources, &out, &outcome);
}

/// A run of the same files that remembers this one changes nothing.
fn remembers_itself(scratch: &Scratch, sources: &[PathBuf], out: &Path, outcome: &Outcome<'_>) {
    let fixed = scratch.path("fixed");
    clean(sources, &fixed, &["--previous", out.to_str().unwrap()]);
    if !outcome.is_shared() {
        let (once, twice) = (files(out), files(&fixed));
        for name in ["suppression.csv", "contacts.csv", "email.csv", "sms.csv", "call.csv", "post.csv"] {
            let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
            assert_eq!(text(&once[name]), text(&twice[name]), "{name} of a run that remembers itself");
        }
    }
    for (channel, listed) in lists(&fixed) {
        assert!(
            listed.is_subset(&lists(out)[channel]),
            "a run that remembers itself frees somebody on {channel}"
        );
    }
}

/// The suppression file alone, or the run, refuses the same people.
fn round_trip(scratch: &Scratch, sources: &[PathBuf], out: &Path, outcome: &Outcome<'_>) {
    let shared = outcome.is_shared();
    let next = scratch.path("next");
    let written = scratch.path("earlier-suppression.csv");
    std::fs::copy(out.join("suppression.csv"), &written).unwrap();
    let mut only_lists = sources[..4].to_vec();
    let remembering = scratch.path("remembering");
    clean(&only_lists, &remembering, &["--previous", out.to_str().unwrap()]);
    let ids = |dir: &Path| -> BTreeSet<String> {
        read_csv(&dir.join("contacts.csv")).into_iter().map(|c| c["contact_id"].clone()).collect()
    };
    assert!(shared || ids(out) == ids(&remembering), "the same people keep their ids");
    only_lists.push(written);
    clean(&only_lists, &next, &[]);
    let (before, after) = (lists(out), lists(&next));
    assert_eq!(after, lists(&remembering), "a remembered run refuses as its suppression file does");
    for channel in CHANNELS {
        let freed: Vec<_> = after[channel].difference(&before[channel]).collect();
        assert!(freed.is_empty(), "a suppression file fed back frees {freed:?} on {channel}");
        // Where people share a point, what is left of a lifted refusal may reach further than the whole did.
        let lost: Vec<_> = before[channel].difference(&after[channel]).collect();
        assert!(shared || lost.is_empty(), "a suppression file fed back refuses {lost:?} on {channel} too");
    }
}

proptest! {
    #![proptest_config(generated(96))]
    #[test]
    fn the_promises_hold_over_generated_histories(world in world()) {
        check(&world);
    }
}
