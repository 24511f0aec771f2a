//! A browser at the service, from its start to its end.

use std::sync::Arc;

use myashes_servers::Chromedriver;

use crate::browser::Browser;
use crate::driver::{Script, open};
use crate::site::{Mount, Site};

pub struct Visit {
    pub browser: Browser,
    pub site: Site,
}

impl Visit {
    /// Opens a page by its path below the mount path.
    pub async fn open(&self, path: &str) {
        self.browser.open(&self.site.url(path)).await;
    }

    /// Asserts that the console holds no error, and that no request left the pages' origin.
    async fn assert_clean(&self) {
        assert_eq!(self.browser.errors().await, [""; 0], "errors in the console");
        let own = format!("{}/", self.site.origin);
        let requests = self.browser.requests().await;
        let foreign: Vec<&String> = requests.iter().filter(|url| !url.starts_with(&own)).collect();
        assert!(!requests.is_empty() && foreign.is_empty(), "{foreign:?}");
    }
}

/// Starts a service and a browser for `walk`, and ends both, also when it panics.
pub async fn visit<F>(mount: Mount, script: Script, walk: impl FnOnce(Arc<Visit>) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let Some(driver) = Chromedriver::for_test() else { return };
    let Some(site) = Site::start(mount).await else { return };
    let browser = Browser::new(open(&driver, script).await);
    let visit = Arc::new(Visit { browser, site });
    let (walk, visited) = (walk(Arc::clone(&visit)), Arc::clone(&visit));
    let walked = tokio::spawn(async move {
        walk.await;
        visited.assert_clean().await;
    });
    let outcome = walked.await;
    if outcome.is_err() {
        eprintln!("the page of the failure:\n{}", visit.browser.describe().await);
    }
    visit.browser.close().await;
    drop(driver);
    if let Err(failure) = outcome {
        std::panic::resume_unwind(failure.into_panic());
    }
    let visit = Arc::into_inner(visit).expect("the walk has ended");
    visit.site.server.stop().await;
}
