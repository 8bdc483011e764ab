//! The promises of the design as laws over generated histories: several sources, aliases, shared mailboxes,
//! undated and same-day refusals, re-opt-ins, hashes and domains, any order of files, one thread or two.
//!
//! The expected side is a model of its own, written from the promises, not from the program.

use crate::run::{Record, Scratch, clean, files, read_csv, recount};
use proptest::prelude::*;
use sha2::Digest;
use std::collections::BTreeMap;
use std::path::PathBuf;

const PEOPLE: &[(&str, &str)] = &[("Anna", "Becker"), ("Tomas", "Novak"), ("Wendy", "Ng"), ("Lars", "Olsen")];

/// Spellings of one gmail mailbox; the exact address differs, the mailbox does not.
const SPELLINGS: &[&str] = &["{}@gmail.com", "{}+shop@gmail.com", "{}@googlemail.com", "{}.x@gmail.com"];

#[derive(Debug, Clone)]
struct ContactRow {
    person: usize,
    mailbox: usize,
    spelling: usize,
    newsletter: Option<bool>,
    day: Option<u8>,
    sourced: bool,
}

#[derive(Debug, Clone)]
struct EventRow {
    mailbox: usize,
    spelling: usize,
    consent: bool,
    day: Option<u8>,
}

#[derive(Debug, Clone)]
struct Listed {
    mailbox: usize,
    spelling: usize,
    how: u8,
}

#[derive(Debug, Clone)]
struct World {
    rows: Vec<(usize, ContactRow)>,
    events: Vec<EventRow>,
    listed: Vec<Listed>,
}

fn address(mailbox: usize, spelling: usize) -> String {
    let local = ["annabecker77", "tomasnovak77", "wendyng77", "family77"][mailbox];
    let local = if spelling == 3 { format!("{}.{}", &local[..3], &local[3..]) } else { local.to_owned() };
    SPELLINGS[spelling].replace("{}.x", "{}").replace("{}", &local)
}

fn date(day: Option<u8>) -> String {
    day.map_or(String::new(), |d| format!("2025-06-{:02}", d + 1))
}

fn world() -> impl Strategy<Value = World> {
    let day = || prop::option::weighted(0.8, 0u8..4);
    let row =
        (0..4usize, 0..4usize, 0..4usize, prop::option::weighted(0.8, any::<bool>()), day(), any::<bool>())
            .prop_map(|(person, mailbox, spelling, newsletter, day, sourced)| ContactRow {
                person,
                mailbox,
                spelling,
                newsletter,
                day,
                sourced,
            });
    let event = (0..4usize, 0..4usize, any::<bool>(), day())
        .prop_map(|(mailbox, spelling, consent, day)| EventRow { mailbox, spelling, consent, day });
    let listed =
        (0..4usize, 0..4usize, 0..3u8).prop_map(|(mailbox, spelling, how)| Listed { mailbox, spelling, how });
    (
        prop::collection::vec((0..2usize, row), 1..9),
        prop::collection::vec(event, 0..5),
        prop::collection::vec(listed, 0..2),
    )
        .prop_map(|(rows, events, listed)| World { rows, events, listed })
}

impl World {
    fn files(&self) -> Vec<(&'static str, String)> {
        let mut lists = [String::new(), String::new()];
        for list in &mut lists {
            list.push_str("first name,last name,email,country,newsletter,opt-in date,opt-in source\n");
        }
        for (list, row) in &self.rows {
            let (first, last) = PEOPLE[row.person];
            let newsletter = row.newsletter.map_or("", |yes| if yes { "yes" } else { "no" });
            let source = if row.sourced { "https://fernhill.example/join" } else { "" };
            lists[*list].push_str(&format!(
                "{first},{last},{},GB,{newsletter},{},{source}\n",
                address(row.mailbox, row.spelling),
                date(row.day)
            ));
        }
        let mut events = String::from("email,event,channel,timestamp,source,method,purpose,detail\n");
        for event in &self.events {
            let word = if event.consent { "consent_given" } else { "consent_withdrawn" };
            let address = address(event.mailbox, event.spelling);
            events.push_str(&format!("{address},{word},email,{},web form,form,,\n", date(event.day)));
        }
        let mut suppression = String::from("point,kind,channels,reason,since,first_seen,source\n");
        for listed in &self.listed {
            let address = address(listed.mailbox, listed.spelling);
            let (point, kind) = match listed.how {
                0 => (address, "email"),
                1 => (sha2::Sha256::digest(&address).iter().map(|b| format!("{b:02x}")).collect(), "sha256"),
                _ => (sha2::Sha512::digest(&address).iter().map(|b| format!("{b:02x}")).collect(), "sha512"),
            };
            suppression.push_str(&format!("{point},{kind},email,do_not_contact,,,\n"));
        }
        let [one, two] = lists;
        vec![
            ("crm.csv", one),
            ("shop.csv", two),
            ("consent-events.csv", events),
            ("suppression.csv", suppression),
        ]
    }

    /// Days of the refusals that bind a mailbox; `None`: undated, never lifted.
    fn refusals(&self, mailbox: usize) -> Vec<Option<u8>> {
        let rows = self.rows.iter().filter(|(_, r)| r.mailbox == mailbox && r.newsletter == Some(false));
        let events = self.events.iter().filter(|e| e.mailbox == mailbox && !e.consent);
        let listed = self.listed.iter().filter(|l| l.mailbox == mailbox && self.is_known(l));
        rows.map(|(_, r)| r.day).chain(events.map(|e| e.day)).chain(listed.map(|_| None)).collect()
    }

    /// A digest says nothing of other spellings: it is known when it is that of the canonical address, or when
    /// some row spells the address like that. (Spelling 0 is the canonical one.)
    fn is_known(&self, listed: &Listed) -> bool {
        let spelled = |r: &ContactRow| (r.mailbox, r.spelling) == (listed.mailbox, listed.spelling);
        listed.how == 0 || listed.spelling == 0 || self.rows.iter().any(|(_, r)| spelled(r))
    }

    /// Days of the consents with evidence at exactly this address.
    fn consents(&self, mailbox: usize, spelling: usize) -> Vec<u8> {
        let rows = self.rows.iter().map(|(_, r)| r).filter(|r| {
            (r.mailbox, r.spelling) == (mailbox, spelling) && r.newsletter == Some(true) && r.sourced
        });
        let events =
            self.events.iter().filter(|e| (e.mailbox, e.spelling) == (mailbox, spelling) && e.consent);
        rows.filter_map(|r| r.day).chain(events.filter_map(|e| e.day)).collect()
    }
}

fn which(address_: &str) -> (usize, usize) {
    (0..4).flat_map(|m| (0..4).map(move |s| (m, s))).find(|(m, s)| address(*m, *s) == address_).unwrap()
}

/// Promises 2 and 3 on what was written.
fn check_lists(
    world: &World,
    email: &[Record],
    contacts: &BTreeMap<String, Record>,
    rows_of: &dyn Fn(&str) -> Vec<ContactRow>,
) {
    for listed in email {
        let (mailbox, spelling) = which(&listed["email"]);
        let latest = world.consents(mailbox, spelling).into_iter().max();
        let latest = latest.unwrap_or_else(|| panic!("{} was never consented for", listed["email"]));
        for refusal in world.refusals(mailbox) {
            let refusal = refusal.unwrap_or_else(|| panic!("{} has an undated refusal", listed["email"]));
            assert!(
                latest > refusal,
                "{}: refused on day {refusal}, consent of day {latest}",
                listed["email"]
            );
        }
        let contact = &contacts[&listed["contact_id"]];
        for place in contact["sources"].split("; ") {
            for row in rows_of(place).iter().filter(|r| r.newsletter == Some(false)) {
                let day = row
                    .day
                    .unwrap_or_else(|| panic!("an undated refusal of {} was lost", contact["contact_id"]));
                assert!(latest > day, "a refusal of the person at another address was lost");
            }
        }
    }
}

fn check(world: &World) {
    let scratch = Scratch::new();
    let sources = scratch.write(&world.files());
    let out = scratch.path("run");
    clean(&sources, &out, &["--threads", "1"]);
    recount(&out);

    let contacts: BTreeMap<String, Record> =
        read_csv(&out.join("contacts.csv")).into_iter().map(|c| (c["contact_id"].clone(), c)).collect();
    assert_eq!(contacts.len(), read_csv(&out.join("contacts.csv")).len(), "contact ids are unique");
    let rows_of = |place: &str| -> Vec<ContactRow> {
        let (source, line) = place.rsplit_once(':').unwrap();
        let list = usize::from(source == "shop.csv");
        let rows: Vec<&ContactRow> = world.rows.iter().filter(|(l, _)| *l == list).map(|(_, r)| r).collect();
        vec![rows[line.parse::<usize>().unwrap() - 2].clone()]
    };
    check_lists(world, &read_csv(&out.join("email.csv")), &contacts, &rows_of);

    // Promise 4: threads and the order of the files do not show.
    let reversed: Vec<PathBuf> = sources.iter().rev().cloned().collect();
    let again = scratch.path("again");
    clean(&reversed, &again, &["--threads", "2"]);
    assert_eq!(files(&out), files(&again), "same bytes in, same bytes out");

    // A round trip: the suppression file alone refuses the same people.
    let next = scratch.path("next");
    let written = scratch.path("earlier-suppression.csv");
    std::fs::copy(out.join("suppression.csv"), &written).unwrap();
    let only_lists = [sources[0].clone(), sources[1].clone(), sources[2].clone(), written];
    clean(&only_lists, &next, &[]);
    let contactable = |dir: &PathBuf| -> Vec<String> {
        read_csv(&dir.join("email.csv")).into_iter().map(|r| r["email"].clone()).collect()
    };
    assert_eq!(contactable(&out), contactable(&next), "a suppression file fed back refuses the same people");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]
    #[test]
    fn the_promises_hold_over_generated_histories(world in world()) {
        check(&world);
    }
}
