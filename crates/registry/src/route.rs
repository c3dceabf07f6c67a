use registry_protocol::RoomCode;

use crate::ClientLimit;

/// What may be asked of a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Show what everybody may see.
    Public,
    /// Redeem the join code.
    Join,
    /// Post or replace the offer.
    Offer,
    /// Post the answer.
    Answer,
    /// Post a candidate.
    Candidate,
    /// Show the room to a peer.
    Snapshot,
    /// Show the other side's candidates.
    Candidates,
    /// Close the room.
    Close,
}

/// A request that has a place to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// Make a room.
    Create,
    /// Something of a room.
    Room(RoomCode, Action),
}

/// The template of the call that makes a room.
const CREATE: &str = "POST /rooms";

/// Every call upon a room: method, what follows the room's code, action, template.
const ACTIONS: [(&str, &str, Action, &str); 8] = [
    ("GET", "/public", Action::Public, "GET /rooms/:code/public"),
    ("POST", "/join", Action::Join, "POST /rooms/:code/join"),
    ("POST", "/offer", Action::Offer, "POST /rooms/:code/offer"),
    ("POST", "/answer", Action::Answer, "POST /rooms/:code/answer"),
    ("POST", "/candidate", Action::Candidate, "POST /rooms/:code/candidate"),
    ("GET", "", Action::Snapshot, "GET /rooms/:code"),
    ("GET", "/candidates", Action::Candidates, "GET /rooms/:code/candidates"),
    ("POST", "/close", Action::Close, "POST /rooms/:code/close"),
];

impl Call {
    /// The call that `method` and `path` name; what follows a `?` is ignored.
    pub(crate) fn of(method: &str, path: &str) -> Option<Self> {
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

    /// The limit per client that this call counts towards, whether or not there is such a room: these limits are what
    /// keeps codes from being guessed. What needs a token has none.
    pub fn client_limit(&self) -> Option<ClientLimit> {
        match self {
            Self::Create => Some(ClientLimit::Create),
            Self::Room(_, Action::Public) => Some(ClientLimit::Public),
            Self::Room(_, Action::Join) => Some(ClientLimit::Join),
            Self::Room(..) => None,
        }
    }

    /// Method and path without anything particular in it, for logs.
    pub fn template(&self) -> &'static str {
        let Self::Room(_, action) = self else { return CREATE };
        ACTIONS.iter().find(|(_, _, a, _)| a == action).map_or("", |(.., template)| template)
    }
}

/// The template of every call, and its action unless it makes a room.
#[cfg(feature = "openapi")]
pub(crate) fn templates() -> impl Iterator<Item = (&'static str, Option<Action>)> {
    std::iter::once((CREATE, None)).chain(ACTIONS.map(|(_, _, action, template)| (template, Some(action))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_leads_to_its_own_call() {
        for (method, tail, action, template) in ACTIONS {
            let call = Call::of(method, &format!("/rooms/ACDE2345{tail}?unknown=1")).unwrap();
            assert_eq!(call, Call::Room(RoomCode::parse("ACDE2345").unwrap(), action));
            assert_eq!(call.template(), template);
        }
        assert_eq!(Call::of("POST", "/rooms").unwrap().template(), "POST /rooms");
    }

    #[test]
    fn anything_else_leads_nowhere() {
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
            assert_eq!(Call::of(method, path), None, "{method} {path}");
        }
    }
}
