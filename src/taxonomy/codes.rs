//! *Topic codes* are what other archives call topics in the tags of their articles: `medtop:20000574`, `Elections`, `crude`.

use std::collections::BTreeMap;

use crate::article::fold;
use crate::taxonomy::TaxonomyError;
use crate::taxonomy::table::rows;

/// Topics by the codes and names that other archives' own tags have for them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TopicCodes {
    codes: BTreeMap<String, Code>,
    /// The paths, by folded name.
    names: BTreeMap<String, String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Code {
    path: String,
    /// The source in whose articles it means that; empty for every one.
    source: String,
}

impl TopicCodes {
    /// Reads a mapping of `mappings/`, with tabs between: `code` and `topic`, with or without `source`, or `name` and
    /// `topic`. A code is written as it is, and means that in the articles of its source or, where there is none, of any;
    /// the case of a name is no matter.
    ///
    /// # Errors
    /// The first line that lacks one of the first two, or repeats a code or name.
    pub fn parse(text: &str, file: &str) -> Result<Self, TaxonomyError> {
        let mut all = Self::default();
        let is_header = |line: &&str| !line.starts_with('#') && !line.trim().is_empty();
        let header = text.trim_start_matches('\u{feff}').lines().find(is_header).unwrap_or_default();
        if header.starts_with("name") {
            for row in rows(text, file, &["name", "topic"])? {
                let name = row.needed("name")?;
                if all.names.insert(fold(name), row.needed("topic")?.to_owned()).is_some() {
                    return Err(row.mistake(format!("'{name}' stands on two lines")));
                }
            }
            return Ok(all);
        }
        let columns: &'static [&'static str] =
            if header.contains("source") { &["code", "topic", "source"] } else { &["code", "topic"] };
        for row in rows(text, file, columns)? {
            let code = row.needed("code")?;
            let meant = Code { path: row.needed("topic")?.to_owned(), source: fold(row.cell("source")) };
            if all.codes.insert(code.to_owned(), meant).is_some() {
                return Err(row.mistake(format!("'{code}' stands on two lines")));
            }
        }
        Ok(all)
    }

    /// Adds a mapping; what it says again, it says anew.
    pub fn extend(&mut self, more: Self) {
        self.codes.extend(more.codes);
        self.names.extend(more.names);
    }

    /// The path of the topic that a tag of an article of this source means, if it is known: by the code, also where a
    /// scheme stands before it (`medtop:20000574`, `http://cv.iptc.org/newscodes/mediatopic/20000574`), else by the name.
    pub fn path(&self, given: &str, source: Option<&str>) -> Option<&str> {
        let given = given.trim();
        let bare = given.rsplit([':', '/']).next().filter(|bare| is_news_code(bare)).unwrap_or(given);
        let code = self.codes.get(bare).or_else(|| above(bare).find_map(|above| self.codes.get(&above)));
        let code =
            code.filter(|code| code.source.is_empty() || source.map(fold).as_ref() == Some(&code.source));
        code.map(|code| &code.path).or_else(|| self.names.get(&fold(given))).map(String::as_str)
    }

    /// The paths of all topics named.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.codes.values().map(|code| code.path.as_str()).chain(self.names.values().map(String::as_str))
    }
}

/// Eight digits, as the Media Topics and the Subject Codes of the IPTC are.
fn is_news_code(text: &str) -> bool {
    text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit())
}

/// The Subject Codes above one, the nearest first: their first two and five digits are those of the fields above.
fn above(code: &str) -> impl Iterator<Item = String> {
    let is_subject = is_news_code(code) && code.starts_with(['0', '1']);
    [5, 2]
        .into_iter()
        .filter(move |_| is_subject)
        .map(move |kept| format!("{:0<8}", code.get(..kept).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::TopicCodes;

    fn codes() -> TopicCodes {
        let mut codes = TopicCodes::parse(
            "code\ttopic\tsource\nearn\tResults\tReuters\n20000574\tElections\n11003000\tElections\n",
            "f",
        )
        .unwrap();
        codes.extend(
            TopicCodes::parse("# plain\nname\ttopic\nElections\tElections\nTech\tScience\n", "f").unwrap(),
        );
        codes
    }

    #[test]
    fn a_code_means_a_topic_where_its_source_says_so() {
        let check = |given: &str, source: Option<&str>, path: Option<&str>| {
            assert_eq!(codes().path(given, source), path, "{given} of {source:?}");
        };
        check("earn", Some("REUTERS"), Some("Results"));
        check("earn", Some("The Courier"), None);
        check("earn", None, None);
        check("Earn", Some("Reuters"), None);
        check("20000574", None, Some("Elections"));
        check("medtop:20000574", None, Some("Elections"));
        check("http://cv.iptc.org/newscodes/mediatopic/20000574", None, Some("Elections"));
        check("subj:20000575", None, None);
        check("subj:11003001", None, Some("Elections"));
        check("subj:11004001", None, None);
        check(" tech ", None, Some("Science"));
        check("desk:tech", None, None);
    }

    #[test]
    fn mistakes_name_their_line() {
        let check = |text: &str, reason: &str| {
            let error = TopicCodes::parse(text, "f.tsv").unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
        };
        check("code\ttopic\tsource\na\tA\na\tB\n", "f.tsv:3: 'a' stands on two lines");
        check("name\ttopic\nTech\tA\ntech\tB\n", "f.tsv:3: 'tech' stands on two lines");
        check("name\ttopic\nTech\n", "f.tsv:2: the column 'topic' is empty");
        check("nom\ttopic\n", "f.tsv:1: the header must be");
        check("code\ttopic\na\tA\tReuters\n", "f.tsv:2: 3 columns where there are 2");
    }
}
