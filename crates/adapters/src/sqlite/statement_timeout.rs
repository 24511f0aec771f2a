//! Ends searches at DB_STATEMENT_TIMEOUT.

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use diesel_async::RunQueryDsl;
    use futures_util::future::BoxFuture;
    use myashes_domain::Error;
    use myashes_testkit::TestDatabase;

    use super::super::db::boxed;
    use super::super::{Conn, connect};
    use crate::sql::error::DbResult;
    use crate::storage::StorageOptions;

    fn endless(conn: &mut Conn, (): ()) -> BoxFuture<'_, DbResult<usize>> {
        let sql = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE within_statement_timeout()) \
                   SELECT count(*) FROM n";
        boxed(async move { Ok(diesel::sql_query(sql).execute(conn).await?) })
    }

    fn short(conn: &mut Conn, (): ()) -> BoxFuture<'_, DbResult<usize>> {
        boxed(async move { Ok(diesel::sql_query("SELECT within_statement_timeout()").execute(conn).await?) })
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_statement_that_never_ends_is_interrupted() {
        let database = TestDatabase::sqlite().await;
        let options = StorageOptions {
            url: database.url.clone(),
            read_url: None,
            pool_size: 1,
            pool_timeout: Duration::from_secs(30),
            statement_timeout: Duration::from_millis(50),
            ranking: myashes_domain::ranking::Ranking::default(),
        };
        let db = connect(&options).unwrap();
        for _ in 0..2 * db.readers.status().max_size {
            let error = db.read((), endless).await.unwrap_err();
            assert!(
                matches!(&error, Error::Unavailable(why) if why.0.contains("DB_STATEMENT_TIMEOUT")),
                "{error:?}"
            );
        }
        assert!(db.read((), short).await.is_ok(), "each statement has its own time");
    }
}
