//! A *table* is a tab-separated dictionary file with a header line and `#` comments.

use crate::taxonomy::TaxonomyError;

/// One line of a table.
pub(crate) struct Row<'a> {
    file: &'a str,
    line: usize,
    header: &'static [&'static str],
    cells: Vec<&'a str>,
}

/// The rows of a table whose first line must be `header`. Comments and blank lines are left out.
pub(crate) fn rows<'a>(
    text: &'a str,
    file: &'a str,
    header: &'static [&'static str],
) -> Result<Vec<Row<'a>>, TaxonomyError> {
    let mut lines =
        text.trim_start_matches('\u{feff}').lines().zip(1..).filter(|(line, _)| !is_comment(line));
    let (first, line) = lines.next().unwrap_or(("", 1));
    if !first.split('\t').map(str::trim).eq(header.iter().copied()) {
        let reason = format!("the header must be, with tabs between: {}", header.join(" "));
        return Err(TaxonomyError::Mistake { file: file.to_owned(), line, reason });
    }
    lines.map(|(text, line)| row(text, line, file, header)).collect()
}

/// The header of a table and those of its lines that may hold a folded name: all where it is not in Latin letters.
pub(crate) fn lines_holding(text: &str, header: &[&str], folded: &str) -> String {
    let mut plain = String::new();
    let mut may_hold = |line: &str| {
        fold_latin(line, &mut plain);
        plain.contains(folded)
    };
    let mut kept = String::new();
    for line in text.lines() {
        let is_header = line.trim_start_matches('\u{feff}').starts_with(header[0]);
        if is_header || !folded.is_ascii() || may_hold(line) {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// Folds Latin letters as [`crate::article::fold`] does; what is no Latin letter becomes a NUL.
fn fold_latin(text: &str, folded: &mut String) {
    folded.clear();
    for c in text.chars() {
        if c.is_ascii() {
            folded.push(c.to_ascii_lowercase());
            continue;
        }
        let mut base = None;
        if c < '\u{2000}' {
            unicode_normalization::char::decompose_compatible(c, |part| {
                base = base.or(Some(part));
            });
        }
        folded.push(base.filter(char::is_ascii).map_or('\0', |c| c.to_ascii_lowercase()));
    }
}

fn is_comment(line: &str) -> bool {
    line.starts_with('#') || line.trim().is_empty()
}

fn row<'a>(
    text: &'a str,
    line: usize,
    file: &'a str,
    header: &'static [&'static str],
) -> Result<Row<'a>, TaxonomyError> {
    let cells: Vec<&str> = text.split('\t').map(str::trim).collect();
    let row = Row { file, line, header, cells };
    if row.cells.len() > header.len() {
        let (found, wanted) = (row.cells.len(), header.len());
        return Err(row.mistake(format!("{found} columns where there are {wanted}: {}", header.join(" "))));
    }
    Ok(row)
}

impl<'a> Row<'a> {
    /// The cell of a column, empty where the line ends before it.
    pub(crate) fn cell(&self, column: &str) -> &'a str {
        let at = self.header.iter().position(|name| *name == column);
        at.and_then(|at| self.cells.get(at).copied()).unwrap_or_default()
    }

    /// The cell of a column, which must not be empty.
    pub(crate) fn needed(&self, column: &str) -> Result<&'a str, TaxonomyError> {
        let cell = self.cell(column);
        if cell.is_empty() { Err(self.mistake(format!("the column '{column}' is empty"))) } else { Ok(cell) }
    }

    /// The items of a column that is a list with `|` between.
    pub(crate) fn list(&self, column: &str) -> impl Iterator<Item = &'a str> {
        self.cell(column).split('|').map(str::trim).filter(|item| !item.is_empty())
    }

    /// The items of a list of names, each of which must hold a letter.
    pub(crate) fn names(&self, column: &str) -> Result<Vec<&'a str>, TaxonomyError> {
        let check = |item: &'a str| match item.chars().any(char::is_alphabetic) {
            true => Ok(item),
            false => Err(self.mistake(format!("'{item}' in the column '{column}' holds no letter"))),
        };
        self.list(column).map(check).collect()
    }

    /// What is wrong with this line.
    pub(crate) fn mistake(&self, reason: String) -> TaxonomyError {
        TaxonomyError::Mistake { file: self.file.to_owned(), line: self.line, reason }
    }
}
