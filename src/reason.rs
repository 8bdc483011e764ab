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
    EmailEmpty "email-empty" Blocks "The cell holds no address." ["", " "] ["a@b.de"];
    EmailPlaceholder "email-placeholder" Blocks "The cell holds a word that stands for no address." ["n/a", "(blank)", " NULL ", "-", "test@"] ["na@nasa.gov"];
    EmailNoAt "email-no-at" Blocks "The address has no @ sign." ["jane.example.com"] ["jane@example.com"];
    EmailTwoAt "email-two-at" Blocks "The address has more than one @ sign." ["jane@@acme.com", "a@b@acme.com"] ["\"a@b\"@acme.com"];
    EmailEmptyLocal "email-empty-local" Blocks "Nothing stands before the @ sign." ["@acme.com", "\"\"@acme.com"] ["a@acme.com"];
    EmailEmptyDomain "email-empty-domain" Blocks "Nothing stands after the @ sign." ["jane@"] ["jane@acme.com"];
    EmailControlChar "email-control-char" Blocks "The address holds a control character (a line break, a NUL)." ["ja\u{0}ne@acme.com", "jane\n.doe@acme.com"] ["jane@acme.com\n"];
    EmailBadCharLocal "email-bad-char-local" Blocks "A character before the @ sign may not stand there (RFC 5322, 3.2.3)." ["ja(ne@acme.com", "ja,ne@acme.com"] ["o'hara@acme.com", "!#$%&*+/=?^_`{|}~@acme.com"];
    EmailBadCharDomain "email-bad-char-domain" Blocks "A character after the @ sign may not stand in a domain." ["jane@ac,me.com", "jane@ac/me.com"] ["jane@ac-me.com"];
    EmailSpaceInLocal "email-space-in-local" Blocks "A space stands inside the part before the @ sign." ["ja ne@acme.com"] ["jane @acme.com"];
    EmailSpaceInDomain "email-space-in-domain" Blocks "A space stands inside the domain." ["information@deutsches museum.de"] ["jane@ acme.com"];
    EmailDotEdgeLocal "email-dot-edge-local" Blocks "The part before the @ sign begins or ends with a dot." [".jane@acme.com", "jane.@acme.com"] ["jane.@docomo.ne.jp"];
    EmailDotDotLocal "email-dot-dot-local" Blocks "Two dots follow each other before the @ sign." ["jane..doe@acme.com"] ["jane..doe@docomo.ne.jp"];
    EmailLocalTooLong "email-local-too-long" Blocks "The part before the @ sign is longer than 64 octets (RFC 5321, 4.5.3.1.1)." ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@acme.com"] ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@acme.com"];
    EmailTooLong "email-too-long" Blocks "The address is longer than 254 octets (RFC 5321, 4.5.3.1.3)." ["jane@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.com"] ["jane@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.com"];
    EmailLabelTooLong "email-label-too-long" Blocks "A label of the domain is longer than 63 octets (RFC 1035, 2.3.4)." ["jane@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.com"] ["jane@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.com"];
    EmailEmptyLabel "email-empty-label" Blocks "The domain begins with a dot or has two in a row." ["information@parl..admin.ch", "jane@.acme.com"] ["jane@acme.com."];
    EmailHyphenEdge "email-hyphen-edge" Blocks "A label of the domain begins or ends with a hyphen." ["jane@-acme.com", "jane@acme-.com"] ["jane@a-b.com", "jane-@acme.com"];
    EmailUnderscoreDomain "email-underscore-domain" Blocks "The domain holds an underscore, which host names do not." ["jane@ac_me.com"] ["ja_ne@acme.com"];
    EmailBadQuotedLocal "email-bad-quoted-local" Blocks "The quoted part before the @ sign is not closed or not alone." ["\"ja\"ne@acme.com", "\"jane@acme.com"] ["\"jane doe\"@acme.com"];
    EmailBadIpLiteral "email-bad-ip-literal" Blocks "What stands in square brackets is no IP address." ["jane@[1.2.3]", "jane@[IPv6:zz]"] ["jane@[192.0.2.1]"];
    EmailBareIp "email-bare-ip" Blocks "The domain is an IP address without brackets." ["jane@192.0.2.1"] ["jane@[192.0.2.1]"];
    EmailSingleLabel "email-single-label" Blocks "The domain has no dot." ["jane@localserver"] ["jane@acme.com"];
    EmailUnknownTld "email-unknown-tld" Blocks "The domain's last label is no top-level domain." ["jane@acme.con", "jane@acme.123"] ["jane@acme.museum", "jane@acme.co"];
    EmailSpecialUseDomain "email-special-use-domain" Blocks "The domain is reserved and receives no mail (RFC 6761 and its like)." ["jane@server.local", "jane@x.invalid"] ["jane@local.de"];
    EmailBadIdn "email-bad-idn" Blocks "The domain is no valid international domain name (IDNA2008)." ["jane@\u{1F4A9}.la", "jane@xn--example.com"] ["jane@m\u{FC}ller.de"];
    EmailUnsafeUnicodeLocal "email-unsafe-unicode-local" Blocks "Symbols, emoji, or invisible or direction-changing characters stand before the @ sign." ["\u{1F600}@acme.com"] ["j\u{F6}rg@acme.com"];
    EmailTrimmed "email-trimmed" Repairs "Space around the address was taken off." [" jane@acme.com ", "jane@acme.com\u{A0}"] ["jane@acme.com"];
    EmailInvisible "email-invisible" Repairs "Invisible characters were taken out." ["\u{FEFF}jane@acme.com", "ja\u{200B}ne@acme.com"] ["jane@acme.com"];
    EmailMailto "email-mailto" Repairs "A mailto: in front of the address was taken off." ["mailto:jane@acme.com", "MAILTO:jane@acme.com?subject=x"] ["mailto@acme.com"];
    EmailLabelWord "email-label-word" Repairs "A word like \"E-Mail\" in front of the address was taken off." ["E-Mail service@bghm.de", "email: jane@acme.com"] ["email@acme.com", "jane doe@acme.com"];
    EmailDisplayName "email-display-name" Repairs "A name around the address was taken off." ["Jane Doe <jane@acme.com>"] ["<jane@acme.com>"];
    EmailUnwrapped "email-unwrapped" Repairs "Brackets or quotes around the address were taken off." ["<jane@acme.com>", "'jane@acme.com'", "\"jane@acme.com\""] ["Jane <jane@acme.com>"];
    EmailUnquoted "email-unquoted" Repairs "Needless quotes before the @ sign were taken off." ["\"jane.doe\"@acme.com"] ["\"jane doe\"@acme.com"];
    EmailOuterComment "email-outer-comment" Repairs "A comment before or after the address was taken off." ["(home)jane@acme.com", "jane@acme.com (work)"] ["jane@acme.com"];
    EmailSpaceNearAt "email-space-near-at" Repairs "Space beside the @ sign was taken out." ["jane @ acme.com", "jane@ acme.com"] ["ja ne@acme.com"];
    EmailTrailingPunct "email-trailing-punct" Repairs "Punctuation after the address was taken off." ["jane@acme.com.", "jane@acme.com;"] ["jane@acme.com"];
    EmailApostrophe "email-apostrophe" Repairs "The apostrophe by which a spreadsheet marks text was taken off." ["'jane@acme.com"] ["o'hara@acme.com"];
    EmailFullwidth "email-fullwidth" Repairs "Full-width characters were replaced by plain ones." ["jane@acme\u{FF0E}com", "jane\u{FF20}acme.com"] ["jane@acme.com"];
    EmailIdnMapped "email-idn-mapped" Repairs "An international domain name was typed in an unusual form." ["jane@M\u{DC}LLER.de"] ["jane@m\u{FC}ller.de"];
    EmailIdn "email-idn" Notes "The domain is international; the A-label is used for matching." ["jane@m\u{FC}ller.de"] ["jane@mueller.de"];
    EmailNonAsciiLocal "email-non-ascii-local" Warns "The part before the @ sign is not ASCII: only servers with SMTPUTF8 take it (RFC 6531)." ["j\u{F6}rg@acme.com"] ["joerg@acme.com"];
    EmailQuotedLocal "email-quoted-local" Warns "The part before the @ sign is quoted: correct, and refused by many systems." ["\"jane doe\"@acme.com"] ["\"jane\"@acme.com"];
    EmailIpLiteral "email-ip-literal" Warns "The domain is an IP address." ["jane@[192.0.2.1]", "jane@[IPv6:2001:db8::1]"] ["jane@192.0.2.1"];
    EmailReservedExample "email-reserved-example" Warns "The domain is kept for documentation (RFC 2606)." ["jane@example.com"] ["jane@example.de"];
    EmailLegacyJpDots "email-legacy-jp-dots" Warns "Dots as only old Japanese mobile addresses have them." ["a..b@docomo.ne.jp", "a.@ezweb.ne.jp"] ["a.b@docomo.ne.jp"];
    EmailPublicSuffix "email-public-suffix" Warns "The domain is one under which others register, not one of a mailbox." ["jane@co.uk"] ["jane@acme.co.uk"];
    EmailDeadDomain "email-dead-domain" Blocks "The mail domain was closed." ["jane@wanadoo.co.uk"] ["jane@wanadoo.fr"];
    EmailDomainTypo "email-domain-typo" Warns "The domain looks like a slip; the suggestion is not applied by itself." ["jane@gamil.com", "jane@gmail.con", "jane@hotmail.co"] ["jane@ymail.com", "jane@gmx.at", "jane@acme.co"];
    EmailDisposable "email-disposable" Warns "The domain gives out throw-away addresses." ["jane@mailinator.com", "jane@x.mailinator.com"] ["jane@duck.com"];
    EmailRelay "email-relay" Notes "An alias service forwards to a real person." ["jane@duck.com", "x@privaterelay.appleid.com"] ["jane@icloud.com"];
    EmailRole "email-role" Warns "The address names a function, not a person." ["info@acme.com", "Sales+x@acme.com"] ["info@gmail.com", "infodesk1@acme.com"];
    EmailPlaceholderAddress "email-placeholder-address" Warns "The address looks typed to get past a form." ["none@none.com", "noemail@acme.com", "test@test.com"] ["test@acme.com", "none@acme.com"];
    EmailProviderRule "email-provider-rule" Warns "The provider does not give out such addresses." ["jane_doe@gmail.com", "jane@gmail.com"] ["janedoe@gmail.com"];
    // ---- phone: what is wrong with a number
    PhoneNotANumber "phone-not-a-number" Blocks "The cell holds no telephone number." ["n/a"] ["+442079460000"];
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
