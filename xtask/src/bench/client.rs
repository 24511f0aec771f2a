//! One kept connection that asks and waits. The time an answer takes is measured with it, so it does nothing else.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

const TIMEOUT: Duration = Duration::from_secs(30);

/// The session of a client without another one.
const SESSION: &str = "sess_0123456789abcdef01234567";

pub struct BenchClient {
    stream: BufReader<TcpStream>,
    accepted: Option<&'static str>,
    session: String,
}

pub struct BenchResponse {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl BenchResponse {
    /// Refused for the time being.
    pub fn is_shed(&self) -> bool {
        self.status == 503 && self.headers.iter().any(|(name, _)| name == "retry-after")
    }
}

impl BenchClient {
    pub fn connect(port: u16) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).context("the service does not listen")?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream), accepted: None, session: SESSION.to_owned() })
    }

    /// The same as a client that takes compressed answers.
    pub fn accepting(mut self, encodings: &'static str) -> Self {
        self.accepted = Some(encodings);
        self
    }

    /// From here on in another session.
    pub fn enter(&mut self, session: String) {
        self.session = session;
    }

    pub fn get(&mut self, path: &str) -> Result<BenchResponse> {
        self.send("GET", path, "")
    }

    /// Sends JSON.
    pub fn post(&mut self, path: &str, body: &str) -> Result<BenchResponse> {
        self.send("POST", path, body)
    }

    /// Reads an answer of any length without keeping it, and gives the length with its head.
    pub fn drain(mut self, path: &str) -> Result<u64> {
        self.write("GET", path, "Connection: close\r\n", "")?;
        io::copy(&mut self.stream, &mut io::sink()).context("the connection broke within an answer")
    }

    fn write(&mut self, method: &str, path: &str, headers: &str, body: &str) -> Result<()> {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: bench\r\nX-Session-ID: {}\r\n{headers}\r\n{body}",
            self.session
        );
        self.stream.get_mut().write_all(request.as_bytes()).context("the connection broke")
    }

    fn send(&mut self, method: &str, path: &str, body: &str) -> Result<BenchResponse> {
        let accepted = self.accepted.map(|it| format!("Accept-Encoding: {it}\r\n")).unwrap_or_default();
        let of_body = match body.len() {
            0 => String::new(),
            length => format!("Content-Type: application/json\r\nContent-Length: {length}\r\n"),
        };
        self.write(method, path, &format!("{accepted}{of_body}"), body)?;
        let mut line = String::new();
        self.line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|code| code.parse().ok());
        let status = status.with_context(|| format!("{line:?} is no answer"))?;
        let mut headers = Vec::new();
        loop {
            self.line(&mut line)?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').context("a header without a colon")?;
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let length = headers.iter().find(|(name, _)| name == "content-length");
        let length =
            length.and_then(|(_, value)| value.parse().ok()).context("an answer of unknown length")?;
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).context("the connection broke within an answer")?;
        Ok(BenchResponse { status, headers, body })
    }

    /// How many milliseconds a good answer takes.
    pub fn time(&mut self, path: &str) -> Result<f64> {
        self.timed(path).map(|(_, took)| took)
    }

    /// A good answer, and how many milliseconds it took.
    pub fn timed(&mut self, path: &str) -> Result<(BenchResponse, f64)> {
        let begun = Instant::now();
        let answer = self.get(path)?;
        let took = begun.elapsed();
        if answer.status != 200 {
            bail!("GET {path}: {}: {}", answer.status, String::from_utf8_lossy(&answer.body));
        }
        Ok((answer, took.as_secs_f64() * 1e3))
    }

    fn line(&mut self, line: &mut String) -> Result<()> {
        line.clear();
        if self.stream.read_line(line).context("the connection broke")? == 0 {
            bail!("the connection was closed");
        }
        line.truncate(line.trim_end().len());
        Ok(())
    }
}
