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
    RowTrimmed "row-trimmed" Notes "The record ends before the last column, as rows of this file do when the rest is empty." [] [];
    RowQuoteStray "row-quote-stray" Repairs "A quote that opens or closes nothing was read as text." [] [];
    RowQuoteUnclosed "row-quote-unclosed" Warns "A quote is not closed as it should be, and no reading of the line has the right number of cells." [] [];
    RowNul "row-nul" Warns "The record holds a zero byte." [] [];
    RowOversize "row-oversize" Warns "A cell or the record is longer than the limit." [] [];
    RowUndecodable "row-undecodable" Repairs "The record holds bytes that stand for no character; U+FFFD marks the place." [] [];
    RowPreamble "row-preamble" Notes "The line stands before the header and is no data." [] [];
    RowFooter "row-footer" Notes "The line is a total or a note at the end of a report." [] [];
    RowHeaderRepeated "row-header-repeated" Notes "The record is the header once more." [] [];
    // ---- file: what is to be said about a source as a whole
    FileEmpty "file-empty" Notes "The file is empty." [] [];
    FileHeaderOnly "file-header-only" Notes "The file has a header and no rows." [] [];
    FileNoHeader "file-no-header" Notes "The file has no header; its columns are known by their place." [] [];
    FileHeaderRepeatedName "file-header-repeated-name" Notes "Columns without a name, or with one that came before, were given one." [] [];
    FileEncodingGuessed "file-encoding-guessed" Notes "The encoding is a guess from all lines that are not ASCII." [] [];
    FileEncodingMixed "file-encoding-mixed" Warns "Some lines are in UTF-8, others are not; each was decoded as its own." [] [];
    FileLineEndsMixed "file-line-ends-mixed" Notes "Lines end in different ways." [] [];
    // ---- email: what is wrong with an address
    EmailNoAt "email-no-at" Blocks "The address has no @ sign." ["jane.example.com"] ["jane@example.com"];
    // ---- phone: what is wrong with a number
    PhoneNotANumber "phone-not-a-number" Blocks "The cell holds no telephone number." ["n/a"] ["+442079460000"];
    // ---- link: what a guard held apart, and why rows were joined
    LinkKeyShared "link-key-shared" Notes "So many different names hold this address, number, id or street that it joins nobody." [] [];
    LinkNamesDiffer "link-names-differ" Notes "Another row holds the same address, number, id or street under a name that does not agree." [] [];
    LinkBirthDiffers "link-birth-differs" Notes "Another row of an agreeing name holds the same address, number, id or street with another birth date." [] [];
    LinkNameless "link-nameless" Notes "The row has no given name, so a number, id or street that it shares joins it with nobody." [] [];
    LinkAmbiguous "link-ambiguous" Notes "The name fits two people who share an address, number, id or street, so it was joined with neither." [] [];
    LinkContactSplit "link-contact-split" Warns "Rows that pairs of keys joined contradict each other as a whole, so the weakest links were cut." [] [];
    LinkContactTooLarge "link-contact-too-large" Warns "More rows or spellings of a name were joined than one person has, so the weakest links were cut." [] [];
    // ---- jurisdiction, consent, refusal, suppression, registry: permission
    // ---- date: what is wrong with a date cell
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
