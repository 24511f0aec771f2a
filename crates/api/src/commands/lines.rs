//! The buffered writer of the log. Lines are gathered in memory, and a separate thread writes them a hundred times a
//! second: a system call for each line, or only waking that thread for each, costs a fifth of a worker's throughput
//! (docs/BENCHMARKS.md). No line is dropped: when the reader is slow, threads that log block.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tracing_subscriber::fmt::MakeWriter;

/// How long lines are gathered.
const GATHER: Duration = Duration::from_millis(10);

/// Bytes that may be gathered. Threads that log more block until they are written.
const LARGEST: usize = 1024 * 1024;

#[derive(Default)]
struct Gathered {
    bytes: Vec<u8>,
    ended: bool,
}

#[derive(Default)]
struct Shared {
    gathered: Mutex<Gathered>,
    came: Condvar,
    left: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Gathered> {
        self.gathered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes gathered lines until `ended` is set.
    fn carry(&self, mut to: impl Write) {
        let mut bytes = Vec::new();
        loop {
            let waiting = self.came.wait_while(self.lock(), |it| it.bytes.is_empty() && !it.ended);
            let waiting = waiting.unwrap_or_else(PoisonError::into_inner);
            let gathering = |it: &mut Gathered| it.bytes.len() < LARGEST && !it.ended;
            let waited = self.came.wait_timeout_while(waiting, GATHER, gathering);
            let (mut gathered, _) = waited.unwrap_or_else(PoisonError::into_inner);
            let ended = gathered.ended;
            std::mem::swap(&mut bytes, &mut gathered.bytes);
            drop(gathered);
            self.left.notify_all();
            // The log's target may be closed: there is nowhere to report the error then.
            to.write_all(&bytes).and_then(|()| to.flush()).ok();
            bytes.clear();
            if ended {
                return;
            }
        }
    }
}

/// The thread that writes the log. Dropping this writes the remaining lines.
pub struct Lines {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Lines {
    pub fn to(target: impl Write + Send + 'static) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let carried = Arc::clone(&shared);
        let thread = thread::Builder::new().name("log".into()).spawn(move || carried.carry(target))?;
        Ok(Self { shared, thread: Some(thread) })
    }

    pub fn writer(&self) -> LineWriter {
        LineWriter(Arc::clone(&self.shared))
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        self.shared.lock().ended = true;
        self.shared.came.notify_all();
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

#[derive(Clone)]
pub struct LineWriter(Arc<Shared>);

impl Write for LineWriter {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let full = |it: &mut Gathered| it.bytes.len() >= LARGEST && !it.ended;
        let mut gathered =
            self.0.left.wait_while(self.0.lock(), full).unwrap_or_else(PoisonError::into_inner);
        let before = gathered.bytes.len();
        gathered.bytes.extend_from_slice(line);
        let after = gathered.bytes.len();
        drop(gathered);
        // The thread sleeps until there are lines, or too many.
        if before == 0 || after >= LARGEST {
            self.0.came.notify_all();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for LineWriter {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// A target that accepts a write only when it is read from.
    struct Slow(mpsc::SyncSender<Vec<u8>>);

    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.send(bytes.to_vec()).map_err(io::Error::other)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn every_line_arrives_in_its_order_however_slow_the_reader_is() {
        let (sent, read) = mpsc::sync_channel(0);
        let lines = Lines::to(Slow(sent)).unwrap();
        let mut writer = lines.writer();
        let line = |n: u32| format!("{n:>1023}\n");
        let logging = thread::spawn(move || {
            for n in 0..5_000 {
                assert_eq!(writer.write(line(n).as_bytes()).unwrap(), 1024);
            }
            drop(lines);
        });
        let written: Vec<u8> = read.iter().flatten().collect();
        logging.join().unwrap();
        assert!(written == (0..5_000).flat_map(|n| line(n).into_bytes()).collect::<Vec<_>>());
    }

    #[test]
    fn a_closed_target_blocks_no_writer() {
        let (sent, read) = mpsc::sync_channel(0);
        drop(read);
        let lines = Lines::to(Slow(sent)).unwrap();
        let mut writer = lines.writer();
        for _ in 0..3_000 {
            writer.write_all(&[b'.'; 1024]).unwrap();
        }
    }
}
