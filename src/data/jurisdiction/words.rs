//! The closed vocabulary of rulebooks: a word that is not listed here does not load.

use crate::record::{Day, words};
use serde::{Deserialize, Deserializer, de::Error};
use std::fmt;

words! {
    /// How the law speaks of one last message after a refusal.
    pub enum Duty: Deserialize {
        /// It is allowed, once.
        Once = "once",
        /// It is ordered.
        Owed = "owed",
    }

    /// How far a text was verified.
    pub enum Confidence: Deserialize {
        /// The words of the statute or regulator were read.
        SeenText = "seen_text",
        /// Somebody else reported them.
        SeenSecondary = "seen_secondary",
        /// Remembered; nothing was read.
        Memory = "memory",
        /// No law: what this product does where it knows none.
        Choice = "choice",
    }

    /// Whom a rule protects; of a person: `Any` is not known, and counts as a consumer.
    pub enum Audience: Deserialize {
        /// Everybody; not known.
        Any = "any",
        /// Consumers.
        B2c = "b2c",
        /// Businesses.
        B2b = "b2b",
    }

    /// What holds when nothing is known about a person; the stricter, the later.
    pub enum Model: Deserialize {
        /// Contact is allowed until refused.
        OptOut = "opt_out",
        /// Contact is barred until a register has been asked.
        RegistryCheck = "prohibited_without_registry_check",
        /// Contact needs consent.
        OptIn = "opt_in",
        /// Contact needs consent in writing.
        ExpressWritten = "express_written",
    }

    /// The ground that allows contact.
    pub enum Basis: Deserialize {
        /// The person said yes.
        ExpressConsent = "express_consent",
        /// The person said yes in writing or signed electronically.
        ExpressWrittenConsent = "express_written_consent",
        /// Own customer, own similar products, refusal offered when the address was taken.
        SoftOptIn = "soft_opt_in",
        /// Bought something lately.
        EbrPurchase = "ebr_purchase",
        /// Has, or lately had, a contract.
        EbrContract = "ebr_contract",
        /// Asked something lately.
        EbrInquiry = "ebr_inquiry",
        /// Donor, volunteer or member.
        NonBusinessRelationship = "non_business_relationship",
        /// Consent inferred from a running relationship: never read from files, only stated by the operator.
        InferredConsent = "inferred_consent",
        /// Published the address without refusing mail: only stated by the operator.
        DeemedPublishedAddress = "deemed_published_address",
        /// Handed the address over (business card): only stated by the operator.
        AddressGivenInWriting = "address_given_in_writing",
        /// A business whose interest may be presumed: only stated by the operator.
        PresumedConsentB2b = "presumed_consent_b2b",
        /// Legitimate interest, until objection.
        LegitimateInterest = "legitimate_interest",
        /// On the subject of a contract in force: only stated by the operator.
        ExistingContractSubject = "existing_contract_subject",
        /// Asked for by the person: only stated by the operator.
        Solicited = "solicited",
        /// The law asks for no ground.
        NoneNeeded = "none_needed",
        /// The operator's own statement (`--assert-basis`); no rule lists it.
        Asserted = "asserted",
    }

    /// What a clock on consent rests on.
    pub enum ExpiryKind: Deserialize {
        /// An act of parliament or a regulation.
        Statutory = "statutory",
        /// A regulator's guidance.
        Guidance = "guidance",
        /// Courts.
        CaseLaw = "case_law",
        /// A duty to remind the person of their consent; silence keeps it.
        ReconfirmDuty = "reconfirm_duty",
    }

    /// What happens when a clock has run.
    pub enum FlawEffect: Deserialize {
        /// The ground is gone.
        Block = "block",
        /// It is said.
        Warn = "warn",
        /// The ground stays, and a notice to the person is due.
        NoticeDue = "notice_due",
    }

    /// The kind of telephone line a rule is about; of a number: as far as it is known.
    pub enum LineType: Deserialize {
        /// A mobile number; also a number of unknown kind where only mobiles are protected.
        Mobile = "mobile",
        /// A number in a building.
        Landline = "landline",
    }

    /// Whether a sign-up has to be confirmed.
    pub enum DoubleOptIn: Deserialize {
        /// Unconfirmed consent is none.
        Required = "required",
        /// Courts expect it as proof.
        Expected = "expected",
        /// Good practice.
        Recommended = "recommended",
        /// Proves nothing here.
        No = "no",
    }

    /// What a refusal reaches at least by law.
    pub enum Scope: Deserialize {
        /// The address or number only.
        Address = "address",
        /// The channel.
        Channel = "channel",
        /// The person.
        Person = "person",
    }

    /// A piece of evidence the law wants kept (names after ISO/IEC TS 27560 where it has one).
    pub enum EvidenceCode: Deserialize {
        /// Who.
        SubjectId = "subject_id",
        /// The exact address or number.
        AddressAsGiven = "address_as_given",
        /// When.
        Timestamp = "timestamp",
        /// How.
        Method = "method",
        /// The form, paper, recording or keyword.
        CaptureSource = "capture_source",
        /// The text shown.
        Wording = "wording",
        /// The privacy notice shown.
        NoticeVersion = "notice_version",
        /// To whom consent was given.
        Controller = "controller",
        /// What it covers.
        PurposeScope = "purpose_scope",
        /// Which channels it covers.
        Channels = "channels",
        /// How to withdraw was told.
        WithdrawalMethod = "withdrawal_method",
        /// For how long it holds.
        Validity = "validity",
        /// The confirmation of a double opt-in.
        DoiConfirmation = "doi_confirmation",
        /// A signature bound to the number.
        Signature = "signature",
        /// The disclosures of written consent to automated calls.
        PewcDisclosures = "pewc_disclosures",
        /// Refusal was offered when the address was taken.
        OptoutAtCapture = "optout_at_capture",
        /// Refusal was offered in every message since.
        OptoutEachMsg = "optout_each_msg",
        /// The purchase, contract or question behind an implied ground.
        Transaction = "transaction",
        /// Every hand the data passed through.
        CollectorChain = "collector_chain",
        /// Which register was asked, when, with what answer.
        RegistryReceipt = "registry_receipt",
        /// Every refusal with its day.
        WithdrawalLog = "withdrawal_log",
        /// The number of the entry in a register of consents.
        RecordId = "record_id",
    }

    /// Days of the week on which contact is allowed.
    pub enum Days: Deserialize {
        /// Every day.
        All = "all",
        /// Monday to Friday.
        MonFri = "mon-fri",
        /// Monday to Saturday.
        MonSat = "mon-sat",
        /// Saturday.
        Sat = "sat",
        /// Saturday and Sunday.
        SatSun = "sat-sun",
        /// Sunday.
        Sun = "sun",
    }

    /// The six clocks of a rule.
    pub enum Clock: Deserialize {
        /// How long a purchase, contract or question carries contact.
        BasisWindow = "basis_window",
        /// How long consent lasts.
        Expiry = "expiry",
        /// How old a register may be.
        RegistryAge = "registry_age",
        /// How soon a refusal must be obeyed.
        OptOutDeadline = "opt_out_deadline",
        /// How long nobody may ask again.
        ReaskBan = "reask_ban",
        /// At which hours, and how often.
        HoursFrequency = "hours_frequency",
    }
}

/// A length of time as rulebooks write it: `31 days`, `10 business days`, `18 months`, `2 years`, `calendar month`,
/// `forever`, `per campaign`. Months and years are calendar months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Length {
    /// Calendar days.
    Days(u16),
    /// Monday to Friday; public holidays are not known and count as working days.
    BusinessDays(u16),
    /// Calendar months; a year is twelve.
    Months(u16),
    /// The rest of the calendar month.
    CalendarMonth,
    /// Anew for every campaign.
    PerCampaign,
    /// Without end.
    Forever,
}

impl Length {
    /// Reads the written form.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "forever" => return Some(Self::Forever),
            "per campaign" => return Some(Self::PerCampaign),
            "calendar month" => return Some(Self::CalendarMonth),
            _ => {}
        }
        let (number, unit) = text.split_once(' ')?;
        let n: u16 = number.parse().ok()?;
        match unit {
            "day" | "days" => Some(Self::Days(n)),
            "business day" | "business days" => Some(Self::BusinessDays(n)),
            "month" | "months" => Some(Self::Months(n)),
            "year" | "years" => n.checked_mul(12).map(Self::Months),
            _ => None,
        }
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days(n) => write!(f, "{n} days"),
            Self::BusinessDays(n) => write!(f, "{n} business days"),
            Self::Months(n) => write!(f, "{n} months"),
            Self::CalendarMonth => f.write_str("until the calendar month ends"),
            Self::PerCampaign => f.write_str("anew for every campaign"),
            Self::Forever => f.write_str("for ever"),
        }
    }
}

impl<'de> Deserialize<'de> for Length {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("a length is `31 days`, `18 months`, `forever` …"))
    }
}

/// A TOML date.
pub(crate) fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
    let written = toml::value::Datetime::deserialize(deserializer)?;
    let date = written.date.ok_or_else(|| D::Error::custom("a day is needed"))?;
    let fits = |n: u8| i8::try_from(n).unwrap_or(0);
    let year = i16::try_from(date.year).unwrap_or(0);
    Day::new(year, fits(date.month), fits(date.day)).map_err(D::Error::custom)
}

/// A TOML date that may be absent.
pub(super) fn day_if_any<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Day>, D::Error> {
    day(deserializer).map(Some)
}
