//! The built-in layouts of vendors' exports, one TOML file each: how to tell them, what their columns say.
//!
//! Knows what an export looks like and means; does not look at any file (see `mapping::recognise`).
//! Each table is checked once, when first used: unknown keys, links to columns that are not there, roles that
//! contradict themselves.

use crate::data::built_in;
use crate::data::fold::same_header;
use crate::data::words::{Base, ColumnWords};
use crate::record::{Channel, Channels, DateOrder, EventKind, Field, Kind, Meaning, words};
use regex::Regex;
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::OnceLock;

/// Shapes by their names in patterns: a text with an address in it, and a hexadecimal digest of MD5, SHA-1 or SHA-2.
const SHAPES: [(&str, &str); 2] = [
    ("{email}", r"(?:.*[\s,;<>()|])?[^\s,;<>()|@]+@[^\s,;<>()|.]+\.[^\s,;<>()|]{2,}(?:[\s,;<>()|].*)?"),
    ("{digest}", "[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}|[0-9a-fA-F]{128}"),
];

/// A pattern of a whole text; `.` is any character. Compiled when it is first asked.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    compiled: OnceLock<Regex>,
}

impl Pattern {
    /// The pattern, with the shapes it names put in.
    pub fn new(text: &str) -> Self {
        let text = SHAPES
            .iter()
            .fold(text.to_owned(), |text, (name, shape)| text.replace(name, &format!("(?:{shape})")));
        Self { text: format!("(?s)^(?:{text})$"), compiled: OnceLock::new() }
    }

    /// Whether the whole text fits.
    pub fn fits(&self, text: &str) -> bool {
        self.compiled().is_match(text)
    }

    /// The compiled pattern. One that does not compile is our own bug: the test of its table compiles it.
    pub fn compiled(&self) -> &Regex {
        self.compiled.get_or_init(|| Regex::new(&self.text).unwrap_or_else(|error| panic!("{error}")))
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::new(&text))
    }
}

/// How a layout is told from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Detect {
    /// Its distinguishing headers are all there.
    Header,
    /// Its header is there and nothing else.
    Exact,
    /// Other layouts have the same header: only the file name tells.
    Name,
    /// There is no header: the values tell.
    Content,
    /// Only when the user names it.
    Never,
}

/// What the values of a headerless layout look like.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// The first cell, where the file is no table.
    pub lead: Option<Pattern>,
    /// The cells of a row, one pattern a column.
    #[serde(default)]
    pub cells: Vec<Pattern>,
    /// The columns that every row has; those behind may lack.
    pub columns: Option<usize>,
    /// The blanks around a cell belong to it.
    #[serde(default)]
    pub padded: bool,
    /// What half of the rows hold: then a header above them does not matter.
    pub mainly: Option<Pattern>,
    /// What else such rows may be: asked where the name of the file does not prove the kind.
    pub ask: Option<String>,
}

impl Content {
    /// Whether nine rows in ten have the layout's columns, and in each a cell that looks as they do there.
    pub fn fits(&self, rows: &[Vec<String>]) -> bool {
        let (mut filled, mut fitting, mut main) = (0, 0, 0);
        for row in rows.iter().filter(|row| row.iter().any(|cell| !cell.trim().is_empty())) {
            filled += 1;
            fitting += usize::from(self.fits_row(row));
            main += usize::from(self.mainly.as_ref().is_none_or(|main| main.fits(self.cell(row, 0))));
        }
        filled > 0 && fitting * 10 >= filled * 9 && main * 2 >= filled
    }

    fn fits_row(&self, row: &[String]) -> bool {
        let columns = self.columns.unwrap_or(self.cells.len())..=self.cells.len();
        let mut cells = self.cells.iter().enumerate();
        columns.contains(&row.len()) && cells.all(|(at, pattern)| pattern.fits(self.cell(row, at)))
    }

    fn cell<'a>(&self, row: &'a [String], at: usize) -> &'a str {
        row.get(at).map_or("", |cell| if self.padded { cell } else { cell.trim() })
    }
}

words! {
    /// How far a layout was verified.
    pub enum LayoutConfidence: Deserialize {
        /// A real export, its rows made anonymous.
        RealFile = "real file",
        /// The vendor's help or reference.
        VendorDocs = "vendor docs",
        /// The vendor's own source or tests.
        VendorCode = "vendor code",
        /// An importer, test or script of the vendor's users.
        ThirdParty = "third-party",
        /// Not verified.
        FromMemory = "from memory",
    }
}

/// What the cells of a column say about permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SpecRole {
    /// A status word of a subscription or consent.
    Status,
    /// An opt-out flag or date: anything but a known *no* refuses.
    Refusal,
    /// Why the row is in this file: replaces what the row implies.
    Cause,
    /// The channel the row speaks of.
    Channel,
    /// The channels consented to.
    GrantedChannels,
    /// The event word of an event file.
    Event,
    /// Whether the row's purchase came about: only where a listed word says `true`.
    Sale,
}

/// What the mere presence of a row in such a file means. Dates are headers of the same layout.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImpliedSpec {
    /// What it means.
    pub meaning: Meaning,
    /// For which channels of the row's points.
    #[serde(deserialize_with = "channels")]
    pub channels: Channels,
    /// Where the dates stand.
    #[serde(flatten)]
    pub dated: DatedSpec,
}

/// The headers whose cells date a status.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct DatedSpec {
    /// Dates a consent.
    #[serde(rename = "given_at")]
    pub given: Option<String>,
    /// Dates its confirmation.
    #[serde(rename = "confirmed_at")]
    pub confirmed: Option<String>,
    /// Dates a refusal, bounce or complaint.
    #[serde(rename = "refused_at")]
    pub refused: Option<String>,
}

/// One column of a layout.
#[derive(Debug, Clone)]
pub struct ColumnSpec {
    /// Its header; one `*` stands for any text. Headerless layouts: the position from 1.
    pub header: String,
    /// Our field.
    pub field: Field,
    /// What it says about permission; `None` = a plain value.
    pub role: Option<SpecRole>,
    /// What a refusal cell means when no word of its own says otherwise.
    pub event: Option<EventKind>,
    /// The channels a grant speaks of.
    pub grants: Channels,
    /// The channels a refusal speaks of.
    pub refuses: Channels,
    /// Its words.
    pub words: ColumnWords,
    /// What dates it.
    pub dated: DatedSpec,
}

impl ColumnSpec {
    /// Whether the file's header names this column.
    pub fn names(&self, header: &str) -> bool {
        match self.header.split_once('*') {
            None => same_header(&self.header, header),
            Some((before, after)) => {
                let header = header.trim_start_matches('\u{feff}').trim().to_lowercase();
                let (before, after) = (before.to_lowercase(), after.to_lowercase());
                header.len() > before.len() + after.len()
                    && header.starts_with(&before)
                    && header.ends_with(&after)
            }
        }
    }
}

/// Where the knowledge of a layout comes from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// What was read.
    pub source: Vec<String>,
    /// How far it was verified.
    pub confidence: LayoutConfidence,
    /// The parts that are not verified, whatever `confidence` says.
    #[serde(default)]
    pub from_memory: Vec<String>,
}

/// Whether the vendor fixes the order of the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HeaderOrder {
    /// Every column stands where the vendor puts it.
    Exact,
    /// The first columns do; others follow.
    CoreTail,
    /// None does.
    Set,
    /// There is no header.
    None,
}

/// One layout of an export.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Format {
    /// Its id, as `--format` takes it.
    pub id: String,
    /// Whose export it is; also the system its ids belong to.
    pub vendor: String,
    /// What such a file is.
    pub kind: Kind,
    /// The kind is only a guess: the same layout is also used for other kinds.
    #[serde(default)]
    pub kind_unproven: bool,
    /// Year and month the knowledge dates from.
    pub as_of: String,
    /// How it is told from others.
    pub detect: Detect,
    /// What the values of a headerless layout look like.
    pub content: Option<Content>,
    /// File names as the vendor gives them; `*` stands for any text.
    #[serde(default)]
    pub file_pattern: Vec<String>,
    /// The header as exported.
    #[serde(default)]
    pub header: Vec<String>,
    /// Whether the vendor fixes the order of the columns.
    pub header_order: HeaderOrder,
    /// Columns seen in some exports.
    #[serde(default)]
    pub header_optional: Vec<String>,
    /// Headers in the language of the account.
    #[serde(default)]
    pub header_localised: Vec<String>,
    /// Headers that, all together, tell this layout.
    #[serde(default)]
    pub distinguishing: Vec<String>,
    /// The export leaves people who opted out in, unmarked: alone it cannot pass as clean.
    #[serde(default)]
    pub leaves_out_refusals: bool,
    /// Not a table of contacts: what to do instead.
    pub unreadable: Option<String>,
    /// Times without a zone are UTC, by the vendor's word.
    #[serde(default)]
    pub utc: bool,
    /// Dates may be Unix seconds or milliseconds.
    #[serde(default)]
    pub unix: bool,
    /// Order of day and month, where the vendor fixes it.
    #[serde(default)]
    pub date_order: DateOrder,
    /// What the presence of a row means.
    #[serde(default)]
    pub implies: Vec<ImpliedSpec>,
    /// The columns we read, in the order of the table.
    #[serde(default, deserialize_with = "columns")]
    pub columns: Vec<ColumnSpec>,
    /// How dates are written.
    pub timestamps: Option<String>,
    /// Their zone.
    pub timezone: Option<String>,
    /// Encoding and delimiter.
    pub encoding: Option<String>,
    /// A line as exported.
    pub example: Option<String>,
    /// What to know about such files.
    #[serde(default)]
    pub quirks: Vec<String>,
    /// Where this is known from.
    pub provenance: Provenance,
}

impl Format {
    /// Whether the vendor names such a file like this.
    pub fn names_file(&self, file_name: &str) -> bool {
        let name = file_name.to_lowercase();
        self.file_pattern.iter().any(|pattern| glob(&pattern.to_lowercase(), &name))
    }

    /// Whether the layout's own header, required or optional, has this column.
    pub fn knows(&self, header: &str) -> bool {
        let mut own = self.header.iter().chain(&self.header_optional).chain(&self.header_localised);
        own.any(|own| same_header(own, header))
    }

    /// The column at that place of a file, under that header.
    pub(crate) fn column_at(&self, at: usize, header: &str) -> Option<&ColumnSpec> {
        if self.header.is_empty() { self.columns.get(at) } else { self.column(header) }
    }

    /// The column of that header: by its full name first, else by a pattern.
    pub fn column(&self, header: &str) -> Option<&ColumnSpec> {
        let plain = self.columns.iter().filter(|c| !c.header.contains('*'));
        let patterns = self.columns.iter().filter(|c| c.header.contains('*'));
        plain.chain(patterns).find(|c| c.names(header))
    }
}

/// Matches a file name against a pattern with `*`.
pub fn glob(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = name.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// The layout as people read it: `contactable formats ID`.
impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.id)?;
        let mut line = |label: &str, text: &str| writeln!(f, "  {label:<12}{text}");
        line("vendor", &self.vendor)?;
        let unproven = if self.kind_unproven { " (not proven by the layout)" } else { "" };
        line("kind", &format!("{}{unproven}", self.kind.word()))?;
        line("told by", &told_by(self))?;
        for implied in &self.implies {
            line("every row", &meaning_line(implied.meaning, implied.channels))?;
        }
        if self.leaves_out_refusals {
            line("beware", "people who opted out are not marked in this export")?;
        }
        if let Some(hint) = &self.unreadable {
            line("not read", hint)?;
        }
        for column in &self.columns {
            let says = column_line(column);
            line("column", &format!("{} -> {}{says}", column.header, column.field.word()))?;
        }
        let styles = [("dates", &self.timestamps), ("zone", &self.timezone), ("encoding", &self.encoding)];
        for (label, text) in styles {
            text.iter().try_for_each(|text| line(label, text))?;
        }
        self.quirks.iter().try_for_each(|quirk| line("note", quirk))?;
        let known = &self.provenance;
        line("confidence", &format!("{}, as of {}", known.confidence.word(), self.as_of))?;
        known.source.iter().try_for_each(|source| line("source", source))?;
        known.from_memory.iter().try_for_each(|part| line("unverified", part))
    }
}

fn told_by(own: &Format) -> String {
    let headers = own.distinguishing.join(", ");
    match own.detect {
        Detect::Header => format!("the headers {headers}"),
        Detect::Exact => format!("exactly the headers {}", own.header.join(", ")),
        Detect::Name => format!("the file name {} (headers {headers})", own.file_pattern.join(" or ")),
        Detect::Content => "its values: it has no header".to_owned(),
        Detect::Never => format!("nothing: say --format {}", own.id),
    }
}

fn column_line(column: &ColumnSpec) -> String {
    let says: Vec<String> =
        column.words.own().iter().map(|(word, meaning)| format!("{word} = {}", meaning.word())).collect();
    let says = if says.is_empty() { String::new() } else { format!(": {}", says.join(", ")) };
    match column.role {
        None => String::new(),
        Some(SpecRole::Status) => format!(" (status{says})"),
        Some(SpecRole::Refusal) => format!(" (opt-out{says})"),
        Some(SpecRole::Cause) => format!(" (why the row is here{says})"),
        Some(SpecRole::Channel) => " (the channel the row speaks of)".to_owned(),
        Some(SpecRole::GrantedChannels) => " (the channels consented to)".to_owned(),
        Some(SpecRole::Event) => " (event word)".to_owned(),
        Some(SpecRole::Sale) => format!(" (whether it was sold{says})"),
    }
}

fn meaning_line(meaning: Meaning, channels: Channels) -> String {
    let words: Vec<&str> = channels.iter().map(Channel::word).collect();
    format!("{} ({})", meaning.word(), words.join(", "))
}

/// All built-in layouts, by id. One that contradicts itself is our own bug and stops the program.
pub fn formats() -> &'static [Format] {
    static FORMATS: OnceLock<Vec<Format>> = OnceLock::new();
    FORMATS.get_or_init(|| {
        let read = |(id, text): &(&str, &str)| read(id, text).unwrap_or_else(|e| panic!("{id}.toml: {e}"));
        built_in::FORMATS.iter().map(read).collect()
    })
}

/// The layout of that id.
pub(crate) fn format(id: &str) -> Option<&'static Format> {
    formats().iter().find(|f| f.id == id)
}

/// What stands in a file for a column: its field, or what it says beside.
#[derive(Deserialize)]
#[serde(untagged)]
enum ColumnEntry {
    Plain(String),
    Speaking(Speaking),
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Speaking {
    field: String,
    role: Option<SpecRole>,
    event: Option<EventKind>,
    #[serde(default, deserialize_with = "channels")]
    channels: Channels,
    grants: Option<Vec<String>>,
    #[serde(default)]
    words: BTreeMap<String, Meaning>,
    #[serde(flatten)]
    dated: DatedSpec,
}

fn read(id: &str, text: &str) -> Result<Format, String> {
    let mut format: Format = toml::from_str(text).map_err(|e| e.to_string())?;
    if format.header_order == HeaderOrder::None {
        format.columns.sort_by_key(|c| c.header.parse::<usize>().unwrap_or(usize::MAX));
    }
    checked(id, format)
}

fn columns<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<ColumnSpec>, D::Error> {
    let entries = BTreeMap::deserialize(from)?.into_iter();
    entries
        .map(|(header, entry)| column_of(header, entry))
        .collect::<Result<_, _>>()
        .map_err(D::Error::custom)
}

fn column_of(header: String, column: ColumnEntry) -> Result<ColumnSpec, String> {
    let said = match column {
        ColumnEntry::Plain(field) => Speaking { field, ..Speaking::default() },
        ColumnEntry::Speaking(said) if said.role.is_none() => return Err(format!("{header}: no role")),
        ColumnEntry::Speaking(said) => said,
    };
    let refusal = said.role == Some(SpecRole::Refusal);
    if refusal != said.event.is_some() {
        return Err(format!("{header}: an opt-out names its event, and nothing else does"));
    }
    if said.role == Some(SpecRole::Status) && said.channels.is_empty() {
        return Err(format!("{header}: a status names its channels"));
    }
    Ok(ColumnSpec {
        field: Field::from_word(&said.field).ok_or(format!("{header}: no field {}", said.field))?,
        role: said.role,
        event: said.event,
        grants: said.grants.as_deref().map_or(Ok(said.channels), channels_of)?,
        refuses: said.channels,
        words: ColumnWords::with(if refusal { Base::Refusal } else { Base::Vendor }, said.words),
        dated: said.dated,
        header,
    })
}

fn channels<'de, D: Deserializer<'de>>(from: D) -> Result<Channels, D::Error> {
    channels_of(&Vec::deserialize(from)?).map_err(D::Error::custom)
}

fn channels_of(words: &[String]) -> Result<Channels, String> {
    let of = |word: &String| match word.as_str() {
        "all" => Ok(Channels::ALL),
        word => Channel::from_word(word).map(Channels::only).ok_or(format!("no channel {word}")),
    };
    words.iter().try_fold(Channels::NONE, |all, word| Ok(all.union(of(word)?)))
}

/// What serde cannot check: names, links between columns, and that it can be told at all.
fn checked(id: &str, format: Format) -> Result<Format, String> {
    let headerless = format.header_order == HeaderOrder::None;
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
        if let Some(cell) = format.distinguishing.iter().find(|cell| !format.knows(cell)) {
            return Err(format!("told by a header it does not have: {cell}"));
        }
        let own = |c: &ColumnSpec| c.header.contains('*') || format.knows(&c.header);
        if let Some(column) = format.columns.iter().find(|c| !own(c)) {
            return Err(format!("reads a column it does not have: {}", column.header));
        }
    }
    let sourced =
        format.provenance.confidence == LayoutConfidence::FromMemory || !format.provenance.source.is_empty();
    let by_header = matches!(format.detect, Detect::Header | Detect::Exact | Detect::Name);
    let wrong = [
        (by_header && format.distinguishing.is_empty(), "cannot be told from others"),
        (format.detect == Detect::Name && format.file_pattern.is_empty(), "told by a name it does not give"),
        (format.detect == Detect::Content && format.content.is_none(), "told by values it does not describe"),
        (!sourced, "has no source"),
    ];
    wrong.iter().find(|(is, _)| *is).map_or(Ok(format), |(_, what)| Err((*what).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layout_reads_and_is_sound() {
        for (id, text) in built_in::FORMATS {
            let format = read(id, text).unwrap_or_else(|error| panic!("{id}: {error}"));
            let patterns = |own: Content| own.lead.into_iter().chain(own.cells).chain(own.mainly);
            format.content.into_iter().flat_map(patterns).for_each(|pattern| _ = pattern.compiled());
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
