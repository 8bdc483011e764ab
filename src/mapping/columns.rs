//! Header and sample → columns, where no layout says it.
//!
//! Knows the dictionary and the look of cells, and which of the two is believed: a header that the cells
//! contradict is not.

use crate::data::dictionary::dictionary;
use crate::data::fold::header_words;
use crate::data::format::{ColumnSpec, DatedSpec, Format, SpecRole};
use crate::data::frequency;
use crate::data::words::{Base, ColumnWords};
use crate::mapping::column_profile::{ColumnProfile, bears_out};
use crate::mapping::dates::DateRules;
use crate::mapping::model::{Column, DateColumns, Role, Says, Unclear};
use crate::mapping::permission::{HeadersBeside, Heard, Speech, hear, named_channels, refusing_answers};
use crate::reason::Reason;
use crate::record::{Channel, Channels, EventKind, Field, Kind, Meaning};

/// Columns that are read at most; places are kept in 16 bits.
const READ_MOST: usize = 1 << 16;

/// The columns of a file, and what stays open about them.
#[derive(Debug)]
pub(crate) struct Columns {
    pub(crate) columns: Vec<Column>,
    pub(crate) looks: Vec<ColumnProfile>,
    pub(crate) unclear: Vec<Unclear>,
}

/// The columns of a recognised layout; columns it does not know are mapped like those of any file.
pub(crate) fn of_format(
    format: &'static Format,
    header: &[String],
    rows: &[Vec<String>],
    whole: &[(u16, ColumnProfile)],
) -> Columns {
    let looks = looks(header, rows, whole);
    let specs: Vec<_> = header.iter().enumerate().map(|(at, h)| format.column_at(at, h)).collect();
    let mut open = Columns { columns: Vec::new(), looks, unclear: Vec::new() };
    let column = |(text, spec): (&String, &Option<&ColumnSpec>)| match spec {
        Some(spec) => of_spec(spec, text, &specs, format),
        None => Column::unknown(text),
    };
    open.columns = header.iter().zip(&specs).map(column).collect();
    let unknown: Vec<usize> = (0..header.len().min(READ_MOST))
        .filter(|at| specs[*at].is_none() && !format.knows(&header[*at]))
        .collect();
    if !format.header.is_empty() {
        open.guess(&unknown, true);
    }
    open
}

/// The columns of any other file.
pub(crate) fn of_any(
    header: &[String],
    rows: &[Vec<String>],
    whole: &[(u16, ColumnProfile)],
    kind: Kind,
) -> Columns {
    let columns = header.iter().map(|text| Column::unknown(text)).collect();
    let mut open = Columns { columns, looks: looks(header, rows, whole), unclear: Vec::new() };
    let all: Vec<usize> = (0..header.len().min(READ_MOST)).collect();
    if all.len() < header.len() {
        open.unclear.push(Unclear { reason: Reason::MappingColumnsTooMany, column: None });
    }
    open.guess(&all, false);
    open.pair_area_codes();
    open.settle_names();
    open.tie_dates(kind);
    open
}

/// What the cells of each column look like: in the whole file where that was asked, else in the sample.
fn looks(header: &[String], rows: &[Vec<String>], whole: &[(u16, ColumnProfile)]) -> Vec<ColumnProfile> {
    let look = |at: usize| {
        let asked = whole.iter().find(|(column, _)| usize::from(*column) == at);
        asked.map_or_else(|| ColumnProfile::of_column(rows, at), |(_, look)| look.clone())
    };
    (0..header.len()).map(look).collect()
}

fn index(at: usize) -> u16 {
    u16::try_from(at).unwrap_or(u16::MAX)
}

fn of_spec(spec: &ColumnSpec, header: &str, specs: &[Option<&ColumnSpec>], format: &Format) -> Column {
    let dated = dates_of(&spec.dated, specs);
    let says = || Says { dated, ..Says::undated(spec.words.clone(), spec.grants, spec.refuses) };
    let role = match spec.role {
        None => default_role(spec.field),
        Some(SpecRole::Status) => Role::Status(Says { open: spec.field != Field::DoubleOptIn, ..says() }),
        Some(SpecRole::Refusal) => {
            Role::Refusal { event: spec.event.unwrap_or(EventKind::DoNotContact), says: says() }
        }
        Some(SpecRole::Cause) => Role::Cause(spec.words.clone()),
        Some(SpecRole::Channel) => Role::Channel,
        Some(SpecRole::GrantedChannels) => Role::GrantedChannels(dated),
        Some(SpecRole::Sale) => Role::Sale(spec.words.clone()),
        Some(SpecRole::Event) => Role::Event(Says { words: ColumnWords::of(Base::Event), ..says() }),
    };
    let is_date = spec.field.holds_dates()
        || specs.iter().flatten().any(|s| {
            [&s.dated.given, &s.dated.confirmed, &s.dated.refused]
                .iter()
                .any(|d| d.as_deref() == Some(&*spec.header))
        });
    let rules =
        DateRules { order: format.date_order, utc: format.utc, unix: format.unix, ..DateRules::default() };
    Column {
        header: header.to_owned(),
        field: Some(spec.field),
        role,
        date: is_date.then_some(rules),
        template: None,
    }
}

/// Ties the headers that date a column to their places in this file.
pub(crate) fn dates_of(dated: &DatedSpec, specs: &[Option<&ColumnSpec>]) -> DateColumns {
    let place = |header: &Option<String>| {
        let header = header.as_ref()?;
        specs.iter().position(|s| s.is_some_and(|s| s.names(header) || s.header == *header)).map(index)
    };
    DateColumns {
        given: place(&dated.given),
        confirmed: place(&dated.confirmed),
        refused: place(&dated.refused),
    }
}

/// What a field's column says when nothing else tells.
fn default_role(field: Field) -> Role {
    let moment = |event| Role::Moment { event, channels: Channels::ALL };
    match field {
        Field::LastActivity => moment(EventKind::LastActivity),
        Field::LastInboundContact => moment(EventKind::LastInboundContact),
        Field::LastMessageSent => moment(EventKind::LastMessageSent),
        Field::LastPurchase => moment(EventKind::Purchase),
        Field::LastInquiry => moment(EventKind::Inquiry),
        Field::LastDonation => moment(EventKind::Donation),
        Field::ContractEnd => moment(EventKind::ContractEnd),
        Field::ConsentEffectiveTo => moment(EventKind::ConsentEnded),
        Field::ConsentChannel | Field::ScopeChannels => Role::Channel,
        Field::ConsentTimestamp
        | Field::ConsentSmsTimestamp
        | Field::ConfirmTimestamp
        | Field::OptoutTimestamp
        | Field::BounceTimestamp
        | Field::ComplaintTimestamp
        | Field::SuppressionTimestamp
        | Field::EventTimestamp => Role::Date,
        _ => Role::Value,
    }
}

/// The role of a column that calls itself by our own name of a permission field.
fn own_name_role(field: Field) -> Option<Role> {
    let (consent, refusal) = (ColumnWords::of(Base::Consent), ColumnWords::of(Base::Refusal));
    let says = |words: ColumnWords, channels| Says::undated(words, channels, channels);
    let open = |words, grants, refuses| Some(Role::Status(Says::open(words, grants, refuses)));
    let status = |channel| open(consent.clone(), Channels::only(channel), Channels::only(channel));
    let voice = Channels::only(Channel::Call).union(Channels::only(Channel::AutoCall));
    let email = Channels::only(Channel::Email);
    let flag = |event, channels| Some(Role::Refusal { event, says: says(refusal.clone(), channels) });
    match field {
        Field::ConsentEmailStatus => status(Channel::Email),
        Field::ConsentSmsStatus => status(Channel::Sms),
        Field::ConsentPhoneStatus => status(Channel::Call),
        Field::ConsentPostStatus => status(Channel::Post),
        Field::ConsentWhatsappStatus => status(Channel::Messaging),
        Field::ConsentStatus => open(consent.clone(), email, Channels::ALL),
        Field::ListStatus => open(ColumnWords::of(Base::Status), email, email),
        Field::DoubleOptIn => Some(Role::Status(says(ColumnWords::of(Base::Confirmation), email))),
        Field::DoNotCall => flag(EventKind::Objection, voice),
        Field::DoNotContact => flag(EventKind::DoNotContact, Channels::ALL),
        Field::Deceased => flag(EventKind::Deceased, Channels::ALL),
        Field::OptoutTimestamp => flag(EventKind::ConsentWithdrawn, email),
        Field::BounceTimestamp | Field::BounceReason | Field::BounceType => {
            flag(EventKind::HardBounce, email)
        }
        Field::ComplaintTimestamp => flag(EventKind::Complaint, email),
        Field::SuppressionTimestamp | Field::SuppressionReason => {
            flag(EventKind::DoNotContact, Channels::ALL)
        }
        Field::EventType => Some(Role::Event(says(ColumnWords::of(Base::Event), Channels::ALL))),
        _ => None,
    }
}

/// The field that a header's word means over these cells: an `Address` over e-mail addresses alone is no street, and the
/// number of a `phone_fax` is one of a fax. `Tel/Fax` is both.
fn meant(field: Field, (header, words): (&str, &[String]), look: &ColumnProfile) -> Field {
    let fax = || words.iter().any(|word| dictionary().field(word) == Some(Field::Fax));
    let both = || {
        header.contains(['/', '&', '+', ','])
            || words.iter().any(|w| matches!(&**w, "or" | "and" | "oder" | "und" | "ou" | "et"))
    };
    match field {
        Field::Street | Field::Street2 if look.filled > 0 && look.email == look.filled => Field::Email,
        Field::Phone | Field::MobilePhone | Field::HomePhone | Field::WorkPhone if fax() && !both() => {
            Field::Fax
        }
        field => field,
    }
}

/// A stated frequency: `never` is a no on the channels that the header names, on all where it names none.
fn frequency_role(header: &str) -> Role {
    let named = named_channels(header);
    let refuses = if named.is_empty() { Channels::ALL } else { named };
    let never = frequency::never().map(|word| (word.to_owned(), Meaning::Denied));
    let words = ColumnWords::with(Base::Vendor, never);
    Role::Frequency(Says::undated(words, Channels::NONE, refuses))
}

/// Whether several columns of a file may carry the field.
const fn repeats(field: Field) -> bool {
    field.is_point()
        || matches!(
            field,
            Field::Fax
                | Field::SocialHandle
                | Field::AreaCode
                | Field::LocalNumber
                | Field::Tags
                | Field::Notes
                | Field::HashEmail
                | Field::HashPhone
                | Field::ConsentTimestamp
        )
}

impl Columns {
    /// Maps the columns at these places by header and cells.
    fn guess(&mut self, places: &[usize], beside_a_format: bool) {
        let has_email = self.columns.iter().any(|c| c.field == Some(Field::Email))
            || places.iter().any(|at| {
                dictionary().field(&self.columns[*at].header) == Some(Field::Email)
                    || self.looks[*at].mostly(self.looks[*at].email, 50)
            });
        let headers = self.columns.iter().map(|column| column.header.as_str());
        let beside = HeadersBeside::of(headers.zip(&self.looks), has_email);
        for at in places {
            if let Some((field, role)) = self.one(*at, beside) {
                let rules = DateRules {
                    utc: self.columns[*at].header.to_lowercase().contains("utc"),
                    unix: self.looks[*at].mostly(self.looks[*at].unix, 80),
                    ..DateRules::default()
                };
                let dated = field.holds_dates() || matches!(role, Role::Refusal { .. });
                let column = &mut self.columns[*at];
                (column.field, column.role) = (Some(field), role);
                column.date = dated.then_some(rules);
            }
        }
        self.settle_repeats(places, beside_a_format);
        self.find_points(places);
        self.name_unread(places);
    }

    /// Names the columns that answer yes or no to something nobody understands: it may be permission.
    fn name_unread(&mut self, places: &[usize]) {
        for at in places {
            let (column, look) = (&self.columns[*at], &self.looks[*at]);
            let answers = look.yes_no > 0 && look.mostly(look.yes_no + look.mark, 80);
            let named = self.unclear.iter().any(|unclear| unclear.column == Some(index(*at)));
            if answers && column.field.is_none() && matches!(column.role, Role::Other) && !named {
                let (reason, column) = (Reason::MappingColumnUnread, Some(index(*at)));
                self.unclear.push(Unclear { reason, column });
            }
        }
    }

    /// One column: by permission words, by its spelling, by a spelling within it.
    fn one(&mut self, at: usize, beside: HeadersBeside) -> Option<(Field, Role)> {
        let (header, look) = (self.columns[at].header.clone(), &self.looks[at]);
        let words = header_words(&header);
        let exact = dictionary().field(&header);
        let own = exact.filter(|f| words.concat() == f.word().replace('_', ""));
        if let Some(field) = own.filter(|f| own_name_role(*f).is_some() || is_permission_value(*f)) {
            let mut role = own_name_role(field).unwrap_or(Role::Value);
            if let Role::Refusal { says, .. } = &mut role {
                says.words = says.words.or_own(refusing_answers(&words));
            }
            return Some((field, role));
        }
        let events = exact == Some(Field::EventType) || dictionary().may_hold_events(&header);
        if events && look.mostly(look.event, 60) {
            let words = ColumnWords::of(Base::Message);
            let says = Says::undated(words, Channels::NONE, Channels::ALL);
            return Some((Field::EventType, Role::Event(says)));
        }
        let messenger = |f| matches!(f, Field::MessagingNumber | Field::SocialHandle);
        // `Email`, `Phone`: over answers it is the channel that they speak of, and no point.
        let answers = |f: Field| f.is_point() && look.mostly(look.yes_no, 50) && look.email + look.phone == 0;
        let state =
            exact.is_none_or(|f| matches!(f, Field::Region | Field::Deceased) || messenger(f) || answers(f));
        if state {
            // `attributes.newsletter` of an object: what stands around it need not be known.
            let inner = header.rsplit('.').next().filter(|inner| *inner != header);
            let heard = match (hear(&header, look, beside), inner) {
                (Ok(None) | Err(_), Some(inner)) if !dictionary().is_not_theirs(&words) => {
                    hear(inner, look, beside)
                }
                (heard, _) => heard,
            };
            match heard {
                Ok(Some(heard)) => return Some(self.heard(at, heard)),
                Ok(None) => {}
                Err(reason) => self.unclear.push(Unclear { reason, column: Some(index(at)) }),
            }
        }
        if dictionary().is_not_theirs(&words) && exact.is_none() {
            return None;
        }
        let look = &self.looks[at];
        let field = exact.or_else(|| dictionary().field_within(&words));
        let guessed = || {
            dictionary().point_within(&words).filter(|f| {
                let shape = if *f == Field::Email { look.email } else { look.phone };
                let share = if *f == Field::Email && !header.contains('.') { 0 } else { 80 };
                look.filled > 0 && bears_out(*f, look) && look.mostly(shape, share)
            })
        };
        let field = meant(field.or_else(guessed)?, (&header, &words), look);
        // `Email status`, and not one address in it.
        let status = field == Field::Email && exact.is_none() && look.filled > 0 && look.email == 0;
        if status || !bears_out(field, look) {
            self.unclear.push(Unclear { reason: Reason::MappingHeaderOverruled, column: Some(index(at)) });
            return None;
        }
        let role = match field {
            Field::Deceased => own_name_role(field),
            Field::PreferredFrequency => Some(frequency_role(&header)),
            _ => None,
        };
        Some((field, role.unwrap_or_else(|| default_role(field))))
    }

    fn heard(&mut self, at: usize, heard: Heard) -> (Field, Role) {
        if let Some(reason) = heard.note {
            self.unclear.push(Unclear { reason, column: Some(index(at)) });
        }
        let role = match heard.speech {
            Speech::Plain => default_role(heard.field),
            Speech::Status { words, grants, refuses, open } => {
                Role::Status(Says { open, ..Says::undated(words, grants, refuses) })
            }
            Speech::Refusal { event, words, refuses, dated } => {
                let dated = DateColumns { refused: dated.then_some(index(at)), ..DateColumns::default() };
                Role::Refusal { event, says: Says { dated, ..Says::undated(words, Channels::NONE, refuses) } }
            }
        };
        (heard.field, role)
    }

    /// A field that a file has once: the fuller column keeps it, the others are carried through. Further
    /// addresses become `email_other`.
    fn settle_repeats(&mut self, places: &[usize], beside_a_format: bool) {
        let taken = |columns: &[Column], field: Field, before: usize| {
            columns.iter().take(before).position(|c| c.field == Some(field))
        };
        for at in places {
            let Some(field) = self.columns[*at].field else { continue };
            let known = |c: &Column| c.field == Some(field);
            let elsewhere = if beside_a_format {
                self.columns.iter().enumerate().position(|(i, c)| i != *at && known(c))
            } else {
                taken(&self.columns, field, *at)
            };
            let Some(other) = elsewhere else { continue };
            if field == Field::Email {
                self.columns[*at].field = Some(Field::EmailOther);
            } else if !repeats(field)
                && matches!(self.columns[*at].role, Role::Value | Role::Date | Role::Moment { .. })
            {
                let empty = self.looks[other].filled == 0 && self.looks[*at].filled > 0 && !beside_a_format;
                let loser = if empty { other } else { *at };
                let column = &mut self.columns[loser];
                (column.field, column.role, column.date) = (None, Role::Other, None);
            }
        }
    }

    /// Columns whose header says nothing and whose cells are addresses or numbers of different people.
    fn find_points(&mut self, places: &[usize]) {
        for at in places {
            let (column, look) = (&self.columns[*at], &self.looks[*at]);
            let words = header_words(&column.header);
            // Events of one person may be many.
            let of_all = dictionary().names_addressees(&words);
            if column.field.is_some()
                || look.filled == 0
                || look.filled < 3 && !column.header.is_empty() && !of_all
                || !look.varied() && !of_all
                || dictionary().is_not_theirs(&words)
            {
                continue;
            }
            let field = if look.mostly(look.email, 50) {
                let first = self.columns.iter().all(|c| c.field != Some(Field::Email));
                if first { Field::Email } else { Field::EmailOther }
            } else if look.mostly(look.surely_phone, 60) {
                Field::Phone
            } else if look.mostly(look.digest, 90) {
                Field::HashEmail
            } else {
                continue;
            };
            (self.columns[*at].field, self.columns[*at].role) = (Some(field), Role::Value);
        }
    }

    /// `Vorwahl` + `Rufnummer`: the number beside an area code is its rest.
    fn pair_area_codes(&mut self) {
        for at in 1..self.columns.len() {
            let pair = self.columns[at - 1].field == Some(Field::AreaCode);
            if pair && self.columns[at].field.is_some_and(|f| f.is_point() && f != Field::Email) {
                self.columns[at].field = Some(Field::LocalNumber);
            }
        }
    }

    /// Ties consent and opt-out dates to the columns they date. A consent date without any status column
    /// beside it is itself the record of the consent.
    fn tie_dates(&mut self, kind: Kind) {
        let place =
            |columns: &[Column], field| columns.iter().position(|c| c.field == Some(field)).map(index);
        let confirmed = place(&self.columns, Field::ConfirmTimestamp);
        let moment = place(&self.columns, Field::EventTimestamp);
        let dates = Dates::of(&self.columns);
        let mut dated_by_none = false;
        let mut consents = false;
        for column in &mut self.columns {
            match &mut column.role {
                Role::Status(says) => {
                    let confirms = column.field == Some(Field::DoubleOptIn);
                    says.dated.given = if confirms { confirmed } else { closest(&dates.given, says.grants) };
                    says.dated.confirmed = if confirms { None } else { confirmed };
                    says.dated.refused = {
                        let told = closest(&dates.refused, says.refuses);
                        told.or_else(|| closest(&dates.changed, says.refuses))
                    };
                    consents |= !confirms;
                    dated_by_none |= says.dated.given.is_none() && !confirms;
                }
                Role::Refusal { event: EventKind::ConsentWithdrawn, says }
                    if says.dated.refused.is_none() =>
                {
                    says.dated.refused = closest(&dates.refused, says.refuses);
                }
                Role::Event(says) => {
                    says.dated = DateColumns { given: moment, confirmed: None, refused: moment };
                }
                _ => {}
            }
        }
        if !consents && kind == Kind::Contacts {
            self.dates_as_consents();
        }
        if dated_by_none {
            self.unclear.push(Unclear { reason: Reason::MappingConsentUndated, column: None });
        }
        self.reason_alone();
    }

    /// Where no column says who consented, a filled consent date does, on the channel its header names.
    fn dates_as_consents(&mut self) {
        for column in self.columns.iter_mut().filter(|c| !dictionary().says_change(&c.header)) {
            let named = match column.field {
                Some(Field::ConsentSmsTimestamp) => Channels::only(Channel::Sms),
                Some(Field::ConsentTimestamp) => named_channels(&column.header),
                _ => continue,
            };
            let channels = if named.is_empty() { Channels::only(Channel::Email) } else { named };
            column.role = Role::Moment { event: EventKind::ConsentGiven, channels };
        }
    }

    /// `Nom` beside `Prénom` is a family name, `Nome` beside `Cognome` a given name.
    fn settle_names(&mut self) {
        const EITHER: [&str; 9] = ["name", "nom", "nome", "nombre", "naam", "namn", "navn", "nume", "namen"];
        let has = |columns: &[Column], field| columns.iter().any(|c| c.field == Some(field));
        let field = match (has(&self.columns, Field::FirstName), has(&self.columns, Field::LastName)) {
            (true, false) => Field::LastName,
            (false, true) => Field::FirstName,
            (true, true) | (false, false) => return,
        };
        let either = |c: &&mut Column| {
            c.field == Some(Field::FullName) && EITHER.contains(&header_words(&c.header).concat().as_str())
        };
        if let Some(column) = self.columns.iter_mut().find(either) {
            column.field = Some(field);
        }
    }

    /// A reason for leaving is a refusal when nothing else in the file says who left.
    fn reason_alone(&mut self) {
        let refuses = |c: &Column| matches!(c.role, Role::Refusal { .. } | Role::Status(_));
        if self.columns.iter().any(refuses) {
            return;
        }
        for column in self.columns.iter_mut().filter(|c| c.field == Some(Field::OptoutReason)) {
            let words = ColumnWords::of(Base::Refusal);
            let says = Says::undated(words, Channels::NONE, Channels::only(Channel::Email));
            column.role = Role::Refusal { event: EventKind::ConsentWithdrawn, says };
        }
    }
}

/// The date columns of a file, each with the channels it dates.
#[derive(Default)]
struct Dates {
    given: Vec<(u16, Channels)>,
    /// Those among them that date the last answer, a no like a yes. The date of an opt-in is left behind by those who
    /// went: it dates no refusal.
    changed: Vec<(u16, Channels)>,
    refused: Vec<(u16, Channels)>,
}

impl Dates {
    fn of(columns: &[Column]) -> Self {
        let mut dates = Self::default();
        for (at, column) in columns.iter().enumerate() {
            match (column.field, &column.role) {
                (Some(Field::ConsentSmsTimestamp), _) => {
                    dates.given.push((index(at), Channels::only(Channel::Sms)));
                }
                (Some(Field::ConsentTimestamp), _) => {
                    let named = named_channels(&column.header);
                    dates.given.push((index(at), if named.is_empty() { Channels::ALL } else { named }));
                }
                (Some(Field::OptoutTimestamp), Role::Refusal { says, .. }) => {
                    dates.refused.push((index(at), says.refuses));
                }
                _ => {}
            }
        }
        // The column that dates fewest channels is the closest.
        dates.given.sort_by_key(|(at, channels)| (channels.count(), *at));
        let changed = |(at, _): &&(u16, Channels)| {
            columns.get(usize::from(*at)).is_some_and(|c| dictionary().says_change(&c.header))
        };
        dates.changed = dates.given.iter().filter(changed).copied().collect();
        dates
    }
}

/// The column among these that dates all these channels: the date of another channel's consent dates none.
fn closest(dates: &[(u16, Channels)], channels: Channels) -> Option<u16> {
    dates.iter().find(|(_, dated)| dated.intersect(channels) == channels).map(|(at, _)| *at)
}

/// Fields whose own names speak of permission and hold plain values.
const fn is_permission_value(field: Field) -> bool {
    matches!(
        field,
        Field::ConsentSource
            | Field::ConsentIp
            | Field::ConsentMethod
            | Field::ConsentWritten
            | Field::OptoutOffered
            | Field::ConsentWording
            | Field::ConfirmIp
            | Field::OptoutSource
            | Field::OptoutCampaign
            | Field::BounceCode
            | Field::ConsentFaxStatus
            | Field::ConsentShareStatus
            | Field::LegalBasis
            | Field::Purpose
            | Field::SuppressionScope
    )
}
