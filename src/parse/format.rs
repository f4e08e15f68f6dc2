//! A *format* is how a file is written; each has a reader, and a name that the ledger shows.

use crate::parse::packed::Squeezed;
use crate::parse::warc::Crawl;

/// A format this version reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Plain text.
    Text,
    /// A web page.
    Html,
    /// Markdown, with or without front matter.
    Markdown,
    /// A JSON document: an article, or a list of them.
    Json,
    /// A JSON object a line.
    JsonLines,
    /// The SGML of the Reuters-21578 collection.
    Reuters,
    /// A feed: RSS or Atom.
    Feed,
    /// What a crawler wrote.
    Crawl(Crawl),
    /// The XML of Reuters Corpus Volume 1.
    Rcv1,
    /// The transmission of a wire, ANPA 1312 or IPTC 7901.
    Anpa,
    /// The IPTC's News Industry Text Format.
    Nitf,
    /// NewsML 1.
    NewsMl,
    /// NewsML-G2.
    NewsMlG2,
    /// The SGML of the TREC collections.
    Trec,
    /// A table of comma- or tab-separated values.
    Table,
    /// The text of a scanned page.
    Alto,
    /// Scanned pages as HTML.
    Hocr,
    /// An issue of a newspaper: which of its pages' text is which article.
    Mets,
    /// A mail.
    Mail,
    /// Mails one after the other.
    Mailbox,
    /// A web page saved with what is shown on it.
    Mhtml,
    /// A compressed stream of any other format.
    Squeezed(Squeezed),
    /// A tar archive.
    Tar,
    /// A zip archive.
    Zip,
    /// A book of web pages.
    Epub,
    /// A table stored by columns.
    Parquet,
    /// A printed document.
    Pdf,
}

impl Format {
    /// The format's name, as the ledger and the reports show it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Html => "html",
            Self::Markdown => "markdown",
            Self::Json => "json",
            Self::JsonLines => "jsonl",
            Self::Reuters => "reuters",
            Self::Feed => "feed",
            Self::Crawl(Crawl::Warc) => "warc",
            Self::Crawl(Crawl::Arc) => "arc",
            Self::Rcv1 => "rcv1",
            Self::Anpa => "anpa",
            Self::Nitf => "nitf",
            Self::NewsMl => "newsml",
            Self::NewsMlG2 => "newsml-g2",
            Self::Trec => "trec",
            Self::Table => "table",
            Self::Alto => "alto",
            Self::Hocr => "hocr",
            Self::Mets => "mets",
            Self::Mail => "mail",
            Self::Mailbox => "mbox",
            Self::Mhtml => "mhtml",
            Self::Squeezed(kind) => kind.name(),
            Self::Tar => "tar",
            Self::Zip => "zip",
            Self::Epub => "epub",
            Self::Parquet => "parquet",
            Self::Pdf => "pdf",
        }
    }
}
