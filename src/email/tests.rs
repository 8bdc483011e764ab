//! What the reason table promises, the forms of an address, and laws over any cell.

use crate::dns::DnsAnswer;
use crate::email::*;
use crate::reason::{Reason, Reasons};
use proptest::prelude::*;

fn ids(reasons: Reasons) -> String {
    reasons.iter().map(|r| r.id().trim_start_matches("email-")).collect::<Vec<_>>().join(" ")
}

/// `verdict`, reasons without family, and the address to send to.
fn check_cell(cell: &str, expected: &str) {
    let mut scratch = EmailScratch::default();
    let found = check(cell, tables(), &mut scratch);
    let told = format!("{} [{}] {}", found.verdict.word(), ids(found.reasons), found.address);
    assert_eq!(told.trim_end(), expected, "{cell:?}");
}

fn check_key(cell: &str, exact: &str, key: &str) {
    let mut scratch = EmailScratch::default();
    let found = check(cell, tables(), &mut scratch);
    assert_eq!((found.exact, found.key), (exact, key), "{cell:?}");
}

/// What an example of a reason comes to; with DNS's answer, or sure typos put right, where the reason asks for that.
fn reasons_of(reason: Reason, cell: &str, tables: &EmailTables, scratch: &mut EmailScratch) -> Reasons {
    if let Some((address, word)) = cell.split_once(" | ").filter(|_| reason.id().starts_with("email-dns-")) {
        let answer = DnsAnswer::from_word(word).expect("a word of DNS");
        return check(address, tables, scratch).with_dns(answer).reasons;
    }
    let found = check(cell, tables, scratch);
    let mut reasons = found.reasons;
    if reason.id().starts_with("email-typo-")
        && let Some(meant) = found.sure_fix().map(str::to_owned)
    {
        reasons.add(Reason::EmailTypoReplaced);
        reasons = reasons.union(check(&meant, tables, scratch).as_fixed().reasons);
    }
    reasons
}

#[test]
fn dns_makes_an_address_invalid_only_when_it_knows() {
    let (tables, mut scratch) = (EmailTables::builtin(), EmailScratch::default());
    for answer in DnsAnswer::ALL {
        let found = check("jane@acme.com", &tables, &mut scratch).with_dns(answer);
        let expected = match answer {
            DnsAnswer::Mail | DnsAnswer::NoAnswer | DnsAnswer::Unasked => EmailVerdict::Ok,
            DnsAnswer::AddressOnly => EmailVerdict::Risky,
            DnsAnswer::NullMx | DnsAnswer::NoMail | DnsAnswer::NoDomain => EmailVerdict::Invalid,
        };
        assert_eq!(found.verdict, expected, "{answer:?}");
        assert_eq!(found.address.is_empty(), found.verdict == EmailVerdict::Invalid);
        assert_eq!(found.fold, "jane@acme.com");
    }
    let invalid = check("jane", &tables, &mut scratch);
    assert_eq!(check("jane", &tables, &mut EmailScratch::default()).with_dns(DnsAnswer::Mail), invalid);
}

#[test]
fn the_reason_table_is_what_happens() {
    let (tables, mut scratch) = (EmailTables::builtin(), EmailScratch::default());
    let mut cases = 0;
    for reason in Reason::ALL.iter().copied().filter(|r| r.family() == "email") {
        assert!(!reason.hits().is_empty() && !reason.near_misses().is_empty(), "{}", reason.id());
        for (cells, hit) in [(reason.hits(), true), (reason.near_misses(), false)] {
            for cell in cells {
                let found = reasons_of(reason, cell, &tables, &mut scratch);
                assert_eq!(found.has(reason), hit, "{cell:?} and {}: {}", reason.id(), ids(found));
                cases += 1;
            }
        }
    }
    assert!(cases >= 130, "{cases} cases");
}

#[test]
fn ordinary_people() {
    let cells = "jane@acme.com a@b.de j@x.co o'hara@acme.ie mary-ann@acme.com jane+news@acme.com \
        j.r.r.tolkien@leeds.ac.uk 1234@qq.com jane_doe@web.de jane@acme.museum jane@acme.photography \
        jane@sub.domain.acme.co.uk JANE@ACME.COM jane@1und1.de jane@3m.com jane@x--y.de jane@proton.me \
        jane@hey.com jane@mail.com jane@gmx.at jane@live.be jane@ya.ru jane@yahoo.co.in jane@me.com \
        x@t-online.de jane@comune.bolzano.bz.it {jane}@acme.com";
    for cell in cells.split(' ') {
        check_cell(cell, &format!("ok [] {cell}"));
    }
}

#[test]
fn repairs() {
    check_cell("  jane@acme.com\t", "repaired [trimmed] jane@acme.com");
    check_cell("\u{A0}jane@acme.com", "repaired [trimmed] jane@acme.com");
    check_cell("\u{FEFF}jane@acme.com", "repaired [invisible] jane@acme.com");
    check_cell("\"Doe, Jane\" <jane@acme.com>", "repaired [display-name] jane@acme.com");
    check_cell("jane@acme.com <jane@acme.com>", "invalid [two-at]");
    check_cell("<jane@acme.com>", "repaired [unwrapped] jane@acme.com");
    check_cell("mailto:Jane@acme.com", "repaired [mailto] Jane@acme.com");
    check_cell("<mailto:jane@acme.com>", "repaired [mailto unwrapped] jane@acme.com");
    check_cell("'jane@acme.com", "repaired [apostrophe] jane@acme.com");
    check_cell("\"jane\"@acme.com", "repaired [unquoted] jane@acme.com");
    check_cell("jane@acme.com.", "repaired [trailing-punct] jane@acme.com");
    check_cell("jane@acme.com (private)", "repaired [outer-comment] jane@acme.com");
    check_cell("jane @acme.com", "repaired [space-near-at] jane@acme.com");
    check_cell("jane＠acme．com", "repaired [fullwidth] jane@acme.com");
    check_cell("E-Mail service@bghm.de", "risky [label-word role] service@bghm.de");
    check_cell("e-mail: jane@acme.com", "repaired [label-word] jane@acme.com");
    check_cell("\u{202A}jane@acme.com\u{202C}", "repaired [invisible] jane@acme.com");
    check_cell("\"Doe, J.\" <mailto:jane@acme.com>", "repaired [mailto display-name] jane@acme.com");
    check_cell("<jane@acme.com>;", "repaired [display-name] jane@acme.com");
    check_cell("E-Mail: jane@acme.com.", "repaired [label-word trailing-punct] jane@acme.com");
    check_cell("\"a b\"@acme.com", "risky [quoted-local] \"a b\"@acme.com");
    check_cell("email@acme.com", "ok [] email@acme.com");
    check_cell("a@..", "invalid [empty-label]");
}

#[test]
fn the_world_beyond_ascii() {
    check_cell("jane@müller.de", "ok [idn] jane@müller.de");
    check_cell("jane@MÜLLER.de", "repaired [idn-mapped idn] jane@MÜLLER.de");
    check_cell("jane@xn--mller-kva.de", "ok [idn] jane@xn--mller-kva.de");
    check_cell("संपर्क@डाटामेल.भारत", "risky [idn non-ascii-local] संपर्क@डाटामेल.भारत");
    check_cell("用户@例子.公司", "risky [idn non-ascii-local] 用户@例子.公司");
    check_cell("почта@пример.рф", "risky [idn non-ascii-local] почта@пример.рф");
    check_cell("jane@\u{1F600}.com", "invalid [bad-idn]");
    check_cell("jane\u{202E}@acme.com", "invalid [unsafe-unicode-local]");
    check_key("Jörg@MÜLLER.de", "jörg@xn--mller-kva.de", "jörg@xn--mller-kva.de");
    check_key("Jo\u{308}rg@acme.de", "jörg@acme.de", "jörg@acme.de");
}

#[test]
fn refusals_have_one_precise_reason_and_a_place() {
    let (tables, mut scratch) = (EmailTables::builtin(), EmailScratch::default());
    for (cell, reason, at) in [
        ("jane.acme.com", Reason::EmailNoAt, 0),
        ("a@b@c.de", Reason::EmailTwoAt, 3),
        ("a..b@c.de", Reason::EmailDotDotLocal, 2),
        ("ab.@c.de", Reason::EmailDotEdgeLocal, 2),
        ("a@b-.de", Reason::EmailHyphenEdge, 3),
        ("ü@bä,c.de", Reason::EmailBadCharDomain, 6),
        ("information@parl..admin.ch", Reason::EmailEmptyLabel, 17),
        ("information@deutsches museum.de", Reason::EmailSpaceInDomain, 21),
        ("Rene Muster@acme.ch", Reason::EmailSpaceInLocal, 4),
        ("@handle", Reason::EmailEmptyLocal, 0),
        ("info@townhall.acme.maus", Reason::EmailUnknownTld, 19),
        ("jane@server", Reason::EmailSingleLabel, 5),
        ("  jane@ac_me.com", Reason::EmailUnderscoreDomain, 9),
        ("\u{FEFF}\u{A0}jane@ac me.com", Reason::EmailSpaceInDomain, 12),
        ("Jane <jane@@acme.com>", Reason::EmailTwoAt, 11),
    ] {
        let found = check(cell, &tables, &mut scratch);
        assert_eq!(ids(found.reasons), reason.id().trim_start_matches("email-"), "{cell:?}");
        assert_eq!(found.at, Some(at), "{cell:?}");
        assert_eq!((found.address, found.key, found.exact, found.domain), ("", "", "", ""));
    }
    assert_eq!(check("  Jane  DOE @", &tables, &mut scratch).fold, "jane doe@");
}

#[test]
fn suggestions() {
    let (tables, mut scratch) = (EmailTables::builtin(), EmailScratch::default());
    for (cell, suggestion, sure) in [
        ("Jane@gamil.com", Some("Jane@gmail.com"), true),
        ("jane@gmail.con", Some("jane@gmail.com"), true),
        ("jane@acme.con", Some("jane@acme.com"), true),
        ("jane@gnail.com", Some("jane@gmail.com"), false),
        ("jane.@gmail.co", Some("jane@gmail.com"), false),
        ("jane@acme..com", Some("jane@acme.com"), false),
        ("jane@gmailcom", Some("jane@gmail.com"), true),
        ("O\u{2019}Brien@acme.com", Some("O'Brien@acme.com"), false),
        ("jane@@acme.com", Some("jane@acme.com"), false),
        ("jane@acme,com", Some("jane@acme.com"), false),
        ("jane@.acme.com", Some("jane@acme.com"), false),
        ("jane@acme.com/.au", Some("jane@acme.com.au"), false),
        ("a@b@c.com", None, false),
        ("jane@ymail.com", None, false),
        ("jane@acme.cm", None, false),
        ("n/a", None, false),
    ] {
        let found = check(cell, &tables, &mut scratch);
        assert_eq!((found.suggestion, found.facts.typo_sure), (suggestion, sure), "{cell:?}");
    }
}

#[test]
fn provider_keys() {
    check_key("Jane.Doe+x@Googlemail.com", "jane.doe+x@googlemail.com", "janedoe@gmail.com");
    check_key("jane.doe@acme.com", "jane.doe@acme.com", "jane.doe@acme.com");
    check_key("jane+x@acme.com", "jane+x@acme.com", "jane+x@acme.com");
    check_key("jane.doe+x@outlook.com", "jane.doe+x@outlook.com", "jane.doe@outlook.com");
    check_key("janedoe-shop@yahoo.co.uk", "janedoe-shop@yahoo.co.uk", "janedoe@yahoo.co.uk");
    check_key("jane-doe@yahoo.co.jp", "jane-doe@yahoo.co.jp", "jane-doe@yahoo.co.jp");
    check_key("jane+x@icloud.com", "jane+x@icloud.com", "jane@icloud.com");
    check_key("shop@jane.fastmail.com", "shop@jane.fastmail.com", "jane@fastmail.com");
    check_key("Jane.D_o-e+x@proton.me", "jane.d_o-e+x@proton.me", "janedoe@proton.me");
    check_key("jane@ya.ru", "jane@ya.ru", "jane@yandex.ru");
    check_key("+jane@gmail.com", "+jane@gmail.com", "+jane@gmail.com");
    check_key("_'A@proton.me", "_'a@proton.me", "_'a@proton.me");
}

#[test]
fn facts_of_addresses() {
    let (tables, mut scratch) = (EmailTables::builtin(), EmailScratch::default());
    let mut facts = |cell| check(cell, &tables, &mut scratch).facts;
    assert!(facts("info@acme.de").role && !facts("info@gmail.com").role);
    assert!(facts("jane@gmail.com").freemail && !facts("jane@acme.com").freemail);
    assert!(facts("jane@duck.com").relay && !facts("jane@duck.com").disposable);
    assert!(facts("jane@mailinator.com").disposable);
    assert_eq!(facts("jane@acme.co.uk").country, Some(*b"GB"));
    assert_eq!(facts("jane@acme.com").country, None);
}

/// Cells that look like what people type, most of them nearly right.
fn cells() -> impl Strategy<Value = String> {
    let local = "[a-zA-Z0-9.+_'\\-]{1,12}|\"[a-z .@]{0,6}\"|[a-zäüß]{1,6}|[ -~]{0,6}";
    let hosts = "gmail.com GoogleMail.com yahoo.com x.fastmail.com proton.me ya.ru docomo.ne.jp müller.de \
        xn--mller-kva.de gamil.com mailinator.com [192.0.2.1] example.org acme acme.local";
    let host = prop_oneof![
        "[a-cA-C0-9.\\-]{1,10}\\.(com|de|co\\.uk|con|zz)",
        prop::sample::select(hosts.split(' ').collect::<Vec<_>>()).prop_map(str::to_owned),
        "[ -~]{0,8}",
    ];
    // Around the place of the address.
    let around = "^|^|^| ^ |<^>|Jane <^>|mailto:^|'^|^.|\u{FEFF}^|(x)^|E-Mail: ^|\"^\"|^\u{A0}";
    let around = prop::sample::select(around.split('|').collect::<Vec<_>>());
    (around, local, "@|@|@| @ |＠|@@|", host)
        .prop_map(|(around, local, at, host)| around.replacen('^', &format!("{local}{at}{host}"), 1))
}

proptest! {
    #[test]
    fn both_ways_give_the_same(cell in cells()) {
        let (mut scratch, mut memo, mut buffers) = <(EmailScratch, domain::DomainMemo, careful::Buffers)>::default();
        prop_assert_eq!(check(&cell, tables(), &mut scratch), careful::check(&cell, tables(), &mut memo, &mut buffers));
    }

    #[test]
    fn the_memo_never_shows(cell in cells(), before in prop::collection::vec(cells(), 0..8)) {
        let (mut used, mut fresh) = (EmailScratch::default(), EmailScratch::default());
        for other in &before {
            check(other, tables(), &mut used);
        }
        prop_assert_eq!(check(&cell, tables(), &mut used), check(&cell, tables(), &mut fresh));
    }

    /// Whose address it is: what the whole check says, of a cell that holds one address and no fault.
    #[test]
    fn a_sound_address_is_what_the_whole_check_says(cell in cells()) {
        let (mut one, mut two) = (EmailScratch::default(), EmailScratch::default());
        if let Some(sound) = sound(&cell, tables(), &mut one) {
            let found = check(&cell, tables(), &mut two);
            prop_assert!(found.verdict != EmailVerdict::Invalid && found.suggestion.is_none());
            prop_assert_eq!((sound.exact, sound.key, sound.domain), (found.exact, found.key, found.domain));
            prop_assert_eq!(found.address, &cell);
            let mut parts = Vec::new();
            split_cell(&cell, |part| parts.push(part));
            prop_assert_eq!(parts, [cell.as_str()]);
        }
    }
}

fn tables() -> &'static EmailTables {
    static TABLES: std::sync::LazyLock<EmailTables> = std::sync::LazyLock::new(EmailTables::builtin);
    &TABLES
}
