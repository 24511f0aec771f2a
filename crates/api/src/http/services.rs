//! The dependencies of handlers: the services of the domain, and the HTTP options.

use std::sync::Arc;

use actix_web::{HttpRequest, web};
use myashes_domain::accounts::{AccountService, IdentityVerifier};
use myashes_domain::analytics::AnalyticsService;
use myashes_domain::builds::BuildService;
use myashes_domain::clock::Clock;
use myashes_domain::feedback::FeedbackService;
use myashes_domain::game::GamePack;
use myashes_domain::ids::Entropy;
use myashes_domain::limits::RateLimiter;
use myashes_domain::moderation::ModerationService;
use myashes_domain::votes::VoteService;
use myashes_domain::write_options::IdempotencyRepository;

use crate::health::Monitor;
use crate::http::admission::Admission;
use crate::http::card_renderer::CardRenderer;
use crate::http::forwarding::UntrustedProxyWarning;
use crate::http::options::HttpOptions;
use crate::http::refused_requests::RefusedRequests;
use crate::http::response_cache::{BuildResponseCache, PageCache};
use crate::http::running_exports::RunningExports;

/// The cache of pages, and the renderer of card images.
pub struct Pages {
    pub cache: Arc<PageCache>,
    pub cards: CardRenderer,
}

/// The dependencies of handlers, shared by all workers.
pub struct Services {
    pub builds: BuildService,
    pub ready: Arc<BuildResponseCache>,
    pub pages: Pages,
    pub votes: VoteService,
    pub feedback: FeedbackService,
    pub analytics: AnalyticsService,
    pub accounts: AccountService,
    pub moderation: ModerationService,
    pub game: Arc<GamePack>,
    pub idempotency: Arc<dyn IdempotencyRepository>,
    pub limiter: Arc<dyn RateLimiter>,
    pub admission: Admission,
    pub identity: Arc<dyn IdentityVerifier>,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub monitor: Arc<Monitor>,
    pub forwarding: UntrustedProxyWarning,
    pub refused: RefusedRequests,
    pub exports: RunningExports,
    pub rules: HttpOptions,
    /// The main runtime, for work that goes on after its request was answered.
    pub background: tokio::runtime::Handle,
}

impl Services {
    /// Those that the application holds.
    pub fn of(request: &HttpRequest) -> &web::Data<Self> {
        request.app_data().expect("the application holds its services")
    }
}
