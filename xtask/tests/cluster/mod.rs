//! A Kubernetes API that is just large enough for `kubectl` to work with: it keeps objects by their path, notes
//! what was asked in which order, and plays the controllers of Jobs and Deployments.

mod api;
mod checkout;
mod controllers;
mod http;

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Value, json};

/// How the migration ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Migration {
    #[default]
    Succeeds,
    Fails,
}

#[derive(Default)]
pub struct State {
    /// By path, such as `/api/v1/namespaces/there/configmaps/settings`.
    pub objects: std::collections::BTreeMap<String, Value>,
    /// Every change that was made, as `PATCH Deployment/name`, in order.
    pub changes: Vec<String>,
    /// How many requests came at all.
    pub requests: usize,
    pub migration: Migration,
}

impl State {
    /// The object of this kind and name, wherever it lies.
    pub fn find(&self, kind: &str, name: &str) -> Option<&Value> {
        self.objects.values().find(|object| object["kind"] == kind && object["metadata"]["name"] == name)
    }

    /// Where in the order of changes this object was first applied.
    pub fn applied(&self, title: &str) -> Option<usize> {
        self.changes.iter().position(|change| change.strip_prefix("PATCH ") == Some(title))
    }
}

/// The running API, and a home folder whose kubeconfig leads to it.
pub struct Cluster {
    state: Arc<Mutex<State>>,
    home: PathBuf,
}

impl Cluster {
    /// `None` on a machine without `kubectl`: what it would say cannot be known there. Where the variable
    /// `XTASK_NEEDS_KUBECTL` is set, as in continuous integration, that is a failure.
    pub fn start() -> Option<Self> {
        if !has_kubectl() {
            assert!(environment("XTASK_NEEDS_KUBECTL").is_none(), "kubectl is not installed");
            eprintln!("skipped: kubectl is not installed");
            return None;
        }
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State::default()));
        let served = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&served);
                std::thread::spawn(move || http::serve(stream, &state));
            }
        });
        let home = std::env::temp_dir().join(format!("myashes-cluster-{}-{port}", std::process::id()));
        std::fs::create_dir(&home).unwrap();
        std::fs::write(home.join("config"), kubeconfig(port).to_string()).unwrap();
        checkout::copy(&home);
        Some(Self { state, home })
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// `cargo xtask` with these arguments, only this cluster to reach, and every value of the operator filled in.
    pub fn xtask(&self, arguments: &[&str]) -> Answer {
        self.run(&self.home, arguments)
    }

    /// The same with the manifests of this checkout, where the operator's values are still open.
    pub fn xtask_of_this_checkout(&self, arguments: &[&str]) -> Answer {
        self.run(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), arguments)
    }

    fn run(&self, checkout: &Path, arguments: &[&str]) -> Answer {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        let output = command
            .args(arguments)
            .env("HOME", &self.home)
            .env("KUBECONFIG", self.home.join("config"))
            .env("XTASK_ROOT", checkout)
            .env("PATH", path())
            .env_remove("HTTP_PROXY")
            .env_remove("http_proxy")
            .output();
        let Output { status, stdout, stderr } = output.unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Answer { success: status.success(), stdout: text(stdout), stderr: text(stderr) }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.home).unwrap();
    }
}

/// What the command said, and whether it succeeded.
pub struct Answer {
    pub success: bool,
    pub stdout: String,
    pub stderr: String,
}

impl Answer {
    /// The answer, when it is the expected one; the whole output is in the failure otherwise.
    #[track_caller]
    pub fn succeeded(self) -> Self {
        assert!(self.success, "{}\n{}", self.stdout, self.stderr);
        self
    }

    #[track_caller]
    pub fn failed(self) -> Self {
        assert!(!self.success, "{}\n{}", self.stdout, self.stderr);
        self
    }
}

/// The contexts that `xtask.toml` names, all of them this API, and one that leads nowhere.
fn kubeconfig(port: u16) -> Value {
    let context =
        |name: &str, cluster: &str| json!({"name": name, "context": {"cluster": cluster, "user": "tester"}});
    json!({
        "apiVersion": "v1", "kind": "Config", "current-context": "elsewhere",
        "clusters": [
            {"name": "fake", "cluster": {"server": format!("http://127.0.0.1:{port}")}},
            {"name": "nowhere", "cluster": {"server": "http://127.0.0.1:1"}},
        ],
        "users": [{"name": "tester", "user": {}}],
        "contexts": [
            context("myashes-stage", "fake"), context("myashes-prod", "fake"), context("elsewhere", "nowhere"),
        ],
    })
}

fn has_kubectl() -> bool {
    std::env::split_paths(&path()).any(|folder| folder.join("kubectl").is_file())
}

/// `PATH`, and where `deploy/tools/check.sh` puts what it fetches.
fn path() -> std::ffi::OsString {
    let fetched = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tools/debian/usr/bin");
    let path = environment("PATH").unwrap_or_default();
    std::env::join_paths(std::env::split_paths(&path).chain([fetched])).unwrap()
}

#[expect(clippy::disallowed_methods, reason = "which programs a test can use is the machine's affair")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
