//! Tests that keyed draws look random. Draws in thousands of streams must be uniform, and draws
//! with neighbouring keys must be uncorrelated.

use recsafe_common::draw::{Draw, DrawPurpose, Draws};
use recsafe_common::ids::{AccountId, PostIdentity};
use recsafe_common::key::{About, Who};

/// Number of streams in the test, one per account.
const STREAMS: u64 = 4_000;
/// Number of draws per stream.
const EACH: u64 = 256;
const BINS: usize = 64;

/// Returns the chi-square of 256 draws in 64 bins. If draws are uniform, the mean of chi-square is
/// 63 and its variance is 126.
fn chi_square(mut value: impl FnMut(u64) -> f64) -> f64 {
    let mut counts = [0.0_f64; BINS];
    for n in 0..EACH {
        counts[(value(n) * BINS as f64) as usize] += 1.0;
    }
    let expected = EACH as f64 / BINS as f64;
    counts.iter().map(|count| (count - expected).powi(2) / expected).sum()
}

/// Fails unless the mean chi-square of thousands of streams is close to 63. The mean is
/// approximately normal, so |z| > 5 happens by chance in one of two million tests.
fn assert_mean_chi_square(name: &str, of_stream: impl Fn(u64) -> f64) {
    let statistics: Vec<f64> = (0..STREAMS).map(of_stream).collect();
    let mean = statistics.iter().sum::<f64>() / STREAMS as f64;
    let variance = statistics.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / STREAMS as f64;
    let z = (mean - 63.0) / (126.0 / STREAMS as f64).sqrt();
    assert!(z.abs() < 5.0, "{name}: mean chi-square {mean}, z {z}");
    assert!((90.0..170.0).contains(&variance), "{name}: the variance of chi-square is {variance}, not about 126");
}

#[test]
fn draws_are_uniform_along_every_part_of_the_key() {
    let draws = Draws::new(1);
    let like = |draws: Draws, who, about, when| {
        draws.at(DrawPurpose::Like, Who::Case(who), About::Nth(about as u32), when).unit()
    };
    assert_mean_chi_square("about", |who| chi_square(|n| like(draws, who, n, 0)));
    assert_mean_chi_square("who", |about| chi_square(|n| like(draws, n, about, 0)));
    assert_mean_chi_square("when", |who| chi_square(|n| like(draws, who, 7, n as i32 - 100)));
    assert_mean_chi_square("seed", |who| chi_square(|n| like(Draws::new(n), who, 7, 3)));
    assert_mean_chi_square("creator and sequence", |who| {
        let post = |n| PostIdentity { creator: AccountId(n as u32), sequence: who as u32 % 3 };
        chi_square(|n| draws.at(DrawPurpose::View, Who::Case(who), About::Post(post(n)), 0).unit())
    });
    assert_mean_chi_square("one draw's own sequence", |who| {
        let mut draw = draws.at(DrawPurpose::Like, Who::Case(who), About::Nothing, 0);
        chi_square(|_| draw.unit())
    });
}

/// Returns the correlation of two columns of uniform numbers, and its standard error 1 / sqrt(n).
fn correlation(pairs: impl Iterator<Item = (f64, f64)>) -> (f64, f64) {
    let (mut n, mut sum) = (0.0_f64, 0.0);
    for (a, b) in pairs {
        n += 1.0;
        sum += (a - 0.5) * (b - 0.5) * 12.0;
    }
    (sum / n, 1.0 / n.sqrt())
}

type Neighbour<'a> = Box<dyn Fn(u64, u64) -> f64 + 'a>;

#[test]
fn neighbouring_keys_are_uncorrelated() {
    let draws = Draws::new(2);
    let of = |draws: Draws, purpose, who, about, when| {
        draws.at(purpose, Who::Case(who), About::Nth(about as u32), when).unit()
    };
    let at = |purpose, who, about, when| of(draws, purpose, who, about, when);
    let keys = || (0..2_000_u64).flat_map(|who| (0..100_u64).map(move |about| (who, about)));
    let neighbours: [(&str, Neighbour); 6] = [
        ("next account", Box::new(|who, about| at(DrawPurpose::Like, who + 1, about, 0))),
        ("next post", Box::new(|who, about| at(DrawPurpose::Like, who, about + 1, 0))),
        ("next day", Box::new(|who, about| at(DrawPurpose::Like, who, about, 1))),
        ("another decision", Box::new(|who, about| at(DrawPurpose::Share, who, about, 0))),
        ("another seed", Box::new(|who, about| of(Draws::new(3), DrawPurpose::Like, who, about, 0))),
        ("parts swapped", Box::new(|who, about| at(DrawPurpose::Like, about, who, 0))),
    ];
    for (name, neighbour) in &neighbours {
        let pairs = keys()
            .filter(|(who, about)| who != about)
            .map(|(who, about)| (at(DrawPurpose::Like, who, about, 0), neighbour(who, about)));
        let (found, error) = correlation(pairs);
        assert!(found.abs() < 5.0 * error, "{name}: correlation {found}, standard error {error}");
    }
}

#[test]
fn every_bit_is_set_half_of_the_time() {
    let draws = Draws::new(4);
    let mut set = [0_u32; 64];
    for who in 0..20_000 {
        let bits = draws.at(DrawPurpose::View, Who::Case(who), About::Nothing, 0).bits();
        (0..64).for_each(|index| set[index] += u32::from(bits >> index & 1 == 1));
    }
    for (index, &count) in set.iter().enumerate() {
        let z = (f64::from(count) - 10_000.0) / 5_000.0_f64.sqrt();
        assert!(z.abs() < 5.0, "bit {index} is set in {count} of 20,000");
    }
}

#[test]
fn distributions_have_their_moments() {
    let draws = Draws::new(5);
    let moments = |of: &dyn Fn(&mut Draw) -> f64| {
        let values: Vec<f64> =
            (0..100_000).map(|n| of(&mut draws.at(DrawPurpose::Dwell, Who::Case(n), About::Nothing, 0))).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        (mean, values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / values.len() as f64)
    };
    let close = |(mean, variance): (f64, f64), expected_mean: f64, expected_variance: f64| {
        let error = (expected_variance / 100_000.0_f64).sqrt();
        assert!((mean - expected_mean).abs() < 5.0 * error, "mean {mean}, not {expected_mean}");
        assert!((variance / expected_variance - 1.0).abs() < 0.05, "variance {variance}, not {expected_variance}");
    };
    close(moments(&|draw| draw.normal()), 0.0, 1.0);
    close(moments(&|draw| draw.exponential()), 1.0, 1.0);
    close(moments(&|draw| f64::from(draw.poisson(2.5))), 2.5, 2.5);
    close(moments(&|draw| draw.beta(2, 4)), 1.0 / 3.0, 8.0 / (36.0 * 7.0));
    close(moments(&|draw| draw.below(10) as f64), 4.5, 8.25);
}

#[test]
fn rand_works_on_draws() {
    use rand::RngExt;
    let draws = Draws::new(6);
    let mean = (0..10_000)
        .map(|who| draws.at(DrawPurpose::Like, Who::Case(who), About::Nothing, 0).random::<f64>())
        .sum::<f64>()
        / 10_000.0;
    assert!((mean - 0.5).abs() < 5.0 * (1.0 / 120_000.0_f64).sqrt());
}
