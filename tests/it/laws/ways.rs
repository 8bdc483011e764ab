//! The same promises whatever else is asked of a run: other lists, lists cut in parts, statements of the operator, a
//! kind given by hand, and a chain of runs that remember each other.

use super::Outcome;
use super::world::{CHANNELS, World, world};
use crate::run::{Record, Scratch, clean, contactable, generated, read_csv};
use contactable::cli::Exit;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The files that hold people.
const PEOPLE: usize = 3;

/// Nobody on any list of the run was refused there.
fn nobody_refused(rows: &[super::world::Row], out: &Path) {
    let contacts = read_csv(&out.join("contacts.csv"));
    let outcome = Outcome::of(rows, &contacts);
    for channel in CHANNELS {
        for listed in read_csv(&out.join(format!("{channel}.csv"))) {
            outcome.check_refusals(channel, &listed);
        }
    }
}

fn reachable(world: &World) {
    let scratch = Scratch::new();
    let (texts, rows) = world.files();
    let out = scratch.path("run");
    clean(&scratch.write(&texts), &out, &["--lists", "reachable"]);
    nobody_refused(&rows, &out);
}

fn asserted(world: &World) {
    let scratch = Scratch::new();
    let (texts, rows) = world.files();
    let sources = scratch.write(&texts);
    let (plain, out) = (scratch.path("plain"), scratch.path("run"));
    clean(&sources, &plain, &[]);
    let words: Vec<String> = ["crm.csv", "shop.csv", "profiles.csv"]
        .iter()
        .flat_map(|file| {
            ["email", "sms", "call"].map(|c| format!("{file}:{c}:express_consent@2026-01-01=forms"))
        })
        .collect();
    clean(&sources, &out, &words.iter().flat_map(|w| ["--assert-basis", w]).collect::<Vec<_>>());
    nobody_refused(&rows, &out);
    let refused = |dir: &Path| -> BTreeMap<(String, &str), bool> {
        let contacts = read_csv(&dir.join("contacts.csv")).into_iter();
        let each = contacts.flat_map(|c| {
            CHANNELS.map(|channel| {
                let told = c[&format!("{channel}_reason")].starts_with("refusal-");
                ((c["contact_id"].clone(), channel), told)
            })
        });
        each.collect()
    };
    assert_eq!(refused(&plain), refused(&out), "a statement lifts a refusal, or makes one");
}

fn cut(world: &World, by: &str) {
    let scratch = Scratch::new();
    let (texts, rows) = world.files();
    let out = scratch.path("run");
    clean(&scratch.write(&texts), &out, &["--split-by", by]);
    nobody_refused(&rows, &out);
    for channel in CHANNELS {
        let own = |name: &str| {
            let part = name.strip_prefix(channel).and_then(|n| n.strip_suffix(".csv"));
            part.is_some_and(|part| part.starts_with('.'))
        };
        let files = std::fs::read_dir(&out).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
        let mut parts: Vec<Record> =
            files.filter(|name| own(name)).flat_map(|name| read_csv(&out.join(name))).collect();
        let mut whole = read_csv(&out.join(format!("{channel}.csv")));
        parts.sort();
        whole.sort();
        assert_eq!(parts, whole, "the parts of {channel} by {by} are not the whole");
    }
}

/// The points of a list, each with the id of the contact it stands for.
fn listed(dir: &Path, channel: &str) -> Vec<(String, String)> {
    let column = match channel {
        "email" => "email",
        "post" => "contact_id",
        _ => "phone",
    };
    let records = read_csv(&dir.join(format!("{channel}.csv"))).into_iter();
    records.map(|r| (r[column].clone(), r["contact_id"].clone())).collect()
}

/// Runs without the files that refused, each remembering the one before.
fn remembered(world: &World) {
    let scratch = Scratch::new();
    let (texts, rows) = world.files();
    let sources = scratch.write(&texts);
    let dirs = ["one", "two", "three"].map(|name| scratch.path(name));
    clean(&sources, &dirs[0], &[]);
    // Consents stay in the files of people and of events.
    let people: Vec<PathBuf> = sources[..=PEOPLE].to_vec();
    clean(&people, &dirs[1], &["--previous", dirs[0].to_str().unwrap()]);
    clean(&people, &dirs[2], &["--previous", dirs[1].to_str().unwrap()]);
    for channel in CHANNELS {
        for (before, after) in [(0, 1), (1, 2)] {
            let was = listed(&dirs[before], channel);
            // A person may be listed by another point once the first is refused, and a point by another of its holders.
            let freed = listed(&dirs[after], channel)
                .into_iter()
                .find(|(point, id)| !was.iter().any(|(old, by)| old == point || by == id));
            assert_eq!(freed, None, "run {} frees somebody on {channel}", after + 1);
        }
    }
    // Whoever stands in one file only is bound by what was said in all of them.
    let one = scratch.path("people");
    clean(&people[..1], &one, &["--previous", dirs[2].to_str().unwrap()]);
    nobody_refused(&rows, &one);
}

/// A file of people given as one of refusals loses none of its own; what is proved to refuse cannot be given as people.
fn mistaken(world: &World, kind: &str) {
    let scratch = Scratch::new();
    let (texts, rows) = world.files();
    let sources = scratch.write(&texts);
    let out = scratch.path("run");
    clean(&sources, &out, &["--as", &format!("{kind}=shop.csv")]);
    nobody_refused(&rows, &out);
    // What a layout proves cannot be said otherwise.
    for name in ["suppression.csv", "unsubscribed_members_export_2025.csv", "cleaned_members_export_2025.csv"]
    {
        let said = format!("contacts={name}");
        let mut args = vec!["clean"];
        args.extend(sources.iter().map(|p| p.to_str().unwrap()));
        let refused = scratch.path("refused");
        args.extend(["--out", refused.to_str().unwrap(), "--as", &said]);
        assert_eq!(contactable(&args).exit, Exit::Usage, "{name} was read as people");
    }
}

proptest! {
    #![proptest_config(generated(48))]

    #[test]
    fn who_refused_stands_in_no_reachable_list(world in world()) {
        reachable(&world);
    }

    #[test]
    fn a_statement_of_the_operator_lifts_no_refusal(world in world()) {
        asserted(&world);
    }

    #[test]
    fn parts_of_lists_make_the_whole(
        world in world(),
        by in prop::sample::select(vec!["country", "jurisdiction", "basis", "last_name", "postal_code"]),
    ) {
        cut(&world, by);
    }

    #[test]
    fn a_refusal_outlives_its_source_by_two_runs(world in world()) {
        remembered(&world);
    }

    #[test]
    fn a_kind_given_by_mistake_loses_no_refusal(
        world in world(),
        kind in prop::sample::select(vec!["unsubscribes", "suppression", "bounces", "complaints"]),
    ) {
        mistaken(&world, kind);
    }
}
