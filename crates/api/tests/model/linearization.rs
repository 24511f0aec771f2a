//! Whether some order of concurrent operations explains all of their answers (linearizability, checked just in
//! time: Lowe, "Testing for linearizability", 2017).
//!
//! Operations are followed in the order of their events. A configuration is a state that the object may be in,
//! with the pending operations that have taken effect in it. At each answer, the configurations are kept in which
//! that operation has taken effect; when none is left, no order explains the history.

use std::collections::BTreeSet;
use std::fmt::Debug;

/// What operations do to the object.
pub trait Model {
    type State: Clone + Ord + Debug;
    type Operation: Debug;

    /// The states that `operation` with its answer may lead to; none when it cannot have been answered so.
    fn apply(state: &Self::State, operation: &Self::Operation) -> Vec<Self::State>;

    /// Whether the operation never changes a state.
    fn is_read(operation: &Self::Operation) -> bool;
}

/// How often an operation takes effect between its invocation and its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    Once,
    /// Once or not at all: the outcome is unknown.
    Optional,
    /// At least once: it is carried out in steps of its own.
    Repeated,
}

/// An operation and the interval in which it took effect.
#[derive(Debug, Clone)]
pub struct Timed<O> {
    pub operation: O,
    pub invoked: u64,
    pub answered: u64,
    pub effect: Effect,
}

/// Why no order explains a history.
#[derive(Debug)]
pub struct Unexplained<S> {
    /// The operation whose answer fits no order; `None` when it is the end that does not.
    pub operation: Option<usize>,
    /// The states that the object may have been in.
    pub states: Vec<S>,
}

/// Most operations that are pending at once.
const MAX_PENDING: usize = 64;

/// A state, and which of the pending operations have taken effect, by slot.
type Configuration<S> = (S, u64);

/// Searches for an order of `history` from `initial` to a state that `is_end` accepts.
///
/// # Errors
/// The first operation that has no place in any order.
pub fn explain<M: Model>(
    initial: M::State,
    history: &[Timed<M::Operation>],
    is_end: impl Fn(&M::State) -> bool,
) -> Result<(), Unexplained<M::State>> {
    let mut events: Vec<(u64, bool, usize)> = vec![];
    for (index, timed) in history.iter().enumerate() {
        events.push((timed.invoked, false, index));
        events.push((timed.answered.max(timed.invoked), true, index));
    }
    // Of one instant, invocations come first: operations that may have overlapped count as concurrent.
    events.sort_unstable();
    let mut search =
        Search::<M> { history, pending: vec![None; MAX_PENDING], reachable: BTreeSet::from([(initial, 0)]) };
    for (_, answered, index) in events {
        if !answered {
            search.invoke(index);
            continue;
        }
        let states = search.states();
        search.answer(index);
        if search.reachable.is_empty() {
            return Err(Unexplained { operation: Some(index), states });
        }
    }
    let states = search.states();
    if states.iter().any(is_end) { Ok(()) } else { Err(Unexplained { operation: None, states }) }
}

struct Search<'a, M: Model> {
    history: &'a [Timed<M::Operation>],
    /// The operation in each slot.
    pending: Vec<Option<usize>>,
    reachable: BTreeSet<Configuration<M::State>>,
}

impl<M: Model> Search<'_, M> {
    fn states(&self) -> Vec<M::State> {
        let states: BTreeSet<&M::State> = self.reachable.iter().map(|(state, _)| state).collect();
        states.into_iter().cloned().collect()
    }

    fn invoke(&mut self, index: usize) {
        let slot = self.pending.iter().position(Option::is_none).expect("fewer clients than slots");
        self.pending[slot] = Some(index);
        if M::is_read(&self.history[index].operation) {
            let reachable = std::mem::take(&mut self.reachable);
            self.reachable = reachable.into_iter().map(|it| self.with_reads(it)).collect();
        }
    }

    fn answer(&mut self, index: usize) {
        let slot = self.pending.iter().position(|it| *it == Some(index)).expect("it was invoked");
        let bit = 1 << slot;
        let effect = self.history[index].effect;
        let mut kept = BTreeSet::new();
        let mut visited = BTreeSet::new();
        let mut waiting: Vec<_> = std::mem::take(&mut self.reachable).into_iter().collect();
        while let Some(configuration) = waiting.pop() {
            if visited.contains(&configuration) {
                continue;
            }
            visited.insert(configuration.clone());
            let (state, done) = &configuration;
            let in_effect = done & bit != 0;
            if in_effect || effect == Effect::Optional {
                kept.insert((state.clone(), done & !bit));
            }
            // What takes effect once has done so; what may do so again is followed further.
            if !in_effect || effect == Effect::Repeated {
                waiting.extend(self.successors(&configuration));
            }
        }
        self.pending[slot] = None;
        self.reachable = kept;
    }

    /// Where the pending operations lead from here, one step each.
    fn successors(&self, (state, done): &Configuration<M::State>) -> Vec<Configuration<M::State>> {
        let mut successors = vec![];
        for (slot, index) in self.pending.iter().enumerate() {
            let Some(index) = index else { continue };
            let timed = &self.history[*index];
            let bit = 1 << slot;
            let may_act = done & bit == 0 || timed.effect == Effect::Repeated;
            if !may_act || M::is_read(&timed.operation) {
                continue;
            }
            for next in M::apply(state, &timed.operation) {
                successors.push(self.with_reads((next, done | bit)));
            }
        }
        successors
    }

    /// Lets pending reads take effect that fit the state. As they change nothing, earlier is never worse.
    fn with_reads(&self, (state, mut done): Configuration<M::State>) -> Configuration<M::State> {
        for (slot, index) in self.pending.iter().enumerate() {
            let Some(index) = index else { continue };
            let operation = &self.history[*index].operation;
            if done & (1 << slot) == 0 && M::is_read(operation) && !M::apply(&state, operation).is_empty() {
                done |= 1 << slot;
            }
        }
        (state, done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A register: writes set it, reads tell it.
    struct Register;

    #[derive(Debug, Clone, Copy)]
    enum Step {
        Write(u8),
        Increment,
        Read(u8),
    }

    impl Model for Register {
        type State = u8;
        type Operation = Step;

        fn apply(state: &u8, operation: &Step) -> Vec<u8> {
            match operation {
                Step::Write(value) => vec![*value],
                Step::Increment => vec![state + 1],
                Step::Read(value) if value == state => vec![*state],
                Step::Read(_) => vec![],
            }
        }

        fn is_read(operation: &Step) -> bool {
            matches!(operation, Step::Read(_))
        }
    }

    fn timed(operation: Step, invoked: u64, answered: u64, effect: Effect) -> Timed<Step> {
        Timed { operation, invoked, answered, effect }
    }

    fn once(operation: Step, invoked: u64, answered: u64) -> Timed<Step> {
        timed(operation, invoked, answered, Effect::Once)
    }

    fn fits(history: &[Timed<Step>], end: u8) -> bool {
        explain::<Register>(0, history, |state| *state == end).is_ok()
    }

    #[test]
    fn concurrent_writes_may_come_in_either_order() {
        let history = [once(Step::Write(1), 0, 10), once(Step::Write(2), 5, 15)];
        assert!(fits(&history, 1) && fits(&history, 2));
    }

    #[test]
    fn writes_after_one_another_keep_their_order() {
        let history = [once(Step::Write(1), 0, 4), once(Step::Write(2), 5, 15)];
        assert!(fits(&history, 2) && !fits(&history, 1));
    }

    #[test]
    fn a_lost_update_is_rejected() {
        let history = [once(Step::Increment, 0, 10), once(Step::Increment, 5, 15)];
        assert!(fits(&history, 2) && !fits(&history, 1));
    }

    #[test]
    fn a_read_of_what_never_was_is_rejected_by_name() {
        let history = [once(Step::Write(1), 0, 4), once(Step::Read(7), 2, 9)];
        let unexplained = explain::<Register>(0, &history, |_| true).unwrap_err();
        assert_eq!(unexplained.operation, Some(1));
    }

    #[test]
    fn a_read_may_come_before_a_write_that_it_overlaps_and_not_after() {
        let history = [once(Step::Write(1), 0, 10), once(Step::Read(0), 5, 6), once(Step::Read(1), 7, 8)];
        assert!(fits(&history, 1));
        let history = [once(Step::Write(1), 0, 10), once(Step::Read(1), 5, 6), once(Step::Read(0), 7, 8)];
        assert!(!fits(&history, 1));
    }

    #[test]
    fn a_read_sees_a_state_between_two_pending_writes() {
        let history = [once(Step::Write(1), 0, 20), once(Step::Write(2), 0, 20), once(Step::Read(1), 5, 30)];
        assert!(fits(&history, 2) && fits(&history, 1));
    }

    #[test]
    fn an_operation_of_unknown_outcome_may_have_happened_or_not() {
        let history = [timed(Step::Increment, 0, 10, Effect::Optional)];
        assert!(fits(&history, 0) && fits(&history, 1) && !fits(&history, 2));
    }

    #[test]
    fn a_repeated_operation_takes_effect_at_least_once_and_again_while_it_lasts() {
        let reset = timed(Step::Write(0), 0, 20, Effect::Repeated);
        let history = [reset.clone(), once(Step::Read(0), 1, 2), once(Step::Write(5), 3, 4)];
        assert!(fits(&history, 0) && fits(&history, 5));
        let after = [reset, once(Step::Write(5), 30, 40)];
        assert!(fits(&after, 5) && !fits(&after, 0));
        let before = [once(Step::Write(5), 0, 1), timed(Step::Write(0), 2, 3, Effect::Repeated)];
        assert!(fits(&before, 0) && !fits(&before, 5));
    }
}
