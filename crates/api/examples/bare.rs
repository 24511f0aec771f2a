//! The least that a server in actix-web can do: it answers `GET /api/v1/builds/{id}` with bytes that it was
//! given, and looks nothing up. `cargo xtask bench` measures the service against it.
//!
//! Arguments: a JSON file of answers, and the number of workers. The port is in the variable `PORT`.

use std::collections::HashMap;
use std::sync::Arc;

use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{App, HttpResponse, HttpServer, web};
use bytes::Bytes;
use serde::Deserialize;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Deserialize)]
struct Answer {
    id: String,
    headers: Vec<(String, String)>,
    body: String,
}

struct Ready {
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
}

#[actix_web::main]
#[expect(clippy::disallowed_methods, reason = "a benchmark program takes its port from its caller")]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or_else(|| anyhow::anyhow!("which answers?"))?;
    let workers: usize = arguments.next().unwrap_or_default().parse()?;
    let port: u16 = std::env::var("PORT")?.parse()?;
    let answers = web::Data::from(Arc::new(ready(&std::fs::read_to_string(file)?)?));
    let server = HttpServer::new(move || {
        App::new().app_data(answers.clone()).route("/api/v1/builds/{id}", web::get().to(answer))
    });
    Ok(server.workers(workers).bind(("127.0.0.1", port))?.run().await?)
}

async fn answer(answers: web::Data<HashMap<String, Ready>>, id: web::Path<String>) -> HttpResponse {
    let Some(ready) = answers.get(id.as_str()) else { return HttpResponse::NotFound().finish() };
    let mut response = HttpResponse::Ok();
    for header in &ready.headers {
        response.insert_header(header.clone());
    }
    response.body(ready.body.clone())
}

fn ready(given: &str) -> anyhow::Result<HashMap<String, Ready>> {
    let given: Vec<Answer> = serde_json::from_str(given)?;
    let each = given.into_iter().map(|it| {
        let headers = it.headers.iter().map(|(name, value)| Ok((name.parse()?, value.parse()?)));
        let headers = headers.collect::<anyhow::Result<_>>()?;
        Ok((it.id, Ready { headers, body: Bytes::from(it.body) }))
    });
    each.collect()
}
