//! The connections of one worker, and the sweep that closes those that are overdue.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};
use std::time::{Duration, Instant};

use tokio::net::TcpStream;

use super::Connection;
use super::socket::WatchedSocket;
use crate::metrics;

/// The time between two sweeps.
const INTERVAL: Duration = Duration::from_millis(500);

/// All connections of one worker.
pub struct Watch {
    open: RefCell<Vec<Weak<Connection>>>,
    /// The most connections of this worker.
    most: usize,
}

impl Watch {
    /// Starts the sweep on this thread's runtime. It ends when the last reference to the watch is dropped.
    #[must_use]
    pub fn start(most: usize) -> Rc<Self> {
        let watch = Rc::new(Self { open: RefCell::default(), most });
        let watched = Rc::downgrade(&watch);
        actix_web::rt::spawn(async move {
            loop {
                tokio::time::sleep(INTERVAL).await;
                let Some(watch) = watched.upgrade() else { return };
                watch.sweep(Instant::now());
            }
        });
        watch
    }

    /// Tracks an accepted connection.
    pub fn accept(&self, socket: TcpStream) -> WatchedSocket {
        // A response is sent at once, rather than when the last packet was acknowledged.
        if let Err(error) = socket.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY was refused");
        }
        let connection = Connection::new(Instant::now());
        self.open.borrow_mut().push(Rc::downgrade(&connection));
        metrics::connection_opened();
        WatchedSocket::new(socket, connection)
    }

    /// Closes overdue connections. Above three quarters of its limit a worker keeps idle connections only for a short
    /// time, so that new ones can be accepted.
    fn sweep(&self, now: Instant) {
        let mut open = self.open.borrow_mut();
        open.retain(|connection| connection.strong_count() > 0);
        let short = open.len() > self.most / 4 * 3;
        let mut closed = BTreeMap::new();
        for connection in open.iter().filter_map(Weak::upgrade) {
            if let Some(phase) = connection.overdue_phase(now, short).filter(|_| !connection.overdue.get()) {
                connection.close();
                *closed.entry(<&str>::from(phase)).or_insert(0) += 1;
            }
        }
        for (phase, count) in closed {
            metrics::connections_overdue(phase, count);
        }
    }
}
