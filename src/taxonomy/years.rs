//! *Years* are a row of spans of years in which something holds: `1979-1990`, `2012-`, `2009-2017|2021-2025`.

/// Spans of years, both ends included. No span at all means always.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Years(Vec<(i16, i16)>);

impl Years {
    /// Reads spans with `|` between. A single year is a span of its own; an open end is for ever.
    ///
    /// # Errors
    /// Says what is wrong and what to write instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let spans = text.split('|').map(str::trim).filter(|span| !span.is_empty());
        spans.map(|span| parse_span(span).ok_or_else(|| wrong(span))).collect::<Result<_, _>>().map(Self)
    }

    /// Whether they hold in that year; always where the year is not known.
    pub fn hold(&self, year: Option<i16>) -> bool {
        let Some(year) = year else { return true };
        self.0.is_empty() || self.0.iter().any(|&(from, to)| (from..=to).contains(&year))
    }

    /// Whether they have an end.
    pub fn are_over(&self) -> bool {
        self.0.last().is_some_and(|&(_, to)| to < i16::MAX)
    }
}

fn parse_span(text: &str) -> Option<(i16, i16)> {
    let year = |text: &str, open: i16| match text.trim() {
        "" => Some(open),
        digits if digits.len() == 4 => digits.parse().ok(),
        _ => None,
    };
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    let (from, to) = (year(from, i16::MIN)?, year(to, i16::MAX)?);
    (from <= to).then_some((from, to))
}

fn wrong(span: &str) -> String {
    format!("'{span}' is no span of years: write 1979-1990, 2012- or 1990")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, inside: &[i16], outside: &[i16]) {
        let years = Years::parse(text).unwrap();
        assert!(years.hold(None));
        for year in inside {
            assert!(years.hold(Some(*year)), "{text} should hold in {year}");
        }
        for year in outside {
            assert!(!years.hold(Some(*year)), "{text} should not hold in {year}");
        }
    }

    #[test]
    fn spans_hold_from_end_to_end() {
        check("", &[1600, 2024], &[]);
        check("1979-1990", &[1979, 1985, 1990], &[1978, 1991]);
        check("2012-", &[2012, 2030], &[2011]);
        check("1990", &[1990], &[1989, 1991]);
        check("2000-2008|2012-", &[2004, 2020], &[2010]);
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["1990-1979", "90-95", "now", "1990-now"] {
            assert!(Years::parse(text).unwrap_err().contains("no span of years"), "{text}");
        }
    }
}
