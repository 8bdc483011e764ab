//! Fields: what a column of theirs means to us.

use super::words;
use serde::Deserialize;

words! {
    /// What a column of theirs means to us; the words are also recognised as headers.
    pub enum Field: Deserialize {
        /// Main e-mail address; one or several in a cell.
        Email = "email",
        /// Further e-mail addresses.
        EmailOther = "email_other",
        /// Telephone number of unknown kind.
        Phone = "phone",
        /// Mobile number.
        MobilePhone = "mobile_phone",
        /// Home number.
        HomePhone = "home_phone",
        /// Work number.
        WorkPhone = "work_phone",
        /// Number by which a messenger reaches the person.
        MessagingNumber = "messaging_number",
        /// Account of a social network or messenger.
        SocialHandle = "social_handle",
        /// Fax number: never a channel.
        Fax = "fax",
        /// Area code of a number whose rest stands in `local_number`.
        AreaCode = "area_code",
        /// Calling code of a country, for the numbers of the row: `44`, `+44`.
        DialCode = "dial_code",
        /// Rest of a number whose area code stands in `area_code`.
        LocalNumber = "local_number",
        /// Given name.
        FirstName = "first_name",
        /// Middle name or initial.
        MiddleName = "middle_name",
        /// Family name.
        LastName = "last_name",
        /// Whole name in one cell.
        FullName = "full_name",
        /// Jr, Sr, III.
        NameSuffix = "name_suffix",
        /// Company.
        Company = "company",
        /// Job title.
        JobTitle = "job_title",
        /// Street and house number.
        Street = "street",
        /// Second address line.
        Street2 = "street2",
        /// City.
        City = "city",
        /// State, province, region by name.
        Region = "region",
        /// State, province, region by code.
        RegionCode = "region_code",
        /// Postal code.
        PostalCode = "postal_code",
        /// Postal code and city in one cell.
        PostalCodeCity = "postal_code_city",
        /// Country by name or code.
        Country = "country",
        /// Country by ISO code.
        CountryCode = "country_code",
        /// Country guessed by the vendor from an IP address.
        CountryGuess = "country_guess",
        /// Language.
        Language = "language",
        /// Time zone.
        Timezone = "timezone",
        /// Date of birth.
        Birthday = "birthday",
        /// The source system's own id.
        ExternalId = "external_id",
        /// Business or consumer, as the file says.
        Audience = "audience",
        /// List the row belongs to.
        ListName = "list_name",
        /// Status on that list.
        ListStatus = "list_status",
        /// E-mail consent.
        ConsentEmailStatus = "consent_email_status",
        /// Text-message consent.
        ConsentSmsStatus = "consent_sms_status",
        /// Call consent.
        ConsentPhoneStatus = "consent_phone_status",
        /// Post consent.
        ConsentPostStatus = "consent_post_status",
        /// Fax consent: read, never used.
        ConsentFaxStatus = "consent_fax_status",
        /// Messenger consent.
        ConsentWhatsappStatus = "consent_whatsapp_status",
        /// Consent to hand the data on.
        ConsentShareStatus = "consent_share_status",
        /// Consent whose channel the column does not tell.
        ConsentStatus = "consent_status",
        /// Channel the row's consent speaks of.
        ConsentChannel = "consent_channel",
        /// When consent was given.
        ConsentTimestamp = "consent_timestamp",
        /// When text-message consent was given.
        ConsentSmsTimestamp = "consent_sms_timestamp",
        /// Where consent was captured.
        ConsentSource = "consent_source",
        /// Address of the machine consent came from.
        ConsentIp = "consent_ip",
        /// How consent was captured.
        ConsentMethod = "consent_method",
        /// Whether consent was given in writing, or signed electronically.
        ConsentWritten = "consent_written",
        /// Whether refusal of advertising was offered when the address was taken.
        OptoutOffered = "optout_offered",
        /// Wording consented to.
        ConsentWording = "consent_wording",
        /// First day of consent.
        ConsentEffectiveFrom = "consent_effective_from",
        /// Last day of consent.
        ConsentEffectiveTo = "consent_effective_to",
        /// When consent was confirmed.
        ConfirmTimestamp = "confirm_timestamp",
        /// Address of the machine the confirmation came from.
        ConfirmIp = "confirm_ip",
        /// Whether the sign-up was confirmed.
        DoubleOptIn = "double_opt_in",
        /// Ground for processing as the vendor words it.
        LegalBasis = "legal_basis",
        /// Purpose of consent.
        Purpose = "purpose",
        /// When the person left.
        OptoutTimestamp = "optout_timestamp",
        /// Why the person left.
        OptoutReason = "optout_reason",
        /// Where the person left.
        OptoutSource = "optout_source",
        /// Campaign the person left by.
        OptoutCampaign = "optout_campaign",
        /// Hard or soft.
        BounceType = "bounce_type",
        /// SMTP code.
        BounceCode = "bounce_code",
        /// Text of the bounce.
        BounceReason = "bounce_reason",
        /// When mail came back.
        BounceTimestamp = "bounce_timestamp",
        /// When the person complained.
        ComplaintTimestamp = "complaint_timestamp",
        /// Why the point is suppressed.
        SuppressionReason = "suppression_reason",
        /// How far the suppression reaches.
        SuppressionScope = "suppression_scope",
        /// Since when the point is suppressed.
        SuppressionTimestamp = "suppression_timestamp",
        /// Until when the point is suppressed.
        SuppressionExpiry = "suppression_expiry",
        /// Call refusal.
        DoNotCall = "do_not_call",
        /// General refusal.
        DoNotContact = "do_not_contact",
        /// Whether, or when, the person died.
        Deceased = "deceased",
        /// Last sign of the person.
        LastActivity = "last_activity",
        /// Last time the person wrote, called or clicked.
        LastInboundContact = "last_inbound_contact",
        /// Last message we sent.
        LastMessageSent = "last_message_sent",
        /// Last purchase.
        LastPurchase = "last_purchase",
        /// Whether an order was paid, called off, paid back.
        OrderStatus = "order_status",
        /// Last question asked.
        LastInquiry = "last_inquiry",
        /// Last donation.
        LastDonation = "last_donation",
        /// End of contract.
        ContractEnd = "contract_end",
        /// When the row last changed.
        LastChanged = "last_changed",
        /// When the row was made.
        CreatedAt = "created_at",
        /// Where the record came from.
        Source = "source",
        /// Tags.
        Tags = "tags",
        /// Notes.
        Notes = "notes",
        /// Attributes in a nested format.
        Attributes = "attributes",
        /// Channel the person prefers.
        PreferredChannel = "preferred_channel",
        /// How often the person wants to hear.
        PreferredFrequency = "preferred_frequency",
        /// Event word of an event file.
        EventType = "event_type",
        /// Moment of an event file's event.
        EventTimestamp = "timestamp",
        /// Who reported.
        Reporter = "reporter",
        /// When a register was asked.
        QueryDate = "query_date",
        /// Hash of an e-mail address.
        HashEmail = "hash_email",
        /// Hash of a telephone number.
        HashPhone = "hash_phone",
        /// A suppressed point of any kind: address, domain, number or hash.
        Point = "point",
        /// Kind of the suppressed point.
        PointKind = "kind",
        /// Channels a suppression binds.
        ScopeChannels = "channels",
    }
}

impl Field {
    /// Whether the field holds addresses or numbers.
    pub const fn is_point(self) -> bool {
        matches!(
            self,
            Self::Email
                | Self::EmailOther
                | Self::Phone
                | Self::MobilePhone
                | Self::HomePhone
                | Self::WorkPhone
                | Self::MessagingNumber
        )
    }

    /// Whether the field holds dates.
    pub const fn holds_dates(self) -> bool {
        matches!(
            self,
            Self::Birthday
                | Self::ConsentTimestamp
                | Self::ConsentSmsTimestamp
                | Self::ConsentEffectiveFrom
                | Self::ConsentEffectiveTo
                | Self::ConfirmTimestamp
                | Self::OptoutTimestamp
                | Self::BounceTimestamp
                | Self::ComplaintTimestamp
                | Self::SuppressionTimestamp
                | Self::SuppressionExpiry
                | Self::LastActivity
                | Self::LastInboundContact
                | Self::LastMessageSent
                | Self::LastPurchase
                | Self::LastInquiry
                | Self::LastDonation
                | Self::ContractEnd
                | Self::LastChanged
                | Self::CreatedAt
                | Self::EventTimestamp
                | Self::QueryDate
        )
    }
}
