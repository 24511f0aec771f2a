//! PostgreSQL databases that cannot hold every text, or do not know every letter.

use myashes_testkit::TestDatabase;

use crate::commands;
use crate::service::Service;

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_cannot_hold_every_character_is_refused() {
    for encoding in ["LATIN1", "SQL_ASCII"] {
        let options = format!("TEMPLATE template0 ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C'");
        let Some(database) = TestDatabase::with_options(&options).await else { return };
        for command in ["migrate", "serve", "doctor", "seed"] {
            let outcome = commands::run(command, &database.url, &[]).await;
            let parts = ["DATABASE_URL", encoding, "UTF8", "CREATE DATABASE", "ENCODING 'UTF8'"];
            outcome.assert_says(2, &parts, &[]);
        }
        assert!(database.schema().await.is_empty(), "nothing was changed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_knows_no_letters_but_ascii_is_used_with_a_warning() {
    let options = "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'";
    let Some(database) = TestDatabase::with_options(options).await else { return };
    let parts = ["WARN", "LC_CTYPE", "misspelled", "C.UTF-8"];
    let migrated = commands::run("migrate", &database.url, &[]).await;
    migrated.assert_says(0, &parts, &[]);
    let service = Service::start(&database.url, &[("MIGRATE_ON_START", "false")]).await;
    service.logs(&parts).await;
    assert_eq!(service.log().matches("LC_CTYPE is").count(), 1, "{}", service.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_knows_all_letters_is_used_without_a_warning() {
    let options = "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'";
    let Some(database) = TestDatabase::with_options(options).await else { return };
    let service = Service::start(&database.url, &[]).await;
    assert!(!service.log().contains("LC_CTYPE"), "{}", service.log());
}
