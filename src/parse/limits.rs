//! *Limits* are what one source file may cost: bytes unpacked, how far they may swell, records, depth of packing, time.
//!
//! A `Budget` is what is left of them while a file is read. Streams spend it as they are read (`Metered`); one that
//! has spent it fails with a `Fault`, which says what was hit and how to allow more.

use std::cell::Cell;
use std::fmt;
use std::io::{self, BufRead, Read};
use std::str::FromStr;
use std::time::{Duration, Instant};

/// Bytes that any packed stream may swell to whatever its ratio: 16 MiB.
const FREE_BYTES: u64 = 16 << 20;

/// What one source file may cost. Read as `NAME=VALUE` by [`Limits::set`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes that what is packed in the file may unpack to, in all.
    pub unpacked: u64,
    /// How many times its packed size a packed stream may unpack to, beyond the first 16 MiB.
    pub ratio: u64,
    /// Records, articles and others together.
    pub records: u64,
    /// How deep archives may be packed in one another.
    pub depth: u64,
    /// Seconds that reading may take between two records.
    pub seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { unpacked: 1 << 40, ratio: 250, records: 20_000_000, depth: 4, seconds: 60 }
    }
}

impl Limits {
    /// Sets one limit, as `ratio=1000`.
    ///
    /// # Errors
    /// Where there is no such limit, or the value is no whole number above 0; in words for the user.
    pub fn set(&mut self, text: &str) -> Result<(), String> {
        let usage = "a limit is unpacked=BYTES, ratio=N, records=N, depth=N or seconds=N";
        let (name, value) = text.split_once('=').ok_or_else(|| usage.to_owned())?;
        let value = u64::from_str(value).ok().filter(|value| *value > 0);
        let value = value.ok_or_else(|| format!("'{text}': expected a whole number above 0; {usage}"))?;
        *match name {
            "unpacked" => &mut self.unpacked,
            "ratio" => &mut self.ratio,
            "records" => &mut self.records,
            "depth" => &mut self.depth,
            "seconds" => &mut self.seconds,
            _ => return Err(format!("there is no limit '{name}'; {usage}")),
        } = value;
        Ok(())
    }
}

/// Something wrong with what is read, rather than with reading it; carried by an [`io::Error`] through the readers of
/// other crates.
#[derive(Debug)]
pub(super) struct Fault(pub(super) String);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

/// The run is to stop; carried like a [`Fault`].
#[derive(Debug)]
pub(crate) struct Stop;

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("stopped")
    }
}

impl std::error::Error for Stop {}

/// Whether an error is ours or the system's, rather than what an unpacker says of its data.
pub(super) fn is_told(error: &io::Error) -> bool {
    let ours = error.get_ref().is_some_and(|inner| inner.is::<Fault>() || inner.is::<Stop>());
    ours || error.raw_os_error().is_some()
}

/// An error of a stream that says what is wrong with it.
pub(super) fn fault(reason: String) -> io::Error {
    io::Error::other(Fault(reason))
}

/// What is left of a file's limits.
pub(super) struct Budget {
    limits: Limits,
    unpacked: Cell<u64>,
    records: Cell<u64>,
    /// When the last record was given, or reading began.
    rested: Cell<Instant>,
}

impl Budget {
    pub(super) fn new(limits: Limits) -> Self {
        let (unpacked, records, rested) = (Cell::new(0), Cell::new(0), Cell::new(Instant::now()));
        Self { limits, unpacked, records, rested }
    }

    /// How long reading may take between two records.
    pub(super) fn seconds(&self) -> u64 {
        self.limits.seconds
    }

    /// Notes that a record was given: the clock starts anew.
    pub(super) fn rest(&self) {
        self.rested.set(Instant::now());
    }

    /// Counts a record; says so where it is the first one too many.
    pub(super) fn record(&self) -> Result<(), Fault> {
        self.records.set(self.records.get() + 1);
        let most = self.limits.records;
        match self.records.get() > most {
            true => Err(Fault(format!("more than {most} records; to read on: --limit records=N"))),
            false => Ok(()),
        }
    }

    /// Says so where an archive stands deeper than archives may.
    pub(super) fn depth(&self, depth: u64) -> Result<(), Fault> {
        let most = self.limits.depth;
        let reason = || format!("packed more than {most} deep; to read it: --limit depth=N");
        if depth > most { Err(Fault(reason())) } else { Ok(()) }
    }

    fn time(&self) -> Result<(), Fault> {
        let most = self.limits.seconds;
        match self.rested.get().elapsed() > Duration::from_secs(most) {
            true => Err(Fault(format!("took longer than {most} seconds; to wait longer: --limit seconds=N"))),
            false => Ok(()),
        }
    }

    /// Says so where a stream swells too far.
    pub(super) fn swell(&self, unpacked: u64, packed: u64) -> Result<(), Fault> {
        let ratio = self.limits.ratio;
        match unpacked > FREE_BYTES.saturating_add(packed.saturating_mul(ratio)) {
            true => Err(Fault(format!(
                "unpacks to more than {ratio} times its size (byte {packed} of the packed data); to read it: \
                 --limit ratio=N"
            ))),
            false => Ok(()),
        }
    }

    fn unpack(&self, bytes: u64) -> Result<(), Fault> {
        self.unpacked.set(self.unpacked.get().saturating_add(bytes));
        let most = self.limits.unpacked;
        match self.unpacked.get() > most {
            true => {
                Err(Fault(format!("unpacks to more than {most} bytes; to read on: --limit unpacked=BYTES")))
            }
            false => Ok(()),
        }
    }
}

/// Bytes of a packed stream that were read so far.
#[derive(Default)]
pub(super) struct Packed(Cell<u64>);

impl Packed {
    pub(super) fn add(&self, bytes: u64) {
        self.0.set(self.0.get().saturating_add(bytes));
    }

    pub(super) fn bytes(&self) -> u64 {
        self.0.get()
    }
}

/// A stream that counts what is read of it.
pub(super) struct Counted<'a, R> {
    inner: R,
    packed: &'a Packed,
}

impl<'a, R> Counted<'a, R> {
    pub(super) fn new(inner: R, packed: &'a Packed) -> Self {
        Self { inner, packed }
    }
}

impl<R: BufRead> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.packed.add(read as u64);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counted<'_, R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.packed.add(amount as u64);
        self.inner.consume(amount);
    }
}

/// An unpacked stream, which spends its file's budget.
pub(super) struct Metered<'a, R> {
    inner: R,
    budget: &'a Budget,
    /// What it is unpacked from; none where something else watches how far it swells.
    packed: Option<&'a Packed>,
    unpacked: u64,
}

impl<'a, R> Metered<'a, R> {
    pub(super) fn new(inner: R, budget: &'a Budget, packed: &'a Packed) -> Self {
        Self { inner, budget, packed: Some(packed), unpacked: 0 }
    }

    /// A stream that may swell as far as its file may unpack.
    pub(super) fn whole(inner: R, budget: &'a Budget) -> Self {
        Self { inner, budget, packed: None, unpacked: 0 }
    }

    fn spend(&mut self, bytes: u64) -> Result<(), Fault> {
        self.unpacked += bytes;
        if let Some(packed) = self.packed {
            self.budget.swell(self.unpacked, packed.bytes())?;
        }
        self.budget.unpack(bytes)?;
        self.budget.time()
    }
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.spend(read as u64).map_err(io::Error::other)?;
        Ok(read)
    }
}

/// The source file itself, which only time is spent on.
pub(super) struct Timed<'a, R> {
    inner: R,
    budget: &'a Budget,
}

impl<'a, R> Timed<'a, R> {
    pub(super) fn new(inner: R, budget: &'a Budget) -> Self {
        Self { inner, budget }
    }
}

impl<R: BufRead> Read for Timed<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.budget.time().map_err(io::Error::other)?;
        self.inner.read(buffer)
    }
}

impl<R: BufRead> BufRead for Timed<'_, R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.budget.time().map_err(io::Error::other)?;
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.inner.consume(amount);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_set_by_name() {
        let mut limits = Limits::default();
        limits.set("ratio=9").unwrap();
        limits.set("seconds=1").unwrap();
        assert_eq!((limits.ratio, limits.seconds, limits.depth), (9, 1, 4));
        for (text, want) in [
            ("ratio", "a limit is"),
            ("ratio=0", "above 0"),
            ("ratio=-1", "above 0"),
            ("size=3", "no limit 'size'"),
        ] {
            let error = limits.set(text).unwrap_err();
            assert!(error.contains(want), "{text}: {error}");
        }
    }

    #[test]
    fn a_stream_swells_so_far_and_no_further() {
        let limits = Limits { ratio: 10, ..Limits::default() };
        let (budget, packed) = (Budget::new(limits), Packed::default());
        packed.add(1 << 20);
        let mut stream = Metered::new(io::repeat(b'a'), &budget, &packed);
        let read = io::copy(&mut stream, &mut io::sink());
        let error = read.unwrap_err();
        assert!(error.to_string().contains("more than 10 times its size"), "{error}");
        assert!((26 << 20..27 << 20).contains(&stream.unpacked), "{}", stream.unpacked);
    }

    #[test]
    fn time_runs_between_records_only() {
        let budget = Budget::new(Limits { seconds: 1, ..Limits::default() });
        let before = Instant::now().checked_sub(Duration::from_secs(5)).unwrap();
        budget.rested.set(before);
        assert!(Timed::new(io::empty(), &budget).fill_buf().is_err());
        budget.rest();
        assert!(Timed::new(io::empty(), &budget).fill_buf().is_ok());
    }
}
