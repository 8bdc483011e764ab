//! What the mere presence of a row means in a source that no layout describes: which channels it refuses, and
//! which column dates it.
//!
//! Knows the names of files and headers; not how the kind of a source was proven. Where a name leaves doubt,
//! more channels are refused, not fewer.

use crate::data::dictionary::dictionary;
use crate::data::fold::header_words;
use crate::mapping::column_profile::ColumnProfile;
use crate::mapping::dates::DateRules;
use crate::mapping::model::{Column, DateColumns, Implied, Mapping, Role, assumes_email};
use crate::mapping::sample::Sample;
use crate::record::{Channel, Channels, Field, Kind, Meaning};
use std::collections::BTreeMap;

/// What a row of the mapping's kind implies; ties the date of the refusal to it.
pub(crate) fn by_kind(mapping: &mut Mapping, file_name: &str, rows: &[Vec<String>]) -> Vec<Implied> {
    let held = held(&mapping.columns);
    let email = Channels::only(Channel::Email);
    let messaging = Channels::only(Channel::Messaging);
    let main = match held {
        _ if held.has(Channel::Email) => email,
        _ if held == messaging => messaging,
        _ => Channels::PHONE,
    };
    let mut assumed = false;
    // The row says for itself which channel was refused; where it does not, all are.
    let narrowed = narrow(mapping, rows).then_some(Channels::ALL);
    let (meaning, channels, field) = match mapping.kind {
        Kind::Contacts | Kind::ConsentEvents | Kind::Ignore => return Vec::new(),
        Kind::Unsubscribes => {
            let told = narrowed.or_else(|| scope(mapping, file_name, held));
            let told = told.map(Channels::as_stopped);
            assumed = told.is_none();
            let left = told.unwrap_or_else(|| unsubscribed(file_name, held));
            (Meaning::Withdrawn, left, Field::OptoutTimestamp)
        }
        Kind::Bounces => (Meaning::Bounced, email, Field::BounceTimestamp),
        Kind::Complaints => (Meaning::Complained, main, Field::ComplaintTimestamp),
        Kind::Suppression => {
            let told = narrowed.or_else(|| scope(mapping, file_name, held));
            (Meaning::Suppressed, told.unwrap_or(Channels::ALL), Field::SuppressionTimestamp)
        }
        Kind::Registry => (Meaning::Suppressed, main, Field::SuppressionTimestamp),
    };
    let refused = date_of(mapping, field, rows);
    if let Some(at) = refused.filter(|_| mapping.format.is_none()) {
        date_flags(&mut mapping.columns, at);
    }
    let assumed = assumed && channels == email;
    vec![Implied { meaning, channels, assumed, dated: DateColumns { refused, ..DateColumns::default() } }]
}

/// Whether a column of a list of refusals tells channels row by row, so that none may be left out for the whole file. One
/// that is called `channel` narrows each row to what it names. Under another name (`medium`, `type`, `list`) it may as
/// well be the way by which people said it, and every channel is refused; under `source` and `method` it is that.
fn narrow(mapping: &mut Mapping, rows: &[Vec<String>]) -> bool {
    let refuses = matches!(mapping.kind, Kind::Unsubscribes | Kind::Suppression);
    if mapping.format.is_some() || !refuses {
        return false;
    }
    if mapping.columns.iter().any(|c| matches!(c.role, Role::Channel)) {
        return true;
    }
    let plain = |c: &Column| {
        c.field.is_none_or(|f| !f.is_point() && !f.holds_dates())
            && !matches!(c.role, Role::Date | Role::Cause(_))
    };
    let mut tells = false;
    for (at, column) in mapping.columns.iter_mut().enumerate().filter(|(_, column)| plain(column)) {
        let (words, look) = (header_words(&column.header), ColumnProfile::of_column(rows, at));
        if dictionary().names_channels(&words) && look.filled > 0 {
            (column.field, column.role) = (Some(Field::ScopeChannels), Role::Channel);
            return true;
        }
        tells |= look.mostly(look.channel, 80) && !dictionary().names_way(&words);
    }
    tells
}

/// The channels of the points that the columns hold.
fn held(columns: &[Column]) -> Channels {
    columns.iter().filter_map(|c| c.field).fold(Channels::NONE, |all, field| {
        all.union(match field {
            Field::Email | Field::EmailOther | Field::HashEmail => Channels::only(Channel::Email),
            Field::HashPhone | Field::LocalNumber => Channels::PHONE,
            Field::Point => Channels::only(Channel::Email).union(Channels::PHONE),
            Field::SocialHandle => Channels::only(Channel::Messaging),
            Field::Street | Field::PostalCode | Field::PostalCodeCity => Channels::only(Channel::Post),
            field if field.is_point() => Channels::PHONE,
            _ => Channels::NONE,
        })
    })
}

/// The channels that the name of the file, or the header of its points, narrows the refusal to. A name that
/// speaks only of points the file does not hold narrows nothing.
fn scope(mapping: &Mapping, file_name: &str, held: Channels) -> Option<Channels> {
    let points = mapping.columns.iter().filter(|c| c.field.is_some_and(Field::is_point));
    let headers = points.filter(|c| dictionary().proof(&c.header).is_some()).map(|c| c.header.as_str());
    let (mut told, mut named) = (Channels::NONE, Channels::NONE);
    for text in std::iter::once(file_name).chain(headers) {
        let (said, whole) = dictionary().refused_channels(text);
        if whole {
            return None;
        }
        told = told.union(said);
        named = named.union(dictionary().named_points(text));
    }
    if told.is_empty() {
        return (!named.is_empty() && named.intersect(held) == held && !held.is_empty()).then_some(named);
    }
    if says_mail(file_name) && held.has(Channel::Email) {
        told = told.union(Channels::only(Channel::Email));
    }
    (!told.intersect(held).is_empty()).then_some(told)
}

/// `Email, Unsubscribed, Phone, Unsubscribed`: which point each of them speaks of is told by its place alone, so each
/// speaks of all.
pub(crate) fn of_repeated_headers(mapping: &mut Mapping) {
    // The second of them was given a number when the file was read.
    let words = |column: &Column| {
        let mut words = header_words(&column.header);
        words.pop_if(|last| last.bytes().all(|b| b.is_ascii_digit()));
        words
    };
    let mut headers: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
    for (at, column) in mapping.columns.iter().enumerate().filter(|(_, column)| assumes_email(column)) {
        headers.entry(words(column)).or_default().push(at);
    }
    for at in headers.into_values().filter(|places| places.len() > 1).flatten() {
        if let Role::Refusal { says, .. } | Role::Status(says) = &mut mapping.columns[at].role {
            says.refuses = Channels::ALL;
        }
    }
}

/// A list of digests is one of addresses, unless its header or name speaks of numbers only.
pub(crate) fn digests(mapping: &mut Mapping, sample: &Sample<'_>) {
    let name = sample.file_name;
    let named = dictionary().refused_channels(name).0.union(dictionary().named_points(name));
    let header = sample.header.and_then(|h| h.first()).and_then(|h| dictionary().field(h));
    let of_numbers = !named.is_empty() && named.intersect(Channels::PHONE) == named;
    let channels = match header {
        Some(Field::HashPhone) if of_numbers => named,
        Some(Field::HashPhone) => Channels::PHONE,
        Some(Field::HashEmail) if !of_numbers => return,
        _ if of_numbers => named,
        _ => return,
    };
    mapping.columns.iter_mut().for_each(|c| c.field = Some(Field::HashPhone));
    mapping.implies.iter_mut().for_each(|i| i.channels = channels);
}

/// `do not mail` is post to some and e-mail to others.
fn says_mail(text: &str) -> bool {
    header_words(text).iter().any(|word| matches!(word.as_str(), "mail" | "mails"))
}

/// A list of people who left: e-mail where it holds addresses; of numbers alone, all that uses a number; a
/// general opt-out or stop means every point it holds.
fn unsubscribed(file_name: &str, held: Channels) -> Channels {
    let general = header_words(file_name)
        .iter()
        .any(|word| matches!(word.as_str(), "opt" | "optout" | "optouts" | "opted" | "stop" | "stops"));
    let email = Channels::only(Channel::Email);
    if [Channel::Post, Channel::Messaging].map(Channels::only).contains(&held) {
        return held;
    }
    if held.is_empty() {
        return Channels::ALL;
    }
    match (general, held.has(Channel::Email), held.has(Channel::Call)) {
        (true, true, true) => Channels::PHONE.union(email),
        (true, false, _) => Channels::PHONE,
        (_, true, _) => email,
        (false, false, _) => Channels::PHONE,
    }
}

/// The column that dates the refusal: one that says so, else one that a list of refusals dates its rows by
/// (`since`, `added`). The day a contact was made, or first seen, never does: it comes too early.
fn date_of(mapping: &mut Mapping, field: Field, rows: &[Vec<String>]) -> Option<u16> {
    let place = |mapping: &Mapping, field| mapping.columns_of(field).next();
    let own = [field, Field::OptoutTimestamp, Field::SuppressionTimestamp, Field::EventTimestamp];
    let own = if mapping.kind.refuses() { &own[..] } else { &own[..1] };
    let told = own.iter().find_map(|f| place(mapping, *f));
    if told.is_some() || mapping.format.is_some() || !mapping.kind.refuses() {
        return told.and_then(|at| u16::try_from(at).ok());
    }
    let rank = |(at, column): (usize, &Column)| {
        let free = column.field.is_none_or(|f| {
            matches!(f, Field::LastChanged | Field::CreatedAt) && matches!(column.role, Role::Value)
        });
        let look = ColumnProfile::of_column(rows, at);
        let dates = look.filled == 0 || look.mostly(look.date + look.unix, 50);
        let rank = dictionary().refusal_date(&column.header).filter(|_| free && dates)?;
        Some((rank, at, look.mostly(look.unix, 80)))
    };
    let (_, at, unix) = mapping.columns.iter().enumerate().filter_map(rank).min()?;
    let column = mapping.columns.get_mut(at)?;
    let rules = DateRules { unix, utc: column.header.to_lowercase().contains("utc"), ..DateRules::default() };
    debug_assert!(field.holds_dates(), "the field of a refusal's date");
    (column.field, column.role, column.date) = (Some(field), Role::Date, Some(rules));
    u16::try_from(at).ok()
}

/// Opt-out flags of the same file that nothing else dates.
fn date_flags(columns: &mut [Column], at: u16) {
    for column in columns {
        if let Role::Refusal { says, .. } = &mut column.role
            && says.dated.refused.is_none()
        {
            says.dated.refused = Some(at);
        }
    }
}
