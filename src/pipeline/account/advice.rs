//! What to tell the reader of a result: plain statements that stand before every number, what to do next, and
//! what was not checked.

use crate::data::dictionary::dictionary;
use crate::pipeline::account::{file_findings, outlook};
use crate::pipeline::contact::context::Writing;
use crate::pipeline::kit::tally::Tally;
use crate::pipeline::understand::sources::SourcePlan;
use crate::plan::{CleanPlan, ListStandard};
use crate::reason::Reason;
use crate::record::{Channel, Kind};
use crate::report::{NextStep, Statement, grouped};
use std::collections::BTreeSet;

/// Statements about refusals that reached nobody, about consent data, and about files that leave out the people who
/// left.
pub(crate) fn statements(writing: &Writing<'_>, tally: &Tally) -> Vec<Statement> {
    let mut all: Vec<Statement> = file_findings::unknown_words(writing.sources, tally).into_iter().collect();
    all.extend(file_findings::refused_whole(writing.sources, tally));
    all.extend(file_findings::unread_replies(writing.sources, tally));
    all.extend(file_findings::headings(writing.sources, tally));
    all.extend(of_refusals(writing, tally).into_iter().flatten());
    all.extend(of_permission(writing, tally).into_iter().flatten());
    all.extend(file_findings::statements(writing, tally));
    all.extend(lifted(tally));
    all.extend(own_rules(writing));
    all
}

/// So many of something, and the sources that have any of it.
type Counted = (u64, Vec<String>);

/// The statement that so many of something are so; none of none.
fn of_count(
    reason: Reason,
    (count, sources): Counted,
    [one, many]: [&str; 2],
    so: &str,
    bring: &[&str],
) -> Option<Statement> {
    let several = if count == 1 { format!("1 {one}") } else { format!("{} {many}", grouped(count)) };
    (count > 0).then(|| Statement::new(reason, several + so, sources, bring))
}

/// Refusals that blocked nobody, or were read as people.
fn of_refusals(writing: &Writing<'_>, tally: &Tally) -> [Option<Statement>; 4] {
    let of = |s: &SourcePlan| &tally.sources[usize::from(s.index)];
    let brought = |s: &SourcePlan| s.mapping.kind.refuses() || s.mapping.kind == Kind::ConsentEvents;
    // An export that failed has no row, and nobody misses it.
    let empty = |s: &SourcePlan| u64::from(brought(s) && !s.is_earlier() && of(s).rows == 0);
    let overruled = |s: &SourcePlan| {
        u64::from(s.is_contacts() && dictionary().proof(s.name()).is_some_and(Kind::refuses))
    };
    [
        of_count(
            Reason::RowNoContactPoint,
            counted(writing, |s| of(s).unread),
            ["row", "rows"],
            " of refusals could not be read, and whoever they name was not blocked: see rejected.csv. Where such a row \
             tells an id only, the e-mail address or number is needed beside it.",
            &[
                "Put the addresses or numbers of these rows right, and run again.",
                "Where they tell an id only, export them again with the e-mail address or number beside it.",
            ],
        ),
        of_count(
            Reason::RowRefusesNobody,
            counted(writing, |s| of(s).nobody),
            ["row refuses", "rows refuse"],
            " contact at an address or number that cannot be told from it, as when a spreadsheet has cut its digits; \
             whoever has it was not blocked, and may stand in a list: see findings.csv.",
            &["Fetch these lists again, without opening them in a spreadsheet, and run again."],
        ),
        of_count(
            Reason::FileHeaderOnly,
            counted(writing, empty),
            ["source of refusals holds", "sources of refusals hold"],
            " no row, and so blocked nobody.",
            &["Fetch these files again, unless nobody has left."],
        ),
        of_count(
            Reason::MappingKindOverruled,
            counted(writing, overruled),
            ["source is", "sources are each"],
            " by its name one of refusals, and was read as people because the options say so; nobody is blocked for \
             standing in it.",
            &["Leave --as away if these are people who left."],
        ),
    ]
}

/// Consent that is unreadable, missing, undated, or of the people who stayed only.
fn of_permission(writing: &Writing<'_>, tally: &Tally) -> [Option<Statement>; 4] {
    let unread = |r: Reason| r == Reason::MappingConsentUnclear;
    let unclear = |s: &SourcePlan| s.mapping.unclear.iter().filter(|u| unread(u.reason)).count() as u64;
    let people =
        |wanted: &dyn Fn(&SourcePlan) -> bool| counted(writing, |s| u64::from(s.is_contacts() && wanted(s)));
    let undated = |s: &SourcePlan| {
        let consents = tally.sources[usize::from(s.index)].consents;
        s.mapping.speaks_of_permission() && consents.of > 0 && consents.good == 0
    };
    let contactable = contactable(tally);
    [
        of_count(
            Reason::MappingConsentUnclear,
            counted(writing, unclear),
            ["column speaks", "columns speak"],
            " of permission in words that are not known, and those words refused nobody: see inspect.",
            &["Look at these columns with `contactable inspect`, and write what refuses in known words."],
        ),
        of_count(
            Reason::MappingConsentMissing,
            people(&|s| !s.mapping.may_tell_permission() && s.assertions.is_empty()),
            ["source has", "sources have"],
            &format!(" no consent column, so who may be contacted rests on the law alone. {contactable}"),
            BRING,
        ),
        of_count(
            Reason::MappingConsentUndated,
            people(&undated),
            ["source tells", "sources tell"],
            &format!(" undated consent, which is no proof where the law asks for one. {contactable}"),
            BRING,
        ),
        of_count(
            Reason::MappingLeavesOutRefusals,
            people(&|s| file_findings::leaves_out_alone(writing.sources, s)),
            ["export leaves", "exports leave"],
            " out who has unsubscribed: alone it makes no clean list.",
            &["Bring the tool's unsubscribe and bounce exports beside it."],
        ),
    ]
}

/// Refusals after which people came back: the one way in which a refusal ends, and so to be looked at.
fn lifted(tally: &Tally) -> Option<Statement> {
    of_count(
        Reason::RefusalLifted,
        (tally.findings.of(Reason::RefusalLifted), Vec::new()),
        ["decision rests", "decisions rest"],
        &format!(
            " on a consent that came after a refusal. See {} in findings.csv.",
            Reason::RefusalLifted.id()
        ),
        &["Look whether these people signed up again, or an import gave old rows a new date."],
    )
}

/// What is counted of the sources, in all, and which have any of it.
fn counted(writing: &Writing<'_>, of: impl Fn(&SourcePlan) -> u64) -> Counted {
    let having = writing.sources.iter().filter(|s| of(s) > 0);
    (writing.sources.iter().map(&of).sum(), having.map(|s| s.name().to_owned()).collect())
}

/// What the team's own rulebooks and statements about rules change: nothing is loosened without a word here.
fn own_rules(writing: &Writing<'_>) -> Option<Statement> {
    let mut says = Vec::new();
    for book in writing.law.books.all().iter().filter(|book| book.own) {
        says.push(match book.overlay_on.as_deref() {
            Some(parent) => format!("The team's own rules {} come on top of {parent} and only tighten it.", book.id),
            None => format!(
                "The team's own rulebook {} decides for {} instead of the fallback, and may ask less than it.",
                book.id, book.name
            ),
        });
    }
    for id in &writing.plan.law.profile.claims {
        says.push(format!("The team states that the condition of rule {id} is met; no file proves it."));
    }
    (!says.is_empty()).then(|| Statement::new(Reason::RulebookOwn, says.join(" "), Vec::new(), &[]))
}

/// What proves a consent, best first.
const BRING: &[&str] = &[
    "A consent-event file (--events FILE) with who, what, when and where from.",
    "A better export: one that carries the sign-up time of each person.",
    "Your own statement, if you can prove it otherwise (--assert-basis).",
];

fn contactable(tally: &Tally) -> String {
    if tally.contacts == 0 {
        return "No contact is left.".to_owned();
    }
    let decided = Channel::ALL.iter().zip(&tally.channels).filter(|(_, c)| c.contactable + c.blocked > 0);
    let told = decided.map(|(channel, c)| format!("{} by {}", grouped(c.contactable), channel.word()));
    let told = told.collect::<Vec<_>>().join(", ");
    format!("Contactable are {told} of {} contacts.", grouped(tally.contacts))
}

/// What to do next, most useful first.
pub(crate) fn next_steps(writing: &Writing<'_>, tally: &Tally) -> Vec<NextStep> {
    let mut steps = Steps(Vec::new());
    to_stop(tally, &mut steps);
    to_prove(writing, tally, &mut steps);
    to_look_through(writing, tally, &mut steps);
    steps.0
}

/// Steps in order; those that concern nobody are left out.
struct Steps(Vec<NextStep>);

impl Steps {
    /// Adds a step that so many contacts ask for.
    fn add(&mut self, count: u64, what: &str, why: &str, how: &str) {
        self.add_of(count, "contacts", what, why, how);
    }

    /// Adds a step that so many of something ask for.
    fn add_of(&mut self, count: u64, unit: &str, what: &str, why: &str, how: &str) {
        if count > 0 {
            let [what, why, unit, how] = [what, why, unit, how].map(str::to_owned);
            self.0.push(NextStep { what, why, count, unit, how });
        }
    }
}

/// What goes wrong today.
fn to_stop(tally: &Tally, steps: &mut Steps) {
    steps.add(
        tally.findings.of(Reason::RefusalMessageAfter),
        "Find out why messages went out after a refusal",
        "They are past the deadline of the law; findings.csv tells to whom, by reason refusal-message-after.",
        "findings.csv",
    );
    steps.add(
        tally.findings.of(Reason::ConsentResurrected),
        "Keep lists from import that revive people who left",
        "An import would bring them back; findings.csv tells the rows, by reason consent-resurrected.",
        "findings.csv",
    );
}

/// The registers that the law of the contacts who wait for one names, as the flag takes them.
fn registers(writing: &Writing<'_>, tally: &Tally) -> String {
    let waiting = tally.ahead.segments.keys().filter(|segment| segment.3 == Reason::RegistryNotBrought);
    let rules = waiting.flat_map(|(channel, jurisdiction, ..)| {
        let rules = writing.law.books.book(*jurisdiction).rules.iter();
        rules.filter(|rule| rule.channels.contains(channel))
    });
    let named = rules.flat_map(|rule| &rule.registries).filter(|register| register.statutory);
    let ids: BTreeSet<&str> = named.map(|register| register.id.as_str()).collect();
    if ids.is_empty() {
        return "--registry ID=FILE@DATE".to_owned();
    }
    ids.into_iter().map(|id| format!("--registry {id}=FILE@DATE")).collect::<Vec<_>>().join(" ")
}

/// What would let more people be contacted.
fn to_prove(writing: &Writing<'_>, tally: &Tally, steps: &mut Steps) {
    let blocked = |reason: Reason| -> u64 { tally.channels.iter().map(|c| c.reasons.of(reason)).sum() };
    steps.add(
        blocked(Reason::RegistryNotBrought),
        "Scrub the numbers against the register the law names",
        "Calls are barred until it was asked, or another ground holds.",
        &registers(writing, tally),
    );
    steps.add(
        tally.channels[Channel::Call as usize].reasons.of(Reason::PhoneRegionMissing),
        "Name the country of numbers without a calling code",
        "They are written for use at home, and neither row nor file tells where that is.",
        "--country COUNTRY",
    );
    if writing.plan.read.country.is_none() {
        steps.add(
            tally.findings.of(Reason::JurisdictionUnknown),
            "Name the country of people whose rows tell none",
            "Until then the fallback holds for them, which is as strict as the strictest.",
            "--country COUNTRY",
        );
    }
    steps.add(
        blocked(Reason::ConsentUndated) + blocked(Reason::ConsentUnsourced),
        "Bring the date and the source of consents",
        "A yes that tells neither when nor where it was given proves nothing.",
        "--events FILE",
    );
    steps.add(
        blocked(Reason::ConsentUnconfirmed),
        "Bring the confirmations of sign-ups",
        "The law asks for a second act of the person (double opt-in), and no file tells one.",
        "--events FILE",
    );
    steps.add(
        blocked(Reason::ConsentImportedUnverified),
        "Find the sign-up behind imported consents",
        "An import shows that somebody uploaded the address, not that the person agreed.",
        "--events FILE",
    );
    steps.add(
        tally.findings.of(Reason::BasisSoftOptInUnproven),
        "If your customers could refuse advertising when they bought, say so",
        "They bought, and their law allows e-mail about similar goods where refusal was offered at the checkout.",
        "--assert-basis FILE:email:soft_opt_in@DATE='where and how refusal was offered'",
    );
    steps.add(
        blocked(Reason::ConsentNeverAsked),
        "Look in your other tools for the consent of people without one",
        "Nothing brought so far tells that they said yes; a consent log or a better export may.",
        "--events FILE",
    );
}

/// What the run leaves to be looked through and passed on.
fn to_look_through(writing: &Writing<'_>, tally: &Tally, steps: &mut Steps) {
    steps.add_of(
        tally.findings.of(Reason::EmailDomainTypo),
        "addresses",
        "Ask about suspected slips of the keyboard",
        "They stand in findings.csv with the address that was probably meant; nothing was changed.",
        "findings.csv",
    );
    steps.add_of(
        tally.sources.iter().map(|s| s.rejected).sum(),
        "rows",
        "Look through the rows that could not be used",
        "Each stands in rejected.csv with its reason and its place.",
        "rejected.csv",
    );
    steps.add(
        tally.findings.of(Reason::ConsentNoticeDue),
        "Remind people of their consent, as their law wants it by now",
        "Silence keeps it; notices.csv tells whom, by its days_left below zero.",
        "notices.csv",
    );
    steps.add(
        tally.account.ask.iter().flat_map(|ask| ask.ask_over).sum(),
        "Ask for the consent that is missing, where a channel is open",
        "Asking is marketing too: repermission.csv tells whom you may ask, over which channel and until when.",
        "repermission.csv",
    );
    steps.add(
        tally.ahead.ending.iter().map(|within| within[0]).sum(),
        &format!("Clean again before {}", outlook::next_cleaning(writing, tally)),
        "Grounds end within 30 days; expiring.csv tells whose.",
        "expiring.csv",
    );
    if writing.plan.read.key.is_none() {
        steps.add(
            tally.erased,
            "Give a key file, so that erased people stay as keyed tombstones",
            "Without a key their addresses stand in suppression.csv in plain text.",
            "--key-file FILE",
        );
    }
    steps.add_of(
        tally.suppressed.iter().sum(),
        "entries",
        "Load suppression.csv into every tool that sends",
        "A refusal given to one tool holds for all of them.",
        "suppression.csv",
    );
}

/// What was not checked.
pub(crate) fn limits(plan: &CleanPlan) -> Vec<String> {
    let mut limits = vec![
        "This is no legal advice. Rules carry their sources and how far those were verified.".to_owned(),
        if plan.read.judging.dns.is_some() {
            "DNS was asked whether domains take mail; no mailbox or number was contacted: an address may still be dead."
        } else {
            "No mailbox, domain or number was contacted: an address that is well formed may still be dead."
        }
        .to_owned(),
        "People without a name, address or number in common were not joined; near misses are findings."
            .to_owned(),
        "Post is judged on the address in the file; nothing was looked up in an address register.".to_owned(),
        "This report holds no address, number or name. The files beside it do: keep them as long as decisions must be proven, and no longer; suppression.csv as long as anything is sent.".to_owned(),
    ];
    if plan.write.lists == ListStandard::Reachable {
        limits.push(
            "The lists hold everybody who could be reached: permission was not established for all of them."
                .to_owned(),
        );
    }
    limits
}
