//! The service under test, on a free port.

use myashes_api::app::Application;
use myashes_api::http::table::RouteSpec;
use myashes_api::settings::{EnvVars, Settings};
use myashes_testkit::TestDatabase;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A running service with its own database.
pub struct TestServer {
    pub port: u16,
    pub client: reqwest::Client,
    pub database: TestDatabase,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<anyhow::Result<()>>,
}

impl TestServer {
    /// Starts on `database`; `more` comes over what every test has.
    pub async fn start(database: TestDatabase, more: &[(&str, &str)]) -> Self {
        Self::start_with(database, more, myashes_api::routes::table).await
    }

    /// The same with other routes.
    pub async fn start_with(
        database: TestDatabase,
        more: &[(&str, &str)],
        table: fn() -> Vec<RouteSpec>,
    ) -> Self {
        let url = database.url.clone();
        let usual = [
            ("PORT", "0"),
            ("DATABASE_URL", url.as_str()),
            ("MIGRATE_ON_START", "true"),
            ("RATE_LIMIT_ENABLED", "false"),
            ("SHUTDOWN_GRACE", "0"),
            ("DB_POOL_SIZE", "4"),
            // Two servers, a debug build and two cores: what is tested here is not speed.
            ("DB_POOL_TIMEOUT", "30s"),
            ("DB_STATEMENT_TIMEOUT", "30s"),
            ("REQUEST_TIMEOUT", "60s"),
        ];
        let all = usual.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let settings = Settings::load(None, &all.collect::<EnvVars>()).expect("the test's settings");
        let application = Application::build_with(&settings, table).await.expect("the service starts");
        let port = application.port();
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(application.run_until_stopped(async {
            let _ = stopped.await;
        }));
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build();
        Self { port, client: client.expect("a client"), database, stop: Some(stop), task }
    }

    /// Tells the service to stop, as SIGTERM does.
    pub fn begin_to_stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }

    /// Waits for the service to end by itself.
    pub async fn ended(self) -> anyhow::Result<()> {
        self.task.await.expect("no panic")
    }

    /// Stops the service and waits for it; the database goes with it.
    pub async fn stop(mut self) {
        self.begin_to_stop();
        self.task.await.expect("no panic").expect("no failure");
    }
}
