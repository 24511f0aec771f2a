//! The closed choices of the contract, by name: for the OpenAPI document, which is to list them.

use utoipa::ToSchema;

/// Text of at least one character that is no white space, without NUL, as a regular expression.
pub const SAYS_SOMETHING: &str = r"^[^\u0000]*[^\s\u0000][^\u0000]*$";

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum VisibilityName {
    Public,
    Unlisted,
    Private,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum ThumbName {
    Up,
    Down,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum SearchModeName {
    Quick,
    Smart,
    Deep,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum SortName {
    Newest,
    Rating,
    Popular,
    Trending,
    Relevance,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum PeriodName {
    Day,
    Week,
    Month,
    All,
}

/// One tag of a build.
#[derive(ToSchema)]
#[schema(value_type = String, min_length = 1, max_length = 30, pattern = "^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$")]
pub struct TagText(pub String);
