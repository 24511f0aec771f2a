//! A Kubernetes API that is just large enough for `kubectl` to work with: it keeps objects by their path, notes
//! what was asked in which order, and plays the controllers of Jobs and Deployments.

mod api;
mod checkout;
mod controllers;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use myashes_servers::Folder;
use serde_json::{Value, json};

use super::command::{Answer, environment, xtask};
use super::stand_in;

#[derive(Default)]
pub struct State {
    /// By path, such as `/api/v1/namespaces/there/configmaps/settings`.
    pub objects: std::collections::BTreeMap<String, Value>,
    /// Every change that was made, as `PATCH Deployment/name`, in order.
    pub changes: Vec<String>,
    /// How many requests came at all.
    pub requests: usize,
    pub migration_fails: bool,
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
    home: Folder,
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
        let state = Arc::new(Mutex::new(State::default()));
        let served = Arc::clone(&state);
        let (url, _) = stand_in::serve(move |request| api::answer(request, &mut served.lock().unwrap()));
        let home = Folder::for_caller("cluster").unwrap();
        std::fs::write(home.path().join("config"), kubeconfig(&url).to_string()).unwrap();
        checkout::copy(home.path());
        Some(Self { state, home })
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// `cargo xtask` with these arguments, only this cluster to reach, and every value of the operator filled in.
    pub fn xtask(&self, arguments: &[&str]) -> Answer {
        self.run(self.home.path(), arguments)
    }

    /// The same with the manifests of this checkout, where the operator's values are still open.
    pub fn xtask_of_this_checkout(&self, arguments: &[&str]) -> Answer {
        self.run(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), arguments)
    }

    fn run(&self, checkout: &Path, arguments: &[&str]) -> Answer {
        let mut command = xtask(arguments);
        command.env("HOME", self.home.path()).env("KUBECONFIG", self.home.path().join("config"));
        command.env("XTASK_ROOT", checkout).env("PATH", path());
        Answer::of(command.env_remove("HTTP_PROXY").env_remove("http_proxy"))
    }
}

/// The contexts that `xtask.toml` names, all of them this API, and one that leads nowhere.
fn kubeconfig(url: &str) -> Value {
    let context =
        |name: &str, cluster: &str| json!({"name": name, "context": {"cluster": cluster, "user": "tester"}});
    json!({
        "apiVersion": "v1", "kind": "Config", "current-context": "elsewhere",
        "clusters": [
            {"name": "fake", "cluster": {"server": url}},
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
