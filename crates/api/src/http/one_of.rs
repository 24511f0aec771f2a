//! Closed sets of values in the contract: the domain's enums by the names of their variants.

use std::any::type_name;
use std::borrow::Cow;
use std::str::FromStr;

use myashes_domain::FieldError;
use myashes_domain::builds::{Period, Sort, SuggestionKind, TagMode, Visibility};
use myashes_domain::feedback::{Priority, SearchMode, Thumb};
use serde::{Serialize, Serializer};
use strum::VariantNames;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

pub type PeriodName = OneOf<Period>;
pub type PriorityName = OneOf<Priority>;
pub type SearchModeName = OneOf<SearchMode>;
pub type SortName = OneOf<Sort>;
pub type SuggestionKindName = OneOf<SuggestionKind>;
pub type TagModeName = OneOf<TagMode>;
pub type ThumbName = OneOf<Thumb>;
pub type VisibilityName = OneOf<Visibility>;

/// A variant of an enum, by its name. The schema lists all of them.
pub struct OneOf<T>(pub T);

impl<T: Copy + Into<&'static str>> Serialize for OneOf<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.into())
    }
}

impl<T: VariantNames> PartialSchema for OneOf<T> {
    fn schema() -> RefOr<Schema> {
        let names = T::VARIANTS.iter().copied();
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names)).into()
    }
}

impl<T: VariantNames> ToSchema for OneOf<T> {
    fn name() -> Cow<'static, str> {
        let path = type_name::<T>();
        path.rsplit("::").next().unwrap_or(path).into()
    }
}

/// Parses the name of a variant.
///
/// # Errors
/// A validation error that lists the variants.
pub fn one_of<T: FromStr + VariantNames>(field: &'static str, raw: &str) -> Result<T, FieldError> {
    let unknown = |_| FieldError::new(field, "one_of", format!("must be one of: {}", T::VARIANTS.join(", ")));
    raw.parse().map_err(unknown)
}
