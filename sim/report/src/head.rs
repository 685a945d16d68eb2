//! The head of all pages. Pages load nothing from the network. The head gives the program and the
//! version that made the page.

use maud::{Markup, PreEscaped, html};

use super::study::Study;

/// Returns the head of a page with this title and style sheet.
pub(super) fn head(study: &Study, title: &str, style: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="generator" content={ "recsafe " (study.manifest.version) };
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="referrer" content="no-referrer";
            title { (title) }
            style { (PreEscaped(style)) }
        }
    }
}
