//! Styles, script and icon: part of the program, and kept by browsers as long as they are the same.

use std::sync::OnceLock;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

/// What is served below `/assets`: its name, its kind, its content
const ASSETS: [(&str, &str, &str); 3] = [
    ("page.css", "text/css; charset=utf-8", include_str!("../../../assets/page.css")),
    ("page.js", "text/javascript; charset=utf-8", include_str!("../../../assets/page.js")),
    ("icon.svg", "image/svg+xml", include_str!("../../../assets/icon.svg")),
];

/// The addresses of styles, script and icon: others for another content
pub(super) fn addresses() -> [&'static str; 3] {
    static ADDRESSES: OnceLock<[String; 3]> = OnceLock::new();
    let addresses = ADDRESSES.get_or_init(|| {
        ASSETS.map(|(name, _, content)| {
            format!("/assets/{name}?{:08x}", crc32fast::hash(content.as_bytes()))
        })
    });
    addresses.each_ref().map(String::as_str)
}

/// One of them
pub(super) async fn serve(Path(name): Path<String>) -> Response {
    let Some((_, kind, content)) = ASSETS.iter().find(|(named, ..)| *named == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kept = "public, max-age=31536000, immutable";
    ([(CONTENT_TYPE, *kind), (CACHE_CONTROL, kept)], *content).into_response()
}
