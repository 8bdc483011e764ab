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
    PhoneNotANumber "phone-not-a-number" Blocks "The cell holds no telephone number." ["n/a|GB", "call me|US", "12.5|US"] ["+442079460958|", "020 7946 0958|GB"];
    PhoneIsEmail "phone-is-email" Blocks "The cell holds an e-mail address, not a number." ["jane2025@example.com|US"] ["2025550123|US"];
    PhoneIsDate "phone-is-date" Blocks "The cell holds a date, not a number." ["2024-03-11|GB", "11/03/2024|US", "11.03.2024 14:05|DE"] ["01.42.68.53.00|FR", "030/901820|DE"];
    PhoneDigitsLost "phone-digits-lost" Blocks "A spreadsheet wrote the number in scientific notation and lost its last digits." ["4.47911E+11|GB", "4,47911E+11|DE"] ["447911123456|GB", "4.47911123456E+11|GB"];
    PhoneRegionMissing "phone-region-missing" Blocks "The number is written for use at home, and no country is known." ["020 7946 0958|", "2025550123|"] ["+44 20 7946 0958|", "0044 20 7183 8750|"];
    PhoneCountryCodeUnknown "phone-country-code-unknown" Blocks "No country has this calling code." ["+999 123 4567|", "+210 123456789|GB"] ["+998 71 200 00 00|"];
    PhoneTooShort "phone-too-short" Blocks "The number has fewer digits than any in its country." ["21255501|US", "+1 21245|"] ["020 7183 8750|GB"];
    PhoneTooLong "phone-too-long" Blocks "The number has more digits than any in its country." ["020 7183 8750 1234|GB", "+1 212 456 12345|"] ["212 456 1234|US"];
    PhoneLengthInvalid "phone-length-invalid" Blocks "The number has a length that its country does not use." ["+61 41234567895|"] ["+45 32 12 34 56|"];
    PhoneAreaCodeMissing "phone-area-code-missing" Blocks "The number can be dialled only within its area; the area code is missing." ["456-1234|US", "7183 8750|GB"] ["212-456-1234|US"];
    PhoneUnassigned "phone-unassigned-range" Blocks "The length fits, but the range is not assigned in the numbering plan." ["+44 20 2183 8750|", "112 456 1234|US"] ["+44 20 7183 8750|"];
    PhoneShortCode "phone-short-code" Blocks "A short code: works inside its country only." ["411|US", "118118|GB"] ["+1 411 456 1234|"];
    PhoneEmergency "phone-emergency" Blocks "An emergency number." ["911|US", "112|DE", "999|GB"] ["911|GB"];
    PhoneFictional "phone-fictional" Blocks "A regulator has set the number aside for films and examples." ["212-555-0177|US", "020 7946 0123|GB", "0491 570 156|AU", "06 39 98 12 34|FR", "030 23125 123|DE", "070-1740605|SE"] ["212-555-0277|US", "020 7183 8750|GB"];
    PhonePlaceholder "phone-placeholder" Blocks "Repeated or counted-up digits: filler, not a number somebody has." ["9999999999|IN", "1234567890|US", "0123456789|FR", "000-000-0000|US", "13800138000|CN"] ["9899999999|IN"];
    PhonePremiumRate "phone-premium-rate" Blocks "A premium-rate number: calling or texting it costs extra." ["+1 900 456 1234|", "0900 1234567|DE"] ["+1 800 456 1234|"];
    PhoneFax "phone-fax" Blocks "The cell says that this is a fax machine." ["Fax: 020 7183 8750|GB", "020 7183 8750 (fax)|GB", "Telefax 030 901820|DE"] ["Tel/Fax: 020 7183 8750|GB", "020 7183 8750|GB"];
    PhoneTwoReadings "phone-two-readings" Warns "The digits are two different numbers, with and without the lost plus; the one of the row's country was taken." ["5540053160|BR", "62622519064|ID"] ["+49 15112345678|", "447400123456|GB"];
    PhonePlusLost "phone-plus-lost" Repairs "The plus before the country's own calling code was lost." ["447400123456|GB", "33612345678|FR"] ["07400 123456|GB", "12124561234|US"];
    PhoneDoubleZero "phone-double-zero" Repairs "00 was written for the plus, though the country dials otherwise or none is known." ["0044 20 7183 8750|US", "0044 20 7183 8750|"] ["0044 20 7183 8750|GB", "011 44 20 7183 8750|US"];
    PhoneZeroLost "phone-zero-lost" Repairs "The leading zero was missing; spreadsheets take it for a number's." ["2380555181|GB", "612345678|FR"] ["02380 555181|GB", "9876512345|IN"];
    PhoneTrunkZero "phone-trunk-zero" Repairs "The (0) for callers at home was dropped after the country code." ["+34 (0) 612 345 678|", "+44 (0)20 7183 8750|"] ["+39 (0)6 6982 1234|", "(020) 7183 8750|GB"];
    PhoneFloat "phone-float" Repairs "A spreadsheet wrote the number as a decimal; nothing was lost." ["4930901820.0|DE", "2124561234.00|US", "4.47911123456E+11|GB"] ["212.456.1234|US"];
    PhoneSpreadsheetQuote "phone-spreadsheet-quote" Repairs "The apostrophe, or the quoted formula, that shields a number in a spreadsheet was removed." ["'07400 123456|GB", "=\"07400123456\"|GB"] ["07400 123456|GB"];
    PhoneLabel "phone-label" Repairs "Words around the number were removed." ["Tel: 020 7183 8750|GB", "p:+46 8 123 456 78|", "tel:+442071838750|", "212-456-1234 (home)|US"] ["1-800-FLOWERS|US", "212-456-1234 ext. 5|US"];
    PhoneInvisible "phone-invisible" Repairs "Invisible characters or no-break spaces were removed." ["\u{202a}+442071838750\u{202c}|", "+44\u{a0}20\u{a0}7183\u{a0}8750|"] ["+44 20 7183 8750|"];
    PhoneForeignDigits "phone-foreign-digits" Repairs "Full-width or other digits were written as 0 to 9." ["\u{ff0b}\u{ff14}\u{ff14}2071838750|", "\u{660}20 7183 8750|GB"] ["+44 20 7183 8750|"];
    PhoneVanity "phone-vanity" Repairs "Letters were read as the keys of a telephone." ["1-800-FLOWERS|US", "+1 (888) GO FEDEX|"] ["212-456-1234 (home)|US"];
    PhoneExtension "phone-extension" Notes "The number has an extension, kept apart." ["212-456-1234 ext. 5|US", "+1 212 456 1234x99|"] ["212-456-1234|US"];
    PhoneSeveral "phone-several" Notes "The cell held several numbers; each was checked." ["020 7183 8750 / 07400 123456|GB", "01-4220108, 4220109|NP"] ["030/901820|DE", "212-456-1234, ext. 5|US"];
    PhoneCompleted "phone-completed" Repairs "The leading digits were taken over from the number before it in the cell." ["1- 4200182/183|NP", "+977-1-4211641,4211586|"] ["020 7183 8750 / 07400 123456|GB"];
    // ---- link: what a guard held apart, and why rows were joined
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
