//! Nonlinear least squares by damped Gauss-Newton steps, in a box.
//!
//! Sources: K. Levenberg (1944), Quarterly of Applied Mathematics 2; D. W. Marquardt (1963), An
//! Algorithm for Least-Squares Estimation of Nonlinear Parameters, SIAM Journal 11. Parameters are
//! scaled to [0, 1]. The step d solves
//!
//! ```text
//! (A + damping diag A) d = -(J' r + ridge^2 (u - start)),   A = J' J + ridge^2 I
//! ```
//!
//! Here r contains the residuals, and J contains their derivatives by finite differences. If no
//! residual determines a parameter, a weak pull keeps the parameter at its start. A parameter at a
//! bound is excluded from a step that would push it out of the box.
//!
//! Sums are computed item by item, in order. The products of `ndarray` add in a different order on
//! different machines, which would change the steps of a fit.

use ndarray::Array2;

/// Options of the search.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Search {
    /// Maximum number of iterations.
    pub iterations: u32,
    /// Initial damping; larger values give shorter steps.
    pub damping: f64,
    /// Size of a finite difference, as a share of a parameter's range; the step must be large
    /// enough for its effect to exceed the noise.
    pub step: f64,
    /// Weight of the pull towards the start: the residual that is added if a parameter moves over
    /// its whole range.
    pub ridge: f64,
}

/// The objective: the sum of squared residuals, and the pull towards the start.
pub trait Residuals {
    /// Error of an evaluation.
    type Error;

    /// Returns the residuals at each of these points. An implementation is allowed to evaluate the
    /// points in parallel. Returns `None` if the search was stopped.
    ///
    /// # Errors
    /// If an evaluation fails.
    fn at(&mut self, points: &[Vec<f64>]) -> Result<Option<Vec<Vec<f64>>>, Self::Error>;

    /// Records the state of the search. The first call records the start.
    ///
    /// # Errors
    /// If the state cannot be recorded.
    fn note(&mut self, stand: &Stand) -> Result<(), Self::Error>;
}

/// State of the search.
#[derive(Clone, Debug, PartialEq)]
pub struct Stand {
    /// The best point so far.
    pub point: Vec<f64>,
    /// Residuals at the best point.
    pub residuals: Vec<f64>,
    /// Sum of the squared residuals and of the pull towards the start.
    pub distance: f64,
    /// Damping of the step to this point.
    pub damping: f64,
}

/// Result of the search.
#[derive(Clone, Debug, PartialEq)]
pub struct Optimum {
    /// The best point.
    pub best: Stand,
    /// The last point from which steps were tried: the best point, or the point before it.
    pub from: Vec<f64>,
    /// Derivatives at that point: one row per parameter, one column per residual.
    pub jacobian: Array2<f64>,
    /// The points of the finite differences, by parameter.
    pub beside: Vec<Vec<f64>>,
}

/// Multiples of the current damping. Each iteration tries all multiples in parallel and keeps the
/// best result.
const TRIALS: [f64; 3] = [0.2, 1.0, 5.0];
/// Growth of the damping after an iteration without a better point. With this factor, no damping is
/// tried twice: the smallest damping of the next iteration is 5 times the largest damping of the
/// last iteration.
const SHORTER: f64 = 125.0;
/// The search ends after this number of consecutive iterations without a better point.
const PATIENCE: u32 = 2;
/// The search ends if the best point of an iteration reduces the distance by less than this share.
const GAIN: f64 = 1e-3;

/// Searches from `start`. Returns `None` if the search was stopped.
///
/// # Errors
/// If an evaluation fails, or the state cannot be recorded.
pub fn minimise<R: Residuals>(start: &[f64], search: &Search, all: &mut R) -> Result<Option<Optimum>, R::Error> {
    let Some(mut found) = all.at(&[start.to_vec()])? else { return Ok(None) };
    let stand = |point: Vec<f64>, residuals: Vec<f64>, damping: f64| {
        let distance = squares(&residuals) + search.ridge.powi(2) * squares(&difference(&point, start));
        Stand { point, residuals, distance, damping }
    };
    let mut best = stand(start.to_vec(), found.remove(0), search.damping);
    all.note(&best)?;
    let Some(mut slope) = Slope::at(&best, search.step, all)? else { return Ok(None) };
    let (mut damping, mut idle) = (search.damping, 0);
    for iteration in 1..=search.iterations {
        let pull: Vec<f64> = difference(&best.point, start).iter().map(|d| search.ridge.powi(2) * d).collect();
        let trials: Vec<(f64, Vec<f64>)> = TRIALS
            .iter()
            .map(|factor| (factor * damping, slope.trial(&best, &pull, search.ridge, factor * damping)))
            .collect();
        let points: Vec<Vec<f64>> = trials.iter().map(|(_, point)| point.clone()).collect();
        let Some(found) = all.at(&points)? else { return Ok(None) };
        let tried = trials.into_iter().zip(found).map(|((damping, point), residuals)| stand(point, residuals, damping));
        let before = best.distance;
        if let Some(better) =
            tried.filter(|trial| trial.distance < before).min_by(|a, b| a.distance.total_cmp(&b.distance))
        {
            (damping, idle, best) = (better.damping, 0, better);
        } else {
            damping *= SHORTER;
            idle += 1;
        }
        all.note(&best)?;
        // Derivatives need one world per parameter, so they are computed only if a step uses them.
        if iteration == search.iterations || idle == PATIENCE || (idle == 0 && before - best.distance < GAIN * before) {
            break;
        }
        if idle == 0 {
            let Some(next) = Slope::at(&best, search.step, all)? else { return Ok(None) };
            slope = next;
        }
    }
    Ok(Some(Optimum { best, from: slope.from, jacobian: slope.jacobian, beside: slope.beside }))
}

/// Derivatives at a point.
struct Slope {
    from: Vec<f64>,
    jacobian: Array2<f64>,
    beside: Vec<Vec<f64>>,
}

impl Slope {
    fn at<R: Residuals>(stand: &Stand, step: f64, all: &mut R) -> Result<Option<Slope>, R::Error> {
        let beside: Vec<Vec<f64>> = (0..stand.point.len())
            .map(|parameter| {
                let mut point = stand.point.clone();
                point[parameter] += if point[parameter] + step <= 1.0 { step } else { -step };
                point
            })
            .collect();
        let Some(found) = all.at(&beside)? else { return Ok(None) };
        let jacobian = Array2::from_shape_fn((beside.len(), stand.residuals.len()), |(parameter, residual)| {
            let length = beside[parameter][parameter] - stand.point[parameter];
            (found[parameter][residual] - stand.residuals[residual]) / length
        });
        Ok(Some(Slope { from: stand.point.clone(), jacobian, beside }))
    }

    /// Returns the point after one damped step.
    fn trial(&self, stand: &Stand, pull: &[f64], ridge: f64, damping: f64) -> Vec<f64> {
        let rows = self.jacobian.rows().into_iter();
        let gradient: Vec<f64> = rows.zip(pull).map(|(row, pull)| dot(row, &stand.residuals) + pull).collect();
        let mut free: Vec<usize> = (0..stand.point.len()).collect();
        loop {
            let step = self.step(&free, &gradient, ridge, damping);
            let leaves = |(&parameter, step): (&usize, &f64)| {
                let position = stand.point[parameter];
                (position <= 0.0 && *step < 0.0) || (position >= 1.0 && *step > 0.0)
            };
            let retained: Vec<usize> =
                free.iter().zip(&step).filter(|&pair| !leaves(pair)).map(|(&parameter, _)| parameter).collect();
            if retained.len() == free.len() {
                let mut point = stand.point.clone();
                for (&parameter, step) in free.iter().zip(&step) {
                    point[parameter] = (point[parameter] + step).clamp(0.0, 1.0);
                }
                return point;
            }
            free = retained;
        }
    }

    /// Returns the damped step of the free parameters.
    fn step(&self, free: &[usize], gradient: &[f64], ridge: f64, damping: f64) -> Vec<f64> {
        let of = |position: usize| self.jacobian.row(free[position]);
        let mut matrix = Array2::from_shape_fn((free.len(), free.len()), |(row, column)| dot(of(row), of(column)));
        // The minimum keeps the matrix regular if a parameter has no effect and there is no ridge.
        // The step of such a parameter is 0 with any minimum.
        matrix.diag_mut().mapv_inplace(|square| ((square + ridge * ridge) * (1.0 + damping)).max(1e-12));
        let right = free.iter().map(|&parameter| -gradient[parameter]).collect();
        solve(matrix, right)
    }
}

/// Solves a symmetric positive definite system by Cholesky decomposition, in place.
fn solve(mut matrix: Array2<f64>, mut right: Vec<f64>) -> Vec<f64> {
    let n = right.len();
    for row in 0..n {
        for column in 0..=row {
            let done: f64 = (0..column).map(|inner| matrix[[row, inner]] * matrix[[column, inner]]).sum();
            let rest = matrix[[row, column]] - done;
            // Rounding can make a pivot 0 or slightly negative.
            matrix[[row, column]] =
                if row == column { rest.max(1e-300).sqrt() } else { rest / matrix[[column, column]] };
        }
    }
    for row in 0..n {
        let done: f64 = (0..row).map(|inner| matrix[[row, inner]] * right[inner]).sum();
        right[row] = (right[row] - done) / matrix[[row, row]];
    }
    for row in (0..n).rev() {
        let done: f64 = (row + 1..n).map(|inner| matrix[[inner, row]] * right[inner]).sum();
        right[row] = (right[row] - done) / matrix[[row, row]];
    }
    right
}

fn dot<'a>(a: impl IntoIterator<Item = &'a f64>, b: impl IntoIterator<Item = &'a f64>) -> f64 {
    a.into_iter().zip(b).map(|(a, b)| a * b).sum()
}

fn squares(a: &[f64]) -> f64 {
    dot(a, a)
}

fn difference(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Known<F> {
        residuals: F,
        distances: Vec<f64>,
        evaluated: usize,
    }

    impl<F: Fn(&[f64]) -> Vec<f64>> Residuals for Known<F> {
        type Error = ();

        fn at(&mut self, points: &[Vec<f64>]) -> Result<Option<Vec<Vec<f64>>>, ()> {
            assert!(points.iter().flatten().all(|position| (0.0..=1.0).contains(position)), "within the bounds");
            self.evaluated += points.len();
            Ok(Some(points.iter().map(|point| (self.residuals)(point)).collect()))
        }

        fn note(&mut self, stand: &Stand) -> Result<(), ()> {
            self.distances.push(stand.distance);
            Ok(())
        }
    }

    fn search(residuals: impl Fn(&[f64]) -> Vec<f64>, start: &[f64], ridge: f64) -> (Vec<f64>, Vec<f64>) {
        let mut known = Known { residuals, distances: Vec::new(), evaluated: 0 };
        let search = Search { iterations: 60, damping: 0.1, step: 1e-4, ridge };
        let optimum = minimise(start, &search, &mut known).unwrap().unwrap();
        (optimum.best.point, known.distances)
    }

    #[test]
    fn a_curved_valley_is_followed_to_its_end() {
        // Rosenbrock's function, scaled so that its minimum is at (0.6, 0.36).
        let valley = |u: &[f64]| vec![10.0 * (u[1] - u[0] * u[0]), 0.6 - u[0]];
        let (point, distances) = search(valley, &[0.05, 0.9], 0.0);
        assert!((point[0] - 0.6).abs() < 1e-3 && (point[1] - 0.36).abs() < 1e-3, "{point:?}");
        assert!(distances.is_sorted_by(|a, b| a >= b), "never further away");
    }

    #[test]
    fn a_minimum_outside_is_sought_at_the_bound() {
        // Without bounds the minimum is (1.5, 0.25); at the bound u0 = 1 the best u1 is 0.5.
        let (point, _) = search(|u| vec![u[0] - 1.5, u[0] + 2.0 * u[1] - 2.0], &[0.4, 0.9], 0.0);
        assert!((point[0] - 1.0).abs() < 1e-9 && (point[1] - 0.5).abs() < 1e-3, "{point:?}");
    }

    #[test]
    fn no_step_is_tried_twice() {
        // Finite differences find a slope, but the start is the best point on this grid.
        let mut tried: Vec<Vec<f64>> = Vec::new();
        let seen = std::cell::RefCell::new(&mut tried);
        let residuals = |u: &[f64]| {
            seen.borrow_mut().push(u.to_vec());
            vec![if u[0] == 0.5 { 1.0 } else { 2.0 + u[0] }]
        };
        let mut known = Known { residuals, distances: Vec::new(), evaluated: 0 };
        let search = Search { iterations: 2, damping: 0.1, step: 0.1, ridge: 0.0 };
        minimise(&[0.5], &search, &mut known).unwrap().unwrap();
        let evaluated = known.evaluated;
        tried.sort_by(|a, b| a[0].total_cmp(&b[0]));
        tried.dedup_by(|a, b| (a[0] - b[0]).abs() < 1e-9);
        assert_eq!((evaluated, tried.len()), (8, 8), "a start, a difference, and twice three trials");
    }

    #[test]
    fn what_nothing_identifies_stays() {
        let (point, _) = search(|u| vec![3.0 * (u[0] - 0.2)], &[0.7, 0.3], 0.01);
        assert!((point[0] - 0.2).abs() < 1e-2, "{point:?}");
        assert_eq!(point[1], 0.3);
    }

    #[test]
    fn no_iteration_is_the_start_with_its_slope() {
        let mut known = Known { residuals: |u: &[f64]| vec![2.0 * u[0], -u[0]], distances: Vec::new(), evaluated: 0 };
        let search = Search { iterations: 0, damping: 0.1, step: 0.1, ridge: 0.0 };
        let optimum = minimise(&[0.95], &search, &mut known).unwrap().unwrap();
        assert_eq!(optimum.best.point, [0.95]);
        assert!((optimum.jacobian[[0, 0]] - 2.0).abs() < 1e-9 && (optimum.jacobian[[0, 1]] + 1.0).abs() < 1e-9);
        assert!(optimum.beside[0][0] < 0.95, "near the upper bound differences go down");
        assert_eq!(known.evaluated, 2);
    }
}
