//! Enforcement: detection, reports, review, sanctions and appeals, in a fixed order.

mod detection;
mod flaggers;
mod removal;
mod reports;
mod review;
mod sanctions;
mod spread;
mod state;

pub use state::{Appeal, EnforcementState, RemovedAccount};

use recsafe_common::ids::{AccountId, Day, PostId, PostIdentity};
use recsafe_common::key::Who;
use recsafe_common::observed::Visibility;
use recsafe_platform::enforcement::{Item, Sanction, Source, Subject};

use super::day_log::{DayLog, Report};
use super::{Rules, World};
use crate::measure::{Action, Decision, Kind, Recorder};

/// State of one day of enforcement.
pub(super) struct Enforcing<'a> {
    world: &'a mut World,
    rules: &'a Rules,
    recorder: &'a mut Recorder,
    day: Day,
}

/// Reason for an action.
#[derive(Clone, Copy, Debug)]
struct Reason {
    /// Cause.
    source: Source,
    /// Number of days since the cause.
    waited: Day,
    /// Whether the action is correct: the account or the post in question violates.
    rightly: bool,
}

/// Starts a day: ends expired sanctions, lets strikes lapse, and decides appeals.
pub(super) fn begin_day(world: &mut World, rules: &Rules, recorder: &mut Recorder) {
    let mut enforcing = Enforcing::new(world, rules, recorder);
    enforcing.end_sanctions();
    enforcing.decide_appeals();
}

/// Ends a day: adds today's detections and reports to the queue, applies removals without review,
/// and reviews the queue.
pub(super) fn enforce(world: &mut World, rules: &Rules, log: &DayLog, contact: &[Report], recorder: &mut Recorder) {
    let mut enforcing = Enforcing::new(world, rules, recorder);
    enforcing.score_accounts();
    enforcing.flag_posts();
    enforcing.take_reports(log, contact);
    enforcing.take_test_reports();
    enforcing.take_flaggers_reports();
    enforcing.remove_at_constant_hazard();
    enforcing.take_down_by_half_life();
    enforcing.spread_removals();
    enforcing.forget_ties();
    enforcing.send_waves();
    enforcing.review();
}

/// Limits an ordinary account by mistake: ban-evasion detection took the account's holder for the
/// holder of a removed account.
pub(super) fn limit_by_mistake(world: &mut World, rules: &Rules, account: AccountId, recorder: &mut Recorder) {
    let mut enforcing = Enforcing::new(world, rules, recorder);
    let limited = enforcing.sanction_policy_of(account).limited_days;
    let reason =
        Reason { source: Source::BanEvasionDetection, waited: 0, rightly: enforcing.world.people.violates(account) };
    let sanction = Sanction::Limited(limited);
    enforcing.restrict(account, sanction, reason);
    // The sanction starts in the morning, so today is its first day.
    enforcing.world.enforcement_state.ends.insert(account, enforcing.day + limited as Day);
    enforcing.may_appeal(account, sanction.standing(), false, reason.rightly);
}

impl<'a> Enforcing<'a> {
    fn new(world: &'a mut World, rules: &'a Rules, recorder: &'a mut Recorder) -> Self {
        let day = world.observed.day;
        Enforcing { world, rules, recorder, day }
    }

    /// Returns whether the subject of an item violates the rules. A post that is no longer live
    /// counts as not violating.
    fn violates(&self, subject: Subject) -> bool {
        match subject {
            Subject::Account(account) => self.world.people.violates(account),
            Subject::Post(post) => self.index_of(post).is_some_and(|post_index| self.is_harmful(post_index)),
            Subject::Test(_) => false,
        }
    }

    fn is_harmful(&self, post_index: usize) -> bool {
        self.rules.harm.is_harmful(self.world.truth[post_index].severity)
    }

    /// Returns the number of a subject. A subject has the same number in every arm.
    fn identity(&self, subject: Subject) -> u64 {
        let who = match subject {
            Subject::Account(account) => Who::Account(account),
            Subject::Post(post) => self.index_of(post).map_or(Who::Nobody, |post_index| {
                let posts = &self.world.observed.posts;
                let (creator, sequence) = (posts.rows()[post_index].creator, posts.counters()[post_index].sequence);
                Who::QueuedPost(PostIdentity { creator, sequence })
            }),
            Subject::Test(number) => Who::QueuedTest(number),
        };
        who.bits()
    }

    fn index_of(&self, post: PostId) -> Option<usize> {
        self.world.observed.posts.index_of(post)
    }

    /// Returns whether an item no longer needs a decision, because its account is sanctioned or its
    /// post is taken down.
    fn is_settled(&self, item: &Item) -> bool {
        let sanctioned = |account: AccountId| !self.world.observed.accounts.is_free(account);
        let taken_down = match item.subject {
            Subject::Post(post) => self.index_of(post).is_some_and(|post_index| {
                self.world.observed.posts.counters()[post_index].restricted == Visibility::Nobody
            }),
            _ => false,
        };
        taken_down || item.holder.is_some_and(sanctioned)
    }

    /// Records an action against a post. The argument `counts` is true for the first action against
    /// this post.
    fn act_on_post(&mut self, post_index: usize, kind: Kind, reason: Reason, decision: Decision, counts: bool) {
        let Reason { source, waited, rightly: truly_violating } = reason;
        let posts = &self.world.observed.posts;
        let (target, post) = (posts.rows()[post_index].creator, Some(posts.counters()[post_index].sequence));
        let action = Action { day: self.day, target, post, kind, source, waited, decision, truly_violating };
        self.recorder.acted(&action, counts);
    }

    /// Records an action against an account and returns it.
    fn act(&mut self, target: AccountId, kind: Kind, reason: Reason, decision: Decision) -> Action {
        let Reason { source, waited, rightly: truly_violating } = reason;
        let action = Action { day: self.day, target, post: None, kind, source, waited, decision, truly_violating };
        self.recorder.acted(&action, true);
        action
    }
}
