//! The page: templates compiled into the program, and the one escaper every value passes through.

use super::audit::Audit;
use super::changes::ChannelChange;
use super::outlook;
use super::view::{self, Bars, ChannelView, Input, SourceRow, Table};
use super::{flow::Flow, flow::WIDTH, words};
use askama::Template;
use std::fmt::{self, Write};

/// The escaper of the page: HTML syntax is escaped, and characters that reorder or hide text are named.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct PageText;

impl askama::filters::Escaper for PageText {
    fn write_escaped_str<W: Write>(&self, mut dest: W, text: &str) -> fmt::Result {
        words::write_visible(&mut Escaped(&mut dest), text)
    }
}

/// Escapes what is written through it.
struct Escaped<'a, W: Write>(&'a mut W);

impl<W: Write> Write for Escaped<'_, W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        askama::filters::Escaper::write_escaped_str(&askama::filters::Html, &mut *self.0, text)
    }
}

#[expect(unreachable_pub, reason = "filter_fn writes public items")]
mod filters {
    //! What the templates say after a bar: `{{ n|num }}`.
    use super::words;
    use askama::Values;

    #[askama::filter_fn]
    pub(super) fn num(n: &u64, _: &dyn Values) -> askama::Result<String> {
        Ok(words::grouped(*n))
    }

    #[askama::filter_fn]
    pub(super) fn pct(part: &u64, _: &dyn Values, whole: &u64) -> askama::Result<String> {
        Ok(words::percent(*part, *whole))
    }

    #[askama::filter_fn]
    pub(super) fn counted(n: &u64, _: &dyn Values, nouns: &str) -> askama::Result<String> {
        Ok(words::counted(*n, nouns))
    }

    #[askama::filter_fn]
    pub(super) fn noun(n: &u64, _: &dyn Values, nouns: &str) -> askama::Result<String> {
        Ok(words::clip(&words::noun(*n, nouns), 40))
    }

    #[askama::filter_fn]
    pub(super) fn plain(id: &str, _: &dyn Values) -> askama::Result<String> {
        Ok(words::clip(&words::plain(id), 60))
    }

    #[askama::filter_fn]
    pub(super) fn clip(text: &str, _: &dyn Values, most: usize) -> askama::Result<String> {
        Ok(words::clip(text, most))
    }
}

/// The page with everything it shows; the templates only lay it out.
#[derive(Template)]
#[template(path = "page.html", config = "src/report/askama.toml")]
struct Page<'a> {
    audit: &'a Audit,
    flow_width: u32,
    send_date: String,
    told: String,
    grounds: Vec<String>,
    channels: Vec<ChannelView>,
    flows: Vec<Flow>,
    sources: Table<SourceRow>,
    jurisdictions: Table<view::JurisdictionRow>,
    next_cleaning: String,
    ahead: Vec<outlook::AheadRow>,
    ends_soon: bool,
    reminds_soon: bool,
    segments: Table<outlook::SegmentRow>,
    evidence: Vec<outlook::EvidenceRow>,
    months: Bars,
    campaigns: Bars,
    opt_out_reasons: Bars,
    rates: Table<outlook::RateRow>,
    opted_out: bool,
    refusals_by_kind: Bars,
    refusals_by_source: Bars,
    merges: Bars,
    held_apart: Bars,
    findings: Bars,
    rejected: Bars,
    inputs: Table<Input>,
    rulebooks: Table<view::RulebookView>,
    /// The day of the earlier run; what changed since per channel, and in which ways.
    then: String,
    since: Vec<(&'static str, ChannelChange)>,
    changed: Table<view::ChangedRow>,
    differs: Vec<String>,
    asked: u64,
    broken: Vec<String>,
}

/// The audit as a self-contained page: no script, no request, nothing but what `audit` holds.
pub fn html(audit: &Audit) -> String {
    let proof = audit.proof();
    let page = Page {
        audit,
        flow_width: WIDTH,
        send_date: words::long_date(&audit.run.send_date),
        told: view::told(audit),
        grounds: view::grounds(audit),
        channels: view::channels(audit),
        flows: view::flows(audit),
        sources: view::sources(audit),
        jurisdictions: view::jurisdictions(audit),
        next_cleaning: words::long_date(&audit.ahead.next_cleaning),
        ahead: outlook::ahead(audit),
        ends_soon: audit.ahead.expiring.values().any(|ending| ending.within_90 > 0),
        reminds_soon: audit.ahead.reminders.values().any(|due| due.within_90 > 0),
        segments: outlook::segments(audit),
        evidence: outlook::evidence(audit),
        months: outlook::months(audit),
        campaigns: outlook::told(audit, &audit.opt_outs.by_campaign),
        opt_out_reasons: outlook::told(audit, &audit.opt_outs.by_reason),
        rates: outlook::rates(audit),
        opted_out: audit.opt_outs.rows > 0
            || audit.opt_outs.by_source.values().any(|rate| rate.opted_out > 0),
        refusals_by_kind: view::refusals_by_kind(audit),
        refusals_by_source: view::refusals_by_source(audit),
        merges: view::merges(audit),
        held_apart: view::held_apart(audit),
        findings: view::findings(audit),
        rejected: view::rejected(audit),
        inputs: view::inputs(audit),
        rulebooks: view::rulebooks(audit),
        then: audit.previous.as_ref().map_or(String::new(), |p| words::long_date(&p.then.send_date)),
        since: view::since(audit),
        changed: view::changed(audit),
        differs: view::differs(audit),
        asked: proof.asked,
        broken: proof.broken.iter().map(ToString::to_string).collect(),
    };
    let mut out = String::with_capacity(96 * 1024);
    // A String takes everything and no filter fails: nothing is left that could go wrong here.
    page.render_into(&mut out).expect("a page written into memory");
    out
}
