//! A *charset* says which characters a file's bytes stand for; this finds it and gives clean text.
//!
//! A byte order mark decides; then text that reads as UTF-8 is UTF-8, whatever it declares (saved pages keep the
//! declaration of the server they came from); then the charset an HTML `meta` or an XML declaration names; then a
//! guess from the bytes. Bytes that mean nothing become U+FFFD: decoding never fails.

use std::io::{self, BufRead, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::parse::pieces;

/// How far into a file a declaration of its charset is looked for.
const DECLARATION_BYTES: usize = 4096;

/// The text of a file's bytes, without control characters.
pub(super) fn decode(bytes: &[u8]) -> String {
    scrub(decode_raw(bytes))
}

/// The text of bytes with every character kept, for formats in which line ends have a meaning of their own.
pub(super) fn decode_raw(bytes: &[u8]) -> String {
    match wide(bytes) {
        Some(wide) => wide.decode(bytes),
        None => decode_narrow(bytes),
    }
}

fn decode_narrow(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match narrow(bytes) {
        encoding if encoding == UTF_8 => String::from_utf8_lossy(bytes).into_owned(),
        encoding => encoding.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// The text of bytes whose charset is named by something outside them, as a header of a mail; what reads as UTF-8 is
/// UTF-8 here too.
pub(super) fn decode_named(bytes: &[u8], label: Option<&str>) -> String {
    let named = label.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    let is_utf8 = std::str::from_utf8(bytes).is_ok() && !bytes.contains(&0x1B);
    match named {
        Some(encoding) if encoding != UTF_8 && !is_utf8 && wide(bytes).is_none() => {
            scrub(encoding.decode_without_bom_handling(bytes).0.into_owned())
        }
        _ => decode(bytes),
    }
}

/// The encoding of text of one or more bytes a character.
fn narrow(bytes: &[u8]) -> &'static Encoding {
    let escapes = bytes.windows(2).any(|pair| matches!(pair, b"\x1b$" | b"\x1b("));
    if !escapes && (std::str::from_utf8(bytes).is_ok() || is_damaged_utf8(bytes)) {
        return UTF_8;
    }
    declared(bytes)
        .filter(|&known| known != UTF_8 && known.is_ascii_compatible())
        .unwrap_or_else(|| guess(bytes))
}

/// A stream of text, whatever its charset, as UTF-8. The charset is told by the bytes at hand when reading begins.
pub(super) struct Utf8Reader<R> {
    inner: R,
    decoder: Decoder,
    text: Vec<u8>,
    at: usize,
    ended: bool,
}

/// Bytes of text that are decoded at a time.
const STRETCH: usize = 16 << 10;

impl<R: BufRead> Utf8Reader<R> {
    pub(super) fn new(mut inner: R) -> io::Result<Self> {
        let head = inner.fill_buf()?;
        // The last character may be cut where more follows: that says nothing of the charset.
        let whole = match std::str::from_utf8(head) {
            Err(error) if error.error_len().is_none() && head.len() >= STRETCH => {
                &head[..error.valid_up_to()]
            }
            _ => head,
        };
        let encoding = match wide(head) {
            Some(Wide::Utf16Le) => UTF_16LE,
            Some(Wide::Utf16Be) => UTF_16BE,
            _ => narrow(whole.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(whole)),
        };
        let decoder = encoding.new_decoder_with_bom_removal();
        Ok(Self { inner, decoder, text: Vec::new(), at: 0, ended: false })
    }
}

impl<R: BufRead> Read for Utf8Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        pieces::copy(self, buffer)
    }
}

impl<R: BufRead> BufRead for Utf8Reader<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at == self.text.len() && !self.ended {
            let bytes = self.inner.fill_buf()?;
            self.ended = bytes.is_empty();
            self.text.resize(STRETCH, 0);
            let (_, read, written, _) = self.decoder.decode_to_utf8(bytes, &mut self.text, self.ended);
            self.text.truncate(written);
            self.inner.consume(read);
            self.at = 0;
        }
        Ok(&self.text[self.at..])
    }

    fn consume(&mut self, amount: usize) {
        self.at = (self.at + amount).min(self.text.len());
    }
}

/// UTF-8 with a broken byte here and there: legacy text hardly ever holds several good sequences for each bad one.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good >= 4 * bad
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Allow)
}

/// The charset that `<meta charset=…>`, `<meta content="…; charset=…">` or `<?xml encoding="…"?>` names.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(DECLARATION_BYTES)];
    let markup = head.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<');
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    ["charset=", "encoding="].iter().filter(|_| markup).find_map(|key| {
        let label = head.split_once(key)?.1.trim_start_matches(['"', '\'', ' ']);
        let end =
            label.find(|c: char| !c.is_ascii_alphanumeric() && !"-_:".contains(c)).unwrap_or(label.len());
        Encoding::for_label(&label.as_bytes()[..end])
    })
}

/// An encoding of two or four bytes a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wide {
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// UTF-32, low byte first.
    Utf32Le,
    /// UTF-32, high byte first.
    Utf32Be,
}

/// The wide encoding of a file that starts with these bytes: by its byte order mark, or by the place of the zeros.
pub(super) fn wide(head: &[u8]) -> Option<Wide> {
    match head {
        [0xFF, 0xFE, 0, 0, ..] => Some(Wide::Utf32Le),
        [0, 0, 0xFE, 0xFF, ..] => Some(Wide::Utf32Be),
        [0xFF, 0xFE, ..] => Some(Wide::Utf16Le),
        [0xFE, 0xFF, ..] => Some(Wide::Utf16Be),
        _ => wide_by_zeros(&head[..head.len().min(1024)]),
    }
}

fn wide_by_zeros(head: &[u8]) -> Option<Wide> {
    let mut zeros = [0usize; 4];
    for (at, _) in head.iter().enumerate().filter(|(_, byte)| **byte == 0) {
        zeros[at % 4] += 1;
    }
    let each = head.len() / 4;
    // Nearly all or nearly none: binary files have their zeros anywhere.
    let [a, b, c, d] = zeros.map(|n| (n > each * 7 / 10, n <= each / 20));
    match (each >= 4, a, b, c, d) {
        (true, (_, true), (true, _), (_, true), (true, _)) => Some(Wide::Utf16Le),
        (true, (true, _), (_, true), (true, _), (_, true)) => Some(Wide::Utf16Be),
        (true, (_, true), (true, _), (true, _), (true, _)) => Some(Wide::Utf32Le),
        (true, (true, _), (true, _), (true, _), (_, true)) => Some(Wide::Utf32Be),
        _ => None,
    }
}

impl Wide {
    /// The text of these bytes.
    pub(super) fn decode(self, bytes: &[u8]) -> String {
        match self {
            Self::Utf16Le => UTF_16LE.decode_with_bom_removal(bytes).0.into_owned(),
            Self::Utf16Be => UTF_16BE.decode_with_bom_removal(bytes).0.into_owned(),
            Self::Utf32Le => utf32(bytes, u32::from_le_bytes),
            Self::Utf32Be => utf32(bytes, u32::from_be_bytes),
        }
    }
}

fn utf32(bytes: &[u8], number: fn([u8; 4]) -> u32) -> String {
    let quads = bytes.chunks_exact(4).map(|quad| number([quad[0], quad[1], quad[2], quad[3]]));
    quads.map(|code| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// The text without control characters and marks of text direction, every kind of line end as `\n`.
pub(super) fn scrub(text: String) -> String {
    if !text.contains(|c| rank(c) != Rank::Text) {
        return text;
    }
    let mut clean = String::with_capacity(text.len());
    let mut after_cr = false;
    for c in text.chars() {
        match rank(c) {
            Rank::Text if c == '\n' && after_cr => {}
            Rank::Text => clean.push(c),
            Rank::LineEnd => clean.push('\n'),
            Rank::Noise => {}
        }
        after_cr = c == '\r';
    }
    clean
}

#[derive(PartialEq, Eq)]
enum Rank {
    Text,
    LineEnd,
    Noise,
}

fn rank(c: char) -> Rank {
    match c {
        '\t' | '\n' => Rank::Text,
        '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Rank::LineEnd,
        '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {
            Rank::Noise
        }
        '\u{FEFF}' => Rank::Noise,
        c if c.is_control() => Rank::Noise,
        _ => Rank::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(bytes: &[u8], want: &str) {
        assert_eq!(decode(bytes), want, "{bytes:?}");
    }

    #[test]
    fn bytes_become_text() {
        check(b"plain", "plain");
        check("\u{FEFF}café".as_bytes(), "café");
        check(b"\xFF\xFEn\0e\0w\0s\0", "news");
        check(b"\xFE\xFF\0n\0e\0w\0s", "news");
        check(b"\xFF\xFE\0\0n\0\0\0", "n");
        check(b"\0h\0e\0a\0d\0l\0i\0n\0e\0s", "headlines");
        check(b"h\0e\0a\0d\0l\0i\0n\0e\0s\0", "headlines");
        check(
            b"<meta charset=windows-1251><p>\xCC\xEE\xF1\xEA\xE2\xE0",
            "<meta charset=windows-1251><p>Москва",
        );
        check(b"<?xml encoding='Shift_JIS'?><p>\x93\xFA\x96\x7B", "<?xml encoding='Shift_JIS'?><p>日本");
        check(b"<meta charset=latin1>caf\xC3\xA9", "<meta charset=latin1>café");
        check(b"caf\xC3\xA9 na\xC3\xAFve r\xC3\xA9sum\xC3\xA9 \xFF", "café naïve résumé \u{FFFD}");
        check(b"Le pr\xE9sident a d\xE9clar\xE9 que le march\xE9", "Le président a déclaré que le marché");
        check(b"\x1b$BF|K\\\x1b(B", "日本");
    }

    #[test]
    fn a_stream_is_decoded_as_the_whole_is() {
        let latin = "<?xml encoding='iso-8859-1'?><p>caf\u{e9}".chars().map(|c| c as u8).collect::<Vec<u8>>();
        let long = "né ".repeat(20_000);
        for bytes in [&latin[..], long.as_bytes(), b"\xEF\xBB\xBFx", b"caf\xC3", b"", b"\xFF\xFEn\0e\0w\0s\0"]
        {
            let mut text = String::new();
            let source = io::BufReader::with_capacity(64, bytes);
            Utf8Reader::new(source).unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, decode_raw(bytes));
        }
    }

    #[test]
    fn line_ends_and_noise() {
        check(b"a\r\nb\rc\n\rd\x0ce", "a\nb\nc\n\nd\ne");
        check("a\u{2028}b\u{85}c\u{2029}d".as_bytes(), "a\nb\nc\nd");
        check("a\u{0}\u{1b}[0m\u{202E}b\u{2066}\u{200F}\tc".as_bytes(), "a[0mb\tc");
    }

    proptest! {
        #[test]
        fn never_panics_and_is_clean(bytes: Vec<u8>) {
            let text = decode(&bytes);
            prop_assert!(text.chars().all(|c| rank(c) == Rank::Text));
            prop_assert_eq!(scrub(text.clone()), text);
        }
    }
}
