//! The parameters in a link to the page.
//!
//! The query is `?registry=URL&stun=URL&role=host|guest&name=…&auto=1&peers=2&embed=1&parent=ORIGIN&theme=light|dark&
//! accent=2747c7`, the fragment `#room=ABCD2345&join=123456&session=NAME`. The fragment never reaches a server; access tokens are
//! never part of a link. Anybody can make a link: invalid parameters are ignored, and the page says so; what a link sets
//! is not stored, and the servers that it names get no login that was entered for others (`settings::Sources`).

mod colour;
mod invitation;

use registry_client::Role;
use registry_client::protocol::{JoinCode, RoomCode, UserName};

pub use colour::Colour;
pub use invitation::{invitation, join_code, pasted_codes, room_code};

use crate::settings::{is_host, registry_problem, stun_problem, turn_problem};

/// The parameters of a link; `None` or `false` if missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// URL of the Registry.
    pub registry: Option<String>,
    /// STUN servers; an empty list for none.
    pub stun: Option<Vec<String>>,
    /// TURN servers.
    pub turn: Option<Vec<String>>,
    /// The role to select.
    pub role: Option<Role>,
    /// The user name.
    pub name: Option<String>,
    /// The room to join.
    pub room: Option<String>,
    /// Its join code.
    pub join: Option<String>,
    /// Whether to create or join a room, and connect, without a click.
    pub auto: bool,
    /// Whether to show a host and a guest side by side.
    pub peers: bool,
    /// Whether the page is embedded in another one.
    pub embed: bool,
    /// The origin of the embedding page, the only one that messages are exchanged with.
    pub parent: Option<String>,
    /// What the embedding page calls this frame: the name under which its connection is kept over a reload.
    pub session: Option<String>,
    /// `light` or `dark`.
    pub theme: Option<&'static str>,
    /// The colour of controls.
    pub accent: Option<Colour>,
    /// Why parameters were ignored, each in a sentence.
    pub refused: Vec<&'static str>,
}

const REGISTRY: &str = "The link’s Registry URL does not start with http:// or https://, so it was ignored.";
const ICE: &str = "A STUN or TURN URL in the link is invalid, so it was ignored.";
const NAME: &str = "The link’s name is not 1 to 32 letters, digits, _ or -, so it was ignored.";
const ROLE: &str = "The link’s role is neither host nor guest. Choose one below.";
const CODES: &str = "The link’s room code or join code is incomplete or wrong. Ask for the invitation again.";
const PARENT: &str =
    "The link’s parent is not an origin such as https://example.com, so the embedding page gets no messages.";
const SESSION: &str =
    "The link’s session is not 1 to 64 letters, digits, _ or -, so the connection does not survive a reload.";
const LOOK: &str =
    "The link’s theme is not light or dark, or its accent is not six hexadecimal digits, so it was ignored.";

impl Link {
    /// Reads the decoded parameters of a query and of a fragment; unknown ones are ignored.
    pub fn read(query: &[(String, String)], fragment: &[(String, String)]) -> Self {
        let mut link = Self::default();
        for (name, value) in query {
            link.take_query(name, value.trim());
        }
        for (name, value) in fragment {
            match name.as_str() {
                "room" => link.room = link.checked(room_code(value), CODES, |code| RoomCode::parse(code).is_ok()),
                "join" => link.join = link.checked(join_code(value), CODES, |code| JoinCode::parse(code).is_ok()),
                "session" => link.session = link.checked(value.clone(), SESSION, is_session),
                _ => {}
            }
        }
        if link.room.is_some() && link.role.is_none() {
            link.role = Some(Role::Guest);
        }
        // A page that does not look embedded exchanges no messages.
        link.parent = link.parent.filter(|_| link.embed);
        // A link with an invalid parameter does nothing without a click.
        link.auto &= link.refused.is_empty();
        if link.auto && link.role.is_none() {
            link.role = Some(Role::Host);
        }
        link
    }

    fn take_query(&mut self, name: &str, value: &str) {
        let text = || value.to_owned();
        match name {
            "registry" => self.registry = self.checked(text(), REGISTRY, |url| registry_problem(url).is_none()),
            "stun" if value.starts_with("turn") => {
                if let Some(url) = self.checked(text(), ICE, |url| turn_problem(url).is_none()) {
                    self.turn.get_or_insert_default().push(url);
                }
            }
            "stun" if value.is_empty() => self.stun = Some(Vec::new()),
            "stun" => {
                if let Some(url) = self.checked(text(), ICE, |url| stun_problem(url).is_none()) {
                    self.stun.get_or_insert_default().push(url);
                }
            }
            "name" => self.name = self.checked(text(), NAME, |name| UserName::parse(name).is_ok()),
            "role" => {
                self.role = [Role::Host, Role::Guest].into_iter().find(|role| role.as_str() == value);
                self.expect(self.role.is_some(), ROLE);
            }
            "auto" => self.auto = value == "1",
            "peers" => self.peers = value == "2",
            "embed" => self.embed = value == "1",
            "parent" => self.parent = self.checked(text(), PARENT, is_origin),
            "theme" => {
                self.theme = theme(value);
                self.expect(self.theme.is_some(), LOOK);
            }
            "accent" => {
                self.accent = Colour::parse(value);
                self.expect(self.accent.is_some(), LOOK);
            }
            _ => {}
        }
    }

    /// The text if it is `good` and not too long; otherwise the parameter is refused.
    fn checked(&mut self, text: String, refusal: &'static str, good: impl Fn(&str) -> bool) -> Option<String> {
        let good = text.len() <= LONGEST && good(&text);
        self.expect(good, refusal);
        good.then_some(text)
    }

    fn expect(&mut self, good: bool, refusal: &'static str) {
        if !good && !self.refused.contains(&refusal) {
            self.refused.push(refusal);
        }
    }
}

/// The name of a theme.
pub fn theme(word: &str) -> Option<&'static str> {
    ["light", "dark"].into_iter().find(|theme| *theme == word)
}

/// Whether the text can be the name of a session.
fn is_session(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    (1..=64).contains(&text.len()) && text.bytes().all(plain)
}

/// The longest parameter that is accepted, in bytes.
const LONGEST: usize = 2048;

/// Whether the text is an origin as browsers serialise it, like `https://example.com` or `http://localhost:8787`.
fn is_origin(text: &str) -> bool {
    let (scheme, host) = text.split_once("://").unwrap_or_default();
    let usual = match scheme {
        "https" => ":443",
        "http" => ":80",
        _ => return false,
    };
    let lower = text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    lower && is_host(host) && !host.ends_with(usual)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_link_sets_its_parameters_and_nothing_else() {
        assert_eq!(Link::read(&[], &[]), Link::default());
        let query = pairs(&[
            ("registry", " http://r "),
            ("stun", "stun:a"),
            ("stun", "turn:b"),
            ("stun", "stun:c"),
            ("stun", "turns:d:443"),
            ("role", "host"),
            ("name", "Ann"),
            ("later", "1"),
        ]);
        let link = Link::read(&query, &[]);
        assert_eq!(link.registry.as_deref(), Some("http://r"));
        assert_eq!(link.stun, Some(vec!["stun:a".into(), "stun:c".into()]));
        assert_eq!(link.turn, Some(vec!["turn:b".into(), "turns:d:443".into()]));
        assert_eq!((link.role, link.name.as_deref()), (Some(Role::Host), Some("Ann")));
    }

    #[test]
    fn an_empty_stun_means_none() {
        assert_eq!(Link::read(&pairs(&[("stun", "")]), &[]).stun, Some(vec![]));
    }

    #[test]
    fn an_invitation_opens_the_guest_form_filled_in() {
        let link = Link::read(&[], &pairs(&[("room", "abcd2345"), ("join", "123 456")]));
        assert_eq!(link.role, Some(Role::Guest));
        assert_eq!((link.room.as_deref(), link.join.as_deref()), (Some("ABCD2345"), Some("123456")));
    }

    #[test]
    fn auto_peers_and_embed_take_one_value_each() {
        let link = Link::read(&pairs(&[("auto", "1"), ("peers", "2"), ("embed", "1")]), &[]);
        assert!(link.auto && link.peers && link.embed && link.refused.is_empty());
        assert_eq!(link.role, Some(Role::Host), "one of the two has to start");
        let link = Link::read(&pairs(&[("auto", "true"), ("peers", "3"), ("embed", "")]), &[]);
        assert!(!link.auto && !link.peers && !link.embed);
    }

    #[test]
    fn hostile_and_broken_parameters_are_refused() {
        let long = "x".repeat(10_000);
        let address = format!("http://{long}");
        for (name, value, refusal) in [
            ("registry", "javascript:alert(1)", REGISTRY),
            ("registry", "data:text/html,x", REGISTRY),
            ("registry", "//evil.example", REGISTRY),
            ("registry", &address, REGISTRY),
            ("stun", "http://evil.example", ICE),
            ("stun", "turn:evil/../x", ICE),
            ("name", "<img src=x onerror=alert(1)>", NAME),
            ("name", &long, NAME),
            ("role", "admin", ROLE),
            ("parent", "*", PARENT),
            ("parent", "null", PARENT),
            ("theme", "url(x)", LOOK),
            ("accent", "red;background:url(//evil)", LOOK),
        ] {
            let link = Link::read(&pairs(&[(name, value), ("auto", "1")]), &[]);
            assert_eq!(link, Link { refused: vec![refusal], ..Link::default() }, "{name}={value:.40}");
        }
        for (name, value, refusal) in [
            ("room", "ABCD", CODES),
            ("room", "<b>ABCDE", CODES),
            ("join", "12345x", CODES),
            ("join", &long, CODES),
            ("session", "", SESSION),
            ("session", "two words", SESSION),
            ("session", &long, SESSION),
        ] {
            let link = Link::read(&pairs(&[("auto", "1")]), &pairs(&[(name, value)]));
            assert_eq!(link, Link { refused: vec![refusal], ..Link::default() }, "{name}={value:.40}");
        }
    }

    #[test]
    fn a_frame_has_a_session_where_its_parent_names_one() {
        let (query, fragment) = (pairs(&[("embed", "1")]), pairs(&[("session", "3f2a-7_B")]));
        assert_eq!(Link::read(&query, &fragment).session.as_deref(), Some("3f2a-7_B"));
        assert_eq!(Link::read(&query, &[]).session, None);
    }

    #[test]
    fn only_an_embedded_page_has_a_parent() {
        let parent = ("parent", "https://example.com");
        let embedded = Link::read(&pairs(&[("embed", "1"), parent]), &[]);
        assert_eq!(embedded.parent.as_deref(), Some("https://example.com"));
        assert_eq!(Link::read(&pairs(&[parent]), &[]).parent, None);
    }

    #[test]
    fn each_refusal_appears_once_and_quotes_nothing() {
        let link = Link::read(&pairs(&[("stun", "a"), ("stun", "b"), ("name", "?")]), &[]);
        assert_eq!(link.refused, [ICE, NAME]);
    }

    #[test]
    fn a_parent_is_an_origin_as_browsers_serialise_it() {
        for good in ["https://example.com", "http://localhost:8787", "http://127.0.0.1", "https://x:80", "http://[::1]"]
        {
            assert!(is_origin(good), "{good}");
        }
        for bad in [
            "https://example.com/",
            "https://Example.com",
            "https://x:443",
            "example.com",
            "file://x",
            "https://u@x",
            "https://*",
        ] {
            assert!(!is_origin(bad), "{bad}");
        }
    }
}
