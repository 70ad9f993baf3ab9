//! The smallest HTTP client that keeps a connection: so that what is measured is the server.

use crate::Outcome;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

/// One connection, used again and again.
pub(crate) struct Connection {
    reader: BufReader<TcpStream>,
    authorization: String,
}

/// A status and a body.
pub(crate) struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Connection {
    pub(crate) fn open(address: &str, token: &str) -> Outcome<Self> {
        let mut connection = Self::open_to_all(address)?;
        connection.authorization = format!("authorization: Bearer {token}\r\n");
        Ok(connection)
    }

    /// To a server that does not ask who one is.
    pub(crate) fn open_to_all(address: &str) -> Outcome<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_mins(5)))?;
        let authorization = format!("host: {address}\r\n");
        Ok(Self { reader: BufReader::with_capacity(1 << 16, stream), authorization })
    }

    pub(crate) fn get(&mut self, path: &str) -> Outcome<Answer> {
        let head = format!("GET {path} HTTP/1.1\r\n{}\r\n", self.authorization);
        self.reader.get_mut().write_all(head.as_bytes())?;
        self.answer()
    }

    pub(crate) fn post(&mut self, path: &str, media_type: &str, body: &[u8]) -> Outcome<Answer> {
        self.send("POST", path, media_type, body)
    }

    pub(crate) fn send(
        &mut self,
        method: &str,
        path: &str,
        media_type: &str,
        body: &[u8],
    ) -> Outcome<Answer> {
        let length = body.len();
        let own = format!("content-type: {media_type}\r\ncontent-length: {length}\r\n");
        let mut request = format!("{method} {path} HTTP/1.1\r\n{}{own}\r\n", self.authorization).into_bytes();
        request.extend_from_slice(body);
        self.reader.get_mut().write_all(&request)?;
        self.answer()
    }

    fn answer(&mut self) -> Outcome<Answer> {
        let mut body = Vec::new();
        let status = self.receive(&mut |bytes| {
            body.extend_from_slice(bytes);
            true
        })?;
        Ok(Answer { status, body })
    }

    /// Gets a body of any length, piece by piece, until `take` has enough: then the connection is of no use any more.
    pub(crate) fn download(&mut self, path: &str, take: &mut dyn FnMut(&[u8]) -> bool) -> Outcome<u16> {
        let head = format!("GET {path} HTTP/1.1\r\n{}\r\n", self.authorization);
        self.reader.get_mut().write_all(head.as_bytes())?;
        self.receive(take)
    }

    fn receive(&mut self, take: &mut dyn FnMut(&[u8]) -> bool) -> Outcome<u16> {
        let status =
            self.line()?.split(' ').nth(1).and_then(|text| text.parse().ok()).ok_or("no status line")?;
        let (mut length, mut chunked) = (0_usize, false);
        loop {
            let line = self.line()?.to_ascii_lowercase();
            match line.split_once(':') {
                Some(("content-length", value)) => length = value.trim().parse()?,
                Some(("transfer-encoding", value)) => chunked = value.trim() == "chunked",
                Some(_) => {}
                None => break,
            }
        }
        if !chunked {
            self.piece(length, take)?;
            return Ok(status);
        }
        loop {
            let size = usize::from_str_radix(&self.line()?, 16)?;
            let enough = !self.piece(size, take)?;
            if enough {
                return Ok(status);
            }
            self.line()?;
            if size == 0 {
                return Ok(status);
            }
        }
    }

    /// Reads so many bytes of a body; false where no more are wanted.
    fn piece(&mut self, size: usize, take: &mut dyn FnMut(&[u8]) -> bool) -> Outcome<bool> {
        let mut left = size;
        while left > 0 {
            let bytes = self.reader.fill_buf()?;
            let count = bytes.len().min(left);
            if count == 0 {
                return Err("the connection ended within a body".into());
            }
            let more = take(&bytes[..count]);
            self.reader.consume(count);
            left -= count;
            if !more {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn line(&mut self) -> Outcome<String> {
        let mut line = String::new();
        if self.reader.read_line(&mut line)? == 0 {
            return Err("the connection ended".into());
        }
        Ok(line.trim_end().to_owned())
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Outcome<serde_json::Value> {
        if self.status != 200 && self.status != 201 {
            return Err(format!("{}: {}", self.status, String::from_utf8_lossy(&self.body)).into());
        }
        Ok(serde_json::from_slice(&self.body)?)
    }
}
