use crate::json::Json;
use crate::text::counted;

/// The largest message, in bytes. A sender accepts no larger one, so what is larger is no honest peer's, and is not put
/// together from its parts.
pub(crate) const MAX_MESSAGE_BYTES: usize = 64 * 1024 * 1024;

/// Marks the last part of a message; the others begin with 0.
pub(super) const LAST_PART: u8 = 1;

/// What has come from the other side.
///
/// Messages have no numbers on the wire: both sides count. So every message counts as received, whether it is delivered
/// or left out.
#[derive(Debug, Default)]
pub(crate) struct Inbound {
    /// How many messages have been received.
    received: u64,
    /// How many of them have been acknowledged.
    acknowledged: u64,
    parts: Parts,
}

/// The parts of a large message that have come so far.
#[derive(Debug, Default)]
struct Parts {
    joined: Vec<u8>,
    /// The bytes of all parts. More than those that are joined: the message is too large, and its end is awaited.
    bytes: usize,
}

impl Inbound {
    /// Continues after so many messages.
    pub(crate) fn resumed(received: u64) -> Self {
        Self { received, ..Self::default() }
    }

    /// How many messages have been received.
    pub(crate) fn received(&self) -> u64 {
        self.received
    }

    /// How many messages have not been acknowledged.
    pub(crate) fn unacknowledged(&self) -> u64 {
        self.received - self.acknowledged
    }

    /// Acknowledges everything; returns how many messages have been received.
    pub(crate) fn acknowledge(&mut self) -> u64 {
        self.acknowledged = self.received;
        self.received
    }

    /// A new channel begins: half a message from the old one is sent again.
    pub(crate) fn forget_parts(&mut self) {
        self.parts = Parts::default();
    }

    /// Takes a message of the other side's.
    ///
    /// # Errors
    /// Why it is left out, in words: it is no JSON.
    pub(crate) fn message(&mut self, text: String) -> Result<Json, String> {
        self.received += 1;
        let bytes = text.len();
        Json::parse(text).ok_or_else(|| format!("a message of {} was left out: it is not JSON", counted(bytes, "byte")))
    }

    /// Takes a part of a large message; the message, once it is whole.
    ///
    /// # Errors
    /// Why a part or the whole message is left out, in words.
    pub(crate) fn part(&mut self, part: &[u8]) -> Result<Option<Json>, String> {
        let Some((first, rest)) = part.split_first().filter(|(first, _)| **first <= LAST_PART) else {
            return Err(format!(
                "a binary message of {} was left out: messages are JSON text",
                counted(part.len(), "byte")
            ));
        };
        self.parts.add(rest);
        if *first != LAST_PART {
            return Ok(None);
        }
        let Parts { joined, bytes } = std::mem::take(&mut self.parts);
        if bytes > joined.len() {
            self.received += 1;
            return Err(format!(
                "a message of {} was left out: {MAX_MESSAGE_BYTES} bytes are the most",
                counted(bytes, "byte")
            ));
        }
        match String::from_utf8(joined) {
            Ok(text) => self.message(text).map(Some),
            Err(_) => {
                self.received += 1;
                Err(format!("a message of {} was left out: it is not UTF-8", counted(bytes, "byte")))
            }
        }
    }
}

impl Parts {
    fn add(&mut self, part: &[u8]) {
        self.bytes += part.len();
        if self.bytes <= MAX_MESSAGE_BYTES {
            self.joined.extend_from_slice(part);
        } else {
            self.joined = Vec::new();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(last: bool, text: &str) -> Vec<u8> {
        [&[u8::from(last)], text.as_bytes()].concat()
    }

    #[test]
    fn parts_are_joined_and_the_whole_counts_as_one_message() {
        let mut inbound = Inbound::default();
        assert_eq!(inbound.part(&part(false, "[1,")), Ok(None));
        assert_eq!(inbound.part(&part(true, "2]")), Ok(Some(Json::from_text("[1,2]"))));
        assert_eq!(inbound.received(), 1);
    }

    #[test]
    fn what_is_not_json_is_left_out_but_counts_as_the_sender_counts_it() {
        let mut inbound = Inbound::default();
        assert!(inbound.message("hello there".to_owned()).is_err());
        assert!(inbound.message(String::new()).is_err());
        assert!(inbound.part(&part(true, "")).is_err(), "nothing is no JSON either");
        assert!(inbound.part(&[1, 0xff]).unwrap_err().contains("not UTF-8"));
        assert_eq!(inbound.received(), 4);
        assert!(inbound.part(&[]).is_err() && inbound.part(&[7, 1, 2]).is_err());
        assert_eq!(inbound.received(), 4, "no parts of a message at all");
    }

    #[test]
    fn a_message_that_is_too_large_is_left_out_to_its_end_and_what_follows_is_not() {
        let mut inbound = Inbound::default();
        let large = part(false, &"1".repeat(MAX_MESSAGE_BYTES / 4));
        for _ in 0..5 {
            assert_eq!(inbound.part(&large), Ok(None));
        }
        let refused = inbound.part(&part(true, "1")).unwrap_err();
        let bytes = MAX_MESSAGE_BYTES / 4 * 5 + 1;
        assert!(refused.contains(&format!("of {bytes} bytes")), "the size of the message, not of a part: {refused}");
        assert_eq!((inbound.parts.joined.len(), inbound.received()), (0, 1));
        assert_eq!(inbound.part(&part(true, "2")), Ok(Some(Json::from_text("2"))));
    }
}
