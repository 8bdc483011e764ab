//! `manifest.json`: what went in, what came out, under which rules; written last, so that a directory that has
//! one is whole.

use crate::dns::{DnsAnswer, DnsAnswers};
use crate::output::{Written, hex};
use crate::pipeline::account::audit::moment;
use crate::pipeline::contact::context::Writing;
use crate::pipeline::kit::keys;
use crate::pipeline::understand::sources::SourcePlan;
use crate::report::Audit;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct Manifest<'a> {
    schema: &'static str,
    version: &'a str,
    send_date: &'a str,
    options: &'a [String],
    /// Says which key ids and tombstones were made with, and nothing about it.
    key: Option<String>,
    rulebooks: Vec<ManifestList<'a>>,
    lists: Vec<ManifestList<'a>>,
    dns: Option<Dns<'a>>,
    inputs: Vec<Written>,
    outputs: Vec<&'a Written>,
}

#[derive(Serialize)]
struct ManifestList<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<&'a str>,
}

/// How DNS was asked about mail domains, and when: its answers are an input like any other.
#[derive(Serialize)]
struct Dns<'a> {
    servers: &'a [String],
    domains: usize,
    from_cache: usize,
    oldest_answer: Option<String>,
    newest_answer: Option<String>,
    answers: BTreeMap<&'static str, usize>,
}

fn dns(answers: &DnsAnswers) -> Dns<'_> {
    let (oldest, newest) = answers.ages().unzip();
    let counts = DnsAnswer::ALL.into_iter().map(DnsAnswer::word).zip(answers.counts());
    Dns {
        servers: &answers.servers,
        domains: answers.len(),
        from_cache: answers.from_cache,
        oldest_answer: oldest.and_then(moment),
        newest_answer: newest.and_then(moment),
        answers: counts.filter(|(_, n)| *n > 0).collect(),
    }
}

/// The manifest of a run, as JSON.
pub(crate) fn manifest(writing: &Writing<'_>, audit: &Audit, written: &[Written]) -> Vec<u8> {
    let mut outputs: Vec<&Written> = written.iter().collect();
    outputs.sort_by_key(|file| &file.name);
    let input = |source: &SourcePlan| Written {
        name: source.name().to_owned(),
        bytes: source.input.original_bytes(),
        sha256: hex(&source.input.sha256()),
    };
    let run = &audit.run;
    let books = run.rulebooks.iter();
    let lists = run.lists.iter().filter(|list| list.date.is_some() || list.sha256.is_some());
    let manifest = Manifest {
        schema: "contactable-manifest/1",
        version: &run.version,
        send_date: &run.send_date,
        options: &run.options,
        key: writing.plan.read.key.as_deref().map(keys::key_id),
        rulebooks: books.map(|b| ManifestList { id: &b.id, as_of: Some(&b.as_of), sha256: None }).collect(),
        lists: lists
            .map(|l| ManifestList { id: &l.name, as_of: l.date.as_deref(), sha256: l.sha256.as_deref() })
            .collect(),
        dns: writing.dns.map(dns),
        inputs: writing.sources.iter().map(input).collect(),
        outputs,
    };
    let mut json = serde_json::to_vec_pretty(&manifest).unwrap_or_default();
    json.push(b'\n');
    json
}
