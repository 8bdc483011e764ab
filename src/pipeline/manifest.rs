//! `manifest.json`: what went in, what came out, under which rules; written last, so that a directory that has
//! one is whole.

use super::write::Writing;
use crate::output::{Written, hex};
use crate::report::Audit;
use serde::Serialize;

#[derive(Serialize)]
struct Manifest<'a> {
    schema: &'static str,
    version: &'a str,
    send_date: &'a str,
    options: &'a [String],
    rulebooks: Vec<Dated<'a>>,
    lists: Vec<Dated<'a>>,
    inputs: Vec<File<'a>>,
    outputs: Vec<File<'a>>,
}

#[derive(Serialize)]
struct Dated<'a> {
    id: &'a str,
    as_of: &'a str,
}

#[derive(Serialize)]
struct File<'a> {
    name: &'a str,
    bytes: u64,
    sha256: String,
}

/// The manifest of a run, as JSON.
pub(super) fn manifest(writing: &Writing<'_>, audit: &Audit, written: &[Written]) -> Vec<u8> {
    let mut outputs: Vec<File<'_>> =
        written.iter().map(|w| File { name: &w.name, bytes: w.bytes, sha256: w.sha256.clone() }).collect();
    outputs.sort_by(|a, b| a.name.cmp(b.name));
    let manifest = Manifest {
        schema: "contactable-manifest/1",
        version: &audit.run.version,
        send_date: &audit.run.send_date,
        options: &audit.run.options,
        rulebooks: audit.run.rulebooks.iter().map(|b| Dated { id: &b.id, as_of: &b.as_of }).collect(),
        lists: audit
            .run
            .lists
            .iter()
            .filter_map(|l| Some(Dated { id: &l.name, as_of: l.date.as_deref()? }))
            .collect(),
        inputs: writing
            .sources
            .iter()
            .map(|s| File { name: s.name(), bytes: s.input.original_bytes(), sha256: hex(&s.input.sha256()) })
            .collect(),
        outputs,
    };
    let mut json = serde_json::to_vec_pretty(&manifest).unwrap_or_default();
    json.push(b'\n');
    json
}
