//! What can have changed a decision: data, rules, lists, version, send date or settings.
//!
//! Two things are put together: what differs between the runs at all, and what can bring about a reason at all.
//! What remains is the cause; where several remain, all are named, because nothing in the two run directories can
//! tell them apart.

use crate::data::jurisdiction::Rule;
use crate::data::rulebooks;
use crate::plan::EARLIER;
use crate::reason::{Nature, Reason};
use crate::record::{Day, Kind, Set, words};
use crate::report::{Audit, ListUsed};
use std::collections::{BTreeMap, BTreeSet};

words! {
    /// What can change a decision.
    pub(crate) enum Cause {
        /// Rows, refusals and events.
        Data = "data",
        /// The rulebooks were read anew.
        Rules = "rules",
        /// Registers, and lists that judge addresses and numbers; DNS.
        Lists = "lists",
        /// The program.
        Version = "version",
        /// The send date.
        Date = "date",
        /// Options and profile.
        Settings = "settings",
    }
}

pub(crate) type Causes = Set<Cause>;

/// What can bring a reason about, or take it away. The version and the settings always can.
fn causes_of(nature: Nature) -> Causes {
    use Cause::{Data, Date, Lists, Rules};
    let causes: &[Cause] = match nature {
        Nature::Data => &[Data],
        Nature::Lists => &[Data, Lists],
        Nature::Law | Nature::Clock | Nature::Lapse => &[Data, Rules, Date],
        Nature::Dated => &[Data, Date],
        Nature::Register => &[Data, Lists, Rules, Date],
    };
    causes.iter().copied().collect()
}

/// Whether such a reason comes and goes by the day alone.
const fn ticks(nature: Nature) -> bool {
    matches!(nature, Nature::Clock | Nature::Lapse | Nature::Dated | Nature::Register)
}

/// Rulebooks of which a rule begins or ends between the send dates.
fn turning(then: &Audit, now: &Audit) -> Option<BTreeSet<String>> {
    if then.run.profile.is_some() || now.run.profile.is_some() {
        return None;
    }
    let [one, other]: [Day; 2] = [then.run.send_date.parse().ok()?, now.run.send_date.parse().ok()?];
    let (from, to) = (one.min(other), one.max(other));
    let turns = |rule: &Rule| rule.in_force.has(from) != rule.in_force.has(to);
    let books = rulebooks().all().iter().filter(|book| book.rules.iter().any(turns));
    Some(books.map(|book| book.id.clone()).collect())
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct CausedDecision<'a> {
    pub(crate) contactable: bool,
    pub(crate) reason: &'a str,
    pub(crate) valid_until: Option<Day>,
    /// Jurisdictions that were asked, as in `contacts.csv`.
    pub(crate) laws: &'a str,
}

#[derive(Debug, Default)]
pub(crate) struct Differences {
    all: Causes,
    /// Rulebooks that were read anew.
    books: BTreeSet<String>,
    /// Rulebooks of which a rule begins or ends between the send dates; `None`: a team has its own.
    turning: Option<BTreeSet<String>>,
    send_date: Option<Day>,
    /// The same in words, by cause.
    pub(crate) told: BTreeMap<String, Vec<String>>,
}

impl Differences {
    pub(crate) fn between(then: &Audit, now: &Audit) -> Self {
        let send_date = now.run.send_date.parse().ok();
        let mut differs = Self { send_date, turning: turning(then, now), ..Self::default() };
        differs.data(then, now);
        differs.rules(then, now);
        differs.lists(then, now);
        let arrow = |what: &str, a: &str, b: &str| format!("{what} {a} \u{2192} {b}");
        if then.run.version != now.run.version {
            differs.tell(Cause::Version, arrow("version", &then.run.version, &now.run.version));
        }
        if then.run.send_date != now.run.send_date {
            differs.tell(Cause::Date, arrow("send date", &then.run.send_date, &now.run.send_date));
        }
        differs.settings(then, now);
        differs
    }

    fn tell(&mut self, cause: Cause, what: String) {
        self.all.add(cause);
        self.told.entry(cause.word().to_owned()).or_default().push(what);
    }

    fn data(&mut self, then: &Audit, now: &Audit) {
        let files = |audit: &Audit| -> BTreeSet<String> {
            let read = audit.sources.iter().filter(|s| s.kind != Kind::Registry && s.source != EARLIER);
            read.map(|s| s.sha256.clone()).collect()
        };
        let (then, now) = (files(then), files(now));
        let (new, gone) = (now.difference(&then).count(), then.difference(&now).count());
        if new + gone > 0 {
            let same = now.intersection(&then).count();
            let told = format!("files: {new} new or changed, {same} the same, {gone} no longer given");
            self.tell(Cause::Data, told);
        }
    }

    fn rules(&mut self, then: &Audit, now: &Audit) {
        for book in &now.run.rulebooks {
            let before = then.run.rulebooks.iter().find(|b| b.id == book.id && b.as_of != book.as_of);
            if let Some(before) = before {
                let (from, to) = (&before.as_of, &book.as_of);
                self.tell(Cause::Rules, format!("rulebook {} {from} \u{2192} {to}", book.id));
                self.books.insert(book.id.clone());
            }
        }
    }

    fn lists(&mut self, then: &Audit, now: &Audit) {
        type Lists = BTreeMap<String, (Option<String>, Option<String>)>;
        let lists = |audit: &Audit| -> Lists {
            let judges = ["built-in", "replaced", "disposable", "allowed", "dns"];
            let judging = audit.run.lists.iter().filter(|l| judges.contains(&l.kind.as_str()));
            let named = |l: &ListUsed| (l.name.clone(), (l.date.clone(), l.sha256.clone()));
            let registers = audit.sources.iter().filter(|s| s.kind == Kind::Registry);
            let registers = registers.map(|s| {
                let dated = audit.run.lists.iter().find(|l| l.name == s.source).and_then(|l| l.date.clone());
                (format!("register {}", s.source), (dated, Some(s.sha256.clone())))
            });
            judging.map(named).chain(registers).collect()
        };
        let (then, now) = (lists(then), lists(now));
        let names: BTreeSet<&String> = then.keys().chain(now.keys()).collect();
        for name in names {
            let what = match (then.get(name), now.get(name)) {
                (Some(a), Some(b)) if a == b => continue,
                (Some(_), Some(_)) => "another state of it",
                (None, _) => "only now",
                (_, None) => "no longer",
            };
            self.tell(Cause::Lists, format!("{name}: {what}"));
        }
    }

    fn settings(&mut self, then: &Audit, now: &Audit) {
        // What names files, or bears on no decision, is told elsewhere or not at all.
        let aside = "--send-date --fail-on --proof --lists-full --spreadsheet-safe --suppress --events --registry \
            --as --format --previous --lists --channels";
        let is_aside = |option: &str| aside.split(' ').any(|flag| option.split(' ').next() == Some(flag));
        let set = |audit: &Audit| -> BTreeSet<String> {
            let typed = audit.run.options.iter().filter(|option| !is_aside(option)).cloned();
            typed.chain(audit.run.profile.iter().map(|p| format!("profile {}", &p.sha256))).collect()
        };
        let (then, now) = (set(then), set(now));
        let short = |text: &String| match text.strip_prefix("profile ") {
            Some(_) => "another state of the profile".to_owned(),
            None => text.clone(),
        };
        for (run, one, other) in [("now", &now, &then), ("then", &then, &now)] {
            for option in one.difference(other) {
                self.tell(Cause::Settings, format!("{run}: {}", short(option)));
            }
        }
    }

    /// What can have changed a decision. `facts_alike`: what the files tell of the contact is the same in both runs.
    pub(crate) fn causes(
        &self,
        was: &CausedDecision<'_>,
        is: &CausedDecision<'_>,
        facts_alike: bool,
    ) -> Causes {
        let nature =
            |told: &CausedDecision<'_>| Reason::from_id(told.reason).map_or(Nature::Law, Reason::nature);
        let (then, now) = (nature(was), nature(is));
        let over = was.valid_until.zip(self.send_date).is_some_and(|(last, day)| last < day);
        if was.contactable && over && now == Nature::Lapse {
            // The ground of then was to end before the day of now, and nothing renewed it.
            return Causes::only(Cause::Date);
        }
        let data = Causes::only(Cause::Data);
        let kind = match (was.contactable, is.contactable) {
            (true, false) => causes_of(now),
            (false, true) => causes_of(then),
            // A refusal stands before all other reasons: it came, or it went.
            _ if now == Nature::Data || then == Nature::Data => data,
            _ => causes_of(then).union(causes_of(now)),
        };
        let always = [Cause::Version, Cause::Settings].into_iter().collect();
        let mut can = kind.union(always).intersect(self.all);
        if kind == data && can.has(Cause::Data) && !facts_alike {
            return data;
        }
        if kind != data && facts_alike {
            can.set(Cause::Data, false);
        }
        let asked = |book: &String| {
            let mut laws = was.laws.split("; ").chain(is.laws.split("; "));
            laws.any(|law| law.split(' ').next() == Some(book))
        };
        if !self.books.iter().any(asked) {
            can.set(Cause::Rules, false);
        }
        // Without a clock the day alone changes nothing, unless the law of the place changed in between.
        let turned = self.turning.as_ref().is_none_or(|books| books.iter().any(asked));
        if !turned && !ticks(then) && !ticks(now) {
            can.set(Cause::Date, false);
        }
        // What is not told of the contact itself reached it from others: a shared point, a domain, a digest.
        if can.is_empty() { self.all.intersect(data.union(always)) } else { can }
    }
}

#[cfg(test)]
mod tests {
    use super::{CausedDecision, Causes, Differences};

    fn told<'a>(reason: &'a str, until: &str) -> CausedDecision<'a> {
        let (contactable, valid_until) = (reason.starts_with("basis-"), until.parse().ok());
        CausedDecision { contactable, reason, valid_until, laws: "DE (stated country)" }
    }

    #[test]
    fn a_cause_must_differ_and_be_able_to() {
        use super::Cause::{Data, Date, Lists, Rules, Version};
        let (all, yes) = (&[Data, Rules, Lists, Version, Date][..], "basis-express-consent");
        let (dead, asked) = ("email-dead-domain", "consent-never-asked");
        let (on, over) = ("2027-01-01", "2026-10-01");
        for (differs, turning, (was, until), is, facts_alike, expected) in [
            // A refusal comes from data; that it came over a domain the contact's own facts do not show.
            (all, "", (yes, on), "refusal-withdrawn", false, &[Data][..]),
            (all, "", (yes, on), "refusal-withdrawn", true, &[Data, Version]),
            (&[Data, Date], "", (yes, on), "consent-expired", true, &[Date]),
            (&[Data, Date], "", (yes, on), "consent-expired", false, &[Data, Date]),
            (&[Rules], "", (yes, on), asked, true, &[Rules]),
            (&[Rules, Date], "", (yes, on), asked, true, &[Rules]),
            // A rule of the place began or ended between the days.
            (&[Rules, Date], "DE", (yes, on), asked, true, &[Rules, Date]),
            (&[Rules, Date], "US", (yes, on), asked, true, &[Rules]),
            (&[Lists, Rules], "", (yes, on), dead, true, &[Lists]),
            (&[Data], "", (dead, on), yes, false, &[Data]),
            // Nothing of the contact changed: somebody who shares its point did.
            (&[Data], "", (yes, on), asked, true, &[Data]),
            // A ground that ended between the days is the date's doing.
            (&[Data, Date], "", (yes, over), "consent-expired", false, &[Date]),
            (&[Data, Date], "", (yes, over), "refusal-objection", false, &[Data]),
        ] {
            let differs = Differences {
                all: differs.iter().copied().collect(),
                books: ["DE".to_owned()].into(),
                turning: Some([turning.to_owned()].into()),
                send_date: "2026-11-21".parse().ok(),
                ..Differences::default()
            };
            let causes = differs.causes(&told(was, until), &told(is, ""), facts_alike);
            assert_eq!(causes, expected.iter().copied().collect::<Causes>(), "{was} {is} {turning}");
        }
    }
}
