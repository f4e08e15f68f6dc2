//! *Parquet*: a table stored by columns; each row is an article, its columns mapped as the keys of a JSON object are
//! (`[json]` of schema.toml).
//!
//! Read with the parquet crate a row at a time, without Arrow. Pages compressed with Snappy, gzip, Brotli and LZ4 are
//! read; Zstandard, which the crate has from C, only where dateline is built with the feature `parquet-zstd`.

use std::io::BufRead;

use jiff::Timestamp;
use jiff::tz::Offset;
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, FileReader, SerializedFileReader};
use parquet::record::reader::RowIter;
use parquet::record::{Field, Row};
use serde_json::{Map, Value};

use crate::article::NewsDate;
use crate::parse::json::{self, Mapping};
use crate::parse::{Context, Emit, ParseError, document, not_news};

/// How deep lists and structures may stand in one another; what is deeper is left out.
const MAX_DEPTH: usize = 16;

/// Rows that are decoded at a time: few, since a row is an article.
const BATCH: usize = 16;

/// Reads the rows of a table.
pub(super) fn read(
    source: &mut dyn BufRead,
    context: &Context<'_>,
    emit: &mut Emit<'_>,
) -> Result<(), ParseError> {
    match context.file {
        Some(file) => rows(file.try_clone()?, context.mapping, emit),
        None => rows(bytes::Bytes::from(document(source)?), context.mapping, emit),
    }
}

fn rows<R: ChunkReader + 'static>(
    source: R,
    mapping: &Mapping,
    emit: &mut Emit<'_>,
) -> Result<(), ParseError> {
    let reader = SerializedFileReader::new(source).map_err(|error| failed("", &error))?;
    let count = reader.metadata().file_metadata().num_rows();
    if count <= 0 {
        return Err(not_news("no row in this Parquet file"));
    }
    let rows = RowIter::from_file_into(Box::new(reader)).with_batch_size(BATCH);
    for (number, row) in (1u64..).zip(rows) {
        // Columns are decoded side by side: where one is broken, they stand at different rows.
        let row = row.map_err(|error| failed(&format!("row {number}: "), &error))?;
        if emit(json::found(&Value::Object(object(&row, 0)), mapping)).is_break() {
            break;
        }
    }
    Ok(())
}

fn failed(place: &str, error: &ParquetError) -> ParseError {
    let hint = match error {
        ParquetError::General(what) | ParquetError::NYI(what) if what.contains("feature flag") => {
            " (write it with compression=snappy)"
        }
        _ => "",
    };
    ParseError::Failed { reason: format!("not valid Parquet: {place}{error}{hint}") }
}

fn object(row: &Row, depth: usize) -> Map<String, Value> {
    let columns = row.get_column_iter().filter(|_| depth < MAX_DEPTH);
    columns.map(|(name, field)| (name.clone(), value(field, depth + 1))).collect()
}

/// A field as JSON. Moments are numbers since 1970, as JSON has them; bytes are text where they are UTF-8.
fn value(field: &Field, depth: usize) -> Value {
    match field {
        Field::Bool(own) => Value::from(*own),
        Field::Byte(own) => Value::from(*own),
        Field::Short(own) => Value::from(*own),
        Field::Int(own) => Value::from(*own),
        Field::Long(own) => Value::from(*own),
        Field::UByte(own) => Value::from(*own),
        Field::UShort(own) => Value::from(*own),
        Field::UInt(own) => Value::from(*own),
        Field::ULong(own) => Value::from(*own),
        Field::Float(own) => Value::from(*own),
        Field::Double(own) => Value::from(*own),
        Field::Str(own) => Value::from(own.as_str()),
        Field::Bytes(own) => std::str::from_utf8(own.data()).map_or(Value::Null, Value::from),
        Field::Date(day) => NewsDate::from_day(*day).map_or(Value::Null, |day| Value::from(day.to_string())),
        Field::TimestampMillis(millis) => moment(*millis),
        Field::TimestampMicros(micros) => moment(micros.div_euclid(1_000)),
        Field::Group(row) => Value::Object(object(row, depth)),
        Field::ListInternal(list) if depth < MAX_DEPTH => {
            list.elements().iter().map(|element| value(element, depth + 1)).collect()
        }
        Field::MapInternal(map) if depth < MAX_DEPTH => {
            let entries = map.entries().iter().filter_map(|(key, own)| match key {
                Field::Str(key) => Some((key.clone(), value(own, depth + 1))),
                _ => None,
            });
            Value::Object(entries.collect())
        }
        _ => Value::Null,
    }
}

/// A moment as RFC 3339 has it. Parquet keeps it in UTC, or without a zone; which of them the rows do not say, so none
/// is stated.
fn moment(millis: i64) -> Value {
    let moment = Timestamp::from_millisecond(millis).map(|moment| Offset::UTC.to_datetime(moment));
    moment.map_or(Value::Null, |moment| Value::from(moment.strftime("%Y-%m-%dT%H:%M:%S").to_string()))
}

#[cfg(test)]
mod tests;
