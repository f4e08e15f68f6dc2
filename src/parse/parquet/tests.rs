//! Parquet tested: rows as articles, columns of all kinds.

use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use crate::parse::Found;
use crate::parse::tests::{read_all, show, show_found};

const SCHEMA: &str = "message stories {
    required binary title (STRING);
    optional binary text (STRING);
    required int64 published (TIMESTAMP(MILLIS, true));
    required binary url;
}";

/// A table of stories: title and text, all of the same moment and address.
fn table(rows: &[(&str, Option<&str>)], compression: Compression) -> Vec<u8> {
    let properties = WriterProperties::builder().set_compression(compression).build();
    let schema = Arc::new(parse_message_type(SCHEMA).unwrap());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let titles: Vec<ByteArray> = rows.iter().map(|(title, _)| ByteArray::from(*title)).collect();
    let texts: Vec<ByteArray> = rows.iter().filter_map(|(_, text)| text.map(ByteArray::from)).collect();
    let has: Vec<i16> = rows.iter().map(|(_, text)| i16::from(text.is_some())).collect();
    let urls = vec![ByteArray::from("https://example.org/a"); rows.len()];
    for (values, levels) in
        [(Some(&titles), None), (Some(&texts), Some(has.as_slice())), (None, None), (Some(&urls), None)]
    {
        let mut column = group.next_column().unwrap().unwrap();
        match values {
            Some(values) => column.typed::<ByteArrayType>().write_batch(values, levels, None).unwrap(),
            None => {
                let moments = vec![1_687_132_799_000; rows.len()];
                column.typed::<Int64Type>().write_batch(&moments, None, None).unwrap()
            }
        };
        column.close().unwrap();
    }
    group.close().unwrap();
    writer.into_inner().unwrap()
}

#[test]
fn a_row_is_an_article() {
    let rows = [("Ports reopen", Some("The ports reopened.")), ("Rain", None)];
    for compression in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(Default::default()),
        Compression::LZ4_RAW,
    ] {
        let (end, found) = read_all("a.parquet", &table(&rows, compression));
        let [Found::Article(first), Found::Article(second)] = &found[..] else { panic!("{end}: {found:?}") };
        let head = "url: https://example.org/a\npublished: 2023-06-18";
        assert_eq!(show(first), format!("headline: Ports reopen\n{head}\n> The ports reopened."));
        assert_eq!(first.published_time.as_deref(), Some("2023-06-18T23:59:59"));
        assert_eq!(show(second), format!("headline: Rain\n{head}"));
    }
}

#[test]
fn what_is_broken_is_told() {
    assert_eq!(read_all("a", &table(&[], Compression::UNCOMPRESSED)).0, "no row in this Parquet file");
    let many: Vec<(&str, Option<&str>)> = vec![("Ports reopen", Some("The ports reopened.")); 5_000];
    let whole = table(&many, Compression::SNAPPY);
    let (end, found) = read_all("a", &whole);
    assert_eq!((end.as_str(), found.len()), ("parquet", 5_000));
    let (end, found) = read_all("a", &whole[..whole.len() / 2]);
    assert!(
        end.starts_with("not valid Parquet: ") && found.is_empty(),
        "{end}: {:?}",
        found.first().map(show_found)
    );
}
