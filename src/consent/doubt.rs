//! Why a ground does not hold, and what a yes leaves to be said: a doubt warns; those that the profile names block.
//!
//! Knows names and reasons; when one arises is told in `fold` and `basis`.

use crate::reason::Reason;
use crate::record::{Evidence, Set, words};

words! {
    /// Why a ground does not hold; the later in this list, the nearer to a yes.
    pub(crate) enum Fail: reason -> Reason {
        NeverAsked => ConsentNeverAsked,
        NotGiven => ConsentNotGiven,
        NotOfLaw => BasisNotOfLaw,
        OtherPoint => ConsentOtherPoint,
        Undated => ConsentUndated,
        Imported => ConsentImportedUnverified,
        Future => ConsentFutureDated,
        BeforeList => ConsentBeforeList,
        OtherPurpose => ConsentOtherPurpose,
        Unsourced => ConsentUnsourced,
        WindowOver => BasisWindowOver,
        NotWritten => ConsentNotWritten,
        Unconfirmed => ConsentUnconfirmed,
        Evidence => ConsentEvidenceIncomplete,
        AllYes => MappingConsentAllYes,
        BulkTime => ConsentBulkTime,
        BulkIp => ConsentBulkIp,
        Rush => ConsentRush,
        SingleOptIn => ConsentSingleOptIn,
        Ageing => ConsentAgeing,
        ClockUnknown => ConsentClockUnknown,
        NoticeDue => ConsentNoticeDue,
        Expired => ConsentExpired,
        RegistryMissing => RegistryNotBrought,
        RegistryStale => RegistryStale,
        RegistryAbsent => RegistryAbsent,
        RegistryListed => RegistryListed,
    }
}

words! {
    /// One thing to be said of a ground that holds, and the failure it is when the profile lets it block.
    pub(crate) enum Doubt: fail -> Fail {
        SingleOptIn => SingleOptIn,
        Evidence => Evidence,
        Ageing => Ageing,
        ClockUnknown => ClockUnknown,
        NoticeDue => NoticeDue,
        BulkTime => BulkTime,
        BulkIp => BulkIp,
        Rush => Rush,
        AllYes => AllYes,
    }
}

pub(crate) type Doubts = Set<Doubt, 2>;

impl Doubts {
    /// Those that have one of these reasons.
    pub(crate) fn blocking(reasons: &[Reason]) -> Self {
        Doubt::ALL.into_iter().filter(|doubt| reasons.contains(&doubt.fail().reason())).collect()
    }

    /// What crowds of other consents in the same file cast on one.
    pub(crate) fn of(evidence: Evidence) -> Self {
        let mut doubts = Self::NONE;
        doubts.set(Doubt::BulkTime, evidence.has(Evidence::BULK_TIME));
        doubts.set(Doubt::BulkIp, evidence.has(Evidence::BULK_IP));
        doubts.set(Doubt::Rush, evidence.has(Evidence::RUSH));
        doubts.set(Doubt::AllYes, evidence.has(Evidence::ALL_YES));
        doubts
    }
}
