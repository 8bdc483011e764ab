//! The profile: what a team sets once, in `contactable.toml`.

use crate::data::jurisdiction::{Audience, Rulebook, Rulebooks};
use crate::data::{Country, rulebooks};
use crate::mapping::{WordAnswer, WordMeans};
use crate::plan::values;
use crate::reason::Reason;
use crate::record::{Channels, Day, Failure, IoContext};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::path::Path;

/// Before any list of e-mail consents, after the days that computers write for none.
const LIST_SINCE: Day = Day::constant(1995, 1, 1);

/// What words of columns mean.
type Words = BTreeMap<String, BTreeMap<String, WordMeans>>;

/// A key of the profile, as its page shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProfileKey {
    /// Its name.
    pub name: &'static str,
    /// What it sets, and where its default comes from.
    pub says: &'static [&'static str],
    /// What holds when it is left out.
    pub default: &'static str,
    /// A value as TOML writes it.
    pub example: &'static str,
}

macro_rules! profile {
    ($($(#[doc = $doc:literal])+ $(@$read:literal)? $name:ident: $type:ty = $value:expr, $default:literal, $example:literal;)+) => {
        /// Settings of a team. Every key may be left out.
        #[derive(Debug, Clone, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct Profile { $($(#[doc = $doc])+ $(#[serde(deserialize_with = $read)])? pub $name: $type,)+ }

        impl Default for Profile {
            fn default() -> Self {
                Self { $($name: $value,)+ }
            }
        }

        impl Profile {
            /// Every key, in the order of its page.
            pub const KEYS: &'static [ProfileKey] = &[$(ProfileKey {
                name: stringify!($name), says: &[$($doc),+], default: $default, example: $example,
            },)+];
        }
    };
}

profile! {
    /// Country of contacts that tell none, as `--country`.
    @"country" country: Option<Country> = None, "none", "\"GB\"";
    /// Country of the sender, whose law is asked too, as `--sender-country`.
    @"country" sender_country: Option<Country> = None, "none", "\"GB\"";
    /// What the messages are for, as `--purpose`.
    purpose: Option<String> = None, "`marketing`", "\"marketing\"";
    /// Who answers for the data and sends, named in the report, as `--controller`.
    controller: Option<String> = None, "none", "\"Fernhill Ltd\"";
    /// Who makes the runs and states their overrides, named in the report, as `--operator`.
    operator: Option<String> = None, "none", "\"data protection, Fernhill Ltd\"";
    /// Channels to decide, separated by commas, as `--channels`.
    @"channels" channels: Option<Channels> = None, "`email,sms,call,post`", "\"email,sms\"";
    /// `b2b` or `b2c`, where a row does not tell, as `--audience`.
    @"audience" audience: Option<Audience> = None, "`b2c`", "\"b2b\"";
    /// `strict`: evidence that the law wants and the file lacks blocks; `normal`: it is a finding.
    evidence: Strictness = Strictness::Normal, "`normal`", "\"strict\"";
    /// Ids of reasons that block besides those that block anyway; `contactable reasons` lists them.
    @"reasons" block: Vec<Reason> = Vec::new(), "none", "[\"email-role\", \"consent-bulk-time\"]";
    /// What words mean that are not known, by column: `no` refuses, `yes` permits, `nothing` says nothing of permission; as
    /// `--word`.
    words: Words = Words::new(), "none", "{ \"Email status\" = { \"Non-Marketable\" = \"no\" } }";
    /// Files of rulebooks of the team's own, beside the profile.
    rulebooks: Vec<String> = Vec::new(), "none", "[\"house.toml\"]";
    /// Ids of rules with a condition that the team states to be met; the report says so.
    claims: Vec<String> = Vec::new(), "none", "[\"IE-email-b2b\"]";
    /// Months without a sign of the person (a click, a purchase, a consent) after which they have gone quiet:
    /// `engagement-inactive`.
    sunset_months: Option<u16> = None, "not judged", "24";
    /// Source names, most trusted first: of values that differ, the more trusted source's is kept.
    source_priority: Vec<String> = Vec::new(), "none", "[\"crm.csv\", \"shop.csv\"]";
    /// The day the list was born: a consent dated before it has no date (`consent-before-list`). The default is
    /// older than any list of e-mail consents and newer than what computers write for no date (1899-12-30,
    /// 1900-01-01, 1970-01-01, 1980-01-01).
    @"day" list_since: Day = LIST_SINCE, "`1995-01-01`", "\"2015-03-01\"";
    /// So many consents of one file with the same time to the second were written by a machine
    /// (`consent-bulk-time`). Twenty people a second would be 1.7 million a day.
    bulk_second: u32 = 20, "`20`", "50";
    /// Where a file tells only the day of consents: so many per cent of them on one day, and at least 50, were
    /// written by a machine (`consent-bulk-time`). Half of a list is never won in a day.
    bulk_day_percent: u32 = 50, "`50`", "80";
    /// So many consents of one file from one IP address, and at least a tenth of those that tell one, did not come
    /// from their people's own machines (`consent-bulk-ip`): a server's or an office's address was kept.
    bulk_ip: u32 = 50, "`50`", "200";
    /// So many sign-ups of one file in one minute are more than people make (`consent-rush`). A site that takes
    /// more knows it, and raises the key.
    rush_minute: u32 = 100, "`100`", "1000";
    /// So many sign-ups of one file from one IP address in one day are more than people make (`consent-rush`):
    /// a household or a stand at a fair brings fewer, a robot more.
    rush_ip_day: u32 = 20, "`20`", "100";
    /// From so many rows on, a consent column in which every row says yes is told
    /// (`mapping-consent-all-yes`). Fifty is where a shop's merge tool begins to distrust such a column.
    all_yes_rows: u32 = 50, "`50`", "500";
}

/// How missing evidence is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strictness {
    /// It is a finding.
    #[default]
    Normal,
    /// It blocks.
    Strict,
}

macro_rules! read {
    ($($name:ident: $of:expr => $type:ty;)+) => { $(
        fn $name<'de, D: Deserializer<'de>>(from: D) -> Result<$type, D::Error> {
            let text = String::deserialize(from)?;
            $of(&text).map(Into::into).map_err(|failure| Error::custom(format_args!("`{text}`: {failure}")))
        }
    )+ };
}

read! {
    country: values::country => Option<Country>;
    channels: values::channels => Option<Channels>;
    audience: values::audience => Option<Audience>;
    day: values::day => Day;
}

fn reasons<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Reason>, D::Error> {
    let reason = |id: &String| {
        let unknown = || {
            Failure::usage(format!("`{id}` is no reason we know")).hint("`contactable reasons` lists them")
        };
        Reason::from_id(id).ok_or_else(unknown)
    };
    Vec::<String>::deserialize(from)?.iter().map(reason).collect::<Result<_, _>>().map_err(Error::custom)
}

impl Profile {
    /// These settings, and where they leave out what a flag may say, those of the other.
    pub(super) fn over(self, other: Self) -> Self {
        Self {
            sender_country: self.sender_country.or(other.sender_country),
            purpose: self.purpose.or(other.purpose),
            controller: self.controller.or(other.controller),
            operator: self.operator.or(other.operator),
            channels: self.channels.or(other.channels),
            audience: self.audience.or(other.audience),
            ..other
        }
    }

    /// The settings of a profile file, and its bytes. Fails where it cannot be read, or a key or value is none; its
    /// line is told.
    pub fn read(path: &Path) -> Result<(Self, Vec<u8>), Failure> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).doing("read the profile", &name)?;
        let wrong = |e: toml::de::Error| Failure::usage(e.message()).at_span(&name, &text, e.span());
        let profile = toml::from_str(&text).map_err(wrong)?;
        Ok((profile, text.into_bytes()))
    }

    /// What words of columns mean.
    pub fn word_answers(&self) -> impl Iterator<Item = WordAnswer> {
        self.words.iter().flat_map(|(column, words)| {
            let answer = |(word, means): (&String, &WordMeans)| {
                let (column, word) = (column.clone(), word.clone());
                WordAnswer { column, word, means: *means }
            };
            words.iter().map(answer).collect::<Vec<_>>()
        })
    }

    /// The built-in rulebooks with the team's own; none when it has none. `path` is the profile's.
    pub fn own_rulebooks(&self, path: &Path) -> Result<Option<Rulebooks>, Failure> {
        if self.rulebooks.is_empty() {
            return Ok(None);
        }
        let read = |name: &String| {
            let file = path.parent().unwrap_or(Path::new("")).join(name);
            let text = std::fs::read_to_string(file).doing("read the rulebook", name)?;
            Rulebook::parse(&text, name)
        };
        let own = self.rulebooks.iter().map(read).collect::<Result<_, _>>()?;
        rulebooks().with(own).map(Some)
    }
}
