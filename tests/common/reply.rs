//! One answer of the site server, well-behaved or not, down to the exact bytes.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

/// How the body's end is made known.
#[derive(Debug, Clone, PartialEq)]
pub enum Framing {
    Length,
    /// Declares this length, whatever the body's is.
    WrongLength(u64),
    /// Chunks of so many bytes.
    Chunked(usize),
    /// One good chunk, then a size that is no number.
    BrokenChunks,
    /// No length: the closed connection is the end.
    UntilClose,
    /// The body over and over again, without end.
    Endless,
}

/// What is done instead of, or before, a proper answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    Answer,
    /// Accepts, reads, and never says a word.
    Silence,
    /// Closes the connection without a word.
    Close,
    /// Resets the connection without a word.
    Reset,
    /// These bytes and nothing else, then the connection is closed.
    Raw(Vec<u8>),
    /// Interim answers (100, 103), so many of them, then the proper one; `None`: never the proper one.
    Interim(Option<u32>),
    /// Header lines without end.
    EndlessHead,
}

/// One route's answer. Clone is cheap.
#[derive(Debug, Clone)]
pub struct Reply {
    pub act: Act,
    pub status: u16,
    pub headers: Vec<(String, Vec<u8>)>,
    pub body: Arc<[u8]>,
    pub framing: Framing,
    /// Before the first byte of the head.
    pub head_delay: Duration,
    /// Bytes per second of the body.
    pub pace: Option<u32>,
    /// After so many bytes of the body the connection is reset.
    pub cut_after: Option<usize>,
    /// Compared with If-None-Match and If-Modified-Since; a match is answered with 304.
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// 304 whatever was asked, even unconditionally.
    pub always_304: bool,
}

impl Reply {
    pub fn new(status: u16, body: impl AsRef<[u8]>) -> Reply {
        Reply {
            act: Act::Answer,
            status,
            headers: Vec::new(),
            body: Arc::from(body.as_ref()),
            framing: Framing::Length,
            head_delay: Duration::ZERO,
            pace: None,
            cut_after: None,
            etag: None,
            last_modified: None,
            always_304: false,
        }
    }

    pub fn html(body: impl AsRef<[u8]>) -> Reply {
        Reply::new(200, body).header("content-type", "text/html; charset=utf-8")
    }

    pub fn xml(body: impl AsRef<[u8]>) -> Reply {
        Reply::new(200, body).header("content-type", "application/xml")
    }

    pub fn text(body: impl AsRef<[u8]>) -> Reply {
        Reply::new(200, body).header("content-type", "text/plain")
    }

    pub fn status(status: u16) -> Reply {
        Reply::new(status, "")
    }

    pub fn redirect(status: u16, location: &str) -> Reply {
        Reply::status(status).header("location", location)
    }

    /// 429 with a `Retry-After` as given.
    pub fn too_many(retry_after: &str) -> Reply {
        Reply::status(429).header("retry-after", retry_after)
    }

    pub fn act(act: Act) -> Reply {
        Reply {
            act,
            ..Reply::status(200)
        }
    }

    pub fn raw(bytes: impl AsRef<[u8]>) -> Reply {
        Reply::act(Act::Raw(bytes.as_ref().to_vec()))
    }

    /// A gzip that unpacks to so many MiB of spaces.
    pub fn gzip_bomb(mebibytes: usize) -> Reply {
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        let block = vec![b' '; 1024 * 1024];
        for _ in 0..mebibytes {
            packed.write_all(&block).expect("writing to memory");
        }
        let packed = packed.finish().expect("writing to memory");
        Reply::html(packed).header("content-encoding", "gzip")
    }

    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Reply {
        self.headers.push((name.to_owned(), value.as_ref().to_vec()));
        self
    }

    /// Packs the body, and says so.
    pub fn gzip(self) -> Reply {
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(&self.body).expect("writing to memory");
        let body = packed.finish().expect("writing to memory");
        self.packed(body, "gzip")
    }

    /// `deflate` as most servers mean it, with the zlib wrapper.
    pub fn deflate(self) -> Reply {
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
        packed.write_all(&self.body).expect("writing to memory");
        let body = packed.finish().expect("writing to memory");
        self.packed(body, "deflate")
    }

    /// `deflate` as some servers mean it, without.
    pub fn raw_deflate(self) -> Reply {
        let mut packed = DeflateEncoder::new(Vec::new(), Compression::default());
        packed.write_all(&self.body).expect("writing to memory");
        let body = packed.finish().expect("writing to memory");
        self.packed(body, "deflate")
    }

    fn packed(self, body: Vec<u8>, coding: &str) -> Reply {
        Reply {
            body: Arc::from(body),
            ..self.header("content-encoding", coding)
        }
    }

    /// Only the first `keep` bytes of the body, properly framed: a truncated gzip, for one.
    pub fn shortened(self, keep: usize) -> Reply {
        let keep = keep.min(self.body.len());
        Reply {
            body: Arc::from(&self.body[..keep]),
            ..self
        }
    }

    pub fn framing(self, framing: Framing) -> Reply {
        Reply { framing, ..self }
    }

    pub fn head_delay(self, head_delay: Duration) -> Reply {
        Reply { head_delay, ..self }
    }

    pub fn pace(self, bytes_per_second: u32) -> Reply {
        Reply {
            pace: Some(bytes_per_second),
            ..self
        }
    }

    pub fn cut_after(self, bytes: usize) -> Reply {
        Reply {
            cut_after: Some(bytes),
            ..self
        }
    }

    pub fn interim(self, times: Option<u32>) -> Reply {
        Reply {
            act: Act::Interim(times),
            ..self
        }
    }

    pub fn etag(self, etag: &str) -> Reply {
        Reply {
            etag: Some(etag.to_owned()),
            ..self
        }
    }

    pub fn last_modified(self, date: &str) -> Reply {
        Reply {
            last_modified: Some(date.to_owned()),
            ..self
        }
    }

    pub fn always_304(self) -> Reply {
        Reply {
            always_304: true,
            ..self
        }
    }
}
