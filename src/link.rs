//! What a link to the page can say, and the invitation that a host shares.
//!
//! `?registry=URL&stun=URL&role=host|guest&name=…` and `#room=ABCD2345&join=123456`. The fragment never reaches a
//! server; access tokens are never part of a link.

use registry_client::Role;

/// What a link asks for; `None` where it says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// Address of the Registry.
    pub registry: Option<String>,
    /// STUN servers; an empty list where the link says that there shall be none.
    pub stun: Option<Vec<String>>,
    /// A TURN server.
    pub turn: Option<String>,
    /// The role to begin with.
    pub role: Option<Role>,
    /// The user name to begin with.
    pub name: Option<String>,
    /// The room to join.
    pub room: Option<String>,
    /// What admits to it.
    pub join: Option<String>,
}

impl Link {
    /// Reads the decoded pairs of a query and of a fragment; unknown ones are ignored.
    pub fn read(query: &[(String, String)], fragment: &[(String, String)]) -> Self {
        let mut link = Self::default();
        for (name, value) in query {
            link.take_query(name, value.trim());
        }
        for (name, value) in fragment {
            match name.as_str() {
                "room" => link.room = Some(room_code(value)),
                "join" => link.join = Some(join_code(value)),
                _ => {}
            }
        }
        if link.room.is_some() && link.role.is_none() {
            link.role = Some(Role::Guest);
        }
        link
    }

    fn take_query(&mut self, name: &str, value: &str) {
        match name {
            "registry" => self.registry = Some(value.into()),
            "stun" if value.starts_with("turn") => self.turn = Some(value.into()),
            "stun" => {
                let list = self.stun.get_or_insert_default();
                list.extend((!value.is_empty()).then(|| value.to_owned()));
            }
            "name" => self.name = Some(value.into()),
            "role" => {
                self.role = match value {
                    "host" => Some(Role::Host),
                    "guest" => Some(Role::Guest),
                    _ => None,
                }
            }
            _ => {}
        }
    }
}

/// The link that a host shares: the page's own address without its query, the Registry where the page would not find
/// it by itself, and the codes in the fragment.
pub fn invitation(page: &str, registry: Option<&str>, room: &str, join: &str) -> String {
    let page = page.split(['?', '#']).next().unwrap_or_default();
    let query = registry.map(|url| format!("?registry={}", percent_encode(url))).unwrap_or_default();
    format!("{page}{query}#room={}&join={}", percent_encode(room), percent_encode(join))
}

/// The codes in a text that was pasted in the place of a room code: an invitation, or the two codes side by side.
pub fn pasted_codes(text: &str) -> Option<(String, String)> {
    if let Some((_, fragment)) = text.split_once('#') {
        let value = |name: &str| fragment.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        return Some((room_code(value("room")?), join_code(value("join")?)));
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    match words[..] {
        [room, join] if room.len() == 8 && join.len() == 6 => Some((room_code(room), join_code(join))),
        _ => None,
    }
}

/// A room code as typed or pasted, without what does not belong to it.
pub fn room_code(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '-').flat_map(char::to_uppercase).collect()
}

/// A join code as typed or pasted, without what does not belong to it.
pub fn join_code(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect()
}

fn percent_encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~:/".contains(&byte) {
            encoded.push(byte.into());
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_link_fills_in_what_it_says_and_nothing_else() {
        assert_eq!(Link::read(&[], &[]), Link::default());
        let query = pairs(&[
            ("registry", " http://r "),
            ("stun", "stun:a"),
            ("stun", "turn:b"),
            ("stun", "stun:c"),
            ("role", "host"),
            ("name", "Ann"),
            ("later", "1"),
        ]);
        let link = Link::read(&query, &[]);
        assert_eq!(link.registry.as_deref(), Some("http://r"));
        assert_eq!(link.stun, Some(vec!["stun:a".into(), "stun:c".into()]));
        assert_eq!(link.turn.as_deref(), Some("turn:b"));
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
    fn the_invitation_carries_the_codes_in_its_fragment_only() {
        assert_eq!(
            invitation("http://h/p?name=A#x", None, "ABCD2345", "123456"),
            "http://h/p#room=ABCD2345&join=123456"
        );
        assert_eq!(
            invitation("http://h/", Some("http://r/?a b"), "A", "1"),
            "http://h/?registry=http://r/%3Fa%20b#room=A&join=1"
        );
    }

    #[test]
    fn codes_are_found_in_what_people_paste() {
        let codes = Some(("ABCD2345".to_owned(), "123456".to_owned()));
        assert_eq!(pasted_codes("http://h/#room=ABCD2345&join=123456"), codes);
        assert_eq!(pasted_codes(" abcd2345  123456\n"), codes);
        assert_eq!(pasted_codes("ABCD2345"), None);
        assert_eq!(pasted_codes("#room=ABCD2345"), None);
    }
}
