//! Options as typed: what the report records of them, and what is said of one that is wrong.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail loudly, like the tests themselves")]

use crate::run::{Said, Scratch, contactable};
use contactable::cli::Exit;

const LIST: &str = "first name,email,phone,country\nJane,jane@stonemill.de,+447400100001,GB\n";
const PROFILE: &str = "country = \"FR\"\noperator = \"nobody\"\nlist_since = \"2010-01-01\"\n";

/// Cleans or audits a list with these options: DIR/ stands for the directory of the files.
fn run(command: &str, options: &[&str]) -> (Scratch, Said) {
    let scratch = Scratch::new();
    scratch.write(&[
        ("shop.csv", LIST),
        (
            "stop.csv",
            "point,kind,channels,reason,since,first_seen,source\nbob@stonemill.de,email,,objection,,,\n",
        ),
        ("events.csv", "email,event,timestamp\nann@stonemill.de,erasure,2026-01-01\n"),
        ("tps.txt", "+447400100002\n"),
        ("secret", "0123456789abcdef0123456789abcdef\n"),
        ("mine.txt", "mine-shop.com\n"),
        ("team.toml", PROFILE),
    ]);
    std::fs::create_dir_all(scratch.path("lists")).unwrap();
    let dir = scratch.path("").display().to_string();
    let (shop, out) = (format!("{dir}shop.csv"), format!("{dir}run"));
    let mut args = vec![command.to_owned(), shop, "--out".to_owned(), out];
    args.extend(options.iter().map(|option| option.replace("DIR/", &dir)));
    let said = contactable(&args.iter().map(String::as_str).collect::<Vec<_>>());
    (scratch, said)
}

/// What report and manifest record.
fn recorded(command: &str, options: &[&str]) -> Vec<String> {
    let (scratch, said) = run(command, options);
    assert_eq!(said.exit, Exit::Done, "{}", said.stderr);
    let read = |name: &str| -> serde_json::Value {
        serde_json::from_slice(&std::fs::read(scratch.path("run").join(name)).unwrap()).unwrap()
    };
    let (manifest, report) = (read("manifest.json"), read("report.json"));
    assert_eq!(manifest["options"], report["run"]["options"]);
    serde_json::from_value(manifest["options"].clone()).unwrap()
}

#[test]
#[allow(clippy::too_many_lines, reason = "a table of every option")]
fn options_are_recorded_as_typed_without_directories() {
    let all = recorded(
        "clean",
        &[
            "--threads=1",
            "--memory",
            "64m",
            "--quiet",
            "--profile",
            "DIR/team.toml",
            "--key-file",
            "DIR/secret",
            "--data-dir",
            "DIR/lists",
            "--allow-domain",
            "DIR/mine.txt",
            "--disposable=DIR/mine.txt",
            "--fix-typos",
            "--spreadsheet-safe",
            "--proof",
            "--lists-full",
            "--events",
            "DIR/events.csv",
            "--suppress",
            "DIR/stop.csv",
            "--registry",
            "uk-tps=DIR/tps.txt@2026-11-20",
            "--format",
            "contactable_suppression=DIR/stop.csv",
            "--as",
            "contacts=DIR/shop.csv",
            "--fail-on",
            "email-domain-typo=10",
            "--fail-on",
            "email-domain-typo=2.5%",
            "--assert-basis",
            "shop.csv:email:express_consent@2025-03-01=\"paper, forms\"",
            "--split-by",
            "country",
            "--lists",
            "reachable",
            "--audience",
            "b2b",
            "--channels",
            " email, sms",
            "--operator",
            "Ann Lee",
            "--controller",
            "Fernhill Ltd",
            "--purpose",
            "News",
            "--sender-country",
            "germany",
            "--country",
            "gb",
            "--send-date",
            "2026-12-01",
        ][..],
    );
    expect_test::expect![[r#"
        --send-date 2026-12-01
        --country gb
        --sender-country germany
        --purpose News
        --controller Fernhill Ltd
        --operator Ann Lee
        --channels  email, sms
        --audience b2b
        --lists reachable
        --split-by country
        --assert-basis shop.csv:email:express_consent@2025-03-01="paper, forms"
        --fail-on email-domain-typo=10
        --fail-on email-domain-typo=2.5%
        --as contacts=shop.csv
        --format contactable_suppression=stop.csv
        --registry uk-tps=tps.txt@2026-11-20
        --suppress stop.csv
        --events events.csv
        --lists-full
        --proof
        --spreadsheet-safe
        --fix-typos
        --disposable mine.txt
        --allow-domain mine.txt
        --data-dir lists"#]]
    .assert_eq(&all.join("\n"));
}

#[test]
fn an_audit_records_what_was_typed_only() {
    expect_test::expect![[r#"
        --send-date 2026-12-01
        --as contacts=shop.csv"#]]
    .assert_eq(&recorded("audit", &["--send-date", "2026-12-01", "--as", "contacts=shop.csv"]).join("\n"));
}

/// Each says what is wrong, names the option, and says what to write instead.
#[test]
#[allow(clippy::too_many_lines, reason = "a table of messages")]
fn a_wrong_option_is_told_with_its_name_and_what_to_write() {
    let mut told = String::new();
    for wrong in [
        &["--send-date", "tomorrow"][..],
        &["--country", "Atlantis"],
        &["--channels", "email,fax"],
        &["--audience", "b2x"],
        &["--lists", "all"],
        &["--memory", "12X"],
        &["--as", "people=shop.csv"],
        &["--as", "contacts"],
        &["--as", "contacts=nobody.csv"],
        &["--registry", "uk-tps=DIR/tps.txt"],
        &["--registry", "uk-tps=DIR/tps.txt@2026-13-01"],
        &["--assert-basis", "shop.csv:email:express_consent=x"],
        &["--assert-basis", "shop.csv:fax:express_consent@2025-03-01=x"],
        &["--assert-basis", "nobody.csv:email:express_consent@2025-03-01=x"],
        &["--fail-on", "no-such-reason=1"],
        &["--fail-on", "email-domain-typo=many"],
        &["--fail-on", "contactable-drop=5%"],
        &["--dns", "--dns-server", "nowhere"],
    ] {
        let (scratch, said) = run("clean", wrong);
        assert_eq!(said.exit, Exit::Usage, "{wrong:?}: {}", said.stderr);
        assert!(said.stdout.is_empty() && !scratch.path("run").exists(), "{wrong:?}");
        assert!(
            said.stderr.contains(wrong.iter().rfind(|w| w.starts_with("--")).unwrap()),
            "{}",
            said.stderr
        );
        told.push_str(&said.stderr.replace(&scratch.path("").display().to_string(), "DIR/"));
        told.push('\n');
    }
    expect_test::expect![[r#"
        error: invalid value 'tomorrow' for '--send-date <YYYY-MM-DD>': this is no date
          hint: write it as 2026-12-01

        For more information, try '--help'.

        error: invalid value 'Atlantis' for '--country <COUNTRY>': this is no country we know
          hint: give an ISO code such as GB

        For more information, try '--help'.

        error: invalid value 'email,fax' for '--channels <LIST>': `fax` is no channel
          hint: channels are email, sms, call, post, messaging, auto-call

        For more information, try '--help'.

        error: invalid value 'b2x' for '--audience <WHOM>'
          [possible values: b2c, b2b]

          tip: a similar value exists: 'b2b'

        For more information, try '--help'.

        error: invalid value 'all' for '--lists <WHO>'
          [possible values: contactable, reachable]

        For more information, try '--help'.

        error: invalid value '12X' for '--memory <SIZE>': this is no amount of memory
          hint: write it as 256M or 2G

        For more information, try '--help'.

        error: invalid value 'people=shop.csv' for '--as <KIND=FILE>': a file is not of the kind people
          hint: write KIND=FILE; kinds are contacts, unsubscribes, bounces, complaints, suppression, consent-events, registry, ignore

        For more information, try '--help'.

        error: invalid value 'contacts' for '--as <KIND=FILE>': the file is missing
          hint: write KIND=FILE; kinds are contacts, unsubscribes, bounces, complaints, suppression, consent-events, registry, ignore

        For more information, try '--help'.

        error: --as: nobody.csv is not among the sources

        error: invalid value 'uk-tps=DIR/tps.txt' for '--registry <ID=FILE@DATE>': a register is ID=FILE@DATE
          hint: for example us-dnc=dnc.txt@2026-11-01

        For more information, try '--help'.

        error: invalid value 'uk-tps=DIR/tps.txt@2026-13-01' for '--registry <ID=FILE@DATE>': this is no date
          hint: write it as 2026-12-01

        For more information, try '--help'.

        error: invalid value 'shop.csv:email:express_consent=x' for '--assert-basis <SOURCE:CHANNEL:BASIS@DATE=TEXT>': the date is missing
          hint: write SOURCE:CHANNEL:BASIS@DATE=TEXT, for example shop.csv:email:express_consent@2024-05-01="paper forms"

        For more information, try '--help'.

        error: invalid value 'shop.csv:fax:express_consent@2025-03-01=x' for '--assert-basis <SOURCE:CHANNEL:BASIS@DATE=TEXT>': `fax` is no channel
          hint: channels are email, sms, call, post, messaging, auto-call

        For more information, try '--help'.

        error: --assert-basis: the source is not among the sources
          hint: write its name without directories, as the report has it

        error: invalid value 'no-such-reason=1' for '--fail-on <REASON=N|N%>': this is no reason we know
          hint: write it as email-domain-typo=10, email-domain-typo=2% or contactable-drop=5%; `contactable reasons` lists the ids

        For more information, try '--help'.

        error: invalid value 'email-domain-typo=many' for '--fail-on <REASON=N|N%>': this is no number
          hint: write it as email-domain-typo=10, email-domain-typo=2% or contactable-drop=5%; `contactable reasons` lists the ids

        For more information, try '--help'.

        error: --fail-on: contactable-drop compares with an earlier run, and none was given
          hint: add --previous DIR

        error: invalid value 'nowhere' for '--dns-server <IP[:PORT]>': this is no address of a server
          hint: write it as 192.0.2.53 or 192.0.2.53:5353

        For more information, try '--help'.

    "#]].assert_eq(&told);
}
