//! Text for a terminal: broken between words, set side by side.

/// Breaks a text between words into lines of at most `width` characters; lines after the first begin with `indent`. A word that is
/// longer than a line stands alone, and a sign of per cent stays with its number.
#[must_use]
pub fn wrap(text: &str, width: usize, indent: &str) -> Vec<String> {
    let (mut lines, mut line, mut is_empty) = (Vec::new(), String::new(), true);
    let bound = text.replace(" %", TIED_PER_CENT);
    for word in bound.split(' ') {
        if !is_empty && length(&line) + 1 + length(word) > width {
            lines.push(std::mem::replace(&mut line, indent.to_owned()));
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    lines.push(line);
    lines.into_iter().map(|line| line.replace(TIED_PER_CENT, " %")).collect()
}

/// A sign of per cent behind a space at which no line breaks.
const TIED_PER_CENT: &str = "\u{a0}%";

/// Two columns of lines as one: the left one filled up to `width` characters, then `between`, then the right one.
#[must_use]
pub fn side_by_side(left: &[String], right: &[String], width: usize, between: &str) -> Vec<String> {
    let line = |row: usize| {
        let [left, right] = [left, right].map(|column| column.get(row).map_or("", String::as_str));
        let gap = " ".repeat(width.saturating_sub(length(left)));
        format!("{left}{gap}{between}{right}").trim_end().to_owned()
    };
    (0..left.len().max(right.len())).map(line).collect()
}

/// Number of characters.
fn length(text: &str) -> usize {
    text.chars().count()
}

/// Words in a row: `a`, `a and b`, `a, b and c`.
#[must_use]
pub fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [word] => word.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_a_row() {
        let words = ["a", "b", "c"].map(str::to_owned);
        assert_eq!([listed(&words[..0]), listed(&words[..1]), listed(&words)], ["", "a", "a, b and c"]);
    }

    #[test]
    fn lines_break_between_words_and_keep_their_indent() {
        assert_eq!(wrap("one two three", 7, "  "), ["one two", "  three"]);
        assert_eq!(wrap("  - one two", 7, "    "), ["  - one", "    two"]);
        assert_eq!(wrap("", 7, "  "), [""]);
        assert_eq!(wrap("by 95 % or so", 6, ""), ["by", "95 %", "or so"]);
    }

    #[test]
    fn a_long_word_stands_alone() {
        assert_eq!(wrap("a unreasonably b", 5, ""), ["a", "unreasonably", "b"]);
    }

    #[test]
    fn columns_may_differ_in_length() {
        let lines = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(side_by_side(&lines("a,bb"), &lines("x"), 3, " | "), ["a   | x", "bb  |"]);
        assert_eq!(side_by_side(&lines("é"), &lines("x,y"), 2, "|"), ["é |x", "  |y"]);
    }
}
