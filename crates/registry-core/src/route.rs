use registry_protocol::RoomCode;

use crate::ClientLimit;

/// An operation on a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Get the public information.
    Public,
    /// Redeem the join code.
    Join,
    /// Post or replace the offer.
    Offer,
    /// Post the answer.
    Answer,
    /// Post a candidate.
    Candidate,
    /// Get the room as a peer.
    Snapshot,
    /// Get the other peer's candidates.
    Candidates,
    /// Replace the join code.
    JoinCode,
    /// Close the room.
    Close,
    /// Post a description and candidates, and get what the other peer has posted.
    Exchange,
}

impl Action {
    pub(crate) fn client_limit(self) -> Option<ClientLimit> {
        match self {
            Self::Public => Some(ClientLimit::Public),
            Self::Join => Some(ClientLimit::Join),
            _ => None,
        }
    }
}

/// A call of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// Create a room.
    Create,
    /// An operation on a room.
    Room(RoomCode, Action),
}

/// The template of the call that creates a room.
const CREATE: &str = "POST /rooms";

/// The template of the call that names its room in the body.
const EXCHANGE: &str = "POST /exchange";

/// Every call that names its room in the path: method, path after the room code, action, template.
const ACTIONS: [(&str, &str, Action, &str); 9] = [
    ("GET", "/public", Action::Public, "GET /rooms/:code/public"),
    ("POST", "/join", Action::Join, "POST /rooms/:code/join"),
    ("POST", "/offer", Action::Offer, "POST /rooms/:code/offer"),
    ("POST", "/answer", Action::Answer, "POST /rooms/:code/answer"),
    ("POST", "/candidate", Action::Candidate, "POST /rooms/:code/candidate"),
    ("GET", "", Action::Snapshot, "GET /rooms/:code"),
    ("GET", "/candidates", Action::Candidates, "GET /rooms/:code/candidates"),
    ("POST", "/join-code", Action::JoinCode, "POST /rooms/:code/join-code"),
    ("POST", "/close", Action::Close, "POST /rooms/:code/close"),
];

impl Call {
    /// Whether this is the call that names its room in the body.
    pub(crate) fn is_exchange(method: &str, path: &str) -> bool {
        method == "POST" && path.split(['?', '#']).next() == Some("/exchange")
    }

    /// Parses `method` and `path`, ignoring the query. An [exchange](Self::is_exchange) is none of these calls.
    pub(crate) fn parse(method: &str, path: &str) -> Option<Self> {
        let path = path.split(['?', '#']).next()?;
        let rest = path.strip_prefix("/rooms")?;
        if rest.is_empty() {
            return (method == "POST").then_some(Self::Create);
        }
        let rest = rest.strip_prefix('/')?;
        let (code, tail) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (.., action, _) = ACTIONS.iter().find(|(m, t, ..)| *m == method && *t == tail)?;
        Some(Self::Room(RoomCode::parse(code).ok()?, *action))
    }

    /// The per-client limit that this call counts towards, whether or not the room exists, since these limits protect
    /// codes from being guessed. Of calls that need a token only those count that have no valid one, as
    /// [`ClientLimit::Unauthorized`].
    pub fn client_limit(&self) -> Option<ClientLimit> {
        match self {
            Self::Create => Some(ClientLimit::Create),
            Self::Room(_, action) => action.client_limit(),
        }
    }

    /// Whether only a peer of the room may make it.
    pub(crate) fn needs_token(&self) -> bool {
        !matches!(self, Self::Create | Self::Room(_, Action::Public | Action::Join))
    }

    /// The template of the call with this method and path, if there is one.
    pub(crate) fn template_of(method: &str, path: &str) -> Option<&'static str> {
        match Self::is_exchange(method, path) {
            true => Some(EXCHANGE),
            false => Self::parse(method, path).map(|call| call.template()),
        }
    }

    /// Method and path template, for logs: it contains no identifiers.
    pub fn template(&self) -> &'static str {
        match self {
            Self::Create => CREATE,
            Self::Room(_, Action::Exchange) => EXCHANGE,
            Self::Room(_, action) => {
                ACTIONS.iter().find(|(_, _, a, _)| a == action).map_or("", |(.., template)| template)
            }
        }
    }
}

/// The template of every call, with its action; `None` is creating a room.
#[cfg(feature = "openapi")]
pub(crate) fn templates() -> impl Iterator<Item = (&'static str, Option<Action>)> {
    let actions = ACTIONS.map(|(_, _, action, template)| (template, Some(action)));
    std::iter::once((CREATE, None)).chain(actions).chain([(EXCHANGE, Some(Action::Exchange))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_parses_to_its_own_call() {
        for (method, tail, action, template) in ACTIONS {
            let call = Call::parse(method, &format!("/rooms/ACDE2345{tail}?unknown=1")).unwrap();
            assert_eq!(call, Call::Room(RoomCode::parse("ACDE2345").unwrap(), action));
            assert_eq!(call.template(), template);
        }
        assert_eq!(Call::parse("POST", "/rooms").unwrap().template(), "POST /rooms");
    }

    #[test]
    fn an_exchange_has_a_template_whatever_room_it_names() {
        let code = RoomCode::parse("ACDE2345").unwrap();
        assert_eq!(Call::Room(code, Action::Exchange).template(), "POST /exchange");
        assert_eq!(Call::template_of("POST", "/exchange?x"), Some("POST /exchange"));
        assert_eq!(Call::template_of("POST", "/rooms?x"), Some("POST /rooms"));
        for (method, path) in
            [("GET", "/exchange"), ("POST", "/exchange/"), ("POST", "/exchanges"), ("POST", "exchange")]
        {
            assert_eq!(Call::template_of(method, path), None, "{method} {path}");
        }
    }

    #[test]
    fn anything_else_is_not_a_call() {
        for (method, path) in [
            ("GET", "/rooms"),
            ("POST", "/rooms/"),
            ("POST", "/roomsACDE2345"),
            ("GET", ""),
            ("GET", "/rooms/acde2345"),
            ("GET", "/rooms/ACDE2345/"),
            ("GET", "/rooms/ACDE2345/join"),
            ("PUT", "/rooms/ACDE2345/offer"),
            ("GET", "/rooms/ACDE234%35"),
            ("GET", "/rooms//public"),
            ("GET", "/rooms/ACDE2345/public/x"),
            ("get", "/rooms/ACDE2345"),
        ] {
            assert_eq!(Call::parse(method, path), None, "{method} {path}");
        }
    }
}
