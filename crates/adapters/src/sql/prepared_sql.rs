//! Statements of a fixed text with bound values, and such parts of statements: for what diesel's query builder cannot
//! express, and for hot statements that it would parse anew each time (updates, upserts and batches are not kept as
//! prepared statements there, and nothing with `diesel::dsl::sql` in it; these are, by their text).

use std::marker::PhantomData;

use diesel::backend::Backend;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, TypedExpressionType, ValidGrouping, is_aggregate,
};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::{Error, QueryResult};

/// A statement, or an expression in one, with `$1`, `$2`, … in the place of its values; a repeated number binds its value
/// again. `T` is the SQL type of its rows or of the expression.
pub struct PreparedSql<V, T = ()> {
    sql: &'static str,
    values: V,
    rows: PhantomData<T>,
}

/// SQL that stands among the values, where the databases say something differently.
#[derive(Debug, Clone, Copy)]
pub struct Verbatim(pub &'static str);

impl<DB: Backend> QueryFragment<DB> for Verbatim {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(self.0);
        Ok(())
    }
}

impl<V, T> PreparedSql<V, T> {
    pub fn new(sql: &'static str, values: V) -> Self {
        Self { sql, values, rows: PhantomData }
    }
}

impl<V, T> Query for PreparedSql<V, T> {
    type SqlType = T;
}

/// Also on the blocking connections of SQLite.
impl<V, T, Conn> diesel::RunQueryDsl<Conn> for PreparedSql<V, T> {}

impl<V, T: TypedExpressionType> Expression for PreparedSql<V, T> {
    type SqlType = T;
}

impl<V, T: TypedExpressionType, QS> AppearsOnTable<QS> for PreparedSql<V, T> {}

impl<V, T: TypedExpressionType, QS> SelectableExpression<QS> for PreparedSql<V, T> {}

impl<V, T, GB> ValidGrouping<GB> for PreparedSql<V, T> {
    type IsAggregate = is_aggregate::Never;
}

impl<V, T> QueryId for PreparedSql<V, T> {
    type QueryId = ();
    // The text is the key under which the prepared statement is found again.
    const HAS_STATIC_QUERY_ID: bool = false;
}

/// Splits at the first parameter: the text before it, its number, and the text behind it.
fn split_at_parameter(sql: &'static str) -> Option<(&'static str, usize, &'static str)> {
    sql.match_indices('$').find_map(|(at, _)| {
        let digits = sql[at + 1..].bytes().take_while(u8::is_ascii_digit).count();
        let end = at + 1 + digits;
        Some((&sql[..at], sql[at + 1..end].parse().ok()?, &sql[end..]))
    })
}

macro_rules! bind_values {
    ($($value:ident $index:tt),*) => {
        impl<DB, T, $($value),*> QueryFragment<DB> for PreparedSql<($($value,)*), T>
        where
            DB: Backend,
            $($value: QueryFragment<DB>,)*
        {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
                let mut rest = self.sql;
                while let Some((before, number, behind)) = split_at_parameter(rest) {
                    out.push_sql(before);
                    match number {
                        $(number if number == $index + 1 => self.values.$index.walk_ast(out.reborrow())?,)*
                        _ => return Err(Error::QueryBuilderError(format!("no value for ${number}").into())),
                    }
                    rest = behind;
                }
                out.push_sql(rest);
                Ok(())
            }
        }
    };
}

impl<DB: Backend, T> QueryFragment<DB> for PreparedSql<(), T> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(self.sql);
        Ok(())
    }
}

bind_values!(A 0);
bind_values!(A 0, B 1);
bind_values!(A 0, B 1, C 2);
bind_values!(A 0, B 1, C 2, D 3);
bind_values!(A 0, B 1, C 2, D 3, E 4);
bind_values!(A 0, B 1, C 2, D 3, E 4, F 5);
bind_values!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
bind_values!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
bind_values!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
bind_values!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
bind_values!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13, O 14, P 15);
bind_values!(
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13, O 14, P 15, Q 16, R 17, S 18
);
