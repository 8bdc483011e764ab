//! The one table of reasons: every finding and every decision names one of these.
//!
//! Knows the words only; how a reason is detected is told elsewhere. Ids are kebab-case with a family prefix
//! and are never renamed.

/// What a reason does to the channel it is found on, unless the profile says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// The channel is blocked.
    Blocks,
    /// Worth a look; blocks nothing.
    Warns,
    /// The value was repaired; the original is kept.
    Repairs,
    /// A plain fact.
    Notes,
}

macro_rules! reasons {
    ($($name:ident $id:literal $effect:ident $sentence:literal [$($hit:literal),*] [$($miss:literal),*];)+) => {
        /// Why something was found, blocked, merged or rejected.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Reason { $(#[doc = $sentence] $name,)+ }

        impl Reason {
            /// The table, in its own order.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The id that outputs carry.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)+ }
            }

            /// What it does unless the profile says otherwise.
            pub const fn effect(self) -> Effect {
                match self { $(Self::$name => Effect::$effect,)+ }
            }

            /// One sentence for people.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence,)+ }
            }

            /// Examples the reason must be found on (e-mail and phone families: a cell; others: a history).
            pub const fn hits(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($hit),*],)+ }
            }

            /// Examples that come near and must not be hit.
            pub const fn near_misses(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($miss),*],)+ }
            }
        }
    };
}

reasons! {
    // ---- row: what is wrong with a record as such
    RowRagged "row-ragged" Warns "The record has more or fewer cells than the header." [] [];
    // ---- email: what is wrong with an address
    EmailNoAt "email-no-at" Blocks "The address has no @ sign." ["jane.example.com"] ["jane@example.com"];
    // ---- phone: what is wrong with a number
    PhoneNotANumber "phone-not-a-number" Blocks "The cell holds no telephone number." ["n/a"] ["+442079460000"];
    // ---- link: what a guard held apart, and why rows were joined
    // ---- jurisdiction, consent, refusal, suppression, registry: permission
    // ---- mapping: what the columns of a source leave open
    MappingHeaderOverruled "mapping-header-overruled" Warns "The cells contradict the column's header; the cells were believed." [] [];
    MappingConsentUnclear "mapping-consent-unclear" Warns "The header speaks of permission in words that are not known; the column was not read." [] [];
    MappingConsentUndated "mapping-consent-undated" Warns "The file has a consent column and no column that dates it." [] [];
    MappingConsentChannel "mapping-consent-channel" Warns "The consent column names no channel and the file has no e-mail column; it grants nothing." [] [];
    MappingOptOutUnnamed "mapping-opt-out-unnamed" Warns "The opt-out column names no channel; it was read as a refusal of every channel." [] [];
    MappingLeavesOutRefusals "mapping-leaves-out-refusals" Warns "This export does not mark people who opted out; alone it cannot pass as clean." [] [];
    MappingNoContactColumn "mapping-no-contact-column" Warns "No column holds e-mail addresses or telephone numbers." [] [];
    // ---- date: what is wrong with a date cell
    DateUnreadable "date-unreadable" Warns "The cell holds no date that can be read." ["next spring", "2024"] ["12 Mar 2025", ""];
    DateImpossible "date-impossible" Warns "The cell names a day or time that does not exist." ["31/02/2024", "2024-13-01"] ["29.02.2024", "0000-00-00"];
    DateOrderUnknown "date-order-unknown" Warns "Day and month can be read both ways and no cell of the column settles it; the reading that hurts contactability was taken." ["03/04/2025"] ["13/04/2025", "03.04.2025"];
    DateExcelSerial "date-excel-serial" Warns "The cell holds a spreadsheet's day number; which day it counts from is not in the file." ["45718"] ["2025-03-04", "20250304"];
    DateTwoDigitYear "date-two-digit-year" Notes "The year has two digits; 69 to 99 were read as 1969 to 1999, others as 2000 to 2068." ["11/29/24"] ["11/29/2024"];
}

impl Reason {
    /// The reason of that id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|r| r.id() == id)
    }

    /// The family: the id up to its first hyphen.
    pub fn family(self) -> &'static str {
        self.id().split('-').next().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::Reason;

    #[test]
    fn ids_are_kebab_case_unique_and_say_something() {
        let mut ids: Vec<_> = Reason::ALL.iter().map(|r| r.id()).collect();
        for id in &ids {
            assert!(id.split('-').count() >= 2, "{id} lacks a family");
            assert!(id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{id} is not kebab-case");
        }
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), Reason::ALL.len());
        for reason in Reason::ALL {
            assert!(reason.sentence().ends_with('.'), "{} has no sentence", reason.id());
        }
    }
}
