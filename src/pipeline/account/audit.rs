//! The counts of a run as an audit: what was done, what came out, what to do next. Asserts that all sums hold;
//! a result that does not balance is never published.

use crate::consent::Condition;
use crate::data::jurisdiction::{Basis, Confidence, Rule, Rulebook};
use crate::link::{KeyKind, Linked};
use crate::mapping::model::Column;
use crate::output::hex;
use crate::pipeline::account::evidence::{self, by_word};
use crate::pipeline::account::{advice, outlook};
use crate::pipeline::contact::context::Writing;
use crate::pipeline::kit::counts::AddCounts;
use crate::pipeline::kit::tally::{Proportion as Counted, SourceTally, Tally};
use crate::pipeline::understand::points::PointTables;
use crate::pipeline::understand::sources::SourcePlan;
use crate::plan::{Assertion, CleanPlan, FailOn, Limit};
use crate::reason::Reason;
use crate::record::{Channel, EventKind, Failure, Kind};
use crate::report::{
    Asserted, Audit, ChannelCounts, ColumnUse, DialectWords, Imbalance, ListUsed, Merges, Outcome,
    ProfileUsed, Reconciliation, Refusals, RuleUsed, RulebookUsed, Run, SCHEMA, Share, SourceFacts,
    SourceOutcome, SourceRows,
};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Makes the audit of a run.
pub(crate) fn audit(writing: &Writing<'_>, tables: &PointTables, tally: &Tally) -> Result<Audit, Failure> {
    let channels: Vec<Channel> = writing.plan.law.channels.iter().collect();
    let sources = writing.sources.iter().zip(&tally.sources).zip(&writing.pass.undecided);
    let mut audit = Audit {
        schema: SCHEMA.to_owned(),
        run: run(writing, tables, tally),
        statements: advice::statements(writing, tally),
        reconciliation: reconciliation(writing.sources, tally),
        contacts: tally.contacts,
        channels: channels.iter().map(|c| (*c, channel(*c, tally))).collect(),
        jurisdictions: channels.iter().map(|c| (*c, jurisdictions(writing, *c, tally))).collect(),
        per_source: per_source(writing.sources, &channels, tally),
        sources: sources.map(|((source, counts), open)| source_facts(source, counts, open)).collect(),
        refusals: refusals(writing.sources, tally),
        merges: merges(writing.linked, tally)?,
        rejected: by_id(tally.rejected.iter()),
        findings: by_id(tally.findings.iter()),
        asserted: asserted(writing.plan, writing.sources, tally),
        ahead: outlook::ahead(writing, tally),
        segments: outlook::segments(writing, tally),
        evidence: evidence::evidenced(writing.plan, tally),
        opt_outs: evidence::opt_outs(writing, tally),
        judgement_calls: evidence::judgement_calls(writing, tally),
        overrides: evidence::overrides(writing.plan),
        previous: None,
        next_steps: advice::next_steps(writing, tally),
        limits: advice::limits(writing.plan),
        reasons: BTreeMap::new(),
    };
    audit.gloss();
    let broken: Vec<String> = audit.check().iter().map(Imbalance::to_string).collect();
    if !broken.is_empty() {
        return Err(Failure::run(format!("the counts of the run do not balance: {}", broken.join("; ")))
            .hint("nothing was published; this is a defect of the program, please report it"));
    }
    Ok(audit)
}

fn by_id(counts: impl Iterator<Item = (Reason, u64)>) -> BTreeMap<String, u64> {
    counts.map(|(reason, n)| (reason.id().to_owned(), n)).collect()
}

fn run(writing: &Writing<'_>, tables: &PointTables, tally: &Tally) -> Run {
    let plan = writing.plan;
    let profile = |(name, bytes): &(String, Vec<u8>)| ProfileUsed {
        name: name.clone(),
        sha256: hex(&Sha256::digest(bytes)),
    };
    Run {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        command: if plan.write.audit { "audit" } else { "clean" }.to_owned(),
        send_date: plan.read.send_date.to_string(),
        purpose: plan.read.purpose.clone(),
        controller: plan.law.profile.controller.clone(),
        operator: plan.law.profile.operator.clone(),
        country: plan.read.country.map(|c| c.code().to_owned()),
        sender_country: plan.law.profile.sender_country.map(|c| c.code().to_owned()),
        channels: plan.law.channels.iter().collect(),
        options: plan.typed.clone(),
        profile: plan.profile_file.as_ref().map(profile),
        lists: lists(writing, tables, tally),
        rulebooks: rulebooks(writing, tally),
    }
}

/// Lists brought with the run, then the lists built in, each with its date.
fn lists(writing: &Writing<'_>, tables: &PointTables, tally: &Tally) -> Vec<ListUsed> {
    let plan = writing.plan;
    let mut lists = Vec::new();
    for (source, counted) in writing.sources.iter().zip(&tally.sources) {
        if matches!(source.mapping.kind, Kind::Contacts) {
            continue;
        }
        let date = source.registry.map(|(_, day)| day);
        let age = date.and_then(|day| plan.read.send_date.since(day).ok());
        lists.push(ListUsed {
            name: source.name().to_owned(),
            kind: source.mapping.kind.word().to_owned(),
            date: date.map(|day| day.to_string()),
            age_days: age.and_then(|span| u64::try_from(span.get_days()).ok()),
            entries: counted.rows,
            matched: counted.matched,
            sha256: None,
        });
    }
    lists.extend(tables.versions(&plan.read.judging));
    lists.extend(writing.dns.map(|answers| ListUsed {
        name: "DNS of mail domains".to_owned(),
        kind: "dns".to_owned(),
        date: answers.ages().and_then(|(oldest, _)| moment(oldest)).map(|at| at[..10].to_owned()),
        entries: answers.len() as u64,
        ..ListUsed::default()
    }));
    lists
}

/// A moment in UTC, as ISO 8601 writes it.
pub(crate) fn moment(seconds: i64) -> Option<String> {
    jiff::Timestamp::from_second(seconds).ok().map(|at| at.to_string())
}

fn rulebooks(writing: &Writing<'_>, tally: &Tally) -> Vec<RulebookUsed> {
    let (law, books) = (writing.law, writing.law.books.all());
    let mut used: BTreeMap<usize, BTreeMap<String, RuleUsed>> = BTreeMap::new();
    for counts in &tally.channels {
        let asked = counts.jurisdictions.iter().enumerate().filter(|(_, share)| share.of > 0);
        used.extend(asked.map(|(jurisdiction, _)| (jurisdiction, BTreeMap::new())));
    }
    for (number, decisions) in tally.rules() {
        let rule = law.table.rule(number);
        let holds = |book: &Rulebook| book.rules.iter().any(|own| own.id == rule.id);
        for (at, book) in books.iter().enumerate().filter(|(_, book)| holds(book)) {
            let counted = used.entry(at).or_default().entry(rule.id.clone());
            counted.or_insert_with(|| rule_used(rule, book, writing.plan)).decisions += decisions;
        }
    }
    used.into_iter().filter_map(|(at, rules)| Some(rulebook(books.get(at)?, rules, writing.plan))).collect()
}

fn rule_used(rule: &Rule, book: &Rulebook, plan: &CleanPlan) -> RuleUsed {
    let cited = || rule.cites.iter().filter_map(|cite| book.sources.get(cite));
    RuleUsed {
        id: rule.id.clone(),
        channel: rule.channels.iter().map(|c| c.word()).collect::<Vec<_>>().join(", "),
        citation: cited().map(|source| source.title.as_str()).collect::<Vec<_>>().join("; "),
        url: cited().next().map_or_else(String::new, |source| source.url.clone()),
        confidence: rule.confidence.word().to_owned(),
        doubts: rule.doubts(plan.read.send_date),
        decisions: 0,
    }
}

fn rulebook(book: &Rulebook, rules: BTreeMap<String, RuleUsed>, plan: &CleanPlan) -> RulebookUsed {
    let mut confidence: BTreeMap<String, u64> = BTreeMap::new();
    for rule in &book.rules {
        *confidence.entry(rule.confidence.word().to_owned()).or_default() += 1;
    }
    let ids = |wanted: &dyn Fn(&Rule) -> bool| {
        book.rules.iter().filter(|r| wanted(r)).map(|r| r.id.clone()).collect()
    };
    let review_by = book.rules.iter().map(|r| r.review_by).min();
    RulebookUsed {
        id: book.id.clone(),
        name: book.name.clone(),
        as_of: book.as_of.to_string(),
        review_by: review_by.map_or(String::new(), |day| day.to_string()),
        past_review: review_by.is_some_and(|day| plan.read.send_date > day),
        sha256: hex(&book.sha256),
        confidence,
        memory_rules: ids(&|r| matches!(r.confidence, Confidence::Memory | Confidence::Choice)),
        past_review_rules: ids(&|r| plan.read.send_date > r.review_by),
        rules: rules.into_values().collect(),
    }
}

/// What a source was taken for.
pub(crate) fn source_facts(source: &SourcePlan, tally: &SourceTally, undecided: &[usize]) -> SourceFacts {
    let SourceTally { emails, phones, consents, .. } = *tally;
    let dialect = source.input.dialect();
    let format = source.mapping.format;
    let quality = [("valid emails", emails), ("valid phones", phones), ("dated consents", consents)];
    let quality = quality.into_iter().filter(|(_, share)| share.of > 0);
    let column = |c: &Column| ColumnUse {
        column: c.header.clone(),
        field: c.field.map(|field| field.word().to_owned()),
    };
    SourceFacts {
        source: source.name().to_owned(),
        kind: source.mapping.kind,
        format: format.map(|f| f.id.clone()),
        why: source.mapping.why.clone(),
        vendor: format.map(|f| f.vendor.clone()),
        confidence: format.map(|f| f.provenance.confidence.word().to_owned()),
        encoding: source.input.encoding().to_string(),
        dialect: DialectWords {
            delimiter: dialect.delimiter_word(),
            quote: dialect.quote_word(),
            line_end: dialect.line_ends.word().to_owned(),
        },
        header_line: dialect.header_line.map(u64::from),
        columns: source.mapping.columns.iter().map(column).collect(),
        sha256: hex(&source.input.sha256()),
        bytes: source.input.original_bytes(),
        notes: notes(source, undecided),
        quality: quality.map(|(name, Counted { good, of })| (name.to_owned(), Share { good, of })).collect(),
        leaves_out_refusals: source.mapping.leaves_out_refusals,
    }
}

/// What a reader of the report should know about a file.
fn notes(source: &SourcePlan, undecided: &[usize]) -> Vec<String> {
    let file = source.input.findings().into_iter().map(|reason| (None, reason));
    let unclear = source.mapping.unclear.iter().map(|u| (u.column.map(usize::from), u.reason));
    let open = undecided.iter().map(|column| (Some(*column), Reason::DateOrderUnknown));
    let says = |(column, reason): (Option<usize>, Reason)| match column
        .and_then(|column| source.mapping.columns.get(column))
    {
        Some(column) => format!("Column \u{201c}{}\u{201d}: {}", column.header, reason.sentence()),
        None => reason.sentence().to_owned(),
    };
    file.chain(unclear).chain(open).map(says).collect()
}

fn reconciliation(sources: &[SourcePlan], tally: &Tally) -> Reconciliation {
    let of = |(source, counts): (&SourcePlan, &SourceTally)| {
        let SourceTally { rows, kept, merged, refusal, event, rejected, .. } = *counts;
        SourceRows { source: source.name().to_owned(), rows, kept, merged, refusal, event, rejected }
    };
    let mut all = SourceTally::default();
    tally.sources.iter().for_each(|counts| all.add(counts));
    let SourceTally { rows, kept, merged, refusal, event, rejected, .. } = all;
    let sources = sources.iter().zip(&tally.sources).map(of).collect();
    Reconciliation { rows, kept, merged, refusal, event, rejected, sources }
}

fn channel(channel: Channel, tally: &Tally) -> ChannelCounts {
    let counts = &tally.channels[channel as usize];
    ChannelCounts {
        contactable: counts.contactable,
        blocked: counts.blocked,
        reachable: counts.reachable,
        reasons: by_id(counts.reasons.iter()),
        bases: by_word(Basis::ALL.iter().map(|basis| basis.word()), &counts.bases),
        conditions: by_word(Condition::ALL.iter().map(|condition| condition.word()), &counts.conditions),
    }
}

fn outcome(share: Counted) -> Outcome {
    Outcome { contactable: share.good, blocked: share.of - share.good }
}

fn jurisdictions(writing: &Writing<'_>, channel: Channel, tally: &Tally) -> BTreeMap<String, Outcome> {
    let shares = tally.channels[channel as usize].jurisdictions.iter().zip(writing.law.books.all());
    let asked = shares.filter(|(share, _)| share.of > 0);
    asked.map(|(share, book)| (book.id.clone(), outcome(*share))).collect()
}

fn per_source(sources: &[SourcePlan], channels: &[Channel], tally: &Tally) -> Vec<SourceOutcome> {
    let people = sources.iter().zip(&tally.sources).filter(|(source, _)| source.is_contacts());
    let of = |(source, counts): (&SourcePlan, &SourceTally)| SourceOutcome {
        source: source.name().to_owned(),
        contacts: counts.kept,
        channels: channels.iter().map(|c| (*c, outcome(counts.contacts[*c as usize]))).collect(),
    };
    people.map(of).collect()
}

fn refusals(sources: &[SourcePlan], tally: &Tally) -> Refusals {
    let mut by_kind: BTreeMap<String, u64> = BTreeMap::new();
    let mut by_source: BTreeMap<String, u64> = BTreeMap::new();
    for (source, counted) in sources.iter().zip(&tally.sources) {
        for (kind, n) in EventKind::ALL.iter().zip(counted.refusals).filter(|(_, n)| *n > 0) {
            *by_kind.entry(kind.word().to_owned()).or_default() += n;
            *by_source.entry(source.name().to_owned()).or_default() += n;
        }
    }
    let [points, domains, hashes] = tally.suppressed;
    let (total, matched_contacts) = (by_kind.values().sum(), tally.refused_contacts);
    Refusals { total, by_kind, by_source, points, domains, hashes, matched_contacts }
}

fn merges(linked: &Linked, tally: &Tally) -> Result<Merges, Failure> {
    let mut held_apart: BTreeMap<String, u64> = BTreeMap::new();
    linked.held.each(|held| {
        *held_apart.entry(held.by.reason().id().to_owned()).or_default() += 1;
        Ok(())
    })?;
    Ok(Merges {
        contacts: tally.merged_contacts,
        rows: tally.merged_rows,
        by_rule: by_word(KeyKind::ALL.iter().map(|kind| kind.word()), &tally.merge_rules),
        held_apart,
        largest: tally.largest.0.max(u64::from(tally.contacts > 0)),
    })
}

fn asserted(plan: &CleanPlan, sources: &[SourcePlan], tally: &Tally) -> Vec<Asserted> {
    let of = |a: &Assertion| {
        let named = sources.iter().zip(&tally.sources).filter(|(source, _)| source.name() == a.source);
        Asserted {
            source: a.source.clone(),
            channel: a.channel,
            basis: a.basis.word().to_owned(),
            date: a.date.to_string(),
            text: a.text.clone(),
            contacts: named.map(|(_, counts)| counts.asserted[a.channel as usize]).sum(),
        }
    };
    plan.read.assertions.iter().map(of).collect()
}

/// The gates of the plan that the result does not pass, in words.
pub fn gates_hit(plan: &CleanPlan, audit: &Audit) -> Vec<String> {
    let found = plan.gates.iter().filter_map(|gate| {
        let FailOn::Found(reason, limit) = gate else { return None };
        let id = reason.id();
        let main: u64 = audit.channels.values().filter_map(|c| c.reasons.get(id)).sum();
        let found = audit.findings.get(id).copied().unwrap_or(0)
            + audit.rejected.get(id).copied().unwrap_or(0)
            + main;
        let limit = exceeded(*limit, found, audit.reconciliation.rows, "of the rows")?;
        let times = if found == 1 { "once".to_owned() } else { format!("{found} times") };
        Some(format!("{id} was found {times}; the limit is {limit}"))
    });
    let changes = audit.previous.iter().flat_map(|p| &p.channels);
    let drops = changes.flat_map(|(channel, counts)| {
        let fewer = counts.then.saturating_sub(counts.now);
        plan.gates.iter().filter_map(move |gate| {
            let FailOn::Drop(limit) = gate else { return None };
            let limit = exceeded(*limit, fewer, counts.then, "of those of the earlier run")?;
            let (channel, then, now) = (channel.word(), counts.then, counts.now);
            Some(format!(
                "contactable-drop: {fewer} fewer are contactable by {channel} ({then} then, {now} now); the limit is {limit}"
            ))
        })
    });
    found.chain(drops).collect()
}

/// The limit in words, when it is exceeded.
fn exceeded(limit: Limit, found: u64, of: u64, whole: &str) -> Option<String> {
    match limit {
        Limit::Count(most) => (found > most).then(|| most.to_string()),
        Limit::Percent(most) => {
            let share = found as f64 * 100.0 / of.max(1) as f64;
            (share > most).then(|| format!("{most} % {whole}"))
        }
    }
}
