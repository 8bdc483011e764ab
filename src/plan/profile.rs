//! The profile: what a team sets once, in `contactable.toml`.

use crate::data::jurisdiction::{Rulebook, Rulebooks};
use crate::data::rulebooks;
use crate::reason::Reason;
use crate::record::Failure;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use std::path::Path;

/// Settings of a team. Every key may be left out.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Profile {
    /// Country of contacts that tell none.
    #[schemars(example = &"GB")]
    pub country: Option<String>,
    /// Country of the sender: its law is added to the recipient's.
    #[schemars(example = &"GB")]
    pub sender_country: Option<String>,
    /// What the messages are for; a consent for one purpose is none for another.
    #[schemars(example = &"marketing")]
    pub purpose: Option<String>,
    /// Who answers for the data and sends, for the report.
    #[schemars(example = &"Fernhill Ltd")]
    pub controller: Option<String>,
    /// Who makes the runs and states their overrides, for the report.
    #[schemars(example = &"data protection, Fernhill Ltd")]
    pub operator: Option<String>,
    /// Channels to decide, separated by commas: email, sms, call, post, messaging, auto-call.
    #[schemars(example = &"email,sms,call,post")]
    pub channels: Option<String>,
    /// Whom the messages are for, where a row does not say: `b2b` or `b2c`.
    #[schemars(example = &"b2c")]
    pub audience: Option<String>,
    /// `strict`: evidence that the law wants and the file lacks blocks; `normal`: it is a finding.
    #[schemars(example = &"normal")]
    pub evidence: Strictness,
    /// Ids of reasons that block besides those that block anyway; `contactable reasons` lists them.
    #[schemars(example = ["email-role", "sms-uncertain"])]
    pub block: Vec<String>,
    /// Files of rulebooks of the team's own, beside the profile.
    #[schemars(example = ["our-rules.toml"])]
    pub rulebooks: Vec<String>,
    /// Ids of rules with a condition that the team states to be met; no file proves it.
    #[schemars(example = ["ID-OF-A-RULE"])]
    pub claims: Vec<String>,
    /// Months without a sign of the person after which they count as gone quiet; not judged unless set.
    #[schemars(example = 24)]
    pub sunset_months: Option<u16>,
    /// Source names, most trusted first.
    #[schemars(example = ["crm.csv", "shop.csv"])]
    pub source_priority: Vec<String>,
}

/// How missing evidence is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Strictness {
    /// It is a finding.
    #[default]
    Normal,
    /// It blocks.
    Strict,
}

/// A key of the profile, for whoever writes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its name; keys of a table carry the table's before a dot.
    pub name: String,
    /// What it sets, in one sentence.
    pub says: String,
    /// A value, as TOML writes it.
    pub example: String,
}

impl Profile {
    /// Every key, from the declaration of this type: none can be missing.
    pub fn keys() -> Vec<Key> {
        let schema = schemars::schema_for!(Self);
        let mut keys = Vec::new();
        collect(schema.as_value(), schema.as_value(), "", &mut keys);
        keys
    }

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

/// The keys of an object of a schema, in order; those of tables by the names of both.
fn collect(schema: &Value, root: &Value, above: &str, keys: &mut Vec<Key>) {
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let name = format!("{above}{name}");
        let named = |at: &Value| {
            let reference = at["$ref"].as_str().and_then(|path| path.strip_prefix('#'));
            reference.and_then(|path| root.pointer(path)).cloned()
        };
        let options = property["anyOf"].as_array().into_iter().flatten();
        let whole =
            std::iter::once(property).chain(options).find_map(named).unwrap_or_else(|| property.clone());
        if whole["properties"].is_object() {
            collect(&whole, root, &format!("{name}."), keys);
            continue;
        }
        let says = property["description"].as_str().unwrap_or_default().split_whitespace();
        let says = says.collect::<Vec<_>>().join(" ");
        keys.push(Key { name, says, example: example(property, &whole) });
    }
}

/// A value of a key: its own example, its default, or one of its type.
fn example(property: &Value, whole: &Value) -> String {
    let told = property["examples"].get(0).or_else(|| property.get("default").filter(|d| !d.is_null()));
    let word = || whole["enum"].get(0).or_else(|| whole["oneOf"].get(0).and_then(|one| one.get("const")));
    if let Some(value) = told.or_else(word) {
        // Texts, numbers and lists of them read the same in TOML.
        return value.to_string().replace("\",\"", "\", \"");
    }
    let kind = &whole["type"];
    match kind.as_str().or_else(|| kind.get(0).and_then(Value::as_str)) {
        Some("array") => "[]",
        Some("boolean") => "false",
        Some("integer" | "number") => "1",
        _ => "\"\"",
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::Profile;

    #[test]
    fn every_key_is_explained_and_its_example_is_one() {
        let keys = Profile::keys();
        assert!(keys.len() >= 13 && keys.iter().any(|k| k.name == "sunset_months"));
        for key in &keys {
            assert!(key.says.len() > 10 && key.says.ends_with('.'), "{}", key.name);
            let text = format!("{} = {}\n", key.name, key.example);
            toml::from_str::<Profile>(&text).unwrap_or_else(|e| panic!("{text}: {e}"));
        }
    }
}
