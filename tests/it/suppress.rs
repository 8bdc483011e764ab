//! `suppress`: one file of many, and what the next program makes of it.

use super::run::{Record, Said, Scratch, clean, contactable, read_csv};
use contactable::cli::Exit;
use contactable::data::domains::LISTS;
use std::fs;

const KEY: &str = "a secret of sixteen bytes or more";

fn suppress(scratch: &Scratch, sources: &[&str], out: &str, more: &[&str]) -> Said {
    let path = |name: &str| scratch.path(name).to_str().unwrap().to_owned();
    let mut args = vec!["suppress".to_owned()];
    args.extend(sources.iter().map(|s| path(s)));
    args.extend(["--out".into(), path(out), "--send-date".into(), "2026-11-21".into()]);
    args.extend(more.iter().map(|s| (*s).to_owned()));
    contactable(&args.iter().map(String::as_str).collect::<Vec<_>>())
}

fn done(scratch: &Scratch, sources: &[&str], out: &str, more: &[&str]) -> Said {
    let said = suppress(scratch, sources, out, more);
    assert_eq!(said.exit, Exit::Done, "{}", said.stderr);
    said
}

fn lines(scratch: &Scratch, name: &str, columns: &[&str]) -> Vec<String> {
    let shown = |r: &Record| columns.iter().map(|c| r[*c].clone()).collect::<Vec<_>>().join("|");
    let mut all: Vec<_> = read_csv(&scratch.path(name)).iter().map(shown).collect();
    all.sort();
    all
}

fn exports(scratch: &Scratch) -> [&'static str; 4] {
    scratch.write(&[
        ("unsubscribed.csv", "email,unsubscribed_at\nAnn@fernhill.co.uk,2026-01-05\nbob@fernhill.co.uk,2026-02-01\n"),
        ("suppression_bounces.csv", "status,reason,email,created\n5.1.1,no such,ann@fernhill.co.uk,1714435200\n"),
        (
            "suppression_old.csv",
            "point,kind,channels,reason,since,first_seen,source\nann@fernhill.co.uk,email,email,consent_withdrawn,2025-03-01,2025-03-02,x:1\n\
             @acme.com,domain,,do_not_contact,,2024-01-01,x:2\n+447911123456,phone,sms call,objection,2026-03-01,2026-03-02,x:3\n",
        ),
        ("crm.csv", "first name,email,unsubscribed\nAnn,cy@fernhill.co.uk,yes\nBob,di@fernhill.co.uk,no\n"),
    ]);
    ["unsubscribed.csv", "suppression_bounces.csv", "suppression_old.csv", "crm.csv"]
}

#[test]
fn every_point_stands_with_all_that_it_refuses() {
    let scratch = Scratch::new();
    let sources = exports(&scratch);
    let said = done(&scratch, &sources, "all.csv", &[]);
    assert!(said.stdout.contains("6 points in") || said.stdout.contains("5 points in"), "{}", said.stdout);
    assert_eq!(
        lines(&scratch, "all.csv", &["point", "kind", "channels", "reason", "since", "first_seen", "source"]),
        [
            "+447911123456|phone|sms call|objection|2026-03-01|2026-03-02|suppression_old.csv:4",
            "@acme.com|domain|email sms call post messaging auto-call|do_not_contact||2024-01-01|suppression_old.csv:3",
            "ann@fernhill.co.uk|email|email|consent_withdrawn|2026-01-05|2025-03-02|suppression_bounces.csv:2; suppression_old.csv:2; unsubscribed.csv:2",
            "ann@fernhill.co.uk|email|email|hard_bounce|2024-04-30T00:00:00Z|2025-03-02|suppression_bounces.csv:2; suppression_old.csv:2; unsubscribed.csv:2",
            "bob@fernhill.co.uk|email|email|consent_withdrawn|2026-02-01|2026-11-21|unsubscribed.csv:3",
            "cy@fernhill.co.uk|email|email|consent_withdrawn||2026-11-21|crm.csv:2",
        ]
    );
    let only = ["--only", "hard-bounce"];
    done(&scratch, &sources, "bounces.csv", &only);
    assert_eq!(lines(&scratch, "bounces.csv", &["point", "reason"]), ["ann@fernhill.co.uk|hard_bounce"]);
    done(&scratch, &sources, "domains.csv", &["--domains"]);
    assert_eq!(lines(&scratch, "domains.csv", &["point"]), ["@acme.com"]);
}

#[test]
fn the_file_refuses_whom_its_sources_refuse() {
    let scratch = Scratch::new();
    let sources = exports(&scratch);
    let list = "first name,last name,email,phone,country\nAnn,Ash,ann@fernhill.co.uk,+447911123450,GB\n\
        Bob,Birch,bob@fernhill.co.uk,+447911123456,GB\nCy,Cedar,cy@fernhill.co.uk,,GB\n\
        Eve,Elm,eve@acme.com,,GB\nFay,Fir,fay@fernhill.co.uk,,GB\n";
    scratch.write(&[("list.csv", list), ("key", KEY)]);
    let key = scratch.path("key");
    let key = key.to_str().unwrap();
    done(&scratch, &sources, "all.csv", &[]);
    done(&scratch, &sources, "all.idx", &[]);
    done(&scratch, &sources, "keyed.idx", &["--key-file", key]);
    done(&scratch, &sources, "hashed.csv", &["--hash", "sha256"]);
    let check = |channel: &str, against: &[&str]| {
        let path = |name: &str| scratch.path(name).to_str().unwrap().to_owned();
        let mut args = vec!["check".into(), path("list.csv"), "--channel".into(), channel.into()];
        for name in against {
            args.extend(["--against".into(), path(name)]);
        }
        args.extend(
            ["--as".into(), "contacts=crm.csv".into()]
                .iter()
                .filter(|_| against.contains(&"crm.csv"))
                .cloned(),
        );
        args.extend(["--key-file".into(), key.to_owned(), "--quiet".into()]);
        let said = contactable(&args.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(said.exit, Exit::Done, "{}", said.stderr);
        said.stdout
    };
    let email = check("email", &sources);
    assert_eq!(email.lines().count(), 2, "{email}");
    let sms = check("sms", &sources);
    assert_eq!(sms.lines().count(), 2, "{sms}");
    for made in ["all.csv", "all.idx", "keyed.idx"] {
        assert_eq!(check("email", &[made]), email, "{made}");
        assert_eq!(check("sms", &[made]), sms, "{made}");
    }
    // A domain cannot be hashed and is left out; all else holds.
    assert_eq!(check("email", &["hashed.csv"]).lines().count(), 3);
    let run = scratch.path("run");
    clean(&[scratch.path("list.csv")], &run, &["--suppress", scratch.path("all.csv").to_str().unwrap()]);
    let refused =
        |c: &&Record| c["email_reason"].starts_with("refusal") || c["email_reason"].starts_with("bounce");
    assert_eq!(read_csv(&run.join("contacts.csv")).iter().filter(refused).count(), 4);
}

#[test]
fn an_index_is_made_of_the_same_bytes_and_asks_for_its_key() {
    let scratch = Scratch::new();
    let sources = exports(&scratch);
    scratch.write(&[
        ("list.csv", "email\nfay@fernhill.co.uk\n"),
        ("key", KEY),
        ("other", "another secret of sixteen bytes"),
    ]);
    let key = |name: &str| scratch.path(name).to_str().unwrap().to_owned();
    done(&scratch, &sources, "a.idx", &["--key-file", &key("key"), "--threads", "1"]);
    done(&scratch, &sources, "b.idx", &["--key-file", &key("key"), "--threads", "3"]);
    assert_eq!(fs::read(scratch.path("a.idx")).unwrap(), fs::read(scratch.path("b.idx")).unwrap());
    let check = |more: &[&str]| {
        let (list, index) = (key("list.csv"), key("a.idx"));
        let args = ["check", &list, "--channel", "email", "--against", &index, "--quiet"];
        contactable(&[&args[..], more].concat())
    };
    assert_eq!(check(&["--key-file", &key("key")]).stdout, "email\nfay@fernhill.co.uk\n");
    for more in [&[][..], &["--key-file", &key("other")]] {
        let said = check(more);
        assert_eq!((said.exit, said.stdout.as_str()), (Exit::Usage, ""), "{}", said.stderr);
    }
}

#[test]
fn a_refusal_does_not_end_by_being_left_out() {
    let scratch = Scratch::new();
    scratch.write(&[("unsubscribed.csv", "email\na@fernhill.co.uk\n")]);
    done(&scratch, &["unsubscribed.csv"], "stop.csv", &[]);
    scratch.write(&[("unsubscribed.csv", "email\nb@fernhill.co.uk\n")]);
    let again = suppress(&scratch, &["unsubscribed.csv"], "stop.csv", &[]);
    assert_eq!(again.exit, Exit::Usage);
    assert!(again.stderr.contains("--merge"), "{}", again.stderr);
    done(&scratch, &["unsubscribed.csv"], "stop.csv", &["--merge"]);
    // The file that is written anew is no source: what it says of its sources stays.
    let sources = ["a@fernhill.co.uk|unsubscribed.csv:2", "b@fernhill.co.uk|unsubscribed.csv:2"];
    assert_eq!(lines(&scratch, "stop.csv", &["point", "source"]), sources);
    done(&scratch, &["unsubscribed.csv"], "stop.csv", &["--merge"]);
    let twice = fs::read(scratch.path("stop.csv")).unwrap();
    done(&scratch, &["unsubscribed.csv"], "stop.csv", &["--merge"]);
    assert_eq!(fs::read(scratch.path("stop.csv")).unwrap(), twice, "merging the same changes nothing");
    done(&scratch, &["unsubscribed.csv"], "stop.csv", &["--replace"]);
    assert_eq!(lines(&scratch, "stop.csv", &["point"]), ["b@fernhill.co.uk"]);
}

#[test]
fn a_domain_that_digests_cannot_hold_is_said_with_what_it_means() {
    let scratch = Scratch::new();
    let entry = |point: &str, kind: &str| format!("{point},{kind},,objection,,2026-05-01,x:1\n");
    let header = "point,kind,channels,reason,since,first_seen,source\n".to_owned();
    let one = header.clone() + &entry("zoe@acme-demo.com", "email") + &entry("@acme-demo9.com", "domain");
    scratch.write(&[
        ("suppression_one.csv", &one),
        ("suppression_two.csv", &(one.clone() + &entry("@acme-demo8.com", "domain"))),
    ]);
    let told = |list: &str| done(&scratch, &[list], "s.csv", &["--hash", "sha256", "--replace"]).stderr;
    let said = told("suppression_one.csv");
    assert!(said.contains("1 domain was left out") && said.contains("its people will pass"), "{said}");
    let said = told("suppression_two.csv");
    assert!(said.contains("2 domains were left out") && said.contains("their people will pass"), "{said}");
    assert!(!said.contains("points"), "{said}");
}

/// `--only` and `--domains` say what is wanted of the sources; the file's own refusals do not end by it.
#[test]
fn what_is_merged_stays_whole_whatever_is_chosen_of_the_sources() {
    let scratch = Scratch::new();
    scratch.write(&[
        ("unsub.csv", "email,unsubscribed_at\njane@acme-demo.com,2026-05-01\n"),
        ("bounces.csv", "email,bounced_at\nbob@acme-demo.com,2026-05-02\n"),
        (
            "suppression_more.csv",
            "point,kind,channels,reason,since,first_seen,source\n\
             zoe@acme-demo.com,email,email,objection,,2026-05-01,x:1\n@acme-demo9.com,domain,,objection,,2026-05-01,x:2\n",
        ),
    ]);
    done(&scratch, &["unsub.csv"], "s.csv", &[]);
    done(&scratch, &["bounces.csv", "unsub.csv"], "s.csv", &["--merge", "--only", "hard-bounce"]);
    let (jane, bob) = ("jane@acme-demo.com|consent_withdrawn", "bob@acme-demo.com|hard_bounce");
    assert_eq!(lines(&scratch, "s.csv", &["point", "reason"]), [bob, jane]);
    done(&scratch, &["suppression_more.csv"], "s.csv", &["--merge", "--domains"]);
    assert_eq!(lines(&scratch, "s.csv", &["point", "reason"]), ["@acme-demo9.com|objection", bob, jane]);
}

#[test]
fn erased_people_are_kept_as_keyed_tombstones() {
    let scratch = Scratch::new();
    let events = "email,event,timestamp\nj.ane+x@gmail.com,erasure,2026-01-05\nbob@fernhill.co.uk,objection,2026-01-05\n";
    scratch.write(&[
        ("events.csv", events),
        ("list.csv", "email\njane@gmail.com\nfay@fernhill.co.uk\n"),
        ("key", KEY),
    ]);
    let key = scratch.path("key").to_str().unwrap().to_owned();
    let open = done(&scratch, &["events.csv"], "open.csv", &[]);
    assert!(open.stderr.contains("erased"), "{}", open.stderr);
    done(&scratch, &["events.csv"], "stop.csv", &["--key-file", &key]);
    let text = fs::read_to_string(scratch.path("stop.csv")).unwrap();
    assert!(!text.contains("ane"), "{text}");
    assert_eq!(lines(&scratch, "stop.csv", &["kind", "reason"]), ["email|objection", "hmac-sha256|erasure"]);
    // The tombstone survives the next file, as the keyed hash it is, and keeps the person from coming back.
    done(&scratch, &["stop.csv"], "next.csv", &["--key-file", &key, "--as", "suppression=stop.csv"]);
    assert_eq!(lines(&scratch, "next.csv", &["kind", "reason"]), ["email|objection", "hmac-sha256|erasure"]);
    for made in ["stop.csv", "next.csv"] {
        let (list, against) = (scratch.path("list.csv"), scratch.path(made));
        let (list, against) = (list.to_str().unwrap(), against.to_str().unwrap());
        let args = ["check", list, "--channel", "email", "--quiet", "--against", against];
        let said = contactable(&[&args[..], &["--key-file", &key]].concat());
        assert_eq!(said.stdout, "email\nfay@fernhill.co.uk\n", "{made}: {}", said.stderr);
        assert_eq!(contactable(&args).exit, Exit::Usage, "without the key it cannot match");
    }
}

#[test]
fn every_tool_gets_the_file_it_imports() {
    let scratch = Scratch::new();
    let sources = exports(&scratch);
    let text = |tool: &str| {
        done(&scratch, &sources, &format!("{tool}.csv"), &["--for", tool]);
        fs::read_to_string(scratch.path(&format!("{tool}.csv"))).unwrap()
    };
    let plain = "ann@fernhill.co.uk\nbob@fernhill.co.uk\ncy@fernhill.co.uk\n";
    for (tool, header) in [
        ("mailchimp", "Email Address\n"),
        ("klaviyo", "Email\n"),
        ("hubspot", "Email\n"),
        ("sendgrid", "email\n"),
        ("brevo", "EMAIL\n"),
    ] {
        assert_eq!(text(tool), format!("{header}{plain}"));
    }
    assert_eq!(text("listmonk").lines().next(), Some("email,name,attributes"));
    done(&scratch, &sources, "bounced.csv", &["--for", "ses", "--only", "hard-bounce"]);
    assert_eq!(fs::read_to_string(scratch.path("bounced.csv")).unwrap(), "ann@fernhill.co.uk,BOUNCE\n");
    assert!(text("ses").starts_with("ann@fernhill.co.uk,COMPLAINT\n"));
    // sha256sum of "447911123456" and of "+447911123456" (GNU coreutils).
    let (meta, google) = (text("meta"), text("google"));
    assert!(meta.starts_with("email,phone\n") && google.starts_with("Email,Phone\n"));
    assert_eq!((meta.lines().count(), google.lines().count()), (5, 5));
    let digest = |text: &str| -> String {
        use sha2::Digest;
        sha2::Sha256::digest(text).iter().map(|b| format!("{b:02x}")).collect()
    };
    assert!(meta.contains(&format!(",{}\n", digest("447911123456"))), "{meta}");
    assert!(google.contains(&format!(",{}\n", digest("+447911123456"))), "{google}");
    assert!(google.contains(&format!("{},\n", digest("bob@fernhill.co.uk"))), "{google}");
}

#[test]
fn wishes_that_make_no_sense_are_refused() {
    let scratch = Scratch::new();
    let sources = exports(&scratch);
    scratch.write(&[
        ("bare.csv", "email\na@fernhill.co.uk\n"),
        ("people.csv", "first name,email\nAnn,a@fernhill.co.uk\n"),
        ("dnc.txt", "phone\n+12127365001\n"),
    ]);
    let dnc = format!("us-dnc={}@2026-11-01", scratch.path("dnc.txt").display());
    for (sources, more, says) in [
        (&["bare.csv"][..], &[][..], "people to contact or people who left"),
        (&["people.csv"], &[], "no column says who of them refused"),
        (&sources, &["--hash", "hmac-sha256"], "--key-file"),
        (&sources, &["--hash", "crc32"], "sha256, md5, hmac-sha256"),
        (&sources, &["--for", "pigeon"], "mailchimp"),
        (&sources, &["--only", "purchase"], "hard-bounce"),
        (&sources, &["--for", "ses", "--hash", "md5"], "one after the other"),
        (&sources, &["--registry", &dnc], "NAME.idx"),
    ] {
        let said = suppress(&scratch, sources, "out.csv", more);
        assert_eq!(said.exit, Exit::Usage, "{more:?}: {}", said.stderr);
        assert!(said.stderr.contains(says), "{more:?}: {}", said.stderr);
        assert!(!scratch.path("out.csv").exists());
    }
    // A register goes into an index with its day, and ages there.
    done(&scratch, &["unsubscribed.csv"], "dnc.idx", &["--registry", &dnc]);
    scratch.write(&[("list.csv", "phone\n+12127365001\n+12127365002\n")]);
    let check = |day: &str| {
        let (list, index) = (scratch.path("list.csv"), scratch.path("dnc.idx"));
        contactable(&[
            "check",
            list.to_str().unwrap(),
            "--channel",
            "call",
            "--against",
            index.to_str().unwrap(),
            "--send-date",
            day,
        ])
    };
    assert_eq!(check("2026-11-21").stdout, "phone\n+12127365002\n", "{}", check("2026-11-21").stderr);
    assert_eq!(check("2026-12-21").exit, Exit::Failed);
    // An index does not give back what it was made of.
    for said in [
        suppress(&scratch, &["dnc.idx"], "out.csv", &[]),
        suppress(&scratch, &["unsubscribed.csv"], "dnc.idx", &["--merge"]),
    ] {
        assert_eq!(said.exit, Exit::Usage, "{}", said.stderr);
        assert!(said.stderr.contains("does not give back"), "{}", said.stderr);
    }
}

/// What was no number when the index was made may be one by other numbering plans.
#[test]
fn an_index_made_by_other_tables_is_refused() {
    let scratch = Scratch::new();
    let tlds = LISTS.iter().find(|list| list.name == "tlds").unwrap();
    let more: String = tlds.words().chain(["zz"]).map(|word| format!("{word}\n")).collect();
    scratch.write(&[
        ("unsubscribed.csv", "email\nann@shop.zz\n"),
        ("list.csv", "email\nann@shop.zz\nbob@shop.zz\n"),
        ("tlds.txt", &more),
    ]);
    let path = |name: &str| scratch.path(name).to_str().unwrap().to_owned();
    let data = path("data");
    let about = ["--source", "test", "--licence", "CC0-1.0", "--date", "2026-11-01"];
    let update = ["data", "update", "tlds", &path("tlds.txt"), "--data-dir", &data];
    let put = contactable(&[&update[..], &about].concat());
    assert_eq!(put.exit, Exit::Done, "{}", put.stderr);
    let with = ["--data-dir", data.as_str()];
    done(&scratch, &["unsubscribed.csv"], "own.idx", &with);
    done(&scratch, &["unsubscribed.csv"], "plain.idx", &[]);
    let check = |against: &str, more: &[&str]| {
        let (list, against) = (path("list.csv"), path(against));
        let args = ["check", &list, "--channel", "email", "--against", &against, "--quiet"];
        contactable(&[&args[..], more].concat())
    };
    // Without the list the domain is none; with it, only who left is stopped.
    for against in ["unsubscribed.csv", "plain.idx"] {
        assert_eq!(check(against, &[]).stdout, "email\n", "{against}");
    }
    for against in ["unsubscribed.csv", "own.idx"] {
        assert_eq!(check(against, &with).stdout, "email\nbob@shop.zz\n", "{against}");
    }
    for (against, more) in [("own.idx", &[][..]), ("plain.idx", &with)] {
        let said = check(against, more);
        assert_eq!((said.exit, said.stdout.as_str()), (Exit::Failed, ""), "{against}: {}", said.stderr);
        assert!(said.stderr.contains("other lists of top-level domains"), "{}", said.stderr);
    }
}
