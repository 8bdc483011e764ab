//! A rulebook as a person reads it: rules, clocks, citations, doubts.

use super::{
    Basis, Confidence, Days, Duty, EvidenceCode, Expiry, FlawEffect, Frequency, Hours, Length, Model,
    Register, Rule, Rulebook,
};
use crate::data::wrap::wrap;
use crate::record::{Channel, Day};
use std::fmt::Write;

impl Rulebook {
    /// The rulebook in words, with the doubts as they stand on `today`.
    pub fn text(&self, today: Day) -> String {
        let mut out = format!("{} {} (researched {})\n", self.id, self.name, self.as_of);
        if let Some(parent) = self.overlay_on.as_deref() {
            line(&mut out, "adds to", if parent.is_empty() { "whatever law holds" } else { parent });
        }
        let reaches = &self.reaches;
        line_if(&mut out, "regions", &reaches.regions.join(", "));
        line_if(&mut out, "area codes", &reaches.area_codes.join(", "));
        line_if(&mut out, "domains", &reaches.domains.join(", "));
        if let Some(age) = &self.minor_age {
            let note = age.note.as_deref().map_or_else(String::new, |note| format!("; {note}"));
            line(&mut out, "consent from", &format!("{} years [{}]{note}", age.years, age.cites));
        }
        for rule in self.rules.iter().chain(&self.sharing) {
            out.push('\n');
            rule_text(&mut out, rule, today);
        }
        out.push_str("\nSources\n");
        for (id, source) in &self.sources {
            let confidence = confidence_text(source.confidence);
            line(&mut out, id, &format!("{} [{confidence}, {}]", source.title, source.as_of));
            line_if(&mut out, "", &source.url);
        }
        out.push_str("\nNot legal advice.\n");
        out
    }
}

impl Rule {
    /// What is doubtful about the rule on that day, one sentence each.
    pub fn doubts(&self, today: Day) -> Vec<String> {
        let mut doubts = Vec::new();
        match self.confidence {
            Confidence::SeenText | Confidence::SeenSecondary => {}
            Confidence::Memory => doubts.push("the rule as a whole is remembered, not read".to_owned()),
            Confidence::Choice => doubts.push("this product's own choice, not law".to_owned()),
        }
        doubts.extend(self.choices.iter().map(|what| format!("this product's own choice: {what}")));
        if !self.memory_fields.is_empty() {
            doubts.push(format!("remembered, not read: {}", self.memory_fields.join(", ")));
        }
        doubts.extend(self.unverified.iter().map(|what| format!("not verified: {what}")));
        if today > self.review_by {
            doubts.push(format!("to be reviewed by {}: overdue", self.review_by));
        }
        doubts
    }

    /// The hours of a channel, or of all: `mon-fri 10:00-13:00 (recipient's time)`; nothing where any will do.
    pub fn hours_text(&self, channel: Option<Channel>) -> String {
        let speaks =
            |hours: &&Hours| channel.is_none_or(|c| hours.channels.is_empty() || hours.channels.contains(&c));
        let words: Vec<_> =
            self.hours.iter().filter(speaks).map(|h| hours_text(h, channel.is_none())).collect();
        if words.is_empty() { String::new() } else { format!("{} (recipient's time)", words.join("; ")) }
    }

    /// `at most 4 in 30 days`; nothing where any number will do.
    pub fn frequency_text(&self) -> String {
        let text = |f: &Frequency| {
            format!("at most {} in {} day{}", f.max, f.per_days, if f.per_days == 1 { "" } else { "s" })
        };
        self.frequency.as_ref().map(text).unwrap_or_default()
    }
}

fn rule_text(out: &mut String, rule: &Rule, today: Day) {
    let channels = words(&rule.channels, Channel::word);
    let channels = if channels.is_empty() { "handing the list on" } else { &channels };
    let line_kind = rule.line.map_or_else(String::new, |kind| format!(", {} lines", kind.word()));
    let _ = writeln!(out, "{}  {channels} ({}{line_kind})", rule.id, rule.audience.word());
    line_if(out, "only where", rule.condition.as_deref().unwrap_or_default());
    let say = |word: &str, day: Option<Day>| day.map(|day| format!("{word} {day}"));
    let span = [say("from", rule.in_force.from), say("to", rule.in_force.to)].into_iter().flatten();
    line_if(out, "in force", &span.collect::<Vec<_>>().join(" "));
    line(out, "model", model_text(rule.model));
    line(out, "grounds", &words(&rule.bases, Basis::word));
    line(out, "confirmation", rule.double_opt_in.word());
    clocks_text(out, rule);
    line_if(out, "evidence", &words(&rule.evidence, EvidenceCode::word));
    if rule.form_signs {
        let signs = "a form, a ticked box, a text reply or a key press counts, where its wording was kept";
        line(out, "signature", signs);
    }
    for (label, text) in [("keep", &rule.evidence_keep), ("businesses", &rule.b2b), ("notes", &rule.notes)] {
        line_if(out, label, text.as_deref().unwrap_or_default());
    }
    line_if(out, "duties", &rule.duties.join("; "));
    let confidence = confidence_text(rule.confidence);
    line(out, "cites", &format!("{} [{confidence}, {}]", rule.cites.join(", "), rule.as_of));
    line(out, "review by", &rule.review_by.to_string());
    for doubt in rule.doubts(today) {
        line(out, "doubt", &doubt);
    }
}

fn clocks_text(out: &mut String, rule: &Rule) {
    for window in &rule.windows {
        let (basis, event) = (spaced(window.basis.word()), spaced(window.event.word()));
        let anew = window.restarts_on.map(|e| format!(", anew with {}", spaced(e.word())));
        line(out, "window", &format!("{basis}: {} from {event}{}", window.length, anew.unwrap_or_default()));
    }
    if let Some(expiry) = &rule.expiry {
        line(out, "expiry", &expiry_text(expiry));
    }
    for register in &rule.registries {
        line(out, "register", &register_text(register));
    }
    let soon = match rule.opt_out.within {
        Length::Days(0) => "at once".to_owned(),
        within => format!("within {within}"),
    };
    let note = bracketed(rule.opt_out.note.as_deref());
    line(out, "opt-out", &format!("{soon}, reaches the {}{note}", rule.opt_out.scope.word()));
    if let Some(told) = &rule.opt_out.confirmation {
        let duty = match told.duty {
            Duty::Once => "one message allowed",
            Duty::Owed => "one message owed",
        };
        let note = bracketed(told.note.as_deref());
        line(out, "confirming", &format!("{duty}, within {}{note}", told.within));
    }
    if let Some(ban) = &rule.reask_ban {
        let note = bracketed(ban.note.as_deref());
        line(out, "asking", &format!("barred {} after {}{note}", ban.length, spaced(ban.from.word())));
    }
    line_if(out, "hours", &rule.hours_text(None));
    let note = bracketed(rule.frequency.as_ref().and_then(|f| f.note.as_deref()));
    line_if(out, "frequency", &format!("{}{note}", rule.frequency_text()));
}

/// ` (note)`; nothing where there is no note.
fn bracketed(note: Option<&str>) -> String {
    note.map_or_else(String::new, |note| format!(" ({note})"))
}

fn expiry_text(expiry: &Expiry) -> String {
    let (kind, from) = (spaced(expiry.kind.word()), spaced(expiry.from.word()));
    let bases = words(&expiry.bases, Basis::word);
    let then = match expiry.effect {
        FlawEffect::Block => "then the ground is gone",
        FlawEffect::Warn => "then a warning",
        FlawEffect::NoticeDue => "then a notice to the person is due",
    };
    let mut text = format!("{} from {from} ({kind}; for {bases}), {then}", expiry.length);
    if expiry.from_collection {
        text.push_str("; from the consent or purchase where none is known");
    }
    if let Some(hard) = expiry.hard_length {
        let _ = write!(text, "; gone after {hard}");
    }
    if let Some(event) = expiry.restarts_on {
        let _ = write!(text, "; anew with {}", spaced(event.word()));
    }
    if let Some(note) = &expiry.note {
        let _ = write!(text, ". {note}");
    }
    text
}

fn register_text(register: &Register) -> String {
    let kind = if register.statutory { "statutory" } else { "voluntary" };
    let mut text = format!("{} ({kind}), answer valid {}", register.id, register.max_age);
    if !register.overridden_by.is_empty() {
        let bases = words(&register.overridden_by, Basis::word);
        let later = if register.only_if_later { " if later than the entry" } else { "" };
        let _ = write!(text, ", overridden by {bases}{later}");
    }
    if register.positive {
        text.push_str("; lists consents, so that an absent point is a no");
    }
    if let Some(within) = register.entry_within {
        let _ = write!(text, "; consent entered later than {within} is void");
    }
    text.push_str(&channels_text(&register.channels));
    if let Some(note) = &register.note {
        let _ = write!(text, ". {note}");
    }
    text
}

fn hours_text(hours: &Hours, named: bool) -> String {
    let not_on = hours.not_on.as_deref().map_or_else(String::new, |days| format!(", not on {days}"));
    let channels = if named { channels_text(&hours.channels) } else { String::new() };
    let days = if hours.days == Days::All { "every day" } else { hours.days.word() };
    format!("{days} {}{not_on}{channels}", hours.allow.join(" and "))
}

/// ` (sms, call only)` where a part of a rule is about some of its channels.
fn channels_text(channels: &[Channel]) -> String {
    if channels.is_empty() { String::new() } else { format!(" (only {})", words(channels, Channel::word)) }
}

/// What holds when nothing is known about a person.
const fn model_text(model: Model) -> &'static str {
    match model {
        Model::OptIn => "opt in: contact needs consent or another ground named below",
        Model::OptOut => "opt out: contact is free until refused, as far as a ground named below holds",
        Model::ExpressWritten => "written: contact needs consent in writing",
        Model::RegistryCheck => "register: barred until the register below was asked",
    }
}

const fn confidence_text(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::SeenText => "text read",
        Confidence::SeenSecondary => "second hand",
        Confidence::Memory => "from memory",
        Confidence::Choice => "own choice",
    }
}

fn spaced(word: &str) -> String {
    word.replace('_', " ")
}

/// The words of several values.
fn words<T: Copy>(values: &[T], word: impl Fn(T) -> &'static str) -> String {
    values.iter().map(|value| spaced(word(*value))).collect::<Vec<_>>().join(", ")
}

/// A labelled paragraph; nothing where there is no text.
fn line_if(out: &mut String, label: &str, text: &str) {
    if !text.is_empty() {
        line(out, label, text);
    }
}

/// One labelled paragraph, wrapped at blanks.
fn line(out: &mut String, label: &str, text: &str) {
    const INDENT: usize = 16;
    let _ = write!(out, "  {label:<12}  ");
    let column = out.len() - out.rfind('\n').map_or(0, |at| at + 1);
    wrap(out, column, INDENT, text);
}
