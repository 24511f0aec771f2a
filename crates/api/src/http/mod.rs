//! The HTTP layer between the socket and the handlers, without knowledge of the domain's aggregates.
//!
//! `request_middleware` is around every request (ids, sessions, one shape of errors, headers, log, metrics), `guard`
//! before every route (limits, token), the extractors of `caller` and `body` before a handler.

pub mod admission;
pub mod answer;
pub mod body;
pub mod caller;
pub mod card_renderer;
pub mod client_address;
pub mod compression;
pub mod conditional;
pub mod context;
pub mod cors;
pub mod deadline;
pub mod encoding;
pub mod fields;
pub mod forwarding;
pub mod guard;
pub mod idempotency;
pub mod json;
pub mod limits;
pub mod one_of;
pub mod options;
pub mod pages;
pub mod paging;
pub mod query;
pub mod refused_requests;
pub mod request_middleware;
pub mod response_cache;
pub mod running_exports;
pub mod services;
pub mod table;
