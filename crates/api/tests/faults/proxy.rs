//! A small TCP proxy in front of two replicas: new connections go to those that say they are ready.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::service::is_ready;

/// Between two looks at a replica: an orchestrator's probe takes longer, and so does its grace.
const PROBE: Duration = Duration::from_millis(100);

pub struct Proxy {
    pub port: u16,
    ready: Arc<Mutex<Vec<u16>>>,
    _tasks: JoinSet<()>,
}

impl Proxy {
    /// Stands before the replicas on these ports.
    pub async fn before(replicas: &[u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("it is bound").port();
        let ready = Arc::new(Mutex::new(replicas.to_vec()));
        let mut tasks = JoinSet::new();
        for replica in replicas {
            tasks.spawn(probe(*replica, Arc::clone(&ready)));
        }
        tasks.spawn(accept(listener, Arc::clone(&ready)));
        Self { port, ready, _tasks: tasks }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Waits until new connections go to this replica.
    pub async fn sends_to(&self, replica: u16) {
        while !lock(&self.ready).contains(&replica) {
            tokio::time::sleep(PROBE).await;
        }
    }
}

async fn probe(replica: u16, ready: Arc<Mutex<Vec<u16>>>) {
    loop {
        let now = is_ready(replica).await;
        {
            let mut ready = lock(&ready);
            ready.retain(|port| *port != replica);
            if now {
                ready.push(replica);
            }
        }
        tokio::time::sleep(PROBE).await;
    }
}

async fn accept(listener: TcpListener, ready: Arc<Mutex<Vec<u16>>>) {
    let next = AtomicUsize::new(0);
    let mut connections = JoinSet::new();
    loop {
        let Ok((mut client, _)) = listener.accept().await else { return };
        let ready = lock(&ready).clone();
        if ready.is_empty() {
            continue;
        }
        let first = next.fetch_add(1, Ordering::Relaxed);
        connections.spawn(async move {
            // A replica that has just stopped is skipped, as any proxy does.
            for attempt in 0..ready.len() {
                let replica = ready[(first + attempt) % ready.len()];
                if let Ok(mut server) = TcpStream::connect(("127.0.0.1", replica)).await {
                    copy_bidirectional(&mut client, &mut server).await.ok();
                    return;
                }
            }
        });
    }
}

fn lock(ready: &Mutex<Vec<u16>>) -> std::sync::MutexGuard<'_, Vec<u16>> {
    ready.lock().unwrap_or_else(PoisonError::into_inner)
}
