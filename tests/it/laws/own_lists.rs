//! A run agrees with itself (DESIGN promise 3): no line of a list stands in the run's suppression file for its channel, and
//! `check` of a list against its run passes every row.

use super::world::{World, world};
use crate::run::{Scratch, clean, contactable, generated, read_csv};
use contactable::cli::Exit;
use proptest::prelude::*;
use std::path::Path;

/// What `post.csv` holds is compared by its households in `refusals`.
const CHANNELS: [&str; 3] = ["email", "sms", "call"];

/// Fails where a list of the run holds an address or number that its suppression file refuses on that channel.
fn no_line_is_suppressed(run: &Path) {
    let suppressed = read_csv(&run.join("suppression.csv"));
    for channel in CHANNELS {
        for line in read_csv(&run.join(format!("{channel}.csv"))) {
            let point = &line[if channel == "email" { "email" } else { "phone" }];
            let stands = suppressed.iter().find(|entry| {
                let bound = entry["channels"].split(' ').any(|bound| bound == channel);
                let domain =
                    point.rsplit_once('@').is_some_and(|(_, domain)| entry["point"] == format!("@{domain}"));
                // What reached one holder of a point from elsewhere binds that holder, and stands in the file for the next run.
                let of_point = entry["reached_through"].is_empty();
                bound && of_point && (entry["point"] == *point || domain)
            });
            assert!(stands.is_none(), "{channel}: {point} stands in both: {stands:?}");
        }
    }
}

/// Fails where `check` of a list of the run against the run blocks a row of it.
fn every_row_passes(run: &Path) {
    for channel in CHANNELS {
        let list = run.join(format!("{channel}.csv"));
        let args = [
            "check",
            list.to_str().unwrap(),
            "--channel",
            channel,
            "--against",
            run.to_str().unwrap(),
            "--send-date",
            "2026-11-21",
        ];
        let said = contactable(&args);
        assert_eq!(said.exit, Exit::Done, "{}", said.stderr);
        let whole = std::fs::read_to_string(&list).unwrap();
        assert_eq!(said.stdout, whole, "{channel}: {}", said.stderr);
    }
}

fn law(world: &World, more: &[&str]) {
    let scratch = Scratch::new();
    let sources = scratch.write(&world.files().0);
    let out = scratch.path("run");
    clean(&sources, &out, more);
    no_line_is_suppressed(&out);
    every_row_passes(&out);
}

proptest! {
    #![proptest_config(generated(24))]

    #[test]
    fn a_run_agrees_with_itself(world in world()) {
        law(&world, &[]);
    }

    #[test]
    fn so_it_does_when_permission_is_left_aside(world in world()) {
        law(&world, &["--lists", "reachable", "--lists-full"]);
    }
}
