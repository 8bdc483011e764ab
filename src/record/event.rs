//! Events: dated facts about a contact point, each with what proves it.

use super::{Channels, Place, Stamp};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum EventKind {
    /// The person is known to have died.
    Deceased,
    /// Erasure asked for (GDPR Art. 17 and its like).
    Erasure,
    /// Marked as spam by the recipient.
    Complaint,
    /// Marked do-not-contact, by whomever.
    DoNotContact,
    /// Objection to direct marketing.
    Objection,
    /// Consent withdrawn: an unsubscribe, a STOP.
    ConsentWithdrawn,
    /// Said no on a call.
    RefusalOnCall,
    /// Asked, and said no; or a consent column says no.
    ConsentDeclined,
    /// Asked, not answered: no ground for contact of any kind.
    ConsentPending,
    /// Consent given.
    ConsentGiven,
    /// Consent confirmed by a second act (double opt-in).
    ConsentConfirmed,
    /// Bought something.
    Purchase,
    /// Asked something.
    Inquiry,
    /// Gave a donation, or is a member.
    Donation,
    /// A contract ended.
    ContractEnd,
    /// Mail came back for good.
    HardBounce,
    /// Mail came back for now.
    SoftBounce,
    /// Opened, clicked, logged in.
    LastActivity,
    /// The person wrote, called or clicked.
    LastInboundContact,
    /// We wrote.
    LastMessageSent,
    /// A notice of consent was sent.
    NoticeOfConsentSent,
    /// A register was asked about this point.
    RegistryCheck,
    /// The point stands on a register brought with the run.
    RegistryListed,
    /// A consent column says no, which there may also mean never asked: no refusal, and no ground but consent.
    ConsentNotGiven,
    /// The day from which the consent told in the same row no longer holds.
    ConsentEnded,
}

impl EventKind {
    /// All kinds, strongest refusal first.
    pub const ALL: [Self; 25] = [
        Self::Deceased,
        Self::Erasure,
        Self::Complaint,
        Self::DoNotContact,
        Self::Objection,
        Self::ConsentWithdrawn,
        Self::RefusalOnCall,
        Self::ConsentDeclined,
        Self::ConsentPending,
        Self::ConsentGiven,
        Self::ConsentConfirmed,
        Self::Purchase,
        Self::Inquiry,
        Self::Donation,
        Self::ContractEnd,
        Self::HardBounce,
        Self::SoftBounce,
        Self::LastActivity,
        Self::LastInboundContact,
        Self::LastMessageSent,
        Self::NoticeOfConsentSent,
        Self::RegistryCheck,
        Self::RegistryListed,
        Self::ConsentNotGiven,
        Self::ConsentEnded,
    ];

    /// The word of event files and outputs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Deceased => "deceased",
            Self::Erasure => "erasure",
            Self::Complaint => "complaint",
            Self::DoNotContact => "do_not_contact",
            Self::Objection => "objection",
            Self::ConsentWithdrawn => "consent_withdrawn",
            Self::RefusalOnCall => "refusal_on_call",
            Self::ConsentDeclined => "consent_declined",
            Self::ConsentPending => "consent_pending",
            Self::ConsentGiven => "consent_given",
            Self::ConsentConfirmed => "consent_confirmed",
            Self::Purchase => "purchase",
            Self::Inquiry => "inquiry",
            Self::Donation => "donation",
            Self::ContractEnd => "contract_end",
            Self::HardBounce => "hard_bounce",
            Self::SoftBounce => "soft_bounce",
            Self::LastActivity => "last_activity",
            Self::LastInboundContact => "last_inbound_contact",
            Self::LastMessageSent => "last_message_sent",
            Self::NoticeOfConsentSent => "notice_of_consent_sent",
            Self::RegistryCheck => "registry_check",
            Self::RegistryListed => "registry_listed",
            Self::ConsentNotGiven => "consent_not_given",
            Self::ConsentEnded => "consent_ended",
        }
    }

    /// The event of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.word() == word)
    }

    /// Whether the event forbids contact (DESIGN: *refusal*).
    pub const fn is_refusal(self) -> bool {
        (self as u8) <= Self::ConsentDeclined as u8
    }

    /// Whether the event belongs into a suppression file: a refusal, or mail that came back for good.
    pub const fn suppresses(self) -> bool {
        self.is_refusal() || matches!(self, Self::HardBounce)
    }

    /// Whether the event stops contact: it suppresses, or a register lists the point.
    pub const fn stops(self) -> bool {
        self.suppresses() || matches!(self, Self::RegistryListed)
    }

    /// Whether the event speaks for contact, and so holds for the exact address only.
    pub const fn is_consent(self) -> bool {
        matches!(self, Self::ConsentGiven | Self::ConsentConfirmed)
    }
}

/// What proves an event: which facts the file told beside it.
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

/// What a vendor's word means, before it becomes an event.
///
/// The words of `formats.toml`; a word that is not listed means `Unknown`, never consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meaning {
    /// Consent stands.
    Granted,
    /// Asked and said no.
    Denied,
    /// Left.
    Withdrawn,
    /// Asked, not confirmed.
    Pending,
    /// Never asked.
    Never,
    /// A no that may also mean never asked.
    NotGiven,
    /// Brought in by an import: nobody knows whether the person agreed.
    ImportedUnverified,
    /// Says nothing we may build on.
    Unknown,
    /// Came back for good.
    BouncedHard,
    /// Came back for now.
    BouncedSoft,
    /// Came back, not said how: treated as for good.
    Bounced,
    /// Complained.
    Complained,
    /// Not an address that can receive.
    Invalid,
    /// On the vendor's own do-not-contact list.
    Suppressed,
    /// Has died.
    Deceased,
    /// A temporary block: no refusal.
    BlockedSoft,
    /// Deleted at the vendor: erased or archived.
    Deleted,
    /// No activity.
    Inactive,
    /// A yes of a column that is no consent column.
    True,
    /// A no of a column that is no consent column.
    False,
}
