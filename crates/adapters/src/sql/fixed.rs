//! Statements of a fixed text with bound values: for what diesel's query builder cannot say, and for hot
//! statements that it would parse anew each time (updates, upserts, batches are not kept as prepared
//! statements there; these are, by their text).

use std::marker::PhantomData;

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;

/// A statement whose text runs around its values: there is one piece more than there are values. `T` is the
/// SQL type of its rows.
pub struct Fixed<V, T = ()> {
    pieces: &'static [&'static str],
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

impl<V, T> Fixed<V, T> {
    pub fn new(pieces: &'static [&'static str], values: V) -> Self {
        Self { pieces, values, rows: PhantomData }
    }
}

impl<V, T> Query for Fixed<V, T> {
    type SqlType = T;
}

/// Also on the blocking connections of SQLite.
impl<V, T, Conn> diesel::RunQueryDsl<Conn> for Fixed<V, T> {}

impl<V, T> QueryId for Fixed<V, T> {
    type QueryId = ();
    // The text is the key under which the prepared statement is found again.
    const HAS_STATIC_QUERY_ID: bool = false;
}

macro_rules! interleave {
    ($($value:ident $index:tt),*) => {
        impl<DB, T, $($value),*> QueryFragment<DB> for Fixed<($($value,)*), T>
        where
            DB: Backend,
            $($value: QueryFragment<DB>,)*
        {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
                let mut pieces = self.pieces.iter();
                if let Some(first) = pieces.next() {
                    out.push_sql(first);
                }
                $(
                    self.values.$index.walk_ast(out.reborrow())?;
                    if let Some(piece) = pieces.next() {
                        out.push_sql(piece);
                    }
                )*
                Ok(())
            }
        }
    };
}

interleave!();
interleave!(A 0);
interleave!(A 0, B 1);
interleave!(A 0, B 1, C 2);
interleave!(A 0, B 1, C 2, D 3);
interleave!(A 0, B 1, C 2, D 3, E 4);
interleave!(A 0, B 1, C 2, D 3, E 4, F 5);
interleave!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
interleave!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
interleave!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
interleave!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
interleave!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13, O 14, P 15);
interleave!(
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13, O 14, P 15, Q 16, R 17, S 18
);
