//! The conditions of a list on the builds themselves: its term, its tags and its creator.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use myashes_domain::builds::{BuildFilter, Narrowing, TagMode};

use super::term_sample::TermSample;
use super::{Backend, dialect};
use crate::sql::prepared_sql::{PreparedSql, Verbatim};
use crate::sql::schema::{build_tags, builds};

/// Row numbers of builds under conditions yet to be added to.
pub type RowsOf<'a> = builds::BoxedQuery<'a, Backend, BigInt>;

/// A condition on builds.
pub type Condition = Box<dyn BoxableExpression<builds::table, Backend, SqlType = Bool>>;

/// Whether a build's own row says that it is public: what is compared and what is shown is of one moment then. Without a
/// parameter, since PostgreSQL plans a statement anew each time where a value could make its plan cheaper.
fn is_public() -> PreparedSql<(), Bool> {
    PreparedSql::new("(builds.visibility = 'public' AND NOT builds.hidden)", ())
}

/// Those of the builds whose searched text holds all pieces of one of the groups. By all of its pieces the index would read the
/// list of each of their trigrams, also those of half of the builds. It is asked for a few trigrams that select enough, and the
/// texts of what these have in common are compared.
pub fn holding_any(
    of: RowsOf<'static>,
    groups: &[Vec<String>],
    sample: Option<&TermSample>,
) -> RowsOf<'static> {
    let indexed = |group: &Vec<String>| {
        let chosen = sample.map(|it| it.most_selective(group, dialect::is_indexed)).unwrap_or_default();
        if chosen.is_empty() { group.clone() } else { chosen }
    };
    let of = if groups.len() > 1 { never_kept(of) } else { of };
    let of = dialect::indexed_by_any(of, &groups.iter().map(indexed).collect::<Vec<_>>());
    let holds = |piece: &String| -> Condition { Box::new(dialect::holds(piece)) };
    let all = |group: &Vec<String>| group.iter().map(holds).reduce(|a, b| Box::new(a.and(b)));
    match groups.iter().filter_map(all).reduce(|a, b| Box::new(a.or(b))) {
        Some(any) => of.filter(any),
        None => of,
    }
}

/// The builds, by a statement that no connection keeps as a prepared one. Its text depends on how many trigrams are chosen for each
/// group: there would be ever more of them.
#[expect(clippy::disallowed_methods, reason = "it is to be prepared anew for each call")]
fn never_kept(of: RowsOf<'static>) -> RowsOf<'static> {
    of.filter(diesel::dsl::sql::<Bool>("true"))
}

/// Public builds.
pub fn public_rows() -> RowsOf<'static> {
    builds::table.select(builds::id).filter(is_public()).into_boxed()
}

/// How builds with a term or of a creator are found.
#[derive(Debug, Clone, Copy)]
pub enum RowAccess<'a> {
    /// The index of the texts gives candidates. The sample says which pieces of the term select most.
    ByTerm(Option<&'a TermSample>),
    /// The index of creators does.
    ByCreator,
    /// The lists of these of its tags do.
    ByTags(&'a [String]),
    /// The list of their facets does.
    ByFacets,
    /// Something else does, and each row is read: neither of these indexes can be used.
    ByOthers,
    /// Each row is found by its number. The planner sees no value that could make its plan cheaper, so that one plan serves
    /// all of them.
    RowByRow,
    /// The same for the rows of [`RANGE`], of which their tags are read, too.
    InRange,
}

/// The first and the last row number of a range that is read in a scan.
pub const RANGE: Verbatim = Verbatim("(SELECT first FROM dense) AND (SELECT last FROM dense)");

/// Row numbers of the builds that have one of these tags.
fn tagged(tags: &[String]) -> build_tags::BoxedQuery<'static, Backend, BigInt> {
    let rows = build_tags::table.select(build_tags::build);
    match tags {
        // A single one is compared with `=`, whose plan PostgreSQL keeps.
        [tag] => rows.filter(build_tags::tag.eq(tag.clone())).into_boxed(),
        _ => rows.filter(build_tags::tag.eq_any(tags.to_vec())).into_boxed(),
    }
}

/// The builds that hold the filter's term and its tags, by its creator.
pub fn matching(filter: &BuildFilter, access: RowAccess<'_>) -> RowsOf<'static> {
    let Narrowing { search, tag, creator } = filter.narrowing();
    let mut query: RowsOf<'static> = builds::table.select(builds::id).into_boxed();
    if let Some(term) = search {
        query = match access {
            RowAccess::ByTerm(sample) => holding_any(query, &[vec![term.needle().to_owned()]], sample),
            _ => query.filter(dialect::holds(term.needle())),
        };
    }
    // All of these groups, any tag of each.
    let groups = match filter.tag_mode {
        TagMode::Any => tag.chunks(tag.len().max(1)),
        TagMode::All => tag.chunks(1),
    };
    for group in groups {
        let rows = tagged(group);
        query = match access {
            RowAccess::ByTags(listed) if group != listed => query,
            // No join, which may be planned to read all builds, or all of each tag.
            RowAccess::ByTags(listed) => {
                let others = tag.iter().filter(|it| !listed.contains(it));
                let rows = others.fold(rows, |rows, other| {
                    rows.filter(PreparedSql::<_, Bool>::new(
                        "(EXISTS (SELECT 1 FROM build_tags AS other WHERE other.tag = $1 AND other.build = \
                         build_tags.build)) IS TRUE",
                        (other.to_owned().into_sql::<Text>(),),
                    ))
                });
                query.filter(PreparedSql::<_, Bool>::new(dialect::AMONG_ROWS, (rows,)))
            }
            // Nor here: the planner would read all that a tag has.
            RowAccess::RowByRow => query.filter(PreparedSql::<_, Bool>::new(
                "(SELECT true FROM build_tags WHERE $1 AND build = builds.id AND $2 LIMIT 1)",
                (build_tags::tag.eq_any(group.to_vec()), dialect::WITHIN_TIMEOUT),
            )),
            RowAccess::InRange => {
                let in_range: PreparedSql<_, Bool> =
                    PreparedSql::new("build_tags.build BETWEEN $1", (RANGE,));
                query.filter(PreparedSql::<_, Bool>::new(dialect::AMONG_TAGGED, (rows.filter(in_range),)))
            }
            // See `AMONG_TAGGED`.
            _ => {
                let of_build: PreparedSql<_, Bool> = PreparedSql::new("build_tags.build = builds.id", ());
                query.filter(PreparedSql::<_, Bool>::new("(EXISTS ($1)) IS TRUE", (rows.filter(of_build),)))
            }
        };
    }
    if let Some(creator) = creator {
        query = match access {
            RowAccess::ByCreator => query.filter(builds::steam_id.eq(creator.to_owned())),
            RowAccess::RowByRow | RowAccess::InRange => query.filter(PreparedSql::<_, Bool>::new(
                "builds.steam_id IS NOT DISTINCT FROM (SELECT $1)",
                (creator.to_owned().into_sql::<Text>(),),
            )),
            RowAccess::ByTerm(_) | RowAccess::ByTags(_) | RowAccess::ByFacets | RowAccess::ByOthers => query
                .filter(PreparedSql::<_, Bool>::new(
                    "builds.steam_id IS NOT DISTINCT FROM $1",
                    (creator.to_owned().into_sql::<Text>(),),
                )),
        };
    }
    query
}

/// Those of them that are public.
pub fn public_matching(filter: &BuildFilter, access: RowAccess<'_>) -> RowsOf<'static> {
    matching(filter, access).filter(is_public())
}
