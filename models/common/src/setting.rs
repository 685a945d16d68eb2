//! Declared settings: a struct of knobs and the table that describes them, written once.
//!
//! [`settings!`](crate::settings) turns one declaration into the struct, its defaults, its serde form and its list of
//! [`Field`]s; defaults, range checks, the JSON Schema, `recsafe explain` and the docs are all derived from that list.

use serde_json::Value;

/// What a value may look like in an experiment file.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Integer,
    /// A whole number, or a list of them.
    IntegerOrList,
    /// A finite number; whole numbers are welcome.
    Number,
    /// Free text.
    Text,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A list of values of one shape.
    List(&'static Shape),
    /// A table of further settings.
    Table(fn() -> Vec<Field>),
    /// A table `{ kind = "...", ... }`: an entry of a catalogue with its knobs.
    Kind(fn() -> Vec<Entry>),
}

/// The numbers that a setting may take; both ends belong to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Smallest number allowed.
    pub low: f64,
    /// Largest number allowed.
    pub high: f64,
}

impl Bounds {
    /// Every finite number.
    pub const ANY: Bounds = Bounds { low: f64::NEG_INFINITY, high: f64::INFINITY };

    /// Whether `number` may be used; NaN never may.
    #[must_use]
    pub fn contain(self, number: f64) -> bool {
        self.low <= number && number <= self.high
    }
}

impl From<()> for Bounds {
    fn from((): ()) -> Self {
        Bounds::ANY
    }
}

impl From<std::ops::RangeInclusive<f64>> for Bounds {
    fn from(range: std::ops::RangeInclusive<f64>) -> Self {
        Bounds { low: *range.start(), high: *range.end() }
    }
}

impl From<std::ops::RangeInclusive<i32>> for Bounds {
    fn from(range: std::ops::RangeInclusive<i32>) -> Self {
        Bounds { low: f64::from(*range.start()), high: f64::from(*range.end()) }
    }
}

/// One setting: everything that a reader, a check or a schema may want to know of it.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its key in the file.
    pub name: &'static str,
    /// What it is, in sentences.
    pub about: &'static str,
    /// What its value looks like.
    pub shape: Shape,
    /// What each word means, if it is a choice or a list of choices.
    pub meanings: &'static [&'static str],
    /// Numbers allowed; for lists, of each item.
    pub bounds: Bounds,
    /// Unit, or an empty text.
    pub unit: &'static str,
    /// Where the default comes from: a publication, or the word "assumed".
    pub source: &'static str,
    /// Value when the file says nothing; `null` where there is none.
    pub default: Value,
    /// Whether only theory checks and replications of published models use it.
    pub for_checks: bool,
}

impl Field {
    /// The words that it may be, each with what it means; none if it is no choice, or nothing says what they mean.
    pub fn words(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let words: &'static [&'static str] = match self.shape {
            Shape::Choice(words) => words,
            Shape::List(Shape::Choice(words)) => words,
            _ => &[],
        };
        words.iter().copied().zip(self.meanings.iter().copied()).filter(|(_, meaning)| !meaning.is_empty())
    }

    /// The settings inside of a table, with the defaults that this table gives them; none if it is not a table. A table may have other
    /// defaults in one place than in another.
    #[must_use]
    pub fn inside(&self) -> Option<Vec<Field>> {
        let Shape::Table(fields) = self.shape else { return None };
        let here = |field: Field| {
            let for_checks = field.for_checks || self.for_checks;
            let default = self.default.get(field.name).cloned().unwrap_or(field.default);
            Field { default, for_checks, ..field }
        };
        Some(fields().into_iter().map(here).collect())
    }
}

/// `given` over `beneath`: tables are merged key by key, everything else is replaced.
#[must_use]
pub fn over(beneath: Value, given: Value) -> Value {
    match (beneath, given) {
        (Value::Object(mut all), Value::Object(given)) => {
            for (key, value) in given {
                match all.get_mut(&key) {
                    Some(old) => *old = over(old.take(), value),
                    None => drop(all.insert(key, value)),
                }
            }
            Value::Object(all)
        }
        (_, given) => given,
    }
}

/// One line of a catalogue, as help, schema, docs and checks see it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its `kind` in experiment files.
    pub id: &'static str,
    /// A short name for people.
    pub title: &'static str,
    /// What it is and does, with its source.
    pub about: &'static str,
    /// What it belongs with (a surface or a group of rules).
    pub family: &'static str,
    /// The points of the day at which it takes part.
    pub hooks: &'static [&'static str],
    /// Its knobs.
    pub knobs: Vec<Field>,
    /// The version, or a digest of the code, of one that another crate registered; none for what comes with the program.
    pub version: Option<&'static str>,
}

/// A type that a setting may have.
pub trait Setting {
    /// What its values look like in a file.
    const SHAPE: Shape;
    /// What each word of a choice means, in the order of the words; empty for what is no choice.
    const MEANINGS: &'static [&'static str] = &[];
}

macro_rules! shapes {
    ($($type:ty => $shape:expr),* $(,)?) => { $(impl Setting for $type { const SHAPE: Shape = $shape; })* };
}

shapes! {
    bool => Shape::Bool,
    u16 => Shape::Integer,
    u32 => Shape::Integer,
    i32 => Shape::Integer,
    u64 => Shape::Integer,
    f32 => Shape::Number,
    f64 => Shape::Number,
    String => Shape::Text,
}

impl<T: Setting> Setting for Option<T> {
    const SHAPE: Shape = T::SHAPE;
    const MEANINGS: &'static [&'static str] = T::MEANINGS;
}

impl<T: Setting> Setting for Vec<T> {
    const SHAPE: Shape = Shape::List(&T::SHAPE);
    const MEANINGS: &'static [&'static str] = T::MEANINGS;
}

/// A struct made by [`settings!`](crate::settings).
pub trait Knobs: Default + serde::Serialize + serde::de::DeserializeOwned {
    /// What the group is for, from its doc comment.
    const ABOUT: &'static str;

    /// Its settings, in the order of the declaration.
    fn fields() -> Vec<Field>;
}

/// The text of doc-comment lines as one trimmed paragraph per blank line; used by the macros of this crate.
#[must_use]
pub const fn about(text: &'static str) -> &'static str {
    text.trim_ascii()
}

/// A field's key in files: its name, without the mark of a name that is a keyword of Rust.
#[must_use]
pub const fn key(field: &'static str) -> &'static str {
    match field.as_bytes() {
        [b'r', b'#', ..] => field.split_at(2).1,
        _ => field,
    }
}

/// Declares a struct of settings together with its description.
///
/// Each field reads `name: type = default, bounds, "unit", "source";` with its doc comment above. Bounds are a range of
/// numbers that includes both ends, or `()` where numbers do not apply. `@checks` before the name marks a setting that only
/// theory checks and replications of published models use; help and docs list it apart.
///
/// ```
/// use recsafe_common::{settings, setting::Knobs};
/// settings! {
///     /// How long things last.
///     pub struct Lifetimes {
///         /// Days that a post may be recommended.
///         pub window: u32 = 14, 1..=365, "days", "assumed";
///     }
/// }
/// assert_eq!(Lifetimes::default().window, 14);
/// assert_eq!(Lifetimes::fields()[0].bounds.high, 365.0);
/// assert_eq!(Lifetimes::ABOUT, "How long things last.");
/// ```
#[macro_export]
macro_rules! settings {
    ($(#[doc = $about:literal])* $vis:vis struct $name:ident {
        $($(#[doc = $doc:literal])* $(@$mark:ident)? $fvis:vis $field:ident : $type:ty = $default:expr, $bounds:expr, $unit:literal, $source:literal;)*
    }) => {
        $(#[doc = $about])*
        #[derive(Clone, Debug, PartialEq, ::serde::Serialize, ::serde::Deserialize)]
        #[serde(default, deny_unknown_fields)]
        $vis struct $name {
            $($(#[doc = $doc])* #[doc = concat!("\n\nUnit: ", $unit, ". Default: `", stringify!($default), "` (", $source, "). Range: `", stringify!($bounds), "`.")] $fvis $field: $type,)*
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }

        impl $crate::setting::Knobs for $name {
            const ABOUT: &'static str = $crate::setting::about(concat!($($about, "\n",)* ""));

            fn fields() -> Vec<$crate::setting::Field> {
                #[allow(unused_variables, reason = "a group may have no field")]
                let defaults = Self::default();
                vec![$($crate::setting::Field {
                    name: $crate::setting::key(stringify!($field)),
                    about: $crate::setting::about(concat!($($doc, "\n",)* "")),
                    shape: <$type as $crate::setting::Setting>::SHAPE,
                    meanings: <$type as $crate::setting::Setting>::MEANINGS,
                    bounds: $crate::setting::Bounds::from($bounds),
                    unit: $unit,
                    source: $source,
                    default: $crate::setting::json(&defaults.$field),
                    for_checks: $crate::is_for_checks!($($mark)?),
                },)*]
            }
        }

        impl $crate::setting::Setting for $name {
            const SHAPE: $crate::setting::Shape = $crate::setting::Shape::Table(<$name as $crate::setting::Knobs>::fields);
        }
    };
}

/// Whether a setting is marked with `@checks`; used by [`settings!`](crate::settings).
#[doc(hidden)]
#[macro_export]
macro_rules! is_for_checks {
    () => {
        false
    };
    (checks) => {
        true
    };
}

/// Declares an enum whose values are words of the experiment file, in kebab case.
///
/// ```
/// use recsafe_common::{choices, setting::{Setting, Shape}};
/// choices! {
///     /// Who may see a post.
///     pub enum Audience {
///         /// Anybody.
///         Everyone = "everyone",
///         /// Those who follow the creator.
///         Followers = "followers",
///     }
/// }
/// assert_eq!(Audience::Followers.name(), "followers");
/// assert!(matches!(Audience::SHAPE, Shape::Choice(["everyone", "followers"])));
/// assert_eq!(Audience::MEANINGS, ["Anybody.", "Those who follow the creator."]);
/// ```
#[macro_export]
macro_rules! choices {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[doc = $says:literal])* $variant:ident = $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize)]
        $vis enum $name { $($(#[doc = $says])* #[serde(rename = $word)] $variant,)* }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// The word for it in files and tables.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $($name::$variant => $word,)* }
            }
        }

        impl $crate::setting::Setting for $name {
            const SHAPE: $crate::setting::Shape = $crate::setting::Shape::Choice(&[$($word,)*]);
            const MEANINGS: &'static [&'static str] = &[$($crate::setting::about(concat!($($says, "\n",)* "")),)*];
        }
    };
}

/// The JSON form of a default; used by [`settings!`](crate::settings).
#[must_use]
pub fn json<T: serde::Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_fields_name_without_the_mark_of_a_keyword() {
        assert_eq!(["r#type", "r", "rate", "x#y"].map(key), ["type", "r", "rate", "x#y"]);
    }

    crate::settings! {
        /// Sides.
        struct Sides {
            /// Left.
            left: f64 = 1.0, 0.0..=9.0, "", "";
            /// Right.
            right: f64 = 2.0, 0.0..=9.0, "", "";
        }
    }

    crate::settings! {
        /// A table with defaults of its own in it.
        struct Outer {
            /// Sides of another default.
            sides: Sides = Sides { right: 0.0, ..Sides::default() }, (), "", "";
        }
    }

    #[test]
    fn settings_inside_of_a_table_have_the_defaults_of_that_table() {
        let sides = Outer::fields().remove(0);
        let defaults: Vec<Value> = sides.inside().unwrap().into_iter().map(|field| field.default).collect();
        assert_eq!(defaults, [1.0, 0.0]);
        assert!(Sides::fields()[0].inside().is_none(), "a number has nothing inside");
    }

    #[test]
    fn a_table_over_another_keeps_what_it_does_not_name() {
        let beneath = serde_json::json!({ "a": { "b": 1, "c": 2 }, "d": [1, 2] });
        let given = serde_json::json!({ "a": { "c": 3 }, "d": [4] });
        assert_eq!(over(beneath, given), serde_json::json!({ "a": { "b": 1, "c": 3 }, "d": [4] }));
    }

    #[test]
    fn text_of_a_doc_comment_has_no_space_around_it() {
        assert_eq!(about(" First line.\n Second line.\n"), "First line.\n Second line.");
    }
}
