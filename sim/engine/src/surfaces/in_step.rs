//! Serving accounts in step, for rankers that score several requests at once.
//!
//! In round r, every account makes its r-th request of the day. All requests for the same ranker
//! form one batch. Accounts do not observe each other within the phase, and their random draws are
//! separate. Results therefore do not depend on the order in which accounts are served. Outputs are
//! merged in account order.
//!
//! A batch depends only on the chunk, the accounts of the chunk and the number of live posts.
//! Batches do not depend on threads.

use recsafe_platform::ranking::Unscored;
use recsafe_platform::sources::CandidateGenerator;

use super::feed::{Proposed, unscored};
use super::{AccountDay, Output, RequestWorkspace, Scratch, SurfaceServer, ViewerState};
use crate::phase::{Phase, Watch};
use crate::{CHUNK, DayError};

/// Memory limit per thread, in bytes. The limit applies to the data that each account served in
/// step needs for every post.
const ROOM: usize = 16 << 20;
/// Smallest number of accounts served in step. With many live posts, this minimum can exceed the
/// memory limit.
const FEWEST: usize = 8;

/// Returns the number of accounts that are served in step if `posts` posts are live. The number is
/// the chunk size. In large worlds, the chunk size is halved until the accounts need little enough
/// memory.
pub(super) fn in_step(posts: usize) -> usize {
    let halves = std::iter::successors(Some(CHUNK), |accounts| Some(accounts / 2));
    let fits = |accounts: &usize| *accounts <= FEWEST || accounts * CandidateGenerator::bytes_of_posts(posts) <= ROOM;
    halves.into_iter().find(fits).unwrap_or(FEWEST)
}

impl SurfaceServer<'_> {
    /// Serves several accounts on every surface.
    pub(super) fn serve_in_step(
        &self,
        states: Vec<ViewerState>,
        scratch: &mut Scratch,
        output: &mut Output,
    ) -> Result<(), DayError> {
        let Scratch { suggestions, searcher, workspaces } = scratch;
        workspaces.resize_with(workspaces.len().max(states.len()), RequestWorkspace::default);
        let mut watch = Watch::start();
        let mut outputs: Vec<Output> = states.iter().map(|_| Output::of_one()).collect();
        let visits = states
            .into_iter()
            .zip(&mut *workspaces)
            .zip(&mut outputs)
            .map(|((state, workspace), output)| self.begin_account_day(state, suggestions, workspace, output));
        let mut visits: Vec<Option<AccountDay>> = visits.collect::<Result<_, _>>()?;
        output.times.add(Phase::People, watch.lap());
        let mut round = Vec::new();
        while self.propose_all(&mut visits, workspaces, &mut round) {
            self.score_round(&round, &visits, workspaces)?;
            let asked = round.iter().zip(&mut visits).zip(&mut *workspaces).zip(&mut outputs);
            for (((proposed, account_day), workspace), output) in asked {
                if let (Some(proposed), Some(account_day)) = (proposed, account_day) {
                    self.complete_request(proposed, account_day, workspace, output)?;
                }
            }
        }
        output.times.add(Phase::Feed, watch.lap());
        for ((account_day, workspace), mut of_one) in visits.into_iter().zip(workspaces).zip(outputs) {
            if let Some(account_day) = account_day {
                self.end_account_day(account_day, searcher, workspace, &mut of_one);
            }
            output.add(of_one, &self.rules.harm);
        }
        output.times.add(Phase::Search, watch.lap());
        Ok(())
    }

    /// Starts a round with the next request of each account. Returns whether there is any request.
    fn propose_all<'a>(
        &'a self,
        visits: &mut [Option<AccountDay>],
        workspaces: &mut [RequestWorkspace],
        round: &mut Vec<Option<Proposed<'a>>>,
    ) -> bool {
        round.clear();
        round.extend(
            visits
                .iter_mut()
                .zip(workspaces)
                .map(|(account_day, workspace)| account_day.as_mut().and_then(|it| self.propose(it, workspace))),
        );
        round.iter().any(Option::is_some)
    }

    /// Scores the requests of a round. Requests with the same ranker are scored together if the
    /// ranker scores batches. All other requests are scored one by one.
    ///
    /// # Errors
    /// If a ranker fails. If several accounts have a failure, the error describes the first
    /// account.
    fn score_round(
        &self,
        round: &[Option<Proposed>],
        visits: &[Option<AccountDay>],
        workspaces: &mut [RequestWorkspace],
    ) -> Result<(), DayError> {
        let mut failures = Vec::new();
        for (index, proposed) in round.iter().enumerate() {
            let (Some(Proposed { by, .. }), Some(account_day)) = (proposed, &visits[index]) else { continue };
            let is_same = |other: &Option<Proposed>| other.as_ref().is_some_and(|other| other.by.is(by));
            if !by.ranker.batches() {
                failures.extend(self.score(*by, account_day, &mut workspaces[index]).err());
            } else if !round[..index].iter().any(is_same) {
                let asked =
                    round.iter().zip(visits).zip(&mut *workspaces).filter(|((proposed, _), _)| is_same(proposed));
                let mut batch: Vec<Unscored> = asked
                    .filter_map(|((_, account_day), workspace)| Some(unscored(account_day.as_ref()?, workspace)))
                    .collect();
                failures.extend(self.score_all(*by, &mut batch).err());
            }
        }
        failures.into_iter().min_by_key(|failure| failure.account).map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fewer_are_served_in_step_where_more_posts_are_live() {
        let accounts = [0, 1_000, 1 << 20, (1 << 20) + 64, 1 << 21, 1 << 23, 1 << 27].map(in_step);
        assert_eq!(accounts, [64, 64, 64, 32, 32, 8, 8]);
    }
}
