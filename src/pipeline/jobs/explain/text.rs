//! The story on one screen.

use crate::data::wrap::wrap;
use crate::pipeline::jobs::explain::story::{ContactStory, PointDecision, Story, TimelineEvent};
use crate::report::{plain, visible};
use std::fmt::Write;

/// Events of one person that are shown; the rest is counted.
const EVENTS_MAX: usize = 24;

/// Likewise findings.
const FINDINGS_MAX: usize = 6;

impl Story {
    /// The story in words.
    pub fn text(&self) -> String {
        let mut out = String::new();
        if self.people.is_empty() {
            let _ = writeln!(out, "Nobody among the contacts of this run goes by {}.", visible(&self.asked));
            for says in &self.elsewhere {
                paragraph(&mut out, "", &visible(says));
            }
            if self.elsewhere.is_empty() {
                out += "It stands neither among the refusals nor among the rows that could not be used.\n";
            }
            return out
                + "Who was erased stands in a run as a keyed hash only, and cannot be looked up here.\n";
        }
        for (at, person) in self.people.iter().enumerate() {
            if at > 0 {
                out.push('\n');
            }
            self.person(person, &mut out);
        }
        out
    }

    fn person(&self, person: &ContactStory, out: &mut String) {
        let name = if person.name.is_empty() { "(no name)" } else { &person.name };
        let _ = writeln!(out, "{} · contact {}", visible(name), person.contact_id);
        paragraph(out, "reached at", &visible(&person.points.join(", ")));
        paragraph(out, "asked for", &visible(&person.asked));
        paragraph(out, "law", &person.jurisdictions);
        out.push_str("\nRows\n");
        for row in &person.rows {
            let rule = row.joined_by.replace('-', " ");
            let why = match rule.as_str() {
                "" => String::new(),
                rule => format!("  same {rule} as {} ({})", row.matched_with, row.strength),
            };
            let _ = writeln!(out, "  {}{}", visible(&row.place), visible(&why));
        }
        self.events(&person.events, out);
        let _ = writeln!(out, "\nDecisions for {}", self.send_date);
        let mut cited = Vec::new();
        let mut told: Vec<&PointDecision> = Vec::new();
        for decision in &person.decisions {
            if told.iter().any(|known| known.same(decision)) {
                continue;
            }
            told.push(decision);
            let points = person.decisions.iter().filter(|d| d.same(decision)).map(|d| d.point.as_str());
            decided(decision, &points.collect::<Vec<_>>().join(", "), &mut cited, out);
        }
        if !person.findings.is_empty() {
            out.push_str("\nAlso found\n");
            // What differs in its detail alone is said once.
            let mut told: Vec<String> = Vec::new();
            for found in &person.findings {
                let channel = if found.channel.is_empty() { "" } else { ", " };
                let says = crate::reason::Reason::from_id(&found.reason).map_or("", |r| r.sentence());
                let text = format!("{says} ({}{channel}{})", found.place, found.channel);
                if !told.contains(&text) {
                    told.push(text);
                }
            }
            told.iter().take(FINDINGS_MAX).for_each(|text| paragraph(out, "", &visible(text)));
            if told.len() > FINDINGS_MAX {
                let _ = writeln!(out, "  and {} more in findings.csv", told.len() - FINDINGS_MAX);
            }
        }
    }

    fn events(&self, events: &[TimelineEvent], out: &mut String) {
        out.push_str("\nWhat happened\n");
        if events.is_empty() && self.proof {
            out.push_str("  No file tells an event on the channels that were decided.\n");
        }
        for step in events.iter().take(EVENTS_MAX) {
            let notes = match step.notes.as_str() {
                "" => String::new(),
                notes => format!(" [{}]", words(notes, ", ")),
            };
            let (event, channels) = (step.event.replace('_', " "), step.channels.join(", "));
            let text = format!("{event} ({channels}) {}{notes}", step.place);
            paragraph(out, &step.when, &visible(&text));
        }
        if events.len() > EVENTS_MAX {
            let _ = writeln!(out, "  and {} more", events.len() - EVENTS_MAX);
        }
        if !self.proof {
            let told =
                "The run was made without --proof: what the person's own rows tell is in runs made with it.";
            paragraph(out, "", told);
        }
    }
}

impl PointDecision {
    /// Whether it says the same of another point of the channel.
    fn same(&self, other: &Self) -> bool {
        let of = |d: &Self| (d.channel.clone(), d.reason.clone(), d.rule.clone(), d.rests_on.clone());
        of(self) == of(other) && self.evidence_missing == other.evidence_missing
    }
}

/// A decision on some points of a channel. A citation is shown once.
fn decided<'s>(decision: &'s PointDecision, points: &str, cited: &mut Vec<&'s str>, out: &mut String) {
    let answer = if decision.contactable { "yes" } else { "no" };
    let head = format!("{answer}. {} {points}", decision.says);
    paragraph(out, &decision.channel, &visible(head.trim_end()));
    let (rule, confidence) = (decision.rule.as_str(), plain(&decision.confidence));
    let rule_text = match decision.citation.split_once("; ") {
        _ if rule.is_empty() => String::new(),
        _ if cited.contains(&rule) || decision.citation.is_empty() => rule.to_owned(),
        Some((first, _)) => {
            format!("{rule}: {first} and others [{confidence}]; `contactable rules` cites all")
        }
        None => format!("{rule}: {} [{confidence}]", decision.citation),
    };
    cited.push(rule);
    let missing = words(&decision.evidence_missing, "; ");
    let told = [
        ("the list of this channel has ", &decision.listed),
        ("stated by the operator: ", &decision.stated),
        ("rests on ", &decision.rests_on),
        ("rule ", &rule_text),
        ("evidence missing: ", &missing),
        ("obliges: ", &decision.conditions),
        ("what would change it: ", &decision.change),
    ];
    for (label, text) in told.into_iter().filter(|(_, text)| !text.is_empty()) {
        paragraph(out, "  ", &visible(&format!("{label}{text}")));
    }
}

/// A list of codes in words of people.
fn words(codes: &str, between: &str) -> String {
    codes.split(between).map(plain).collect::<Vec<_>>().join(between)
}

/// A paragraph under a label, wrapped at blanks.
fn paragraph(out: &mut String, label: &str, text: &str) {
    if text.trim().is_empty() {
        return;
    }
    let indent = if label.is_empty() { 2 } else { 2 + label.chars().count().max(2) + 2 };
    let _ = write!(out, "  {label:0$}", indent - 2);
    wrap(out, indent, indent, text);
}
