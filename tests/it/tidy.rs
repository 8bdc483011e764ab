//! The shape of the code: circles, layers, stages, sizes.

mod modules;

use modules::{Arrows, Modules, circles};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The layers, lowest first (docs/architecture.md); a module uses only what stands before it. `email` and `phone`
/// stand on one step and do not know each other.
const LAYERS: &[&[&str]] = &[
    &["record"],
    &["reason"],
    &["spill"],
    &["dns"],
    &["data"],
    &["email", "phone"],
    &["consent"],
    &["suppress"],
    &["ledger"],
    &["link"],
    &["decide"],
    &["source"],
    &["mapping"],
    &["report"],
    &["output"],
    &["plan"],
    &["pipeline"],
    &["cli"],
];

/// The stages of the pipeline, in the order of the data; a stage uses only what stands before it.
const STAGES: &[&str] = &["kit", "understand", "check", "join", "contact", "write", "account", "jobs"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

fn sources() -> Vec<(String, String)> {
    let src = root().join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    files.sort();
    let name = |p: &PathBuf| p.strip_prefix(&src).unwrap().display().to_string();
    files.iter().map(|p| (name(p), fs::read_to_string(p).unwrap())).collect()
}

/// What the modules of the crate use of each other.
static ARROWS: LazyLock<Arrows> = LazyLock::new(|| modules().arrows());

fn modules() -> Modules {
    Modules::read(&sources().into_iter().collect())
}

/// The arrows that a rule forbids, with the names that make them.
fn forbidden(arrows: &Arrows, rule: impl Fn(&[&str], &[&str]) -> bool) -> Vec<String> {
    let breaks = |user: &str, used: &str| {
        rule(&user.split("::").collect::<Vec<_>>(), &used.split("::").collect::<Vec<_>>())
    };
    let wrong = arrows.iter().filter(|((user, used), _)| breaks(user, used));
    wrong.map(|((user, used), names)| format!("{user} -> {used}: {names:?}")).collect()
}

/// Names of the types that a file declares outside its tests.
fn types(text: &str) -> impl Iterator<Item = &str> {
    let code = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    code.lines().filter_map(|line| {
        let line = line.strip_prefix("    ").unwrap_or(line);
        let line = line.strip_prefix("pub(crate) ").or(line.strip_prefix("pub(super) ")).unwrap_or(line);
        let line = line.strip_prefix("pub ").unwrap_or(line);
        let name = ["struct ", "enum ", "trait "].iter().find_map(|word| line.strip_prefix(word))?;
        name.split(|c: char| !c.is_alphanumeric()).next().filter(|name| !name.is_empty())
    })
}

#[test]
fn a_type_name_stands_for_one_thing() {
    assert_eq!(
        types("pub(crate) struct Row<'a> {\nwords! {\n    pub enum Kind {\n").collect::<Vec<_>>(),
        ["Row", "Kind"]
    );
    let all = sources();
    let files = all.iter().filter(|(file, _)| !file.ends_with("tests.rs"));
    let named = files.flat_map(|(file, text)| types(text).map(move |name| (name, file.as_str())));
    let mut places: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    named.for_each(|(name, file)| places.entry(name).or_default().push(file));
    places.retain(|_, files| files.len() > 1);
    assert!(places.is_empty(), "{places:#?}");
}

#[test]
fn modules_form_no_circle() {
    let circles = circles(&ARROWS);
    assert!(circles.is_empty(), "{} circles of modules:\n\n{}", circles.len(), circles.join("\n"));
}

#[test]
fn a_module_uses_only_layers_before_its_own() {
    let layer = |module: &str| LAYERS.iter().position(|step| step.contains(&module));
    let unknown: Vec<_> = modules().tops().filter(|top| layer(top).is_none()).collect();
    assert_eq!(unknown, Vec::<String>::new(), "stand in no layer");
    let wrong = forbidden(&ARROWS, |user, used| {
        user[0] != used[0] && layer(user[0]).is_some_and(|own| layer(used[0]) >= Some(own))
    });
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn a_stage_uses_only_stages_before_its_own() {
    let stage = |path: &[&str]| {
        let name = path.get(1).filter(|_| path[0] == "pipeline")?;
        let known = STAGES.iter().position(|stage| stage == name);
        Some(known.expect("every module of the pipeline stands in a stage"))
    };
    let jobs = STAGES.len() - 1;
    let wrong = forbidden(&ARROWS, |user, used| match (stage(user), stage(used)) {
        // A job uses no other job.
        (Some(own), Some(other)) if own == jobs && other == jobs && user.len() > 2 && used.len() > 2 => {
            user[2] != used[2]
        }
        (Some(own), Some(other)) => own < other,
        // What stands on the one page is for nobody within.
        (Some(_), None) => used == ["pipeline"],
        (None, _) => false,
    });
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn no_file_is_longer_than_a_person_reads() {
    let long: Vec<_> = sources()
        .into_iter()
        .filter(|(_, text)| text.lines().count() > 1_000)
        .map(|(file, text)| format!("{file}: {} lines", text.lines().count()))
        .collect();
    assert_eq!(long, Vec::<String>::new());
}

#[test]
fn every_module_says_what_it_knows() {
    let silent: Vec<_> = sources()
        .into_iter()
        .filter(|(file, text)| !text.starts_with("//!") && !file.ends_with("tests.rs"))
        .map(|(file, _)| file)
        .collect();
    assert_eq!(silent, Vec::<String>::new());
}
