//! The built page, as static files.

mod paths;

use std::io::ErrorKind;
use std::path::PathBuf;

use axum::body::Body;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_RANGE, LAST_MODIFIED, RANGE,
    REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use registry_core::AllowedOrigins;
use tower_http::services::ServeDir;

use paths::Wanted;

/// How much of a file is read at a time, in bytes.
const CHUNK: usize = 16 * 1024;

/// The directory of the built page.
#[derive(Clone)]
pub(crate) struct Page {
    dir: PathBuf,
    files: ServeDir,
    /// Who may embed the page, as the value of `frame-ancestors`.
    frame_ancestors: String,
}

/// The page's answer to a request.
pub(crate) enum Served {
    /// A file, or why it is not sent as asked.
    File(Box<Response<Body>>),
    /// There is no such file.
    Nothing,
    /// There may be one, but it cannot be read.
    Failed(std::io::Error),
}

impl Page {
    /// Serves the page in `dir`, using the `.br` and `.gz` files next to the plain ones if there are any. The page's
    /// own origin and those in `frame_ancestors` may embed it in a frame.
    pub(crate) fn new(dir: PathBuf, frame_ancestors: &AllowedOrigins) -> Self {
        let files = ServeDir::new(&dir).with_buf_chunk_size(CHUNK).precompressed_br().precompressed_gzip();
        let frame_ancestors = match frame_ancestors {
            AllowedOrigins::Any => "*".to_owned(),
            AllowedOrigins::List(list) => [&["'self'".to_owned()], &list[..]].concat().join(" "),
        };
        Self { dir, files, frame_ancestors }
    }

    /// Serves the requested file.
    pub(crate) fn serve(&self, request: &Request<Body>) -> impl Future<Output = Served> + use<> {
        let page = self.clone();
        let mut copy = Request::new(Body::empty());
        *copy.method_mut() = request.method().clone();
        *copy.uri_mut() = request.uri().clone();
        *copy.headers_mut() = request.headers().clone();
        async move { page.find(copy).await }
    }

    async fn find(self, mut request: Request<Body>) -> Served {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return Served::Nothing;
        }
        let Some(wanted) = Wanted::of(request.uri().path()) else { return Served::Nothing };
        match wanted.is_inside(&self.dir).await {
            Ok(true) => {}
            Ok(false) => return Served::Nothing,
            Err(error) => return failed(error),
        }
        if request.headers().contains_key(RANGE) && !self.range_applies(&request).await {
            request.headers_mut().remove(RANGE);
        }
        let response = match self.files.clone().try_call(request).await {
            Ok(response) if response.status() == StatusCode::NOT_FOUND => return Served::Nothing,
            Ok(response) => response.map(Body::new),
            Err(error) => return failed(error),
        };
        Served::File(Box::new(self.with_headers(&wanted, response).await))
    }

    /// Whether a range is asked of the file as it is now (RFC 9110, 13.1.5): `If-Range` may name an earlier one, of which
    /// a part would not fit.
    fn range_applies(&self, request: &Request<Body>) -> impl Future<Output = bool> + Send + use<> {
        let condition = request.headers().get(IF_RANGE).cloned();
        let mut head = Request::new(Body::empty());
        *head.method_mut() = Method::HEAD;
        *head.uri_mut() = request.uri().clone();
        if let Some(accepted) = request.headers().get(ACCEPT_ENCODING) {
            head.headers_mut().insert(ACCEPT_ENCODING, accepted.clone());
        }
        let mut files = self.files.clone();
        async move {
            let Some(condition) = condition else { return true };
            let Ok(now) = files.try_call(head).await else { return false };
            let strong = !condition.as_bytes().starts_with(b"W/");
            strong && [ETAG, LAST_MODIFIED].iter().any(|name| now.headers().get(name) == Some(&condition))
        }
    }

    /// Adds the caching and security headers.
    async fn with_headers(&self, wanted: &Wanted, mut response: Response<Body>) -> Response<Body> {
        let status = response.status();
        let kind = response.headers().get(CONTENT_TYPE);
        // A 304 has no type, and what it says takes the place of what the browser knows.
        let html = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
            || status == StatusCode::NOT_MODIFIED && wanted.path().ends_with(".html");
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache_control(wanted.path(), status)));
        // Also of a 304 and of what is not a file: caches keep them for the same requests.
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        let is_embed_script = wanted.path() == EMBED_SCRIPT;
        // `frame-ancestors` says who may frame a page. One that is isolated from other origins frames nothing without both.
        let resource_policy = if html || is_embed_script { "cross-origin" } else { "same-origin" };
        for (name, value, applies) in [
            ("cross-origin-opener-policy", "same-origin", true),
            ("cross-origin-resource-policy", resource_policy, true),
            // With `require-corp` the page could not find out whether anything answers at a Registry's address at all.
            ("cross-origin-embedder-policy", "credentialless", html),
            // A module, or a script with `crossorigin` or `integrity`, is requested with CORS.
            ("access-control-allow-origin", "*", is_embed_script),
        ] {
            if applies {
                headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
        }
        if html && let Ok(policy) = HeaderValue::from_str(&self.policy(wanted).await) {
            response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
        }
        response
    }

    /// The Content Security Policy of the file's own `<meta>` element, plus `frame-ancestors`, which is valid only in a
    /// header.
    async fn policy(&self, wanted: &Wanted) -> String {
        let html = tokio::fs::read_to_string(wanted.file_in(&self.dir)).await.unwrap_or_default();
        let stated = meta_policy(&html).unwrap_or("default-src 'self'");
        let stated = stated.split_whitespace().collect::<Vec<_>>().join(" ");
        format!("{}; frame-ancestors {}", stated.trim_end_matches([';', ' ']), self.frame_ancestors)
    }
}

/// What a failure to open a file means: some paths cannot be those of a file.
fn failed(error: std::io::Error) -> Served {
    match error.kind() {
        ErrorKind::NotFound
        | ErrorKind::NotADirectory
        | ErrorKind::IsADirectory
        | ErrorKind::InvalidFilename
        | ErrorKind::InvalidInput
        | ErrorKind::PermissionDenied => Served::Nothing,
        // A circle of links, whose kind has no stable name (ELOOP of Linux and of BSD).
        _ if matches!(error.raw_os_error(), Some(40 | 62)) => Served::Nothing,
        _ => Served::Failed(error),
    }
}

/// The script that pages of other origins load to embed this one.
const EMBED_SCRIPT: &str = "embed.js";

/// A file with a content hash in its name never changes and is cached for good; any other is revalidated, at the cost
/// of a `304`. An answer that is not the file is not kept at all.
fn cache_control(path: &str, status: StatusCode) -> &'static str {
    if !matches!(status, StatusCode::OK | StatusCode::PARTIAL_CONTENT | StatusCode::NOT_MODIFIED) {
        return "no-store";
    }
    let name = path.rsplit('/').next().unwrap_or_default();
    let hashed = name.split(['-', '_', '.']).any(|part| part.len() >= 8 && part.bytes().all(|b| b.is_ascii_hexdigit()));
    if hashed { "public, max-age=31536000, immutable" } else { "no-cache" }
}

fn meta_policy(html: &str) -> Option<&str> {
    let meta = &html[html.find("http-equiv=\"Content-Security-Policy\"")?..];
    let meta = &meta[..meta.find('>')?];
    let content = &meta[meta.find("content=\"")? + "content=\"".len()..];
    content.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_with_a_hashed_name_are_immutable() {
        for path in ["app-1a2b3c4d5e6f7a8b.js", "x/app-1a2b3c4d5e6f7a8b_bg.wasm", "a.0123abcd.css"] {
            for status in [StatusCode::OK, StatusCode::PARTIAL_CONTENT, StatusCode::NOT_MODIFIED] {
                assert!(cache_control(path, status).contains("immutable"), "{path}");
            }
        }
        for path in ["", "index.html", "icon.svg", "1a2b3c4d5e6f7a8b/index.html", "app-feed.js"] {
            assert_eq!(cache_control(path, StatusCode::OK), "no-cache", "{path}");
        }
    }

    #[test]
    fn what_is_not_the_file_is_not_kept() {
        for status in [307, 404, 405, 412, 416, 500] {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(cache_control("app-1a2b3c4d5e6f7a8b.js", status), "no-store", "{status}");
        }
    }

    #[test]
    fn the_policy_is_read_from_the_page() {
        let html = "<head><meta http-equiv=\"Content-Security-Policy\"\n content=\"default-src 'self'; img-src data:\"></head>";
        assert_eq!(meta_policy(html), Some("default-src 'self'; img-src data:"));
        assert_eq!(meta_policy("<head></head>"), None);
    }
}
