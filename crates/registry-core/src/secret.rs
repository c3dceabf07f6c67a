use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use registry_protocol::limits::{JOIN_CODE_LEN, ROOM_CODE_ALPHABET, ROOM_CODE_LEN, TOKEN_BYTES};
use registry_protocol::{JoinCode, ParseIdError, RoomCode, Token};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::random::{Random, below};

/// The hash of an access token, which is all that is stored: enough to verify the token, not enough to use it.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(crate) struct TokenHash([u8; 32]);

impl TokenHash {
    fn of(token: &str) -> Self {
        Self(Sha256::digest(token).into())
    }

    /// Whether `token` has this hash. Takes constant time.
    pub(crate) fn matches(&self, token: &str) -> bool {
        self.0.ct_eq(&Self::of(token).0).into()
    }
}

impl std::fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenHash(***)")
    }
}

/// Whether the join codes are equal. Takes constant time.
pub(crate) fn same_join_code(a: &JoinCode, b: &JoinCode) -> bool {
    a.as_str().as_bytes().ct_eq(b.as_str().as_bytes()).into()
}

/// Generates an access token and its hash.
pub(crate) fn token(random: &mut dyn Random) -> Result<(Token, TokenHash), ParseIdError> {
    let mut bytes = [0; TOKEN_BYTES];
    random.fill(&mut bytes);
    let text = URL_SAFE_NO_PAD.encode(bytes);
    let hash = TokenHash::of(&text);
    Ok((Token::parse(text)?, hash))
}

/// Whether `text` can be a token that this Registry has generated.
pub(crate) fn is_token(text: &str) -> bool {
    // Base64 without padding: four characters for every three bytes.
    text.len() == (TOKEN_BYTES * 4).div_ceil(3) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
}

/// Generates a join code.
pub(crate) fn join_code(random: &mut dyn Random) -> Result<JoinCode, ParseIdError> {
    JoinCode::parse(text(random, b"0123456789", JOIN_CODE_LEN))
}

/// Generates a room code.
pub(crate) fn room_code(random: &mut dyn Random) -> Result<RoomCode, ParseIdError> {
    RoomCode::parse(text(random, ROOM_CODE_ALPHABET, ROOM_CODE_LEN))
}

fn text(random: &mut dyn Random, alphabet: &[u8], len: usize) -> String {
    (0..len).map(|_| char::from(alphabet[usize::from(below(random, alphabet.len() as u16))])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_43_characters_and_matches_its_hash() {
        let mut random = |bytes: &mut [u8]| bytes.fill(0xfb);
        let (token, hash) = token(&mut random).unwrap();
        assert!(token.as_str().len() == 43 && is_token(token.as_str()));
        assert!(hash.matches(token.as_str()));
        assert!(!hash.matches("") && !hash.matches(&token.as_str()[..42]));
        assert!(!format!("{hash:?}").contains(token.as_str()));
    }

    #[test]
    fn codes_have_the_format_of_the_contract() {
        let mut next = 0_u8;
        let mut random = |bytes: &mut [u8]| {
            for byte in bytes {
                next = next.wrapping_mul(5).wrapping_add(17);
                *byte = next;
            }
        };
        for _ in 0..100 {
            assert!(room_code(&mut random).unwrap().as_str().bytes().all(|b| ROOM_CODE_ALPHABET.contains(&b)));
            assert_eq!(join_code(&mut random).unwrap().as_str().len(), JOIN_CODE_LEN);
        }
    }
}
