//! A *mail* is a message of RFC 5322: a newsletter, a letter to the desk, a post to a list. Its text is the article, its
//! attachments are read as files of their own would be.
//!
//! Of a text that stands there twice the HTML is taken. The marks of replies and forwards are taken off its subject. A
//! mail of a list or to many (`List-Id`, `List-Unsubscribe`, `Precedence`) has who sends it as its source; any other has
//! them as its author. Signatures below `-- ` are cut; quoted lines stay, they may be all there is of an earlier mail.

use std::io::BufRead;
use std::ops::ControlFlow;

use mail_parser::Addr;

use crate::article::{Layout, Record};
use crate::parse::mime::Entity;
use crate::parse::{Context, Emit, Found, ParseError, dates, document, fields, html, markup, not_news};

/// How deep parts may stand in parts.
const MAX_DEPTH: usize = 16;

/// The most attachments of a mail that are read.
const MAX_ATTACHED: usize = 1_000;

/// What stands before the subject of a reply or of a mail that is passed on, in the languages of the usual programs.
const REPLIES: &[&str] =
    &["re", "fwd", "fw", "aw", "wg", "antw", "sv", "vs", "rv", "rif", "odp", "ynt", "doorst"];

/// Names for attachments that have none, by media type.
const NAMES: &[(&str, &str)] = &[
    ("text/html", "part.html"),
    ("application/pdf", "part.pdf"),
    ("application/zip", "part.zip"),
    ("application/json", "part.json"),
    ("message/rfc822", "part.eml"),
    ("message/global", "part.eml"),
];

/// Headers of which a mail has at least two, the first of them or the second among them.
const HEADERS: &[&str] = &[
    "from",
    "received",
    "date",
    "subject",
    "message-id",
    "return-path",
    "delivered-to",
    "to",
    "mime-version",
    "content-type",
    "sender",
    "newsgroups",
];

/// Reads one message.
pub(super) fn read(
    source: &mut dyn BufRead,
    context: &Context<'_>,
    emit: &mut Emit<'_>,
) -> Result<(), ParseError> {
    let bytes = document(source)?;
    if !is_mail(&String::from_utf8_lossy(&bytes[..bytes.len().min(64 << 10)])) {
        return Err(not_news("expected a mail: lines as From: and Subject:, a blank line, a text"));
    }
    let _stopped: ControlFlow<()> = message(&bytes, context, emit);
    Ok(())
}

/// Whether the text starts as a mail does: lines of headers, with what every mail has among them.
pub(super) fn is_mail(text: &str) -> bool {
    let mut known = 0u32;
    for line in text.lines().take_while(|line| !line.is_empty()) {
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else { break };
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_graphic()) {
            break;
        }
        let name = name.to_ascii_lowercase();
        known |= HEADERS.iter().position(|header| *header == name).map_or(0, |at| 1 << at);
    }
    known & 0b11 != 0 && known.count_ones() >= 2
}

/// Tells what a message holds: its text, then its attachments.
pub(super) fn message(bytes: &[u8], context: &Context<'_>, emit: &mut Emit<'_>) -> ControlFlow<()> {
    let mail = Entity::parse(bytes);
    let head = head(&mail);
    let mut held = Held::default();
    gather(mail, 0, &mut held);
    let (body, layout) = held.text();
    match body.trim().is_empty() {
        false => emit(Found::Article(Record { body, layout, ..head.clone() }))?,
        true if held.attached.is_empty() => {
            let what = head.headline.as_deref().map_or(String::new(), |subject| format!(" '{subject}'"));
            let reason = format!("the mail{what} {}", held.only.unwrap_or("has no text"));
            return emit(Found::NotAnArticle { reason });
        }
        true => {}
    }
    for (name, attached) in &held.attached {
        if let Err(error) = context.depth() {
            return emit(Found::Bad { reason: format!("{name}: {error}") });
        }
        let known = Record { source: head.source.clone(), ..Record::default() };
        let known =
            Record { published: head.published, published_time: head.published_time.clone(), ..known };
        let complete = |record| fields::or(record, known.clone());
        context.member_with(name, &mut &*attached.bytes(), &complete, emit)?;
    }
    ControlFlow::Continue(())
}

/// What a message is made of.
#[derive(Default)]
struct Held<'a> {
    /// Texts to be shown, in their order.
    texts: Vec<Entity<'a>>,
    attached: Vec<(String, Entity<'a>)>,
    /// What it is where it has no text.
    only: Option<&'static str>,
}

/// Sorts what an entity is made of.
fn gather<'a>(entity: Entity<'a>, depth: usize, held: &mut Held<'a>) {
    let kind = entity.media_type();
    let parts = if depth < MAX_DEPTH { entity.parts() } else { Vec::new() };
    match kind.as_str() {
        "multipart/alternative" => alternative(parts, depth, held),
        "multipart/encrypted" => held.only = Some("is encrypted"),
        "multipart/report" => held.only = Some("is a report of its delivery"),
        "multipart/digest" => {
            // Its parts are messages, with a blank line for headers of their own.
            held.attached.extend(parts.into_iter().map(|part| ("part.eml".to_owned(), part)));
        }
        kind if kind.starts_with("multipart/") && !parts.is_empty() => {
            parts.into_iter().for_each(|part| gather(part, depth + 1, held));
        }
        "text/calendar" => held.only = Some("is an invitation to a calendar"),
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => {
            held.only = Some("is encrypted, or packed in its signature");
        }
        "application/pgp-signature" | "application/pkcs7-signature" | "application/x-pkcs7-signature" => {}
        "text/plain" | "text/html" if !entity.is_attachment() => held.texts.push(entity),
        kind if ["image/", "audio/", "video/", "multipart/"].iter().any(|own| kind.starts_with(own)) => {}
        "message/delivery-status" | "message/disposition-notification" => {}
        kind => {
            let given = NAMES.iter().find(|(own, _)| *own == kind).map_or("part.txt", |(_, name)| name);
            let name = entity.file_name().unwrap_or(given).to_owned();
            if held.attached.len() < MAX_ATTACHED {
                held.attached.push((name, entity));
            }
        }
    }
}

/// Of several forms of the same the one with HTML, else the first with any text.
fn alternative<'a>(parts: Vec<Entity<'a>>, depth: usize, held: &mut Held<'a>) {
    let mut forms: Vec<Held<'a>> = Vec::new();
    for part in parts {
        let mut form = Held::default();
        gather(part, depth + 1, &mut form);
        held.attached.append(&mut form.attached);
        held.only = held.only.or(form.only);
        forms.push(form);
    }
    let html = |form: &Held<'_>| form.texts.iter().any(is_html);
    let best = forms.iter().position(html).or_else(|| forms.iter().position(|form| !form.texts.is_empty()));
    held.texts.extend(best.map(|at| forms.swap_remove(at).texts).unwrap_or_default());
}

fn is_html(entity: &Entity<'_>) -> bool {
    entity.media_type() == "text/html"
}

impl Held<'_> {
    /// The text of all, as paragraphs where any of it is HTML.
    fn text(&self) -> (String, Layout) {
        if !self.texts.iter().any(is_html) {
            let texts: Vec<String> = self.texts.iter().map(|text| plain(&text.text())).collect();
            return (texts.join("\n\n"), Layout::Plain);
        }
        let paragraphs = |entity: &Entity<'_>| match is_html(entity) {
            true => page(&entity.text()),
            false => unwrapped(&plain(&entity.text())),
        };
        (self.texts.iter().map(paragraphs).collect::<Vec<_>>().join("\n"), Layout::Paragraphs)
    }
}

/// Text without the signature below it.
fn plain(text: &str) -> String {
    let end = text.find("\n-- \n").map_or(text.len(), |at| at + 1);
    text[..end].to_owned()
}

/// A paragraph a line.
fn unwrapped(text: &str) -> String {
    let paragraphs = text.split("\n\n").filter_map(fields::line);
    paragraphs.collect::<Vec<_>>().join("\n")
}

/// The text of HTML, as the reader of web pages has it. Letters are laid out as no page is: where that leaves out
/// more than a fifth of the words, all of them are taken.
fn page(text: &str) -> String {
    let all = markup::paragraphs(text);
    let mut main = String::new();
    // A page without an article is no failure here: all its text is taken.
    let _read = html::read(&mut text.as_bytes(), &mut |found| {
        if let Found::Article(record) = found {
            main = record.body;
        }
        ControlFlow::Continue(())
    });
    let words = |text: &str| text.split_whitespace().count();
    if words(&main) * 5 >= words(&all) * 4 { main } else { all }
}

/// What the headers say.
fn head(mail: &Entity<'_>) -> Record {
    let from = mail.head().from().and_then(|from| from.first());
    let name = from.and_then(sender);
    let list = mail.text_of("List-ID").or_else(|| mail.raw("List-ID").map(str::to_owned));
    let many = mail.raw("Precedence").is_some_and(|own| matches!(own, "bulk" | "list"));
    let is_list = list.is_some() || mail.has("List-Unsubscribe") || many;
    let list_name = list.as_deref().and_then(list_name);
    // On a list that takes mail, persons write; to one that does not, its publisher.
    let (source, byline) = match (is_list, mail.has("List-Post")) {
        (true, true) => (list_name.or_else(|| domain(from)), name),
        (true, false) => (name.or(list_name).or_else(|| domain(from)), None),
        (false, _) => (None, name),
    };
    let mut record = Record {
        headline: mail.head().subject().and_then(subject),
        byline: byline.as_deref().and_then(|name| fields::byline([name])),
        source,
        url: mail.raw("Archived-At").and_then(|own| fields::address(own.trim_matches(['<', '>']))),
        language: mail.text_of("Content-Language").and_then(|own| fields::language(&own)),
        ..Record::default()
    };
    record.url = record
        .url
        .or_else(|| mail.head().message_id().and_then(|id| fields::permanent_name(&format!("mid:{id}"))));
    publish(&mut record, mail);
    if let Some(words) = mail.text_of("Keywords") {
        fields::give(&mut record.given, "topic", words.split(',').map(str::to_owned));
    }
    record
}

fn publish(record: &mut Record, mail: &Entity<'_>) {
    fields::publish(record, mail.raw("Date").unwrap_or_default());
    if record.published_time.is_none()
        && let Some(date) = mail.head().date().filter(|date| date.is_valid())
    {
        // mail-parser knows more shapes of a broken date.
        let text = date.to_rfc3339();
        record.published = record.published.or_else(|| dates::parse(&text));
        record.published_time = dates::time(&text);
    }
}

/// Who a mail is from; no bare address.
fn sender(from: &Addr<'_>) -> Option<String> {
    let name = fields::line(from.name.as_deref()?.trim_matches(['"', '\'', ' ']))?;
    (!name.contains('@')).then_some(name)
}

/// The domain a mail is from, without the `www` and `news` of machines.
fn domain(from: Option<&Addr<'_>>) -> Option<String> {
    let (_, domain) = from?.address.as_deref()?.rsplit_once('@')?;
    fields::line(domain)
}

/// What a list calls itself before its id: `The Morning Brief <brief.example.org>`.
fn list_name(id: &str) -> Option<String> {
    let name = id.split('<').next()?.trim().trim_matches('"');
    let is_number = name.bytes().all(|byte| byte.is_ascii_digit());
    fields::line(name).filter(|_| !is_number && !name.contains('.'))
}

/// A subject without the marks of replies: `Re: Fwd: Ports reopen`.
fn subject(text: &str) -> Option<String> {
    let mut rest = text.trim();
    while let Some((mark, after)) = rest.split_once(':') {
        let mark = mark.split('[').next().unwrap_or_default().trim().to_ascii_lowercase();
        if !REPLIES.contains(&mark.as_str()) {
            break;
        }
        rest = after.trim_start();
    }
    fields::line(rest)
}

#[cfg(test)]
mod tests;
