//! The *schema text* is `schema.toml` as it is used: the built-in one, a user's, or the built-in one with a user's names
//! of JSON fields before its own.

use toml::{Table, Value};

use crate::taxonomy::FILES;
use crate::taxonomy::TaxonomyError;

/// The text in use, given a user's file. A file without fields of its own adds to the built-in one, whether or not it
/// says `extends = "builtin"`: there is nothing else it could mean.
pub(super) fn text(users: Option<&str>, file: &str) -> Result<String, TaxonomyError> {
    let (_, builtin) = FILES[0];
    let Some(users) = users else { return Ok(builtin.to_owned()) };
    let mistake = |line, reason: String| TaxonomyError::Mistake { file: file.to_owned(), line, reason };
    let table = |text: &str| {
        text.parse::<Table>().map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            mistake(line_of(text, at), error.message().to_owned())
        })
    };
    let mut own = table(users)?;
    let extends = own.remove("extends");
    if extends.is_none() && own.contains_key("field") {
        return Ok(users.to_owned());
    }
    if extends.is_some_and(|base| base.as_str() != Some("builtin")) {
        return Err(mistake(line_with(users, "extends"), "write extends = \"builtin\"".to_owned()));
    }
    if let Some(other) = own.keys().find(|key| !matches!(key.as_str(), "json" | "version")) {
        let reason = format!(
            "'{other}' cannot be added to the built-in schema, only names of fields under [json] can"
        );
        return Err(mistake(line_with(users, other), reason));
    }
    let mut merged = table(builtin)?;
    let names = own.remove("json").unwrap_or_else(|| Value::Table(Table::new()));
    let (Value::Table(names), Some(Value::Table(all))) = (names, merged.get_mut("json")) else {
        return Err(mistake(
            line_with(users, "json"),
            "write [json], then body = [\"your name\"]".to_owned(),
        ));
    };
    for (field, more) in names {
        let Value::Array(more) = more else {
            let reason = format!("write a list of names: {field} = [\"your name\"]");
            return Err(mistake(line_with(users, &field), reason));
        };
        let known = all.entry(field).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(known) = known {
            known.retain(|name| !more.contains(name));
            known.splice(0..0, more);
        }
    }
    Ok(merged.to_string())
}

/// The line of a byte, from 1.
fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

/// The first line that begins with a key.
fn line_with(text: &str, key: &str) -> usize {
    let begins = |line: &str| line.trim_start_matches(['[', ' ']).starts_with(key);
    text.lines().position(begins).map_or(1, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use toml::Table;

    use super::text;
    use crate::taxonomy::FILES;

    fn names(users: &str, field: &str) -> Vec<String> {
        let table: Table = text(Some(users), "schema.toml").unwrap().parse().unwrap();
        assert!(table["field"].as_array().unwrap().len() > 10);
        let names = table["json"][field].as_array().unwrap();
        names.iter().map(|name| name.as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn a_users_names_come_before_the_built_in_ones() {
        for head in ["", "extends = \"builtin\"\n", "# extends = \"builtin\"\n", "version = 1\n"] {
            let users = format!("{head}[json]\nbody = [\"corpo\", \"text\"]\n");
            let body = names(&users, "body");
            assert_eq!(body[..3], ["corpo", "text", "articleBody"], "{head}");
            assert_eq!(body.iter().filter(|name| *name == "text").count(), 1);
            assert_eq!(names(&users, "headline")[0], "headline");
        }
    }

    #[test]
    fn a_whole_schema_stands_for_itself() {
        let (_, builtin) = FILES[0];
        assert_eq!(text(None, "schema.toml").unwrap(), builtin);
        let users = builtin.replace("weight = 2.0", "weight = 3.0");
        assert_eq!(text(Some(&users), "schema.toml").unwrap(), users);
    }

    #[test]
    fn mistakes_name_the_line() {
        for (users, line, reason) in [
            ("[json]\nbody = \"corpo\"\n", 2, "a list of names"),
            ("extends = \"mine\"\n", 1, "extends = \"builtin\""),
            ("extends = \"builtin\"\n\n[[field]]\nname = \"x\"\n", 3, "'field' cannot be added"),
            ("[json]\nbody = [\n", 2, "unclosed array"),
            ("json = 3\n", 1, "write [json]"),
        ] {
            let error = text(Some(users), "schema.toml").unwrap_err().to_string();
            assert!(error.starts_with(&format!("schema.toml:{line}: ")) && error.contains(reason), "{error}");
        }
    }
}
