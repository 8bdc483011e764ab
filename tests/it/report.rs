//! The audit report: its sums, its page, its summary, on an invented run.

#![allow(clippy::unwrap_used, reason = "a helper that panics fails the test that called it")]

mod sample;

use crate::run::generated;
use contactable::record::Channel;
use contactable::report::{Audit, ChannelCounts, Outcome, SourceOutcome, SourceRows, html, summary};
use expect_test::{expect, expect_file};
use proptest::prelude::*;
use sample::sample;
use serde_json::Value;
use std::collections::BTreeSet;
use unicode_width::UnicodeWidthStr;

/// Text that would act if the page or the terminal let it.
const CANARIES: [&str; 6] = [
    "\"><img src=x onerror=alert(1)>",
    "</script></style></title><script>alert(1)</script>",
    "' onmouseover='alert(1)",
    "\u{1b}[31mred\u{7}",
    "gpj.\u{202e}exe",
    "{{ 7 * 7 }}<!-- javascript:alert(1)",
];

/// Elements and attributes the templates use; a canary that breaks out would add to them.
const ELEMENTS: &str = "!doctype html details summary head meta title style body a header p h1 aside strong ul nav li main section h2 em \
    span b i div h3 dl dt dd figure svg desc text tspan rect path table caption colgroup col thead tbody tfoot tr th td \
    ol code article footer";
const ATTRIBUTES: &str = "html lang charset http-equiv content name class href id aria-label aria-hidden aria-labelledby \
    style role viewbox x y dx width height d scope hidden rowspan colspan tabindex rel";

fn json(audit: &Audit) -> Value {
    serde_json::to_value(audit).unwrap()
}

fn audit(json: Value) -> Audit {
    serde_json::from_value(json).unwrap()
}

/// Every start tag of a page: name and attributes, read strictly.
fn tags(page: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut tags = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if rest.starts_with('/') {
            continue;
        }
        let end = rest.find(|c: char| c.is_whitespace() || c == '>' || c == '/').unwrap();
        let name = rest[..end].to_lowercase();
        rest = &rest[end..];
        let mut attributes = Vec::new();
        loop {
            rest = rest.trim_start();
            if let Some(after) = rest.strip_prefix('>').or_else(|| rest.strip_prefix("/>")) {
                rest = after;
                break;
            }
            let end = rest.find(|c: char| c.is_whitespace() || c == '>' || c == '=').unwrap();
            assert!(end > 0, "an attribute without a name in element {name}");
            let key = rest[..end].to_lowercase();
            rest = &rest[end..];
            let mut value = String::new();
            if let Some(quoted) = rest.strip_prefix("=\"") {
                let close = quoted.find('"').unwrap();
                value = quoted[..close].into();
                rest = &quoted[close + 1..];
            }
            attributes.push((key, value));
        }
        tags.push((name, attributes));
    }
    tags
}

fn attribute<'a>(tag: &'a (String, Vec<(String, String)>), key: &str) -> Option<&'a str> {
    tag.1.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str())
}

/// Puts `canary` behind every text of the report, and behind every key that comes from outside.
fn poison(value: &mut Value, key: &str, canary: &str) {
    const OURS: [&str; 4] = ["schema", "channel", "kind", "channels"];
    const OPEN: [&str; 16] = [
        "reasons",
        "bases",
        "conditions",
        "by_kind",
        "by_source",
        "by_rule",
        "held_apart",
        "rejected",
        "findings",
        "confidence",
        "quality",
        "by_month",
        "counts",
        "present",
        "missing",
        "email",
    ];
    match value {
        Value::String(text) if !OURS.contains(&key) => text.push_str(canary),
        Value::Array(items) => items.iter_mut().for_each(|item| poison(item, key, canary)),
        Value::Object(fields) => {
            let own = ["contactable", "within_30", "grounds", "ask_over"];
            let open = OPEN.contains(&key) && !own.iter().any(|name| fields.contains_key(*name));
            for (name, mut field) in std::mem::take(fields) {
                poison(&mut field, &name, canary);
                fields.insert(if open { name + canary } else { name }, field);
            }
        }
        _ => {}
    }
}

/// Replaces every number of the report.
fn renumber(value: &mut Value, next: &mut impl FnMut() -> u64) {
    match value {
        Value::Number(n) => *n = next().into(),
        Value::Array(items) => items.iter_mut().for_each(|item| renumber(item, next)),
        Value::Object(fields) => fields.values_mut().for_each(|field| renumber(field, next)),
        _ => {}
    }
}

#[test]
fn report_json_keeps_its_shape() {
    expect_file!["../../fixtures/report/report.json"].assert_eq(&sample().json());
}

#[test]
fn the_page_and_the_summary_come_from_the_json_alone() {
    let audit = sample();
    let back: Audit = serde_json::from_str(&audit.json()).unwrap();
    assert_eq!(back, audit);
    assert_eq!(html(&back), html(&audit));
    assert_eq!(summary(&back), summary(&audit));
}

#[test]
fn the_glossary_takes_its_words_from_the_reason_table() {
    let mut audit = Audit::default();
    audit.findings.insert("row-ragged".into(), 2);
    audit.findings.insert("not-in-the-table".into(), 1);
    audit.gloss();
    let ids: Vec<&String> = audit.reasons.keys().collect();
    assert_eq!(ids, ["row-ragged"]);
    assert_eq!(audit.reasons["row-ragged"].effect, "warns");
}

#[test]
fn sums_of_the_sample_hold() {
    assert_eq!(sample().check(), []);
    assert_eq!(Audit::default().check(), []);
}

#[test]
fn every_broken_sum_is_named() {
    type Break = fn(&mut Audit);
    let cases: [(&str, Break); 24] = [
        ("rows = kept + merged + refusal + event + rejected", |a| a.reconciliation.rows += 1),
        ("contacts = kept rows", |a| a.contacts += 1),
        ("reasons of rejection = rejected rows", |a| bump(&mut a.rejected, "row-no-point")),
        ("crm-export.csv: rows = kept + merged", |a| a.reconciliation.sources[0].rows += 1),
        ("merged of all sources = merged in total", |a| a.reconciliation.sources[0].merged += 1),
        ("rejected of all sources = rejected in total", |a| {
            a.reconciliation.sources.push(SourceRows { rows: 1, rejected: 1, ..SourceRows::default() });
        }),
        ("channels decided = channels asked for", |a| a.run.channels.truncate(3)),
        ("channels asked for = channels decided", |a| {
            a.channels.remove(&Channel::Post);
        }),
        ("email: contactable + blocked = contacts", |a| channel(a).blocked += 1),
        ("email: main reasons = blocked", |a| bump(&mut channel(a).reasons, "email-no-at")),
        ("email: bases = contactable", |a| bump(&mut channel(a).bases, "soft_opt_in")),
        ("email: contactable <= reachable", |a| channel(a).reachable = 4209),
        ("email: reachable <= contacts", |a| channel(a).reachable = 9215),
        ("email: condition x <= contactable", |a| {
            channel(a).conditions.insert("x".into(), 4211);
        }),
        ("email: blocked of all jurisdictions = blocked", |a| {
            let extra = Outcome { contactable: 0, blocked: 1 };
            a.jurisdictions.get_mut(&Channel::Email).unwrap().insert("AU".into(), extra);
        }),
        ("crm-export.csv: contacts = kept rows", |a| a.per_source[0].contacts += 1),
        ("email: contactable of all sources = contactable", |a| {
            a.per_source[0].channels.get_mut(&Channel::Email).unwrap().contactable += 1;
        }),
        ("contacts of all sources = contacts", |a| {
            a.per_source.push(SourceOutcome { contacts: 1, ..SourceOutcome::default() });
        }),
        ("refusals by source = refusals", |a| bump(&mut a.refusals.by_source, "do-not-call.csv")),
        ("merged contacts + merged rows = rows of merged contacts", |a| a.merges.contacts += 1),
        ("opt-outs of all months = opt-outs", |a| bump(&mut a.opt_outs.by_month, "2026-11")),
        ("opt-outs by reason = opt-outs", |a| a.opt_outs.by_reason.untold += 1),
        ("contactable points that a refusal stands against = none", |a| a.opt_outs.listed_though_refused = 1),
        ("email: grounds that are events <= contactable", |a| {
            a.evidence.get_mut(&Channel::Email).unwrap().grounds = 4211;
        }),
    ];
    for (identity, damage) in cases {
        let mut audit = sample();
        damage(&mut audit);
        let broken = audit.check();
        assert!(broken.iter().any(|b| b.identity.starts_with(identity)), "{identity}: {broken:?}");
        assert!(html(&audit).contains("do not add up. Do not use it."), "{identity}: the page is silent");
    }
}

fn bump(counts: &mut std::collections::BTreeMap<String, u64>, id: &str) {
    *counts.entry(id.into()).or_default() += 1;
}

fn channel(audit: &mut Audit) -> &mut ChannelCounts {
    audit.channels.get_mut(&Channel::Email).unwrap()
}

#[test]
fn no_text_from_outside_can_act() {
    let elements: BTreeSet<&str> = ELEMENTS.split_whitespace().collect();
    let attributes: BTreeSet<&str> = ATTRIBUTES.split_whitespace().collect();
    for canary in CANARIES {
        let mut value = json(&sample());
        poison(&mut value, "", canary);
        let audit = audit(value);
        let page = html(&audit);
        for (name, found) in tags(&page) {
            assert!(elements.contains(name.as_str()), "{canary:?} made an element {name}");
            for (key, _) in found {
                assert!(attributes.contains(key.as_str()), "{canary:?} made an attribute {key}");
            }
        }
        let steers = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!page.contains(steers), "{canary:?} steers the page");
        assert!(!summary(&audit).contains(steers), "{canary:?} steers the terminal");
    }
}

#[test]
fn the_canaries_are_shown_not_dropped() {
    let mut audit = sample();
    audit.sources[0].columns[0].column = "\"><img onerror=".into();
    audit.sources[0].source = "gpj.\u{202e}exe\u{1b}".into();
    let page = html(&audit);
    assert!(page.contains("<li>&#34;&#62;&#60;img onerror= "));
    assert!(page.contains("<h3>gpj.⟨U+202E⟩exe⟨U+001B⟩</h3>"));
}

#[test]
fn the_page_asks_for_nothing_and_runs_nothing() {
    let mut audit = sample();
    audit.run.rulebooks[0].rules[0].url = "javascript:alert(1)".into();
    let page = html(&audit);
    assert!(page.contains("content=\"default-src 'none'; style-src 'unsafe-inline'"));
    for foreign in ["<script", "<link", "<iframe", "url(", "@import", " src=", "javascript:"] {
        assert!(!page.contains(foreign), "the page holds {foreign}");
    }
    for tag in tags(&page) {
        if let Some(href) = attribute(&tag, "href") {
            assert!(href.starts_with('#') || href.starts_with("https://"), "a link to {href}");
        }
    }
}

#[test]
fn the_page_can_be_read_by_a_machine_that_reads_aloud() {
    let page = html(&sample());
    let tags = tags(&page);
    let levels: Vec<u8> = tags.iter().filter_map(|(n, _)| n.strip_prefix('h')?.parse().ok()).collect();
    assert_eq!(levels.iter().filter(|l| **l == 1).count(), 1);
    assert!(levels.windows(2).all(|w| w[1] <= w[0] + 1), "a heading level is skipped: {levels:?}");
    let ids: Vec<&str> = tags.iter().filter_map(|t| attribute(t, "id")).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "an id stands twice");
    for tag in &tags {
        if let Some(target) = attribute(tag, "href").and_then(|h| h.strip_prefix('#')) {
            assert!(ids.contains(&target), "#{target} leads nowhere");
        }
        assert!(tag.0 != "th" || attribute(tag, "scope").is_some(), "a table header without scope");
    }
    let count = |name: &str| tags.iter().filter(|t| t.0 == name).count();
    assert_eq!((count("svg"), count("desc"), count("title")), (2, 2, 3));
    assert!(page.starts_with("<!doctype html>\n<html lang=\"en\">"));
}

#[test]
fn counts_sentences_and_rests_stand_on_the_page() {
    let page = html(&sample());
    for fragment in [
        "<h1>Who may be contacted on 1 December 2026</h1>",
        "<span class=\"figure \">4,210</span> contactable, 45.7%",
        "<tspan class=\"n\">1,949</tspan><tspan class=\"what\" dx=\"6\">merged into those</tspan>",
        "<a href=\"#r-consent-undated\">The yes carries no date.</a>",
        "<dt id=\"r-consent-undated\"><code>consent-undated</code></dt>",
        "and 3 more, together 73 contacts. All of them stand in report.json.",
        "and 4 more, together 10 findings. All of them stand in report.json.",
        "<b>1</b> source</div>",
        "past review on the send date",
        "exports of this layout leave out the people who left",
        "<b>14 December 2026</b> <span>clean again by then: the first ground ends the day before</span>",
        "<span>over post 1,210</span>",
        "<th scope=\"row\">2026-10<span",
        "(rarer, or not fit to be told)<span",
        "<span class=\"flag\">22 stand on no suppression list</span>, the oldest for 77 days",
        "at once</td><td>7</td><td>7</td><td>19</td>",
        "<th scope=\"row\" class=\"name\">what they were told</th>",
        "<b>31</b> decisions</div>",
        "Jo Park, marketing",
        "mailchimp-unsubscribed.csv<span class=\"track\"",
        "header on line 1",
        "no header",
    ] {
        assert!(page.contains(fragment), "the page lacks {fragment}");
    }
    let bar = page.find("The yes carries no date.").map(|at| &page[at..at + 139]);
    expect![[r#"
        The yes carries no date.</a><span class="track" aria-hidden="true"><i style="width:36.8%"></i></span></th><td>1,842</td><td>36.8%</td></tr>"#]]
    .assert_eq(bar.unwrap());
}

#[test]
fn nothing_at_all_is_said_plainly() {
    let page = html(&Audit::default());
    for sentence in [
        "hold no rows",
        "There is nothing to draw.",
        "Nothing stands out.",
        "No source of this run holds a refusal.",
    ] {
        assert!(page.contains(sentence), "the page lacks {sentence}");
    }
    assert!(!page.contains("NaN") && !page.contains("inf"), "a division by nothing shows");
    let said = summary(&Audit { run: sample().run, ..Audit::default() });
    assert!(said.contains("0 rows: 0 contacts"), "{said}");
}

#[test]
fn a_page_of_many_sources_stays_small_and_counts_what_it_leaves_out() {
    let mut audit = sample();
    let (row, facts) = (audit.reconciliation.sources[0].clone(), audit.sources[0].clone());
    for i in 0..1000 {
        let source = format!("export-{i:04}.csv");
        audit.reconciliation.sources.push(SourceRows { source: source.clone(), ..row.clone() });
        audit.sources.push(contactable::report::SourceFacts { source, ..facts.clone() });
        let outcome = Outcome { contactable: 1, blocked: 0 };
        audit.jurisdictions.get_mut(&Channel::Email).unwrap().insert(format!("X{i:03}"), outcome);
        audit.findings.insert(format!("made-up-{i:04}"), 1);
    }
    let page = html(&audit);
    assert!(page.len() < 200_000, "{} bytes", page.len());
    // 7 + 1,000 sources, 40 shown; all those left out hold 5,210 rows each.
    assert!(
        page.contains("and 967 sources more, together 5,038,070 rows"),
        "the rest of the sources is not told"
    );
    assert!(page.contains("and 965 jurisdictions more, together 965 contacts"));
    assert!(page.contains("and 983 inputs more, together 1.1 GB"));
}

#[test]
fn the_summary_is_read_in_ten_seconds() {
    expect![[r#"
        Who may be contacted on 1 December 2026 (marketing)

        ! shopify-customers.csv says who agreed to e-mail, but not when. An undated
          consent proves nothing under an opt-in rule, so 1,842 contacts stay blocked
          for e-mail.

        12,480 rows: 9,214 contacts, 1,949 merged, 1,199 refusals, 73 events,
          45 rejected

        E-mail             4,210 contactable  45.7%      5,004 blocked  54.3%
               1,842  The yes carries no date
                 903  The yes came with an import, or only a confirm…  (+ 9 more: 2,259)
        Text message       1,127 contactable  12.2%      8,087 blocked  87.8%
               3,902  The contact has no telephone number
               3,011  No consent is on record, and the law asks for…  (+ 4 more: 1,174)
        Call               2,846 contactable  30.9%      6,368 blocked  69.1%
               3,902  The contact has no telephone number
               1,871  The register that the law names was not brought  (+ 3 more: 595)
        Post               6,004 contactable  65.2%      3,210 blocked  34.8%
               3,098  The contact has no postal address
                 112  The person objected to marketing

        Next: Bring the US do-not-call register (1,871 contacts)
              Bring dated consents for shopify-customers.csv (1,842 contacts)
              Look at the spelling of these domains (28 addresses) (+ 1 more)
    "#]]
    .assert_eq(&summary(&sample()));
}

#[test]
fn the_summary_keeps_to_25_lines_of_80_columns() {
    let mut value = json(&sample());
    renumber(&mut value, &mut || u64::MAX);
    let mut audit = audit(value);
    let counts = audit.channels[&Channel::Email].clone();
    audit.run.channels = Channel::ALL.to_vec();
    audit.channels = Channel::ALL.into_iter().map(|c| (c, counts.clone())).collect();
    audit.statements[0].says = "連絡先の同意がありません ".repeat(20);
    audit.statements = vec![audit.statements[0].clone(); 5];
    audit.next_steps[0].what = "連絡先の同意がありません ".repeat(20);
    let said = summary(&audit);
    assert!(said.lines().count() <= 25, "{said}");
    for line in said.lines() {
        assert!(line.width() <= 80, "{} columns: {line}", line.width());
    }
    assert!(said.contains("and 3 more plain statements"), "{said}");
}

#[test]
fn ten_thousand_million_contacts_fit_the_summary_uncut() {
    let mut value = json(&sample());
    renumber(&mut value, &mut || 10_000_000_000);
    let said = summary(&audit(value));
    assert!(said.contains("10,000,000,000 contactable   100%  10,000,000,000 blocked   100%\n"), "{said}");
    assert!(said.contains(" 10,000,000,000 events, 10,000,000,000 rejected\n"), "{said}");
}

#[test]
fn text_stands_out_from_its_ground() {
    let css = include_str!("../../src/report/page/style.css");
    let blocks: Vec<&str> = css.split(":root {").skip(1).map(|b| b.split('}').next().unwrap()).collect();
    assert_eq!(blocks.len(), 3, "light, dark, print");
    for block in blocks {
        let colour = |name: &str| {
            let hex = block.split(&format!("--{name}: #")).nth(1).unwrap().split(';').next().unwrap();
            let long =
                if hex.len() == 3 { hex.chars().flat_map(|c| [c, c]).collect() } else { hex.to_owned() };
            luminance(u32::from_str_radix(&long, 16).unwrap())
        };
        let contrast = |a: f64, b: f64| (a.max(b) + 0.05) / (a.min(b) + 0.05);
        for (text, ground) in [
            ("ink", "paper"),
            ("mute", "paper"),
            ("link", "paper"),
            ("warn", "paper"),
            ("yes", "paper"),
            ("ink", "warn-paper"),
            ("mute", "warn-paper"),
            ("ink", "panel"),
            ("mute", "panel"),
        ] {
            let ratio = contrast(colour(text), colour(ground));
            assert!(ratio >= 4.5, "{text} on {ground}: {ratio:.2} in {block}");
        }
        for shape in ["yes", "ask", "off", "no", "bar", "kept", "merged", "refusal", "event", "rejected"] {
            let ratio = contrast(colour(shape), colour("paper"));
            assert!(ratio >= 3.0, "{shape} on paper: {ratio:.2} in {block}");
        }
    }
}

/// Relative luminance of an sRGB colour (WCAG 2.2).
fn luminance(rgb: u32) -> f64 {
    let linear = |shift: u32| {
        let c = f64::from(rgb >> shift & 0xff) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(16) + 0.7152 * linear(8) + 0.0722 * linear(0)
}

proptest! {
    #![proptest_config(generated(64))]

    /// Whatever the numbers, the page is whole, the same twice, and silent only when the sums hold.
    #[test]
    fn any_numbers_make_a_page(numbers in proptest::collection::vec(prop_oneof![Just(0), Just(1), Just(u64::MAX), any::<u64>()], 1..40)) {
        let mut value = json(&sample());
        let mut cycle = numbers.iter().copied().cycle();
        renumber(&mut value, &mut || cycle.next().unwrap_or_default());
        let audit = audit(value);
        let page = html(&audit);
        prop_assert_eq!(&page, &html(&audit));
        prop_assert!(page.ends_with("</html>"));
        prop_assert_eq!(audit.check().is_empty(), !page.contains("Do not use it."));
        prop_assert!(summary(&audit).lines().count() <= 25);
    }
}
