//! An HTTP server on a socket of loopback that answers as a test wants at the moment, and remembers what it
//! was asked.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// How the server behaves.
#[derive(Clone)]
pub enum Behaviour {
    StoredResponse(u16, String),
    /// Reads the request and never answers it.
    Hang,
    /// Answers once [`TestServer::release`] is called.
    Hold(String),
    /// Closes the connection without an answer.
    Drop,
}

impl Behaviour {
    pub fn json(body: &Value) -> Self {
        Self::StoredResponse(200, body.to_string())
    }
}

/// A stand-in for the identity platform. It ends with the value.
pub struct TestServer {
    pub url: String,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    behaviour: Mutex<Behaviour>,
    bodies: Mutex<Vec<String>>,
    requests: AtomicUsize,
    connections: AtomicUsize,
    release: Notify,
    arrived: Notify,
}

impl TestServer {
    pub async fn start(behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            behaviour: Mutex::new(behaviour),
            bodies: Mutex::default(),
            requests: AtomicUsize::new(0),
            connections: AtomicUsize::new(0),
            release: Notify::new(),
            arrived: Notify::new(),
        });
        let serving = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                serving.connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, Arc::clone(&serving)));
            }
        });
        Self { url, shared, task }
    }

    pub fn become_(&self, behaviour: Behaviour) {
        *self.shared.behaviour.lock().unwrap() = behaviour;
    }

    pub fn requests(&self) -> usize {
        self.shared.requests.load(Ordering::SeqCst)
    }

    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    pub fn bodies(&self) -> Vec<String> {
        self.shared.bodies.lock().unwrap().clone()
    }

    /// Waits until a request has come in.
    pub async fn asked(&self) {
        self.shared.arrived.notified().await;
    }

    /// Lets a held request go.
    pub fn release(&self) {
        self.shared.release.notify_one();
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    let mut stream = BufReader::new(stream);
    while let Some(body) = request(&mut stream).await {
        shared.bodies.lock().unwrap().push(body);
        shared.requests.fetch_add(1, Ordering::SeqCst);
        shared.arrived.notify_one();
        let behaviour = shared.behaviour.lock().unwrap().clone();
        let (status, body) = match behaviour {
            Behaviour::StoredResponse(status, body) => (status, body),
            Behaviour::Hold(body) => {
                shared.release.notified().await;
                (200, body)
            }
            Behaviour::Hang => std::future::pending().await,
            Behaviour::Drop => return,
        };
        let head = format!(
            "HTTP/1.1 {status} X\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        if stream.get_mut().write_all(format!("{head}{body}").as_bytes()).await.is_err() {
            return;
        }
    }
}

/// The body of one request, `None` at the end of the connection.
async fn request(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    String::from_utf8(body).ok()
}
