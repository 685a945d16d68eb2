//! Sizes in bytes, parsed and formatted for people.

use std::fmt;
use std::str::FromStr;

/// A number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(pub u64);

/// Units and their bytes.
const UNITS: [(&str, u64); 10] = [
    ("B", 1),
    ("KB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("KIB", 1 << 10),
    ("MIB", 1 << 20),
    ("GIB", 1 << 30),
    ("TIB", 1 << 40),
    ("", 1),
];

/// The format of a size, in words.
pub const FORM: &str = "a number above 0 with B, kB, MB, GB, TB, KiB, MiB, GiB or TiB, such as \"12GiB\" or \"500MB\"; a number without a unit means bytes";

/// A text that is not a size.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a size: write {FORM}")]
pub struct NotASize(pub String);

impl FromStr for Size {
    type Err = NotASize;

    fn from_str(text: &str) -> Result<Self, NotASize> {
        let refused = || NotASize(text.to_owned());
        let digits = text.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
        let (number, unit) = text.split_at(digits);
        let unit = unit.trim().to_ascii_uppercase();
        let (_, each) = UNITS.iter().find(|(name, _)| *name == unit).ok_or_else(refused)?;
        let bytes = number.parse::<f64>().map_err(|_| refused())? * *each as f64;
        if (1.0..=u64::MAX as f64).contains(&bytes) { Ok(Size(bytes as u64)) } else { Err(refused()) }
    }
}

impl fmt::Display for Size {
    /// Formats a size with up to three digits and a decimal unit.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let bytes = self.0 as f64;
        let (unit, each) = match self.0 {
            ..1_000 => return write!(f, "{} B", self.0),
            1_000..1_000_000 => ("kB", 1e3),
            1_000_000..1_000_000_000 => ("MB", 1e6),
            1_000_000_000..1_000_000_000_000 => ("GB", 1e9),
            _ => ("TB", 1e12),
        };
        let shown = bytes / each;
        let digits = if shown < 10.0 { 2 } else { usize::from(shown < 100.0) };
        write!(f, "{shown:.digits$} {unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_with_units_of_thousands_and_of_1024() {
        for (text, bytes) in [
            ("500MB", 500_000_000),
            ("12GiB", 12 << 30),
            ("1.5 GB", 1_500_000_000),
            ("64kb", 64_000),
            ("4096", 4096),
            ("7 B", 7),
        ] {
            assert_eq!(text.parse(), Ok(Size(bytes)), "{text}");
        }
        for text in ["", "GB", "-1GB", "0", "12 giga", "1e9x", "..", "99999999999TB"] {
            let message = text.parse::<Size>().unwrap_err().to_string();
            assert!(message.contains("12GiB"), "{message}");
        }
    }

    #[test]
    fn sizes_are_told_with_three_digits() {
        let text = |bytes: u64| Size(bytes).to_string();
        assert_eq!([text(999), text(1_234), text(56_789_000)], ["999 B", "1.23 kB", "56.8 MB"]);
        assert_eq!([text(789_000_000), text(12_884_901_888)], ["789 MB", "12.9 GB"]);
    }
}
