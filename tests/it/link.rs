//! Linking as a job: which rows become one contact, and that nothing but the rows decides it.

use contactable::data::names::Names;
use contactable::link::{
    Agreement, Ambiguous, Birth, Comparer, Guarded, HeldApart, KeyKind, Linking, Merge, NameCells,
    NameFolder, Posting, family, link, partition_of,
};
use contactable::record::{Day, Keyed, RowId};
use contactable::spill::{Budget, Spill};
use proptest::prelude::*;

/// A row of a test: a whole name and its keys; empty is none.
#[derive(Debug, Clone, Default)]
struct Row {
    name: String,
    email: String,
    phone: String,
    street: String,
    id: String,
    birth: Option<Birth>,
}

fn row(name: &str, email: &str, phone: &str) -> Row {
    Row { name: name.into(), email: email.into(), phone: phone.into(), ..Row::default() }
}

/// How a linking is run: none of this may show.
#[derive(Debug, Clone, Copy)]
struct Run {
    partitions: usize,
    budget: usize,
    threads: usize,
    /// Postings are written in this stride, so that their order differs.
    stride: usize,
}

const PLAIN: Run = Run { partitions: 4, budget: 1 << 20, threads: 1, stride: 1 };

#[derive(Debug, PartialEq)]
struct Outcome {
    firsts: Vec<RowId>,
    merges: Vec<Merge>,
    ambiguous: Vec<Ambiguous>,
    held: Vec<HeldApart>,
}

/// The postings of all rows, encoded, with their partitions.
fn postings(rows: &[Row], partitions: usize) -> Vec<(usize, Vec<u8>)> {
    let (keyed, mut names) = (Keyed::new(&[5; 16]), NameFolder::default());
    let mut all = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        let name = names.fold(NameCells { full: &row.name, ..NameCells::default() });
        let cells =
            [(KeyKind::ExternalId, &row.id), (KeyKind::Email, &row.email), (KeyKind::Phone, &row.phone)];
        let mut keys: Vec<_> = cells
            .into_iter()
            .filter(|(_, cell)| !cell.is_empty())
            .map(|(kind, cell)| (kind, kind.key(&keyed, &[cell.as_bytes()])))
            .collect();
        let parts = [family(name), row.street.as_bytes(), b""];
        if !parts[0].is_empty() && !parts[1].is_empty() {
            keys.push((KeyKind::NameStreet, KeyKind::NameStreet.key(&keyed, &parts)));
        }
        for (kind, key) in keys {
            let mut bytes = Vec::new();
            Posting { key, kind, row: number as RowId, name, birth: row.birth }.encode(&mut bytes);
            all.push((partition_of(key, partitions), bytes));
        }
    }
    all
}

fn outcome(rows: &[Row], run: Run) -> Outcome {
    let (dir, budget) = (std::env::temp_dir(), Budget::new(run.budget));
    let spill = Spill::new(&dir, run.partitions, &budget);
    let postings = postings(rows, run.partitions);
    for from in 0..run.stride {
        for (partition, bytes) in postings.iter().skip(from).step_by(run.stride) {
            spill.append(*partition, bytes).expect("the scratch directory takes files");
        }
    }
    let job =
        Linking { rows: rows.len() as u32, guard: Names::builtin().guard(), dir: &dir, budget: &budget };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(run.threads).build().expect("threads");
    let linked = pool.install(|| link(&spill.into_partitions(), &job)).expect("links");
    Outcome {
        merges: linked.merges.all().expect("readable"),
        ambiguous: linked.ambiguous.all().expect("readable"),
        held: linked.held.all().expect("readable"),
        firsts: linked.firsts,
    }
}

/// Checks the first row of each row's contact.
fn check(rows: &[Row], firsts: &[RowId]) -> Outcome {
    let outcome = outcome(rows, PLAIN);
    assert_eq!(outcome.firsts, firsts, "{rows:#?}");
    outcome
}

fn held_by(outcome: &Outcome, row: RowId) -> Vec<Guarded> {
    outcome.held.iter().filter(|held| held.row == row).map(|held| held.by).collect()
}

fn born(year: i16) -> Option<Birth> {
    let day = Day::constant(year, 5, 6);
    Some(Birth::new(day, day))
}

#[test]
fn a_shared_key_and_an_agreeing_name_join() {
    let outcome = check(
        &[
            row("Robert Poe", "r@x.org", ""),
            row("Bob Poe", "r@x.org", "1"),
            row("Poe, Robert", "", "1"),
            row("Robert Poe", "", ""),
        ],
        &[0, 0, 0, 3],
    );
    let merge = |row, rule, strength, matched_with| Merge { row, first: 0, rule, strength, matched_with };
    assert_eq!(
        outcome.merges,
        [
            merge(0, KeyKind::Email, Agreement::Nickname, 1),
            merge(1, KeyKind::Email, Agreement::Nickname, 0),
            merge(2, KeyKind::Phone, Agreement::Nickname, 1),
        ]
    );
}

#[test]
fn a_family_mailbox_stays_a_family() {
    let outcome = check(
        &[
            row("Ann Poe", "poes@x.org", ""),
            row("Bea Poe", "poes@x.org", ""),
            row("Ann Poe", "poes@x.org", ""),
        ],
        &[0, 1, 0],
    );
    assert_eq!(held_by(&outcome, 1), [Guarded::NamesDiffer]);
}

#[test]
fn a_switchboard_joins_nobody_and_a_hot_key_does_not_explode() {
    let names = Names::builtin().guard().names_per_key;
    let letters = |i: usize| format!("{}{}", char::from(b'a' + (i % 26) as u8), "x".repeat(i / 26));
    let rows: Vec<Row> = (0..5_000)
        .map(|i| row(&format!("Q{0}q W{0}w", letters(i % (names + 1))), "info@x.org", ""))
        .collect();
    let outcome = outcome(&rows, PLAIN);
    assert!(outcome.merges.is_empty());
    assert_eq!(outcome.held.len(), rows.len());
    assert!(outcome.held.iter().all(|held| held.by == Guarded::KeyShared));
}

#[test]
fn an_ambiguous_name_joins_neither_but_shares_refusals() {
    let outcome = check(
        &[row("John Smith", "s@x.org", ""), row("J. Smith", "s@x.org", ""), row("Jane Smith", "s@x.org", "")],
        &[0, 1, 2],
    );
    assert_eq!(held_by(&outcome, 1), [Guarded::Ambiguous]);
    let pair = |row, other| Ambiguous { row, other };
    assert_eq!(outcome.ambiguous, [pair(0, 1), pair(1, 0), pair(1, 2), pair(2, 1)]);
}

#[test]
fn vetoes_hold_rows_apart() {
    check(&[row("John Smith Jr", "s@x.org", ""), row("John Smith Sr", "s@x.org", "")], &[0, 1]);
    let mut rows = [row("John Smith", "s@x.org", ""), row("John Smith", "s@x.org", "")];
    (rows[0].birth, rows[1].birth) = (born(1950), born(1980));
    let outcome = check(&rows, &[0, 1]);
    assert_eq!(held_by(&outcome, 0), [Guarded::BirthDiffers]);
}

#[test]
fn nameless_rows_join_by_mailbox_only_and_only_where_its_names_agree() {
    check(&[row("", "a@x.org", ""), row("", "a@x.org", "")], &[0, 0]);
    check(&[row("", "a@x.org", ""), row("Ann Poe", "a@x.org", ""), row("A. Poe", "a@x.org", "")], &[0, 0, 0]);
    check(
        &[row("", "a@x.org", ""), row("Ann Poe", "a@x.org", ""), row("Bea Poe", "a@x.org", "")],
        &[0, 1, 2],
    );
    let outcome = check(
        &[row("", "", "1"), row("Ann Poe", "", "1"), row("", "", "1"), row("Poe", "", "1")],
        &[0, 1, 2, 3],
    );
    assert_eq!(held_by(&outcome, 0), [Guarded::Nameless]);
    let outcome = check(&[row("Poe", "", "1"), row("Ann Poe", "", "2")], &[0, 1]);
    assert!(outcome.held.is_empty(), "nothing is shared, nothing is held apart");
    let rows = ["", ""].map(|name| Row { id: "7".into(), ..row(name, "", "") });
    check(&rows, &[0, 1]);
}

#[test]
fn name_and_street_join_and_relatives_do_not() {
    let at = |name| Row { street: "1 main st".into(), ..row(name, "", "") };
    check(&[at("Ann Poe"), at("Ann Poe"), at("Bea Poe"), at("Ann Roe")], &[0, 0, 2, 3]);
}

#[test]
fn a_contact_that_contradicts_itself_loses_its_weakest_links() {
    // Row 1 is John by e-mail and James by telephone.
    let outcome = check(
        &[
            row("John Smith", "j@x.org", ""),
            row("J. Smith", "j@x.org", "1"),
            row("James Smith", "", "1"),
            row("James Smith", "", "1"),
        ],
        &[0, 0, 2, 3],
    );
    assert_eq!(held_by(&outcome, 2), [Guarded::ContactSplit]);
    assert!(outcome.ambiguous.contains(&Ambiguous { row: 1, other: 2 }));
}

#[test]
fn a_contact_of_too_many_rows_is_a_placeholder() {
    let rows_max = Names::builtin().guard().rows_per_contact;
    let rows = vec![row("Test Person", "test@x.org", ""); rows_max + 1];
    assert!(outcome(&rows, PLAIN).merges.is_empty());
    assert_eq!(outcome(&rows[..rows_max], PLAIN).merges.len(), rows_max);
}

fn any_rows() -> impl Strategy<Value = Vec<Row>> {
    let names = [
        "",
        "Ann Poe",
        "A Poe",
        "Anna Poe",
        "Bea Poe",
        "B. Poe",
        "Poe",
        "Ann",
        "Poe, Ann Jr",
        "Ann Poe Sr",
        "Ann Roe",
        "Acme GmbH",
        "Ann Marie Poe",
    ];
    let key = |prefix: &'static str| {
        (0u8..5).prop_map(move |n| if n == 0 { String::new() } else { format!("{prefix}{n}") })
    };
    let birth = prop::sample::select(vec![None, None, born(1950), born(1980)]);
    let row = (prop::sample::select(names.to_vec()), key("e"), key("p"), key("s"), key("i"), birth).prop_map(
        |(name, email, phone, street, id, birth)| Row { name: name.into(), email, phone, street, id, birth },
    );
    prop::collection::vec(row, 1..24)
}

/// Names and births of rows of one contact never contradict each other.
fn assert_no_contact_disagrees(rows: &[Row], outcome: &Outcome) {
    let comparer = Comparer::new(Names::builtin().guard().closeness);
    let fold =
        |row: &Row| NameFolder::default().fold(NameCells { full: &row.name, ..Default::default() }).to_vec();
    for (i, a) in rows.iter().enumerate() {
        for (j, b) in rows.iter().enumerate().filter(|&(j, _)| outcome.firsts[j] == outcome.firsts[i]) {
            assert!(comparer.agree(&fold(a), &fold(b)).compatible(), "{i} {j}: {a:?} {b:?}");
            let births = a.birth.zip(b.birth);
            assert!(births.is_none_or(|(a, b)| !a.conflicts(b)), "{i} {j}: births");
        }
    }
}

/// Every row of a contact of several has a line, and what it matched holds a key of that rule with it.
fn assert_merges_are_explained(rows: &[Row], outcome: &Outcome) {
    let key = |row: &Row, rule| match rule {
        KeyKind::ExternalId => row.id.clone(),
        KeyKind::Email => row.email.clone(),
        KeyKind::Phone => row.phone.clone(),
        KeyKind::NameStreet => row.street.clone(),
        KeyKind::Handle => String::new(),
    };
    for merge in &outcome.merges {
        let (row, with) = (merge.row as usize, merge.matched_with as usize);
        assert_eq!([outcome.firsts[row], outcome.firsts[with]], [merge.first; 2]);
        assert!(row != with && key(&rows[row], merge.rule) == key(&rows[with], merge.rule), "{merge:?}");
    }
    let in_company = (0..rows.len()).filter(|&i| {
        outcome.firsts.iter().enumerate().any(|(j, first)| i != j && *first == outcome.firsts[i])
    });
    let lines: Vec<_> = outcome.merges.iter().map(|merge| merge.row as usize).collect();
    assert_eq!(lines, in_company.collect::<Vec<_>>());
}

proptest! {
    #[test]
    fn nothing_but_the_rows_decides(
        rows in any_rows(),
        partitions in 1usize..9,
        budget in prop::sample::select(vec![0usize, 5_000, 1 << 20]),
        threads in 1usize..=2,
        stride in 1usize..7,
    ) {
        let run = Run { partitions, budget, threads, stride };
        prop_assert_eq!(outcome(&rows, run), outcome(&rows, PLAIN));
    }

    #[test]
    fn no_contact_holds_two_who_disagree_and_every_merge_is_explained(rows in any_rows()) {
        let outcome = outcome(&rows, PLAIN);
        assert_no_contact_disagrees(&rows, &outcome);
        assert_merges_are_explained(&rows, &outcome);
    }

    /// Rows in another order make the same contacts.
    #[test]
    fn the_order_of_rows_does_not_matter(rows in any_rows()) {
        let n = rows.len();
        let reversed: Vec<Row> = rows.iter().rev().cloned().collect();
        let (one, other) = (outcome(&rows, PLAIN), outcome(&reversed, PLAIN));
        for i in 0..n {
            for j in 0..n {
                prop_assert_eq!(
                    one.firsts[i] == one.firsts[j],
                    other.firsts[n - 1 - i] == other.firsts[n - 1 - j]
                );
            }
        }
    }
}
