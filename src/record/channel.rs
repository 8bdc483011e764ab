//! Channels and the kinds of contact point they reach.

use serde::{Deserialize, Serialize};

/// A way to reach a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Channel {
    /// E-mail.
    Email,
    /// Text message to a number.
    Sms,
    /// Live voice call.
    Call,
    /// Addressed post.
    Post,
    /// Direct message or messenger (WhatsApp and the like), on request.
    Messaging,
    /// Prerecorded or automated call, on request.
    AutoCall,
}

impl Channel {
    /// All channels, in output order.
    pub const ALL: [Self; 6] =
        [Self::Email, Self::Sms, Self::Call, Self::Post, Self::Messaging, Self::AutoCall];

    /// Channels decided unless the user asks for others.
    pub const DEFAULT: [Self; 4] = [Self::Email, Self::Sms, Self::Call, Self::Post];

    /// The word users see and type.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
            Self::Call => "call",
            Self::Post => "post",
            Self::Messaging => "messaging",
            Self::AutoCall => "auto-call",
        }
    }

    /// The channel of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.word() == word)
    }

    /// Whether the channel can use a point of this kind.
    pub const fn reaches(self, kind: PointKind) -> bool {
        Channels::of_point(kind).has(self)
    }

    /// What kind of contact point the channel needs; messages may go to a handle too ([`Self::reaches`]).
    pub const fn point(self) -> PointKind {
        match self {
            Self::Email => PointKind::Email,
            Self::Sms | Self::Call | Self::Messaging | Self::AutoCall => PointKind::Phone,
            Self::Post => PointKind::Post,
        }
    }
}

/// A set of channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Channels(pub u8);

impl Channels {
    /// No channel.
    pub const NONE: Self = Self(0);
    /// Every channel: the scope of a general "stop".
    pub const ALL: Self = Self(0b11_1111);
    /// All channels that use a telephone number.
    pub const PHONE: Self = Self(0b11_0110);

    /// The set of one channel.
    pub const fn only(channel: Channel) -> Self {
        Self(1 << channel as u8)
    }

    /// Every channel that reaches a point of this kind.
    pub const fn of_point(kind: PointKind) -> Self {
        match kind {
            PointKind::Email => Self::only(Channel::Email),
            PointKind::Phone => Self::PHONE,
            PointKind::Post => Self::only(Channel::Post),
            PointKind::Handle => Self::only(Channel::Messaging),
        }
    }

    /// Whether the channel is in the set.
    pub const fn has(self, channel: Channel) -> bool {
        self.0 & (1 << channel as u8) != 0
    }

    /// Whether no channel is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Both sets together.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The channels in both sets.
    #[must_use]
    pub const fn intersect(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The channels of this set that are not in the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The channels of the set in output order.
    pub fn iter(self) -> impl Iterator<Item = Channel> {
        Channel::ALL.into_iter().filter(move |c| self.has(*c))
    }
}

/// The kind of a contact point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum PointKind {
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A postal address.
    Post,
    /// An account of a social network or messenger.
    Handle,
}
