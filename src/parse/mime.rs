//! A *MIME entity* is a message or a part of one: headers, and a body that is bytes, or further entities.
//!
//! RFC 2045 to 2047, 2231 and 5322. Headers are read by mail-parser; bodies are taken apart here, so that depth and
//! number of parts are bounded, and what is damaged is read as far as it goes.

use std::borrow::Cow;

use mail_parser::{
    ContentType, Header, HeaderName, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders,
};

use crate::parse::charset;

/// The most parts of an entity that are looked at.
const MAX_PARTS: usize = 1_000;

/// The most bytes of headers that are read: 1 MiB.
const MAX_HEADERS: usize = 1 << 20;

/// Headers and a body.
#[derive(Clone)]
pub(super) struct Entity<'a> {
    head: Message<'a>,
    body: &'a [u8],
}

impl<'a> Entity<'a> {
    /// Takes headers and body apart. What starts with a blank line has no headers.
    pub(super) fn parse(bytes: &'a [u8]) -> Self {
        let start = blank_line(bytes);
        let (head, body) = match start {
            Some(end) => bytes.split_at(end),
            None => (bytes, &bytes[bytes.len()..]),
        };
        let head = &head[..head.len().min(MAX_HEADERS)];
        let head = MessageParser::default().parse_headers(head).filter(|head| !head.parts.is_empty());
        let none = || Message { parts: vec![MessagePart::default()], ..Message::default() };
        Self { head: head.unwrap_or_else(none), body }
    }

    /// The value of a header, decoded, as one text.
    pub(super) fn text_of(&self, name: &'static str) -> Option<String> {
        let header = self.header(name)?;
        match &header.value {
            HeaderValue::Text(text) => Some(text.to_string()),
            HeaderValue::TextList(texts) => Some(texts.join(", ")),
            HeaderValue::DateTime(_)
            | HeaderValue::Address(_)
            | HeaderValue::ContentType(_)
            | HeaderValue::Received(_)
            | HeaderValue::Empty => None,
        }
    }

    /// The headers of the message, with what mail-parser makes of them.
    pub(super) fn head(&self) -> &Message<'a> {
        &self.head
    }

    /// The value of a header as it stands.
    pub(super) fn raw(&self, name: &'static str) -> Option<&str> {
        self.head.header_raw(name).map(str::trim).filter(|value| !value.is_empty())
    }

    /// Whether it has this header.
    pub(super) fn has(&self, name: &'static str) -> bool {
        self.header(name).is_some()
    }

    fn header(&self, name: &'static str) -> Option<&Header<'a>> {
        let name = HeaderName::from(name);
        self.head.headers().iter().find(|header| header.name == name)
    }

    /// Its media type in lower case, as `text/plain`; plain text where it says none.
    pub(super) fn media_type(&self) -> String {
        match self.content_type() {
            Some(own) => {
                format!("{}/{}", own.ctype(), own.subtype().unwrap_or_default()).to_ascii_lowercase()
            }
            None => "text/plain".to_owned(),
        }
    }

    /// A parameter of its media type, as `charset`.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.content_type()?.attribute(name)
    }

    fn content_type(&self) -> Option<&ContentType<'_>> {
        self.head.content_type()
    }

    /// Whether it is to be saved rather than shown.
    pub(super) fn is_attachment(&self) -> bool {
        self.head.content_disposition().is_some_and(|own| own.ctype().eq_ignore_ascii_case("attachment"))
    }

    /// The name of the file it is.
    pub(super) fn file_name(&self) -> Option<&str> {
        self.head.attachment_name().map(str::trim).filter(|name| !name.is_empty())
    }

    /// The name other parts refer to it by, without brackets.
    pub(super) fn id(&self) -> Option<&str> {
        self.head.content_id().map(|id| id.trim_matches(['<', '>']))
    }

    /// Where it was found on the web.
    pub(super) fn location(&self) -> Option<&str> {
        self.head.content_location()
    }

    /// Its bytes, transfer encoding undone.
    pub(super) fn bytes(&self) -> Cow<'a, [u8]> {
        let encoding = self.head.content_transfer_encoding().unwrap_or_default().to_ascii_lowercase();
        match encoding.trim() {
            "base64" => Cow::Owned(base64(self.body)),
            "quoted-printable" => Cow::Owned(quoted_printable(self.body)),
            _ => Cow::Borrowed(self.body),
        }
    }

    /// Its text, in the charset it names, or the one its bytes tell.
    pub(super) fn text(&self) -> String {
        charset::decode_named(&self.bytes(), self.parameter("charset"))
    }

    /// The entities it holds; none where it is not made of parts. Not more than 1000 are looked at.
    pub(super) fn parts(&self) -> Vec<Self> {
        let boundary = self.parameter("boundary").filter(|_| self.media_type().starts_with("multipart/"));
        let Some(boundary) = boundary.map(|boundary| format!("--{boundary}")) else { return Vec::new() };
        let (mut parts, mut open, mut at) = (Vec::new(), None, 0);
        for line in self.body.split_inclusive(|byte| *byte == b'\n') {
            let rest = line.strip_prefix(boundary.as_bytes()).map(<[u8]>::trim_ascii_end);
            if let Some(rest) = rest.filter(|rest| rest.is_empty() || *rest == b"--") {
                parts.extend(open.take().map(|start| &self.body[start..at]));
                if rest == b"--" || parts.len() == MAX_PARTS {
                    return parts.into_iter().map(Self::part).collect();
                }
                open = Some(at + line.len());
            }
            at += line.len();
        }
        // The end was cut off: the last part goes as far as there is anything.
        parts.extend(open.map(|start| &self.body[start..]));
        parts.into_iter().map(Self::part).collect()
    }

    fn part(bytes: &'a [u8]) -> Self {
        let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        Self::parse(bytes.strip_suffix(b"\r").unwrap_or(bytes))
    }
}

/// Where the body begins: behind the first blank line.
fn blank_line(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        at += line.len();
        if matches!(line, b"\n" | b"\r\n") {
            return Some(at);
        }
    }
    None
}

/// What base64 stands for; other characters are passed over, as RFC 2045 asks.
fn base64(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0u32);
    for byte in text {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                // What is behind padding is another piece, or noise.
                (bits, count) = (0, 0);
                continue;
            }
            _ => continue,
        };
        bits = bits << 6 | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xFF) as u8);
        }
    }
    bytes
}

/// What quoted-printable stands for; an `=` that is followed by no code stays.
fn quoted_printable(text: &[u8]) -> Vec<u8> {
    let hex = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'=' {
            bytes.push(*first);
        } else if let (Some(high), Some(low)) = (hex(after.first()), hex(after.get(1))) {
            bytes.push((high << 4 | low) as u8);
            rest = &after[2..];
        } else {
            // A soft line break, which may have spaces before its end.
            let end =
                after.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\r')).unwrap_or(after.len());
            match after.get(end) {
                Some(b'\n') => rest = &after[end + 1..],
                None => rest = &[],
                Some(_) => bytes.push(b'='),
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn transfer_encodings() {
        let check = |encoding: &str, body: &str, want: &str| {
            let text = format!("Content-Transfer-Encoding: {encoding}\n\n{body}");
            assert_eq!(Entity::parse(text.as_bytes()).text(), want, "{encoding}: {body}");
        };
        check("base64", "UG9y\r\ndHM=\n", "Ports");
        check("Base64", "UG9ydHMg*cmVvcGVu", "Ports reopen");
        check("base64", "UG9ydHM", "Ports");
        check("quoted-printable", "caf=C3=A9 =\r\nand =3D=\n", "café and =");
        check("quoted-printable", "1 = 2 =zz = \nend=", "1 = 2 =zz end");
        check("7bit", "as it is =3D", "as it is =3D");
    }

    #[test]
    fn parts_are_told_apart() {
        let check = |text: &str, want: &[&str]| {
            let entity = Entity::parse(text.as_bytes());
            let parts: Vec<String> = entity.parts().iter().map(Entity::text).collect();
            assert_eq!(parts, want, "{text}");
        };
        let head = "Content-Type: multipart/mixed; boundary=\"b 1\"\n\npreamble\n";
        check(
            &format!("{head}--b 1\n\none\n\n--b 1  \r\nX: y\r\n\r\ntwo\r\n--b 1--\nepilogue\n--b 1\n\nno"),
            &["one\n", "two"],
        );
        check(&format!("{head}--b 1\n\none\n--b 10\nmore"), &["one\n--b 10\nmore"]);
        check(head, &[]);
        check("Content-Type: multipart/mixed\n\n--\n\nx", &[]);
        check("Content-Type: text/plain; boundary=b\n\n--b\n\nx", &[]);
        assert_eq!(
            Entity::parse(format!("{head}{}", "--b 1\n\nx\n".repeat(5_000)).as_bytes()).parts().len(),
            1_000
        );
    }

    #[test]
    fn charsets_are_as_named() {
        let check = |name: &str, body: &[u8], want: &str| {
            let bytes = [format!("Content-Type: text/plain; charset={name}\n\n").as_bytes(), body].concat();
            assert_eq!(Entity::parse(&bytes).text(), want, "{name}");
        };
        check("iso-8859-2", b"\xB3ad", "ład");
        check("utf-8", "café".as_bytes(), "café");
        check("us-ascii", "café au lait".as_bytes(), "café au lait");
        check("x-unknown", "café".as_bytes(), "café");
        check("iso-2022-jp", b"\x1b$BF|K\\\x1b(B", "日本");
    }

    proptest! {
        #[test]
        fn never_panics(text in "(Content-Type: |multipart/mixed; |boundary=b|--b|--|\n|\r\n|=|=3|base64|Content-Transfer-Encoding: |é|\\PC){0,40}") {
            let entity = Entity::parse(text.as_bytes());
            let _texts: Vec<String> = entity.parts().iter().map(Entity::text).collect();
            let _text = entity.text();
        }
    }
}
