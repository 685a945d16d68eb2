//! Communities: groups of accounts that mostly follow each other. Communities differ in the ages of
//! their members.

use recsafe_common::draw::{DrawPurpose, Draws};
use recsafe_common::ids::AccountId;
use recsafe_common::key::{About, Who};
use statrs::function::beta::beta_reg;

use super::ranked;
use crate::behavior::logistic;
use crate::settings::Graph;

/// Assignment of accounts to communities.
#[derive(Clone, Debug)]
pub(super) struct Communities {
    /// Community of each account.
    pub of: Vec<u32>,
    /// Members of each community.
    pub members: Vec<Vec<u32>>,
}

impl Communities {
    /// Assigns accounts in random order to communities of about equal size.
    pub fn new(accounts: usize, graph: &Graph, draws: Draws) -> Self {
        let count = (accounts / graph.community_size as usize).max(1);
        let mut of = vec![0; accounts];
        let mut members = vec![Vec::new(); count];
        for (position, id) in ranked(0..accounts, draws, DrawPurpose::Community).into_iter().enumerate() {
            let community = position * count / accounts.max(1);
            of[id] = community as u32;
            members[community].push(id as u32);
        }
        Communities { of, members }
    }

    /// Divides an existing graph into patches of neighbours. The direction of follows is ignored.
    /// Each patch starts at the next unassigned account in random order. A patch grows
    /// breadth-first until it contains `community_size` accounts or has no unassigned neighbours.
    pub fn patches(follows: &[Vec<u32>], graph: &Graph, draws: Draws) -> Self {
        const NONE: u32 = u32::MAX;
        let followers = turned(follows);
        let mut of = vec![NONE; follows.len()];
        let mut members: Vec<Vec<u32>> = Vec::new();
        for start in ranked(0..follows.len(), draws, DrawPurpose::Community) {
            if of[start] != NONE {
                continue;
            }
            let community = members.len() as u32;
            of[start] = community;
            let mut patch = vec![start as u32];
            let mut next = 0;
            while next < patch.len() && patch.len() < graph.community_size as usize {
                let from = patch[next] as usize;
                for &to in follows[from].iter().chain(&followers[from]) {
                    if of[to as usize] == NONE && patch.len() < graph.community_size as usize {
                        of[to as usize] = community;
                        patch.push(to);
                    }
                }
                next += 1;
            }
            members.push(patch);
        }
        Communities { of, members }
    }
}

/// Returns the followers of each account, ascending.
fn turned(follows: &[Vec<u32>]) -> Vec<Vec<u32>> {
    let mut followers = vec![Vec::new(); follows.len()];
    for (from, list) in follows.iter().enumerate() {
        for &to in list {
            followers[to as usize].push(from as u32);
        }
    }
    followers
}

/// Numbers of steps of the table in u and in m. u is the random number of an account, and m is the
/// overall share of minors.
const U_STEPS: usize = 192;
const M_STEPS: usize = 96;

/// Returns the entry share of each account. The entry share is the smallest overall share of
/// minors, m, at which the account is a minor.
///
/// Each community has a random number v, and each account a random number u. The minors' share of a
/// community is the v-quantile of Beta(m k, (1 - m) k), where k is `mixing`. An account is a minor
/// if the minors' share of its community exceeds u. The share exceeds u if `I_u(m k, (1 - m) k)` <=
/// v. `I_u` decreases with m, so an account that is a minor at one m is a minor at every larger m.
pub(super) fn entry_shares(communities: &Communities, mixing: f64, draws: Draws) -> Vec<f64> {
    let table = Table::new(mixing);
    communities
        .of
        .iter()
        .enumerate()
        .map(|(id, &community)| {
            let v = draws.at(DrawPurpose::CommunityShare, Who::Community(community), About::Nothing, 0).unit();
            let u = draws.at(DrawPurpose::RoleRank, AccountId(id as u32), About::Step(1), 0).unit();
            table.entry(u, v)
        })
        .collect()
}

struct Table {
    rows: Vec<[f64; M_STEPS]>,
}

/// Returns a grid point in m. The grid is finer towards 0, because most worlds have a small share
/// of minors.
fn m_at(step: usize) -> f64 {
    let x = (step as f64 + 0.5) / M_STEPS as f64;
    x * x
}

/// Returns a grid point in u. The grid is dense at both ends, because Beta distributions with small
/// parameters are concentrated there.
fn u_at(step: usize) -> f64 {
    logistic(24.0 * ((step as f64 + 0.5) / U_STEPS as f64 - 0.5))
}

fn u_step(u: f64) -> usize {
    let z = libm::log(u.max(1e-12) / (1.0 - u).max(1e-12));
    ((z / 24.0 + 0.5) * U_STEPS as f64).clamp(0.0, U_STEPS as f64 - 1.0) as usize
}

impl Table {
    fn new(mixing: f64) -> Self {
        let row = |u: usize| {
            std::array::from_fn(|m| {
                beta_reg((m_at(m) * mixing).max(1e-9), ((1.0 - m_at(m)) * mixing).max(1e-9), u_at(u))
            })
        };
        Table { rows: (0..U_STEPS).map(row).collect() }
    }

    /// Returns the m at which `I_u` decreases to `v`, by linear interpolation between grid points.
    fn entry(&self, u: f64, v: f64) -> f64 {
        let row = &self.rows[u_step(u)];
        let after = row.partition_point(|&cumulative| cumulative > v);
        if after == 0 {
            return m_at(0) * u; // below the grid, u determines the order
        }
        if after == M_STEPS {
            return m_at(M_STEPS - 1) + (1.0 - m_at(M_STEPS - 1)) * u;
        }
        let (high, low) = (row[after - 1], row[after]);
        m_at(after - 1) + (m_at(after) - m_at(after - 1)) * (high - v) / (high - low).max(f64::MIN_POSITIVE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_grid_of_shares_covers_all_and_is_finer_towards_0() {
        let steps: Vec<f64> = (0..M_STEPS).map(m_at).collect();
        assert!(steps[0] > 0.0 && steps[0] < 1e-3 && steps[M_STEPS - 1] > 0.98 && steps[M_STEPS - 1] < 1.0);
        let gaps: Vec<f64> = steps.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(gaps[0] > 0.0 && gaps.is_sorted());
    }

    #[test]
    fn a_place_of_the_grid_in_u_is_its_own_step() {
        assert!((0..U_STEPS).all(|step| u_step(u_at(step)) == step));
        assert_eq!((u_step(0.0), u_step(1.0)), (0, U_STEPS - 1));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn an_entry_share_solves_its_equation(step in 20..U_STEPS - 20, v in 0.02..0.98_f64, mixing in prop_oneof![Just(0.6), Just(5.0), Just(50.0)]) {
            let (table, u) = (Table::new(mixing), u_at(step));
            let m = table.entry(u, v);
            prop_assert!(m > 0.0 && m < 1.0);
            // Between grid points the result is interpolated. So v is between the values of `I_u`
            // at the two neighbouring grid points.
            let at = |m: f64| beta_reg((m * mixing).max(1e-9), ((1.0 - m) * mixing).max(1e-9), u);
            let below = (0..M_STEPS).map(m_at).filter(|&position| position <= m).fold(0.0, f64::max);
            let above = (0..M_STEPS).map(m_at).filter(|&position| position > m).fold(1.0, f64::min);
            prop_assert!(below == 0.0 || at(below) >= v - 1e-9, "I({below}) = {} and v = {v}", at(below));
            prop_assert!(above == 1.0 || at(above) <= v + 1e-9, "I({above}) = {} and v = {v}", at(above));
        }

        #[test]
        fn with_more_luck_of_its_own_an_account_enters_later(v in 0.0..1.0_f64, one in 0.001..0.999_f64, other in 0.001..0.999_f64) {
            let table = Table::new(0.6);
            let (less, more) = (one.min(other), one.max(other));
            prop_assert!(table.entry(less, v) <= table.entry(more, v) + 0.05);
        }
    }

    #[test]
    fn half_way_between_two_places_of_the_grid_is_half_way_between_their_shares() {
        let (table, step) = (Table::new(5.0), U_STEPS / 2);
        for m in (0..M_STEPS - 1).step_by(10) {
            let (high, low) = (table.rows[step][m], table.rows[step][m + 1]);
            assert!(high > low, "I falls with m");
            let found = table.entry(u_at(step), f64::midpoint(high, low));
            assert!((found - f64::midpoint(m_at(m), m_at(m + 1))).abs() < 1e-9, "{found} at step {m}");
        }
    }

    #[test]
    fn beyond_the_grid_luck_keeps_an_order() {
        let table = Table::new(0.6);
        let entries = |v: f64, lucks: [f64; 3]| lucks.map(|u| table.entry(u, v));
        let low = entries(1.0, [0.1, 0.4, 0.8]);
        assert!(low.is_sorted() && low[0] < low[2] && low[2] < m_at(0), "{low:?} lie below the grid");
        let high = entries(0.0, [0.999_999, 0.999_999_9, 1.0]);
        assert!(high.is_sorted() && high[0] > m_at(M_STEPS - 2) && high[2] <= 1.0, "{high:?} lie at its end");
    }
}
