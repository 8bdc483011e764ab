//! The page: templates compiled into the program, and the one escaper every value passes through.

mod figures;
mod flow;
mod prospects;
mod sections;

use crate::report::audit::Audit;
use crate::report::changes::ChannelChange;
use crate::report::page::figures::{Bars, Table, bars, sum};
use crate::report::page::flow::{Flow, WIDTH};
use crate::report::page::sections::{BARS, ChannelView, FINDINGS, InputView, SourceRow};
use crate::report::wording;
use askama::Template;
use std::fmt::{self, Write};

/// The escaper of the page: HTML syntax is escaped, and characters that reorder or hide text are named.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct PageText;

impl askama::filters::Escaper for PageText {
    fn write_escaped_str<W: Write>(&self, mut dest: W, text: &str) -> fmt::Result {
        wording::write_visible(&mut Escaped(&mut dest), text)
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
    use crate::report::wording;
    use askama::Values;

    #[askama::filter_fn]
    pub(super) fn num(n: &u64, _: &dyn Values) -> askama::Result<String> {
        Ok(wording::grouped(*n))
    }

    #[askama::filter_fn]
    pub(super) fn pct(part: &u64, _: &dyn Values, whole: &u64) -> askama::Result<String> {
        Ok(wording::percent(*part, *whole))
    }

    #[askama::filter_fn]
    pub(super) fn counted(n: &u64, _: &dyn Values, nouns: &str) -> askama::Result<String> {
        Ok(wording::counted(*n, nouns))
    }

    #[askama::filter_fn]
    pub(super) fn noun(n: &u64, _: &dyn Values, nouns: &str) -> askama::Result<String> {
        Ok(wording::clip(&wording::noun(*n, nouns), 40))
    }

    #[askama::filter_fn]
    pub(super) fn plain(id: &str, _: &dyn Values) -> askama::Result<String> {
        Ok(wording::clip(&wording::plain(id), 60))
    }

    #[askama::filter_fn]
    pub(super) fn clip(text: &str, _: &dyn Values, most: usize) -> askama::Result<String> {
        Ok(wording::clip(text, most))
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
    jurisdictions: Table<sections::JurisdictionRow>,
    next_cleaning: String,
    ahead: Vec<prospects::AheadRow>,
    ends_soon: bool,
    reminds_soon: bool,
    segments: Table<prospects::SegmentRow>,
    evidence: Vec<prospects::EvidenceRow>,
    months: Bars,
    campaigns: Bars,
    opt_out_reasons: Bars,
    rates: Table<prospects::RateRow>,
    opted_out: bool,
    refusals_by_kind: Bars,
    refusals_by_source: Bars,
    merges: Bars,
    held_apart: Bars,
    findings: Bars,
    rejected: Bars,
    inputs: Table<InputView>,
    rulebooks: Table<sections::RulebookView>,
    /// The day of the earlier run; what changed since per channel, and in which ways.
    then: String,
    since: Vec<(&'static str, ChannelChange)>,
    changed: Table<sections::ChangedRow>,
    differs: Vec<String>,
    asked: u64,
    broken: Vec<String>,
}

/// The audit as a self-contained page: no script, no request, nothing but what `audit` holds.
pub fn html(audit: &Audit) -> String {
    let proof = audit.proof();
    let held_apart = &audit.merges.held_apart;
    let page = Page {
        audit,
        flow_width: WIDTH,
        send_date: wording::long_date(&audit.run.send_date),
        told: sections::told(audit),
        grounds: sections::grounds(audit),
        channels: sections::channels(audit),
        flows: sections::flows(audit),
        sources: sections::sources(audit),
        jurisdictions: sections::jurisdictions(audit),
        next_cleaning: wording::long_date(&audit.ahead.next_cleaning),
        ahead: prospects::ahead(audit),
        ends_soon: audit.ahead.expiring.values().any(|ending| ending.within_90 > 0),
        reminds_soon: audit.ahead.reminders.values().any(|due| due.within_90 > 0),
        segments: prospects::segments(audit),
        evidence: prospects::evidence(audit),
        months: prospects::months(audit),
        campaigns: prospects::by_text(audit, &audit.opt_outs.by_campaign),
        opt_out_reasons: prospects::by_text(audit, &audit.opt_outs.by_reason),
        rates: prospects::rates(audit),
        opted_out: audit.opt_outs.rows > 0
            || audit.opt_outs.by_source.values().any(|rate| rate.opted_out > 0),
        refusals_by_kind: bars(audit, &audit.refusals.by_kind, audit.refusals.total, BARS, "refusals"),
        refusals_by_source: sections::refusals_by_source(audit),
        merges: bars(audit, &audit.merges.by_rule, audit.merges.rows, BARS, "rows"),
        held_apart: bars(audit, held_apart, sum(held_apart.values()), BARS, "pairs"),
        findings: bars(audit, &audit.findings, sum(audit.findings.values()), FINDINGS, "findings"),
        rejected: bars(audit, &audit.rejected, audit.reconciliation.rejected, BARS, "rows"),
        inputs: sections::inputs(audit),
        rulebooks: sections::rulebooks(audit),
        then: audit.previous.as_ref().map_or(String::new(), |p| wording::long_date(&p.then.send_date)),
        since: sections::since(audit),
        changed: sections::changed(audit),
        differs: sections::differs(audit),
        asked: proof.asked,
        broken: proof.broken.iter().map(ToString::to_string).collect(),
    };
    let mut out = String::with_capacity(96 * 1024);
    // A String takes everything and no filter fails: nothing is left that could go wrong here.
    page.render_into(&mut out).expect("a page written into memory");
    out
}
