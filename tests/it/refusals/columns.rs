//! What columns and words of permission say: a no, its date, evidence in writing, an end, an unknown event.

use super::{CRM, EVENTS, refused, refuses};
use crate::run::{Record, Scratch, clean, jane, read_csv};

const SHOP: &str = "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,\
    Default Address Address1,Default Address Address2,Default Address City,Default Address Province Code,\
    Default Address Country Code,Default Address Zip,Default Address Phone,Phone,Accepts SMS Marketing,Total Spent,\
    Total Orders,Note,Tax Exempt,Tags\n";

fn shop(accepts: &str) -> String {
    format!("{SHOP}1,Jane,Doe,jane@fernhill.org,{accepts},,1 Elm Rd,,Salem,OR,US,97301,,,no,1,1,,no,\n")
}

fn one(header: &str, row: &str) -> Record {
    let crm = format!("first name,email,phone,country,{header}\nJane,jane@fernhill.org,+12127365001,{row}\n");
    jane(&[("crm.csv", &crm)], &[]).0
}

#[test]
fn a_no_that_may_mean_never_asked_leaves_no_ground_but_consent() {
    let (no, out, _scratch) = jane(&[("customers_export.csv", &shop("no"))], &[]);
    assert_eq!(no["email_reason"], "consent-not-given");
    assert_eq!(no["post_reason"], "basis-none-needed", "it speaks of e-mail alone");
    assert!(read_csv(&out.join("suppression.csv")).is_empty(), "it is no refusal");
    let (silent, _, _scratch) = jane(&[("customers_export.csv", &shop(""))], &[]);
    assert_eq!(silent["email_reason"], "basis-none-needed");
    let consent = format!("{EVENTS}jane@fernhill.org,,consent_given,email,2026-01-01,web form,form,,\n");
    let both = [("customers_export.csv", shop("no")), ("consent-events.csv", consent)];
    let (yes, _, _scratch) = jane(&both.each_ref().map(|(n, t)| (*n, t.as_str())), &[]);
    assert_eq!(yes["email_reason"], "basis-express-consent");
    let stated = ["--assert-basis", "customers_export.csv:email:express_consent@2026-01-01=our tills"];
    let (asserted, _, _scratch) = jane(&[("customers_export.csv", &shop("no"))], &stated);
    assert_eq!(asserted["email_reason"], "consent-not-given", "a statement about a file lifts no one's no");
    // Words of any file.
    assert_eq!(one("newsletter", "US,not subscribed")["email_reason"], "consent-not-given");
    assert_eq!(one("newsletter", "US,no")["email_reason"], "refusal-declined");
    assert_eq!(one("newsletter", "US,never subscribed")["email_reason"], "basis-none-needed");
}

#[test]
fn only_the_date_of_the_last_answer_dates_a_no() {
    let later = format!("{EVENTS}jane@fernhill.org,,consent_given,email,2026-06-01,web form,form,,\n");
    for (header, wanted) in [
        ("opt-in date", "refusal-declined"),
        ("consent date", "refusal-declined"),
        ("newsletter changed at", "basis-express-consent"),
        ("consent updated", "basis-express-consent"),
    ] {
        let crm = format!(
            "first name,email,country,newsletter,{header}\nJane,jane@fernhill.org,US,no,2026-01-01\nBob,bob@stonemill.org,US,yes,2026-01-01\n"
        );
        let (jane, _, _scratch) = jane(&[("crm.csv", &crm), ("consent-events.csv", &later)], &[]);
        assert_eq!(jane["email_reason"], wanted, "{header}");
    }
    let crm = "first name,email,country,newsletter changed at\nJane,jane@fernhill.org,GB,2026-01-01\n";
    let (jane, _, _scratch) = jane(&[("crm.csv", crm)], &[]);
    assert_eq!(jane["email_reason"], "consent-never-asked", "a change is no consent");
}

#[test]
fn consent_in_writing_is_told_by_words_or_a_column() {
    let sms = |method: &str| {
        one("sms opt-in,opt-in date,opt-in source,opt-in method", &format!("US,yes,2026-01-01,fair,{method}"))
    };
    assert_eq!(sms("signed web form")["sms_reason"], "basis-express-written-consent");
    assert_eq!(sms("web form")["sms_reason"], "consent-not-written");
    assert_eq!(sms("not signed")["sms_reason"], "consent-not-written");
    let column = |cell: &str| {
        one("sms opt-in,opt-in date,opt-in source,written consent", &format!("US,yes,2026-01-01,fair,{cell}"))
    };
    assert_eq!(column("yes")["sms_reason"], "basis-express-written-consent");
    assert_eq!(column("no")["sms_reason"], "consent-not-written");
    assert_eq!(column("maybe")["sms_reason"], "consent-not-written");
    let event = |method: &str| {
        let events = format!("{EVENTS},+12127365001,consent_given,sms,2026-01-01,fair,{method},,\n");
        jane(&[("crm.csv", CRM), ("consent-events.csv", &events)], &[]).0["sms_reason"].clone()
    };
    assert_eq!(event("signed form"), "basis-express-written-consent");
    assert_eq!(event("form"), "consent-not-written");
}

#[test]
fn soft_opt_in_wants_proof_that_refusal_was_offered() {
    let german = CRM.replace(",US", ",DE").replace("+1212736500", "+4917112345");
    let event = |method: &str| {
        let events = format!("{EVENTS}jane.doe+shop@gmail.com,,purchase,,2026-10-01,shop,{method},,\n");
        jane(&[("crm.csv", &german), ("consent-events.csv", &events)], &[]).0["email_reason"].clone()
    };
    assert_eq!(event("checkout with opt-out link"), "basis-soft-opt-in");
    assert_eq!(event("checkout"), "consent-never-asked");
}

#[test]
fn a_consent_ends_on_the_day_its_row_tells() {
    let until = |end: &str| {
        one(
            "newsletter,opt-in date,opt-in source,consent valid until",
            &format!("GB,yes,2026-01-01,web,{end}"),
        )
    };
    assert_eq!(until("2026-11-22")["email_reason"], "basis-express-consent");
    assert_eq!(until("2026-11-22")["email_valid_until"], "2026-11-21");
    assert_eq!(until("2026-11-21")["email_reason"], "consent-expired");
    assert_eq!(until("")["email_reason"], "basis-express-consent");
}

#[test]
fn an_event_word_that_is_not_known_is_told() {
    let scratch = Scratch::new();
    let events = format!(
        "{EVENTS}jane.doe@gmail.com,,unsubscribed,email,2026-01-01,web,form,,\n\
        bob@stonemill.org,,went_away,email,2026-01-01,web,form,,\n,,objection,email,2026-01-01,web,form,,\n"
    );
    let sources = scratch.write(&[("crm.csv", CRM), ("consent-events.csv", events.as_str())]);
    let out = scratch.path("run");
    clean(&sources, &out, &[]);
    let rejected: Vec<String> = read_csv(&out.join("rejected.csv"))
        .iter()
        .map(|r| format!("{} {}", r["line"], r["reason"]))
        .collect();
    assert_eq!(rejected, ["4 row-no-contact-point"]);
    let bob = read_csv(&out.join("contacts.csv")).into_iter().find(|c| c["first_name"] == "Bob").unwrap();
    assert_eq!(bob["email_reason"], "consent-word-unknown");
    let jane = read_csv(&out.join("contacts.csv")).into_iter().find(|c| c["first_name"] == "Jane").unwrap();
    assert!(refused(&jane, "email"), "a status word is an event too");
    let report = std::fs::read_to_string(out.join("report.json")).unwrap();
    assert!(report.contains("--word 'event:went_away=no'"), "said at the top of the report");
}

#[test]
fn a_providers_other_domain_is_refused_too() {
    refuses(CRM, "suppression.csv", "email\n@googlemail.com\n", "email");
    let other = CRM.replace("@gmail.com", "@googlemail.com");
    refuses(&other, "suppression.csv", "email\n@gmail.com\n", "email");
    let hotmail = CRM.replace("@gmail.com", "@hotmail.com");
    let (jane, _, _scratch) =
        jane(&[("crm.csv", &hotmail), ("suppression.csv", "email\n@outlook.com\n")], &[]);
    assert!(!refused(&jane, "email"), "another mailbox of the same provider");
}

#[test]
fn events_come_as_json_lines_too() {
    let scratch = Scratch::new();
    let events = "{\"email\":\"jane.doe@gmail.com\",\"event\":\"objection\",\"channel\":\"email\",\"timestamp\":\"2026-01-01\"}\n\
        \n\
        {\"event\":\"hard_bounce\",\"timestamp\":\"2026-01-01T10:00:00Z\",\"email\":\"bob@stonemill.org\",\"detail\":{\"code\":550,\"text\":\"no\\nsuch \\\"box\\\"\"}}\n\
        {\"email\":\"bob@stonemill.org\",\"event\":\n\
        {\"email\":null,\"phone\":\"+12127365000\",\"event\":\"went away\",\"timestamp\":\"2026-01-01\"}\n";
    for (name, mark) in [("consent-events.jsonl", ""), ("events.json", "\u{feff}")] {
        let sources = scratch.write(&[("crm.csv", CRM.to_owned()), (name, format!("{mark}{events}"))]);
        let out = scratch.path(&format!("run-{name}"));
        clean(&sources, &out, &[]);
        crate::run::recount(&out);
        let told: Vec<String> = read_csv(&out.join("events.csv"))
            .iter()
            .map(|e| format!("{} {} {} {}", e["point"], e["channel"], e["event"], e["line"]))
            .collect();
        let all = "email sms call post messaging auto-call";
        assert_eq!(
            told,
            [
                "jane.doe@gmail.com email objection 1".to_owned(),
                format!("bob@stonemill.org {all} hard_bounce 3"),
                format!("+12127365000 {all} consent_word_unknown 5"),
            ]
        );
        let rejected: Vec<String> = read_csv(&out.join("rejected.csv"))
            .iter()
            .map(|r| format!("{} {}", r["line"], r["reason"]))
            .collect();
        assert_eq!(rejected, ["4 row-ragged"]);
        let contacts = read_csv(&out.join("contacts.csv"));
        let reasons: Vec<&str> = contacts.iter().map(|c| c["email_reason"].as_str()).collect();
        assert_eq!(reasons, ["refusal-objection", "bounce-hard"]);
    }
}

#[test]
fn a_domain_where_an_address_should_stand_is_refused() {
    refuses(CRM, "suppression.csv", "email,note\nx@elm.example,\n*.gmail.com,\n", "email");
    let own = CRM.replace("@gmail.com", "@fernhill.org");
    refuses(&own, "suppression.csv", "email\nFernhill.org\nx@elm.example\n", "email");
    for near in ["gmail.com", "fernhill", "fernhill.orgx", "jane.fernhill.org jane"] {
        let list = format!("email\nx@elm.example\n{near}\n");
        let (jane, _, _scratch) = jane(&[("crm.csv", CRM), ("suppression.csv", &list)], &[]);
        assert!(!refused(&jane, "email"), "{near}");
    }
}
