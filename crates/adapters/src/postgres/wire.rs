//! The way to PostgreSQL: encryption is agreed on, and each error that comes back gets its SQLSTATE in front of its
//! message (see [`crate::sql::sqlstate`]).
//!
//! The driver takes it for a connection that is encrypted from its first byte on, whatever it is beneath.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf as _, BytesMut};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio_postgres::Socket;
use tokio_postgres::config::SslMode;
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_util::either::Either;

use crate::sql::sqlstate;

type Encrypted = <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream;
type Encrypt = <MakeRustlsConnect as MakeTlsConnect<Socket>>::TlsConnect;

/// Length and code of the message that asks for encryption.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// The type and the length of a message.
const HEADER: usize = 5;

const ERROR: u8 = b'E';
const CODE: u8 = b'C';
const MESSAGE: u8 = b'M';

/// How a connection is begun.
#[derive(Clone)]
pub struct Negotiation {
    pub mode: SslMode,
    pub tls: MakeRustlsConnect,
}

/// A connection on which errors say their SQLSTATE.
pub struct Wire {
    way: Way,
    incoming: Incoming,
}

type Way = Either<Socket, Box<Encrypted>>;

/// What has come in and was not passed on yet.
#[derive(Default)]
struct Incoming {
    bytes: BytesMut,
    /// So many of them may be passed on.
    ready: usize,
    /// So many that have yet to come belong to a message that is passed on as it is.
    passing: usize,
}

impl MakeTlsConnect<Socket> for Negotiation {
    type Stream = Wire;
    type TlsConnect = Begin;
    type Error = io::Error;

    fn make_tls_connect(&mut self, host: &str) -> io::Result<Begin> {
        let Ok(encrypt) = MakeTlsConnect::<Socket>::make_tls_connect(&mut self.tls, host);
        Ok(Begin { mode: self.mode, encrypt })
    }
}

/// One connection to be begun.
pub struct Begin {
    mode: SslMode,
    encrypt: Encrypt,
}

impl TlsConnect<Socket> for Begin {
    type Stream = Wire;
    type Error = io::Error;
    type Future = BoxFuture<'static, io::Result<Wire>>;

    fn connect(self, socket: Socket) -> Self::Future {
        async move { Ok(Wire { way: self.agree(socket).await?, incoming: Incoming::default() }) }.boxed()
    }
}

impl Begin {
    async fn agree(self, mut socket: Socket) -> io::Result<Way> {
        if self.mode == SslMode::Disable {
            return Ok(Either::Left(socket));
        }
        socket.write_all(&SSL_REQUEST).await?;
        let mut answer = [0];
        socket.read_exact(&mut answer).await?;
        if &answer == b"S" {
            return Ok(Either::Right(Box::new(self.encrypt.connect(socket).await?)));
        }
        if self.mode == SslMode::Prefer {
            return Ok(Either::Left(socket));
        }
        Err(io::Error::new(io::ErrorKind::Unsupported, "server does not support TLS"))
    }
}

impl TlsStream for Wire {
    fn channel_binding(&self) -> ChannelBinding {
        match &self.way {
            Either::Left(_) => ChannelBinding::none(),
            Either::Right(stream) => stream.channel_binding(),
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let Self { way, incoming } = &mut *self;
        loop {
            if incoming.pass_on(buffer) {
                return Poll::Ready(Ok(()));
            }
            incoming.bytes.reserve(8 * 1024);
            let reading = std::pin::pin!(way.read_buf(&mut incoming.bytes));
            match std::task::ready!(reading.poll(context)) {
                // What is left over is no whole message; the driver is to say so.
                Ok(0) => {
                    incoming.ready = incoming.bytes.len();
                    incoming.pass_on(buffer);
                    return Poll::Ready(Ok(()));
                }
                Ok(_) => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.way).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.way).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.way).poll_shutdown(context)
    }
}

impl Incoming {
    /// Passes on all that may be; false when more has to come first. The driver wakes the query with each read, so that
    /// many rows are to come in one.
    fn pass_on(&mut self, buffer: &mut ReadBuf<'_>) -> bool {
        let before = buffer.remaining();
        while buffer.remaining() > 0 && (self.ready > 0 || self.look_at_next()) {
            let length = self.ready.min(buffer.remaining());
            buffer.put_slice(&self.bytes[..length]);
            self.bytes.advance(length);
            self.ready -= length;
        }
        buffer.remaining() < before
    }

    /// Finds out what of the next message may be passed on; false when more has to come first.
    fn look_at_next(&mut self) -> bool {
        if self.passing == 0 {
            let Some((kind, length)) = self.header() else { return false };
            if kind == ERROR {
                if self.bytes.len() < length {
                    return false;
                }
                let message = self.bytes.split_to(length);
                let tagged = with_state(&message).unwrap_or_else(|| message.to_vec());
                self.ready = tagged.len();
                let rest = std::mem::replace(&mut self.bytes, BytesMut::from(&tagged[..]));
                self.bytes.extend_from_slice(&rest);
                return true;
            }
            self.passing = length;
        }
        self.ready = self.passing.min(self.bytes.len());
        self.passing -= self.ready;
        self.ready > 0
    }

    /// The type and the whole length of the next message.
    fn header(&self) -> Option<(u8, usize)> {
        let (kind, length) = self.bytes.get(..HEADER)?.split_first()?;
        let length = u32::from_be_bytes(length.try_into().ok()?);
        // The length counts itself.
        Some((*kind, usize::try_from(length).ok()?.max(HEADER - 1) + 1))
    }
}

/// An error with its state in front of its message; `None` when it has no such parts.
fn with_state(error: &[u8]) -> Option<Vec<u8>> {
    let fields = error.get(HEADER..)?;
    let fields = || fields.split(|byte| *byte == 0).filter(|field| !field.is_empty());
    let code =
        fields().find(|field| field[0] == CODE).and_then(|field| std::str::from_utf8(&field[1..]).ok())?;
    let mut tagged = vec![ERROR, 0, 0, 0, 0];
    for field in fields() {
        match std::str::from_utf8(&field[1..]) {
            Ok(message) if field[0] == MESSAGE => {
                tagged.push(MESSAGE);
                tagged.extend_from_slice(sqlstate::tagged(code, message).as_bytes());
            }
            _ => tagged.extend_from_slice(field),
        }
        tagged.push(0);
    }
    tagged.push(0);
    let length = u32::try_from(tagged.len() - 1).ok()?;
    tagged[1..HEADER].copy_from_slice(&length.to_be_bytes());
    Some(tagged)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: u8, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 4).unwrap();
        [&[kind], &length.to_be_bytes()[..], body].concat()
    }

    /// What is passed on of `sent`, when it comes in pieces of this size.
    fn passed_on(sent: &[u8], piece: usize) -> Vec<u8> {
        let (mut incoming, mut passed) = (Incoming::default(), vec![]);
        for piece in sent.chunks(piece) {
            incoming.bytes.extend_from_slice(piece);
            let mut space = [0; 7];
            loop {
                let mut buffer = ReadBuf::new(&mut space);
                if !incoming.pass_on(&mut buffer) {
                    break;
                }
                passed.extend_from_slice(buffer.filled());
            }
        }
        passed
    }

    #[test]
    fn errors_get_their_state_and_all_else_stays_as_it_is() {
        let row = message(b'D', &[0, 1, 0, 0, 0, 3, b'E', 0, 0]);
        let ready = message(b'Z', b"I");
        let error = message(b'E', b"SFATAL\0VFATAL\0C57P01\0MVerbindung wird abgebrochen\0\0");
        let tagged =
            message(b'E', b"SFATAL\0VFATAL\0C57P01\0MSQLSTATE 57P01: Verbindung wird abgebrochen\0\0");
        let sent = [&row[..], &error, &ready, &error, &row].concat();
        let expected = [&row[..], &tagged, &ready, &tagged, &row].concat();
        for piece in [1, 2, 3, 5, 8, 13, 1000] {
            assert_eq!(passed_on(&sent, piece), expected, "in pieces of {piece}");
        }
    }

    #[test]
    fn messages_that_came_together_are_passed_on_together() {
        let row = message(b'D', &[0, 1, 0, 0, 0, 3, b'E', 0, 0]);
        let error = message(b'E', b"C57P01\0Mtext\0\0");
        let mut incoming = Incoming::default();
        incoming.bytes.extend_from_slice(&[&row[..], &row, &error, &row, &row[..3]].concat());
        let mut space = [0; 200];
        let mut buffer = ReadBuf::new(&mut space);
        assert!(incoming.pass_on(&mut buffer));
        let tagged = message(b'E', b"C57P01\0MSQLSTATE 57P01: text\0\0");
        assert_eq!(buffer.filled(), [&row[..], &row, &tagged, &row].concat());
        assert!(!incoming.pass_on(&mut buffer), "the rest of a header has to come first");
    }

    #[test]
    fn an_error_without_a_state_stays_as_it_is() {
        for error in [message(b'E', b"SFATAL\0Mtext\0\0"), message(b'E', b""), message(b'E', b"\0")] {
            assert_eq!(passed_on(&error, 4), error);
        }
    }
}
