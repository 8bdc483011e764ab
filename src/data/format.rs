//! The built-in layouts of vendors' exports, one TOML file each: how to tell them, what their columns say.
//!
//! Knows what an export looks like and means; does not look at any file (see `mapping::recognise`).
//! Each table is checked once, when first used: unknown keys, links to columns that are not there, roles that
//! contradict themselves.

use crate::data::fold::same_header;
use crate::data::pattern::Pattern;
use crate::data::words::ColumnWords;
use crate::record::{Channel, Channels, DateOrder, EventKind, Field, Kind, Meaning, words};
use serde::Deserialize;

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

    /// Its patterns.
    pub fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        self.lead.iter().chain(&self.cells).chain(&self.mainly)
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
#[derive(Debug, Clone)]
pub struct ImpliedSpec {
    /// What it means.
    pub meaning: Meaning,
    /// For which channels of the row's points.
    pub channels: Channels,
    /// Where the dates stand.
    pub dated: DatedSpec,
}

/// The headers whose cells date a status.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DatedSpec {
    /// Dates a consent.
    pub given: Option<String>,
    /// Dates its confirmation.
    pub confirmed: Option<String>,
    /// Dates a refusal, bounce or complaint.
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

/// One layout of an export.
#[derive(Debug, Clone)]
pub struct Format {
    /// Its id, as `--format` takes it.
    pub id: String,
    /// Whose export it is; also the system its ids belong to.
    pub vendor: String,
    /// What such a file is.
    pub kind: Kind,
    /// The kind is only a guess: the same layout is also used for other kinds.
    pub kind_unproven: bool,
    /// Year and month the knowledge dates from.
    pub as_of: String,
    /// How it is told from others.
    pub detect: Detect,
    /// What the values of a headerless layout look like.
    pub content: Option<Content>,
    /// File names as the vendor gives them; `*` stands for any text.
    pub file_pattern: Vec<String>,
    /// The header as exported.
    pub header: Vec<String>,
    /// Columns seen in some exports.
    pub header_optional: Vec<String>,
    /// Headers that, all together, tell this layout.
    pub distinguishing: Vec<String>,
    /// The export leaves people who opted out in, unmarked: alone it cannot pass as clean.
    pub leaves_out_refusals: bool,
    /// Not a table of contacts: what to do instead.
    pub unreadable: Option<String>,
    /// Times without a zone are UTC, by the vendor's word.
    pub utc: bool,
    /// Dates may be Unix seconds or milliseconds.
    pub unix: bool,
    /// Order of day and month, where the vendor fixes it.
    pub date_order: DateOrder,
    /// What the presence of a row means.
    pub implies: Vec<ImpliedSpec>,
    /// The columns we read, in the order of the table.
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
        self.header.iter().chain(&self.header_optional).any(|own| same_header(own, header))
    }

    /// The column of that header: by its full name first, else by a pattern.
    pub fn column(&self, header: &str) -> Option<&ColumnSpec> {
        let plain = self.columns.iter().filter(|c| !c.header.contains('*'));
        let patterns = self.columns.iter().filter(|c| c.header.contains('*'));
        plain.chain(patterns).find(|c| c.names(header))
    }

    /// The layout as people read it: `contactable formats ID`.
    pub fn describe(&self) -> Description<'_> {
        Description(self)
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

/// A layout in words.
#[derive(Debug, Clone, Copy)]
pub struct Description<'a>(&'a Format);

impl std::fmt::Display for Description<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let own = self.0;
        writeln!(f, "{}", own.id)?;
        writeln!(f, "  vendor      {}", own.vendor)?;
        writeln!(
            f,
            "  kind        {}{}",
            own.kind.word(),
            if own.kind_unproven { " (not proven by the layout)" } else { "" }
        )?;
        writeln!(f, "  told by     {}", told_by(own))?;
        for implied in &own.implies {
            writeln!(f, "  every row   {}", meaning_line(implied.meaning, implied.channels))?;
        }
        if own.leaves_out_refusals {
            writeln!(f, "  beware      people who opted out are not marked in this export")?;
        }
        if let Some(hint) = &own.unreadable {
            writeln!(f, "  not read    {hint}")?;
        }
        for column in &own.columns {
            writeln!(f, "  column      {} -> {}{}", column.header, column.field.word(), column_line(column))?;
        }
        for (label, text) in
            [("dates", &own.timestamps), ("zone", &own.timezone), ("encoding", &own.encoding)]
        {
            if let Some(text) = text {
                writeln!(f, "  {label:<12}{text}")?;
            }
        }
        for quirk in &own.quirks {
            writeln!(f, "  note        {quirk}")?;
        }
        writeln!(f, "  confidence  {}, as of {}", own.provenance.confidence.word(), own.as_of)?;
        for source in &own.provenance.source {
            writeln!(f, "  source      {source}")?;
        }
        for part in &own.provenance.from_memory {
            writeln!(f, "  unverified  {part}")?;
        }
        Ok(())
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
