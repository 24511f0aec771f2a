//! The admin desk: a page without data, which its script fills through the API.

use askama::Template;

use crate::error::RenderError;
use crate::site::Site;

#[derive(Template)]
#[template(path = "admin.html")]
struct AdminTemplate<'a> {
    site: &'a Site,
}

/// The page as HTML.
///
/// # Errors
/// When the template fails.
pub fn render(site: &Site) -> Result<String, RenderError> {
    Ok(AdminTemplate { site }.render()?)
}
