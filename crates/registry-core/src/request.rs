use registry_protocol::limits::MAX_BODY_BYTES;
use registry_protocol::{TOKEN_HEADER, UserName, VERSION, VERSION_HEADER};

use crate::{Action, Call, Client, Refusal, body, secret};

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
    /// Who sends it, for limits.
    pub client: Client,
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
    pub fn client(mut self, client: Client) -> Self {
        self.client = client;
        self
    }

    /// The call that this request makes. One that needs a token has something that can be one, so that whoever has none
    /// learns nothing about rooms, and costs no look-up. If the Registry is not `extended`, the calls of the extensions are
    /// unknown.
    ///
    /// # Errors
    /// [`Refusal::MissingVersion`], [`Refusal::BodyTooLarge`], [`Refusal::NoRoute`], [`Refusal::WrongToken`]; for an
    /// exchange, which names its room in the body, also [`Refusal::NotJson`] and [`Refusal::NoRoom`].
    pub fn call(&self, extended: bool) -> Result<Call, Refusal> {
        let call = self.parse(extended)?;
        if call.needs_token() {
            self.token()?;
        }
        Ok(call)
    }

    fn parse(&self, extended: bool) -> Result<Call, Refusal> {
        if self.method == "POST" && self.get(VERSION_HEADER) != Some(VERSION) {
            return Err(Refusal::MissingVersion);
        }
        if self.body.len() > MAX_BODY_BYTES {
            return Err(Refusal::BodyTooLarge);
        }
        if extended && Call::is_exchange(&self.method, &self.path) {
            return Ok(Call::Room(body::exchange_room(&self.body)?, Action::Exchange));
        }
        let call = Call::parse(&self.method, &self.path);
        call.filter(|call| extended || !matches!(call, Call::Room(_, Action::JoinCode))).ok_or(Refusal::NoRoute)
    }

    /// The host's user name, from the body of [`Call::Create`].
    ///
    /// # Errors
    /// [`Refusal::NotJson`], [`Refusal::BadUserName`].
    pub fn host_user_name(&self) -> Result<UserName, Refusal> {
        body::create(&self.body)
    }

    /// The access token.
    ///
    /// # Errors
    /// [`Refusal::WrongToken`] if it is missing, or not one at all.
    pub(crate) fn token(&self) -> Result<&str, Refusal> {
        self.get(TOKEN_HEADER).filter(|token| secret::is_token(token)).ok_or(Refusal::WrongToken)
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
        let token = "a".repeat(43);
        let exchange = |path: &str, body: &str| {
            Request::new("POST", path)
                .header(VERSION_HEADER, VERSION)
                .header(TOKEN_HEADER, &token)
                .body(body)
                .call(true)
        };
        let code = registry_protocol::RoomCode::parse("ACDE2345").unwrap();
        for path in ["/exchange", "/exchange?x=1"] {
            let call = exchange(path, r#"{"room":"ACDE2345"}"#);
            assert_eq!(call, Ok(Call::Room(code.clone(), Action::Exchange)), "{path}");
        }
        assert_eq!(exchange("/exchange", r#"{"room":"x"}"#), Err(Refusal::NoRoom));
        assert_eq!(exchange("/exchange", "x"), Err(Refusal::NotJson));
        assert_eq!(exchange("/exchange/", r#"{"room":"ACDE2345"}"#), Err(Refusal::NoRoute));
        assert_eq!(Request::new("GET", "/exchange").call(true), Err(Refusal::NoRoute));
        assert_eq!(Request::new("POST", "/exchange").call(true), Err(Refusal::MissingVersion));
        let large = "x".repeat(MAX_BODY_BYTES + 1);
        assert_eq!(exchange("/exchange", &large), Err(Refusal::BodyTooLarge));
    }

    #[test]
    fn calls_that_need_a_token_are_refused_without_one_whatever_room_they_name() {
        for path in ["", "/candidates"].map(|tail| format!("/rooms/ACDE2345{tail}")) {
            let request = Request::new("GET", path);
            assert_eq!(request.call(true), Err(Refusal::WrongToken));
            for malformed in [String::new(), "short".into(), "a".repeat(42), "a".repeat(44), "!".repeat(43)] {
                assert_eq!(request.clone().header(TOKEN_HEADER, malformed).call(true), Err(Refusal::WrongToken));
            }
            assert!(request.header(TOKEN_HEADER, "a".repeat(43)).call(true).is_ok());
        }
        assert!(Request::new("GET", "/rooms/ACDE2345/public").call(true).is_ok());
    }

    #[test]
    fn a_base_registry_has_no_calls_of_the_extensions() {
        for path in ["/exchange", "/rooms/ACDE2345/join-code"] {
            let request = Request::new("POST", path).header(VERSION_HEADER, VERSION).body("x");
            assert_eq!(request.call(false), Err(Refusal::NoRoute), "{path}");
        }
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
