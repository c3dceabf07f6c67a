//! The text of a session description, with its secrets.

use std::fmt;
use std::rc::Rc;

use registry_protocol::SessionDescription;
use serde::{Deserialize, Serialize, Serializer};

/// The attribute with the password of ICE (RFC 8839, section 5.4).
const PASSWORD: &str = "a=ice-pwd:";

/// The SDP of a description (RFC 8866). It prints as its size and is written without its ICE passwords; cheap to clone.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub struct Sdp(Rc<str>);

impl Sdp {
    /// Takes a text.
    pub fn new(text: impl Into<Rc<str>>) -> Self {
        Self(text.into())
    }

    /// The SDP of a description.
    pub fn of(description: &SessionDescription) -> Self {
        Self::new(description.sdp.as_str())
    }

    /// The whole text, with the ICE passwords.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The text with `***` in place of the ICE passwords.
    pub fn masked(&self) -> String {
        let mut masked = String::with_capacity(self.0.len());
        for line in self.0.split_inclusive('\n') {
            if line.starts_with(PASSWORD) {
                let ending = &line[line.trim_end_matches(['\r', '\n']).len()..];
                masked.extend([PASSWORD, "***", ending]);
            } else {
                masked.push_str(line);
            }
        }
        masked
    }

    /// Size of the text in bytes.
    pub fn bytes(&self) -> usize {
        self.0.len()
    }
}

impl From<String> for Sdp {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl fmt::Debug for Sdp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sdp({} bytes)", self.bytes())
    }
}

impl Serialize for Sdp {
    /// Writes [`masked`](Self::masked).
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_not_written_and_all_else_is() {
        let text = "v=0\r\na=ice-ufrag:uf\r\na=ice-pwd:secret1\r\nm=application 9 X\r\na=ice-pwd:secret2";
        let sdp = Sdp::new(text);
        let expected = "v=0\r\na=ice-ufrag:uf\r\na=ice-pwd:***\r\nm=application 9 X\r\na=ice-pwd:***";
        assert_eq!(serde_json::to_value(&sdp).ok(), Some(expected.into()));
        assert_eq!((format!("{sdp:?}"), sdp.expose()), (format!("Sdp({} bytes)", text.len()), text));
    }
}
