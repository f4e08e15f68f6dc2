//! The boilerplate file tested: its errors, and how one list extends another.

use crate::taxonomy::boilerplate::{Boilerplate, Folded};

fn reason(text: &str) -> String {
    Boilerplate::parse(text, "mine.toml").unwrap_err().to_string()
}

#[test]
fn the_builtin_list_is_sound() {
    let list = Boilerplate::builtin().unwrap();
    assert!(list.is_line(&Folded::new("» Share this article")));
    assert!(list.is_line(&Folded::new("READ MORE: Some headline")));
    assert_eq!(list.words().months["mai"], 5);
    assert_eq!(list.words().months.values().max(), Some(&12));
}

#[test]
fn errors_name_file_line_and_reason() {
    let cases = [
        ("\nkeep = [", "mine.toml, line 2: "),
        ("[[line]]\nkind = 'x'\nregex = [\n 'a',\n '(b',\n]", "mine.toml, line 5: no regular expression"),
        ("[[line]]\nkind = 'x'\ntext = ['--']", "mine.toml, line 3: '--' has no letter or digit"),
        ("[[line]]\nkind = 'x'\nregex = ['x*']", "mine.toml, line 3: 'x*' matches the empty line"),
        ("[[line]]\nkind = 'x'\ncolour = 3", "mine.toml, line 3: unknown field `colour`"),
        ("extends = 'other'", "mine.toml, line 1: 'other' cannot be extended"),
        ("[words]\nmonths = [['may']]", "mine.toml, line 2: months has 1 lists"),
        (
            "extends = 'builtin'\n[[line]]\nkind = 'x'\nregex = ['share .*']",
            "mine.toml, line 4: 'share .*' would remove 'share prices fell.'",
        ),
    ];
    for (text, want) in cases {
        let got = reason(text);
        assert!(got.starts_with(want), "{got}\n{want}");
    }
}

#[test]
fn a_list_replaces_or_extends_the_builtin_one() {
    let own = "[[line]]\nkind = 'house'\ntext = ['The Daily Example']";
    let line = Folded::new("THE DAILY EXAMPLE");
    let share = Folded::new("Share this article");
    let replaced = Boilerplate::parse(own, "mine.toml").unwrap();
    assert!(replaced.is_line(&line) && !replaced.is_line(&share));
    let extended = Boilerplate::parse(&format!("extends = 'builtin'\n{own}"), "mine.toml").unwrap();
    assert!(extended.is_line(&line) && extended.is_line(&share));
}

#[test]
fn an_ending_stands_after_a_sentence() {
    let list = Boilerplate::builtin().unwrap();
    let ending = |line: &str| list.ending(line).map(|at| line[at..].to_owned());
    assert_eq!(ending("Prices rose. REUTER"), Some(" REUTER".to_owned()));
    assert_eq!(ending("He works for Reuter"), None);
    assert_eq!(ending("结束。（完）"), Some("（完）".to_owned()));
}
