//! The one place where findings become a decision.
//!
//! Takes the points of a contact, what was found on each and its history; gives one decision per channel.
//! Knows what blocks; not how anything was found, not what the law says (`consent` does).

use crate::consent::{Candidate, Held, History, Judgement, RuleTable, Yes, judge};
use crate::data::jurisdiction::{Audience, Basis, LineType, Who};
use crate::reason::{Effect, Reason};
use crate::record::{Channel, PointKind};

/// What decides beside the law: which findings on a point block a channel.
#[derive(Debug)]
pub struct BlockingReasons {
    blocks: Vec<bool>,
    /// Whether a reason leaves nobody reachable: a refusal's, a bounce's, or a word that is not known.
    refuses: Vec<bool>,
}

impl BlockingReasons {
    /// The reason table's own effects, and the reasons a profile adds.
    pub fn new(also: impl Iterator<Item = Reason>) -> Self {
        let mut blocks: Vec<bool> = Reason::ALL.iter().map(|r| r.effect() == Effect::Blocks).collect();
        for reason in also {
            blocks[reason as usize] = true;
        }
        let closed = |r: &Reason| {
            matches!(r.family(), "refusal" | "bounce")
                || matches!(r, Reason::ConsentWordUnknown | Reason::PhoneReassigned)
        };
        let refuses = Reason::ALL.iter().map(closed).collect();
        Self { blocks, refuses }
    }

    /// Whether a finding on a point blocks this channel.
    pub fn blocks(&self, reason: Reason, channel: Channel) -> bool {
        let texting_only = matches!(reason, Reason::SmsUnlikely | Reason::SmsUnknown | Reason::SmsUncertain);
        let texts = matches!(channel, Channel::Sms | Channel::Messaging);
        self.blocks[reason as usize] && (texts || !texting_only)
    }
}

/// A point as a decision sees it.
#[derive(Debug, Clone, Copy)]
pub struct PointFacts<'a> {
    /// What it is.
    pub kind: PointKind,
    /// What was found on it, as positions in the reason table.
    pub reasons: &'a [u8],
    /// Everything that happened at it.
    pub history: &'a [Held],
    /// Whether it is a mailbox at a provider of personal mailboxes.
    pub personal: bool,
}

/// Of whom the rules are asked at a point. A personal mailbox is a consumer's, whatever the list says of its owner:
/// no rule on businesses reaches it.
pub fn who(audience: Audience, personal: bool, line: Option<LineType>) -> Who {
    let audience = if personal && audience == Audience::B2b { Audience::B2c } else { audience };
    Who { audience, line }
}

/// The decision for one contact on one channel.
#[derive(Debug, Clone, Copy)]
pub struct Decision {
    /// Whether the contact may be contacted.
    pub contactable: bool,
    /// Whether a valid point is there that is not refused, permission aside.
    pub reachable: bool,
    /// The ground of a yes; the main reason of a no.
    pub reason: Reason,
    /// The point it is about: the one to use, or the one that came nearest. `None`: there is none.
    pub point: Option<usize>,
    /// What the law says of that point, as far as it was asked.
    pub judgement: Option<Judgement>,
}

impl Decision {
    /// What the yes rests on, if it is one.
    pub fn yes(&self) -> Option<Yes> {
        self.judgement.as_ref().and_then(|judgement| judgement.allowed).filter(|_| self.contactable)
    }

    /// The same decision with a no, for a reason that lies in the person.
    pub fn blocked(self, reason: Reason) -> Self {
        Self { contactable: false, reason, ..self }
    }

    /// What happened at the point it is about; nothing where there is none.
    pub fn history<'h>(&self, histories: &'h [Vec<Held>]) -> &'h [Held] {
        self.point.and_then(|at| histories.get(at)).map_or(&[], Vec::as_slice)
    }
}

/// How far a point came: no address at all is worse than a bad one, a refusal worse than a lack of permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum PointProgress {
    Nowhere,
    Invalid,
    Refused,
    Reachable,
    /// On nothing but the operator's word.
    Stated,
    Contactable,
}

/// Decides a channel. The points come in the order of preference: the first that is contactable is taken, on proof
/// sooner than on a statement; else the first of those that came furthest gives the reason.
pub fn decide<'p>(
    settings: &BlockingReasons,
    table: &RuleTable<'_>,
    candidates: &[Candidate],
    audience: Audience,
    channel: Channel,
    points: impl Iterator<Item = PointFacts<'p>>,
) -> Decision {
    let mut best = Decision {
        contactable: false,
        reachable: false,
        reason: Reason::PointMissing,
        point: None,
        judgement: None,
    };
    let mut came = PointProgress::Nowhere;
    for (at, point) in points.enumerate().filter(|(_, p)| channel.reaches(p.kind)) {
        let history = History { events: point.history };
        let who = who(audience, point.personal, line(point.kind, point.reasons));
        let judgement = judge(table, candidates, channel, who, history);
        let refused = settings.refuses[judgement.reason as usize] && judgement.allowed.is_none();
        let invalid = reasons(point.reasons).find(|r| settings.blocks(*r, channel));
        let doubted =
            judgement.findings.all().iter().map(|f| f.reason).find(|r| settings.blocks(*r, channel));
        let (next, reason) = match (invalid, refused, judgement.allowed) {
            (Some(reason), ..) => (PointProgress::Invalid, reason),
            (None, true, _) => (PointProgress::Refused, judgement.reason),
            (None, false, None) => (PointProgress::Reachable, judgement.reason),
            (None, false, Some(yes)) => {
                let came = if yes.basis == Basis::Asserted {
                    PointProgress::Stated
                } else {
                    PointProgress::Contactable
                };
                // Of a yes that leaves something to be said, the profile may make a no.
                doubted.map_or((came, judgement.reason), |reason| (PointProgress::Reachable, reason))
            }
        };
        if next > came {
            came = next;
            best = Decision {
                contactable: next >= PointProgress::Stated,
                reachable: next >= PointProgress::Reachable,
                reason,
                point: Some(at),
                judgement: Some(judgement),
            };
        }
        if came == PointProgress::Contactable {
            break;
        }
    }
    best
}

/// The kind of line that was found out about a number; none: not known, or no number.
pub fn line(kind: PointKind, found: &[u8]) -> Option<LineType> {
    let has = |wanted: &[Reason]| reasons(found).any(|reason| wanted.contains(&reason));
    match kind {
        PointKind::Phone if has(&[Reason::SmsUnlikely]) => Some(LineType::Landline),
        PointKind::Phone if has(&[Reason::SmsUnknown, Reason::SmsUncertain]) => None,
        PointKind::Phone => Some(LineType::Mobile),
        PointKind::Email | PointKind::Post | PointKind::Handle => None,
    }
}

/// The reasons at these positions of the table.
pub fn reasons(positions: &[u8]) -> impl Iterator<Item = Reason> + '_ {
    positions.iter().filter_map(|at| Reason::ALL.get(usize::from(*at)).copied())
}
