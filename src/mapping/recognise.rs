//! What a source is: layout, kind and mapping, or the question to ask.
//!
//! Knows file name, header and a sample of rows; reads no file. Nothing is guessed where two layouts fit: the
//! user is asked by a failure that names the flag to give.

use crate::data::dictionary::dictionary;
use crate::data::fold::{header_key, same_header};
use crate::data::format::{Content, Detect, Format, SpecRole, format, formats, glob};
use crate::data::words::{Base, ColumnWords, is_blank};
use crate::mapping::column_profile::{ColumnProfile, is_digest, is_unix, looks_email};
use crate::mapping::columns::Columns;
use crate::mapping::model::{Column, Implied, Mapping, Role, Says, Unclear};
use crate::mapping::permission::{is_bare, named_channels};
use crate::mapping::sample::{Sample, Wishes, WordAnswer, WordMeans};
use crate::mapping::{columns, correspondents, events, implied, marks};
use crate::reason::Reason;
use crate::record::{Channel, Channels, EventKind, Failure, Field, Kind, Meaning};
use std::collections::BTreeSet;

/// Recognises a source. A failure is a question (exit code 2) with the flag that answers it.
pub fn recognise(sample: &Sample<'_>, wishes: Wishes<'_>) -> Result<Mapping, Failure> {
    let mut mapping = recognised(sample, wishes)?;
    if !wishes.words.is_empty() {
        said_words(&mut mapping, wishes.words);
        mapping.index();
    }
    Ok(mapping)
}

/// What the source is by its layout, its name, its headers and its cells.
fn recognised(sample: &Sample<'_>, wishes: Wishes<'_>) -> Result<Mapping, Failure> {
    if wishes.kind == Some(Kind::Ignore) {
        return left_out(sample);
    }
    if let Some(id) = wishes.format {
        let found = format(id).ok_or_else(|| {
            Failure::usage(format!("no format is called {id}"))
                .at("--format")
                .hint("contactable formats lists them")
        })?;
        let mapping = of_format(found, sample, wishes, format!("--format {id}"))?;
        return Ok(with_kind(mapping, sample, wishes.kind));
    }
    match choose(sample, wishes.kind)? {
        Some((found, why)) => {
            let mapping = of_format(found, sample, wishes, why)?;
            overruled(mapping, sample, wishes.kind)
        }
        None => of_any(sample, wishes),
    }
}

/// Takes what the user says of words: in a column that speaks of permission such a word means that; any other column
/// speaks of it by these words alone.
fn said_words(mapping: &mut Mapping, answers: &[WordAnswer]) {
    for (at, column) in (0..=u16::MAX).zip(&mut mapping.columns) {
        let said: Vec<&WordAnswer> = answers.iter().filter(|answer| answer.is_of(&column.header)).collect();
        if said.is_empty() {
            continue;
        }
        let meanings = |no, yes, nothing| {
            let meaning = move |answer: &&WordAnswer| match answer.means {
                WordMeans::No => no,
                WordMeans::Yes => yes,
                WordMeans::Nothing => nothing,
            };
            said.iter().map(|answer| (answer.word.clone(), meaning(answer))).collect::<Vec<_>>()
        };
        match &mut column.role {
            Role::Status(says) => {
                says.words = says.words.but(meanings(Meaning::Denied, Meaning::Granted, Meaning::True));
            }
            Role::Refusal { says, .. } => {
                says.words = says.words.but(meanings(Meaning::Withdrawn, Meaning::Unknown, Meaning::Unknown));
            }
            Role::Event(says) => {
                says.words = says.words.but(meanings(Meaning::Withdrawn, Meaning::Granted, Meaning::Unknown));
            }
            Role::Other | Role::Value | Role::Mark | Role::Reply(_) | Role::Frequency(_) => {
                let named = named_channels(&column.header);
                let grants = if named.is_empty() { Channels::only(Channel::Email) } else { named };
                let refuses = if named.is_empty() { Channels::ALL } else { named };
                let words = ColumnWords::with(
                    Base::Vendor,
                    meanings(Meaning::Denied, Meaning::Granted, Meaning::True),
                );
                column.role = Role::Status(Says::undated(words, grants, refuses));
                column.field = column.field.or(Some(Field::ConsentStatus));
            }
            _ => {}
        }
        mapping
            .unclear
            .retain(|unclear| unclear.reason != Reason::MappingColumnUnread || unclear.column != Some(at));
    }
}

/// Whether the first record of a file is a header: it holds no address, number, digest, date or Unix time.
pub fn is_header(first: &[String]) -> bool {
    let filled = first.iter().filter(|cell| !cell.trim().is_empty()).count();
    let value = |cell: &String| {
        let text = cell.trim();
        let mut look = ColumnProfile::default();
        look.see(text);
        looks_email(text) || is_digest(text) || is_unix(text) || look.phone + look.date > 0
    };
    filled > 0 && !first.iter().any(value)
}

/// The layout that fits, and why; none when none does.
fn choose(sample: &Sample<'_>, kind: Option<Kind>) -> Result<Option<(&'static Format, String)>, Failure> {
    if let Some(found) = by_content(sample)? {
        return Ok(Some((found, "the values".to_owned())));
    }
    let Some(header) = sample.header else { return Ok(None) };
    let keys: BTreeSet<String> = header.iter().map(|h| header_key(h)).collect();
    let mut fits: Vec<&'static Format> =
        formats().iter().filter(|f| header_fits(f, header, &keys, sample.rows)).collect();
    let largest = fits.iter().map(|f| f.distinguishing.len()).max().unwrap_or(0);
    fits.retain(|f| f.distinguishing.len() == largest);
    if fits.len() > 1 && kind.is_some_and(|k| fits.iter().any(|f| f.kind == k)) {
        fits.retain(|f| Some(f.kind) == kind);
    }
    let named = by_name(&fits, sample.file_name);
    match (fits.as_slice(), named) {
        ([], _) => Ok(None),
        (_, Some(found)) if fits.len() > 1 || found.detect == Detect::Name => {
            Ok(Some((found, format!("the headers {} and the file name", found.distinguishing.join(", ")))))
        }
        ([found], _) if found.detect != Detect::Name => {
            let why = match found.detect {
                Detect::Exact => "exactly its headers".to_owned(),
                _ => format!("the headers {}", found.distinguishing.join(", ")),
            };
            Ok(Some((found, why)))
        }
        (several, _) => Err(ask_format(sample, several)),
    }
}

/// The question when several layouts fit.
fn ask_format(sample: &Sample<'_>, fits: &[&Format]) -> Failure {
    let ids: Vec<&str> = fits.iter().map(|f| f.id.as_str()).collect();
    let flags: Vec<String> = ids.iter().map(|id| format!("--format {id}={}", sample.file_name)).collect();
    Failure::usage(format!("the header fits {} alike and the file name does not tell", ids.join(" and ")))
        .at(sample.file_name)
        .hint(format!("say {}", flags.join(" or ")))
}

/// The one layout that names its files like this; of several, the one with the longest pattern.
fn by_name(fits: &[&'static Format], name: &str) -> Option<&'static Format> {
    let name = name.to_lowercase();
    let length = |f: &Format| {
        let hits = f.file_pattern.iter().filter(|p| glob(&p.to_lowercase(), &name));
        hits.map(|p| p.len()).max()
    };
    let mut hits: Vec<(usize, &'static Format)> =
        fits.iter().filter_map(|f| Some((length(f)?, *f))).collect();
    hits.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.id.cmp(&b.1.id)));
    match hits.as_slice() {
        [(_, only)] => Some(only),
        [(a, first), (b, _), ..] if a > b => Some(first),
        _ => None,
    }
}

/// Whether a layout fits a header, and the cells do not contradict it.
fn header_fits(format: &Format, header: &[String], keys: &BTreeSet<String>, rows: &[Vec<String>]) -> bool {
    let here = |cell: &String| keys.contains(&header_key(cell));
    let told = match format.detect {
        Detect::Header | Detect::Name => format.distinguishing.iter().all(here),
        Detect::Exact => {
            format.header.iter().all(here)
                && header.iter().all(|h| h.trim().is_empty() || format.knows(h) || format.column(h).is_some())
        }
        Detect::Content | Detect::Never => false,
    };
    told && format.distinguishing.iter().all(|cell| {
        let at = header.iter().position(|h| same_header(h, cell));
        at.is_none_or(|at| cells_fit(format, cell, rows, at))
    })
}

/// One header means many things (`Status`, `state`, `created`): the cells must speak the layout's words.
fn cells_fit(format: &Format, header: &str, rows: &[Vec<String>], at: usize) -> bool {
    let Some(spec) = format.column(header) else { return true };
    let look = ColumnProfile::of_column(rows, at);
    if look.filled == 0 {
        return true;
    }
    if format.detect == Detect::Exact && format.unix && spec.field.holds_dates() {
        return look.mostly(look.unix, 50);
    }
    if spec.role != Some(SpecRole::Status) {
        return true;
    }
    let mut cells = rows.iter().filter_map(|row| row.get(at));
    cells.any(|cell| spec.words.meaning(cell).is_some())
}

/// Layouts told by their values: those without a header, and a lone column of digests under any.
fn by_content(sample: &Sample<'_>) -> Result<Option<&'static Format>, Failure> {
    let layouts = || formats().iter().filter_map(|format| Some((format, format.content.as_ref()?)));
    // Of a text on one line the sample has no row: what was taken for its header tells.
    let first = sample.header.and_then(<[String]>::first).or_else(|| sample.rows.first()?.first());
    let first = first.map_or("", |cell| cell.trim());
    let leads = |content: &Content| content.lead.as_ref().is_some_and(|lead| lead.fits(first));
    if let Some((found, _)) = layouts().find(|(_, content)| leads(content)) {
        return Ok(Some(found));
    }
    let may = |content: &Content| content.mainly.is_some() || sample.header.is_none();
    let Some((found, content)) = layouts().find(|(_, own)| may(own) && own.fits(sample.rows)) else {
        return Ok(None);
    };
    let Some(question) = &content.ask else { return Ok(Some(found)) };
    match dictionary().proof(sample.file_name) {
        Some(kind) => Ok((kind == found.kind).then_some(found)),
        None => Err(Failure::usage(question.clone())
            .at(sample.file_name)
            .hint(format!("say --format {1}={0} or --as contacts={0}", sample.file_name, found.id))),
    }
}

/// The mapping of a layout.
fn of_format(
    format: &'static Format,
    sample: &Sample<'_>,
    wishes: Wishes<'_>,
    why: String,
) -> Result<Mapping, Failure> {
    if let Some(hint) = &format.unreadable {
        return Err(Failure::usage(format!("{} ({}) cannot be read as a table", format.id, format.vendor))
            .at(sample.file_name)
            .hint(hint.clone()));
    }
    let header = header_or_blank(sample);
    let found = columns::of_format(format, &header, sample.rows, wishes.whole);
    let specs: Vec<_> = header.iter().enumerate().map(|(at, h)| format.column_at(at, h)).collect();
    let mut mapping = Mapping::of(format.kind, found.columns);
    mapping.implies = format
        .implies
        .iter()
        .map(|i| Implied {
            meaning: i.meaning,
            channels: i.channels,
            assumed: false,
            dated: columns::dates_of(&i.dated, &specs),
        })
        .collect();
    if format.detect == Detect::Content && format.columns.iter().any(|c| c.field == Field::HashEmail) {
        implied::digests(&mut mapping, sample);
    }
    mapping.format = Some(format);
    mapping.why = why;
    let told = mapping.columns.iter().any(|c| matches!(c.role, Role::Status(_)));
    mapping.kind_proven = !format.kind_unproven || told;
    mapping.system = Some(format.vendor.clone());
    mapping.order_hint = format.date_order;
    mapping.utc = format.utc;
    mapping.leaves_out_refusals = format.leaves_out_refusals && format.kind == Kind::Contacts;
    mapping.unclear = found.unclear;
    finish(&mut mapping, sample, wishes.whole);
    Ok(mapping)
}

/// A layout of contacts under a name that says otherwise (`unsubscribed.csv`): an unsubscribe list must never
/// be read as subscribers. Where some row grants, the user is asked.
fn overruled(mut mapping: Mapping, sample: &Sample<'_>, kind: Option<Kind>) -> Result<Mapping, Failure> {
    if let Some(kind) = kind {
        if mapping.kind.refuses() && !kind.refuses() && mapping.kind_proven {
            return Err(proven(mapping.kind, kind, sample));
        }
        return Ok(with_kind(mapping, sample, Some(kind)));
    }
    let named = mapping.format.is_some_and(|f| f.names_file(sample.file_name));
    let proof = dictionary().proof(sample.file_name).filter(|_| mapping.kind == Kind::Contacts && !named);
    let Some(proof) = proof else { return Ok(mapping) };
    if says_both(&mapping, sample.rows) {
        return Err(ask_kind(sample, proof));
    }
    mapping.why = format!("{}; the file name says {}", mapping.why, proof.word());
    mapping.kind_proven = true;
    Ok(with_kind(mapping, sample, Some(proof)))
}

/// The mapping of a file that is to be left out, unless its layout proves that people who refused are in it.
fn left_out(sample: &Sample<'_>) -> Result<Mapping, Failure> {
    let layout = choose(sample, None).ok().flatten().map(|(found, _)| found);
    if let Some(found) = layout.filter(|found| found.kind.refuses() && !found.kind_unproven) {
        return Err(proven(found.kind, Kind::Ignore, sample));
    }
    let mut mapping = Mapping::of(Kind::Ignore, Vec::new());
    mapping.why = "--as ignore".to_owned();
    mapping.kind_proven = true;
    Ok(mapping)
}

fn proven(is: Kind, said: Kind, sample: &Sample<'_>) -> Failure {
    Failure::usage(format!("the layout proves that these are {}, not {}", is.word(), said.word()))
        .at(sample.file_name)
        .hint("leave --as away, or name another --format")
}

fn ask_kind(sample: &Sample<'_>, proof: Kind) -> Failure {
    Failure::usage(format!("the name says {}, the columns say contacts", proof.word()))
        .at(sample.file_name)
        .hint(format!("say --as {}={1} or --as contacts={1}", proof.word(), sample.file_name))
}

/// Whether rows of the sample say that some people may be contacted: a consent, or a known *no* in an opt-out
/// column.
fn says_both(mapping: &Mapping, rows: &[Vec<String>]) -> bool {
    mapping.columns.iter().enumerate().any(|(at, column)| {
        let look = ColumnProfile::of_column(rows, at);
        let mut cells = rows.iter().filter_map(|row| row.get(at));
        match &column.role {
            Role::Status(says) => cells.any(|cell| says.words.meaning(cell) == Some(Meaning::Granted)),
            Role::Refusal { .. } => look.no > 0,
            _ => false,
        }
    })
}

/// Another kind than the mapping's own: its rows imply what that kind implies.
fn with_kind(mut mapping: Mapping, sample: &Sample<'_>, kind: Option<Kind>) -> Mapping {
    let Some(kind) = kind else { return mapping };
    if kind != mapping.kind {
        mapping.kind = kind;
        mapping.implies = implied::by_kind(&mut mapping, sample.file_name, sample.rows);
        mapping.index();
        mapping.leaves_out_refusals = false;
    }
    mapping.kind_proven = true;
    mapping
}

fn header_or_blank(sample: &Sample<'_>) -> Vec<String> {
    match sample.header {
        Some(header) => header.to_vec(),
        None => vec![String::new(); sample.rows.iter().map(Vec::len).max().unwrap_or(0)],
    }
}

/// A file of no known layout.
fn of_any(sample: &Sample<'_>, wishes: Wishes<'_>) -> Result<Mapping, Failure> {
    let kind = wishes.kind;
    let header = header_or_blank(sample);
    let Columns { columns, looks, unclear } =
        columns::of_any(&header, sample.rows, wishes.whole, kind.unwrap_or(Kind::Contacts));
    let proof = proof_of(sample, &columns, &looks);
    if kind == Some(Kind::ConsentEvents) {
        tells_events(sample, &columns, proof.map(|(kind, _)| kind))?;
    }
    let mut mapping = Mapping::of(kind.unwrap_or(Kind::Contacts), columns);
    mapping.unclear = unclear;
    mapping.why = match sample.header {
        Some(_) => "the field dictionary and the values".to_owned(),
        None => "the values".to_owned(),
    };
    if kind.is_some() {
        mapping.kind_proven = true;
    } else if let Some((proof, told_by)) = proof {
        if says_both(&mapping, sample.rows) {
            return Err(ask_kind(sample, proof));
        }
        mapping.kind = proof;
        mapping.kind_proven = true;
        // In a list of people who left, a consent date is history and no consent.
        for column in &mut mapping.columns {
            if matches!(column.role, Role::Moment { event: EventKind::ConsentGiven, .. }) {
                column.role = Role::Date;
            }
        }
        mapping.why = format!("{}; {told_by} says {}", mapping.why, proof.word());
    } else {
        mapping.kind_proven = is_people(&mapping.columns);
    }
    correspondents::settle(&mut mapping, &looks);
    mapping.implies = implied::by_kind(&mut mapping, sample.file_name, sample.rows);
    let by_header = kind.is_none() && proof.is_some_and(|(_, told_by)| told_by == HEADER);
    events::find(&mut mapping, sample.rows, by_header);
    if mapping.kind == Kind::Bounces {
        kinds_of_bounces(&mut mapping, sample.rows);
    }
    finish(&mut mapping, sample, wishes.whole);
    Ok(mapping)
}

/// In a file of bounces, every column whose cells are kinds of bounces or complaints tells of which kind a row is, whatever
/// it is called.
fn kinds_of_bounces(mapping: &mut Mapping, rows: &[Vec<String>]) {
    let words = ColumnWords::of(Base::BounceKind);
    for (at, column) in mapping.columns.iter_mut().enumerate() {
        let free =
            matches!(column.role, Role::Other | Role::Value | Role::Mark | Role::Status(_) | Role::Event(_))
                && column.field.is_none_or(|field| !field.is_point() && !field.holds_dates());
        let cells = || rows.iter().filter_map(|row| row.get(at)).filter(|cell| !is_blank(cell));
        let known = cells().filter(|cell| words.meaning(cell).is_some()).count();
        if free && known > 0 && known * 2 >= cells().count() {
            column.role = Role::Cause(words.clone());
        }
    }
}

/// A file that is said to tell events has to tell them: rows of bare addresses name nobody's event and would all be
/// dropped, and what a list of refusals implies by holding somebody would be dropped with them.
fn tells_events(sample: &Sample<'_>, columns: &[Column], proof: Option<Kind>) -> Result<(), Failure> {
    let event = |c: &Column| matches!(c.role, Role::Event(_));
    let says = |c: &Column| {
        matches!(
            c.role,
            Role::Status(_) | Role::Refusal { .. } | Role::Moment { .. } | Role::GrantedChannels(_)
        )
    };
    let (file, refuses) = (sample.file_name, proof.filter(|kind| kind.refuses()));
    if columns.iter().any(event) || refuses.is_none() && columns.iter().any(says) {
        return Ok(());
    }
    let (what, hint) = match refuses {
        Some(kind) => (
            format!("this looks like {}, and no column of it tells which event a row is", kind.word()),
            format!("say --as {}={file}, or call the column of events `event`", kind.word()),
        ),
        None => (
            "no column of this file tells which event a row is".to_owned(),
            format!(
                "call the column of events `event`; if all in it left, say --as unsubscribes={file} or --as \
                 suppression={file}"
            ),
        ),
    };
    Err(Failure::usage(what).at(file).hint(hint))
}

/// What tells the kind of a file where its name does not.
const HEADER: &str = "the header";

/// What proves the kind of a file of no known layout: its name, or headers that say it of every row.
fn proof_of(
    sample: &Sample<'_>,
    columns: &[Column],
    looks: &[ColumnProfile],
) -> Option<(Kind, &'static str)> {
    if let Some(kind) = dictionary().proof(sample.file_name) {
        return Some((kind, "the file name"));
    }
    let point = |c: &Column| {
        c.field.is_some_and(|f| {
            f.is_point() || matches!(f, Field::HashEmail | Field::Point | Field::SocialHandle)
        })
    };
    let of_points = columns.iter().filter(|c| point(c)).find_map(|c| dictionary().proof(&c.header));
    if let Some(kind) = of_points {
        return Some((kind, HEADER));
    }
    // `email, unsubscribed_at, reason`, every row filled: nothing in it but people who left.
    let leaves = |c: &Column| {
        matches!(c.role, Role::Refusal { .. })
            || matches!(
                c.field,
                Some(Field::OptoutReason | Field::OptoutSource | Field::ExternalId | Field::BounceCode)
            )
    };
    let only = columns.iter().all(|c| point(c) || leaves(c) || c.header.trim().is_empty());
    let points = looks.iter().zip(columns).filter(|(_, c)| point(c)).map(|(l, _)| l.filled).max();
    let all_filled = columns.iter().zip(looks).find(|(c, look)| {
        matches!(c.role, Role::Refusal { .. })
            && look.no == 0
            && look.filled > 0
            && Some(look.filled) >= points
    });
    let (column, _) = all_filled.filter(|_| only && columns.iter().any(point))?;
    Some((dictionary().proof(&column.header).unwrap_or(Kind::Suppression), HEADER))
}

/// Whether the columns are such as only a list of people has: more than bare addresses, dates and ids.
fn is_people(columns: &[Column]) -> bool {
    columns.iter().any(|c| {
        let person = matches!(
            c.field,
            Some(
                Field::FirstName
                    | Field::LastName
                    | Field::FullName
                    | Field::Company
                    | Field::JobTitle
                    | Field::Street
                    | Field::City
                    | Field::PostalCode
                    | Field::PostalCodeCity
                    | Field::Birthday
                    | Field::LastPurchase
            )
        );
        person
            || matches!(
                c.role,
                Role::Status(_) | Role::Moment { .. } | Role::GrantedChannels(_) | Role::Refusal { .. }
            )
    })
}

/// Numbers the date columns, notes what every reader of the mapping should know.
fn finish(mapping: &mut Mapping, sample: &Sample<'_>, whole: &[(u16, ColumnProfile)]) {
    let rows = sample.rows;
    let bare = |(at, column): &(u16, &Column)| {
        let silent = match &column.role {
            Role::Other | Role::Value => column.field.is_none_or(|f| !f.is_point() && f != Field::Region),
            Role::Status(says) => !says.open && column.field != Some(Field::DoubleOptIn),
            _ => false,
        };
        silent
            && whole.iter().all(|(asked, _)| asked != at)
            && is_bare(&column.header)
            && !ColumnProfile::of_column(rows, usize::from(*at)).holds_values()
    };
    mapping.bare = (0..=u16::MAX).zip(&mapping.columns).filter(bare).map(|(at, _)| at).collect();
    if mapping.format.is_none() {
        implied::of_repeated_headers(mapping);
    }
    marks::find(mapping, sample.file_name, rows);
    if mapping.kind == Kind::ConsentEvents {
        for column in &mut mapping.columns {
            if let Role::Event(says) = &mut column.role {
                says.open = true;
            }
        }
    }
    for (at, column) in (0..=u16::MAX).zip(&mut mapping.columns) {
        if let Some(date) = &mut column.date {
            date.column = at;
        }
    }
    let point = |c: &Column| {
        let other =
            matches!(c.field, Some(Field::HashEmail | Field::HashPhone | Field::Point | Field::LocalNumber));
        other || c.field.is_some_and(Field::is_point)
    };
    if !mapping.columns.iter().any(point) {
        mapping.unclear.push(Unclear { reason: Reason::MappingNoContactColumn, column: None });
    }
    if mapping.leaves_out_refusals {
        mapping.unclear.push(Unclear { reason: Reason::MappingLeavesOutRefusals, column: None });
    }
    mapping.unclear.sort_unstable();
    mapping.unclear.dedup();
    mapping.index();
}

#[cfg(test)]
mod tests {
    use super::{Content, format};
    use crate::mapping::column_profile::{is_digest, looks_email};
    use proptest::prelude::*;

    fn content(id: &str) -> &'static Content {
        format(id).unwrap().content.as_ref().unwrap()
    }

    #[test]
    fn rows_of_layouts_without_a_header() {
        for (id, row, fits) in [
            ("ses_suppression", &["a@b.org", "Bounce"][..], true),
            ("ses_suppression", &["a@b.org", "bounces"], false),
            ("ses_suppression", &["a@b.org"], false),
            ("cloudflare_email_suppressions", &["a@b.org", "2027-01-31T00:00:00Z"], true),
            ("cloudflare_email_suppressions", &["a@b.org", "", "account"], true),
            ("cloudflare_email_suppressions", &["a@b.org", "soon"], false),
            ("rnd_query", &["5035550187", "2023-06-15"], true),
            ("rnd_query", &["5035550187", "06-15-2023", "No data"], true),
            ("rnd_query", &["5035550187", "2023-06-15", "maybe"], false),
            ("ftc_dnc_full", &["201", "5550123"], true),
            ("ftc_dnc_full", &["2015", "550123"], false),
            ("uk_tps", &["0207 3787244"], true),
            ("uk_tps", &["01635506160 "], true),
            ("uk_tps", &[" 01635506160"], false),
        ] {
            let row: Vec<String> = row.iter().map(|cell| (*cell).to_owned()).collect();
            assert_eq!(content(id).fits(&[row]), fits, "{id}");
        }
        assert!(!content("uk_tps").fits(&[]) && !content("hashed_list").fits(&[vec![String::new()]]));
    }

    proptest! {
        /// Patterns and columns see the same in a cell.
        #[test]
        fn digests_and_addresses(cell in "[0-9a-fA-F]{31,33}|[0-9a-f]{40}|[0-9A-F]{64}|[0-9a-f]{128}|[a-c@. ,;<>()|\u{a0}]{0,14}") {
            let digest = content("hashed_list").mainly.as_ref().unwrap();
            prop_assert_eq!(digest.fits(&cell), is_digest(&cell));
            prop_assert_eq!(content("ses_suppression").cells[0].fits(&cell), looks_email(&cell), "{:?}", cell);
        }
    }
}
