use std::path::PathBuf;

use axum::body::Body;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use registry_core::AllowedOrigins;
use tower::ServiceExt;
use tower_http::services::ServeDir;

/// The directory of the built page.
#[derive(Clone)]
pub(crate) struct Page {
    dir: PathBuf,
    files: ServeDir,
    /// Who may embed the page, as the value of `frame-ancestors`.
    frame_ancestors: String,
}

impl Page {
    /// Serves the page in `dir`, using the `.br` and `.gz` files next to the plain ones if there are any. The page's
    /// own origin and those in `frame_ancestors` may embed it in a frame.
    pub(crate) fn new(dir: PathBuf, frame_ancestors: &AllowedOrigins) -> Self {
        let files = ServeDir::new(&dir).precompressed_br().precompressed_gzip();
        let frame_ancestors = match frame_ancestors {
            AllowedOrigins::Any => "*".to_owned(),
            AllowedOrigins::List(list) => [&["'self'".to_owned()], &list[..]].concat().join(" "),
        };
        Self { dir, files, frame_ancestors }
    }

    /// Serves the requested file, or returns `None` if there is none.
    pub(crate) fn serve(&self, request: &Request<Body>) -> impl Future<Output = Option<Response<Body>>> + use<> {
        let page = self.clone();
        let mut copy = Request::new(Body::empty());
        *copy.method_mut() = request.method().clone();
        *copy.uri_mut() = request.uri().clone();
        *copy.headers_mut() = request.headers().clone();
        async move { page.find(copy).await }
    }

    async fn find(self, request: Request<Body>) -> Option<Response<Body>> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return None;
        }
        let path = request.uri().path().to_owned();
        let Ok(response) = self.files.clone().oneshot(request).await;
        if response.status() == StatusCode::NOT_FOUND {
            return None;
        }
        let mut response = response.map(Body::new);
        self.add_headers(&path, &mut response).await;
        Some(response)
    }

    /// Adds the caching and security headers.
    async fn add_headers(&self, path: &str, response: &mut Response<Body>) {
        let html = response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache_control(path)));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        let resource_policy = if path == EMBED_SCRIPT { "cross-origin" } else { "same-origin" };
        for (name, value) in
            [("cross-origin-opener-policy", "same-origin"), ("cross-origin-resource-policy", resource_policy)]
        {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        if html && let Ok(policy) = HeaderValue::from_str(&self.policy(path).await) {
            response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
        }
    }

    /// The Content Security Policy of the file's own `<meta>` element, plus `frame-ancestors`, which is valid only in a
    /// header.
    async fn policy(&self, path: &str) -> String {
        let file = path.trim_start_matches('/');
        let file = if file.is_empty() || file.ends_with('/') { format!("{file}index.html") } else { file.to_owned() };
        let html = tokio::fs::read_to_string(self.dir.join(file)).await.unwrap_or_default();
        let stated = meta_policy(&html).unwrap_or("default-src 'self'");
        let stated = stated.split_whitespace().collect::<Vec<_>>().join(" ");
        format!("{}; frame-ancestors {}", stated.trim_end_matches([';', ' ']), self.frame_ancestors)
    }
}

/// The script that pages of other origins load to embed this one.
const EMBED_SCRIPT: &str = "/embed.js";

/// A file with a content hash in its name never changes and is cached for good; any other is revalidated, at the cost
/// of a `304`.
fn cache_control(path: &str) -> &'static str {
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
        for path in ["/app-1a2b3c4d5e6f7a8b.js", "/x/app-1a2b3c4d5e6f7a8b_bg.wasm", "/a.0123abcd.css"] {
            assert!(cache_control(path).contains("immutable"), "{path}");
        }
        for path in ["/", "/index.html", "/icon.svg", "/1a2b3c4d5e6f7a8b/index.html", "/app-feed.js"] {
            assert_eq!(cache_control(path), "no-cache", "{path}");
        }
    }

    #[test]
    fn the_policy_is_read_from_the_page() {
        let html = "<head><meta http-equiv=\"Content-Security-Policy\"\n content=\"default-src 'self'; img-src data:\"></head>";
        assert_eq!(meta_policy(html), Some("default-src 'self'; img-src data:"));
        assert_eq!(meta_policy("<head></head>"), None);
    }
}
