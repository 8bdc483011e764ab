//! The names of the evidence that outputs list.

use crate::record::Evidence;

/// What a file can tell beside an event, in the words of rulebooks where they have one.
pub(crate) const PROOFS: &[(Evidence, &str); 13] = &[
    (Evidence::SOURCE, "capture_source"),
    (Evidence::METHOD, "method"),
    (Evidence::WORDING, "wording"),
    (Evidence::IP, "ip"),
    (Evidence::PURPOSE, "purpose_scope"),
    (Evidence::WRITTEN, "signature"),
    (Evidence::CONFIRM_IP, "confirmation_ip"),
    (Evidence::OPTOUT_OFFERED, "optout_at_capture"),
    (Evidence::IMPORTED, "imported"),
    (Evidence::ASSERTED, "asserted"),
    (Evidence::BULK_TIME, "bulk_time"),
    (Evidence::BULK_IP, "bulk_ip"),
    (Evidence::RUSH, "rush"),
];

/// What a file tells beside an event, in words.
pub(crate) fn proofs(evidence: Evidence) -> impl Iterator<Item = &'static str> {
    PROOFS.iter().filter(move |(proof, _)| evidence.has(*proof)).map(|(_, word)| *word)
}
