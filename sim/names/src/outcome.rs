//! Outcomes: a metric, or `metric@group`.

use crate::{Names, kind};

impl Names {
    /// An outcome under its present names.
    #[must_use]
    pub fn outcome(&self, text: &str) -> String {
        match text.split_once('@') {
            Some((metric, group)) => {
                format!("{}@{}", self.name(kind::METRIC, metric), self.name(kind::GROUP, group))
            }
            None => self.name(kind::METRIC, text).to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_parts_of_an_outcome_are_named_anew() {
        let names = Names::parse("kind,id,name,older\nmetric,a,b,\ngroup,c,d,e\n").unwrap();
        assert_eq!(["a@c", "b@e", "a", "x@y", "@"].map(|text| names.outcome(text)), ["b@d", "b@d", "b", "x@y", "@"]);
    }
}
