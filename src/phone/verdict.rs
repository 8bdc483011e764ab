//! The words of a phone verdict: how good, what type, whether text messages arrive, and why.

use crate::reason::{Effect, Reason};
use crate::record::{Few, words};

words! {
    /// How good the cell is as a telephone number.
    pub enum PhoneVerdict {
        /// An assigned number, written so that nothing had to be done.
        Ok = "ok",
        /// An assigned number, after something was repaired; the reasons say what.
        Repaired = "repaired",
        /// An assigned number with something to look at.
        Risky = "risky",
        /// Not a number that can be dialled.
        Invalid = "invalid",
    }
}

words! {
    /// What kind of line a number range is for: the words of libphonenumber.
    pub enum Type {
        /// Fixed line.
        FixedLine = "FIXED_LINE",
        /// Mobile.
        Mobile = "MOBILE",
        /// The plan does not keep them apart (most of North America).
        FixedLineOrMobile = "FIXED_LINE_OR_MOBILE",
        /// Freephone.
        TollFree = "TOLL_FREE",
        /// Premium rate: calling costs extra.
        PremiumRate = "PREMIUM_RATE",
        /// Shared cost.
        SharedCost = "SHARED_COST",
        /// Voice over IP.
        Voip = "VOIP",
        /// Personal number.
        PersonalNumber = "PERSONAL_NUMBER",
        /// Pager.
        Pager = "PAGER",
        /// Universal access number of a company.
        Uan = "UAN",
        /// Voice mail access.
        Voicemail = "VOICEMAIL",
        /// Not assigned, or not known.
        Unknown = "UNKNOWN",
    }
}

impl Type {
    pub(super) fn of_number(kind: Option<u8>) -> Self {
        kind.and_then(Self::from_number).unwrap_or(Self::Unknown)
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

words! {
    /// Whether text messages arrive, as far as the number range tells. Never proof of an assigned or live line.
    pub enum Sms {
        /// A mobile range.
        Likely = "likely",
        /// The plan keeps mobile and fixed lines together.
        Unknown = "unknown",
        /// Depends on the carrier.
        Uncertain = "uncertain",
        /// A range for voice calls, or no assigned range.
        Unlikely = "unlikely",
    }
}

/// A few reasons, each once, in the order they were found. More than eight at once do not occur.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct NumberReasons(Few<Reason, 8>);

impl Default for NumberReasons {
    fn default() -> Self {
        Self(Few::new(Reason::PhoneNotANumber))
    }
}

impl NumberReasons {
    /// Adds a reason unless it is there.
    pub fn add(&mut self, reason: Reason) {
        if !self.has(reason) {
            self.0.push(reason);
        }
    }

    /// The reasons, in the order they were found.
    pub fn as_slice(&self) -> &[Reason] {
        self.0.as_slice()
    }

    /// Whether this reason is among them.
    pub fn has(&self, reason: Reason) -> bool {
        self.as_slice().contains(&reason)
    }

    /// The verdict they add up to. A premium or fax number, and one not to be used, blocks contact, but is one.
    pub(super) fn verdict(&self) -> PhoneVerdict {
        let of = |reason: &Reason| match (reason, reason.effect()) {
            (Reason::PhonePremiumRate | Reason::PhoneFax | Reason::PhoneSaysNo, _) | (_, Effect::Warns) => {
                PhoneVerdict::Risky
            }
            (_, Effect::Blocks) => PhoneVerdict::Invalid,
            (_, Effect::Repairs) => PhoneVerdict::Repaired,
            (_, Effect::Notes) => PhoneVerdict::Ok,
        };
        self.as_slice().iter().map(of).max().unwrap_or(PhoneVerdict::Ok)
    }
}

impl std::fmt::Debug for NumberReasons {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.as_slice().iter().map(|r| r.id())).finish()
    }
}
