//! HTML pages, feeds and card images, rendered from plain view structs: no I/O, no clock, no web framework.
//!
//! A handler fills a view ([`GalleryPage`], [`BuildPage`], [`ErrorPage`], [`BuildCard`], …) and sends what
//! its `render` returns. [`Site`] says where the pages are mounted; every link and asset follows it. Texts of
//! players are escaped by the templates, isolated in `<bdi>`, and percent-encoded where they are part of a link.

pub mod admin_page;
mod archetype;
pub mod assets;
mod build_data;
mod build_page;
pub mod card;
mod card_view;
mod error;
mod error_page;
pub mod feed;
mod filters;
mod gallery;
pub mod oembed;
mod query;
pub mod robots;
mod site;
pub mod sitemap;
mod stars;
pub mod text;
mod xml;

pub use archetype::Archetype;
pub use build_data::BuildData;
pub use build_page::{BuildPage, Visibility};
pub use card_view::{BuildCard, build_path};
pub use error::RenderError;
pub use error_page::ErrorPage;
pub use gallery::{Facet, FacetValue, GalleryPage};
pub use query::{Filter, GalleryQuery, Sort};
pub use site::Site;
