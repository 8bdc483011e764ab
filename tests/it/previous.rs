//! A run that remembers the one before it (`--previous`): what was refused stays refused, contacts keep their ids,
//! and what changed is told.

use crate::run::{Record, Said, Scratch, contactable, files, read_csv, recount};
use contactable::cli::Exit;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const THEN: &str = "2026-08-21";
const NOW: &str = "2026-11-21";

/// People of the United States, where who is silent may be mailed.
fn people(rows: &[&str]) -> String {
    rows.iter().fold("id,first name,last name,email,phone,country\n".to_owned(), |all, row| all + row + "\n")
}

const JANE: &str = "1,Jane,Doe,jane@stonemill.org,+12127365001,US";
const BOB: &str = "2,Bob,Stone,bob@stonemill.org,+12127365002,US";
const ANN: &str = "3,Ann,Ash,ann@stonemill.org,+12127365003,US";
const GONE: &str = "email,unsubscribed at\njane@stonemill.org,2026-05-01\n";

pub(crate) fn try_clean(sources: &[PathBuf], out: &Path, day: &str, more: &[&str]) -> Said {
    let mut args = vec!["clean"];
    args.extend(sources.iter().map(|p| p.to_str().unwrap()));
    args.extend(["--out", out.to_str().unwrap(), "--send-date", day]);
    args.extend(more);
    contactable(&args)
}

pub(crate) fn clean(sources: &[PathBuf], out: &Path, day: &str, more: &[&str]) -> Said {
    let said = try_clean(sources, out, day, more);
    assert_eq!(said.exit, Exit::Done, "{}", said.stderr);
    recount(out);
    said
}

pub(crate) fn report(dir: &Path) -> serde_json::Value {
    serde_json::from_slice(&fs::read(dir.join("report.json")).unwrap()).unwrap()
}

fn ids(dir: &Path) -> BTreeMap<String, String> {
    let contacts = read_csv(&dir.join("contacts.csv")).into_iter();
    contacts.map(|c| (c["first_name"].clone(), c["contact_id"].clone())).collect()
}

fn suppressed(dir: &Path) -> Vec<Record> {
    read_csv(&dir.join("suppression.csv"))
}

fn listed(dir: &Path, channel: &str) -> BTreeSet<String> {
    let column = if channel == "email" { "email" } else { "phone" };
    read_csv(&dir.join(format!("{channel}.csv"))).into_iter().map(|r| r[column].clone()).collect()
}

/// Two runs, the second with the first behind it.
struct Two {
    scratch: Scratch,
    then: PathBuf,
    now: PathBuf,
    said: Said,
}

fn two(then: &[(&str, &str)], now: &[(&str, &str)], more: &[&str]) -> Two {
    let scratch = Scratch::new();
    let (old, new) = (scratch.path("then"), scratch.path("now"));
    clean(&scratch.write(then), &old, THEN, more);
    let mut with = vec!["--previous", old.to_str().unwrap()];
    with.extend(more);
    let said = clean(&scratch.write(now), &new, NOW, &with);
    Two { scratch, then: old, now: new, said }
}

#[test]
fn a_refusal_stays_although_no_file_tells_it_any_more() {
    let crm = people(&[JANE, BOB]);
    let lists = [
        ("crm.csv", crm.as_str()),
        (
            "unsubscribes.csv",
            "email,unsubscribed at\njane@stonemill.org,2026-05-01\nnobody@stonemill.org,2026-04-01\n",
        ),
        ("suppression.csv", "point\n@acme.com\n"),
    ];
    let runs = two(&lists, &lists[..1], &[]);
    let cells = |dir: &Path| -> Vec<[String; 6]> {
        let cell =
            |r: &Record| ["point", "kind", "channels", "reason", "since", "first_seen"].map(|c| r[c].clone());
        suppressed(dir).iter().map(cell).collect()
    };
    let (mut then, mut now) = (cells(&runs.then), cells(&runs.now));
    then.sort();
    now.sort();
    assert_eq!(then, now, "every line, with its dates");
    assert_eq!(then.len(), 4, "Jane's address and number, somebody who is no contact, a domain: {then:?}");
    assert!(then.iter().all(|line| line[5] == THEN));
    let told: BTreeSet<String> = suppressed(&runs.now).iter().map(|r| r["source"].clone()).collect();
    let expected = [
        "unsubscribes.csv:2 (earlier run)",
        "unsubscribes.csv:3 (earlier run)",
        "suppression.csv:2 (earlier run)",
    ];
    assert_eq!(told, expected.map(str::to_owned).into());
    assert_eq!(listed(&runs.now, "email"), ["bob@stonemill.org".to_owned()].into());
    let carried = &report(&runs.now)["previous"]["carried"];
    assert_eq!(
        (&carried["lines"], &carried["remembered"], &carried["first_refused"]),
        (&4.into(), &4.into(), &0.into())
    );
    assert!(
        runs.said.stdout.contains("Since 21 August 2026: nothing changed (email 1 \u{2192} 1"),
        "{}",
        runs.said.stdout
    );

    // A third run still knows where and when it began.
    let third = runs.scratch.path("third");
    let crm = [runs.scratch.path("crm.csv")];
    clean(&crm, &third, "2027-02-21", &["--previous", runs.now.to_str().unwrap()]);
    assert_eq!(
        fs::read(third.join("suppression.csv")).unwrap(),
        fs::read(runs.now.join("suppression.csv")).unwrap()
    );
}

#[test]
fn the_same_inputs_change_nothing_and_say_so() {
    let scratch = Scratch::new();
    let sources =
        scratch.write(&[("crm.csv", people(&[JANE, BOB, ANN])), ("unsubscribes.csv", GONE.to_owned())]);
    let (then, now) = (scratch.path("then"), scratch.path("now"));
    clean(&sources, &then, NOW, &[]);
    let said = clean(&sources, &now, NOW, &["--previous", then.to_str().unwrap()]);
    let (before, after) = (files(&then), files(&now));
    for name in
        ["contacts.csv", "suppression.csv", "email.csv", "sms.csv", "call.csv", "post.csv", "merges.csv"]
    {
        assert_eq!(before[name], after[name], "{name}");
    }
    assert_eq!(read_csv(&now.join("changes.csv")), Vec::<Record>::new());
    assert_eq!(read_csv(&now.join("newly-suppressed.csv")), Vec::<Record>::new());
    assert!(said.stdout.contains("nothing changed"), "{}", said.stdout);
    let page =
        |dir: &Path| fs::read_to_string(dir.join("report.html")).unwrap().contains("Since the last run");
    assert!(page(&now) && !page(&then), "the page tells of a last run only when there is one");
}

#[test]
fn only_an_express_consent_of_later_brings_somebody_back() {
    let crm = people(&[JANE, BOB]);
    let events = |event: &str, at: &str| {
        format!(
            "email,event,channel,timestamp,source,method\njane@stonemill.org,{event},email,{at},web,form\n"
        )
    };
    let then = [("crm.csv", crm.as_str()), ("unsubscribes.csv", GONE)];
    for (event, at, back) in [
        ("purchase", "2026-10-01", false),
        ("consent_given", "2026-04-01", false),
        ("consent_given", "", false),
        ("consent_given", "2026-10-01", true),
    ] {
        let events = events(event, at);
        let runs = two(&then, &[("crm.csv", &crm), ("consent-events.csv", &events)], &[]);
        assert_eq!(listed(&runs.now, "email").contains("jane@stonemill.org"), back, "{event} {at}");
        let email = report(&runs.now)["previous"]["channels"]["email"].clone();
        assert_eq!(email["resurrected"], u64::from(back), "{event} {at}");
        assert_eq!(
            runs.said.stdout.contains("1 refused then and contactable now"),
            back,
            "{}",
            runs.said.stdout
        );
    }
}

#[test]
fn who_is_erased_does_not_come_back_and_needs_the_key() {
    let scratch = Scratch::new();
    let key = scratch
        .write(&[("key", "0123456789abcdef0123456789abcdef"), ("other", "another-key-of-enough-length")]);
    let sources = scratch.write(&[
        ("crm.csv", people(&[JANE, BOB])),
        ("consent-events.csv", "email,event,timestamp\njane@stonemill.org,erasure,2026-07-01\n".to_owned()),
    ]);
    let (then, now) = (scratch.path("then"), scratch.path("now"));
    clean(&sources, &then, THEN, &["--key-file", key[0].to_str().unwrap()]);
    let stones: BTreeSet<String> = suppressed(&then).iter().map(|r| r["point"].clone()).collect();
    assert_eq!(stones.len(), 2);
    let previous = ["--previous", then.to_str().unwrap()];
    for wrong in [&[][..], &["--key-file", key[1].to_str().unwrap()]] {
        let more: Vec<&str> = previous.iter().chain(wrong).copied().collect();
        let said = try_clean(&sources[..1], &now, NOW, &more);
        assert_eq!(said.exit, Exit::Usage, "{}", said.stderr);
        assert!(said.stderr.contains("under another key"), "{}", said.stderr);
        assert!(!now.exists(), "nothing is published");
    }
    // Her row is back with a new number.
    let crm = people(&["1,Jane,Doe,jane@stonemill.org,+12127365009,US", BOB]);
    let sources = scratch.write(&[("crm.csv", crm)]);
    let more = [&previous[..], &["--key-file", key[0].to_str().unwrap()]].concat();
    let said = clean(&sources, &now, NOW, &more);
    assert_eq!(ids(&now).keys().collect::<Vec<_>>(), ["Bob"]);
    let after: BTreeSet<String> = suppressed(&now).iter().map(|r| r["point"].clone()).collect();
    assert!(
        stones.is_subset(&after) && after.len() == 3,
        "the old tombstones and one of the new number: {after:?}"
    );
    assert!(said.stdout.contains("1 erased and back in the files"), "{}", said.stdout);
    for (name, bytes) in files(&now) {
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains("jane@") && !text.contains("2127365009"), "{name} tells of an erased person");
    }
}

#[test]
fn without_tombstones_another_key_does_no_harm() {
    let scratch = Scratch::new();
    let key = scratch.write(&[("key", "0123456789abcdef0123456789abcdef")]);
    let sources = scratch.write(&[("crm.csv", people(&[JANE, BOB]))]);
    let (then, now) = (scratch.path("then"), scratch.path("now"));
    clean(&sources, &then, THEN, &[]);
    let more = ["--previous", then.to_str().unwrap(), "--key-file", key[0].to_str().unwrap()];
    clean(&sources, &now, NOW, &more);
    assert_eq!(ids(&then), ids(&now), "ids are carried over whatever key made them");
}

#[test]
fn ids_stay_when_the_point_they_were_made_of_is_gone() {
    let then = people(&["1,Jane,Doe,a.jane@stonemill.org,+12127365001,US", BOB, ANN]);
    // Jane has a new address, Bob a new number, Ann left; Zoe is new and has the address Jane had.
    let now = people(&[
        "7,Zoe,Young,a.jane@stonemill.org,+12127365077,US",
        "1,Jane,Doe,z.jane@stonemill.org,+12127365001,US",
        "2,Bob,Stone,bob@stonemill.org,+12127365099,US",
    ]);
    let runs = two(&[("crm.csv", &then)], &[("crm.csv", &now)], &[]);
    let (before, after) = (ids(&runs.then), ids(&runs.now));
    assert_eq!(before["Bob"], after["Bob"]);
    let all: BTreeSet<&String> = after.values().collect();
    assert_eq!(all.len(), 3, "every contact has an id of its own");
    let previous = report(&runs.now)["previous"].clone();
    assert_eq!((&previous["kept"], &previous["new"], &previous["gone"]), (&2.into(), &1.into(), &1.into()));
    // One point each ties Zoe and Jane to the contact of then: the smaller point decides.
    assert_eq!(before["Jane"], after["Zoe"]);
    let fresh = two(
        &[("crm.csv", &then)],
        &[("crm.csv", &people(&["1,Jane,Doe,z.jane@stonemill.org,+12127365001,US"]))],
        &[],
    );
    assert_eq!(ids(&fresh.then)["Jane"], ids(&fresh.now)["Jane"], "her number is enough");
}

#[test]
fn ids_are_told_apart_by_name_at_a_shared_mailbox() {
    let then = people(&["1,Jane,Doe,info@stonemill.org,,US", "2,Bob,Stone,info@stonemill.org,,US"]);
    let now = people(&[
        "9,Amy,Adler,info@stonemill.org,,US",
        "2,Bob,Stone,info@stonemill.org,+12127365002,US",
        "1,Jane,Doe,info@stonemill.org,+12127365001,US",
    ]);
    let runs = two(&[("crm.csv", &then)], &[("crm.csv", &now)], &[]);
    let (before, after) = (ids(&runs.then), ids(&runs.now));
    assert_eq!((&before["Jane"], &before["Bob"]), (&after["Jane"], &after["Bob"]));
    assert!(!before.values().any(|id| *id == after["Amy"]));
}

#[test]
fn ids_do_not_depend_on_the_order_of_files_or_threads() {
    let scratch = Scratch::new();
    let then = scratch.path("then");
    let first = scratch.write(&[
        ("a.csv", people(&[JANE, BOB])),
        ("b.csv", people(&["4,Jane,Doe,jane.doe@acme.org,+12127365004,US", ANN])),
    ]);
    let kind = ["--as", "contacts=a.csv", "--as", "contacts=b.csv"];
    clean(&first, &then, THEN, &kind);
    // The two Janes are one person by now: a row of hers has both addresses.
    let sources = scratch.write(&[
        ("a.csv", people(&[BOB, "5,Jane,Doe,jane@stonemill.org; jane.doe@acme.org,,US"])),
        ("b.csv", people(&[JANE, "4,Jane,Doe,jane.doe@acme.org,+12127365004,US"])),
    ]);
    let (one, other) = (scratch.path("one"), scratch.path("other"));
    let previous = ["--previous", then.to_str().unwrap()];
    clean(&sources, &one, NOW, &[&kind[..], &previous, &["--threads", "1"]].concat());
    let reversed: Vec<PathBuf> = sources.iter().rev().cloned().collect();
    clean(&reversed, &other, NOW, &[&kind[..], &previous, &["--threads", "2"]].concat());
    assert_eq!(files(&one), files(&other));
    let before: BTreeSet<String> =
        read_csv(&then.join("contacts.csv")).iter().map(|c| c["contact_id"].clone()).collect();
    assert!(ids(&one).values().all(|id| before.contains(id)), "who became one keeps one of the ids");
}

#[test]
fn who_refused_since_is_listed_with_what_the_law_says_of_telling_them() {
    let korean = "4,Min,Kim,min@stonemill.kr,,KR";
    let crm = people(&[JANE, BOB, ANN, korean]);
    let since = "email,phone,event,channel,timestamp,source,method\n\
        ,+12127365001,consent_withdrawn,sms,2026-11-01,stop,text\n\
        bob@stonemill.org,,consent_withdrawn,email,2026-10-01,web,form\n\
        ann@stonemill.org,,complaint,email,2026-10-02,web,form\n\
        min@stonemill.kr,,consent_withdrawn,email,2026-10-03,web,form\n";
    let runs = two(&[("crm.csv", &crm)], &[("crm.csv", &crm), ("consent-events.csv", since)], &[]);
    let mut newly: Vec<String> = read_csv(&runs.now.join("newly-suppressed.csv"))
        .iter()
        .map(|r| {
            ["channel", "point", "reason", "since", "source", "confirmation", "confirm_within"]
                .map(|c| r[c].clone())
                .join("|")
        })
        .collect();
    newly.sort();
    assert_eq!(
        newly,
        [
            "email|ann@stonemill.org|refusal-complaint|2026-10-02|consent-events.csv:4|not said|",
            "email|bob@stonemill.org|refusal-withdrawn|2026-10-01|consent-events.csv:3|not said|",
            "email|min@stonemill.kr|refusal-withdrawn|2026-10-03|consent-events.csv:5|owed|14 days",
            "sms|+12127365001|refusal-withdrawn|2026-11-01|consent-events.csv:2|once|5 minutes",
        ]
    );
    let carried = &report(&runs.now)["previous"]["carried"];
    assert_eq!((&carried["newly_suppressed"], &carried["confirmable"]), (&4.into(), &2.into()));
    // Told once: the next run has nobody new.
    let third = runs.scratch.path("third");
    let sources = [runs.scratch.path("crm.csv"), runs.scratch.path("consent-events.csv")];
    clean(&sources, &third, "2026-12-01", &["--previous", runs.now.to_str().unwrap()]);
    assert_eq!(read_csv(&third.join("newly-suppressed.csv")), Vec::<Record>::new());
}

#[test]
fn a_silent_overlay_leaves_the_word_of_the_law_below_it() {
    // Jane's area code is of New York, which says nothing of texts; Flo's of Florida, which says nothing of telling her.
    let crm = people(&[
        JANE,
        "5,Flo,Reed,flo@fernhill.net,+13053585001,US",
        "6,Max,Roth,max@fernhill.net,+13053585002,DE",
    ]);
    let since = "email,phone,event,channel,timestamp,source,method\n\
        ,+13053585001,consent_withdrawn,sms,2026-11-01,stop,text\n,+13053585002,consent_withdrawn,sms,2026-11-02,stop,text\n";
    let runs = two(&[("crm.csv", &crm)], &[("crm.csv", &crm), ("consent-events.csv", since)], &[]);
    let mut told: Vec<String> = read_csv(&runs.now.join("newly-suppressed.csv"))
        .iter()
        .map(|r| ["point", "jurisdictions", "confirmation", "confirm_within"].map(|c| r[c].clone()).join("|"))
        .collect();
    told.sort();
    assert_eq!(
        told,
        [
            "+13053585001|US (stated country); US-FL (phone number)|once|5 minutes",
            "+13053585002|DE (stated country); US (phone number); US-FL (phone number)|not said|",
        ],
        "of two countries both must speak"
    );
}

#[test]
fn a_refused_person_whose_row_comes_back_is_told() {
    let (with, without) = (people(&[JANE, BOB]), people(&[BOB]));
    let runs = two(
        &[("crm.csv", &without), ("unsubscribes.csv", GONE)],
        &[("crm.csv", &with)],
        &["--as", "contacts=crm.csv"],
    );
    assert!(runs.said.stdout.contains("1 refused before and back in the files"), "{}", runs.said.stdout);
    assert_eq!(
        read_csv(&runs.now.join("newly-suppressed.csv")),
        Vec::<Record>::new(),
        "she refused long ago"
    );
    assert!(!listed(&runs.now, "email").contains("jane@stonemill.org"));
}

#[test]
fn a_neighbours_refusal_goes_one_step_in_any_number_of_runs() {
    // Jane refused; Bob shares her number. Cal shares Bob's address, and nothing with Jane.
    let crm = "first name,last name,email,phone,country\n\
        Jane,Doe,jane@stonemill.org,+12127365001,US\n\
        Bob,Stone,bob@stonemill.org,+12127365001,US\n\
        Cal,Young,bob@stonemill.org,+12127365003,US\n";
    let stop = "email,event,timestamp,source\njane@stonemill.org,objection,2026-05-01,web\n";
    let scratch = Scratch::new();
    let sources = scratch.write(&[("crm.csv", crm), ("consent-events.csv", stop)]);
    let mut last = scratch.path("run0");
    clean(&sources, &last, THEN, &[]);
    let first = files(&last);
    for n in 1..4 {
        let next = scratch.path(&format!("run{n}"));
        clean(&sources, &next, THEN, &["--previous", last.to_str().unwrap()]);
        assert_eq!(files(&next)["suppression.csv"], first["suppression.csv"], "run {n}");
        assert_eq!(files(&next)["contacts.csv"], first["contacts.csv"], "run {n}");
        last = next;
    }
    let number = suppressed(&last).into_iter().find(|r| r["point"] == "+12127365001").unwrap();
    assert_eq!(number["reached_through"], "another contact");
}

#[test]
fn a_number_without_country_keeps_the_date_of_each_refusal() {
    // Nobody tells the country: the row's own refusal has no day, the list's has one.
    let crm = "first name,last name,mobile,unsubscribed\nAnna,Becker,07400 100002,X\n";
    let scratch = Scratch::new();
    let sources = scratch
        .write(&[("crm.csv", crm), ("unsubscribes.csv", "email,phone,date\n,07400 100002,2025-06-01\n")]);
    let (once, again) = (scratch.path("once"), scratch.path("again"));
    clean(&sources, &once, THEN, &[]);
    let told: Vec<_> = suppressed(&once).iter().map(|r| [r["since"].clone(), r["source"].clone()]).collect();
    assert_eq!(told, [["", "crm.csv:2"], ["2025-06-01", "unsubscribes.csv:2"]]);
    clean(&sources, &again, THEN, &["--previous", once.to_str().unwrap()]);
    assert_eq!(suppressed(&again), suppressed(&once));
}

#[test]
fn who_refused_at_an_address_that_is_gone_stays_refused() {
    let moved = JANE.replace("jane@stonemill.org", "jane.doe@fernhill.org");
    let runs = two(
        &[("crm.csv", &people(&[JANE, BOB])), ("unsubscribes.csv", GONE)],
        &[("crm.csv", &people(&[&moved, BOB]))],
        &[],
    );
    assert_eq!(ids(&runs.then)["Jane"], ids(&runs.now)["Jane"], "the same person");
    assert_eq!(listed(&runs.now, "email"), ["bob@stonemill.org".to_owned()].into());
    // So it is with the suppression file alone, and one run later.
    let (alone, third) = (runs.scratch.path("alone"), runs.scratch.path("third"));
    fs::copy(runs.then.join("suppression.csv"), runs.scratch.path("suppression.csv")).unwrap();
    let crm = runs.scratch.path("crm.csv");
    clean(&[crm.clone(), runs.scratch.path("suppression.csv")], &alone, NOW, &[]);
    assert_eq!(listed(&alone, "email"), ["bob@stonemill.org".to_owned()].into());
    clean(&[crm], &third, "2027-02-21", &["--previous", runs.now.to_str().unwrap()]);
    assert_eq!(listed(&third, "email"), ["bob@stonemill.org".to_owned()].into());
    // Whom a later consent brought back, no number holds down.
    let yes = "email,event,timestamp,source\njane@stonemill.org,consent_given,2026-06-01,web form\n";
    let back = runs.scratch.path("back");
    let sources = runs.scratch.write(&[
        ("crm.csv", people(&[JANE, BOB])),
        ("unsubscribes.csv", GONE.to_owned()),
        ("yes.csv", yes.to_owned()),
    ]);
    clean(&sources, &back, NOW, &["--as", "consent-events=yes.csv"]);
    assert_eq!(suppressed(&back), Vec::<Record>::new());
}

#[test]
fn no_post_to_a_domain_is_remembered_as_it_was_told() {
    let list = "point,kind,channels,reason,since\n@stonemill.org,domain,post,do_not_contact,2025-06-01\n";
    let sources = [("crm.csv", people(&[JANE])), ("suppression.csv", list.to_owned())];
    let scratch = Scratch::new();
    let sources = scratch.write(&sources);
    let (once, again) = (scratch.path("once"), scratch.path("again"));
    clean(&sources, &once, THEN, &[]);
    clean(&sources, &again, THEN, &["--previous", once.to_str().unwrap()]);
    let points =
        |dir: &Path| -> BTreeSet<String> { suppressed(dir).iter().map(|r| r["point"].clone()).collect() };
    assert_eq!(
        points(&once),
        ["+12127365001", "@stonemill.org", "jane@stonemill.org"].map(str::to_owned).into()
    );
    assert_eq!(points(&again), points(&once));
}

#[test]
fn a_drop_of_the_contactable_is_a_gate() {
    let scratch = Scratch::new();
    let sources =
        scratch.write(&[("crm.csv", people(&[JANE, BOB, ANN])), ("unsubscribes.csv", GONE.to_owned())]);
    let (then, now) = (scratch.path("then"), scratch.path("now"));
    clean(&sources[..1], &then, THEN, &[]);
    for (limit, exit) in [("33%", Exit::Found), ("34%", Exit::Done), ("0", Exit::Found), ("1", Exit::Done)] {
        let gate = format!("contactable-drop={limit}");
        let more =
            ["--previous", then.to_str().unwrap(), "--fail-on", &gate, "--replace", "--channels", "email"];
        let said = try_clean(&sources, &now, NOW, &more);
        assert_eq!(said.exit, exit, "{limit}: {}", said.stderr);
        assert!(now.join("report.json").exists(), "a gate publishes");
        assert_eq!(
            exit == Exit::Found,
            said.stderr.contains("1 fewer are contactable by email (3 then, 2 now)")
        );
    }
    let said = try_clean(&sources, &now, NOW, &["--fail-on", "contactable-drop=5%", "--replace"]);
    assert_eq!(said.exit, Exit::Usage);
    assert!(said.stderr.contains("add --previous DIR"), "{}", said.stderr);
}

#[test]
fn a_damaged_or_foreign_directory_is_refused_before_anything_is_written() {
    let scratch = Scratch::new();
    let sources = scratch.write(&[("crm.csv", people(&[JANE, BOB])), ("unsubscribes.csv", GONE.to_owned())]);
    let (then, now) = (scratch.path("then"), scratch.path("now"));
    let check = |what: &str, exit: Exit, break_it: &dyn Fn(&Path)| {
        let _ = fs::remove_dir_all(&then);
        clean(&sources, &then, THEN, &[]);
        break_it(&then);
        let said = try_clean(&sources, &now, NOW, &["--previous", then.to_str().unwrap()]);
        assert_eq!(said.exit, exit, "{what}: {}", said.stderr);
        assert!(said.stderr.contains(what), "{what}: {}", said.stderr);
        assert!(!now.exists(), "{what}");
    };
    let edit = |file: &'static str, from: &'static str, to: &'static str| {
        move |dir: &Path| {
            let text = fs::read_to_string(dir.join(file)).unwrap();
            assert!(text.contains(from), "{file} {from}");
            fs::write(dir.join(file), text.replace(from, to)).unwrap();
        }
    };
    for file in ["suppression.csv", "contacts.csv"] {
        check("damaged", Exit::Failed, &edit(file, "jane@", "june@"));
        check("then", Exit::Failed, &|dir| fs::remove_file(dir.join(file)).unwrap());
    }
    check("damaged", Exit::Failed, &edit("report.json", "2026-08-21", "2026-08-22"));
    check("damaged", Exit::Failed, &edit("events.csv", "jane@", "june@"));
    check(
        "another version",
        Exit::Failed,
        &edit("manifest.json", "contactable-manifest/1", "contactable-manifest/9"),
    );
    check("damaged", Exit::Failed, &edit("manifest.json", "{", "["));
    check("no run directory", Exit::Usage, &|dir| fs::remove_file(dir.join("manifest.json")).unwrap());
}

#[test]
fn an_audit_compares_too_and_keeps_nothing_unless_asked() {
    let scratch = Scratch::new();
    let sources = scratch.write(&[("crm.csv", people(&[JANE, BOB])), ("unsubscribes.csv", GONE.to_owned())]);
    let then = scratch.path("then");
    clean(&sources[..1], &then, THEN, &[]);
    let (crm, gone) = (sources[0].to_str().unwrap(), sources[1].to_str().unwrap());
    let args = ["audit", crm, gone, "--previous", then.to_str().unwrap(), "--send-date", NOW];
    let said = contactable(&args);
    assert_eq!(said.exit, Exit::Done, "{}", said.stderr);
    assert!(said.stdout.contains("email 2 \u{2192} 1"), "{}", said.stdout);
    // Asked for, it keeps what changed and nothing that could be loaded elsewhere.
    let out = scratch.path("audit");
    assert_eq!(contactable(&[&args[..], &["--out", out.to_str().unwrap()]].concat()).exit, Exit::Done);
    let manifest = fs::read_to_string(out.join("manifest.json")).unwrap();
    for (name, kept) in [("changes.csv", true), ("contacts.csv", false), ("newly-suppressed.csv", false)] {
        assert_eq!(out.join(name).exists(), kept, "{name}");
        assert_eq!(manifest.contains(&format!("\"{name}\"")), kept, "{name}");
    }
    // So it is no run that another could go on from.
    let again = ["clean", crm, "--out", "never", "--previous", out.to_str().unwrap()];
    for args in [&again[..], &["compare", then.to_str().unwrap(), out.to_str().unwrap()]] {
        let said = contactable(args);
        assert_eq!(said.exit, Exit::Usage, "{}", said.stderr);
        assert!(
            said.stderr.contains("an audit keeps neither contacts nor a suppression file"),
            "{}",
            said.stderr
        );
    }
}
