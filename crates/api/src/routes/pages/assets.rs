//! Style sheets, scripts and icons, compressed when the program was built.

use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ContentEncoding, Encoding, HeaderValue,
};
use actix_web::{HttpRequest, HttpResponse, web};
use myashes_domain::Error;
use myashes_web::assets;

use crate::error::ApiError;
use crate::http::compression::{EncodingChosen, negotiate_among};
use crate::http::services::Services;

const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const REVALIDATED: HeaderValue = HeaderValue::from_static("public, no-cache");

pub(super) async fn asset(
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    super::site(&services)?;
    let asset = assets::find(request.match_info().query("name")).ok_or(Error::NotFound)?;
    let accepted = request.headers().get(ACCEPT_ENCODING);
    let made = [Encoding::brotli(), Encoding::gzip(), Encoding::identity()];
    let encoding = accepted.and_then(|it| negotiate_among(it, &made)).unwrap_or(ContentEncoding::Identity);
    let compressed = match encoding {
        ContentEncoding::Brotli => asset.br,
        ContentEncoding::Gzip => asset.gzip,
        _ => None,
    };
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, asset.content_type));
    response.insert_header((CACHE_CONTROL, if asset.immutable { IMMUTABLE } else { REVALIDATED }));
    if compressed.is_some() {
        response.insert_header((CONTENT_ENCODING, encoding.as_str()));
    }
    let mut response = response.body(compressed.unwrap_or(asset.bytes));
    response.extensions_mut().insert(EncodingChosen);
    Ok(response)
}
