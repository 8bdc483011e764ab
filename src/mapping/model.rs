//! Column → field and role; row → dated facts.
//!
//! Knows what the columns of one source say. How a mapping comes about is told in `recognise` and `columns`;
//! what the facts of several sources add up to is not known here.

use crate::data::dictionary::dictionary;
use crate::data::fold::header_words;
use crate::data::format::Format;
use crate::data::words::{ColumnWords, is_blank};
use crate::mapping::dates::DateRules;
use crate::mapping::permission::named_channels;
use crate::reason::Reason;
use crate::record::{Channel, Channels, DateOrder, EventKind, Evidence, Field, Kind, Meaning};

/// What the columns of a source are and say.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// The layout, when one was recognised.
    pub format: Option<&'static Format>,
    /// Why it was taken for that, in words; holds no cell.
    pub why: String,
    /// What the source is.
    pub kind: Kind,
    /// Something proves the kind: a layout, a name, a header, columns that only people have. When nothing
    /// does and there are several sources, the user must be asked.
    pub kind_proven: bool,
    /// The system that its ids belong to.
    pub system: Option<String>,
    /// Every column of the file, in its order.
    pub columns: Vec<Column>,
    /// What the presence of a row means.
    pub implies: Vec<Implied>,
    /// Order of day and month, where the vendor fixes it.
    pub order_hint: DateOrder,
    /// Times without a zone are UTC, by the vendor's word.
    pub utc: bool,
    /// The export leaves people who opted out in, unmarked.
    pub leaves_out_refusals: bool,
    /// What stays open.
    pub unclear: Vec<Unclear>,
    /// Columns under bare headers (`Status`, `Contact`), which speak of permission if some cell of the whole file does; the
    /// sample has none.
    pub bare: Vec<u16>,
    pub(crate) speaking: Vec<u16>,
    /// Those whose refusals are assumed to be about e-mail: their headers name no channel.
    pub(crate) assuming: Vec<u16>,
    pub(crate) narrowing: Vec<u16>,
    pub(crate) proving: Vec<(u16, Evidence, Proof)>,
    pub(crate) statements: usize,
    /// Columns that tell how mail came back.
    pub(crate) bounces: Vec<u16>,
    /// The column that tells whether a purchase came about.
    pub(crate) sale: Option<u16>,
    /// A recognised vendor's list of sign-ups. A file of events says itself where each was captured.
    pub(crate) is_its_source: bool,
}

/// A column of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Their header; empty when there is none.
    pub header: String,
    /// Our field; `None` = carried through, never read.
    pub field: Option<Field>,
    /// What its cells say.
    pub role: Role,
    /// How its dates are written, when it is a date column. `column` is its index here; whoever joins several
    /// sources sets the run's own number and, once known, the order.
    pub date: Option<DateRules>,
    /// The text that every row of the sample has: it was sent to all, and says nothing of anybody.
    pub template: Option<Box<str>>,
}

impl Column {
    /// A column of which only its header is known.
    pub(crate) fn unknown(header: &str) -> Self {
        Self { header: header.to_owned(), field: None, role: Role::Other, date: None, template: None }
    }
}

/// What the cells of a column say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// Carried through, never read.
    Other,
    /// The field's plain value.
    Value,
    /// A date that says nothing alone: other columns, or the row, are dated by it.
    Date,
    /// Value → meaning. Only a listed word grants; an unlisted one blocks where the column is open to a no.
    Status(Says),
    /// Opt-out flag or date: any filled cell that is not a known *no* refuses.
    Refusal {
        /// What such a cell means, unless its word says more (`bounced`, `invalid`).
        event: EventKind,
        /// Words, channels, dates.
        says: Says,
    },
    /// Made for something else; a listed phrase in it refuses, nothing else says anything.
    Mark,
    /// What the person answered: the same, and whatever stops messages refuses these channels, unless it names others.
    Reply(Channels),
    /// Why the row is here: a listed word replaces what the row implies, a listed `unknown` lifts it.
    Cause(ColumnWords),
    /// A date that is an event of its own (last purchase; a consent date beside which no status stands).
    Moment {
        /// What happened then.
        event: EventKind,
        /// On which channels.
        channels: Channels,
    },
    /// The channel the row speaks of; empty = every channel of the row's points.
    Channel,
    /// The channels consented to, several in a cell.
    GrantedChannels(DateColumns),
    /// The event word of an event file.
    Event(Says),
    /// The name of a property whose value stands in that column: read as a header with its cell, for refusals only.
    Property(u16, DateColumns),
    /// Whether the row's purchase came about: only where a listed word says `true`.
    Sale(ColumnWords),
    /// How often the person wants to hear: a listed word refuses, every other is read where messages are told.
    Frequency(Says),
}

/// Words, channels and dates of a column that speaks of permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Says {
    /// Its words.
    pub words: ColumnWords,
    /// Channels a grant speaks of: the row's main point only.
    pub grants: Channels,
    /// Channels a refusal speaks of: all points of the row.
    pub refuses: Channels,
    /// The columns that date it.
    pub dated: DateColumns,
    /// Whether a word that is not known may be a no: it blocks until somebody says what it means.
    pub open: bool,
}

impl Says {
    /// Words for these channels that nothing dates yet.
    pub(crate) fn undated(words: ColumnWords, grants: Channels, refuses: Channels) -> Self {
        Self { words, grants, refuses, dated: DateColumns::default(), open: false }
    }

    /// The same, where a word that is not known may be a no.
    pub(crate) fn open(words: ColumnWords, grants: Channels, refuses: Channels) -> Self {
        Self { open: true, ..Self::undated(words, grants, refuses) }
    }
}

/// The columns that date a statement, as indices into [`Mapping::columns`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DateColumns {
    /// Dates a consent.
    pub given: Option<u16>,
    /// Dates its confirmation.
    pub confirmed: Option<u16>,
    /// Dates a refusal, bounce or complaint. A consent date never does.
    pub refused: Option<u16>,
}

/// What the presence of a row means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Implied {
    /// What it means.
    pub meaning: Meaning,
    /// For which channels of the row's points.
    pub channels: Channels,
    /// That it is about e-mail is assumed, because the file has addresses.
    pub assumed: bool,
    /// The columns that date it.
    pub dated: DateColumns,
}

/// Something about a source that the user should know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unclear {
    /// What.
    pub reason: Reason,
    /// The column, when it is about one.
    pub column: Option<u16>,
}

impl Mapping {
    /// A mapping of these columns that still implies nothing.
    pub fn of(kind: Kind, columns: Vec<Column>) -> Self {
        let mut mapping = Self {
            format: None,
            why: String::new(),
            kind,
            kind_proven: false,
            system: None,
            columns,
            implies: Vec::new(),
            order_hint: DateOrder::Unknown,
            utc: false,
            leaves_out_refusals: false,
            unclear: Vec::new(),
            bare: Vec::new(),
            speaking: Vec::new(),
            assuming: Vec::new(),
            narrowing: Vec::new(),
            proving: Vec::new(),
            bounces: Vec::new(),
            statements: 0,
            sale: None,
            is_its_source: false,
        };
        mapping.index();
        mapping
    }

    /// Notes which columns speak; to be called again after `columns` was changed.
    pub fn index(&mut self) {
        (self.speaking, self.narrowing, self.proving) = (Vec::new(), Vec::new(), Vec::new());
        self.assuming.clear();
        let types = self.columns_of(Field::BounceType).filter_map(|at| u16::try_from(at).ok());
        self.bounces = types.collect();
        for (at, column) in (0..=u16::MAX).zip(&self.columns) {
            // What a vendor's layout says of its column is known.
            if self.format.is_none() && assumes_email(column) {
                self.assuming.push(at);
            }
            match column.role {
                Role::Channel => self.narrowing.push(at),
                Role::Sale(_) => self.sale = Some(at),
                Role::Date if dates_consent(column.field) => self.speaking.push(at),
                Role::Other | Role::Value | Role::Date => {}
                _ => self.speaking.push(at),
            }
            let (evidence, proof) = match column.field {
                Some(Field::ConsentSource) => (Evidence::SOURCE, Proof::Words),
                Some(Field::ConsentMethod) => (Evidence::METHOD, Proof::Words),
                Some(Field::ConsentWording) => (Evidence::WORDING, Proof::Filled),
                Some(Field::ConsentIp) => (Evidence::IP, Proof::Filled),
                Some(Field::ConfirmIp) => (Evidence::CONFIRM_IP, Proof::Filled),
                Some(Field::Purpose) => (Evidence::PURPOSE, Proof::Filled),
                Some(Field::ConsentWritten) => (Evidence::WRITTEN, Proof::Yes),
                Some(Field::OptoutOffered) => (Evidence::OPTOUT_OFFERED, Proof::Yes),
                _ => continue,
            };
            self.proving.push((at, evidence, proof));
        }
        self.statements = self.implies.len() + self.speaking.len();
        let says_source = self.columns_of(Field::ConsentSource).next().is_some();
        self.is_its_source = self.format.is_some_and(|f| f.kind != Kind::ConsentEvents || !says_source);
    }

    /// The columns of a field, in file order.
    pub fn columns_of(&self, field: Field) -> impl Iterator<Item = usize> {
        self.columns.iter().enumerate().filter(move |(_, c)| c.field == Some(field)).map(|(at, _)| at)
    }

    /// The columns of which nothing is known but that marks may stand there: their cells are carried along and not
    /// read for points. Those that are said to be of somebody else are not among them.
    pub fn unread(&self) -> impl Iterator<Item = usize> {
        let unread = |c: &Column| {
            c.field.is_none()
                && matches!(c.role, Role::Other | Role::Mark | Role::Reply(_))
                && !dictionary().is_not_theirs(&header_words(&c.header))
        };
        self.columns.iter().enumerate().filter(move |(_, c)| unread(c)).map(|(at, _)| at)
    }

    /// Whether a cell of the row names the channels that it speaks of.
    pub fn narrows<'a>(&self, cell: impl Fn(usize) -> &'a str) -> bool {
        self.narrowing.iter().any(|at| !is_blank(cell(usize::from(*at))))
    }

    /// Whether some column or the row itself can grant or refuse.
    pub fn speaks_of_permission(&self) -> bool {
        !self.implies.is_empty()
            || self.columns.iter().any(|c| {
                matches!(
                    c.role,
                    Role::Status(_) | Role::Refusal { .. } | Role::GrantedChannels(_) | Role::Event(_)
                )
            })
    }

    /// Whether the file may tell who agreed: some column speaks of permission or dates consent, or is one that nobody could
    /// read.
    pub fn may_tell_permission(&self) -> bool {
        let dates = |c: &Column| matches!(c.role, Role::Moment { event, .. } if event.is_consent());
        let unread =
            |u: &Unclear| matches!(u.reason, Reason::MappingColumnUnread | Reason::MappingConsentUnclear);
        self.speaks_of_permission() || self.columns.iter().any(dates) || self.unclear.iter().any(unread)
    }

    /// Whether a row can speak of permission, against contact or for it, in any way.
    pub const fn speaks(&self) -> bool {
        self.statements > 0
    }

    /// The same for whoever asks only what a row refuses: columns that can but grant or date something are not read.
    pub fn refusing(&self) -> Self {
        let mut mapping = self.clone();
        for column in &mut mapping.columns {
            let grants = match column.role {
                Role::Moment { event, .. } => !event.suppresses(),
                Role::GrantedChannels(_) => true,
                _ => false,
            };
            if grants {
                column.role = Role::Other;
            }
        }
        mapping.index();
        mapping
    }
}

/// Whether the days of a column are those of consent, among which a plain *no* may stand.
const fn dates_consent(field: Option<Field>) -> bool {
    matches!(field, Some(Field::ConsentTimestamp | Field::ConsentSmsTimestamp))
}

/// Whether a refusal in the column is taken for one of e-mail although its header names no channel.
pub(crate) fn assumes_email(column: &Column) -> bool {
    let (Role::Status(says) | Role::Refusal { says, .. }) = &column.role else { return false };
    says.refuses == Channels::only(Channel::Email) && named_channels(&column.header).is_empty()
}

/// When a cell proves something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    /// When it is filled.
    Filled,
    /// When it is filled; some words prove more.
    Words,
    /// When it is a known yes.
    Yes,
}
