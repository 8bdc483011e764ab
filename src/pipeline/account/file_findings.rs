//! What is to be said of a file as a whole: crowds among its consents, a column of nothing but yes, consents that do
//! not tell what to, an export that leaves the refusals out and stands alone. One line of `findings.csv` each, without
//! a contact, and a statement of the report.

use crate::mapping::Mapping;
use crate::output::{Line, OutFile};
use crate::pipeline::contact::context::Writing;
use crate::pipeline::kit::tally::{Sections, Tally, UnknownWords};
use crate::pipeline::understand::sources::SourcePlan;
use crate::pipeline::write::findings::FindingLine;
use crate::plan::Assertion;
use crate::reason::Reason;
use crate::record::{Channel, Failure};
use crate::report::{Statement, noun, visible};

/// Something said of a source: its number, the reason, the evidence in numbers.
type Said = (usize, Reason, String);

/// Everything that is to be said, source by source.
fn said(writing: &Writing<'_>, tally: &Tally) -> Vec<Said> {
    let mut all = Vec::new();
    for (at, source) in writing.sources.iter().enumerate() {
        let crowds = writing.pass.crowds.sources.get(at);
        let Some((crowds, counted)) = crowds.zip(tally.sources.get(at)) else { continue };
        let mut say = |reason: Reason, says: String| all.push((at, reason, says));
        let reason = match (crowds.bulk_time > 0, crowds.bulk_ip > 0) {
            (true, _) => Reason::ConsentBulkTime,
            (_, true) => Reason::ConsentBulkIp,
            _ => Reason::ConsentRush,
        };
        crowds.says().into_iter().for_each(|says| say(reason, says));
        for column in &crowds.all_yes {
            let header = source.mapping.columns.get(*column).map_or("", |c| c.header.as_str());
            let rows = counted.people;
            say(Reason::MappingConsentAllYes, format!("column {header}: yes in {rows} of {rows} rows"));
        }
        for (column, words) in counted.unknown.columns() {
            let header = source.mapping.columns.get(usize::from(column)).map_or("", |c| c.header.as_str());
            for (word, rows) in words {
                let word = if word.is_empty() { "other words" } else { word };
                let says = format!("column {header}: {word} in {rows} {}", noun(rows, "rows"));
                say(Reason::MappingWordUnknown, says);
            }
        }
        let unnamed = counted.named.of - counted.named.good;
        if unnamed > 0 {
            say(Reason::MappingConsentUnnamed, format!("{unnamed} of {} consents", counted.named.of));
        }
        if leaves_out_alone(writing.sources, source) {
            let vendor = source.mapping.format.map_or("", |f| f.vendor.as_str());
            say(Reason::MappingLeavesOutRefusals, format!("no refusals of {vendor} beside it"));
        }
    }
    all
}

/// Whether the export does not mark people who opted out, and nothing in the run can: no list of refusals of the same
/// vendor, nor one of no vendor that speaks of e-mail.
pub(crate) fn leaves_out_alone(sources: &[SourcePlan], source: &SourcePlan) -> bool {
    let vendor = |s: &SourcePlan| s.mapping.format.map(|f| f.vendor.clone());
    let refuses = |s: &&SourcePlan| s.mapping.kind.refuses() && s.registry.is_none();
    let of_email = |s: &SourcePlan| s.mapping.implies.iter().any(|i| i.channels.has(Channel::Email));
    // Our own suppression file gathers the refusals of every tool.
    let ours = |s: &SourcePlan| s.mapping.format.is_some_and(|f| f.id == "contactable_suppression");
    let helps = |s: &SourcePlan| match vendor(s) {
        None => of_email(s),
        of => of == vendor(source) || ours(s),
    };
    source.mapping.leaves_out_refusals && !sources.iter().filter(refuses).any(helps)
}

/// Writes the lines, and counts them.
pub(crate) fn write(writing: &Writing<'_>, findings: &mut OutFile, tally: &mut Tally) -> Result<(), Failure> {
    let mut line = Line::new(writing.plan.write.spreadsheet_safe);
    for (at, reason, says) in said(writing, tally) {
        let source = &writing.sources[at];
        let header = source.input.dialect().header_line.unwrap_or(1);
        let (source, detail) = (source.name(), says.as_str());
        let found = FindingLine { contact: "", source, line: header, channel: "", reason, detail };
        found.write(&mut line, tally);
    }
    findings.write(&line.take())
}

/// The columns whose words about permission are not known, each with its words and what answers them.
pub(crate) fn unknown_words(sources: &[SourcePlan], tally: &Tally) -> Option<Statement> {
    let (mut rows, mut says, mut names, mut answers) = (0, Vec::new(), Vec::new(), Vec::new());
    for source in sources {
        let found = &tally.sources[usize::from(source.index)].unknown;
        if found.rows() > 0 {
            rows += found.rows();
            names.push(source.name().to_owned());
            says.push(says_words(source.name(), &source.mapping, found, &mut answers));
        }
    }
    let answers: Vec<&str> = answers.iter().map(String::as_str).collect();
    (rows > 0).then(|| {
        let [hold, them] = if rows == 1 { ["row holds", "it"] } else { ["rows hold", "them"] };
        let text = format!(
            "{rows} {hold} a word about permission that is not known, and nobody in {them} is contacted: {}. {}",
            says.join("; "),
            answers.first().copied().unwrap_or("Such a word is too long to be told here: see the column.")
        );
        Statement::new(Reason::MappingWordUnknown, text, names, &answers)
    })
}

/// The columns that refuse every row of their list: so it is meant, or the column is misunderstood.
pub(crate) fn refused_whole(sources: &[SourcePlan], tally: &Tally) -> Option<Statement> {
    let (mut says, mut names) = (Vec::new(), Vec::new());
    for source in sources.iter().filter(|source| source.is_contacts()) {
        let counted = &tally.sources[usize::from(source.index)];
        for (at, rows) in counted.refusing.iter().enumerate() {
            if *rows > 1 && *rows >= counted.people {
                let header = source.mapping.columns.get(at).map_or("", |c| c.header.as_str());
                says.push(format!("{} \u{201c}{}\u{201d} ({rows} rows)", source.name(), visible(header)));
                names.push(source.name().to_owned());
            }
        }
    }
    names.dedup();
    (!says.is_empty()).then(|| {
        let text = format!("A column refuses contact in every row of its file: {}.", says.join(", "));
        let bring =
            "If that is not what the column says, tell what its words mean: --word 'COLUMN:WORD=nothing'.";
        Statement::new(Reason::MappingAllRefused, text, names, &[bring])
    })
}

/// The answers to messages that nobody could understand: a stop may be among them.
pub(crate) fn unread_replies(sources: &[SourcePlan], tally: &Tally) -> Option<Statement> {
    let of = |source: &&SourcePlan| tally.sources[usize::from(source.index)].unread_replies;
    let having = || sources.iter().filter(|source| of(source) > 0);
    let count: u64 = having().map(|source| of(&source)).sum();
    let columns = having().flat_map(|source| {
        let header = |at: &usize| source.mapping.columns.get(*at).map_or("", |c| c.header.as_str());
        source
            .replies
            .iter()
            .map(move |at| format!("{} \u{201c}{}\u{201d}", source.name(), visible(header(at))))
    });
    let columns = columns.collect::<Vec<_>>().join(", ");
    (count > 0).then(|| {
        let text = format!(
            "{count} {} not understood, and a stop may be among them: read {columns}.",
            if count == 1 { "reply was" } else { "replies were" }
        );
        let names = having().map(|source| source.name().to_owned()).collect();
        let bring = "Read these replies, and put whoever asked to be left alone into a list of unsubscribes.";
        Statement::new(Reason::MappingReplyUnknown, text, names, &[bring])
    })
}

/// The words of one file, column by column; adds what answers the first of them.
pub(crate) fn says_words(
    file: &str,
    mapping: &Mapping,
    found: &UnknownWords,
    answers: &mut Vec<String>,
) -> String {
    let columns = found.columns().map(|(column, words)| {
        let header = mapping.columns.get(usize::from(column)).map_or("", |c| c.header.as_str());
        let each = words.iter().take(TOLD_WORDS).map(|(word, rows)| match *word {
            "" => format!("other words ({rows})"),
            word => format!("{} ({rows})", visible(word)),
        });
        for (word, _) in words.iter().filter(|(word, _)| !word.is_empty()) {
            if answers.len() < TOLD_WORDS {
                let told = format!("{}:{}", visible(header), visible(word)).replace('\'', "'\\''");
                answers.push(format!("Say what it means: --word '{told}=no' (or =yes, or =nothing)."));
            }
        }
        let more = words.len().saturating_sub(TOLD_WORDS);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("\u{201c}{}\u{201d}: {}{more}", visible(header), each.collect::<Vec<_>>().join(", "))
    });
    format!("{file} {}", columns.collect::<Vec<_>>().join(", "))
}

/// Words that are told of a column, and commands that are offered.
const TOLD_WORDS: usize = 5;

/// The crowds and columns as statements of the report, a reason each.
pub(crate) fn statements(writing: &Writing<'_>, tally: &Tally) -> Vec<Statement> {
    let said = said(writing, tally);
    let of = |reason: Reason, what: &str, bring: &str| {
        let found: Vec<&Said> = said.iter().filter(|(_, r, _)| *r == reason).collect();
        let name = |at: usize| writing.sources[at].name().to_owned();
        let says = found.iter().map(|(at, _, says)| format!("{}: {says}", name(*at))).collect::<Vec<_>>();
        let says = format!("{what} {}.", says.join(". "));
        let sources: Vec<String> = found.iter().map(|(at, ..)| name(*at)).collect();
        (!found.is_empty()).then(|| Statement::new(reason, says, sources, &[bring]))
    };
    let machine = "Times that a machine wrote prove no date, and such a consent reopens nothing.";
    let bring = "Bring the sign-ups as the form or tool recorded them (--events FILE).";
    [
        of(Reason::ConsentBulkTime, machine, bring),
        of(Reason::ConsentBulkIp, "One machine gave consent for many people; it reopens nothing.", bring),
        of(Reason::ConsentRush, "Sign-ups came faster than people make them; they reopen nothing.", bring),
        of(
            Reason::MappingConsentAllYes,
            "A consent column says nothing but yes, as one does that was filled in by hand or by an import.",
            "Ask whoever made the file where the yes comes from.",
        ),
    ]
    .into_iter()
    .flatten()
    .chain(not_of_law(writing, tally))
    .collect()
}

/// Headings amid the rows of lists whose rows are not refused all the same: whoever stands below may be refused, and
/// nothing in their rows says so.
pub(crate) fn headings(sources: &[SourcePlan], tally: &Tally) -> Option<Statement> {
    let (mut places, mut more, mut names) = (Vec::new(), 0, Vec::new());
    for source in sources {
        let found = &tally.sources[usize::from(source.index)].sections;
        if found.count > 0 {
            let (here, others) = found.places(source.name());
            places.extend(here);
            more += others;
            names.push(source.name().to_owned());
        }
    }
    let bring = "Split these files at the headings, and bring each part by a name that says what it is.";
    let says = || format!("{}.", says_headings(&places, more));
    (!places.is_empty()).then(|| Statement::new(Reason::RowSection, says(), names, &[bring]))
}

/// The warning about a list that was checked, if there are any in it.
pub(crate) fn headings_warning(found: &Sections, list: &str) -> Option<String> {
    let (places, more) = found.places(list);
    (!places.is_empty()).then(|| says_headings(&places, more))
}

fn says_headings(places: &[String], more: u64) -> String {
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let heading = if places.len() == 1 && more.is_empty() { "is a heading" } else { "are headings" };
    format!(
        "{}{more} {heading} amid the rows, and whoever stands below may be refused: split the file there",
        places.join(", ")
    )
}

/// Grounds that the operator states and that some recipient's law does not know for the channel.
fn not_of_law(writing: &Writing<'_>, tally: &Tally) -> Option<Statement> {
    let reason = Reason::BasisNotOfLaw;
    let decisions = tally.channels.iter().map(|channel| channel.reasons.of(reason)).sum::<u64>()
        + tally.findings.of(reason);
    let stated = &writing.plan.read.assertions;
    let mut sources: Vec<String> = stated.iter().map(|a| a.source.clone()).collect();
    sources.dedup();
    let each = |a: &Assertion| {
        format!("{} for {} in {}", a.basis.word().replace('_', " "), a.channel.word(), a.source)
    };
    let says = format!(
        "A ground that you state is not known to the recipient's law for its channel and gives nothing there \
         ({decisions} {}): {}.",
        noun(decisions, "decisions"),
        stated.iter().map(each).collect::<Vec<_>>().join(", ")
    );
    let bring = "Look up the grounds of each law: contactable rules ID.";
    (decisions > 0).then(|| Statement::new(reason, says, sources, &[bring]))
}
