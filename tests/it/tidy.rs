//! The shape of the code: layers, sizes, the file list.

use std::fs;
use std::path::{Path, PathBuf};

/// The layers, lowest first (docs/architecture.md); a module uses only what stands before it. `email` and
/// `phone` stand on one step and do not know each other.
const LAYERS: &[&[&str]] = &[
    &["record"],
    &["spill"],
    &["dns"],
    &["reason"],
    &["data"],
    &["email", "phone"],
    &["consent"],
    &["suppress"],
    &["ledger"],
    &["link"],
    &["decide"],
    &["source"],
    &["report"],
    &["output"],
    &["plan"],
    &["pipeline"],
    &["cli"],
];

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

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|step| step.contains(&module))
}

#[test]
fn a_module_uses_only_what_stands_before_it() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let module = file.split('/').next().unwrap().trim_end_matches(".rs").to_owned();
        let Some(own) = layer(&module) else {
            assert!(["main", "lib"].contains(&module.as_str()), "{file} stands in no layer");
            continue;
        };
        for used in text.match_indices("crate::").map(|(at, _)| &text[at + 7..]) {
            let used: String = used.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            if used != module && layer(&used).is_some_and(|step| step >= own) {
                wrong.push(format!("{file} uses {used}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn a_nested_list_of_uses_names_no_layer() {
    // `use crate::{a, b}` would hide from the test above.
    let hidden: Vec<_> =
        sources().into_iter().filter(|(_, t)| t.contains("use crate::{")).map(|(f, _)| f).collect();
    assert_eq!(hidden, Vec::<String>::new());
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
