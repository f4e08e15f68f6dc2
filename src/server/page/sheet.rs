//! The *sheet* shows one article, what it names marked in the text.

use serde::Serialize;

use crate::article::Mention;
use crate::article::Place;
use crate::article::Tag;
use crate::schema::Facet;
use crate::search::response::FullArticle;
use crate::server::page::form::Form;
use crate::server::page::links::{Link, with_value};
use crate::server::page::pieces::{Piece, Span, pieces};
use crate::server::params::Pairs;

/// An article, as the template sees it.
#[derive(Serialize)]
pub(super) struct Sheet {
    form: Form,
    headline: Vec<Piece>,
    paragraphs: Vec<Vec<Piece>>,
    groups: Vec<TagGroup>,
    link: Option<String>,
    article: FullArticle,
}

#[derive(Serialize)]
struct TagGroup {
    name: &'static str,
    tags: Vec<TagLine>,
}

#[derive(Serialize)]
struct TagLine {
    link: Link,
    tag: Tag,
}

impl Sheet {
    pub(super) fn of(mut article: FullArticle) -> Self {
        let headline = pieces(&article.article.headline, spans(&article, Place::Headline).into_iter());
        let paragraphs = paragraphs(&article.article.body, &spans(&article, Place::Body));
        // The template has them as pieces.
        article.article.body.clear();
        article.tags.mentions.clear();
        let groups = [Facet::Person, Facet::Country, Facet::Topic, Facet::Keyphrase, Facet::Organization]
            .map(|facet| TagGroup {
                name: facet.name(),
                tags: (article.tags.tags.iter())
                    .filter(|tag| tag.field.name() == facet.name())
                    .map(|tag| TagLine {
                        link: Link {
                            text: tag.value.clone(),
                            href: with_value(&Pairs::new(), facet.name(), &tag.value),
                            on: false,
                        },
                        tag: tag.clone(),
                    })
                    .collect(),
            });
        let link = article
            .article
            .url
            .clone()
            .filter(|url| url.starts_with("https://") || url.starts_with("http://"));
        Self {
            form: Form::default(),
            headline,
            paragraphs,
            groups: groups.into_iter().filter(|g| !g.tags.is_empty()).collect(),
            link,
            article,
        }
    }
}

/// The mentions in a field, in order.
fn spans(article: &FullArticle, place: Place) -> Vec<Span> {
    let here = article.tags.mentions.iter().filter(|mention| mention.place == place);
    let span =
        |mention: &Mention| (mention.range[0] as usize, mention.range[1] as usize, mention.field.name());
    let mut spans: Vec<Span> = here.map(span).collect();
    spans.sort_by_key(|(start, end, _)| (*start, *end));
    spans
}

/// The lines of a body with what is named in each, in one walk over both.
fn paragraphs(body: &str, spans: &[Span]) -> Vec<Vec<Piece>> {
    let mut rest = spans;
    let mut start = 0;
    let lines = body.split('\n').map(|line| {
        let end = start + line.len();
        let (here, after) = rest.split_at(rest.partition_point(|(from, ..)| *from < end));
        rest = after;
        let inside = here
            .iter()
            .filter_map(|(from, to, kind)| Some((from.checked_sub(start)?, to.checked_sub(start)?, *kind)));
        let paragraph = pieces(line, inside);
        start = end + 1;
        paragraph
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, spans: &[Span], expected: &[&str]) {
        let found = paragraphs(body, spans).into_iter().map(|pieces| {
            let show = |piece: Piece| match piece.kind {
                "" => piece.text,
                kind => format!("[{kind} {}]", piece.text),
            };
            pieces.into_iter().map(show).collect::<String>()
        });
        assert_eq!(found.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn mentions_are_marked_in_the_lines_they_stand_in() {
        check("Xi met\nWang in\n\nChina", &[], &["Xi met", "Wang in", "", "China"]);
        let spans = [(0, 2, "person"), (7, 11, "person"), (16, 21, "country")];
        check(
            "Xi met\nWang in\n\nChina",
            &spans,
            &["[person Xi] met", "[person Wang] in", "", "[country China]"],
        );
        check("Xi\nmet", &[(0, 4, "person"), (2, 3, "person"), (3, 6, "person")], &["Xi", "[person met]"]);
        check("Xi Jinping", &[(0, 2, "person"), (0, 10, "person")], &["[person Xi] Jinping"]);
    }

    #[test]
    fn an_article_of_many_lines_takes_time_in_proportion() {
        let lines = 200_000;
        let spans: Vec<Span> = (0..lines)
            .flat_map(|at| [(6 * at, 6 * at + 2, "person"), (6 * at + 3, 6 * at + 5, "country")])
            .collect();
        let found = paragraphs(&"Xi CN\n".repeat(lines), &spans);
        assert_eq!(found.len(), lines + 1);
        assert!(found[..lines].iter().all(|pieces| pieces.len() == 3));
    }
}
