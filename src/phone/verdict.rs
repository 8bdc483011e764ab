//! The words of a phone verdict: how good, what type, whether text messages arrive, and why.

use crate::reason::{Effect, Reason};

/// How good the cell is as a telephone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// An assigned number, written so that nothing had to be done.
    Ok,
    /// An assigned number, after something was repaired; the reasons say what.
    Repaired,
    /// An assigned number with something to look at.
    Risky,
    /// Not a number that can be dialled.
    Invalid,
}

impl Verdict {
    /// The word that outputs carry.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Repaired => "repaired",
            Self::Risky => "risky",
            Self::Invalid => "invalid",
        }
    }
}

/// What kind of line a number range is for: the words of libphonenumber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Type {
    /// Fixed line.
    FixedLine,
    /// Mobile.
    Mobile,
    /// The plan does not keep them apart (most of North America).
    FixedLineOrMobile,
    /// Freephone.
    TollFree,
    /// Premium rate: calling costs extra.
    PremiumRate,
    /// Shared cost.
    SharedCost,
    /// Voice over IP.
    Voip,
    /// Personal number.
    PersonalNumber,
    /// Pager.
    Pager,
    /// Universal access number of a company.
    Uan,
    /// Voice mail access.
    Voicemail,
    /// Not assigned, or not known.
    Unknown,
}

impl Type {
    const ALL: [Self; 12] = [
        Self::FixedLine,
        Self::Mobile,
        Self::FixedLineOrMobile,
        Self::TollFree,
        Self::PremiumRate,
        Self::SharedCost,
        Self::Voip,
        Self::PersonalNumber,
        Self::Pager,
        Self::Uan,
        Self::Voicemail,
        Self::Unknown,
    ];

    pub(super) fn of_number(kind: Option<u8>) -> Self {
        kind.and_then(|k| Self::ALL.get(usize::from(k)).copied()).unwrap_or(Self::Unknown)
    }

    /// libphonenumber's word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::FixedLine => "FIXED_LINE",
            Self::Mobile => "MOBILE",
            Self::FixedLineOrMobile => "FIXED_LINE_OR_MOBILE",
            Self::TollFree => "TOLL_FREE",
            Self::PremiumRate => "PREMIUM_RATE",
            Self::SharedCost => "SHARED_COST",
            Self::Voip => "VOIP",
            Self::PersonalNumber => "PERSONAL_NUMBER",
            Self::Pager => "PAGER",
            Self::Uan => "UAN",
            Self::Voicemail => "VOICEMAIL",
            Self::Unknown => "UNKNOWN",
        }
    }

    /// What can be said offline about text messages.
    pub const fn sms(self) -> Sms {
        match self {
            Self::Mobile => Sms::Likely,
            Self::FixedLineOrMobile => Sms::Unknown,
            Self::Voip | Self::PersonalNumber | Self::Pager => Sms::Uncertain,
            Self::FixedLine
            | Self::TollFree
            | Self::PremiumRate
            | Self::SharedCost
            | Self::Uan
            | Self::Voicemail
            | Self::Unknown => Sms::Unlikely,
        }
    }
}

/// Whether text messages arrive, as far as the number range tells. Never proof of an assigned or live line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sms {
    /// A mobile range.
    Likely,
    /// The plan keeps mobile and fixed lines together.
    Unknown,
    /// Depends on the carrier.
    Uncertain,
    /// A range for voice calls, or no assigned range.
    Unlikely,
}

impl Sms {
    /// The word that outputs carry.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Likely => "likely",
            Self::Unknown => "unknown",
            Self::Uncertain => "uncertain",
            Self::Unlikely => "unlikely",
        }
    }
}

const ROOM: usize = 8;

/// A few reasons, each once, in the order they were found. More than eight at once do not occur.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Reasons {
    items: [Reason; ROOM],
    length: u8,
}

impl Default for Reasons {
    fn default() -> Self {
        Self { items: [Reason::PhoneNotANumber; ROOM], length: 0 }
    }
}

impl Reasons {
    /// Adds a reason unless it is there.
    pub fn add(&mut self, reason: Reason) {
        if !self.has(reason)
            && let Some(slot) = self.items.get_mut(usize::from(self.length))
        {
            *slot = reason;
            self.length += 1;
        }
    }

    /// The reasons, in the order they were found.
    pub fn as_slice(&self) -> &[Reason] {
        &self.items[..usize::from(self.length)]
    }

    /// Whether this reason is among them.
    pub fn has(&self, reason: Reason) -> bool {
        self.as_slice().contains(&reason)
    }

    /// The verdict they add up to. A premium or fax number, and one that must not be used, blocks
    /// contact, but is a number.
    pub(super) fn verdict(&self) -> Verdict {
        let of = |reason: &Reason| match (reason, reason.effect()) {
            (Reason::PhonePremiumRate | Reason::PhoneFax | Reason::PhoneSaysNo, _) | (_, Effect::Warns) => {
                Verdict::Risky
            }
            (_, Effect::Blocks) => Verdict::Invalid,
            (_, Effect::Repairs) => Verdict::Repaired,
            (_, Effect::Notes) => Verdict::Ok,
        };
        self.as_slice().iter().map(of).max().unwrap_or(Verdict::Ok)
    }
}

impl std::fmt::Debug for Reasons {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.as_slice().iter().map(|r| r.id())).finish()
    }
}
