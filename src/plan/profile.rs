//! The profile: what a team sets once, in `contactable.toml`.

use crate::data::jurisdiction::{Rulebook, Rulebooks};
use crate::data::rulebooks;
use crate::reason::Reason;
use crate::record::Failure;
use serde::Deserialize;
use std::path::Path;

/// Settings of a team. Every key may be left out.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Profile {
    /// Country of contacts that tell none.
    pub country: Option<String>,
    /// Country of the sender.
    pub sender_country: Option<String>,
    /// What the messages are for.
    pub purpose: Option<String>,
    /// Channels to decide, separated by commas.
    pub channels: Option<String>,
    /// `b2b` or `b2c`.
    pub audience: Option<String>,
    /// `strict`: evidence that the law wants and the file lacks blocks.
    pub evidence: Strictness,
    /// Ids of reasons that block besides those that block anyway.
    pub block: Vec<String>,
    /// Files of rulebooks of the team's own, beside the profile.
    pub rulebooks: Vec<String>,
    /// Ids of rules with a condition that the team states to be met.
    pub claims: Vec<String>,
    /// Months without a sign of the person after which they count as gone quiet; not judged unless set.
    pub sunset_months: Option<u16>,
    /// Source names, most trusted first.
    pub source_priority: Vec<String>,
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

impl Profile {
    /// Reads a profile file; also gives its bytes.
    pub fn read(path: &Path) -> Result<(Self, Vec<u8>), Failure> {
        let name = path.display().to_string();
        let text =
            std::fs::read_to_string(path).map_err(|e| Failure::io("read the profile", name.as_str(), &e))?;
        let profile: Self = toml::from_str(&text).map_err(|e| {
            let line = e.span().map_or(1, |span| text[..span.start.min(text.len())].lines().count().max(1));
            Failure::usage(e.message().to_owned()).at(format!("{name}:{line}"))
        })?;
        for id in &profile.block {
            if Reason::from_id(id).is_none() {
                return Err(Failure::usage(format!("`{id}` is no reason we know"))
                    .at(name)
                    .hint("`contactable reasons` lists them"));
            }
        }
        Ok((profile, text.into_bytes()))
    }

    /// The built-in rulebooks with the team's own; none when it has none. `path` is the profile's.
    pub fn own_rulebooks(&self, path: &Path) -> Result<Option<Rulebooks>, Failure> {
        if self.rulebooks.is_empty() {
            return Ok(None);
        }
        let read = |name: &String| {
            let file = path.parent().unwrap_or(Path::new("")).join(name);
            let text = std::fs::read_to_string(file)
                .map_err(|e| Failure::io("read the rulebook", name.as_str(), &e))?;
            Rulebook::parse(&text, name)
        };
        let own = self.rulebooks.iter().map(read).collect::<Result<_, _>>()?;
        rulebooks().with(own).map(Some)
    }

    /// The reasons that block besides those that block anyway.
    pub fn blocking(&self) -> impl Iterator<Item = Reason> + '_ {
        self.block.iter().filter_map(|id| Reason::from_id(id))
    }
}
