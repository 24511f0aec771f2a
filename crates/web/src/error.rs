//! What can go wrong while a page is rendered.

/// A page could not be rendered.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The template failed.
    #[error("the template could not be rendered")]
    Template(#[from] askama::Error),
}
