//! Reads the embedded layout files into checked tables.
//!
//! Knows how a layout is written down; what it means is told in `format`.

use crate::data::built_in::FORMATS;
use crate::data::fold::same_header;
use crate::data::format::{
    ColumnSpec, Content, DatedSpec, Detect, Format, ImpliedSpec, LayoutConfidence, Provenance, SpecRole,
};
use crate::data::words::{Base, ColumnWords};
use crate::record::{Channel, Channels, DateOrder, EventKind, Field, Kind, Meaning};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// All built-in layouts, by id.
pub fn formats() -> &'static [Format] {
    static FORMATS: OnceLock<Vec<Format>> = OnceLock::new();
    FORMATS.get_or_init(read_all)
}

/// The layout of that id.
pub(crate) fn format(id: &str) -> Option<&'static Format> {
    formats().iter().find(|f| f.id == id)
}

/// All layouts, by id. A layout that contradicts itself is our own bug and stops the program.
pub(crate) fn read_all() -> Vec<Format> {
    FORMATS.iter().map(|(id, text)| read(id, text).unwrap_or_else(|e| panic!("{id}.toml: {e}"))).collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormatFile {
    id: String,
    vendor: String,
    kind: Kind,
    as_of: String,
    detect: Detect,
    content: Option<Content>,
    #[serde(default)]
    leaves_out_refusals: bool,
    #[serde(default)]
    kind_unproven: bool,
    #[serde(default)]
    utc: bool,
    #[serde(default)]
    unix: bool,
    date_order: Option<Order>,
    unreadable: Option<String>,
    #[serde(default)]
    file_pattern: Vec<String>,
    #[serde(default)]
    header: Vec<String>,
    header_order: HeaderOrder,
    #[serde(default)]
    header_optional: Vec<String>,
    #[serde(default)]
    header_localised: Vec<String>,
    #[serde(default)]
    distinguishing: Vec<String>,
    timestamps: Option<String>,
    timezone: Option<String>,
    encoding: Option<String>,
    example: Option<String>,
    #[serde(default)]
    quirks: Vec<String>,
    #[serde(default)]
    implies: Vec<Implies>,
    #[serde(default)]
    columns: BTreeMap<String, ColumnEntry>,
    provenance: Provenance,
}

/// Whether the vendor fixes the order of the columns. Told to the reader of the table only.
#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum HeaderOrder {
    Exact,
    CoreTail,
    Set,
    None,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Order {
    DayMonth,
    MonthDay,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Implies {
    meaning: Meaning,
    channels: Vec<String>,
    given_at: Option<String>,
    confirmed_at: Option<String>,
    refused_at: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum ColumnEntry {
    Plain(String),
    Speaking(Speaking),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Speaking {
    field: String,
    role: SpecRole,
    event: Option<String>,
    #[serde(default)]
    channels: Vec<String>,
    grants: Option<Vec<String>>,
    #[serde(default)]
    words: BTreeMap<String, Meaning>,
    given_at: Option<String>,
    confirmed_at: Option<String>,
    refused_at: Option<String>,
}

fn read(id: &str, text: &str) -> Result<Format, String> {
    let file: FormatFile = toml::from_str(text).map_err(|e| e.to_string())?;
    let mut columns = Vec::with_capacity(file.columns.len());
    for (header, column) in file.columns {
        columns.push(column_of(header, column)?);
    }
    if file.header_order == HeaderOrder::None {
        columns.sort_by_key(|c| c.header.parse::<usize>().unwrap_or(usize::MAX));
    }
    let mut implies = Vec::new();
    for i in file.implies {
        let dated = DatedSpec { given: i.given_at, confirmed: i.confirmed_at, refused: i.refused_at };
        implies.push(ImpliedSpec { meaning: i.meaning, channels: channels_of(&i.channels)?, dated });
    }
    let date_order = match file.date_order {
        Some(Order::DayMonth) => DateOrder::DayMonth,
        Some(Order::MonthDay) => DateOrder::MonthDay,
        None => DateOrder::Unknown,
    };
    let mut header_optional = file.header_optional;
    header_optional.extend(file.header_localised);
    let format = Format {
        id: file.id,
        vendor: file.vendor,
        kind: file.kind,
        kind_unproven: file.kind_unproven,
        as_of: file.as_of,
        detect: file.detect,
        content: file.content,
        file_pattern: file.file_pattern,
        header: file.header,
        header_optional,
        distinguishing: file.distinguishing,
        leaves_out_refusals: file.leaves_out_refusals,
        unreadable: file.unreadable,
        utc: file.utc,
        unix: file.unix,
        date_order,
        implies,
        columns,
        timestamps: file.timestamps,
        timezone: file.timezone,
        encoding: file.encoding,
        example: file.example,
        quirks: file.quirks,
        provenance: file.provenance,
    };
    checked(id, file.header_order == HeaderOrder::None, format)
}

fn column_of(header: String, column: ColumnEntry) -> Result<ColumnSpec, String> {
    let field_of = |word: &str| Field::from_word(word).ok_or(format!("{header}: no field {word}"));
    let said = match column {
        ColumnEntry::Plain(word) => {
            return Ok(ColumnSpec {
                field: field_of(&word)?,
                header,
                role: None,
                event: None,
                grants: Channels::NONE,
                refuses: Channels::NONE,
                words: ColumnWords::default(),
                dated: DatedSpec::default(),
            });
        }
        ColumnEntry::Speaking(said) => said,
    };
    let refuses = channels_of(&said.channels)?;
    let base = if said.role == SpecRole::Refusal { Base::Refusal } else { Base::Vendor };
    let event = match &said.event {
        Some(word) => Some(EventKind::from_word(word).ok_or(format!("{header}: no event {word}"))?),
        None => None,
    };
    if (said.role == SpecRole::Refusal) != event.is_some() {
        return Err(format!("{header}: an opt-out names its event, and nothing else does"));
    }
    if said.role == SpecRole::Status && refuses.is_empty() {
        return Err(format!("{header}: a status names its channels"));
    }
    Ok(ColumnSpec {
        field: field_of(&said.field)?,
        role: Some(said.role),
        event,
        grants: said.grants.as_deref().map_or(Ok(refuses), channels_of)?,
        refuses,
        words: ColumnWords::with(base, said.words),
        dated: DatedSpec { given: said.given_at, confirmed: said.confirmed_at, refused: said.refused_at },
        header,
    })
}

fn channels_of(words: &[String]) -> Result<Channels, String> {
    let mut channels = Channels::NONE;
    for word in words {
        let more = match (word.as_str(), Channel::from_word(word)) {
            ("all", _) => Channels::ALL,
            (_, Some(channel)) => Channels::only(channel),
            (_, None) => return Err(format!("no channel {word}")),
        };
        channels = channels.union(more);
    }
    Ok(channels)
}

/// What serde cannot check: names, links between columns, and that it can be told at all.
fn checked(id: &str, headerless: bool, format: Format) -> Result<Format, String> {
    if format.id != id {
        return Err(format!("calls itself {}", format.id));
    }
    let has = |header: &String| format.columns.iter().any(|c| c.names(header));
    let dated = format.columns.iter().map(|c| &c.dated).chain(format.implies.iter().map(|i| &i.dated));
    for link in dated.flat_map(|d| [&d.given, &d.confirmed, &d.refused]).flatten() {
        let positional = headerless && link.parse::<usize>().is_ok_and(|n| n <= format.columns.len());
        if !has(link) && !positional {
            return Err(format!("dates from a column it does not read: {link}"));
        }
    }
    if !headerless {
        for cell in &format.distinguishing {
            if !format.header.iter().chain(&format.header_optional).any(|h| same_header(h, cell)) {
                return Err(format!("told by a header it does not have: {cell}"));
            }
        }
        let own = |c: &ColumnSpec| c.header.contains('*') || format.knows(&c.header);
        if let Some(column) = format.columns.iter().find(|c| !own(c)) {
            return Err(format!("reads a column it does not have: {}", column.header));
        }
    }
    match format.detect {
        Detect::Header | Detect::Exact | Detect::Name if format.distinguishing.is_empty() => {
            Err("cannot be told from others".to_owned())
        }
        Detect::Name if format.file_pattern.is_empty() => Err("told by a name it does not give".to_owned()),
        Detect::Content if format.content.is_none() => Err("told by values it does not describe".to_owned()),
        _ if format.provenance.source.is_empty()
            && format.provenance.confidence != LayoutConfidence::FromMemory =>
        {
            Err("has no source".to_owned())
        }
        Detect::Header | Detect::Exact | Detect::Name | Detect::Content | Detect::Never => Ok(format),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layout_reads_and_is_sound() {
        for (id, text) in FORMATS {
            let format = read(id, text).unwrap_or_else(|error| panic!("{id}: {error}"));
            format.content.iter().flat_map(|content| content.patterns()).for_each(|pattern| {
                pattern.compiled();
            });
        }
    }

    #[test]
    fn a_wrong_table_is_refused() {
        let table = |extra: &str| {
            format!(
                "id = \"x\"\nvendor = \"X\"\nkind = \"contacts\"\nas_of = \"2026-10\"\ndetect = \"header\"\n\
                 header = [\"A\"]\nheader_order = \"set\"\ndistinguishing = [\"A\"]\n{extra}\n\
                 [provenance]\nsource = [\"s\"]\nconfidence = \"vendor docs\"\n"
            )
        };
        assert!(read("x", &table("[columns]\nA = \"email\"")).is_ok());
        for wrong in [
            "surprise = 1",
            "[columns]\nA = \"no_such_field\"",
            "[columns]\nB = \"email\"",
            "[columns]\nA = { field = \"do_not_call\", role = \"refusal\", channels = [\"call\"] }",
            "[columns]\nA = { field = \"email\", role = \"status\" }",
            "[[implies]]\nmeaning = \"granted\"\nchannels = [\"email\"]\ngiven_at = \"B\"",
        ] {
            assert!(read("x", &table(wrong)).is_err(), "{wrong}");
        }
        assert!(read("y", &table("")).is_err());
    }
}
