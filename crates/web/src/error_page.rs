//! Error pages: what happened, what was kept, what to do.

use askama::Template;

use crate::error::RenderError;
use crate::site::Site;

/// An error of one of the pages.
#[derive(Debug, Clone, Default)]
pub struct ErrorPage {
    status: u16,
    kind: Kind,
    request_id: Option<String>,
    retry_after: Option<u64>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Status,
    Build,
}

impl ErrorPage {
    /// The page for a build that is absent, deleted, hidden or private: the same bytes for all of them.
    #[must_use]
    pub fn build_absent() -> Self {
        Self { status: 404, kind: Kind::Build, ..Self::default() }
    }

    /// The page for a status.
    #[must_use]
    pub fn of(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    /// Adds the id that operators find the request by.
    #[must_use]
    pub fn with_request_id(self, request_id: impl Into<String>) -> Self {
        Self { request_id: Some(request_id.into()), ..self }
    }

    /// Adds the seconds of `Retry-After`.
    #[must_use]
    pub fn with_retry_after(self, seconds: u64) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    /// The status of the response.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The page as HTML.
    ///
    /// # Errors
    /// When the template fails.
    pub fn render(&self, site: &Site) -> Result<String, RenderError> {
        Ok(ErrorTemplate { site, page: self }.render()?)
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorTemplate<'a> {
    site: &'a Site,
    page: &'a ErrorPage,
}

impl ErrorTemplate<'_> {
    fn is_build(&self) -> bool {
        self.page.kind == Kind::Build
    }

    fn title(&self) -> &'static str {
        match (self.page.kind, self.page.status) {
            (Kind::Build, _) => "This build is not here",
            (_, 404 | 410) => "There is no such page",
            (_, 405) => "This page cannot be used that way",
            (_, 408) => "The request took too long",
            (_, 429) => "Too many requests",
            (_, 400..=499) => "This link cannot be read",
            (_, 503) => "The service is busy",
            _ => "Something went wrong on our side",
        }
    }

    fn what(&self) -> &'static str {
        match (self.page.kind, self.page.status) {
            (Kind::Build, _) => {
                "It may have been deleted or made private, or the link may be incomplete. \
                 If you were sent the link, ask the sender whether the build is still shared."
            }
            (_, 404 | 410) => "The address may be mistyped or out of date.",
            (_, 405) => "Open it as an ordinary link instead.",
            (_, 408) => "Nothing was changed. Check your connection, then load the page again.",
            (_, 429) => "Too many pages were loaded from your network in a short time. Nothing was lost.",
            (_, 400..=499) => {
                "A filter or a page in it is not valid, lies too deep, or belongs to an older list. \
                 Nothing was lost; start again from the list of builds."
            }
            (_, 503) => "It could not answer in time. Nothing was lost; load the page again in a moment.",
            _ => "The page could not be made. Nothing was lost; load it again in a moment.",
        }
    }

    fn retry(&self) -> Option<String> {
        self.page.retry_after.map(|it| crate::text::count(it.max(1), "second"))
    }
}
