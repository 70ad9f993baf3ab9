//! The two protocols, as far as a load generator needs them: where an answer ends, and whether it is the expected one.

use crate::Outcome;

/// How an answer is framed and what it must say.
#[derive(Clone, Copy)]
pub(crate) enum Wire {
    /// HTTP/1.1 with a length; the body is skipped but for `says`, which must stand near its beginning.
    Http {
        /// The expected status.
        status: u16,
        /// What the body must say; empty where the status says all.
        says: &'static str,
    },
    /// So many Redis replies, each beginning with `says`.
    Redis {
        /// How many.
        replies: usize,
        /// How each of them begins.
        says: &'static str,
    },
}

/// How far into a body its verdict is looked for.
const VERDICT_BYTES: usize = 160;

impl Wire {
    /// The length of the answer that `received` begins with; none while it is incomplete. Another answer than the
    /// expected one is an error: what is measured is the case that the table names.
    pub(crate) fn answer_bytes(self, received: &[u8]) -> Outcome<Option<usize>> {
        match self {
            Self::Http { status, says } => http(received, status, says),
            Self::Redis { replies, says } => {
                let mut end = 0;
                for _ in 0..replies {
                    let Some(length) = reply_bytes(&received[end..])? else { return Ok(None) };
                    let reply = &received[end..end + length];
                    if !reply.starts_with(says.as_bytes()) {
                        return Err(unexpected(reply));
                    }
                    end += length;
                }
                Ok(Some(end))
            }
        }
    }
}

fn http(received: &[u8], status: u16, says: &str) -> Outcome<Option<usize>> {
    let Some((head, length)) = http_head(received)? else { return Ok(None) };
    let Some(body) = received.get(head..head + length) else { return Ok(None) };
    let answered = received.get(9..12).and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok());
    let verdict = &body[..length.min(VERDICT_BYTES)];
    if answered != Some(status) || !contains(verdict, says.as_bytes()) {
        return Err(unexpected(&received[..head + length]));
    }
    Ok(Some(head + length))
}

/// The lengths of a complete head and of the body that it announces.
fn http_head(received: &[u8]) -> Outcome<Option<(usize, usize)>> {
    const LENGTH: &[u8] = b"content-length:";
    let (mut begin, mut length) = (0, None);
    while let Some(size) = received[begin..].iter().position(|byte| *byte == b'\n') {
        let line = &received[begin..begin + size];
        begin += size + 1;
        if line == b"\r" {
            let length = length.ok_or("an answer without a length")?;
            return Ok(Some((begin, length)));
        }
        if line.len() > LENGTH.len() && line[..LENGTH.len()].eq_ignore_ascii_case(LENGTH) {
            length = Some(std::str::from_utf8(&line[LENGTH.len()..])?.trim().parse()?);
        }
    }
    Ok(None)
}

/// The length of one complete reply: an integer, a line, a text or an array of them.
fn reply_bytes(received: &[u8]) -> Outcome<Option<usize>> {
    let Some(line) = received.iter().position(|byte| *byte == b'\n') else { return Ok(None) };
    let mut end = line + 1;
    let number = || -> Outcome<usize> { Ok(std::str::from_utf8(&received[1..line])?.trim().parse()?) };
    match received[0] {
        b':' | b'+' => {}
        b'$' => end += number()? + 2,
        b'*' => {
            for _ in 0..number()? {
                let Some(length) = received.get(end..).map(reply_bytes).transpose()?.flatten() else {
                    return Ok(None);
                };
                end += length;
            }
        }
        _ => return Err(unexpected(&received[..end])),
    }
    Ok((end <= received.len()).then_some(end))
}

fn contains(text: &[u8], wanted: &[u8]) -> bool {
    wanted.is_empty() || text.windows(wanted.len()).any(|part| part == wanted)
}

fn unexpected(answer: &[u8]) -> Box<dyn std::error::Error + Send + Sync> {
    let shown = &answer[..answer.len().min(1_000)];
    format!("not the expected answer: {}", String::from_utf8_lossy(shown)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_prefix_is_incomplete(wire: Wire, answer: &[u8]) {
        for end in 0..answer.len() {
            assert_eq!(wire.answer_bytes(&answer[..end]).unwrap(), None, "{end} bytes");
        }
        let two = [answer, answer].concat();
        assert_eq!(wire.answer_bytes(&two).unwrap(), Some(answer.len()));
    }

    #[test]
    fn an_http_answer_ends_where_its_length_says() {
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 18\r\nx: y\r\n\r\n{\"allowed\":true\n\n}";
        every_prefix_is_incomplete(Wire::Http { status: 200, says: "\"allowed\":true" }, answer);
        assert!(Wire::Http { status: 429, says: "" }.answer_bytes(answer).is_err());
        assert!(Wire::Http { status: 200, says: "\"allowed\":false" }.answer_bytes(answer).is_err());
        let endless = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        assert!(Wire::Http { status: 200, says: "" }.answer_bytes(endless).is_err());
    }

    #[test]
    fn redis_replies_are_counted() {
        let allowed = Wire::Redis { replies: 2, says: "*2\r\n:1\r\n" };
        every_prefix_is_incomplete(allowed, b"*2\r\n:1\r\n:41\r\n*2\r\n:1\r\n:42\r\n");
        assert!(allowed.answer_bytes(b"*2\r\n:0\r\n:41\r\n").is_err());
        assert!(allowed.answer_bytes(b"-NOSCRIPT No matching script.\r\n").is_err());
        every_prefix_is_incomplete(Wire::Redis { replies: 1, says: "*" }, b"*2\r\n$3\r\na\nb\r\n+OK\r\n");
    }
}
