//! The one table of reasons: every finding and every decision names one of these.
//!
//! Knows all there is to say of a reason; how it is detected is told elsewhere. A new reason is one entry here and the
//! place that finds it. Ids are kebab-case with a family prefix and are never renamed.

use crate::record::{Set, words};

words! {
    /// What a reason does to the channel it is found on, unless the profile says otherwise.
    pub enum Effect {
        /// The channel is blocked.
        Blocks = "blocks",
        /// Worth a look; blocks nothing.
        Warns = "warns",
        /// The value was repaired; the original is kept.
        Repairs = "repairs",
        /// A plain fact.
        Notes = "notes",
    }
}

words! {
    /// What can bring a reason about, or take it away; another version or other settings always can.
    pub enum Nature {
        /// What the files say.
        Data,
        /// What the files say, or a list that addresses and numbers are judged by.
        Lists,
        /// What the files say, or the law; the day only where a rule begins or ends.
        Law,
        /// What the files say, the law, or the day alone.
        Clock,
        /// As [`Self::Clock`], of a ground that held until a known day.
        Lapse,
        /// What the files say, or the day alone.
        Dated,
        /// What the files say, a register, the law, or the day alone.
        Register,
    }
}

words! {
    /// How a list loses an address or number.
    pub enum Decayed {
        /// It is none, or none any more.
        Invalid,
        /// Mail to it came back.
        Bounced,
        /// The person refused.
        Refused,
    }
}

/// Declares [`Reason`] and its columns. A family gives its reasons their nature and, where it has them, remedy and
/// decay; a reason gives what differs.
macro_rules! reasons {
    (@first [$own:expr] $family:expr) => { $own };
    (@first [] $family:expr) => { $family };
    (@some) => { None };
    (@some $value:expr) => { Some($value) };
    ($($family:ident: $natures:ident $(, remedy: $remedies:literal)? $(, decay: $decay:ident)? { $(
        $name:ident $id:literal $effect:ident $sentence:literal
            $(, nature: $nature:ident)? $(, remedy: $remedy:literal)?
            $(, hits: [$($hit:literal),+ $(,)?])? $(, misses: [$($miss:literal),+ $(,)?])?;
    )+ })+) => {
        words! {
            /// Why something was found, blocked, merged or rejected.
            pub enum Reason { $($(#[doc = $sentence] $name = $id,)+)+ }
        }

        impl Reason {
            /// What it does unless the profile says otherwise.
            pub const fn effect(self) -> Effect {
                match self { $($(Self::$name => Effect::$effect,)+)+ }
            }

            /// One sentence for people.
            pub const fn sentence(self) -> &'static str {
                match self { $($(Self::$name => $sentence,)+)+ }
            }

            /// What can bring it about, or take it away.
            pub const fn nature(self) -> Nature {
                match self { $($(Self::$name => reasons!(@first [$(Nature::$nature)?] Nature::$natures),)+)+ }
            }

            /// What would change a no of this reason; `{point}` stands for address, number or account. `None`: it blocks
            /// only where a profile says so.
            #[allow(dead_code, non_upper_case_globals, reason = "a family is named as ids name it, and its default may go unused")]
            pub const fn remedy(self) -> Option<&'static str> {
                $(const $family: Option<&str> = reasons!(@some $($remedies)?);)+
                match self { $($(Self::$name => reasons!(@first [$(Some($remedy))?] $family),)+)+ }
            }

            /// How a list loses the address or number that it is found on, if it does.
            #[allow(dead_code, non_upper_case_globals, reason = "a family is named as ids name it, and its default may go unused")]
            pub const fn decayed(self) -> Option<Decayed> {
                $(const $family: Option<Decayed> = reasons!(@some $(Decayed::$decay)?);)+
                match self { $($(Self::$name => $family,)+)+ }
            }

            /// The family: the id up to its first hyphen.
            pub const fn family(self) -> &'static str {
                match self { $($(Self::$name => stringify!($family),)+)+ }
            }

            /// Examples the reason must be found on (e-mail and phone families: a cell; of the law: a history; of people:
            /// a list, its records apart by ` | `).
            pub const fn hits(self) -> &'static [&'static str] {
                match self { $($(Self::$name => &[$($($hit),+)?],)+)+ }
            }

            /// Examples that come near and must not be hit.
            pub const fn near_misses(self) -> &'static [&'static str] {
                match self { $($(Self::$name => &[$($($miss),+)?],)+)+ }
            }
        }
    };
}

reasons! {
    // row: what is wrong with a record as such
    row: Law {
        RowRagged "row-ragged" Warns "The record has more or fewer cells than the header.";
        RowTrimmed "row-trimmed" Notes "The record ends before the last column, as rows of this file do when the rest is empty.";
        RowQuoteStray "row-quote-stray" Repairs "A quote that opens or closes nothing was read as text.";
        RowQuoteUnclosed "row-quote-unclosed" Warns "A quote is not closed as it should be, and no reading of the line has the right number of cells.";
        RowNul "row-nul" Warns "The record holds a zero byte.";
        RowOversize "row-oversize" Warns "A cell or the record is longer than the limit.";
        RowUndecodable "row-undecodable" Repairs "The record holds bytes that stand for no character; U+FFFD marks the place.";
        RowPreamble "row-preamble" Notes "The line stands before the header and is no data.";
        RowFooter "row-footer" Notes "The line is a total or a note at the end of a report.";
        RowHeaderRepeated "row-header-repeated" Notes "The record is the header once more.";
        RowSection "row-section" Warns "The row is a heading amid the rows, the header of another table or a mark alone: whoever stands below it may be refused.";
        RowNoContactPoint "row-no-contact-point" Warns "No cell of the row tells how to reach anybody, or none says what it should.";
        RowIgnored "row-ignored" Notes "The row is of a file that was to be left out: it was not read, and refuses nobody.";
        RowEventUnknown "row-event-unknown" Warns "The row names somebody and an event whose word is not known; it may be a refusal.";
        RowSalvaged "row-salvaged" Warns "The row was damaged; what it refuses was read all the same, and holds for every address in it.";
        RowRefusesNobody "row-refuses-nobody" Warns "The row refuses contact, and the address or number it means cannot be told from it (a spreadsheet cut its digits, say): whoever has it was not blocked by the row.";
        RowTooManyPoints "row-too-many-points" Warns "The row holds more addresses and numbers than can be used; the first ones were.";
    }
    // point, post: whether there is anything to contact
    point: Data, decay: Invalid {
        PointMissing "point-missing" Blocks "No address or number for this channel.",
            remedy: "A valid {point} for this channel.";
    }
    handle: Law, remedy: "A corrected {point}, or another one." {
        HandleInvalid "handle-invalid" Blocks "The text is no account of the network that its column names.",
            hits: ["instagram,country | Jane Doe,GB", "linkedin,country | https://linkedin.com/company/acme,GB"],
            misses: ["instagram,country | @jane.doe,GB", "linkedin,country | https://linkedin.com/in/jane-doe,GB"];
    }
    post: Data, remedy: "A corrected {point}, or another one.", decay: Invalid {
        PostIncomplete "post-incomplete" Blocks "The postal address has neither city nor postal code.",
            hits: ["email,street,country | jane@stonemill.org,1 Elm St,US"],
            misses: ["email,street,city,country | jane@stonemill.org,1 Elm St,Salem,US"];
    }
    // suppression: what an entry of a list names
    suppression: Law {
        SuppressionDomain "suppression-domain" Notes "The entry names a whole mail domain.";
        SuppressionDigest "suppression-digest" Notes "The entry is a digest of an address or number.";
        SuppressionNotCleared "suppression-not-cleared" Blocks "The run that the list was checked against has not cleared this address or number.",
            remedy: "A ground for this very {point}, and nothing that stands against it.";
    }
    // file: what is to be said about a source as a whole
    file: Law {
        FileEmpty "file-empty" Notes "The file is empty.";
        FileHeaderOnly "file-header-only" Notes "The file has a header and no rows.";
        FileNoHeader "file-no-header" Notes "The file has no header; its columns are known by their place.";
        FileHeaderRepeatedName "file-header-repeated-name" Notes "Columns without a name, or with one that came before, were given one.";
        FileEncodingGuessed "file-encoding-guessed" Notes "The encoding is a guess from all lines that are not ASCII.";
        FileEncodingMixed "file-encoding-mixed" Warns "Some lines are in UTF-8, others are not; each was decoded as its own.";
        FileLineEndsMixed "file-line-ends-mixed" Notes "Lines end in different ways.";
    }
    // email: what is wrong with an address
    email: Lists, remedy: "A corrected {point}, or another one.", decay: Invalid {
        EmailEmpty "email-empty" Blocks "The cell holds no address.",
            hits: ["", " "], misses: ["a@b.de"];
        EmailPlaceholder "email-placeholder" Blocks "The cell holds a word that stands for no address.",
            hits: ["n/a", "(blank)", " NULL ", "-", "test@"], misses: ["na@nasa.gov"];
        EmailNoAt "email-no-at" Blocks "The address has no @ sign.",
            hits: ["jane.example.com"], misses: ["jane@example.com"];
        EmailTwoAt "email-two-at" Blocks "The address has more than one @ sign.",
            hits: ["jane@@acme.com", "a@b@acme.com"], misses: ["\"a@b\"@acme.com"];
        EmailEmptyLocal "email-empty-local" Blocks "Nothing stands before the @ sign.",
            hits: ["@acme.com", "\"\"@acme.com"], misses: ["a@acme.com"];
        EmailEmptyDomain "email-empty-domain" Blocks "Nothing stands after the @ sign.",
            hits: ["jane@"], misses: ["jane@acme.com"];
        EmailControlChar "email-control-char" Blocks "The address holds a control character (a line break, a NUL).",
            hits: ["ja\u{0}ne@acme.com", "jane\n.doe@acme.com"], misses: ["jane@acme.com\n"];
        EmailBadCharLocal "email-bad-char-local" Blocks "A character before the @ sign may not stand there (RFC 5322, 3.2.3).",
            hits: ["ja(ne@acme.com", "ja,ne@acme.com"], misses: ["o'hara@acme.com", "!#$%&*+/=?^_`{|}~@acme.com"];
        EmailBadCharDomain "email-bad-char-domain" Blocks "A character after the @ sign may not stand in a domain.",
            hits: ["jane@ac,me.com", "jane@ac/me.com"], misses: ["jane@ac-me.com"];
        EmailSpaceInLocal "email-space-in-local" Blocks "A space stands inside the part before the @ sign.",
            hits: ["ja ne@acme.com"], misses: ["jane @acme.com"];
        EmailSpaceInDomain "email-space-in-domain" Blocks "A space stands inside the domain.",
            hits: ["information@deutsches museum.de"], misses: ["jane@ acme.com"];
        EmailDotEdgeLocal "email-dot-edge-local" Blocks "The part before the @ sign begins or ends with a dot.",
            hits: [".jane@acme.com", "jane.@acme.com"], misses: ["jane.@docomo.ne.jp"];
        EmailDotDotLocal "email-dot-dot-local" Blocks "Two dots follow each other before the @ sign.",
            hits: ["jane..doe@acme.com"], misses: ["jane..doe@docomo.ne.jp"];
        EmailLocalTooLong "email-local-too-long" Blocks "The part before the @ sign is longer than 64 octets (RFC 5321, 4.5.3.1.1).",
            hits: ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@acme.com"],
            misses: ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@acme.com"];
        EmailTooLong "email-too-long" Blocks "The address is longer than 254 octets (RFC 5321, 4.5.3.1.3).",
            hits: ["jane@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.com"],
            misses: ["jane@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.com"];
        EmailLabelTooLong "email-label-too-long" Blocks "A label of the domain is longer than 63 octets (RFC 1035, 2.3.4).",
            hits: ["jane@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.com"],
            misses: ["jane@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.com"];
        EmailEmptyLabel "email-empty-label" Blocks "The domain begins with a dot or has two in a row.",
            hits: ["information@parl..admin.ch", "jane@.acme.com"], misses: ["jane@acme.com."];
        EmailHyphenEdge "email-hyphen-edge" Blocks "A label of the domain begins or ends with a hyphen.",
            hits: ["jane@-acme.com", "jane@acme-.com"], misses: ["jane@a-b.com", "jane-@acme.com"];
        EmailUnderscoreDomain "email-underscore-domain" Blocks "The domain holds an underscore, which host names do not.",
            hits: ["jane@ac_me.com"], misses: ["ja_ne@acme.com"];
        EmailBadQuotedLocal "email-bad-quoted-local" Blocks "The quoted part before the @ sign is not closed or not alone.",
            hits: ["\"ja\"ne@acme.com", "\"jane@acme.com"], misses: ["\"jane doe\"@acme.com"];
        EmailBadIpLiteral "email-bad-ip-literal" Blocks "What stands in square brackets is no IP address.",
            hits: ["jane@[1.2.3]", "jane@[IPv6:zz]"], misses: ["jane@[192.0.2.1]"];
        EmailBareIp "email-bare-ip" Blocks "The domain is an IP address without brackets.",
            hits: ["jane@192.0.2.1"], misses: ["jane@[192.0.2.1]"];
        EmailSingleLabel "email-single-label" Blocks "The domain has no dot.",
            hits: ["jane@localserver"], misses: ["jane@acme.com"];
        EmailUnknownTld "email-unknown-tld" Blocks "The domain's last label is no top-level domain.",
            hits: ["jane@acme.con", "jane@acme.123"], misses: ["jane@acme.museum", "jane@acme.co"];
        EmailSpecialUseDomain "email-special-use-domain" Blocks "The domain is reserved and receives no mail (RFC 6761 and its like).",
            hits: ["jane@server.local", "jane@x.invalid"], misses: ["jane@local.de"];
        EmailBadIdn "email-bad-idn" Blocks "The domain is no valid international domain name (IDNA2008).",
            hits: ["jane@\u{1F4A9}.la", "jane@xn--example.com"], misses: ["jane@m\u{FC}ller.de"];
        EmailUnsafeUnicodeLocal "email-unsafe-unicode-local" Blocks "Symbols, emoji, or invisible or direction-changing characters stand before the @ sign.",
            hits: ["\u{1F600}@acme.com"], misses: ["j\u{F6}rg@acme.com"];
        EmailTrimmed "email-trimmed" Repairs "Space around the address was taken off.",
            hits: [" jane@acme.com ", "jane@acme.com\u{A0}"], misses: ["jane@acme.com"];
        EmailInvisible "email-invisible" Repairs "Invisible characters were taken out.",
            hits: ["\u{FEFF}jane@acme.com", "ja\u{200B}ne@acme.com"], misses: ["jane@acme.com"];
        EmailMailto "email-mailto" Repairs "A mailto: in front of the address was taken off.",
            hits: ["mailto:jane@acme.com", "MAILTO:jane@acme.com?subject=x"], misses: ["mailto@acme.com"];
        EmailLabelWord "email-label-word" Repairs "A word like \"E-Mail\" in front of the address was taken off.",
            hits: ["E-Mail service@bghm.de", "email: jane@acme.com"],
            misses: ["email@acme.com", "jane doe@acme.com"];
        EmailDisplayName "email-display-name" Repairs "A name around the address was taken off.",
            hits: ["Jane Doe <jane@acme.com>"], misses: ["<jane@acme.com>"];
        EmailUnwrapped "email-unwrapped" Repairs "Brackets or quotes around the address were taken off.",
            hits: ["<jane@acme.com>", "'jane@acme.com'", "\"jane@acme.com\""], misses: ["Jane <jane@acme.com>"];
        EmailUnquoted "email-unquoted" Repairs "Needless quotes before the @ sign were taken off.",
            hits: ["\"jane.doe\"@acme.com"], misses: ["\"jane doe\"@acme.com"];
        EmailOuterComment "email-outer-comment" Repairs "A comment before or after the address was taken off.",
            hits: ["(home)jane@acme.com", "jane@acme.com (work)"], misses: ["jane@acme.com"];
        EmailSpaceNearAt "email-space-near-at" Repairs "Space beside the @ sign was taken out.",
            hits: ["jane @ acme.com", "jane@ acme.com"], misses: ["ja ne@acme.com"];
        EmailTrailingPunct "email-trailing-punct" Repairs "Punctuation after the address was taken off.",
            hits: ["jane@acme.com.", "jane@acme.com;"], misses: ["jane@acme.com"];
        EmailApostrophe "email-apostrophe" Repairs "The apostrophe by which a spreadsheet marks text was taken off.",
            hits: ["'jane@acme.com"], misses: ["o'hara@acme.com"];
        EmailFullwidth "email-fullwidth" Repairs "Full-width characters were replaced by plain ones.",
            hits: ["jane@acme\u{FF0E}com", "jane\u{FF20}acme.com"], misses: ["jane@acme.com"];
        EmailIdnMapped "email-idn-mapped" Repairs "An international domain name was typed in an unusual form.",
            hits: ["jane@M\u{DC}LLER.de"], misses: ["jane@m\u{FC}ller.de"];
        EmailIdn "email-idn" Notes "The domain is international; the A-label is used for matching.",
            hits: ["jane@m\u{FC}ller.de"], misses: ["jane@mueller.de"];
        EmailNonAsciiLocal "email-non-ascii-local" Warns "The part before the @ sign is not ASCII: only servers with SMTPUTF8 take it (RFC 6531).",
            hits: ["j\u{F6}rg@acme.com"], misses: ["joerg@acme.com"];
        EmailQuotedLocal "email-quoted-local" Warns "The part before the @ sign is quoted: correct, and refused by many systems.",
            hits: ["\"jane doe\"@acme.com"], misses: ["\"jane\"@acme.com"];
        EmailIpLiteral "email-ip-literal" Warns "The domain is an IP address.",
            hits: ["jane@[192.0.2.1]", "jane@[IPv6:2001:db8::1]"], misses: ["jane@192.0.2.1"];
        EmailReservedExample "email-reserved-example" Warns "The domain is kept for documentation (RFC 2606).",
            hits: ["jane@example.com"], misses: ["jane@example.de"];
        EmailLegacyJpDots "email-legacy-jp-dots" Warns "Dots as only old Japanese mobile addresses have them.",
            hits: ["a..b@docomo.ne.jp", "a.@ezweb.ne.jp"], misses: ["a.b@docomo.ne.jp"];
        EmailPublicSuffix "email-public-suffix" Warns "The domain is one under which others register, not one of a mailbox.",
            hits: ["jane@co.uk"], misses: ["jane@acme.co.uk"];
        EmailDeadDomain "email-dead-domain" Blocks "The mail domain was closed.",
            hits: ["jane@wanadoo.co.uk"], misses: ["jane@wanadoo.fr"];
        EmailDomainTypo "email-domain-typo" Warns "The domain looks like a slip; the suggestion is not applied by itself.",
            hits: ["jane@gamil.com", "jane@gmail.con", "jane@hotmail.co"],
            misses: ["jane@ymail.com", "jane@gmx.at", "jane@acme.co"];
        EmailDisposable "email-disposable" Warns "The domain gives out throw-away addresses.",
            hits: ["jane@mailinator.com", "jane@x.mailinator.com"], misses: ["jane@duck.com"];
        EmailRelay "email-relay" Notes "An alias service forwards to a real person.",
            hits: ["jane@duck.com", "x@privaterelay.appleid.com"], misses: ["jane@icloud.com"];
        EmailRole "email-role" Warns "The address names a function, not a person.",
            hits: ["info@acme.com", "Sales+x@acme.com"], misses: ["info@gmail.com", "infodesk1@acme.com"];
        EmailPlaceholderAddress "email-placeholder-address" Warns "The address looks typed to get past a form.",
            hits: ["none@none.com", "noemail@acme.com", "test@test.com"], misses: ["test@acme.com", "none@acme.com"];
        EmailProviderRule "email-provider-rule" Warns "The provider does not give out such addresses.",
            hits: ["jane_doe@gmail.com", "jane@gmail.com"], misses: ["janedoe@gmail.com"];
        // (examples of dns: an address, then what DNS says of its domain)
        EmailDnsNoDomain "email-dns-no-domain" Blocks "The domain does not exist (DNS says NXDOMAIN).",
            hits: ["jane@acme.com | no-domain"], misses: ["jane@acme.com | mail", "jane@acme.com | no-answer"];
        EmailDnsNullMx "email-dns-null-mx" Blocks "The domain says in DNS that it takes no mail (RFC 7505).",
            hits: ["jane@acme.com | null-mx"], misses: ["jane@acme.com | mail"];
        EmailDnsNoMail "email-dns-no-mail" Blocks "The domain has neither mail server nor address in DNS.",
            hits: ["jane@acme.com | no-mail"], misses: ["jane@acme.com | address-only"];
        EmailDnsAddressOnly "email-dns-address-only" Warns "The domain names no mail server in DNS; mail goes to the domain's own address (RFC 5321, 5.1).",
            hits: ["jane@acme.com | address-only"], misses: ["jane@acme.com | mail"];
        EmailDnsUnknown "email-dns-unknown" Notes "DNS was asked and gave no answer (time-out, SERVFAIL): nothing is known, and nothing is held against the address.",
            hits: ["jane@acme.com | no-answer"], misses: ["jane@acme.com | unasked", "jane@acme.com | no-domain"];
        EmailDnsUnasked "email-dns-unasked" Notes "DNS could not be asked about the domain: no server was reached, or the time was over.",
            hits: ["jane@acme.com | unasked"], misses: ["jane@acme.com | no-answer"];
        // (examples of typo-*: what --fix-typos makes of an address)
        EmailTypoFixed "email-typo-fixed" Repairs "A sure slip of the domain was put right on request; consent given at the address as typed does not move here.",
            hits: ["jane@gamil.com", "jane@gmail.con"], misses: ["jane@gnail.com", "jane@gmail.com"];
        EmailSaysNo "email-says-no" Blocks "The cell says beside the address that it must not be used, or is nobody's.",
            hits: ["jane@acme.com (unsubscribed)", "DO NOT EMAIL <jane@acme.com>", "jane@acme.com (verstorben)"],
            misses: ["unsubscribe@acme.com", "Jane Doe <jane@acme.com>"];
        EmailTypoReplaced "email-typo-replaced" Blocks "A sure slip of the domain: on request, the address that was meant is used instead.",
            hits: ["jane@gamil.com"], misses: ["jane@gmail.com"];
    }
    // phone: what is wrong with a number
    phone: Lists, remedy: "A corrected {point}, or another one.", decay: Invalid {
        PhoneNotANumber "phone-not-a-number" Blocks "The cell holds no telephone number.",
            hits: ["n/a|GB", "call me|US", "12.5|US"], misses: ["+442079460958|", "020 7946 0958|GB"];
        PhoneIsEmail "phone-is-email" Blocks "The cell holds an e-mail address, not a number.",
            hits: ["jane2025@example.com|US"], misses: ["2025550123|US"];
        PhoneIsDate "phone-is-date" Blocks "The cell holds a date, not a number.",
            hits: ["2024-03-11|GB", "11/03/2024|US", "11.03.2024 14:05|DE"],
            misses: ["01.42.68.53.00|FR", "030/901820|DE"];
        PhoneDigitsLost "phone-digits-lost" Blocks "A spreadsheet wrote the number in scientific notation and lost its last digits.",
            hits: ["4.47911E+11|GB", "4,47911E+11|DE"], misses: ["447911123456|GB", "4.47911123456E+11|GB"];
        PhoneRegionMissing "phone-region-missing" Blocks "The number is written for use at home, and no country is known.",
            hits: ["020 7946 0958|", "2025550123|"], misses: ["+44 20 7946 0958|", "0044 20 7183 8750|"];
        PhoneCountryCodeUnknown "phone-country-code-unknown" Blocks "No country has this calling code.",
            hits: ["+999 123 4567|", "+210 123456789|GB"], misses: ["+998 71 200 00 00|"];
        PhoneTooShort "phone-too-short" Blocks "The number has fewer digits than any in its country.",
            hits: ["21255501|US", "+1 21245|"], misses: ["020 7183 8750|GB"];
        PhoneTooLong "phone-too-long" Blocks "The number has more digits than any in its country.",
            hits: ["020 7183 8750 1234|GB", "+1 212 456 12345|"], misses: ["212 456 1234|US"];
        PhoneLengthInvalid "phone-length-invalid" Blocks "The number has a length that its country does not use.",
            hits: ["+61 41234567895|"], misses: ["+45 32 12 34 56|"];
        PhoneAreaCodeMissing "phone-area-code-missing" Blocks "The number can be dialled only within its area; the area code is missing.",
            hits: ["456-1234|US", "7183 8750|GB"], misses: ["212-456-1234|US"];
        PhoneUnassigned "phone-unassigned-range" Blocks "The length fits, but the range is not assigned in the numbering plan.",
            hits: ["+44 20 2183 8750|", "112 456 1234|US"], misses: ["+44 20 7183 8750|"];
        PhoneShortCode "phone-short-code" Blocks "A short code: works inside its country only.",
            hits: ["411|US", "118118|GB"], misses: ["+1 411 456 1234|"];
        PhoneEmergency "phone-emergency" Blocks "An emergency number.",
            hits: ["911|US", "112|DE", "999|GB"], misses: ["911|GB"];
        PhoneFictional "phone-fictional" Blocks "A regulator has set the number aside for films and examples.",
            hits: [
                "212-555-0177|US", "020 7946 0123|GB", "0491 570 156|AU", "06 39 98 12 34|FR", "030 23125 123|DE",
                "070-1740605|SE",
            ],
            misses: ["212-555-0277|US", "020 7183 8750|GB"];
        PhonePlaceholder "phone-placeholder" Blocks "Repeated or counted-up digits: filler, not a number somebody has.",
            hits: ["9999999999|IN", "1234567890|US", "0123456789|FR", "000-000-0000|US", "13800138000|CN"],
            misses: ["9899999999|IN"];
        PhonePremiumRate "phone-premium-rate" Blocks "A premium-rate number: calling or texting it costs extra.",
            hits: ["+1 900 456 1234|", "0900 1234567|DE", "0871 477 1758|GB"],
            misses: ["+1 800 456 1234|", "0844 477 1758|GB"];
        PhoneSurcharge "phone-surcharge" Notes "Calling it costs a little more than an ordinary call; it is no premium-rate number.",
            hits: ["0844 477 1758|GB", "0845 020 0770|GB"], misses: ["0871 477 1758|GB", "020 7183 8750|GB"];
        PhoneFax "phone-fax" Blocks "The cell says that this is a fax machine.",
            hits: ["Fax: 020 7183 8750|GB", "020 7183 8750 (fax)|GB", "Telefax 030 901820|DE"],
            misses: ["Tel/Fax: 020 7183 8750|GB", "020 7183 8750|GB"];
        PhoneSaysNo "phone-says-no" Blocks "The cell says beside the number that it must not be used, or is nobody's.",
            hits: [
                "415-456-1234 (do not call)|US", "DNC 020 7183 8750|GB", "089 1234567 nicht anrufen|DE",
                "415-456-1234 wrong number|US",
            ],
            misses: ["415-456-1234 (call after 5)|US", "415-456-1234|US"];
        PhoneReassigned "phone-reassigned" Blocks "Whoever has the number now said that it is not this person's.";
        PhoneTwoReadings "phone-two-readings" Warns "The digits are two different numbers, with and without the lost plus; the one of the row's country was taken.",
            hits: ["5540053160|BR", "62622519064|ID"], misses: ["+49 15112345678|", "447400123456|GB"];
        PhoneRegionInferred "phone-region-inferred" Warns "No country is stated; the number was read as one of the country that the row's state, time zone, locale or mail domain tells.";
        PhonePlusLost "phone-plus-lost" Repairs "The plus before the country's own calling code was lost.",
            hits: ["447400123456|GB", "33612345678|FR"], misses: ["07400 123456|GB", "12124561234|US"];
        PhoneDoubleZero "phone-double-zero" Repairs "00 was written for the plus, though the country dials otherwise or none is known.",
            hits: ["0044 20 7183 8750|US", "0044 20 7183 8750|"],
            misses: ["0044 20 7183 8750|GB", "011 44 20 7183 8750|US"];
        PhoneZeroLost "phone-zero-lost" Repairs "The leading zero was missing; spreadsheets take it for a number's.",
            hits: ["2380555181|GB", "612345678|FR"], misses: ["02380 555181|GB", "9876512345|IN"];
        PhoneTrunkZero "phone-trunk-zero" Repairs "The (0) for callers at home was dropped after the country code.",
            hits: ["+34 (0) 612 345 678|", "+44 (0)20 7183 8750|"],
            misses: ["+39 (0)6 6982 1234|", "(020) 7183 8750|GB"];
        PhoneFloat "phone-float" Repairs "A spreadsheet wrote the number as a decimal; nothing was lost.",
            hits: ["4930901820.0|DE", "2124561234.00|US", "4.47911123456E+11|GB"], misses: ["212.456.1234|US"];
        PhoneSpreadsheetQuote "phone-spreadsheet-quote" Repairs "The apostrophe, or the quoted formula, that shields a number in a spreadsheet was removed.",
            hits: ["'07400 123456|GB", "=\"07400123456\"|GB"], misses: ["07400 123456|GB"];
        PhoneLabel "phone-label" Repairs "Words around the number were removed.",
            hits: ["Tel: 020 7183 8750|GB", "p:+46 8 123 456 78|", "tel:+442071838750|", "212-456-1234 (home)|US"],
            misses: ["1-800-FLOWERS|US", "212-456-1234 ext. 5|US"];
        PhoneInvisible "phone-invisible" Repairs "Invisible characters or no-break spaces were removed.",
            hits: ["\u{202a}+442071838750\u{202c}|", "+44\u{a0}20\u{a0}7183\u{a0}8750|"],
            misses: ["+44 20 7183 8750|"];
        PhoneForeignDigits "phone-foreign-digits" Repairs "Full-width or other digits were written as 0 to 9.",
            hits: ["\u{ff0b}\u{ff14}\u{ff14}2071838750|", "\u{660}20 7183 8750|GB"], misses: ["+44 20 7183 8750|"];
        PhoneVanity "phone-vanity" Repairs "Letters were read as the keys of a telephone.",
            hits: ["1-800-FLOWERS|US", "+1 (888) GO FEDEX|"], misses: ["212-456-1234 (home)|US"];
        PhoneExtension "phone-extension" Notes "The number has an extension, kept apart.",
            hits: ["212-456-1234 ext. 5|US", "+1 212 456 1234x99|"], misses: ["212-456-1234|US"];
        PhoneSeveral "phone-several" Notes "The cell held several numbers; each was checked.",
            hits: ["020 7183 8750 / 07400 123456|GB", "01-4220108, 4220109|NP"],
            misses: ["030/901820|DE", "212-456-1234, ext. 5|US"];
        PhoneCompleted "phone-completed" Repairs "The leading digits were taken over from the number before it in the cell.",
            hits: ["1- 4200182/183|NP", "+977-1-4211641,4211586|"], misses: ["020 7183 8750 / 07400 123456|GB"];
    }
    // sms: whether a valid number takes text messages
    sms: Lists, remedy: "A corrected {point}, or another one." {
        SmsUnlikely "sms-unlikely" Blocks "Numbers of this kind take no text messages; calls are not concerned.",
            hits: ["020 7183 8750|GB"], misses: ["07400 123456|GB"];
        SmsUnknown "sms-unknown" Notes "The numbering plan does not tell mobile from landline here (all of North America).",
            hits: ["212-456-1234|US"], misses: ["07400 123456|GB"];
        SmsUncertain "sms-uncertain" Notes "Whether numbers of this kind take text messages depends on the carrier.",
            hits: ["+44 56 1234 5678|"], misses: ["07400 123456|GB"];
    }
    // link: what a guard held apart, and why rows were joined
    link: Law {
        LinkKeyShared "link-key-shared" Notes "So many different names hold this address, number, id or street that it joins nobody.";
        LinkNamesDiffer "link-names-differ" Notes "Another row holds the same address, number, id or street under a name that does not agree.";
        LinkBirthDiffers "link-birth-differs" Notes "Another row of an agreeing name holds the same address, number, id or street with another birth date.";
        LinkNameless "link-nameless" Notes "The row has no given name, so a number, id or street that it shares joins it with nobody.";
        LinkAmbiguous "link-ambiguous" Notes "The name fits two people who share an address, number, id or street, so it was joined with neither.";
        LinkContactSplit "link-contact-split" Warns "Rows that pairs of keys joined contradict each other as a whole, so the weakest links were cut.";
        LinkContactTooLarge "link-contact-too-large" Warns "More rows or spellings of a name were joined than one person has, so the weakest links were cut.";
    }
    // jurisdiction, consent, refusal, suppression, registry: permission
    // (examples: JURISDICTION CHANNEL SEND-DATE | event; event …, events as in the rulebooks' examples;
    // for jurisdiction-*: FACT COUNTRY, …)
    jurisdiction: Law {
        JurisdictionUnknown "jurisdiction-unknown" Notes "Nothing tells the country of the person, or it has no rulebook: the fallback rules hold.",
            hits: ["", "stated KE"], misses: ["stated DE", "phone CZ"];
        JurisdictionGuessed "jurisdiction-guessed" Notes "Only a guess from an IP address or the run's own option tells the country.",
            hits: ["guessed DE", "option GB"], misses: ["guessed DE, stated FR"];
        JurisdictionSeveral "jurisdiction-several" Notes "Several jurisdictions come into question; all of them must allow contact.",
            hits: ["stated DE, phone GB"], misses: ["stated DE, phone DE", "stated LT, phone LV"];
    }
    rulebook: Law {
        RulebookOwn "rulebook-own" Warns "Rules of the team's own, or its word that a rule's condition is met, took part in the decisions.";
    }
    engagement: Law {
        EngagementInactive "engagement-inactive" Warns "The person has given no sign for longer than the profile's sunset.",
            remedy: "A sign of the person: a click, a purchase, a consent.",
            hits: ["email,country,last_activity | jane@stonemill.org,US,2024-11-21"],
            misses: [
                "email,country,last_activity | jane@stonemill.org,US,2024-11-22",
                "email,country,last_activity | jane@stonemill.org,US,",
            ];
    }
    preference: Law {
        PreferenceOtherChannel "preference-other-channel" Notes "The person asked to be reached by another channel.",
            remedy: "The person's word that this channel will do too.",
            hits: ["email,street,city,postal code,country,preferred_channel | jane@stonemill.org,1 Elm St,Salem,01970,US,post"],
            misses: ["email,country,preferred_channel | jane@stonemill.org,US,email"];
    }
    frequency: Law {
        FrequencyTooSoon "frequency-too-soon" Blocks "The person asked to hear less often than this: the last message lies too near.",
            remedy: "Time: the finding tells the day from which the next message may go out.",
            hits: ["email,country,preferred frequency,last sent | jane@stonemill.org,US,monthly,2026-11-10"],
            misses: [
                "email,country,preferred frequency,last sent | jane@stonemill.org,US,monthly,2026-10-20",
                "email,country,last sent | jane@stonemill.org,US,2026-11-10",
            ];
    }
    person: Law {
        PersonPointLeft "person-point-left" Warns "The consent is for an address or number that has left the person's record.",
            hits: ["customer id,email,first name,last name,country,newsletter,opt-in date,opt-in source,last changed | 7,jane@stonemill.de,Jane,Doe,DE,yes,2024-01-01,form,2024-01-01 | 7,jane.doe@muehlbach.de,Jane,Doe,DE,,,,2026-01-01"],
            misses: ["customer id,email,first name,last name,country,newsletter,opt-in date,opt-in source,last changed | 7,jane@stonemill.de,Jane,Doe,DE,yes,2024-01-01,form,2024-01-01 | 7,jane@stonemill.de,Jane,Doe,DE,,,,2026-01-01"];
        RefusalOfOtherHolder "person-refusal-of-other-holder" Notes "Several people hold the address or number, and it was another of them who refused.",
            hits: ["first name,last name,email,country,unsubscribed | Jane,Doe,info@stonemill.org,US, | Bob,Stone,info@stonemill.org,US,yes"],
            misses: ["first name,last name,email,country,unsubscribed | Jane,Doe,info@stonemill.org,US, | Bob,Stone,bob@stonemill.org,US,yes"];
        PersonMinor "person-minor" Blocks "The person is too young to consent alone, and nothing shows that a parent did.",
            nature: Clock,
            remedy: "A parent's consent, which these files cannot prove.",
            hits: ["email,country,date of birth,newsletter,opt-in date,opt-in source | jane@stonemill.de,DE,2010-11-22,yes,2026-01-01,form"],
            misses: ["email,country,date of birth,newsletter,opt-in date,opt-in source | jane@stonemill.de,DE,2010-11-21,yes,2026-01-01,form"];
    }
    refusal: Data,
        remedy: "Only the person: a later, dated, express consent for this very {point} and channel. Asking for it is itself marketing.", decay: Refused {
        RefusalDeceased "refusal-deceased" Blocks "The person is known to have died.",
            remedy: "Nothing.",
            hits: ["US email 2026-11-21 | deceased undated"],
            misses: ["US email 2026-11-21 | hard_bounce 2026-01-01"];
        RefusalErasure "refusal-erasure" Blocks "The person asked to be erased.",
            remedy: "Nothing in these files: only the person can come back, by a new consent.",
            hits: ["US email 2026-11-21 | erasure 2026-01-01"],
            misses: ["US email 2026-11-21 | objection 2026-01-01"];
        RefusalComplaint "refusal-complaint" Blocks "The person reported a message as spam.",
            hits: ["US email 2026-11-21 | complaint 2026-01-01"],
            misses: ["US email 2026-11-21 | consent_withdrawn 2026-01-01"];
        RefusalDoNotContact "refusal-do-not-contact" Blocks "The contact point is marked do-not-contact.",
            hits: ["US email 2026-11-21 | do_not_contact undated"],
            misses: ["US email 2026-11-21 | do_not_contact undated on=post"];
        RefusalObjection "refusal-objection" Blocks "The person objected to marketing.",
            hits: ["US email 2026-11-21 | objection 2026-01-01 person"],
            misses: ["US email 2026-11-21 | objection 2026-01-01; consent_given 2026-02-01 source"];
        RefusalWithdrawn "refusal-withdrawn" Blocks "The person opted out.",
            hits: [
                "US email 2026-11-21 | consent_withdrawn 2026-01-01; consent_given 2026-01-01 source",
                "US email 2026-11-21 | consent_withdrawn undated; consent_given 2026-02-01 source",
                "US email 2026-11-21 | consent_withdrawn 2026-01-01; purchase 2026-02-01 offered",
                "US email 2026-11-21 | consent_withdrawn 2026-01-01; consent_given 2026-02-01 source imported",
            ],
            misses: ["US email 2026-11-21 | consent_withdrawn 2026-01-01; consent_given 2026-01-02 source"];
        RefusalOnCall "refusal-on-call" Blocks "The person said no on a call.",
            hits: ["GB call 2026-11-21 | refusal_on_call 2026-01-01"],
            misses: ["GB call 2026-11-21 | refusal_on_call 2026-01-01 on=sms"];
        RefusalDeclined "refusal-declined" Blocks "The person was asked and said no.",
            hits: ["US email 2026-11-21 | consent_declined undated"],
            misses: ["US email 2026-11-21 | consent_pending undated"];
        RefusalLifted "refusal-lifted" Notes "The person refused once and came back later by their own dated, evidenced consent.",
            hits: ["US email 2026-11-21 | consent_withdrawn 2026-01-01; consent_given 2026-01-02 source"],
            misses: ["US email 2026-11-21 | consent_given 2026-01-02 source"];
        RefusalMessageAfter "refusal-message-after" Warns "A message went out after the refusal had to be obeyed.",
            hits: [
                "DE email 2026-11-21 | objection 2026-01-01; last_message_sent 2026-01-02",
                "US email 2026-11-21 | objection 2026-01-01; last_message_sent 2026-01-17",
                "DE email 2026-11-21 | objection undated; consent_withdrawn 2026-01-01; last_message_sent 2026-01-02",
                "DE email 2026-11-21 | objection 2026-01-01; last_message_sent 2026-01-03; consent_given 2026-01-05 source",
            ],
            misses: [
                "DE email 2026-11-21 | objection 2026-01-01; last_message_sent 2026-01-01",
                "US email 2026-11-21 | objection 2026-01-01; last_message_sent 2026-01-02",
                "US email 2026-11-21 | objection 2026-01-01; last_message_sent 2026-01-15",
                "DE email 2026-11-21 | objection 2026-01-01; consent_given 2026-01-03 source; last_message_sent 2026-01-04",
                "DE email 2026-11-21 | objection 2026-01-01; last_message_sent 2026-01-02 person",
            ];
    }
    bounce: Data, remedy: "A later click or confirmation at the {point}, or another {point}.", decay: Bounced {
        BounceHard "bounce-hard" Blocks "Mail to the address came back for good, and nothing since shows that it works.",
            hits: [
                "US email 2026-11-21 | hard_bounce 2026-01-01",
                "US email 2026-11-21 | hard_bounce 2026-01-01; last_activity 2026-01-01",
            ],
            misses: [
                "US email 2026-11-21 | hard_bounce 2026-01-01; last_activity 2026-01-02",
                "US email 2026-11-21 | soft_bounce 2026-01-01",
            ];
    }
    consent: Law {
        ConsentPending "consent-pending" Blocks "The person was asked and has not answered.",
            remedy: "The person's answer: a yes with its day.",
            hits: [
                "US email 2026-11-21 | consent_pending 2026-01-01",
                "DE email 2026-11-21 | consent_pending undated; consent_given 2026-01-01 source",
            ],
            misses: ["DE email 2026-11-21 | consent_pending 2026-01-01; consent_given 2026-01-01 source; consent_confirmed 2026-01-02"];
        ConsentWordUnknown "consent-word-unknown" Blocks "A word in a column about permission is not known, so nobody can say whether it is a no.",
            nature: Data, remedy: "Say once what the word means: --word 'COLUMN:WORD=no', =yes or =nothing.",
            hits: [
                "US email 2026-11-21 | consent_word_unknown undated",
                "US email 2026-11-21 | consent_word_unknown 2026-01-01; consent_given 2026-02-01 source",
                "DE email 2026-11-21 | consent_given 2026-01-01 source; consent_word_unknown undated",
            ],
            misses: [
                "US email 2026-11-21 | consent_word_unknown undated on=sms",
                "US email 2026-11-21 | consent_word_unknown undated person",
                "US email 2026-11-21 | consent_word_unknown undated alias",
                "US email 2026-11-21 | consent_word_unknown undated; consent_withdrawn 2026-01-01",
            ];
        ConsentNotGiven "consent-not-given" Blocks "A consent column says no, which in that file may also mean never asked.",
            remedy: "The person's own consent, with its day: beside such a no nothing else is a ground (--events FILE).",
            hits: [
                "US email 2026-11-21 | consent_not_given undated", "DE email 2026-11-21 | consent_not_given undated",
                "CA email 2026-11-21 | consent_not_given undated; purchase 2026-01-01",
                "US email 2026-11-21 | consent_not_given undated; consent_given 2026-01-01 asserted",
                "US email 2026-11-21 | consent_not_given 2026-02-01; consent_given 2026-02-01 source",
            ],
            misses: [
                "US email 2026-11-21 | ", "US email 2026-11-21 | consent_not_given undated on=sms",
                "US email 2026-11-21 | consent_not_given undated person",
                "US email 2026-11-21 | consent_not_given undated; consent_given 2026-01-01 source",
                "US email 2026-11-21 | consent_not_given 2026-02-01; consent_given 2026-02-02 source",
            ];
        ConsentNeverAsked "consent-never-asked" Blocks "No consent is on record, and the law asks for one.",
            remedy: "The person's consent, or another ground that the rule names; bring it with --events FILE.",
            hits: ["DE email 2026-11-21 | "],
            misses: ["US email 2026-11-21 | ", "DE email 2026-11-21 | consent_given undated source"];
        ConsentOtherPoint "consent-other-point" Blocks "Consent was given for another address or number; it does not move.",
            remedy: "Consent given for this very {point}: it does not move.",
            hits: [
                "DE email 2026-11-21 | consent_given 2026-01-01 source person",
                "DE email 2026-11-21 | consent_given 2026-01-01 source alias",
            ],
            misses: ["DE email 2026-11-21 | consent_given 2026-01-01 source"];
        ConsentUndated "consent-undated" Blocks "The yes carries no date.",
            remedy: "The day on which the yes was given (--events FILE).",
            hits: ["DE email 2026-11-21 | consent_given undated source"],
            misses: ["DE email 2026-11-21 | consent_given 2026-01-01 source"];
        ConsentImportedUnverified "consent-imported-unverified" Blocks "The yes came with an import, or only a confirmation is told: nobody knows whether the person agreed.",
            remedy: "The sign-up behind the import, with its day (--events FILE).",
            hits: [
                "DE email 2026-11-21 | consent_given 2026-01-01 source imported",
                "DE email 2026-11-21 | consent_confirmed 2026-01-01 source",
            ],
            misses: ["DE email 2026-11-21 | consent_given 2026-01-01 source; consent_confirmed 2026-01-02"];
        ConsentFutureDated "consent-future-dated" Blocks "The yes is dated later than the send date.",
            nature: Dated,
            remedy: "The right date of the consent.",
            hits: [
                "DE email 2026-11-21 | consent_given 2026-11-22 source",
                "GB email 2025-06-20 | consent_given 2025-03-11/2025-11-03 source",
                "US email 2025-06-20 | consent_not_given undated; consent_given 2025-03-11/2025-11-03 source",
            ],
            misses: [
                "DE email 2026-11-21 | consent_given 2026-11-21 source",
                "GB email 2025-06-20 | consent_given 2025-03-11/2025-06-20 source",
            ];
        ConsentBeforeList "consent-before-list" Blocks "The yes is dated before the list was born, so its date is none.",
            remedy: "The right date of the consent; or the list's own, if it is older (list_since in the profile).",
            hits: [
                "DE email 2026-11-21 | consent_given 1994-12-31 source",
                "DE email 2026-11-21 | consent_given 1970-01-01 source",
                "US email 2026-11-21 | consent_not_given undated; consent_given 1970-01-01 source",
            ],
            misses: [
                "DE email 2026-11-21 | consent_given 1995-01-01 source",
                "DE email 2026-11-21 | consent_given 1994-12-31 asserted",
            ];
        ConsentOtherPurpose "consent-other-purpose" Blocks "Consent was given for another purpose.",
            remedy: "Consent for the purpose of this run.",
            hits: ["DE email 2026-11-21 | consent_given 2026-01-01 source purpose=7"],
            misses: [
                "DE email 2026-11-21 | consent_given 2026-01-01 source purpose=1",
                "DE email 2026-11-21 | consent_given 2026-01-01 source",
            ];
        ConsentUnsourced "consent-unsourced" Blocks "Nothing tells where the yes was given.",
            remedy: "Where the yes was given: form, file or method (--events FILE).",
            hits: ["DE email 2026-11-21 | consent_given 2026-01-01"],
            misses: ["DE email 2026-11-21 | consent_given 2026-01-01 source"];
        ConsentNotWritten "consent-not-written" Blocks "The law asks for consent in writing, and nothing shows a signature.",
            remedy: "Consent in writing or signed electronically for this very number. Where the rule says so, a form, a ticked box or a text reply signs: keep its wording beside it.",
            hits: ["US sms 2026-11-21 | consent_given 2026-01-01 source"],
            misses: [
                "US sms 2026-11-21 | consent_given 2026-01-01 source written",
                "DE sms 2026-11-21 | consent_given 2026-01-01 source",
            ];
        ConsentUnconfirmed "consent-unconfirmed" Blocks "The sign-up was never confirmed, and the rule needs it.",
            remedy: "The confirmation of the sign-up by the person, later than the sign-up.",
            hits: [
                "ZZ email 2026-11-21 | consent_given 2026-01-01 source",
                "ZZ email 2026-11-21 | consent_given 2026-01-01T10:00:00 source; consent_confirmed 2026-01-01T10:00:00",
                "ZZ email 2026-11-21 | consent_given 2026-01-01T10:00:00 source; consent_confirmed 2026-01-01",
            ],
            misses: [
                "DE email 2026-11-21 | consent_given 2026-01-01 source",
                "ZZ email 2026-11-21 | consent_given 2026-01-01 source; consent_confirmed 2026-01-01",
            ];
        ConsentConfirmedBeforeSignup "consent-confirmed-before-signup" Warns "The confirmation is older than the sign-up it should confirm.",
            hits: [
                "ZZ email 2026-11-21 | consent_given 2026-01-02 source; consent_confirmed 2026-01-01",
                "ZZ email 2026-11-21 | consent_given 2026-01-01T10:00:00 source; consent_confirmed 2026-01-01T09:59:59",
            ],
            misses: [
                "ZZ email 2026-11-21 | consent_given 2026-01-01 source; consent_confirmed 2026-01-01",
                "ZZ email 2026-11-21 | consent_given 2026-01-01T10:00:00 source; consent_confirmed 2026-01-01",
                "ZZ email 2026-11-21 | consent_given 2026-01-01T10:00:00 source; consent_confirmed 2026-01-01T10:00:00",
                "ZZ email 2026-11-21 | consent_given 2026-01-01 source; consent_confirmed 2026-01-02",
            ];
        ConsentExpired "consent-expired" Blocks "The ground for contact has lapsed by time.",
            nature: Lapse,
            remedy: "A newer consent, or a newer sign of the person where the rule counts from one.",
            hits: ["FR call 2027-09-01 | consent_given 2026-09-01 source"],
            misses: ["FR call 2027-08-31 | consent_given 2026-09-01 source"];
        ConsentSingleOptIn "consent-single-opt-in" Warns "The sign-up was not confirmed, which the law does not demand but expects as proof.",
            remedy: "The confirmation of the sign-up by the person, later than the sign-up.",
            hits: ["DE email 2026-11-21 | consent_given 2026-01-01 source"],
            misses: [
                "DE email 2026-11-21 | consent_given 2026-01-01 source; consent_confirmed 2026-01-02",
                "DE call 2026-11-21 | consent_given 2026-01-01 source",
            ];
        ConsentEvidenceIncomplete "consent-evidence-incomplete" Warns "The file lacks evidence of consent that the law wants kept.",
            remedy: "The missing evidence, brought with --events FILE.",
            hits: ["DE call 2026-11-21 | consent_given 2026-01-01 source"],
            misses: ["DE call 2026-11-21 | consent_given 2026-01-01 source method wording purpose"];
        ConsentBulkTime "consent-bulk-time" Warns "So many consents of the file carry the very same time that a machine wrote it, not people: it proves no date and reopens nothing.",
            remedy: "The sign-up as the form recorded it, with its own time (--events FILE).",
            hits: [
                "DE email 2026-11-21 | consent_given 2026-01-01T10:00:00 source bulk-time",
                "US email 2026-11-21 | consent_not_given undated; consent_given 2026-01-01 source bulk-time",
            ],
            misses: [
                "DE email 2026-11-21 | consent_given 2026-01-01T10:00:00 source",
                "DE email 2026-11-21 | consent_given 2026-01-01 source bulk-time; consent_given 2026-01-02 source",
            ];
        ConsentBulkIp "consent-bulk-ip" Warns "So many consents of the file came from the same IP address that it is not their people's own.",
            remedy: "The sign-up as the form recorded it, with the person's own IP address (--events FILE).",
            hits: ["DE email 2026-11-21 | consent_given 2026-01-01 source ip bulk-ip"],
            misses: ["DE email 2026-11-21 | consent_given 2026-01-01 source ip"];
        ConsentRush "consent-rush" Warns "The yes came with more sign-ups in one minute, or from one IP address in one day, than people make: a machine may have signed others up.",
            remedy: "The person's own confirmation, at a time of its own (--events FILE).",
            hits: ["DE email 2026-11-21 | consent_given 2026-01-01T10:00:00 source rush"],
            misses: ["DE email 2026-11-21 | consent_given 2026-01-01T10:00:00 source"];
        ConsentAgeing "consent-ageing" Warns "Consent has gone unused so long that courts or regulators doubt it.",
            remedy: "A newer consent, or a newer message that the person did not refuse.",
            hits: ["DE email 2026-11-21 | consent_given 2024-01-01 source; last_message_sent 2024-11-21"],
            misses: ["DE email 2026-11-20 | consent_given 2024-01-01 source; last_message_sent 2024-11-21"];
        ConsentResurrected "consent-resurrected" Warns "A list still says yes although the person refused elsewhere, and later: an import of it would bring them back.",
            hits: [
                "US email 2026-11-21 | consent_given 2026-01-01 source file=1; consent_withdrawn 2026-02-01",
                "US email 2026-11-21 | consent_given undated file=1; consent_withdrawn 2026-02-01",
            ],
            misses: [
                "US email 2026-11-21 | consent_given 2026-01-01 source; consent_withdrawn 2026-02-01",
                "US email 2026-11-21 | consent_given 2026-03-01 file=1; consent_withdrawn 2026-02-01",
                "US email 2026-11-21 | consent_given 2026-01-01 file=1; hard_bounce 2026-02-01",
                "US email 2026-11-21 | consent_given 2026-01-01 file=1; consent_pending 2026-02-01",
            ];
        ConsentAfterRefusalUnproven "consent-after-refusal-unproven" Warns "A yes is dated after the refusal, and nothing shows that the person gave it: it reopens nothing.",
            hits: [
                "US email 2026-11-21 | consent_withdrawn 2026-02-01; consent_given 2026-03-01",
                "US email 2026-11-21 | consent_withdrawn 2026-02-01; consent_given 2026-03-01 source imported",
                "US email 2026-11-21 | consent_withdrawn 2026-02-01; consent_given 2026-03-01 source bulk-time",
                "US email 2026-11-21 | consent_withdrawn 2026-02-01; consent_given 2026-03-01 source rush",
            ],
            misses: [
                "US email 2026-11-21 | consent_withdrawn 2026-02-01; consent_given 2026-03-01 source",
                "US email 2026-11-21 | consent_withdrawn 2026-02-01; consent_given 2026-01-01",
            ];
        ConsentNoticeDue "consent-notice-due" Warns "The law wants the person reminded of their consent by now; silence keeps it.",
            hits: ["KR email 2026-11-21 | consent_given 2024-11-21 source"],
            misses: [
                "KR email 2026-11-20 | consent_given 2024-11-21 source",
                "KR email 2026-11-21 | consent_given 2022-11-21 source; notice_of_consent_sent 2024-11-22",
            ];
        ConsentClockUnknown "consent-clock-unknown" Warns "The rule counts from an event that no file tells, so nobody knows whether the ground still holds.",
            remedy: "The day that the rule counts from, or a newer consent.",
            hits: ["ZZ email 2026-11-21 | consent_given 2024-01-01 source; consent_confirmed 2024-01-01"],
            misses: [
                "ZZ email 2026-11-21 | consent_given 2024-01-01 source; consent_confirmed 2024-01-01; last_inbound_contact 2026-01-01",
                "FR email 2026-11-21 | consent_given 2024-01-01 source",
                "FR call 2026-11-21 | consent_given 2026-09-01 source",
            ];
    }
    registry: Register {
        RegistryNotBrought "registry-not-brought" Blocks "The register that the law names was not brought.",
            remedy: "The register's answer on this point (--registry ID=FILE@DATE).",
            hits: ["GB call 2026-11-21 | "],
            misses: ["GB call 2026-11-21 | consent_given 2026-01-01 source", "GB post 2026-11-21 | "];
        RegistryStale "registry-stale" Blocks "The register's answer is too old on the send date.",
            remedy: "A newer answer of the register (--registry ID=FILE@DATE).",
            hits: ["GB call 2026-11-29 | registry_check 2026-11-01 register=uk-tps"],
            misses: ["GB call 2026-11-28 | registry_check 2026-11-01 register=uk-tps"];
        RegistryListed "registry-listed" Blocks "The point stands on a register of people who want no such contact.",
            remedy: "A ground that holds against the register; the rule names those.",
            hits: ["GB call 2026-11-21 | registry_listed 2026-11-01 register=uk-tps"],
            misses: [
                "GB call 2026-11-21 | registry_listed 2026-11-01 register=uk-tps; consent_given 2026-01-01 source",
                "GB call 2026-11-21 | registry_listed 2026-11-01 register=us-dnc",
            ];
        RegistryAbsent "registry-absent" Blocks "The law wants the consent in a register, and the point does not stand there, or was entered too late.",
            remedy: "The entry of the consent in the register, in time.",
            hits: [
                "TR email 2026-11-21 | consent_given 2026-01-05 source; registry_check 2026-11-21 register=tr-iys",
                "TR email 2026-11-21 | consent_given 2026-01-05 source; registry_check 2026-11-21 register=tr-iys; registry_listed 2026-01-09 register=tr-iys",
            ],
            misses: ["TR email 2026-11-21 | consent_given 2026-01-05 source; registry_check 2026-11-21 register=tr-iys; registry_listed 2026-01-08 register=tr-iys"];
    }
    basis: Law {
        BasisWindowOver "basis-window-over" Blocks "The purchase, contract, question or gift lies too far back.",
            nature: Lapse,
            remedy: "A newer purchase, contract, question or gift, or express consent.",
            hits: ["CA email 2026-12-01 | purchase 2024-12-01"],
            misses: ["CA email 2026-11-30 | purchase 2024-12-01"];
        BasisSoftOptInUnproven "basis-soft-opt-in-unproven" Warns "A customer, but nothing shows that refusal was offered when the address was taken.",
            hits: ["DE email 2026-11-21 | purchase 2026-01-01"],
            misses: ["DE email 2026-11-21 | purchase 2026-01-01 offered"];
        BasisNotOfLaw "basis-not-of-law" Blocks "The operator states a ground that the law does not know for this channel; it gives nothing.",
            remedy: "A ground that the law knows for this channel; `contactable rules` lists them.",
            hits: ["DE email 2026-11-21 | consent_given 2026-01-01 asserted basis=inferred_consent"],
            misses: [
                "DE email 2026-11-21 | consent_given 2026-01-01 asserted basis=express_consent",
                "CA email 2026-11-21 | consent_given 2026-01-01 asserted basis=solicited",
                "DE email 2026-11-21 | consent_given 2026-01-01 asserted basis=inferred_consent; consent_given 2026-01-01 source",
            ];
        BasisExpressConsent "basis-express-consent" Notes "Allowed: the person said yes.",
            hits: ["DE email 2026-11-21 | consent_given 2026-01-01 source"],
            misses: ["DE email 2026-11-21 | consent_given 2026-01-01 asserted"];
        BasisExpressWrittenConsent "basis-express-written-consent" Notes "Allowed: the person said yes in writing.",
            hits: ["US sms 2026-11-21 | consent_given 2026-01-01 source written"],
            misses: ["US sms 2026-11-21 | consent_given 2026-01-01 source"];
        BasisSoftOptIn "basis-soft-opt-in" Notes "Allowed: own customer, refusal was offered when the address was taken.",
            hits: ["DE email 2026-11-21 | purchase 2026-01-01 offered"],
            misses: ["DE email 2026-11-21 | purchase undated offered"];
        BasisPurchase "basis-purchase" Notes "Allowed: bought something lately.",
            hits: ["CA email 2026-11-21 | purchase 2026-01-01"],
            misses: ["CA email 2026-11-21 | purchase 2026-01-01 person"];
        BasisContract "basis-contract" Notes "Allowed: has, or lately had, a contract.",
            hits: ["CA email 2026-11-21 | contract_end 2026-01-01"],
            misses: ["CA email 2026-11-21 | contract_end 2020-01-01"];
        BasisInquiry "basis-inquiry" Notes "Allowed: asked something lately.",
            hits: ["CA email 2026-11-21 | inquiry 2026-06-01"], misses: ["CA email 2026-11-21 | inquiry 2026-05-21"];
        BasisRelationship "basis-relationship" Notes "Allowed: donor, volunteer or member lately.",
            hits: ["CA email 2026-11-21 | donation 2026-01-01"],
            misses: ["CA call 2026-11-21 | donation 2026-01-01"];
        BasisLegitimateInterest "basis-legitimate-interest" Notes "Allowed until the person objects.",
            hits: ["DE post 2026-11-21 | "], misses: ["DE post 2026-11-21 | objection undated"];
        BasisNoneNeeded "basis-none-needed" Notes "Allowed until refused: the law asks for no ground.",
            hits: ["US email 2026-11-21 | "], misses: ["US email 2026-11-21 | consent_pending undated"];
        BasisAsserted "basis-asserted" Notes "Allowed on the operator's own statement.",
            hits: ["DE email 2026-11-21 | consent_given 2026-01-01 asserted"],
            misses: [
                "DE email 2026-11-21 | consent_withdrawn 2025-01-01; consent_given 2026-01-01 asserted",
                "FR call 2026-11-21 | consent_given 2026-09-01 source; consent_given 2026-09-01 asserted",
            ];
    }
    // mapping: what the columns of a source leave open
    mapping: Law {
        MappingHeaderOverruled "mapping-header-overruled" Warns "The cells contradict the column's header; the cells were believed.";
        MappingConsentUnclear "mapping-consent-unclear" Warns "The header speaks of permission in words that are not known; the column was not read.";
        MappingWordUnknown "mapping-word-unknown" Warns "A column about permission holds words that are not known; nobody in these rows is contacted until you say what they mean (--word).";
        MappingAllRefused "mapping-all-refused" Warns "A column refuses contact in every row of its file.";
        MappingReplyUnknown "mapping-reply-unknown" Warns "What people answered to messages is not all understood; a stop may be among it.";
        MappingColumnUnread "mapping-column-unread" Notes "The cells say yes or no, and nothing known tells what to; the column was not read.";
        MappingConsentUndated "mapping-consent-undated" Warns "The file has a consent column and no column that dates it.";
        MappingConsentChannel "mapping-consent-channel" Warns "The consent column names no channel and the file has no e-mail column; it grants nothing.";
        MappingOptOutUnnamed "mapping-opt-out-unnamed" Warns "The opt-out column names no channel; it was read as a refusal of every channel.";
        MappingConsentAllYes "mapping-consent-all-yes" Warns "Every row says yes in the consent column: so it looks when it was filled in by hand or by an import, or when only subscribers were exported.",
            remedy: "Where the yes comes from: form, date and source of each sign-up (--events FILE).";
        MappingConsentUnnamed "mapping-consent-unnamed" Warns "The file does not tell what people consented to: it names neither purpose nor wording, so nor the sender.",
            hits: ["email,country,consent,consent date,consent source,purpose | jane@stonemill.de,DE,yes,2025-01-01,form,"],
            misses: ["email,country,consent,consent date,consent source,purpose | jane@stonemill.de,DE,yes,2025-01-01,form,marketing"];
        MappingLeavesOutRefusals "mapping-leaves-out-refusals" Warns "This export does not mark people who opted out; alone it cannot pass as clean.";
        MappingNoContactColumn "mapping-no-contact-column" Warns "No column holds e-mail addresses or telephone numbers.";
        MappingColumnsTooMany "mapping-columns-too-many" Warns "Columns beyond the 65,536th are carried along and never read.";
        MappingCountryUnknown "mapping-country-unknown" Warns "The cell names no country that is known.";
        MappingKindOverruled "mapping-kind-overruled" Warns "The file's name says that it refuses, and it was read as people because the options say so: nobody is blocked for standing in it.";
        MappingConsentMissing "mapping-consent-missing" Warns "The file has no column that tells consent or refusal.";
    }
    // date: what is wrong with a date cell
    date: Law {
        DateUnreadable "date-unreadable" Warns "The cell holds no date that can be read.",
            hits: ["next spring", "2024"], misses: ["12 Mar 2025", ""];
        DateImpossible "date-impossible" Warns "The cell names a day or time that does not exist.",
            hits: ["31/02/2024", "2024-13-01"], misses: ["29.02.2024", "0000-00-00"];
        DateOrderUnknown "date-order-unknown" Warns "Day and month can be read both ways and no cell of the column settles it; the reading that hurts contactability was taken.",
            hits: ["03/04/2025"], misses: ["13/04/2025", "03.04.2025"];
        DateExcelSerial "date-excel-serial" Warns "The cell holds a spreadsheet's day number; which day it counts from is not in the file.",
            hits: ["45718"], misses: ["2025-03-04", "20250304"];
        DateTwoDigitYear "date-two-digit-year" Notes "The year has two digits; 69 to 99 were read as 1969 to 1999, others as 2000 to 2068.",
            hits: ["11/29/24"], misses: ["11/29/2024"];
    }
}

/// A set of reasons; iterates in the order of the table.
pub type Reasons = Set<Reason, 32>;

impl Reason {
    /// The id that outputs carry.
    pub const fn id(self) -> &'static str {
        self.word()
    }

    /// The reason of that id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::from_word(id)
    }
}

const _: () = {
    let mut at = 0;
    while at < Reason::ALL.len() {
        let reason = Reason::ALL[at];
        assert!(
            !matches!(reason.effect(), Effect::Blocks) || reason.remedy().is_some(),
            "what blocks has a remedy"
        );
        at += 1;
    }
};

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
            assert!(reason.remedy().is_none_or(|remedy| remedy.ends_with('.')), "{}", reason.id());
            assert_eq!(reason.id().split('-').next(), Some(reason.family()));
        }
    }
}
