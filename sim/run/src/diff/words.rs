//! Display of two long values near their first difference.

/// Length up to which a text is shown in full.
const WHOLE: usize = 160;
/// Characters shown before the first difference.
const BEFORE: usize = 40;

/// Shortens two long texts to the parts around their first difference.
#[must_use]
pub fn around_the_difference(a: &str, b: &str) -> (String, String) {
    if a.chars().count().max(b.chars().count()) <= WHOLE {
        return (a.to_owned(), b.to_owned());
    }
    let same = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let from = same.saturating_sub(BEFORE);
    (cut(a, from), cut(b, from))
}

fn cut(text: &str, from: usize) -> String {
    let length = text.chars().count();
    let shown: String = text.chars().skip(from).take(WHOLE - BEFORE).collect();
    let before = if from > 0 { "..." } else { "" };
    let after = if length > from + WHOLE - BEFORE { "..." } else { "" };
    format!("{before}{shown}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_texts_are_whole_and_long_ones_begin_before_they_part() {
        assert_eq!(around_the_difference("[1]", "[2]"), ("[1]".to_owned(), "[2]".to_owned()));
        let long = |at: char| format!("{}{at}{}", "x".repeat(500), "y".repeat(500));
        let (a, b) = around_the_difference(&long('1'), &long('2'));
        assert_eq!(a.find('1'), b.find('2'));
        assert!(a.starts_with("...xxx") && a.ends_with("yyy...") && a.len() < WHOLE, "{a}");
        let (a, b) = around_the_difference(&"z".repeat(300), &"z".repeat(301));
        assert!(a != b && !a.ends_with("..."), "{a}\n{b}");
    }
}
