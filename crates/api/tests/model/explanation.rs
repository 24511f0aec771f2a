//! Whether some order of each voter's operations, and some order of those on each build, explains the answers of a
//! run and what is stored in the end.

use std::collections::{BTreeMap, HashMap};
use std::fmt::{Debug, Write as _};

use crate::build_model::{BuildModel, BuildOperation, ChangeAnswer, StoredBuild};
use crate::history::{Entry, Log, timed};
use crate::linearization::{Model, Timed, Unexplained, explain};
use crate::stored::StoredVoteRow;
use crate::vote_model::{StoredVote, VoteModel, VoteOperation, Votes};

/// Operations that are shown before the one that fits no order.
const SHOWN: usize = 14;

/// What the database holds in the end.
pub struct End<'a> {
    /// The ids of builds, by number.
    pub ids: &'a [String],
    pub builds: &'a HashMap<String, StoredBuild>,
    pub votes: &'a [StoredVoteRow],
}

/// All that no order explains, a text each.
pub fn unexplained(log: &Log, end: &End<'_>, groups: usize) -> Vec<String> {
    let mut by_build: BTreeMap<u32, Vec<&Entry>> = BTreeMap::new();
    let mut of_callers: Vec<Vec<&Entry>> = vec![vec![]; groups];
    for entry in &log.entries {
        match (entry.build, entry.group) {
            (Some(build), _) => by_build.entry(build).or_default().push(entry),
            (None, Some(group)) => of_callers[group].push(entry),
            (None, None) => {}
        }
    }
    for entries in &mut of_callers {
        entries.sort_by_key(|it| it.interval.answered);
    }
    let mut found = vec![];
    for (number, entries) in &by_build {
        let id = &end.ids[*number as usize];
        found.extend(build_unexplained(id, entries, &of_callers, end));
        for (group, of_caller) in of_callers.iter().enumerate() {
            found.extend(votes_unexplained(id, group, entries, of_caller, end));
        }
    }
    found
}

/// The part of a caller's operations that may have met the build: from its creation on and, when it is no longer
/// there, until the last operation on it.
fn meeting<'a>(entries: &[&Entry], of_caller: &[&'a Entry], is_there: bool) -> Vec<&'a Entry> {
    let first = entries.iter().map(|it| it.interval.invoked).min().unwrap_or(0);
    let last = entries.iter().map(|it| it.interval.answered).max().unwrap_or(0);
    let from = of_caller.partition_point(|it| it.interval.answered < first);
    of_caller[from..].iter().copied().filter(|it| is_there || it.interval.invoked <= last).collect()
}

fn build_unexplained(
    id: &str,
    entries: &[&Entry],
    of_callers: &[Vec<&Entry>],
    end: &End<'_>,
) -> Option<String> {
    let is_create = |it: &&&Entry| matches!(it.content, Some(BuildOperation::Create { .. }));
    let owner = entries.iter().find(is_create)?.group?;
    let there = end.builds.get(id);
    let mut history: Vec<Timed<BuildOperation>> =
        entries.iter().filter_map(|it| Some(timed(it, it.content?))).collect();
    // Its end may be an erasure that comes after the last operation on the build itself.
    let met = meeting(entries, &of_callers[owner], true);
    history.extend(met.iter().filter_map(|it| Some(timed(it, it.content?))));
    let is_end = |state: &Option<StoredBuild>| match (state, there) {
        (None, None) => true,
        (Some(state), Some(there)) => StoredBuild { hidden: false, ..*state } == *there,
        _ => false,
    };
    let unexplained = explain::<BuildModel>(None, &history, is_end).err()?;
    Some(describe::<BuildModel>(&format!("build {id}"), &history, &unexplained, &there))
}

fn votes_unexplained(
    id: &str,
    group: usize,
    entries: &[&Entry],
    of_caller: &[&Entry],
    end: &End<'_>,
) -> Option<String> {
    let is_there = end.builds.contains_key(id);
    let mut history: Vec<Timed<VoteOperation>> = vec![];
    for entry in entries {
        if entry.group.is_none_or(|it| it == group) {
            history.extend(entry.vote.map(|vote| timed(entry, vote)));
        }
    }
    let is_own = |it: &&Entry| it.group == Some(group) && it.vote.is_some();
    if !entries.iter().copied().any(|it| is_own(&it)) {
        return None;
    }
    let met = meeting(entries, of_caller, is_there);
    history.extend(met.iter().filter_map(|it| Some(timed(it, it.vote?))));
    let sessions: Vec<u32> = sessions_of(&history);
    let mut stored: Votes = end
        .votes
        .iter()
        .filter(|vote| vote.build == id && sessions.contains(&vote.session))
        .map(|vote| StoredVote { session: vote.session, player: vote.player, rating: vote.rating })
        .collect();
    stored.sort_unstable();
    let unexplained = explain::<VoteModel>(vec![], &history, |votes| !is_there || *votes == stored).err()?;
    let shown = is_there.then_some(&stored);
    let what = format!("votes of group {group} on {id}");
    let text = describe::<VoteModel>(&what, &history, &unexplained, &shown);
    Some(text + &first_absences(entries))
}

/// The first operations that took the build away or did not find it: its votes go with it.
fn first_absences(entries: &[&Entry]) -> String {
    let is_change = |it: &&&Entry| match it.content {
        Some(BuildOperation::Delete { answer, .. }) => answer == ChangeAnswer::Done,
        Some(BuildOperation::Remove { found }) => found,
        Some(BuildOperation::SeenByVoter { seen, .. } | BuildOperation::Seen { seen, .. }) => !seen,
        _ => false,
    };
    let mut changes: Vec<&&Entry> = entries.iter().filter(is_change).collect();
    changes.sort_by_key(|it| it.interval.invoked);
    changes.iter().take(4).fold(String::new(), |mut text, it| {
        let (from, to) = (it.interval.invoked / 1000, it.interval.answered / 1000);
        write!(text, "\n  first not there: {from}..{to} µs {:?}", it.content).unwrap();
        text
    })
}

/// The sessions in which the group has voted.
fn sessions_of(history: &[Timed<VoteOperation>]) -> Vec<u32> {
    let session = |it: &Timed<VoteOperation>| match it.operation {
        VoteOperation::Cast { who, .. } | VoteOperation::Put { who, .. } => Some(who.session),
        _ => None,
    };
    history.iter().filter_map(session).collect()
}

fn describe<M: Model>(
    what: &str,
    history: &[Timed<M::Operation>],
    unexplained: &Unexplained<M::State>,
    stored: &impl Debug,
) -> String {
    let mut text = String::new();
    let until = match unexplained.operation {
        Some(index) => {
            writeln!(text, "{what}: no order explains this answer").unwrap();
            history[index].answered
        }
        None => {
            writeln!(text, "{what}: no order ends in what is stored").unwrap();
            u64::MAX
        }
    };
    let mut before: Vec<&Timed<M::Operation>> = history.iter().filter(|it| it.invoked <= until).collect();
    before.sort_by_key(|it| it.answered);
    for it in &before[before.len().saturating_sub(SHOWN)..] {
        let (from, to) = (it.invoked / 1000, it.answered / 1000);
        writeln!(text, "    {from:>9}..{to:<9} µs {:?} {:?}", it.effect, it.operation).unwrap();
    }
    if let Some(index) = unexplained.operation {
        writeln!(text, "  ! {:?}", history[index].operation).unwrap();
    }
    write!(text, "  possible before: {:?}\n  stored in the end: {stored:?}", unexplained.states).unwrap();
    text
}
