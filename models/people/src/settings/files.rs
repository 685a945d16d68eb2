//! `[population.graph]` and `[population.interactions]`: files that follows and likes at the start come from.

use recsafe_common::{choices, settings};

choices! {
    /// What stands between two columns of a text file.
    pub enum Delimiter {
        /// `,`
        Comma = "comma",
        /// A tab, as in the edge lists of SNAP.
        Tab = "tab",
        /// `;`
        Semicolon = "semicolon",
        /// One space.
        Space = "space",
    }
}

impl Delimiter {
    /// Its byte in a file.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Delimiter::Comma => b',',
            Delimiter::Tab => b'\t',
            Delimiter::Semicolon => b';',
            Delimiter::Space => b' ',
        }
    }
}

choices! {
    /// What becomes of a row that is wrong.
    pub enum OnBadRow {
        /// The file is refused, and its first bad rows are named.
        Refuse = "refuse",
        /// The row is left out and counted, by reason.
        Skip = "skip",
    }
}

settings! {
    /// A file with whom accounts follow at the start, in place of a graph that is grown: `docs/real-graphs.md`.
    pub struct GraphFile {
        /// Path of a file with one follow a row, relative to the experiment file. Parquet if its name ends in `.parquet`, else text: CSV, or an edge list as SNAP publishes them. Accounts are the ids in the file. None: the graph is grown by `[graph]`.
        pub file: Option<String> = None, (), "", "none: the graph is grown";
        /// Column of who follows: its name, or its number counted from 1.
        pub from: String = "1".to_owned(), (), "", "the first column, as in edge lists of SNAP";
        /// Column of who is followed, likewise.
        pub to: String = "2".to_owned(), (), "", "the second column, as in edge lists of SNAP";
        /// Whether the first row of a text file has the names of columns.
        pub header: bool = true, (), "", "as CSV files usually have; edge lists of SNAP have none";
        /// What stands between columns of a text file.
        pub delimiter: Delimiter = Delimiter::Comma, (), "", "as in CSV files; a tab in edge lists of SNAP";
        /// Whether a row is a tie without a direction: both follow each other.
        pub undirected: bool = false, (), "", "a follow has a direction";
        /// What becomes of a row that is wrong, a follow of oneself or one that stands there twice among them.
        pub on_bad_row: OnBadRow = OnBadRow::Refuse, (), "", "nothing is left out unasked";
    }
}

settings! {
    /// A file with who liked what before the first day, which interests and activity are taken from: `docs/real-graphs.md`.
    pub struct InteractionsFile {
        /// Path of a file with one like a row, relative to the experiment file; Parquet or text, as with `population.graph`. Beside a graph file an account must be in that; without one, accounts are the ids here. None: interests and activity are drawn.
        pub file: Option<String> = None, (), "", "none: interests and activity are drawn";
        /// Column of the account: its name, or its number counted from 1.
        pub account: String = "1".to_owned(), (), "", "the first column";
        /// Column of what it liked, likewise.
        pub item: String = "2".to_owned(), (), "", "the second column";
        /// Whether the first row of a text file has the names of columns.
        pub header: bool = true, (), "", "as CSV files usually have";
        /// What stands between columns of a text file.
        pub delimiter: Delimiter = Delimiter::Comma, (), "", "as in CSV files";
        /// Whether interests come from the likes: accounts that like the same items care for the same topics.
        pub interests: bool = true, (), "", "reflective random indexing: Cohen, Schvaneveldt and Widdows 2010";
        /// Whether activity comes from the likes: sessions a day in proportion to the number of likes plus one half, with the mean that `behavior` says.
        pub activity: bool = true, (), "", "assumed";
        /// What becomes of a row that is wrong, a like that stands there twice among them.
        pub on_bad_row: OnBadRow = OnBadRow::Refuse, (), "", "nothing is left out unasked";
    }
}
