//! The sources of a run, opened and understood: what each file is, and which of its columns holds what.

use crate::data::Country;
use crate::data::dictionary::dictionary;
use crate::data::jurisdiction::{Basis, Rulebooks};
use crate::data::words::is_blank;
use crate::mapping::dates::{DateRules, parse as parse_date};
use crate::mapping::model::{Column, Mapping, Role};
use crate::mapping::{Sample, Wishes, WordAnswer, recognise};
use crate::phone::Region;
use crate::pipeline::kit::blocks::BLOCK;
use crate::pipeline::kit::run;
use crate::pipeline::understand::output_columns::{Layout, SourceColumns, own_headers};
use crate::pipeline::understand::point_columns::PointColumns;
use crate::pipeline::understand::postal_address::{NameColumns, name_columns, shown_columns};
use crate::pipeline::understand::whole_columns::WholeColumns;
use crate::plan::{EARLIER, ReadPlan, Source};
use crate::record::{Channel, Channels, DateOrder, Day, EventKind, Evidence, Failure, Field, Kind, Stamp};
use crate::source::{Cells, Input, Limits, Origin, Row, State, open};
use crate::suppress::Index;
use rayon::prelude::*;
use std::path::Path;

/// The order in which sources are read: those that refuse or tell events first, so that lists are whole before
/// the first contact is checked.
pub(crate) fn reading_order(sources: &[SourcePlan]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..sources.len()).collect();
    order.sort_by_key(|i| (sources[*i].mapping.kind == Kind::Contacts, *i));
    order
}

/// What a suppression file of ours calls the columns of its days.
pub(crate) const LIST_DAYS: [&str; 2] = ["list_day", "kept_day"];

/// Rows of a list from which on one that names nobody was not understood, whatever its columns are called.
const MANY: u64 = 20;

/// Rows looked at to understand a file.
const SAMPLE: usize = 1000;

/// One source, ready to be read.
#[derive(Debug)]
pub(crate) struct SourcePlan {
    pub(crate) index: u16,
    pub(crate) input: Input,
    pub(crate) mapping: Mapping,
    /// The system its ids belong to: the vendor, else the file itself.
    pub(crate) system: String,
    /// Columns of addresses, numbers and countries.
    pub(crate) points: PointColumns,
    /// Countries a vendor guessed.
    pub(crate) guesses: Vec<usize>,
    pub(crate) name: NameColumns,
    pub(crate) ids: Vec<usize>,
    pub(crate) birthday: Option<usize>,
    /// Columns that date the row, best first.
    pub(crate) changed: Vec<usize>,
    pub(crate) dates: Vec<usize>,
    /// Those that date consent or refusal.
    pub(crate) dating: Vec<usize>,
    /// Columns that may hold a domain or a digest.
    pub(crate) listed: Vec<usize>,
    domains: Vec<usize>,
    empty: bool,
    /// The column that tells the kind of a suppressed point.
    point_kind: Option<usize>,
    pub(crate) purpose: Option<usize>,
    pub(crate) audience: Option<usize>,
    /// Columns in which an event of a register names it.
    pub(crate) naming: Vec<usize>,
    pub(crate) preferred_channel: Option<usize>,
    /// Campaign by which, and reason for which people left.
    pub(crate) left_by: [Option<usize>; 2],
    /// The stated frequency, and the channels it speaks of.
    pub(crate) frequency: Option<(usize, Channels)>,
    /// The IP address that consent came from.
    pub(crate) consent_ip: Option<usize>,
    /// Where its columns go in the outputs.
    pub(crate) shown: SourceColumns,
    /// Columns of what people answered to messages.
    pub(crate) replies: Vec<usize>,
    /// The channels that its name says were stopped; a stop by text ends calls too. None: it says nothing of it.
    pub(crate) stopped: Channels,
    /// Where the numbers of a register are at home.
    pub(crate) region: Option<Region>,
    /// Number of the register, and the day it was taken.
    pub(crate) registry: Option<(u16, Day)>,
    /// For which channel and since when the operator states a ground for its rows, and which.
    pub(crate) assertions: Vec<(Channel, Day, Basis)>,
    /// Rank in the profile's list of trust; lower is better.
    pub(crate) priority: u16,
    /// In a suppression file of ours, the column that says which refusals came from another contact.
    reached_through: Option<usize>,
    /// In a suppression file of ours, the columns of the day of its sources, and of the day of what it kept.
    list_day: Option<usize>,
    kept_day: Option<usize>,
}

impl SourcePlan {
    /// Whether its rows are people.
    pub(crate) fn is_contacts(&self) -> bool {
        self.mapping.kind == Kind::Contacts
    }

    /// Its name in outputs.
    pub(crate) fn name(&self) -> &str {
        self.input.name()
    }

    /// How a column writes its dates.
    pub(crate) fn rules(&self, column: usize) -> DateRules {
        self.mapping.columns.get(column).and_then(|c| c.date).unwrap_or_default()
    }

    /// Whether what stands in that column is called a domain, by its header or by the row.
    pub(crate) fn says_domain(&self, row: &Row<'_>, column: usize) -> bool {
        self.domains.contains(&column) || row.iter().any(|cell| cell.trim().eq_ignore_ascii_case("domain"))
    }

    /// Whether the row calls its point one of that kind.
    pub(crate) fn says_kind(&self, row: &Row<'_>, kind: &str) -> bool {
        self.point_kind.is_some_and(|column| row.get(column).trim().eq_ignore_ascii_case(kind))
    }

    /// Of a suppression file of ours: what it says of how the row's refusal came there.
    pub(crate) fn carried(&self, row: &Row<'_>) -> Option<Evidence> {
        self.mapping.format.filter(|f| f.id == "contactable_suppression")?;
        let another = self.reached_through.is_some_and(|column| !row.get(column).trim().is_empty());
        Some(if another { Evidence::CARRIED.with(Evidence::TRAVELLED) } else { Evidence::CARRIED })
    }

    /// Whether it is what an earlier run refused (`--previous`).
    pub(crate) fn is_earlier(&self) -> bool {
        self.name() == EARLIER
    }

    /// What a row of this source refuses when no cell says it better.
    pub(crate) fn default_refusal(&self) -> EventKind {
        match self.mapping.kind {
            Kind::Unsubscribes => EventKind::ConsentWithdrawn,
            Kind::Bounces => EventKind::HardBounce,
            Kind::Complaints => EventKind::Complaint,
            Kind::Contacts | Kind::Suppression | Kind::ConsentEvents | Kind::Registry | Kind::Ignore => {
                EventKind::DoNotContact
            }
        }
    }

    /// Whether it is a suppression file that this program wrote.
    pub(crate) fn is_ours(&self) -> bool {
        self.mapping.format.is_some_and(|f| f.id == "contactable_suppression")
    }

    /// Of a suppression file of ours: the day of the oldest source that it was made of, and the day of what the row kept of
    /// an earlier file.
    pub(crate) fn list_days(&self, row: &Row<'_>) -> (Option<Day>, Option<Day>) {
        let day = |column: Option<usize>| row.get(column?).trim().parse().ok();
        (day(self.list_day), day(self.kept_day))
    }

    /// The day on which a suppression file of ours first had the entry of a row.
    pub(crate) fn first_seen(&self, row: &Row<'_>) -> Option<Day> {
        self.mapping.format.filter(|f| f.id == "contactable_suppression")?;
        let column = self.column(Field::CreatedAt)?;
        let Stamp::Known(when) = parse_date(row.get(column), self.rules(column)) else { return None };
        Some(when.date())
    }

    /// Whether the row tells of something that happened, whatever it says of permission.
    pub(crate) fn tells_event(&self, row: &Row<'_>) -> bool {
        let mut columns = self.mapping.columns.iter().enumerate();
        self.mapping.kind == Kind::ConsentEvents
            && columns.any(|(at, c)| matches!(c.role, Role::Event(_)) && !is_blank(row.get(at)))
    }

    /// Whether a column may tell how to reach somebody.
    fn reaches(&self) -> bool {
        let PointColumns { emails, phones, handles, phone_pairs, .. } = &self.points;
        let by_field = [Field::Point, Field::HashEmail, Field::HashPhone, Field::Street];
        !(emails.is_empty() && phones.is_empty() && handles.is_empty() && phone_pairs.is_empty())
            || by_field.iter().any(|field| self.column(*field).is_some())
            || !self.is_contacts()
                && !(self.domains.is_empty() && (self.empty || lone(&self.mapping).is_empty()))
    }

    /// Whether it is strange that none of so many rows was understood. A few may hold nothing where the column is known.
    pub(crate) fn ought_to_be_read(&self, rows: u64) -> bool {
        self.mapping.kind != Kind::Ignore && rows > 0 && (rows >= MANY || !self.reaches())
    }

    /// Whether there is any record but a header, usable or not.
    fn has_records(&self) -> Result<bool, Failure> {
        for block in self.input.blocks(BLOCK) {
            if block?.records.iter().any(|record| record.state != State::Header) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    pub(crate) fn column(&self, field: Field) -> Option<usize> {
        self.mapping.columns_of(field).next()
    }
}

/// Opens every source and finds out what it is. `spool` takes what has to be rewritten once.
pub(crate) fn understand(plan: &ReadPlan, spool: &Path) -> Result<Vec<SourcePlan>, Failure> {
    let one = |source| understand_one(plan, source, spool);
    let all: Vec<_> = run::threads(plan)?.install(|| plan.sources.par_iter().map(one).collect());
    // Of several that cannot be understood, the first is told.
    let mut sources = all.into_iter().collect::<Result<Vec<_>, _>>()?;
    ask(&sources)?;
    answered(plan, &sources)?;
    number_dates(&mut sources);
    Ok(sources)
}

/// Opens one source and finds out what it is.
pub(crate) fn understand_one(plan: &ReadPlan, source: &Source, spool: &Path) -> Result<SourcePlan, Failure> {
    let input = open_source(source, spool)?;
    let rows = input.sample(SAMPLE)?;
    let mapping = doubt(plan, source, &input, &rows, look(plan, source, &input, &rows)?)?;
    let found = SourcePlan { empty: rows.is_empty(), ..prepare(plan, source, input, mapping)? };
    says_whom(plan, &found)?;
    Ok(found)
}

/// Refuses a list or register that could refuse nobody, and asks about a file of which no column tells whom it is about:
/// to read on would find nobody, and say nothing of it.
fn says_whom(plan: &ReadPlan, found: &SourcePlan) -> Result<(), Failure> {
    let (kind, name) = (found.mapping.kind, found.name());
    if kind == Kind::Ignore {
        return Ok(());
    }
    let register = found.registry.is_some();
    let list = kind.refuses() || register;
    if found.empty && found.input.dialect().header.is_none() && !found.has_records()? {
        let lists = list || kind == Kind::ConsentEvents;
        return if lists { Err(not_even_a_header(name)) } else { Ok(()) };
    }
    if register {
        return holds_entries(plan, found);
    }
    if found.reaches() || list && !found.empty {
        return Ok(());
    }
    if list {
        return Err(Failure::run(
            "nothing of this list was understood: it has no row, and no column that tells whom it is about",
        )
        .at(name)
        .hint("fetch it again, as CSV with a header such as: email"));
    }
    Err(Failure::usage("no column of this file holds addresses, numbers or streets").at(name).hint(format!(
        "see its columns with contactable inspect; to go on without this file, say --as ignore={name}"
    )))
}

/// A register has to have rows, and a column of what it registers.
fn holds_entries(plan: &ReadPlan, found: &SourcePlan) -> Result<(), Failure> {
    if found.empty && !found.has_records()? {
        return Err(Failure::run("this register holds no row, and would clear every number")
            .at(found.name())
            .hint("fetch it again; a register that was asked and found nobody is told by an event registry_check"));
    }
    let books = plan.rulebooks();
    let id =
        found.registry.and_then(|(number, _)| books.registers().get(usize::from(number).checked_sub(1)?));
    let of_numbers = id.is_some_and(|id| {
        let told = books.register_channels(id);
        told.without(Channels::PHONE).is_empty() && !told.is_empty()
    });
    let columns = &found.points;
    let numbers = !columns.phones.is_empty()
        || !columns.phone_pairs.is_empty()
        || found.column(Field::HashPhone).is_some()
        || !lone(&found.mapping).is_empty();
    if of_numbers && !numbers {
        return Err(Failure::run(
            "no column of this register holds telephone numbers, so it would list nobody",
        )
        .at(found.name())
        .hint("bring the file of the register itself, with a column of numbers such as: phone"));
    }
    let people = found.column(Field::Email).is_some() && found.name.iter().any(|columns| !columns.is_empty());
    if of_numbers && people {
        return Err(Failure::run(
            "this is a list of people with their e-mail addresses, and no register of numbers",
        )
        .at(found.name())
        .hint("bring the file of the register itself"));
    }
    Ok(())
}

/// The failure of a list in which nobody could be recognised.
pub(crate) fn nobody_named(list: &str) -> Failure {
    Failure::run("no row of this list names anybody who could be recognised")
        .at(list)
        .hint("see what it is taken for: contactable inspect")
}

/// The failure of a list that is no file of a list.
fn not_even_a_header(list: &str) -> Failure {
    Failure::run("this list is empty: there is not even a header").at(list).hint("fetch it again")
}

fn open_source(source: &Source, spool: &Path) -> Result<Input, Failure> {
    if Index::is_one(&source.path) {
        return Err(Failure::usage("an index does not give back what it was made of")
            .at(source.name.as_str())
            .hint("name the files it was made of; only check reads an index"));
    }
    open(Origin::new(&source.path), &source.name, spool, Limits::default())
}

/// Opens a list that others are checked against: what nothing proves to be anything else refuses all it names.
/// Only a list of people that also says who of them may be contacted is asked about.
pub(crate) fn understand_against(
    plan: &ReadPlan,
    source: &Source,
    spool: &Path,
) -> Result<SourcePlan, Failure> {
    let input = open_source(source, spool)?;
    let rows = input.sample(SAMPLE)?;
    let mut mapping = look(plan, source, &input, &rows)?;
    if mapping.kind == Kind::Contacts && source.kind.is_none() {
        if mapping.speaks_of_permission() {
            let name = input.name();
            let what = "this is a list of people, and its columns say who of them may be contacted";
            return Err(Failure::usage(what).at(name).hint(format!(
                "say --as suppression={name} when all of them are to be left out, --as contacts={name} when only \
                 those are who refused"
            )));
        }
        mapping = look(plan, &Source { kind: Some(Kind::Suppression), ..source.clone() }, &input, &rows)?;
    }
    let found = SourcePlan { empty: rows.is_empty(), ..prepare(plan, source, input, mapping)? };
    says_whom(plan, &found)?;
    Ok(found)
}

/// Opens a source of refusals: a list of people counts when its columns say who of them refused.
pub(crate) fn understand_refusing(
    plan: &ReadPlan,
    source: &Source,
    spool: &Path,
) -> Result<SourcePlan, Failure> {
    let found = understand_one(plan, source, spool)?;
    if found.mapping.kind != Kind::Contacts {
        return Ok(found);
    }
    if found.empty {
        let nothing = found.input.dialect().header.is_none() && !found.has_records()?;
        return if nothing { Err(not_even_a_header(found.name())) } else { Ok(found) };
    }
    if !found.mapping.kind_proven {
        return Err(unproven(&found));
    }
    if !found.mapping.speaks_of_permission() {
        let name = found.name();
        return Err(Failure::usage("this is a list of people, and no column says who of them refused")
            .at(name)
            .hint(format!("say --as suppression={name} when all of them are to be left out")));
    }
    Ok(found)
}

/// Each word that the command line explains has to be of a column of some source.
fn answered(plan: &ReadPlan, sources: &[SourcePlan]) -> Result<(), Failure> {
    let of = |answer: &WordAnswer| {
        let mut columns = sources.iter().flat_map(|source| &source.mapping.columns);
        columns.any(|column| answer.is_of(&column.header))
    };
    match plan.words.iter().take(plan.words_typed).find(|answer| !of(answer)) {
        None => Ok(()),
        Some(answer) => Err(Failure::usage(format!("no source has a column {}", answer.column))
            .at("--word")
            .hint("write the column as its header does; `contactable inspect` shows the columns")),
    }
}

/// What would be asked about the source if it were not alone.
pub(crate) fn open_question(source: &SourcePlan) -> Option<String> {
    (!source.mapping.kind_proven && !source.empty).then(|| unproven(source).to_string())
}

fn look(plan: &ReadPlan, source: &Source, input: &Input, rows: &[Vec<String>]) -> Result<Mapping, Failure> {
    let sample = Sample { file_name: input.name(), header: input.dialect().header.as_deref(), rows };
    let wishes = Wishes {
        format: source.format.as_deref(),
        kind: source.kind,
        words: &plan.words,
        ..Wishes::default()
    };
    let mapping = recognise(&sample, wishes)?;
    if mapping.bare.is_empty() || rows.len() < SAMPLE {
        return Ok(mapping);
    }
    // What the sample leaves open, the whole file tells.
    let mut seen = WholeColumns::new(&mapping.bare);
    let mut cells = Cells::new();
    for block in input.blocks(BLOCK) {
        seen.block(&block?, input.dialect(), &mut cells);
    }
    recognise(&sample, Wishes { whole: &seen.looks(), ..wishes })
}

/// What was taken for people although the name of the file, or of its folder where the file's own says nothing, makes
/// it likely that they left. Bare points are taken for what the name says; columns of people are asked about.
fn doubt(
    plan: &ReadPlan,
    source: &Source,
    input: &Input,
    rows: &[Vec<String>],
    mapping: Mapping,
) -> Result<Mapping, Failure> {
    let named = mapping.format.is_some_and(|f| f.names_file(input.name()));
    let open = mapping.kind == Kind::Contacts && source.kind.is_none() && source.format.is_none() && !named;
    let Some((what, kind)) = likely(source).filter(|(_, kind)| open && kind.refuses()) else {
        return Ok(mapping);
    };
    if mapping.kind_proven {
        let name = input.name();
        return Err(Failure::usage(format!(
            "the name of {what} says {}, the columns say contacts",
            kind.word()
        ))
        .at(name)
        .hint(format!("say --as {}={name} or --as contacts={name}", kind.word())));
    }
    let mut told = look(plan, &Source { kind: Some(kind), ..source.clone() }, input, rows)?;
    told.why = format!("{}; the name of {what} says {}", told.why, kind.word());
    Ok(told)
}

/// What the name of a source, or of the folder it was named with, makes likely of its rows.
fn likely(source: &Source) -> Option<(&'static str, Kind)> {
    let said = |text: &str| dictionary().proof(text).or_else(|| dictionary().likely(text));
    let folder = || source.path.parent()?.file_name()?.to_str();
    let of_file = said(&source.name).map(|kind| ("the file", kind));
    of_file.or_else(|| Some(("its folder", said(folder()?)?)))
}

/// With several sources, a bare list that nothing proves to be contacts might be the people who left.
fn ask(sources: &[SourcePlan]) -> Result<(), Failure> {
    let unclear: Vec<&SourcePlan> = sources.iter().filter(|s| !s.mapping.kind_proven && !s.empty).collect();
    match unclear[..] {
        [] => Ok(()),
        [_] if sources.iter().filter(|s| !s.is_earlier()).count() <= 1 => Ok(()),
        [source] => Err(unproven(source)),
        [first, ..] => {
            let names: Vec<&str> = unclear.iter().map(|source| source.name()).collect();
            Err(unproven(first).hint(format!(
                "say for each of {}: --as contacts=FILE, --as unsubscribes=FILE or --as suppression=FILE",
                names.join(", ")
            )))
        }
    }
}

fn unproven(source: &SourcePlan) -> Failure {
    let name = source.name();
    Failure::usage("nothing tells whether these are people to contact or people who left")
        .at(name)
        .hint(format!("say --as contacts={name}, --as unsubscribes={name} or --as suppression={name}"))
}

/// Number and day of the register a source is; which one it is must be told.
fn register(source: &Source, kind: Kind, books: &Rulebooks) -> Result<Option<(u16, Day)>, Failure> {
    match &source.registry {
        Some((id, day)) => {
            let number = books.register(id).ok_or_else(|| {
                Failure::usage(format!("no rulebook names a register `{id}`"))
                    .at("--registry")
                    .hint(format!("known are {}", books.registers().join(", ")))
            })?;
            Ok(Some((number, *day)))
        }
        None if kind == Kind::Registry => {
            Err(Failure::usage("this is a register; which one, and of which day, is not told")
                .at(source.name.as_str())
                .hint(format!("bring it with --registry ID={}@YYYY-MM-DD", source.name)))
        }
        None => Ok(None),
    }
}

fn prepare(
    plan: &ReadPlan,
    source: &Source,
    mut input: Input,
    mapping: Mapping,
) -> Result<SourcePlan, Failure> {
    if mapping.format.is_some_and(|f| f.header.is_empty()) && input.dialect().header.is_some() {
        // What was taken for a header is the first row of a layout that has none.
        input.assume_no_header();
    }
    let columns = |field: Field| mapping.columns_of(field).collect::<Vec<_>>();
    let headed = |header: &str| mapping.columns.iter().position(|c| c.header == header);
    let plain = |fields: &[Field]| fields.iter().flat_map(|f| columns(*f)).collect::<Vec<_>>();
    let registry = register(source, mapping.kind, plan.rulebooks())?;
    let trusted = plan.source_priority.iter().position(|name| *name == source.name);
    Ok(SourcePlan {
        index: 0,
        system: mapping.system.clone().unwrap_or_else(|| source.name.clone()),
        points: PointColumns::of(&mapping),
        guesses: columns(Field::CountryGuess),
        name: name_columns(&mapping),
        ids: columns(Field::ExternalId),
        birthday: columns(Field::Birthday).first().copied(),
        changed: plain(&[Field::LastChanged, Field::CreatedAt, Field::ConsentTimestamp]),
        dates: mapping.columns.iter().enumerate().filter(|(_, c)| c.date.is_some()).map(|(i, _)| i).collect(),
        dating: dating_columns(&mapping),
        listed: [
            plain(&[Field::Point, Field::Email, Field::HashEmail, Field::HashPhone, Field::Phone]),
            domains(&mapping),
            lone(&mapping),
        ]
        .concat(),
        domains: domains(&mapping),
        empty: false,
        point_kind: columns(Field::PointKind).first().copied(),
        purpose: columns(Field::Purpose).first().copied(),
        audience: columns(Field::Audience).first().copied(),
        naming: plain(&[Field::Notes, Field::ConsentSource]),
        preferred_channel: columns(Field::PreferredChannel).first().copied(),
        left_by: [Field::OptoutCampaign, Field::OptoutReason].map(|f| columns(f).first().copied()),
        frequency: frequency(&mapping),
        consent_ip: columns(Field::ConsentIp).first().copied(),
        shown: shown_columns(&mapping),
        replies: {
            let replies = |c: &Column| matches!(c.role, Role::Reply(_));
            mapping.columns.iter().enumerate().filter(|(_, c)| replies(c)).map(|(at, _)| at).collect()
        },
        stopped: stopped(&source.name),
        region: source.registry.as_ref().and_then(|(id, _)| Region::from_iso(id.get(..2)?)),
        registry,
        assertions: plan
            .assertions
            .iter()
            .filter(|a| a.source == source.name)
            .map(|a| (a.channel, a.date, a.basis))
            .collect(),
        priority: trusted.and_then(|at| u16::try_from(at).ok()).unwrap_or(u16::MAX),
        reached_through: headed("reached_through"),
        list_day: headed(LIST_DAYS[0]),
        kept_day: headed(LIST_DAYS[1]),
        input,
        mapping,
    })
}

/// The channels that the name of a file says were stopped.
fn stopped(name: &str) -> Channels {
    let (refused, whole) = dictionary().refused_channels(name);
    if whole { Channels::ALL } else { refused.union(dictionary().named_points(name)).as_stopped() }
}

/// The date columns that date consent or refusal.
fn dating_columns(mapping: &Mapping) -> Vec<usize> {
    let mut all: Vec<usize> = Vec::new();
    let implied = mapping.implies.iter().map(|implied| implied.dated);
    let said = mapping.columns.iter().filter_map(|column| match &column.role {
        Role::Status(says) | Role::Event(says) | Role::Frequency(says) | Role::Refusal { says, .. } => {
            Some(says.dated)
        }
        Role::GrantedChannels(dated) => Some(*dated),
        _ => None,
    });
    for dated in implied.chain(said) {
        all.extend([dated.given, dated.confirmed, dated.refused].into_iter().flatten().map(usize::from));
    }
    let itself = |role: &Role| match role {
        Role::Refusal { .. } => true,
        Role::Moment { event, .. } => event.is_consent() || event.suppresses(),
        _ => false,
    };
    let own = mapping.columns.iter().enumerate().filter(|(_, column)| itself(&column.role));
    all.extend(own.map(|(at, _)| at));
    all.retain(|at| mapping.columns.get(*at).is_some_and(|column| column.date.is_some()));
    all.sort_unstable();
    all.dedup();
    all
}

/// The only column of a file, where nothing tells what stands in it.
fn lone(mapping: &Mapping) -> Vec<usize> {
    let unknown = matches!(mapping.columns.as_slice(), [only] if only.field.is_none());
    if unknown { vec![0] } else { Vec::new() }
}

/// The column of stated frequencies, and the channels its header names; all where it names none.
fn frequency(mapping: &Mapping) -> Option<(usize, Channels)> {
    let at = mapping.columns_of(Field::PreferredFrequency).next()?;
    match mapping.columns.get(at).map(|c| &c.role) {
        Some(Role::Frequency(says)) => Some((at, says.refuses)),
        _ => None,
    }
}

fn domains(mapping: &Mapping) -> Vec<usize> {
    let named = |header: &str| dictionary().names_domains(header);
    mapping.columns.iter().enumerate().filter(|(_, c)| named(&c.header)).map(|(at, _)| at).collect()
}

/// Numbers the sources, and their date columns through the whole run.
pub(crate) fn number_dates(sources: &mut [SourcePlan]) {
    let mut next = 0u16;
    for (source, index) in sources.iter_mut().zip(0u16..) {
        source.index = index;
        let hint = source.mapping.order_hint;
        for column in &mut source.mapping.columns {
            if let Some(rules) = &mut column.date {
                rules.column = next;
                // Dates that are no events are read row by row, and asked no verdict of their column.
                rules.counted =
                    !matches!(column.field, Some(Field::Birthday | Field::LastChanged | Field::CreatedAt));
                if hint != DateOrder::Unknown {
                    rules.order = hint;
                }
                next = next.saturating_add(1);
            }
        }
    }
}

/// Lays out the outputs' columns. Those of a source without contacts are read, and not carried along.
pub(crate) fn lay_out(sources: &mut [SourcePlan], channels: Channels) -> Layout {
    let handles = sources.iter().any(|source| source.is_contacts() && !source.points.handles.is_empty());
    let mut layout = Layout { handles, ..Layout::default() };
    let own_headers = &own_headers(channels, handles);
    for source in sources.iter_mut() {
        if source.is_contacts() {
            let columns: Vec<_> =
                source.mapping.columns.iter().map(|c| (c.header.as_str(), c.field)).collect();
            layout.add(&columns, own_headers);
            source.shown = layout.sources.last().cloned().unwrap_or_default();
        } else {
            layout.sources.push(SourceColumns::default());
        }
    }
    layout
}

/// The country of a plan option as a region for numbers.
pub(crate) fn region(country: Option<Country>) -> Option<Region> {
    country.and_then(|c| Region::from_iso(c.code()))
}
