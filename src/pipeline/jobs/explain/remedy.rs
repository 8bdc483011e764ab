//! What would change a decision: the remedy of its reason, for whoever has to do it.

use crate::data::networks;
use crate::pipeline::jobs::explain::story::PointDecision;
use crate::reason::Reason;

/// What would change it.
pub(crate) fn change(decision: &PointDecision) -> String {
    if decision.contactable {
        return match decision.valid_until.as_str() {
            "" => "A refusal.".to_owned(),
            day => format!("A refusal; and it ends after {day}."),
        };
    }
    let remedy = Reason::from_id(&decision.reason).and_then(Reason::remedy).unwrap_or(OF_PROFILE);
    remedy.replace(POINT, point(decision))
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

/// Any other finding blocks only where the profile says so.
const OF_PROFILE: &str = "Data without this finding, or a profile that does not name it under `block`.";
