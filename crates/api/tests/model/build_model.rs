//! One build: whether it is there, who sees it and who may change it.

use crate::history::Who;
use crate::linearization::Model;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Visibility {
    Public,
    Unlisted,
    Private,
}

impl Visibility {
    pub const ALL: [Self; 3] = [Self::Public, Self::Unlisted, Self::Private];

    pub fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Unlisted => "unlisted",
            Self::Private => "private",
        }
    }

    pub fn parse(name: &str) -> Self {
        Self::ALL.into_iter().find(|it| it.name() == name).unwrap_or_else(|| panic!("visibility {name:?}"))
    }
}

/// Races that a test uses, by number.
pub const RACES: [&str; 4] = ["vek", "kaelar", "nikua", "dunir"];

/// The number of a race that a test uses.
pub fn race(name: &str) -> u8 {
    let found = RACES.iter().position(|it| *it == name).unwrap_or_else(|| panic!("race {name:?}"));
    u8::try_from(found).expect("few races")
}

/// A build as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct StoredBuild {
    pub visibility: Visibility,
    pub race: u8,
    pub hidden: bool,
    pub session: u32,
    pub player: Option<u32>,
}

/// Who may not change a build, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeAnswer {
    Done,
    NotFound,
    NotOwner,
    /// Hidden by an admin.
    Hidden,
}

/// Operations that change or tell a build, with their answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BuildOperation {
    Create {
        who: Who,
        visibility: Visibility,
        race: u8,
    },
    /// `shown` is the visibility and race in the answer.
    Patch {
        who: Who,
        visibility: Option<Visibility>,
        race: Option<u8>,
        answer: ChangeAnswer,
        shown: Option<(Visibility, u8)>,
    },
    Delete {
        who: Who,
        answer: ChangeAnswer,
    },
    /// An admin's operations, and whether the build was there.
    Remove {
        found: bool,
    },
    SetHidden {
        hidden: bool,
        found: bool,
    },
    Claim {
        who: Who,
    },
    Erase {
        who: Who,
    },
    /// Whether a caller was let through to the build.
    Seen {
        who: Who,
        seen: bool,
    },
    /// Whether a caller could vote; no caller can on a hidden build.
    SeenByVoter {
        who: Who,
        seen: bool,
    },
}

/// What the service must answer about one build. The state is `None` before a build is there and after it.
pub struct BuildModel;

impl StoredBuild {
    fn is_owned_by(&self, who: Who) -> bool {
        match self.player {
            Some(player) => who.player == Some(player),
            None => who.session == self.session,
        }
    }

    fn is_visible_to(&self, who: Who) -> bool {
        self.is_owned_by(who) || (!self.hidden && self.visibility != Visibility::Private)
    }

    /// What a change by this caller is answered with.
    fn permit(&self, who: Who, keeps: bool) -> ChangeAnswer {
        match (self.is_visible_to(who), self.is_owned_by(who)) {
            (false, _) => ChangeAnswer::NotFound,
            (true, false) => ChangeAnswer::NotOwner,
            (true, true) if self.hidden && keeps => ChangeAnswer::Hidden,
            (true, true) => ChangeAnswer::Done,
        }
    }
}

type State = Option<StoredBuild>;

impl Model for BuildModel {
    type State = State;
    type Operation = BuildOperation;

    fn apply(state: &State, operation: &BuildOperation) -> Vec<State> {
        let only_if = |condition: bool| if condition { vec![*state] } else { vec![] };
        let permit = |who, keeps| state.map_or(ChangeAnswer::NotFound, |it| it.permit(who, keeps));
        match *operation {
            BuildOperation::Create { who, visibility, race } => {
                let created =
                    StoredBuild { visibility, race, hidden: false, session: who.session, player: who.player };
                if state.is_none() { vec![Some(created)] } else { vec![] }
            }
            BuildOperation::Patch { who, visibility, race, answer, shown } => {
                if permit(who, true) != answer {
                    return vec![];
                }
                let (Some(build), ChangeAnswer::Done) = (*state, answer) else { return vec![*state] };
                let patched = StoredBuild {
                    visibility: visibility.unwrap_or(build.visibility),
                    race: race.unwrap_or(build.race),
                    ..build
                };
                let fits = shown.is_none_or(|shown| shown == (patched.visibility, patched.race));
                if fits { vec![Some(patched)] } else { vec![] }
            }
            BuildOperation::Delete { who, answer } => match permit(who, false) {
                permitted if permitted != answer => vec![],
                ChangeAnswer::Done => vec![None],
                _ => vec![*state],
            },
            BuildOperation::Remove { found: true } => state.iter().map(|_| None).collect(),
            BuildOperation::SetHidden { hidden, found: true } => {
                state.iter().map(|build| Some(StoredBuild { hidden, ..*build })).collect()
            }
            BuildOperation::Remove { found: false } | BuildOperation::SetHidden { found: false, .. } => {
                only_if(state.is_none())
            }
            BuildOperation::Claim { who } => match *state {
                Some(build) if build.player.is_none() && build.session == who.session => {
                    vec![Some(StoredBuild { player: who.player, ..build })]
                }
                unchanged => vec![unchanged],
            },
            BuildOperation::Erase { who } => match *state {
                Some(build) if build.is_owned_by(who) => vec![None],
                unchanged => vec![unchanged],
            },
            BuildOperation::Seen { who, seen } => {
                only_if(state.is_some_and(|build| build.is_visible_to(who)) == seen)
            }
            BuildOperation::SeenByVoter { who, seen } => {
                only_if(state.is_some_and(|build| build.is_visible_to(who) && !build.hidden) == seen)
            }
        }
    }

    fn is_read(operation: &BuildOperation) -> bool {
        match operation {
            BuildOperation::Seen { .. } | BuildOperation::SeenByVoter { .. } => true,
            BuildOperation::Patch { answer, .. } | BuildOperation::Delete { answer, .. } => {
                *answer != ChangeAnswer::Done
            }
            BuildOperation::Remove { found } | BuildOperation::SetHidden { found, .. } => !found,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linearization::{Effect, Timed, explain};

    const OWNER: Who = Who { session: 1, player: None };
    const PLAYER: Who = Who { session: 1, player: Some(9) };
    const OTHER: Who = Who { session: 2, player: None };
    const CREATE: BuildOperation =
        BuildOperation::Create { who: OWNER, visibility: Visibility::Public, race: 0 };

    fn set(visibility: Visibility) -> BuildOperation {
        let (race, shown) = (None, Some((visibility, 0)));
        let (who, visibility) = (OWNER, Some(visibility));
        BuildOperation::Patch { who, visibility, race, answer: ChangeAnswer::Done, shown }
    }

    fn seen(who: Who, seen: bool) -> BuildOperation {
        BuildOperation::Seen { who, seen }
    }

    fn fits(operations: &[BuildOperation]) -> bool {
        let timed = |(index, operation): (usize, &BuildOperation)| Timed {
            operation: *operation,
            invoked: 10 * index as u64,
            answered: 10 * index as u64 + 5,
            effect: Effect::Once,
        };
        let history: Vec<_> = operations.iter().enumerate().map(timed).collect();
        explain::<BuildModel>(None, &history, |_| true).is_ok()
    }

    #[test]
    fn a_private_build_that_a_stranger_sees_is_rejected() {
        assert!(fits(&[CREATE, set(Visibility::Private), seen(OTHER, false), seen(OWNER, true)]));
        assert!(!fits(&[CREATE, set(Visibility::Private), seen(OTHER, true)]));
    }

    #[test]
    fn a_build_that_is_seen_after_its_deletion_is_rejected() {
        let delete = BuildOperation::Delete { who: OWNER, answer: ChangeAnswer::Done };
        assert!(fits(&[CREATE, delete, seen(OWNER, false)]));
        assert!(!fits(&[CREATE, delete, seen(OWNER, true)]));
        assert!(!fits(&[CREATE, delete, delete]), "it can be deleted once");
    }

    #[test]
    fn a_claimed_build_is_the_players_alone() {
        let claim = BuildOperation::Claim { who: PLAYER };
        let delete = |who, answer| BuildOperation::Delete { who, answer };
        assert!(fits(&[
            CREATE,
            claim,
            delete(OWNER, ChangeAnswer::NotOwner),
            delete(PLAYER, ChangeAnswer::Done)
        ]));
        assert!(!fits(&[CREATE, claim, delete(OWNER, ChangeAnswer::Done)]));
    }

    #[test]
    fn a_hidden_build_is_its_owners_to_see_and_nobodys_to_vote_on() {
        let hide = BuildOperation::SetHidden { hidden: true, found: true };
        let voted = |who, seen| BuildOperation::SeenByVoter { who, seen };
        assert!(fits(&[CREATE, hide, seen(OWNER, true), seen(OTHER, false), voted(OWNER, false)]));
        assert!(!fits(&[CREATE, hide, voted(OWNER, true)]));
        assert!(!fits(&[CREATE, hide, set(Visibility::Private)]));
    }
}
