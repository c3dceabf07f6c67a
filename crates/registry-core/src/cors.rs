use crate::{AllowedOrigins, Request};

/// The CORS headers for an allowed origin. Credentials are never allowed, since the Registry uses no cookies.
pub(crate) fn headers(request: &Request, origins: &AllowedOrigins) -> Vec<(&'static str, String)> {
    let mut headers = vec![("Vary", "Origin".to_owned())];
    let Some(origin) = request.origin().filter(|origin| origins.admit(origin)) else { return headers };
    headers.push(("Access-Control-Allow-Origin", origin.to_owned()));
    if request.method == "OPTIONS" {
        headers.extend(
            [
                ("Access-Control-Allow-Methods", "GET, POST, OPTIONS"),
                ("Access-Control-Allow-Headers", "Content-Type, X-Access-Token, X-Registry-Version"),
                ("Access-Control-Max-Age", "600"),
            ]
            .map(|(name, value)| (name, value.to_owned())),
        );
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(method: &str, origin: Option<&str>, origins: &AllowedOrigins) -> Vec<&'static str> {
        let mut request = Request::new(method, "/rooms");
        request.headers.extend(origin.map(|origin| ("origin".to_owned(), origin.to_owned())));
        headers(&request, origins).into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn only_allowed_origins_are_echoed() {
        let list = AllowedOrigins::List(vec!["https://a.example".into()]);
        assert_eq!(of("GET", Some("https://a.example"), &list), ["Vary", "Access-Control-Allow-Origin"]);
        for other in [None, Some("https://b.example"), Some("https://a.example.org"), Some("null"), Some("")] {
            assert_eq!(of("OPTIONS", other, &list), ["Vary"]);
        }
        assert_eq!(of("GET", Some("https://b.example"), &AllowedOrigins::Any).len(), 2);
    }

    #[test]
    fn a_preflight_lists_what_is_allowed() {
        assert_eq!(of("OPTIONS", Some("https://a.example"), &AllowedOrigins::Any).len(), 5);
    }
}
