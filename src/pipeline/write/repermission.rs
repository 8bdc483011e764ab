//! Whom one may ask for the consent that is missing (`repermission.csv`). Asking is itself marketing (ICO: Flybe,
//! Honda), so only who is contactable on some channel may be asked, over that channel; who refused never.

use crate::consent::{AskAgain, History, ask_again};
use crate::decide::Decision;
use crate::pipeline::contact::decided::{Decided, valid_until};
use crate::pipeline::kit::tally::AskTally;
use crate::pipeline::write::out::{ContactFile, Out};
use crate::plan::CleanPlan;
use crate::reason::Reason;
use crate::record::{Channel, PointKind};
use crate::report::Repermission;
use std::collections::BTreeMap;

/// Columns of `repermission.csv`.
pub(crate) const REPERMISSION: &str = "contact_id channel reason ask_over point until";

/// A ground that ends within so many days is worth asking for a better one.
const DAYS: i32 = 90;

/// Counts who may be asked for consent on which channel, over their best one, and lists them.
pub(crate) fn write(decided: &Decided<'_, '_>, out: &mut Out) {
    let send_date = decided.writing.plan.read.send_date;
    for (channel, decision) in decided.decisions {
        let tally = &mut out.tally.account.ask[*channel as usize];
        if decision.contactable {
            let left = decision.yes().and_then(|yes| send_date.until(yes.valid_until?).ok());
            if left.is_some_and(|span| span.get_days() < DAYS) {
                tally.while_it_lasts += 1;
                line(decided, *channel, decision, *channel, out);
            }
            continue;
        }
        match decided.best {
            _ if decision.reason.family() == "refusal" => tally.refused += 1,
            _ if !lacks_permission(decision) => {}
            _ if banned(decided, *channel, decision) => tally.banned += 1,
            Some(over) => {
                tally.ask_over[over as usize] += 1;
                line(decided, *channel, decision, over, out);
            }
            None => tally.no_channel += 1,
        }
    }
}

/// Whether only permission is missing that the person can give: no register, no parent, no `no` in a consent column.
fn lacks_permission(decision: &Decision) -> bool {
    let consent = decision.reason.family() == "consent" && decision.reason != Reason::ConsentNotGiven;
    decision.reachable && (consent || decision.reason == Reason::BasisWindowOver)
}

/// Whether the law bars asking again.
pub(crate) fn banned(decided: &Decided<'_, '_>, channel: Channel, decision: &Decision) -> bool {
    let Some(judgement) = &decision.judgement else { return false };
    let history = History { events: decision.history(decided.histories) };
    ask_again(&decided.writing.law.table, judgement.rule, channel, history) != AskAgain::Now
}

fn line(decided: &Decided<'_, '_>, channel: Channel, decision: &Decision, over: Channel, out: &mut Out) {
    let asked = decided.decisions.iter().find(|(c, d)| *c == over && d.contactable).map(|(_, d)| d);
    let Some(asked) = asked else { return };
    let Out { files, text, .. } = out;
    let line = &mut files[ContactFile::Repermission as usize];
    line.plain(decided.id);
    line.plain(channel.word());
    line.plain(decision.reason.id());
    line.plain(over.word());
    // A postal address stands in `post.csv`.
    line.cell(decided.point(asked).filter(|d| d.point.kind != PointKind::Post).map_or("", |d| d.point.typed));
    valid_until(asked.yes(), line, text);
    line.end();
}

pub(crate) fn repermission(
    plan: &CleanPlan,
    asked: &[AskTally; Channel::ALL.len()],
) -> BTreeMap<Channel, Repermission> {
    let of = |channel: Channel| {
        let tally = &asked[channel as usize];
        let over = Channel::ALL.into_iter().zip(tally.ask_over).filter(|(_, n)| *n > 0).collect();
        let AskTally { while_it_lasts, refused, banned, no_channel, .. } = *tally;
        (channel, Repermission { ask_over: over, while_it_lasts, refused, banned, no_channel })
    };
    plan.law.channels.iter().map(of).collect()
}
