//! Least squares with non-negative coefficients.

/// Returns the x >= 0 that minimises |A x - y|². The arguments are the normal equations: `gram` is
/// A'A, row by row, and `right` is A'y.
///
/// A column of A gets the coefficient 0 if the column is zero or in the span of columns already in
/// use. Returns `None` if `gram` is not a square matrix with one row per value of `right`, or if a
/// value is not finite.
///
/// Source: C. L. Lawson and R. J. Hanson, Solving Least Squares Problems (1974), chapter 23, on the
/// normal equations as in R. Bro and S. de Jong, Journal of Chemometrics 11:393 (1997).
///
/// ```
/// use recsafe_stats::non_negative_least_squares;
/// // A = identity, y = (2, -1): the second coefficient would be negative.
/// let identity = [1.0, 0.0, 0.0, 1.0];
/// assert_eq!(non_negative_least_squares(&identity, &[2.0, -1.0]), Some(vec![2.0, 0.0]));
/// ```
#[must_use]
pub fn non_negative_least_squares(gram: &[f64], right: &[f64]) -> Option<Vec<f64>> {
    let n = right.len();
    let finite = gram.iter().chain(right).all(|value| value.is_finite());
    (gram.len() == n * n && finite).then(|| Search::new(gram, right).solve())
}

/// State of the search for the active set.
struct Search<'a> {
    gram: &'a [f64],
    right: &'a [f64],
    /// Current coefficients.
    x: Vec<f64>,
    /// Coefficients that are allowed to be positive, in the order in which they were added.
    used: Vec<usize>,
    /// Coefficients that cannot be added: their columns are in the span of the columns in use.
    barred: Vec<bool>,
    /// Gradients up to this value are treated as 0.
    tolerance: f64,
}

/// A pivot up to this fraction of its diagonal entry is treated as 0.
const SPANNED: f64 = 1e-12;

impl<'a> Search<'a> {
    fn new(gram: &'a [f64], right: &'a [f64]) -> Self {
        let n = right.len();
        let tolerance = 1e-12 * right.iter().fold(0.0_f64, |most, b| most.max(b.abs()));
        Search { gram, right, x: vec![0.0; n], used: Vec::new(), barred: vec![false; n], tolerance }
    }

    fn solve(mut self) -> Vec<f64> {
        // Each step reduces the distance, so no set of columns is used twice. The limit on steps
        // only guards against rounding errors.
        for _ in 0..30 * self.x.len() {
            let Some(next) = self.steepest() else { break };
            self.used.push(next);
            if self.settle() {
                self.barred.fill(false);
            } else {
                self.used.retain(|&i| i != next);
                self.x[next] = 0.0;
                self.barred[next] = true;
            }
        }
        self.x
    }

    /// Returns the unused coefficient whose increase reduces the distance fastest.
    fn steepest(&self) -> Option<usize> {
        let n = self.x.len();
        let gradient = |i: usize| self.right[i] - (0..n).map(|j| self.gram[i * n + j] * self.x[j]).sum::<f64>();
        (0..n)
            .filter(|i| !self.used.contains(i) && !self.barred[*i])
            .map(|i| (i, gradient(i)))
            .filter(|&(_, slope)| slope > self.tolerance)
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .map(|(i, _)| i)
    }

    /// Moves to the least-squares solution of the coefficients in use. Drops coefficients that
    /// would become negative. Returns `false` if the newest coefficient cannot be used.
    fn settle(&mut self) -> bool {
        let newest = self.used.last().copied();
        loop {
            let Some(wanted) = self.unconstrained() else { return false };
            // For each coefficient, the fraction of the way to the solution after which the
            // coefficient would become negative, or 1 if the coefficient can reach the solution.
            let x = &self.x;
            let limit = |i: usize, z: f64| if z > 0.0 { 1.0 } else { x[i] / (x[i] - z).max(f64::MIN_POSITIVE) };
            let limits: Vec<f64> = self.used.iter().zip(&wanted).map(|(&i, &z)| limit(i, z)).collect();
            let step = limits.iter().copied().fold(1.0, f64::min);
            let blocked = wanted.iter().any(|&z| z <= 0.0);
            for ((&i, &z), limit) in self.used.iter().zip(&wanted).zip(limits) {
                let stops = z <= 0.0 && limit <= step;
                self.x[i] = if stops { 0.0 } else { self.x[i] + step * (z - self.x[i]) };
            }
            if !blocked {
                return true;
            }
            let x = &self.x;
            self.used.retain(|&i| x[i] > 0.0);
            if newest.is_some_and(|i| !self.used.contains(&i)) {
                return false;
            }
        }
    }

    /// Solves the normal equations of the coefficients in use by Cholesky decomposition. Returns
    /// `None` if the solution is not unique.
    fn unconstrained(&self) -> Option<Vec<f64>> {
        let (n, m) = (self.x.len(), self.used.len());
        let mut root = vec![0.0; m * m];
        let mut z = vec![0.0; m];
        for i in 0..m {
            for j in 0..=i {
                let done: f64 = (0..j).map(|k| root[i * m + k] * root[j * m + k]).sum();
                let entry = self.gram[self.used[i] * n + self.used[j]];
                root[i * m + j] = if i == j {
                    let pivot = entry - done;
                    if pivot <= SPANNED * entry.abs() {
                        return None;
                    }
                    pivot.sqrt()
                } else {
                    (entry - done) / root[j * m + j]
                };
            }
            let done: f64 = (0..i).map(|k| root[i * m + k] * z[k]).sum();
            z[i] = (self.right[self.used[i]] - done) / root[i * m + i];
        }
        for i in (0..m).rev() {
            let done: f64 = (i + 1..m).map(|k| root[k * m + i] * z[k]).sum();
            z[i] = (z[i] - done) / root[i * m + i];
        }
        Some(z)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const COLUMNS: usize = 4;

    fn normal_equations(rows: &[[f64; COLUMNS]], y: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let column = |i: usize| rows.iter().map(move |row| row[i]);
        let product = |i: usize, j: usize| column(i).zip(column(j)).map(|(a, b)| a * b).sum::<f64>();
        let gram = (0..COLUMNS * COLUMNS).map(|at| product(at / COLUMNS, at % COLUMNS)).collect();
        (gram, (0..COLUMNS).map(|i| column(i).zip(y).map(|(a, b)| a * b).sum()).collect())
    }

    fn distance(rows: &[[f64; COLUMNS]], y: &[f64], x: &[f64]) -> f64 {
        let miss = |row: &[f64; COLUMNS], y: f64| row.iter().zip(x).map(|(a, x)| a * x).sum::<f64>() - y;
        rows.iter().zip(y).map(|(row, &y)| miss(row, y).powi(2)).sum()
    }

    /// Returns the best non-negative solution among the unconstrained solutions of all subsets of
    /// columns.
    fn by_brute_force(rows: &[[f64; COLUMNS]], y: &[f64]) -> f64 {
        let (gram, right) = normal_equations(rows, y);
        let mut best = distance(rows, y, &[0.0; COLUMNS]);
        for subset in 1_u32..1 << COLUMNS {
            let used: Vec<usize> = (0..COLUMNS).filter(|i| subset >> i & 1 == 1).collect();
            let search = Search { used: used.clone(), ..Search::new(&gram, &right) };
            let Some(z) = search.unconstrained().filter(|z| z.iter().all(|&z| z >= 0.0)) else { continue };
            let mut x = [0.0; COLUMNS];
            used.iter().zip(z).for_each(|(&i, z)| x[i] = z);
            best = best.min(distance(rows, y, &x));
        }
        best
    }

    proptest! {
        #[test]
        fn no_subset_of_columns_does_better(
            rows in prop::collection::vec(prop::array::uniform4(-3_i8..=3), 1..8),
            y in prop::collection::vec(-3_i8..=3, 8),
        ) {
            let rows: Vec<[f64; COLUMNS]> = rows.iter().map(|row| row.map(f64::from)).collect();
            let y: Vec<f64> = y[..rows.len()].iter().map(|&y| f64::from(y)).collect();
            let (gram, right) = normal_equations(&rows, &y);
            let x = non_negative_least_squares(&gram, &right).unwrap();
            prop_assert!(x.iter().all(|&x| x >= 0.0), "{x:?}");
            let (found, best) = (distance(&rows, &y, &x), by_brute_force(&rows, &y));
            prop_assert!((found - best).abs() < 1e-8, "{found} against {best} with {x:?}");
        }
    }

    #[test]
    fn columns_of_zeros_and_wrong_shapes() {
        assert_eq!(non_negative_least_squares(&[0.0, 0.0, 0.0, 4.0], &[0.0, 12.0]), Some(vec![0.0, 3.0]));
        assert_eq!(non_negative_least_squares(&[], &[]), Some(vec![]));
        assert_eq!(non_negative_least_squares(&[1.0], &[1.0, 2.0]), None);
        assert_eq!(non_negative_least_squares(&[f64::NAN], &[1.0]), None);
    }
}
