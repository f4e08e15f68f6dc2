//! The *language* of an article is the code its source states, else what its text looks like.

use crate::taxonomy::boilerplate::Words;

/// Shorter texts tell too little.
const SHORTEST: usize = 200;
/// Longer ones tell no more.
const LONGEST: usize = 4_000;

/// The ISO 639-1 code.
pub(super) fn of(stated: Option<&str>, body: &str, words: &Words) -> Option<String> {
    stated.and_then(|tag| primary(tag, words)).or_else(|| detected(body, words))
}

fn primary(tag: &str, words: &Words) -> Option<String> {
    let code = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
    let letters = code.bytes().all(|byte| byte.is_ascii_lowercase());
    match code.len() {
        2 if letters => Some(code),
        3 if letters => words.languages.get(&code).cloned(),
        _ => None,
    }
}

fn detected(body: &str, words: &Words) -> Option<String> {
    let end = body.char_indices().nth(LONGEST).map_or(body.len(), |(at, _)| at);
    let start = &body[..end];
    start.chars().nth(SHORTEST - 1)?;
    let found = whatlang::detect(start).filter(whatlang::Info::is_reliable)?;
    words.languages.get(found.lang().code()).cloned()
}
