//! Events: dated facts about a contact point, each with what proves it.

use super::{Channels, Place, Stamp, words};
use serde::{Deserialize, Serialize};

words! {
    /// What happened, strongest refusal first. Index files hold the number of a kind: a new one goes to the end.
    pub enum EventKind: Deserialize {
        /// The person is known to have died.
        Deceased = "deceased",
        /// Erasure asked for (GDPR Art. 17 and its like).
        Erasure = "erasure",
        /// Marked as spam by the recipient.
        Complaint = "complaint",
        /// Marked do-not-contact, by whomever.
        DoNotContact = "do_not_contact",
        /// Objection to direct marketing.
        Objection = "objection",
        /// Consent withdrawn: an unsubscribe, a STOP.
        ConsentWithdrawn = "consent_withdrawn",
        /// Said no on a call.
        RefusalOnCall = "refusal_on_call",
        /// Asked, and said no; or a consent column says no.
        ConsentDeclined = "consent_declined",
        /// Asked, not answered: no ground for contact of any kind.
        ConsentPending = "consent_pending",
        /// Consent given.
        ConsentGiven = "consent_given",
        /// Consent confirmed by a second act (double opt-in).
        ConsentConfirmed = "consent_confirmed",
        /// Bought something.
        Purchase = "purchase",
        /// Asked something.
        Inquiry = "inquiry",
        /// Gave a donation, or is a member.
        Donation = "donation",
        /// A contract ended.
        ContractEnd = "contract_end",
        /// Mail came back for good.
        HardBounce = "hard_bounce",
        /// Mail came back for now.
        SoftBounce = "soft_bounce",
        /// Opened, clicked, logged in.
        LastActivity = "last_activity",
        /// The person wrote, called or clicked.
        LastInboundContact = "last_inbound_contact",
        /// We wrote.
        LastMessageSent = "last_message_sent",
        /// A notice of consent was sent.
        NoticeOfConsentSent = "notice_of_consent_sent",
        /// A register was asked about this point.
        RegistryCheck = "registry_check",
        /// The point stands on a register brought with the run.
        RegistryListed = "registry_listed",
        /// A consent column says no, which there may also mean never asked: no refusal, and no ground but consent.
        ConsentNotGiven = "consent_not_given",
        /// The day from which the consent told in the same row no longer holds.
        ConsentEnded = "consent_ended",
        /// The number has another holder now, or belongs to nobody: whoever is reached there is not the person.
        NumberReassigned = "number_reassigned",
        /// A word where permission is told is not known: no refusal, and no contact until somebody says what it means.
        ConsentWordUnknown = "consent_word_unknown",
    }
}

impl EventKind {
    /// Whether the event forbids contact (DESIGN: *refusal*).
    pub const fn is_refusal(self) -> bool {
        (self as u8) <= Self::ConsentDeclined as u8
    }

    /// Whether the event belongs into a suppression file: a refusal, mail that came back for good, or a number that reaches
    /// somebody else.
    pub const fn suppresses(self) -> bool {
        self.is_refusal() || matches!(self, Self::HardBounce | Self::NumberReassigned)
    }

    /// Whether the event stops contact: it suppresses, a register lists the point, or a word about it is not known.
    pub const fn stops(self) -> bool {
        self.suppresses() || matches!(self, Self::RegistryListed | Self::ConsentWordUnknown)
    }

    /// Whether the event speaks for contact, and so holds for the exact address only.
    pub const fn is_consent(self) -> bool {
        matches!(self, Self::ConsentGiven | Self::ConsentConfirmed)
    }
}

/// Proofs of an event: the facts that its file gives beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Evidence(pub u32);

impl Evidence {
    /// Where it was captured is told: a form, a file of a recognised vendor, a method of its own.
    pub const SOURCE: Self = Self(1);
    /// How it was captured is told.
    pub const METHOD: Self = Self(1 << 1);
    /// The wording shown is told.
    pub const WORDING: Self = Self(1 << 2);
    /// The address of the machine that sent it is told.
    pub const IP: Self = Self(1 << 3);
    /// The purpose is told.
    pub const PURPOSE: Self = Self(1 << 4);
    /// It came in through an import: what happened before is not known.
    pub const IMPORTED: Self = Self(1 << 5);
    /// The operator states it (`--assert-basis`).
    pub const ASSERTED: Self = Self(1 << 6);
    /// In writing or signed electronically.
    pub const WRITTEN: Self = Self(1 << 7);
    /// The confirmation of a double opt-in carries its own address.
    pub const CONFIRM_IP: Self = Self(1 << 8);
    /// It came from a source that names no person of ours: a register, a suppression file, an event file.
    pub const OUTSIDE: Self = Self(1 << 9);
    /// A purchase at which refusal of advertising was offered (soft opt-in).
    pub const OPTOUT_OFFERED: Self = Self(1 << 10);
    /// A refusal that came from another contact, over a shared point or because they may be one person: one step,
    /// so it goes no further.
    pub const TRAVELLED: Self = Self(1 << 11);
    /// It stands in a suppression file of ours, which does not tell whose row it was: at a point that several hold
    /// it reaches all of them, and goes no further.
    pub const CARRIED: Self = Self(1 << 12);
    /// So many consents of the same file carry the same time that a machine wrote it.
    pub const BULK_TIME: Self = Self(1 << 13);
    /// So many consents of the same file came from the same IP address that it is not their people's.
    pub const BULK_IP: Self = Self(1 << 14);
    /// It came with more sign-ups in a minute, or from one IP address in a day, than people make.
    pub const RUSH: Self = Self(1 << 15);
    /// Every cell of its column says yes, and the profile takes that for a no.
    pub const ALL_YES: Self = Self(1 << 16);
    /// All consents of its file carry one time: people did not all act then, and it lifts no refusal.
    pub const ONE_TIME: Self = Self(1 << 17);
    /// A refusal at a point that several people hold, told by another than the one who learns of it: a consent of theirs
    /// does not lift it.
    pub const OF_ANOTHER: Self = Self(1 << 18);
    /// The person acted on a screen: sent a form, ticked a box, answered a text or pressed a key.
    pub const FORM: Self = Self(1 << 19);
    /// What the other consents of the file say of one: each of these speaks against it.
    pub const CROWD: Self = Self::BULK_TIME.with(Self::BULK_IP).with(Self::RUSH).with(Self::ALL_YES);

    /// Both together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// This without the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether all facts of `other` are told.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// The `detail` of a refusal that speaks of a whole mail domain: the operator's decision. It binds the points of that
/// domain, does not travel to a person's other points, and no person's consent lifts it.
pub const OF_DOMAIN: u16 = u16::MAX;

/// A dated fact about one contact point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// The channels it speaks of.
    pub channels: Channels,
    /// When, as far as the file told.
    pub at: Stamp,
    /// What the file told beside it.
    pub evidence: Evidence,
    /// Number of the purpose, of the register or of the status word, as `kind` asks; of what the operator states, one
    /// more than the place of its ground among the words of rulebooks. 0 = none told.
    pub detail: u16,
    /// Where it stands.
    pub place: Place,
}

words! {
    /// Meaning of a vendor's word, before it becomes an event. A word that no table lists means `Unknown`, never
    /// consent.
    pub enum Meaning: Serialize, Deserialize {
        /// Consent stands.
        Granted = "granted",
        /// Asked and said no.
        Denied = "denied",
        /// Left.
        Withdrawn = "withdrawn",
        /// Asked, not confirmed.
        Pending = "pending",
        /// Never asked.
        Never = "never",
        /// A no that may also mean never asked.
        NotGiven = "not_given",
        /// Brought in by an import: nobody knows whether the person agreed.
        ImportedUnverified = "imported_unverified",
        /// Says nothing we may build on.
        Unknown = "unknown",
        /// Came back for good.
        BouncedHard = "bounced_hard",
        /// Came back for now.
        BouncedSoft = "bounced_soft",
        /// Came back, not said how: treated as for good.
        Bounced = "bounced",
        /// Complained.
        Complained = "complained",
        /// Not an address that can receive.
        Invalid = "invalid",
        /// On the vendor's own do-not-contact list.
        Suppressed = "suppressed",
        /// Has died.
        Deceased = "deceased",
        /// A temporary block: no refusal.
        BlockedSoft = "blocked_soft",
        /// Deleted at the vendor: erased or archived.
        Deleted = "deleted",
        /// No activity.
        Inactive = "inactive",
        /// A yes of a column that is no consent column.
        True = "true",
        /// A no of a column that is no consent column.
        False = "false",
        /// A word that no table knows, where permission is told.
        Unheard = "unheard",
    }
}
