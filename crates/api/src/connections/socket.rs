//! A socket that tracks its traffic, and fails when its connection is overdue.

use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::{Connection, Sent};

/// A socket that tracks its traffic.
pub struct WatchedSocket {
    socket: TcpStream,
    connection: Rc<Connection>,
}

impl WatchedSocket {
    pub(super) fn new(socket: TcpStream, connection: Rc<Connection>) -> Self {
        Self { socket, connection }
    }

    /// The tracked connection, for the code that handles its requests.
    #[must_use]
    pub fn connection(&self) -> Rc<Connection> {
        Rc::clone(&self.connection)
    }

    /// Executes an operation on the socket, unless the connection is overdue.
    fn go_on<T>(
        &mut self,
        context: &mut Context<'_>,
        operation: impl FnOnce(Pin<&mut TcpStream>, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if self.connection.overdue.get() {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        let result = operation(Pin::new(&mut self.socket), context);
        if result.is_pending() {
            let mut waker = self.connection.waker.borrow_mut();
            if !waker.as_ref().is_some_and(|known| known.will_wake(context.waker())) {
                *waker = Some(context.waker().clone());
            }
        }
        result
    }
}

impl AsyncRead for WatchedSocket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let result = self.go_on(context, |socket, context| socket.poll_read(context, buffer));
        if buffer.filled().len() > before {
            self.connection.received();
        }
        result
    }
}

impl AsyncWrite for WatchedSocket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let result = self.go_on(context, |socket, context| socket.poll_write(context, bytes));
        if matches!(result, Poll::Ready(Ok(1..))) && self.connection.sent() == Sent::WithoutRequest {
            let peer = self.socket.peer_addr().ok();
            tracing::debug!(?peer, "a request head is malformed or did not arrive in time");
        }
        result
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.go_on(context, |socket, context| socket.poll_flush(context))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.go_on(context, |socket, context| socket.poll_shutdown(context))
    }
}
