//! The invitation link that a host shares, and the codes in it.

/// The invitation link: the page's URL without its query, the Registry's URL if it is not the default, and the codes in
/// the fragment.
pub fn invitation(page: &str, registry: Option<&str>, room: &str, join: &str) -> String {
    let page = page.split(['?', '#']).next().unwrap_or_default();
    let query = registry.map(|url| format!("?registry={}", percent_encode(url))).unwrap_or_default();
    format!("{page}{query}#room={}&join={}", percent_encode(room), percent_encode(join))
}

/// The codes in text pasted into the field for the room code: an invitation link, or the two codes with space between.
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

/// A room code as typed or pasted, in capitals and without spaces and hyphens.
pub fn room_code(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect()
}

/// A join code as typed or pasted, without spaces and hyphens.
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
