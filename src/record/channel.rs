//! Channels and the kinds of contact point they reach.

use super::{Set, words};
use serde::{Deserialize, Serialize};

words! {
    // Index files hold the number of a channel: a new one goes to the end.
    /// A way to reach a person.
    #[cfg_attr(test, derive(schemars::JsonSchema))]
    pub enum Channel: Serialize, Deserialize {
        /// E-mail.
        Email = "email",
        /// Text message to a number.
        Sms = "sms",
        /// Live voice call.
        Call = "call",
        /// Addressed post.
        Post = "post",
        /// Direct message or messenger (WhatsApp and the like), on request.
        Messaging = "messaging",
        /// Prerecorded or automated call, on request.
        AutoCall = "auto-call",
    }
}

impl Channel {
    /// Channels decided unless the user asks for others.
    pub const DEFAULT: [Self; 4] = [Self::Email, Self::Sms, Self::Call, Self::Post];

    /// Whether the channel can use a point of this kind.
    pub fn reaches(self, kind: PointKind) -> bool {
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

/// A set of channels. Index files and temporary files hold its byte.
pub type Channels = Set<Channel>;

impl Channels {
    /// Every channel: the scope of a general "stop".
    pub const ALL: Self = Self::from_bytes([0b11_1111]);
    /// These, as a stop means them: one by text ends calls too, and one by telephone ends texts.
    #[must_use]
    pub fn as_stopped(self) -> Self {
        if self.intersect(Self::PHONE).is_empty() { self } else { self.union(Self::PHONE) }
    }

    /// All channels that use a telephone number.
    pub const PHONE: Self = Self::numbered(&[
        Channel::Sms as u8,
        Channel::Call as u8,
        Channel::Messaging as u8,
        Channel::AutoCall as u8,
    ]);

    /// Every channel that reaches a point of this kind.
    pub const fn of_point(kind: PointKind) -> Self {
        match kind {
            PointKind::Email => Self::numbered(&[Channel::Email as u8]),
            PointKind::Phone => Self::PHONE,
            PointKind::Post => Self::numbered(&[Channel::Post as u8]),
            PointKind::Handle => Self::numbered(&[Channel::Messaging as u8]),
        }
    }
}

words! {
    /// The kind of a contact point.
    pub enum PointKind: Serialize, Deserialize {
        /// An e-mail address.
        Email = "email",
        /// A telephone number.
        Phone = "phone",
        /// A postal address.
        Post = "post",
        /// An account of a social network or messenger.
        Handle = "handle",
    }
}
