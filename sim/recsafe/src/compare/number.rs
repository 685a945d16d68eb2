//! Numbers as people read them. Files keep every digit; tables and sentences keep those that carry meaning.

/// Four significant digits: `0.0123`, `5.312`, `1234`; very small and very large ones as `1.234e-7`.
pub(crate) fn plain(number: f64) -> String {
    let size = number.abs();
    if size == 0.0 {
        return "0".to_owned();
    }
    if !(1e-4..1e7).contains(&size) {
        return format!("{number:.3e}");
    }
    let decimals = (3 - size.log10().floor() as i32).max(0) as usize;
    let written = format!("{number:.decimals$}");
    if written.contains('.') { written.trim_end_matches('0').trim_end_matches('.').to_owned() } else { written }
}

/// The same with its sign, for differences.
pub(super) fn signed(number: f64) -> String {
    if number > 0.0 { format!("+{}", plain(number)) } else { plain(number) }
}

/// A fraction in per cent, signed, without the sign of per cent: `-20.3`, `+0.42`, `0`.
pub(super) fn per_cent(fraction: f64) -> String {
    let number = 100.0 * fraction;
    match number.abs() {
        0.0 => "0".to_owned(),
        ..0.005 => "0.00".to_owned(),
        ..1.0 => format!("{number:+.2}"),
        ..1000.0 => format!("{number:+.1}"),
        _ => format!("{number:+.0}"),
    }
}

/// A probability or p value: `0.031`, `<0.001`, `>0.999`.
pub(super) fn probability(p: f64) -> String {
    match p {
        ..0.001 => "<0.001".to_owned(),
        ..=0.999 => format!("{p:.3}"),
        1.0.. => "1".to_owned(),
        _ => ">0.999".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_digits_carry_the_meaning() {
        let written = [0.0, 0.012_342, 5.3, 1234.56, -0.5, 1.2343e-7, 9.9999, 12_345_678.0].map(plain);
        assert_eq!(written, ["0", "0.01234", "5.3", "1235", "-0.5", "1.234e-7", "10", "1.235e7"]);
        assert_eq!([0.25, -0.25, 0.0].map(signed), ["+0.25", "-0.25", "0"]);
    }

    #[test]
    fn small_changes_keep_more_digits() {
        assert_eq!([-0.2034, 0.0042, 0.0, -1e-6, 25.0].map(per_cent), ["-20.3", "+0.42", "0", "0.00", "+2500"]);
        assert_eq!([0.0, 0.0312, 0.9995, 1.0].map(probability), ["<0.001", "0.031", ">0.999", "1"]);
    }
}
