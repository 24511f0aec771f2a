//! Connections from one address of this machine, for a client that has several.

use std::io::{self, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::time::Duration;

use socket2::{Domain, Socket, Type};
use ureq::Error;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, Transport,
};

/// When a request has no time limit of its own.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Opens TCP connections that come from `source`.
#[derive(Debug)]
pub struct SourceConnector {
    pub source: IpAddr,
}

impl Connector for SourceConnector {
    type Out = SourceTransport;

    fn connect(&self, details: &ConnectionDetails<'_>, _: Option<()>) -> Result<Option<Self::Out>, Error> {
        let family = |address: &&SocketAddr| address.is_ipv4() == self.source.is_ipv4();
        let Some(target) = details.addrs.iter().find(family) else {
            let why = format!("the host has no address that {} could reach", self.source);
            return Err(io::Error::new(io::ErrorKind::AddrNotAvailable, why).into());
        };
        let timeout = details.timeout.not_zero().map_or(CONNECT_TIMEOUT, |timeout| *timeout);
        let socket = Socket::new(Domain::for_address(*target), Type::STREAM, None)?;
        socket.bind(&SocketAddr::new(self.source, 0).into())?;
        socket.connect_timeout(&(*target).into(), timeout)?;
        let stream = TcpStream::from(socket);
        stream.set_nodelay(true)?;
        let buffers =
            LazyBuffers::new(details.config.input_buffer_size(), details.config.output_buffer_size());
        Ok(Some(SourceTransport { stream, buffers }))
    }
}

/// A connection and its buffers.
#[derive(Debug)]
pub struct SourceTransport {
    stream: TcpStream,
    buffers: LazyBuffers,
}

impl Transport for SourceTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.stream.set_write_timeout(timeout.not_zero().map(|timeout| *timeout))?;
        let output = &self.buffers.output()[..amount];
        self.stream.write_all(output).map_err(|error| in_time(error, timeout))
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.stream.set_read_timeout(timeout.not_zero().map(|timeout| *timeout))?;
        let input = self.buffers.input_append_buf();
        let amount = self.stream.read(input).map_err(|error| in_time(error, timeout))?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    /// Whether it can carry another request: nothing waits to be read, and the other side has not closed it.
    fn is_open(&mut self) -> bool {
        let quiet = self.stream.set_nonblocking(true).is_ok()
            && matches!(self.stream.peek(&mut [0]), Err(error) if error.kind() == io::ErrorKind::WouldBlock);
        quiet && self.stream.set_nonblocking(false).is_ok()
    }
}

/// A socket's time limit shows as "would block".
fn in_time(error: io::Error, timeout: NextTimeout) -> Error {
    match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => Error::Timeout(timeout.reason),
        _ => error.into(),
    }
}
