use registry_protocol::limits::MAX_BODY_BYTES;
use registry_protocol::{TOKEN_HEADER, UserName, VERSION, VERSION_HEADER};

use crate::{Action, Call, Refusal, body};

/// The headers that the Registry reads. A server need not pass on any others.
pub const READ_HEADERS: [&str; 5] =
    ["origin", "x-access-token", "x-registry-version", "if-none-match", "idempotency-key"];

/// The parts of an HTTP request that matter to the Registry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The method, in upper case.
    pub method: String,
    /// The path, including the query.
    pub path: String,
    /// The headers; see [`READ_HEADERS`].
    pub headers: Vec<(String, String)>,
    /// The body. A server that stops reading an oversized body passes at least one byte more than the limit, so that
    /// the Registry refuses it like any other.
    pub body: Vec<u8>,
    /// Identifies the client for rate limiting; see [`client_key`](crate::client_key).
    pub client: String,
}

impl Request {
    /// A request without headers, body and client.
    pub fn new(method: impl Into<String>, path: impl Into<String>) -> Self {
        Self { method: method.into(), path: path.into(), ..Self::default() }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Sets the client.
    #[must_use]
    pub fn client(mut self, client: impl Into<String>) -> Self {
        self.client = client.into();
        self
    }

    /// The call that this request makes.
    ///
    /// # Errors
    /// [`Refusal::MissingVersion`], [`Refusal::BodyTooLarge`], [`Refusal::NoRoute`]; for an exchange, which names its
    /// room in the body, also [`Refusal::NotJson`] and [`Refusal::NoRoom`].
    pub fn call(&self) -> Result<Call, Refusal> {
        if self.method == "POST" && self.get(VERSION_HEADER) != Some(VERSION) {
            return Err(Refusal::MissingVersion);
        }
        if self.body.len() > MAX_BODY_BYTES {
            return Err(Refusal::BodyTooLarge);
        }
        if Call::is_exchange(&self.method, &self.path) {
            return Ok(Call::Room(body::exchange_room(&self.body)?, Action::Exchange));
        }
        Call::parse(&self.method, &self.path).ok_or(Refusal::NoRoute)
    }

    /// The host's user name, from the body of [`Call::Create`].
    ///
    /// # Errors
    /// [`Refusal::NotJson`], [`Refusal::BadUserName`].
    pub fn host_user_name(&self) -> Result<UserName, Refusal> {
        body::create(&self.body)
    }

    /// The access token.
    pub(crate) fn token(&self) -> Option<&str> {
        self.get(TOKEN_HEADER)
    }

    /// The query parameter `since`, if it is a whole number.
    pub(crate) fn since(&self) -> Option<u64> {
        let (_, query) = self.path.split_once('?')?;
        query.split('&').filter_map(|pair| pair.split_once('=')).find(|(name, _)| *name == "since")?.1.parse().ok()
    }

    /// The entity tags that the client already has.
    pub(crate) fn if_none_match(&self) -> Option<&str> {
        self.get("If-None-Match")
    }

    /// The idempotency key.
    pub(crate) fn idempotency_key(&self) -> Option<&str> {
        self.get("Idempotency-Key")
    }

    pub(crate) fn origin(&self) -> Option<&str> {
        self.get("Origin")
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exchange_is_a_call_on_the_room_in_its_body() {
        let exchange =
            |path: &str, body: &str| Request::new("POST", path).header(VERSION_HEADER, VERSION).body(body).call();
        let code = registry_protocol::RoomCode::parse("ACDE2345").unwrap();
        for path in ["/exchange", "/exchange?x=1"] {
            let call = exchange(path, r#"{"room":"ACDE2345"}"#);
            assert_eq!(call, Ok(Call::Room(code.clone(), Action::Exchange)), "{path}");
        }
        assert_eq!(exchange("/exchange", r#"{"room":"x"}"#), Err(Refusal::NoRoom));
        assert_eq!(exchange("/exchange", "x"), Err(Refusal::NotJson));
        assert_eq!(exchange("/exchange/", r#"{"room":"ACDE2345"}"#), Err(Refusal::NoRoute));
        assert_eq!(Request::new("GET", "/exchange").call(), Err(Refusal::NoRoute));
        assert_eq!(Request::new("POST", "/exchange").call(), Err(Refusal::MissingVersion));
        let large = "x".repeat(MAX_BODY_BYTES + 1);
        assert_eq!(exchange("/exchange", &large), Err(Refusal::BodyTooLarge));
    }

    #[test]
    fn a_cursor_is_the_first_that_is_named_and_a_whole_number() {
        for (query, since) in [
            ("", None),
            ("?", None),
            ("?since=3", Some(3)),
            ("?x&wait=1&since=0&since=4", Some(0)),
            ("?since=", None),
            ("?since=-1", None),
            ("?since=1.5", None),
            ("?since=99999999999999999999", None),
        ] {
            assert_eq!(Request::new("GET", format!("/rooms/ACDE2345/candidates{query}")).since(), since, "{query}");
        }
    }
}
