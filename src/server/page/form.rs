//! The *form* is what people type a search into: filled with what was asked, also where that did not work.

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::server::params::Pairs;

/// Characters of a query shown before and after a mistake in it.
const AROUND: usize = 40;

/// The search form, filled.
#[derive(Default, Serialize)]
pub(super) struct Form {
    query: String,
    from: String,
    to: String,
    /// Parameters that have no box of their own.
    kept: Pairs,
}

impl Form {
    pub(super) fn of(pairs: &Pairs) -> Self {
        let boxes = ["q", "from", "to"];
        let typed = |name: &str| {
            let value = pairs.iter().find(|(n, value)| n == name && !value.trim().is_empty());
            value.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let kept = pairs.iter().filter(|(name, value)| {
            !boxes.contains(&name.as_str()) && name != "offset" && !value.trim().is_empty()
        });
        Self { query: typed("q"), from: typed("from"), to: typed("to"), kept: kept.cloned().collect() }
    }

    /// The query about a position, in characters from 0, and a line below that points there.
    pub(super) fn caret(&self, position: usize) -> String {
        let shown = |c: char| if c.is_control() { ' ' } else { c };
        let start = position.saturating_sub(AROUND);
        let mark = |cut: bool| if cut { "…" } else { "" };
        let before: String = self.query.chars().take(position).skip(start).map(shown).collect();
        let after: String = self.query.chars().skip(position).take(AROUND).map(shown).collect();
        let before = format!("{}{before}", mark(start > 0));
        let end = mark(self.query.chars().nth(position.saturating_add(AROUND)).is_some());
        format!("{before}{after}{end}\n{}^", " ".repeat(before.width()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caret_stands_under_the_mistake() {
        let long = "a".repeat(100);
        let cut = format!("…{}{}…\n{}^", "a".repeat(40), "a".repeat(40), " ".repeat(41));
        for (query, position, expected) in [
            ("(oil", 0, "(oil\n^"),
            ("oil (gas", 4, "oil (gas\n    ^"),
            ("北京 (", 3, "北京 (\n     ^"),
            ("a\tb )", 4, "a b )\n    ^"),
            ("oil", 9, "oil\n   ^"),
            (&long, 50, &cut),
        ] {
            let form = Form::of(&vec![("q".to_owned(), query.to_owned())]);
            assert_eq!(form.caret(position), expected, "{query}");
        }
    }
}
