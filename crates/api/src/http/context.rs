//! What the parts of the HTTP layer know of the request they are working on together.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use std::time::Instant;

use actix_web::{HttpMessage, HttpRequest};
use myashes_domain::alongside::ReceiptKey;
use myashes_domain::limits::Standing;
use myashes_domain::session::{Caller, SessionId};

use super::table::Endpoint;
use crate::trace::Trace;

/// The limit that a response tells of: the bucket with the least left in it.
#[derive(Debug, Clone, Copy)]
pub struct Charged {
    pub class: &'static str,
    pub standing: Standing,
}

/// One request, from the envelope's first look at it to its last word. Lives on one worker's thread.
pub struct RequestContext {
    pub request_id: String,
    pub trace: Trace,
    pub began: Instant,
    pub session: SessionId,
    /// The session was made here, since the client sent none.
    pub minted: bool,
    /// The route that answers, once one was found.
    pub endpoint: Cell<Option<Endpoint>>,
    pub charged: Cell<Option<Charged>>,
    /// Set by the guard once the token was checked.
    pub caller: OnceCell<Caller>,
    /// Where a refusal is to be kept, once an `Idempotency-Key` was read.
    pub receipt_key: RefCell<Option<ReceiptKey>>,
}

impl RequestContext {
    /// The context of a request, which the envelope has put there.
    pub fn of(request: &HttpRequest) -> Rc<Self> {
        request.extensions().get::<Rc<Self>>().cloned().expect("the envelope is around every route")
    }

    /// Remembers how a bucket stands, if it is tighter than the one remembered.
    pub fn note(&self, class: &'static str, standing: Standing) {
        let tighter = self.charged.get().is_none_or(|known| {
            (standing.retry_after.is_none(), standing.remaining)
                < (known.standing.retry_after.is_none(), known.standing.remaining)
        });
        if tighter {
            self.charged.set(Some(Charged { class, standing }));
        }
    }

    /// The caller that the guard made out.
    pub fn caller(&self) -> Caller {
        match self.caller.get() {
            Some(caller) => caller.clone(),
            None => Caller { session: self.session.hash(), player: None },
        }
    }
}
