//! What would change a decision: one sentence per reason, for whoever has to do it.

use crate::data::networks;
use crate::pipeline::jobs::explain::story::PointDecision;

/// What would change it.
pub(crate) fn change(decision: &PointDecision) -> String {
    if decision.contactable {
        return match decision.valid_until.as_str() {
            "" => "A refusal.".to_owned(),
            day => format!("A refusal; and it ends after {day}."),
        };
    }
    no(&decision.reason).replace(POINT, point(decision))
}

/// Stands for the word for the point that is judged.
const POINT: &str = "{point}";

/// What people call the point of a decision.
fn point(decision: &PointDecision) -> &'static str {
    match decision.channel.as_str() {
        _ if networks::is_written(&decision.point) => "account",
        "email" | "post" => "address",
        _ => "number",
    }
}

const BY_ID: &[(&str, &str)] = &[
    ("basis-not-of-law", "A ground that the law knows for this channel; `contactable rules` lists them."),
    ("basis-window-over", "A newer purchase, contract, question or gift, or express consent."),
    ("consent-ageing", "A newer consent, or a newer message that the person did not refuse."),
    (
        "consent-before-list",
        "The right date of the consent; or the list's own, if it is older (list_since in the profile).",
    ),
    (
        "consent-bulk-ip",
        "The sign-up as the form recorded it, with the person's own IP address (--events FILE).",
    ),
    ("consent-bulk-time", "The sign-up as the form recorded it, with its own time (--events FILE)."),
    ("consent-clock-unknown", "The day that the rule counts from, or a newer consent."),
    ("consent-evidence-incomplete", "The missing evidence, brought with --events FILE."),
    ("consent-expired", "A newer consent, or a newer sign of the person where the rule counts from one."),
    ("consent-future-dated", "The right date of the consent."),
    ("consent-imported-unverified", "The sign-up behind the import, with its day (--events FILE)."),
    (
        "consent-never-asked",
        "The person's consent, or another ground that the rule names; bring it with --events FILE.",
    ),
    (
        "consent-not-given",
        "The person's own consent, with its day: beside such a no nothing else is a ground (--events FILE).",
    ),
    ("consent-not-written", "Consent in writing, or signed electronically, for this very number."),
    ("consent-other-point", "Consent given for this very {point}: it does not move."),
    ("consent-other-purpose", "Consent for the purpose of this run."),
    ("consent-pending", "The person's answer: a yes with its day."),
    ("consent-rush", "The person's own confirmation, at a time of its own (--events FILE)."),
    ("consent-single-opt-in", "The confirmation of the sign-up by the person, later than the sign-up."),
    ("consent-unconfirmed", "The confirmation of the sign-up by the person, later than the sign-up."),
    ("consent-undated", "The day on which the yes was given (--events FILE)."),
    ("consent-unsourced", "Where the yes was given: form, file or method (--events FILE)."),
    ("engagement-inactive", "A sign of the person: a click, a purchase, a consent."),
    ("frequency-too-soon", "Time: the finding tells the day from which the next message may go out."),
    (
        "mapping-consent-all-yes",
        "Where the yes comes from: form, date and source of each sign-up (--events FILE).",
    ),
    ("person-minor", "A parent's consent, which these files cannot prove."),
    ("point-missing", "A valid {point} for this channel."),
    ("preference-other-channel", "The person's word that this channel will do too."),
    ("refusal-deceased", "Nothing."),
    ("refusal-erasure", "Nothing in these files: only the person can come back, by a new consent."),
    ("registry-absent", "The entry of the consent in the register, in time."),
    ("registry-listed", "A ground that holds against the register; the rule names those."),
    ("registry-not-brought", "The register's answer on this point (--registry ID=FILE@DATE)."),
    ("registry-stale", "A newer answer of the register (--registry ID=FILE@DATE)."),
    ("suppression-not-cleared", "A ground for this very {point}, and nothing that stands against it."),
];

/// Any other finding blocks only where the profile says so.
const OF_PROFILE: &str = "Data without this finding, or a profile that does not name it under `block`.";

fn no(reason: &str) -> &'static str {
    if let Ok(at) = BY_ID.binary_search_by(|(id, _)| (*id).cmp(reason)) {
        return BY_ID[at].1;
    }
    match reason.split('-').next() {
        Some("refusal") => {
            "Only the person: a later, dated, express consent for this very {point} and channel. Asking for it \
             is itself marketing."
        }
        Some("bounce") => "A later click or confirmation at the {point}, or another {point}.",
        Some("email" | "phone" | "sms" | "domain" | "post" | "handle") => {
            "A corrected {point}, or another one."
        }
        _ => OF_PROFILE,
    }
}

#[cfg(test)]
mod tests {
    use super::{BY_ID, OF_PROFILE, no};
    use crate::reason::{Effect, Reason};

    #[test]
    fn every_remedy_is_for_a_reason_there_is_and_they_are_sorted() {
        assert!(BY_ID.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (id, says) in BY_ID {
            assert!(Reason::from_id(id).is_some(), "{id}");
            assert!(says.ends_with('.'), "{id}");
        }
    }

    #[test]
    fn whatever_blocks_by_itself_has_a_remedy_of_its_own() {
        for reason in Reason::ALL.iter().filter(|reason| reason.effect() == Effect::Blocks) {
            assert!(no(reason.id()) != OF_PROFILE, "{}", reason.id());
        }
    }
}
