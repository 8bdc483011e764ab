//! DNS on request, against a server of our own that answers by name: `mx.…`, `nullmx.…`, `nxdomain.…` and so on.

use crate::run::{Scratch, clean, contactable, files, read_csv};
use contactable::cli::Exit;
use contactable::dns::{DnsAnswer, DnsAnswers, DnsSettings, look_up};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const MX: u16 = 15;
const A: u16 = 1;
const AAAA: u16 = 28;

/// A name server on the loopback address; it lives as long as the test program.
struct Server {
    address: SocketAddr,
    asked: Arc<Mutex<BTreeMap<(String, u16), usize>>>,
    most_at_once: Arc<AtomicUsize>,
}

impl Server {
    fn start() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let server = Self {
            address: socket.local_addr().unwrap(),
            asked: Arc::default(),
            most_at_once: Arc::default(),
        };
        let (asked, most, at_once) =
            (Arc::clone(&server.asked), Arc::clone(&server.most_at_once), Arc::new(AtomicUsize::new(0)));
        std::thread::spawn(move || {
            let mut buffer = [0; 1500];
            while let Ok((length, from)) = socket.recv_from(&mut buffer) {
                let query = buffer[..length].to_vec();
                let (name, kind, end) = question(&query);
                *asked.lock().unwrap().entry((name.clone(), kind)).or_default() += 1;
                let (socket, at_once, most) =
                    (socket.try_clone().unwrap(), Arc::clone(&at_once), Arc::clone(&most));
                std::thread::spawn(move || {
                    most.fetch_max(at_once.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    if name.starts_with("slow") {
                        std::thread::sleep(Duration::from_millis(150));
                    }
                    at_once.fetch_sub(1, Ordering::SeqCst);
                    if let Some(answer) = answer(&query, &name, kind, end) {
                        let _ = socket.send_to(&answer, from);
                    }
                });
            }
        });
        server
    }

    fn settings(&self) -> DnsSettings {
        DnsSettings {
            server: Some(self.address),
            // Long enough for a busy machine: a question that is sent again would be counted twice.
            question: Duration::from_secs(3),
            domain: Duration::from_secs(12),
            run: Duration::from_secs(60),
            ..DnsSettings::new(1_800_000_000)
        }
    }

    fn times_asked(&self, name: &str, kind: u16) -> usize {
        self.asked.lock().unwrap().get(&(name.to_owned(), kind)).copied().unwrap_or(0)
    }
}

/// Name, type and end of the question.
fn question(query: &[u8]) -> (String, u16, usize) {
    let (mut at, mut labels) = (12, Vec::new());
    while query[at] != 0 {
        let length = usize::from(query[at]);
        labels.push(String::from_utf8_lossy(&query[at + 1..=at + length]).to_lowercase());
        at += length + 1;
    }
    (labels.join("."), u16::from_be_bytes([query[at + 1], query[at + 2]]), at + 5)
}

/// What the server says, by the first label of the name; `None`: nothing.
fn answer(query: &[u8], name: &str, kind: u16, end: usize) -> Option<Vec<u8>> {
    let real = [&[0, 10][..], b"\x04mail\x04acme\x03com\0"].concat();
    let null = vec![0, 0, 0];
    let first = name.split('.').next().unwrap().trim_end_matches(|c: char| c.is_ascii_digit());
    let (code, records): (u8, Vec<Vec<u8>>) = match (first, kind) {
        ("silent", _) => return None,
        ("mx" | "slow", MX) => (0, vec![real]),
        ("nullmx", MX) => (0, vec![null]),
        ("mixed", MX) => (0, vec![null, real]),
        ("aonly", A) => (0, vec![vec![192, 0, 2, 1]]),
        ("parked", A) => (0, vec![vec![0, 0, 0, 0]]),
        ("sixonly", AAAA) => (0, vec![vec![0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]]),
        ("nxdomain", _) => (3, vec![]),
        ("servfail", _) | ("halffail", A) => (2, vec![]),
        ("refused", _) => (5, vec![]),
        _ => (0, vec![]),
    };
    let mut out = vec![query[0], query[1], 0x80 | query[2] & 1, 0x80 | code, 0, 1];
    out.extend((records.len() as u16).to_be_bytes());
    out.extend([0; 4]);
    out.extend(&query[12..end]);
    for data in records {
        out.extend([0xc0, 12]);
        out.extend(kind.to_be_bytes());
        out.extend([0, 1, 0, 0, 0, 60]);
        out.extend((data.len() as u16).to_be_bytes());
        out.extend(data);
    }
    Some(out)
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|n| (*n).to_owned()).collect()
}

fn ask(domains: &BTreeSet<String>, settings: &DnsSettings) -> DnsAnswers {
    look_up(domains, settings, &|| false).unwrap()
}

#[test]
fn every_answer_means_what_the_standards_say() {
    let server = Server::start();
    let expected = [
        ("mx.acme.com", DnsAnswer::Mail),
        ("slow.acme.com", DnsAnswer::Mail),
        ("mixed.acme.com", DnsAnswer::Mail),
        ("nullmx.acme.com", DnsAnswer::NullMx),
        ("aonly.acme.com", DnsAnswer::AddressOnly),
        ("sixonly.acme.com", DnsAnswer::AddressOnly),
        ("parked.acme.com", DnsAnswer::NoMail),
        ("nothing.acme.com", DnsAnswer::NoMail),
        ("nxdomain.acme.com", DnsAnswer::NoDomain),
        ("servfail.acme.com", DnsAnswer::NoAnswer),
        ("halffail.acme.com", DnsAnswer::NoAnswer),
        ("refused.acme.com", DnsAnswer::NoAnswer),
        ("silent.acme.com", DnsAnswer::NoAnswer),
    ];
    let domains = names(&expected.map(|(name, _)| name));
    let answers = ask(&domains, &server.settings());
    for (name, answer) in expected {
        assert_eq!(answers.get(name).unwrap().answer, answer, "{name}");
    }
    assert_eq!(answers.len(), expected.len());
    assert_eq!(answers.servers, [server.address.to_string()]);
    for (name, answer) in expected.into_iter().filter(|(_, a)| a.is_fact()) {
        assert_eq!(server.times_asked(name, MX), 1, "{name}");
        assert_eq!(
            server.times_asked(name, A),
            usize::from(
                answer != DnsAnswer::Mail && answer != DnsAnswer::NullMx && answer != DnsAnswer::NoDomain
            )
        );
    }
}

#[test]
fn so_many_at_once_and_no_more() {
    let server = Server::start();
    let domains: BTreeSet<String> = (0..12).map(|i| format!("slow{i}.acme.com")).collect();
    let answers = ask(&domains, &DnsSettings { at_once: 3, ..server.settings() });
    assert_eq!(answers.counts()[DnsAnswer::Mail as usize], 12);
    let most = server.most_at_once.load(Ordering::SeqCst);
    assert!((2..=3).contains(&most), "{most} at once");
}

#[test]
fn facts_are_kept_between_runs_and_grow_old() {
    let (server, scratch) = (Server::start(), Scratch::new());
    let cache = scratch.path("dns.csv");
    let settings = DnsSettings { cache: Some(cache.clone()), ..server.settings() };
    let domains = names(&["mx.acme.com", "nxdomain.acme.com", "servfail.acme.com"]);
    let first = ask(&domains, &settings);
    assert_eq!(first.from_cache, 0);
    let text = std::fs::read_to_string(&cache).unwrap();
    assert!(text.contains("mx.acme.com,mail,2027-01-15T08:00:00Z\n") && !text.contains("servfail"), "{text}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&cache).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let day = 86_400;
    let second = ask(&domains, &DnsSettings { now: settings.now + 7 * day, ..settings.clone() });
    assert_eq!((second.from_cache, server.times_asked("mx.acme.com", MX)), (2, 1));
    assert_eq!(second.get("mx.acme.com").unwrap().at, settings.now, "its age is told");
    assert_eq!(server.times_asked("servfail.acme.com", MX), 2, "no answer is no fact");
    let third = ask(&domains, &DnsSettings { now: settings.now + 8 * day, ..settings.clone() });
    assert_eq!((third.from_cache, server.times_asked("mx.acme.com", MX)), (0, 2));
    // A clock that was wrong wrote of the future: that is asked again.
    let fourth = ask(&domains, &DnsSettings { now: settings.now, ..settings });
    assert_eq!(fourth.from_cache, 0);
}

#[test]
fn a_server_that_is_not_there_could_not_be_asked() {
    let closed = UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let question = Duration::from_millis(200);
    let settings = DnsSettings { server: Some(closed), question, ..Server::start().settings() };
    let domains: BTreeSet<String> = (0..300).map(|i| format!("mx{i}.acme.com")).collect();
    let started = Instant::now();
    let answers = ask(&domains, &settings);
    assert!(started.elapsed() < Duration::from_secs(50), "{:?}", started.elapsed());
    let counts = answers.counts();
    assert_eq!(counts[DnsAnswer::Unasked as usize] + counts[DnsAnswer::NoAnswer as usize], 300, "{counts:?}");
    // How many are under way when it gives up depends on the machine.
    assert!(counts[DnsAnswer::Unasked as usize] >= 50, "{counts:?}");
}

#[test]
fn no_question_outlives_the_deadline() {
    let server = Server::start();
    let settings = DnsSettings {
        at_once: 1,
        question: Duration::from_secs(30),
        domain: Duration::from_secs(60),
        run: Duration::from_millis(500),
        ..server.settings()
    };
    let started = Instant::now();
    let answers = ask(&names(&["silent1.acme.com", "silent2.acme.com"]), &settings);
    assert!(started.elapsed() < Duration::from_secs(25), "{:?}", started.elapsed());
    assert_eq!(answers.get("silent1.acme.com").unwrap().answer, DnsAnswer::NoAnswer);
    assert_eq!(answers.get("silent2.acme.com").unwrap().answer, DnsAnswer::Unasked);
    let failed = look_up(&names(&["silent3.acme.com"]), &server.settings(), &|| true).unwrap_err();
    assert_eq!(failed.what, "interrupted");
}

const LIST: &str = "name,email,country\nAnn Ash,ann@mx.acme.com,US\nBob Birch,bob@nxdomain.acme.com,US\n\
    Cy Cedar,cy@nullmx.acme.com,US\nDi Dogwood,di@aonly.acme.com,US\nEd Elm,ed@servfail.acme.com,US\n\
    Flo Fir,flo@nothing.acme.com,US\nGus Gum,gus@MX.acme.com,US\n";

#[test]
fn a_run_decides_by_what_dns_knows_and_records_that_it_asked() {
    let (server, scratch) = (Server::start(), Scratch::new());
    let sources = scratch.write(&[("list.csv", LIST)]);
    let (address, cache) = (server.address.to_string(), scratch.path("cache"));
    let asking = ["--dns", "--dns-server", &address, "--dns-cache", cache.to_str().unwrap()];
    let out = scratch.path("run");
    clean(&sources, &out, &asking);
    let contacts = read_csv(&out.join("contacts.csv"));
    let told: Vec<_> =
        contacts.iter().map(|c| (c["email_decision"].as_str(), c["email_reason"].as_str())).collect();
    let allowed = ("contactable", "basis-none-needed");
    assert_eq!(
        told,
        [
            allowed,
            ("blocked", "email-dns-no-domain"),
            ("blocked", "email-dns-null-mx"),
            allowed,
            allowed,
            ("blocked", "email-dns-no-mail"),
            allowed,
        ]
    );
    let findings = read_csv(&out.join("findings.csv"));
    let found = |line: &str| {
        let of_line = findings.iter().filter(|f| f["line"] == line && f["reason"].starts_with("email-dns"));
        of_line.map(|f| f["reason"].clone()).collect::<Vec<_>>()
    };
    assert_eq!((found("2"), found("5")), (vec![], vec!["email-dns-address-only".to_owned()]));
    assert_eq!(found("6"), ["email-dns-unknown"]);
    assert_eq!(server.times_asked("mx.acme.com", MX), 1, "each distinct domain once");
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(out.join("manifest.json")).unwrap()).unwrap();
    let dns = &manifest["dns"];
    assert_eq!(
        (&dns["domains"], &dns["from_cache"], &dns["servers"][0]),
        (&6.into(), &0.into(), &address.as_str().into())
    );
    assert_eq!((&dns["answers"]["no-answer"], &dns["answers"]["mail"]), (&1.into(), &1.into()));
    assert!(dns["oldest_answer"].as_str().unwrap().ends_with('Z'));

    // Answers are an input: the same ones give the same bytes.
    let again = scratch.path("again");
    clean(&sources, &again, &asking);
    assert_eq!(server.times_asked("mx.acme.com", MX), 1, "the second run asked the cache");
    let (mut one, mut two) = (files(&out), files(&again));
    for run in [&mut one, &mut two] {
        run.remove("manifest.json");
    }
    assert!(one == two, "the outputs differ");

    let plain = scratch.path("plain");
    clean(&sources, &plain, &[]);
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(plain.join("manifest.json")).unwrap()).unwrap();
    assert!(manifest["dns"].is_null(), "not asked");
    assert!(read_csv(&plain.join("contacts.csv")).iter().all(|c| c["email_decision"] == "contactable"));
}

#[test]
fn single_addresses_are_asked_about_too() {
    let server = Server::start();
    let address = server.address.to_string();
    let said = contactable(&[
        "validate",
        "email",
        "--json",
        "--dns",
        "--dns-server",
        &address,
        "a@mx.acme.com",
        "b@mx.acme.com",
        "c@nxdomain.acme.com",
        "d@servfail.acme.com",
        "nobody",
        "e@[192.0.2.1]",
    ]);
    assert_eq!(said.exit, Exit::Done, "{}", said.stderr);
    let told: Vec<_> = said
        .stdout
        .lines()
        .map(|line| {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            format!("{} {}", row["verdict"].as_str().unwrap(), row["dns"].as_str().unwrap_or("-"))
        })
        .collect();
    assert_eq!(told, ["ok mail", "ok mail", "invalid no-domain", "ok no-answer", "invalid -", "risky -"]);
    assert_eq!(server.times_asked("mx.acme.com", MX), 1);
    for wrong in [&["--dns-server", "127.0.0.1"][..], &["--dns", "--dns-server", "localhost"]] {
        let said = contactable(&[&["validate", "email", "a@b.de"][..], wrong].concat());
        assert_eq!(said.exit, Exit::Usage, "{wrong:?}");
    }
}
