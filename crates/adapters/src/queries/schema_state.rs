//! Whether the database answers, and whether its schema is the one this binary needs.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};
use diesel_async::RunQueryDsl;
use myashes_domain::health::{Dependency, Schema};
use myashes_domain::ranking::Ranking;
use myashes_domain::text::FOLDING_VERSION;
use myashes_domain::{Error, Result};

use super::db::{boxed, job};
use super::{Conn, Db};
use crate::cache::Invalidation;
use crate::sql::error::DbResult;
use crate::sql::prepared_sql::PreparedSql;
use crate::sql::schema::ranking_constants;
use crate::sql::sqlstate;

const UNDEFINED_TABLE: &str = "42P01";

pub struct SchemaState {
    db: Db,
    needed: Vec<String>,
}

impl SchemaState {
    pub fn new(db: Db, needed: Vec<String>) -> Self {
        Self { db, needed }
    }
}

impl SchemaState {
    /// Writes a row as it is, to find out whether anything can be written. Other failures are for others to tell.
    async fn probe_write(&self) -> Result<()> {
        let work = job(|conn| {
            boxed(async move {
                let same = ranking_constants::prior_mean.eq(ranking_constants::prior_mean);
                Ok(diesel::update(ranking_constants::table).set(same).execute(conn).await?)
            })
        });
        let written = self.db.run(&self.db.writers, work).await;
        if !self.db.check.note_write(&written) {
            return Ok(());
        }
        Err(written.err().map_or_else(|| Error::unavailable("the database's disk is full"), Error::from))
    }
}

#[async_trait]
impl Dependency for SchemaState {
    async fn ping(&self) -> Result<()> {
        self.db.check.in_place()?;
        let answer: Result<i32> = self
            .db
            .read((), |conn, ()| {
                boxed(async move {
                    let one: PreparedSql<_, Integer> =
                        PreparedSql::new("SELECT $1", (1.into_sql::<Integer>(),));
                    Ok(one.get_result(conn).await?)
                })
            })
            .await;
        answer?;
        if self.db.check.needs_probe() { self.probe_write().await } else { Ok(()) }
    }
}

#[async_trait]
impl Schema for SchemaState {
    async fn pending(&self) -> Result<Vec<String>> {
        let applied = self.db.read((), |conn, ()| boxed(applied(conn))).await?;
        Ok(self.needed.iter().filter(|version| !applied.contains(version)).cloned().collect())
    }

    async fn refusal(&self) -> Result<Option<String>> {
        self.db.check.refusal().await
    }

    async fn settle_ranking(&self) -> Result<Ranking> {
        let ranking = self.db.ranking;
        self.db.write_plain(Invalidation::None, move |conn| boxed(settle(conn, ranking))).await
    }

    async fn folding_version(&self) -> Result<Option<i32>> {
        let version = self.db.read((), |conn, ()| {
            boxed(async move {
                let version = ranking_constants::table.select(ranking_constants::folding);
                Ok(version.first(conn).await.optional()?)
            })
        });
        version.await
    }
}

/// Versions of the migrations that were applied; none when not even their table is there.
pub async fn applied(conn: &mut Conn) -> DbResult<Vec<String>> {
    let versions: PreparedSql<_, Text> = PreparedSql::new(
        "SELECT version FROM __diesel_schema_migrations WHERE version <> $1",
        ("".into_sql::<Text>(),),
    );
    match versions.load(conn).await {
        Ok(versions) => Ok(versions),
        Err(error) if is_missing_table(&error) => Ok(vec![]),
        Err(error) => Err(error.into()),
    }
}

fn is_missing_table(error: &diesel::result::Error) -> bool {
    let diesel::result::Error::DatabaseError(_, info) = error else { return false };
    match sqlstate::of(&**info) {
        Some(state) => state == UNDEFINED_TABLE,
        // SQLite has no language but this one, and no kind for it.
        None => info.message().starts_with("no such table"),
    }
}

/// Records the constants of the scores where none are recorded, and returns those that are.
pub async fn settle(conn: &mut Conn, ranking: Ranking) -> DbResult<Ranking> {
    diesel::insert_into(ranking_constants::table)
        .values((
            ranking_constants::id.eq(1),
            ranking_constants::prior_mean.eq(ranking.prior_mean),
            ranking_constants::prior_weight.eq(ranking.prior_weight),
            ranking_constants::half_life.eq(ranking.half_life),
            ranking_constants::folding.eq(FOLDING_VERSION),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    let (prior_mean, prior_weight, half_life) = ranking_constants::table
        .select((
            ranking_constants::prior_mean,
            ranking_constants::prior_weight,
            ranking_constants::half_life,
        ))
        .first(conn)
        .await?;
    Ok(Ranking { prior_mean, prior_weight, half_life })
}
