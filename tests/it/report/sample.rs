//! An invented run of an invented shop: 12,480 rows of seven files.

use contactable::record::{Channel, Kind};
use contactable::report::{
    Ahead, Asserted, Audit, ChannelCounts, ColumnUse, CountsByText, DialectWords, Evidenced, Expiring,
    JudgementCall, ListUsed, Merges, NextStep, OptOuts, OptedOut, Outcome, Override, ProfileUsed, ReasonText,
    Reconciliation, Refusals, Repermission, RuleUsed, RulebookUsed, Run, SCHEMA, SentAfter, Share,
    SourceFacts, SourceOutcome, SourceRows, Statement, ToSuppression,
};
use std::collections::BTreeMap;

const CHANNELS: [Channel; 4] = Channel::DEFAULT;

fn map(entries: &[(&str, u64)]) -> BTreeMap<String, u64> {
    entries.iter().map(|(id, n)| ((*id).into(), *n)).collect()
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|w| (*w).into()).collect()
}

/// The invented run. Every sum was made by hand.
pub(super) fn sample() -> Audit {
    let mut audit = Audit {
        schema: SCHEMA.into(),
        run: run(),
        statements: vec![Statement {
            reason: "consent-undated".into(),
            says: "shopify-customers.csv says who agreed to e-mail, but not when. An undated consent proves \
                   nothing under an opt-in rule, so 1,842 contacts stay blocked for e-mail."
                .into(),
            sources: words(&["shopify-customers.csv"]),
            bring: words(&[
                "A consent-event export with a date for each customer (--events FILE).",
                "Or a statement of your own for the whole file (--assert-basis), which is counted apart.",
            ]),
        }],
        reconciliation: reconciliation(),
        contacts: 9214,
        channels: channels(),
        jurisdictions: jurisdictions(),
        per_source: per_source(),
        sources: sources(),
        refusals: refusals(),
        merges: merges(),
        rejected: map(&[("row-no-point", 38), ("row-ragged", 6), ("row-open-quote", 1)]),
        findings: findings(),
        asserted: vec![Asserted {
            source: "crm-export.csv".into(),
            channel: Channel::Post,
            basis: "legitimate_interest".into(),
            date: "2025-03-01".into(),
            text: "Customers of the Leeds shop, told at the till that we send a catalogue.".into(),
            contacts: 412,
        }],
        ahead: ahead(),
        segments: Vec::new(),
        evidence: BTreeMap::from([(
            Channel::Email,
            Evidenced {
                grounds: 3512,
                present: map(&[("capture_source", 3512), ("method", 2044)]),
                missing: map(&[("wording", 3498)]),
            },
        )]),
        opt_outs: opt_outs(),
        judgement_calls: vec![JudgementCall {
            says: "Decided by a rule that nobody has verified.".into(),
            count: 31,
            unit: "decisions".into(),
            where_told: String::new(),
            rules: words(&["ZZ-electronic"]),
        }],
        overrides: vec![Override {
            what: "legitimate interest for post in crm-export.csv since 2025-03-01".into(),
            why: "Customers of the Leeds shop, told at the till that we send a catalogue.".into(),
            by: Some("Jo Park, marketing".into()),
        }],
        previous: None,
        next_steps: next_steps(),
        limits: words(&[
            "No message was sent and no server was asked: an address can be well formed and still be dead.",
            "The US do-not-call register was not brought; US numbers are blocked for calls.",
            "Whether a person lives where the phone prefix says was not checked.",
        ]),
        reasons: reasons(),
    };
    audit.gloss();
    audit
}

fn ahead() -> Ahead {
    Ahead {
        expiring: BTreeMap::from([(
            Channel::Email,
            Expiring { within_30: 12, within_60: 31, within_90: 90 },
        )]),
        notices_due: 0,
        reminders: BTreeMap::new(),
        repermission: BTreeMap::from([(
            Channel::Email,
            Repermission {
                ask_over: BTreeMap::from([(Channel::Post, 1210)]),
                while_it_lasts: 90,
                refused: 1064,
                banned: 3,
                no_channel: 707,
            },
        )]),
        next_cleaning: "2026-12-14".into(),
        next_because: "the first ground ends the day before".into(),
    }
}

fn opt_outs() -> OptOuts {
    OptOuts {
        rows: 1241,
        by_month: map(&[("2026-09", 402), ("2026-10", 521), ("2026-11", 300), ("undated", 18)]),
        by_campaign: CountsByText { counts: map(&[("Autumn letter", 611)]), other: 12, untold: 618 },
        by_reason: CountsByText { counts: map(&[("too many mails", 380)]), other: 61, untold: 800 },
        by_source: BTreeMap::from([("crm-export.csv".into(), OptedOut { opted_out: 612, contacts: 4100 })]),
        to_suppression: ToSuppression {
            same_day: 510,
            within_2_days: 41,
            within_10_days: 30,
            later: 4,
            undated: 9,
            not_listed: 22,
            longest_days: 41,
            oldest_unlisted_days: 77,
        },
        sent_after: vec![SentAfter {
            rule: "GB-email-sms".into(),
            within: "at once".into(),
            contacts: 7,
            past_deadline: 7,
            longest_days: 19,
        }],
        listed_though_refused: 0,
    }
}

fn refusals() -> Refusals {
    Refusals {
        total: 1486,
        by_kind: map(&[
            ("consent_withdrawn", 905),
            ("hard_bounce", 241),
            ("objection", 168),
            ("refusal_on_call", 146),
            ("complaint", 22),
            ("erasure", 4),
        ]),
        by_source: map(&[
            ("mailchimp-unsubscribed.csv", 812),
            ("mailchimp-cleaned.csv", 241),
            ("do-not-call.csv", 146),
            ("crm-export.csv", 287),
        ]),
        points: 1391,
        domains: 2,
        hashes: 0,
        matched_contacts: 1064,
    }
}

fn merges() -> Merges {
    Merges {
        contacts: 1702,
        rows: 3651,
        by_rule: map(&[("link-same-email", 2904), ("link-same-phone", 611), ("link-same-street", 136)]),
        held_apart: map(&[("link-names-differ", 84), ("link-shared-mailbox", 31), ("link-births-differ", 5)]),
        largest: 6,
    }
}

fn run() -> Run {
    Run {
        version: "0.1.0".into(),
        command: "clean".into(),
        send_date: "2026-12-01".into(),
        purpose: "marketing".into(),
        controller: Some("Fernhill Ltd".into()),
        operator: Some("Jo Park, marketing".into()),
        country: Some("GB".into()),
        sender_country: Some("GB".into()),
        channels: CHANNELS.to_vec(),
        options: words(&["--out run", "--send-date 2026-12-01", "--country GB", "--sender-country GB"]),
        profile: Some(ProfileUsed { name: "contactable.toml".into(), sha256: "5d".repeat(32) }),
        lists: vec![
            ListUsed {
                name: "do-not-call.csv".into(),
                kind: "suppression".into(),
                date: Some("2026-11-18".into()),
                age_days: Some(13),
                entries: 146,
                matched: 121,
                sha256: None,
            },
            ListUsed {
                name: "orders-events.csv".into(),
                kind: "consent-events".into(),
                entries: 73,
                matched: 70,
                ..ListUsed::default()
            },
        ],
        rulebooks: rulebooks(),
    }
}

fn book(
    id: &str,
    name: &str,
    confidence: &[(&str, u64)],
    memory: &[&str],
    rules: Vec<RuleUsed>,
) -> RulebookUsed {
    RulebookUsed {
        id: id.into(),
        name: name.into(),
        as_of: "2026-11-21".into(),
        review_by: "2027-05-21".into(),
        past_review: false,
        sha256: "7e".repeat(32),
        confidence: map(confidence),
        memory_rules: words(memory),
        past_review_rules: Vec::new(),
        rules,
    }
}

fn rule(id: &str, channel: &str, citation: &str, url: &str, confidence: &str, decisions: u64) -> RuleUsed {
    RuleUsed {
        id: id.into(),
        channel: channel.into(),
        citation: citation.into(),
        url: url.into(),
        confidence: confidence.into(),
        doubts: match confidence {
            "seen_text" => Vec::new(),
            "memory" => words(&["the rule as a whole is remembered, not read"]),
            _ => words(&["not verified: whether a company's own numbers are meant too"]),
        },
        decisions,
    }
}

fn rulebooks() -> Vec<RulebookUsed> {
    let gb = vec![
        rule(
            "gb-email-b2c",
            "email, sms",
            "PECR 2003, reg. 22",
            "https://www.legislation.gov.uk/uksi/2003/2426/regulation/22",
            "seen_text",
            9600,
        ),
        rule(
            "gb-call-tps",
            "call",
            "PECR 2003, reg. 21",
            "https://www.legislation.gov.uk/uksi/2003/2426/regulation/21",
            "seen_text",
            4800,
        ),
    ];
    let de = vec![rule(
        "de-uwg-7",
        "email",
        "UWG § 7 Abs. 2 Nr. 2, Abs. 3",
        "https://www.gesetze-im-internet.de/uwg_2004/__7.html",
        "seen_text",
        1900,
    )];
    let zz = vec![rule("zz-double-opt-in", "email", "No statute: a cautious default", "", "memory", 514)];

    vec![
        book("DE", "Germany", &[("seen_text", 4), ("seen_secondary", 2)], &[], de),
        book("GB", "United Kingdom", &[("seen_text", 6)], &[], gb),
        book("FR", "France", &[("seen_text", 2), ("seen_secondary", 3)], &[], Vec::new()),
        book("US", "United States", &[("seen_text", 7)], &[], Vec::new()),
        RulebookUsed {
            past_review: true,
            review_by: "2026-11-30".into(),
            ..book(
                "ZZ",
                "No known jurisdiction",
                &[("memory", 4)],
                &["zz-double-opt-in", "zz-post-opt-out"],
                zz,
            )
        },
    ]
}

fn reconciliation() -> Reconciliation {
    let row = |source: &str, n: [u64; 6]| SourceRows {
        source: source.into(),
        rows: n[0],
        kept: n[1],
        merged: n[2],
        refusal: n[3],
        event: n[4],
        rejected: n[5],
    };
    Reconciliation {
        rows: 12_480,
        kept: 9214,
        merged: 1949,
        refusal: 1199,
        event: 73,
        rejected: 45,
        sources: vec![
            row("crm-export.csv", [5210, 4868, 310, 0, 0, 32]),
            row("do-not-call.csv", [148, 0, 0, 146, 0, 2]),
            row("mailchimp-cleaned.csv", [241, 0, 0, 241, 0, 0]),
            row("mailchimp-subscribed.csv", [1876, 1406, 468, 0, 0, 2]),
            row("mailchimp-unsubscribed.csv", [812, 0, 0, 812, 0, 0]),
            row("orders-events.csv", [73, 0, 0, 0, 73, 0]),
            row("shopify-customers.csv", [4120, 2940, 1171, 0, 0, 9]),
        ],
    }
}

fn channels() -> BTreeMap<Channel, ChannelCounts> {
    let email = ChannelCounts {
        contactable: 4210,
        blocked: 5004,
        reachable: 7357,
        reasons: map(&[
            ("consent-undated", 1842),
            ("consent-imported-unverified", 903),
            ("refusal-withdrawn", 781),
            ("email-absent", 655),
            ("consent-expired", 402),
            ("email-domain-dead", 143),
            ("refusal-hard-bounce", 131),
            ("email-no-at", 74),
            ("refusal-complaint", 39),
            ("email-domain-typo", 28),
            ("refusal-domain", 6),
        ]),
        bases: map(&[("soft_opt_in", 2604), ("express_consent", 1418), ("presumed_consent_b2b", 188)]),
        conditions: map(&[("unsubscribe link in each message", 4210), ("postal address of the sender", 820)]),
    };
    let sms = ChannelCounts {
        contactable: 1127,
        blocked: 8087,
        reachable: 4540,
        reasons: map(&[
            ("phone-absent", 3902),
            ("consent-never-asked", 3011),
            ("phone-not-mobile", 611),
            ("consent-undated", 402),
            ("phone-scientific", 96),
            ("refusal-withdrawn", 65),
        ]),
        bases: map(&[("express_consent", 1127)]),
        conditions: map(&[("hours 08:00 to 21:00 at the recipient", 240)]),
    };
    let call = ChannelCounts {
        contactable: 2846,
        blocked: 6368,
        reachable: 5135,
        reasons: map(&[
            ("phone-absent", 3902),
            ("registry-not-brought", 1871),
            ("consent-never-asked", 418),
            ("refusal-on-call", 146),
            ("phone-too-short", 31),
        ]),
        bases: map(&[("none_needed", 2846)]),
        conditions: map(&[
            ("hours 08:00 to 21:00 at the recipient", 600),
            ("at most 4 calls in 30 days", 50),
        ]),
    };
    let post = ChannelCounts {
        contactable: 6004,
        blocked: 3210,
        reachable: 6004,
        reasons: map(&[("post-absent", 3098), ("refusal-objection", 112)]),
        bases: map(&[("legitimate_interest", 6004)]),
        conditions: BTreeMap::new(),
    };
    CHANNELS.into_iter().zip([email, sms, call, post]).collect()
}

fn jurisdictions() -> BTreeMap<Channel, BTreeMap<String, Outcome>> {
    let ids = ["DE", "FR", "GB", "US", "ZZ"];
    let contacts = [1900, 700, 4800, 1300, 514];
    let yes = [
        [610, 180, 2600, 820, 0],
        [150, 37, 700, 240, 0],
        [96, 50, 2100, 600, 0],
        [1300, 404, 3400, 700, 200],
    ];
    let places = |yes: [u64; 5]| {
        let outcome = |i: usize| Outcome { contactable: yes[i], blocked: contacts[i] - yes[i] };
        ids.iter().enumerate().map(|(i, id)| ((*id).into(), outcome(i))).collect()
    };
    CHANNELS.into_iter().zip(yes.map(places)).collect()
}

fn per_source() -> Vec<SourceOutcome> {
    let outcome = |source: &str, contacts: u64, yes: [u64; 4]| SourceOutcome {
        source: source.into(),
        contacts,
        channels: CHANNELS
            .into_iter()
            .zip(yes.map(|n| Outcome { contactable: n, blocked: contacts - n }))
            .collect(),
    };
    vec![
        outcome("crm-export.csv", 4868, [1804, 700, 2300, 4100]),
        outcome("mailchimp-subscribed.csv", 1406, [1016, 25, 26, 24]),
        outcome("shopify-customers.csv", 2940, [1390, 402, 520, 1880]),
    ]
}

fn dialect(delimiter: &str, line_end: &str) -> DialectWords {
    DialectWords { delimiter: delimiter.into(), quote: "double quote".into(), line_end: line_end.into() }
}

fn facts(source: &str, kind: Kind, vendor: Option<&str>, why: &str, digest: &str, bytes: u64) -> SourceFacts {
    SourceFacts {
        source: source.into(),
        kind,
        format: vendor.map(|v| v.to_lowercase()),
        why: why.into(),
        vendor: vendor.map(Into::into),
        confidence: vendor.map(|_| "docs_or_code".into()),
        encoding: "UTF-8".into(),
        dialect: dialect("comma", "LF"),
        header_line: Some(1),
        columns: vec![
            ColumnUse { column: "Email".into(), field: Some("email".into()) },
            ColumnUse { column: "Phone".into(), field: Some("phone".into()) },
            ColumnUse { column: "Total Spent".into(), field: None },
        ],
        sha256: digest.repeat(32),
        bytes,
        notes: Vec::new(),
        quality: BTreeMap::new(),
        leaves_out_refusals: false,
        unknown_words: BTreeMap::new(),
    }
}

fn sources() -> Vec<SourceFacts> {
    let quality = |good: u64, of: u64| {
        [("valid emails".into(), Share { good, of }), ("dated consents".into(), Share { good: 0, of })].into()
    };
    vec![
        SourceFacts {
            encoding: "Windows-1252".into(),
            dialect: dialect("semicolon", "CRLF"),
            quality: quality(5102, 5168),
            notes: words(&["96 numbers were damaged by a spreadsheet and cannot be restored."]),
            ..facts(
                "crm-export.csv",
                Kind::Contacts,
                Some("Salesforce"),
                "HasOptedOutOfEmail is its own name",
                "a1",
                1_204_331,
            )
        },
        SourceFacts {
            header_line: None,
            ..facts("do-not-call.csv", Kind::Suppression, None, "the file name says do-not-call", "b2", 2_410)
        },
        facts("mailchimp-cleaned.csv", Kind::Bounces, Some("Mailchimp"), "CLEAN_TIME and LEID", "c3", 48_120),
        facts(
            "mailchimp-subscribed.csv",
            Kind::Contacts,
            Some("Mailchimp"),
            "MEMBER_RATING, LEID and EUID",
            "d4",
            402_667,
        ),
        facts(
            "mailchimp-unsubscribed.csv",
            Kind::Unsubscribes,
            Some("Mailchimp"),
            "UNSUB_TIME and LEID",
            "e5",
            170_002,
        ),
        facts("orders-events.csv", Kind::ConsentEvents, None, "event and timestamp columns", "f6", 7_310),
        SourceFacts {
            leaves_out_refusals: true,
            unknown_words: BTreeMap::new(),
            quality: quality(4099, 4120),
            ..facts(
                "shopify-customers.csv",
                Kind::Contacts,
                Some("Shopify"),
                "Accepts Email Marketing and Default Address Address1",
                "07",
                881_240,
            )
        },
    ]
}

fn findings() -> BTreeMap<String, u64> {
    let mut findings = map(&[
        ("email-domain-typo", 64),
        ("email-role", 311),
        ("phone-scientific", 96),
        ("consent-evidence-incomplete", 1204),
        ("consent-before-optout", 17),
        ("row-ragged", 41),
    ]);
    // A long tail, so that a rest has to be summed up.
    findings.extend((1..=18).map(|i| (format!("tail-finding-{i:02}"), i)));
    findings
}

fn next_steps() -> Vec<NextStep> {
    let step = |what: &str, why: &str, count, unit: &str, how: &str| NextStep {
        what: what.into(),
        why: why.into(),
        count,
        unit: unit.into(),
        how: how.into(),
    };
    vec![
        step(
            "Bring the US do-not-call register",
            "Calls to US numbers must be scrubbed against a register no older than 31 days.",
            1871,
            "contacts",
            "--registry us-dnc=FILE@DATE",
        ),
        step(
            "Bring dated consents for shopify-customers.csv",
            "The export says yes without a date; Shopify’s customer events hold it.",
            1842,
            "contacts",
            "--events FILE",
        ),
        step(
            "Look at the spelling of these domains",
            "A consent does not follow a corrected address; ask the person.",
            28,
            "addresses",
            "findings.csv, reason email-domain-typo",
        ),
        step("Ask for the opt-outs Shopify keeps", "Its export leaves them out.", 1, "sources", ""),
    ]
}

fn reasons() -> BTreeMap<String, ReasonText> {
    let table = [
        ("consent-before-optout", "warns", "A consent stands beside a later opt-out in another source."),
        ("consent-evidence-incomplete", "warns", "The consent lacks evidence that the law asks for."),
        ("consent-expired", "blocks", "The consent has expired by the send date."),
        (
            "consent-imported-unverified",
            "blocks",
            "The consent came in through an import; nobody knows whether the person agreed.",
        ),
        ("consent-never-asked", "blocks", "The person was never asked for consent on this channel."),
        ("consent-undated", "blocks", "The consent has no date."),
        ("email-absent", "blocks", "The contact has no e-mail address."),
        ("email-domain-dead", "blocks", "The domain of the address no longer exists."),
        ("email-domain-typo", "warns", "The domain looks like a misspelling of a common one."),
        ("email-role", "notes", "The mailbox belongs to a role, not a person."),
        ("link-births-differ", "notes", "The dates of birth differ."),
        ("link-names-differ", "notes", "The names differ."),
        ("link-same-email", "notes", "The same e-mail address and an agreeing name."),
        ("link-same-phone", "notes", "The same telephone number and an agreeing name."),
        ("link-same-street", "notes", "The same full name at the same street address."),
        ("link-shared-mailbox", "notes", "Several people share the mailbox."),
        ("phone-absent", "blocks", "The contact has no telephone number."),
        ("phone-not-mobile", "blocks", "The number cannot receive text messages."),
        (
            "phone-scientific",
            "blocks",
            "A spreadsheet wrote the number in scientific notation; its digits are lost.",
        ),
        ("phone-too-short", "blocks", "The number has too few digits."),
        ("post-absent", "blocks", "The contact has no postal address."),
        ("refusal-complaint", "blocks", "The recipient reported a message as spam."),
        ("refusal-domain", "blocks", "The whole mail domain is suppressed."),
        ("refusal-hard-bounce", "blocks", "Mail to the address came back for good."),
        ("refusal-objection", "blocks", "The person objected to marketing."),
        ("refusal-on-call", "blocks", "The person asked not to be called."),
        ("refusal-withdrawn", "blocks", "The person withdrew their consent or unsubscribed."),
        (
            "registry-not-brought",
            "blocks",
            "A do-not-call register must be checked first and was not brought.",
        ),
        ("row-no-point", "blocks", "The row holds no address and no number."),
        ("row-open-quote", "warns", "A quotation mark was opened and never closed."),
    ];
    let text = |effect: &str, sentence: &str| ReasonText { effect: effect.into(), sentence: sentence.into() };
    table.into_iter().map(|(id, effect, sentence)| (id.into(), text(effect, sentence))).collect()
}
