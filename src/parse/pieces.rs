//! A *piece* is a stretch of a file up to a delimiter byte, read with a bound on its length.

use std::io::{self, BufRead};

/// How reading a piece ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// All of it is in the buffer, delimiter included.
    Whole,
    /// All of it is in the buffer; the file ended before a delimiter.
    Last,
    /// It was longer than the bound; the rest of it was skipped.
    TooLong,
    /// The file had ended.
    None,
}

/// Appends the next piece to the buffer, but never more than `bound` bytes; gives the bytes passed in the file, too.
pub(super) fn next(
    source: &mut dyn BufRead,
    delimiter: u8,
    bound: usize,
    buffer: &mut Vec<u8>,
) -> io::Result<(Piece, u64)> {
    let (mut passed, mut kept) = (0u64, 0usize);
    loop {
        let available = match source.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            other => other?,
        };
        if available.is_empty() {
            return Ok((outcome(passed, kept, false), passed));
        }
        let end = available.iter().position(|&byte| byte == delimiter);
        let stretch = &available[..end.map_or(available.len(), |at| at + 1)];
        let room = bound - kept;
        buffer.extend_from_slice(&stretch[..stretch.len().min(room)]);
        kept += stretch.len().min(room);
        passed += stretch.len() as u64;
        let length = stretch.len();
        source.consume(length);
        if end.is_some() {
            return Ok((outcome(passed, kept, true), passed));
        }
    }
}

/// Reads from a stream that is made of what it buffers.
pub(super) fn copy(source: &mut impl BufRead, buffer: &mut [u8]) -> io::Result<usize> {
    let available = source.fill_buf()?;
    let length = available.len().min(buffer.len());
    buffer[..length].copy_from_slice(&available[..length]);
    source.consume(length);
    Ok(length)
}

fn outcome(passed: u64, kept: usize, delimited: bool) -> Piece {
    match (passed, delimited) {
        (0, _) => Piece::None,
        (passed, _) if passed > kept as u64 => Piece::TooLong,
        (_, true) => Piece::Whole,
        (_, false) => Piece::Last,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    fn check(text: &str, bound: usize, want: &[(Piece, &str)]) {
        let mut source = BufReader::with_capacity(3, text.as_bytes());
        for &(piece, kept) in want {
            let mut buffer = Vec::new();
            let (got, _) = next(&mut source, b';', bound, &mut buffer).unwrap();
            assert_eq!((got, String::from_utf8_lossy(&buffer).as_ref()), (piece, kept), "{text}");
        }
    }

    #[test]
    fn pieces_are_bounded() {
        check(
            "ab;cdef;g",
            9,
            &[(Piece::Whole, "ab;"), (Piece::Whole, "cdef;"), (Piece::Last, "g"), (Piece::None, "")],
        );
        check("abcdef;g;", 4, &[(Piece::TooLong, "abcd"), (Piece::Whole, "g;"), (Piece::None, "")]);
        check("abcdef", 4, &[(Piece::TooLong, "abcd"), (Piece::None, "")]);
        check("abc;", 4, &[(Piece::Whole, "abc;"), (Piece::None, "")]);
    }
}
