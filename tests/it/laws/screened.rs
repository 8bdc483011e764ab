//! `check` against `clean`: whatever row of a list `clean` refuses on a channel by the same lists, and by the row's own
//! marks, `check` lets not pass.

use super::world::{World, world};
use crate::run::{Scratch, clean, contactable, generated, read_csv};
use proptest::prelude::*;

const AGAINST: [&str; 4] = [
    "suppression.csv",
    "unsubscribes.csv",
    "unsubscribed_members_export_2025.csv",
    "cleaned_members_export_2025.csv",
];
/// What somebody may have written beside a number or an address.
const REMARKS: [&str; 6] = ["", "", "", " (do not contact)", " (deceased)", " (do not call)"];

/// The row with remarks beside its address and number (columns 3 and 4 of both lists).
fn remarked(line: &str, [mail, phone]: [usize; 2]) -> String {
    let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
    for (at, remark) in [(2, mail), (3, phone)] {
        if !cells[at].is_empty() {
            cells[at].push_str(REMARKS[remark]);
        }
    }
    cells.join(",")
}

fn check(world: &World, remarks: &[[usize; 2]]) {
    let scratch = Scratch::new();
    let (texts, _) = world.files();
    let mut against: Vec<_> = texts.iter().filter(|(name, _)| AGAINST.contains(name)).cloned().collect();
    // `check` looks for addresses and numbers only: what an entry of a house refuses is left to `clean`.
    for (_, text) in &mut against {
        *text =
            text.lines().filter(|line| !line.contains(",post,")).map(|line| format!("{line}\n")).collect();
    }
    let lists = scratch.write(&against);
    for (name, text) in texts.iter().filter(|(name, _)| ["crm.csv", "shop.csv"].contains(name)) {
        let mut lines = text.lines();
        let header = lines.next().unwrap();
        for (line, remarks) in lines.zip(remarks.iter().cycle()) {
            let row = remarked(line, *remarks);
            let list = scratch.write(&[(*name, format!("{header}\n{row}\n"))]).remove(0);
            let sources: Vec<_> = std::iter::once(list.clone()).chain(lists.clone()).collect();
            let out = scratch.path("run");
            clean(&sources, &out, &["--replace"]);
            let Some(contact) = read_csv(&out.join("contacts.csv")).pop() else { continue };
            for channel in ["email", "sms", "call"] {
                let reason = &contact[&format!("{channel}_reason")];
                if !reason.starts_with("refusal-") && reason != "bounce-hard" {
                    continue;
                }
                let mut args = vec!["check", list.to_str().unwrap(), "--channel", channel];
                args.extend(lists.iter().flat_map(|l| ["--against", l.to_str().unwrap()]));
                args.extend(["--send-date", "2026-11-21"]);
                let said = contactable(&args);
                assert!(
                    !said.stdout.contains(&row),
                    "{channel} {reason}: {row}\n{against:?}\n{}",
                    said.stderr
                );
            }
        }
    }
}

proptest! {
    #![proptest_config(generated(16))]
    #[test]
    fn what_clean_refuses_a_row_check_blocks(
        world in world(),
        remarks in prop::collection::vec([0..REMARKS.len(), 0..REMARKS.len()], 1..5),
    ) {
        check(&world, &remarks);
    }
}
