use registry_protocol::limits::{MAX_CANDIDATE_BYTES, MAX_WAIT_MS};
use registry_protocol::{
    CandidateError, IceCandidate, JoinCode, RoomCode, SdpError, SdpType, SessionDescription, UserName,
};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::Refusal;

type Object = Map<String, Value>;

fn object(body: &[u8]) -> Result<Object, Refusal> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(Refusal::NotJson),
    }
}

/// Removes a string field from an object.
fn string(object: &mut Object, field: &str) -> Option<String> {
    match object.remove(field) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

fn user_name(object: &mut Object, field: &'static str) -> Result<UserName, Refusal> {
    string(object, field).and_then(|name| UserName::parse(name).ok()).ok_or(Refusal::BadUserName { field })
}

/// Parses the body of `POST /rooms`.
pub(crate) fn create(body: &[u8]) -> Result<UserName, Refusal> {
    user_name(&mut object(body)?, "hostUserName")
}

/// Parses the body of `POST /rooms/:code/join`.
pub(crate) fn join(body: &[u8]) -> Result<(JoinCode, UserName), Refusal> {
    let mut object = object(body)?;
    let code = string(&mut object, "joinCode").and_then(|code| JoinCode::parse(code).ok());
    Ok((code.ok_or(Refusal::MalformedJoinCode)?, user_name(&mut object, "guestUserName")?))
}

/// Parses the body of `POST /rooms/:code/offer` or `…/answer`, depending on `kind`.
pub(crate) fn description(body: &[u8], kind: SdpType) -> Result<SessionDescription, Refusal> {
    description_of(object(body)?, kind)
}

fn description_of(mut object: Object, kind: SdpType) -> Result<SessionDescription, Refusal> {
    if string(&mut object, "type").as_deref() != Some(if kind == SdpType::Offer { "offer" } else { "answer" }) {
        return Err(Refusal::BadSdp("type must be \"offer\" for an offer and \"answer\" for an answer"));
    }
    let sdp = string(&mut object, "sdp").ok_or(Refusal::BadSdp("sdp must be a string"))?;
    let description = SessionDescription { kind, sdp };
    match description.check() {
        Ok(()) => Ok(description),
        Err(SdpError::TooLarge) => Err(Refusal::SdpTooLarge),
        Err(SdpError::MissingLine(prefix)) => Err(Refusal::MissingSdpLine(prefix)),
    }
}

/// Parses the body of `POST /rooms/:code/candidate`. An explicit null is an error: the optional fields must be omitted
/// instead.
pub(crate) fn candidate(body: &[u8]) -> Result<IceCandidate, Refusal> {
    candidate_of(object(body)?)
}

fn candidate_of(mut object: Object) -> Result<IceCandidate, Refusal> {
    let text = string(&mut object, "candidate").ok_or(Refusal::BadCandidate("candidate must be a string"))?;
    let sdp_mid = match object.remove("sdpMid") {
        None => None,
        // The contract sets no limit here; this one bounds a room's memory.
        Some(Value::String(mid)) if mid.len() > MAX_CANDIDATE_BYTES => return Err(Refusal::CandidateTooLarge),
        Some(Value::String(mid)) => Some(mid),
        Some(_) => return Err(Refusal::BadCandidate("sdpMid must be a string or omitted")),
    };
    let sdp_m_line_index = match object.remove("sdpMLineIndex").map(|index| line_index(&index)) {
        Some(None) => return Err(Refusal::BadCandidate("sdpMLineIndex must be an integer from 0 to 65535 or omitted")),
        index => index.flatten(),
    };
    let candidate = IceCandidate { candidate: text, sdp_mid, sdp_m_line_index };
    match candidate.check() {
        Ok(()) => Ok(candidate),
        Err(CandidateError::Empty) => Err(Refusal::BadCandidate("candidate must not be empty")),
        Err(CandidateError::TooLarge) => Err(Refusal::CandidateTooLarge),
    }
}

/// The body of `POST /exchange`, apart from the room.
#[derive(Debug, Default)]
pub(crate) struct Exchange {
    pub(crate) attempt: u64,
    pub(crate) description: Option<SessionDescription>,
    /// Which of the host's offers the description answers, if the guest says so.
    pub(crate) answers: Option<u64>,
    pub(crate) candidates: Vec<IceCandidate>,
    pub(crate) since: Option<u64>,
    pub(crate) wait_ms: Option<u64>,
}

impl Exchange {
    /// Whether it posts anything.
    pub(crate) fn posts(&self) -> bool {
        self.description.is_some() || !self.candidates.is_empty()
    }
}

/// The room that the body of `POST /exchange` names. The rest is parsed once it is known that the sender is a peer of
/// that room.
pub(crate) fn exchange_room(body: &[u8]) -> Result<RoomCode, Refusal> {
    #[derive(Deserialize)]
    struct Named {
        room: Option<Value>,
    }
    // Serde would also accept a list in place of the object.
    let named = match body.trim_ascii_start().first() {
        Some(b'{') => serde_json::from_slice::<Named>(body).map_err(|_| Refusal::NotJson)?,
        _ => return Err(Refusal::NotJson),
    };
    let code = named.room.as_ref().and_then(Value::as_str).and_then(|code| RoomCode::parse(code).ok());
    code.ok_or(Refusal::NoRoom)
}

/// Parses the rest of the body of `POST /exchange` by a peer whose descriptions are of this `kind`. `attempt`,
/// `answers`, `since` and `wait` are ignored if they are not whole numbers, as `since` is in a query.
pub(crate) fn exchange(body: &[u8], kind: SdpType) -> Result<Exchange, Refusal> {
    let mut object = object(body)?;
    let number = |field: &str| object.get(field).and_then(whole);
    let (attempt, answers) = (number("attempt").unwrap_or(0), number("answers"));
    let (since, wait) = (number("since"), number("wait"));
    let description = match object.remove("description") {
        None => None,
        Some(Value::Object(description)) => Some(description_of(description, kind)?),
        Some(_) => return Err(Refusal::BadSdp("description must be an object or omitted")),
    };
    let candidates = match object.remove("candidates") {
        None => Vec::new(),
        Some(Value::Array(all)) => all.into_iter().map(listed_candidate).collect::<Result<_, _>>()?,
        Some(_) => return Err(Refusal::BadCandidate("candidates must be a list or omitted")),
    };
    Ok(Exchange {
        attempt,
        description,
        answers,
        candidates,
        since,
        wait_ms: wait.map(|seconds| seconds.saturating_mul(1000).min(MAX_WAIT_MS)),
    })
}

fn listed_candidate(value: Value) -> Result<IceCandidate, Refusal> {
    match value {
        Value::Object(object) => candidate_of(object),
        _ => Err(Refusal::BadCandidate("a candidate must be an object")),
    }
}

/// A whole number in any notation: in JSON `1.0` and `1` are the same number.
fn whole(value: &Value) -> Option<u64> {
    /// Above this, floating-point numbers are no longer exact.
    const EXACT: f64 = (1_u64 << f64::MANTISSA_DIGITS) as f64;
    let float = || value.as_f64().filter(|number| number.fract() == 0.0 && (0.0..=EXACT).contains(number));
    value.as_u64().or_else(|| float().map(|number| number as u64))
}

/// An index from 0 to 65535 in any notation.
fn line_index(value: &Value) -> Option<u16> {
    whole(value)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anything_but_a_json_object_is_bad_json() {
        for body in ["", "{", "[]", "null", "7", "\"x\"", "{\"a\":1}x", "\u{feff}{}", &"[".repeat(60_000)] {
            assert_eq!(create(body.as_bytes()), Err(Refusal::NotJson), "{body:.20}");
        }
        assert_eq!(create(b"{\"hostUserName\":\"\xff\"}"), Err(Refusal::NotJson));
    }

    #[test]
    fn names_and_codes_are_strings_in_the_right_format() {
        let bad = Err(Refusal::BadUserName { field: "hostUserName" });
        for body in ["{}", r#"{"hostUserName":null}"#, r#"{"hostUserName":7}"#, r#"{"hostUserName":"a b"}"#] {
            assert_eq!(create(body.as_bytes()), bad, "{body}");
        }
        assert_eq!(create(br#"{"hostUserName":"Ann","x":[1]}"#).unwrap().as_str(), "Ann");
        assert_eq!(join(br#"{"joinCode":123456,"guestUserName":"Bob"}"#), Err(Refusal::MalformedJoinCode));
        assert_eq!(join(br#"{"joinCode":"123456"}"#), Err(Refusal::BadUserName { field: "guestUserName" }));
    }

    #[test]
    fn a_description_has_the_right_type_and_an_sdp() {
        let of = |body: &str| description(body.as_bytes(), SdpType::Offer);
        let good = r#"{"type":"offer","sdp":"v=0\r\no=a\r\ns=-\r\nt=0 0\r\nm=x"}"#;
        assert!(of(good).is_ok());
        for body in ["{}", r#"{"type":"offer"}"#, r#"{"type":"offer","sdp":7}"#, r#"{"sdp":"v=0"}"#] {
            assert!(matches!(of(body), Err(Refusal::BadSdp(_))), "{body}");
        }
        assert!(matches!(of(&good.replace("offer", "answer")), Err(Refusal::BadSdp(_))));
        assert_eq!(of(&good.replace("m=", "x=")), Err(Refusal::MissingSdpLine("m=")));
    }

    #[test]
    fn candidate_fields_are_strings_and_numbers_and_never_null() {
        let of = |rest: &str| candidate(format!(r#"{{"candidate":"c"{rest}}}"#).as_bytes());
        assert_eq!(of(r#","sdpMid":"","sdpMLineIndex":65535,"x":null"#).unwrap().sdp_m_line_index, Some(65535));
        assert_eq!(of(r#","sdpMLineIndex":1538.0"#).unwrap().sdp_m_line_index, Some(1538));
        assert_eq!(of("").unwrap().sdp_mid, None);
        for (field, values) in [
            ("sdpMid", ["null", "7", "{}", "[]"]),
            ("sdpMLineIndex", ["null", "-1", "65536", "\"0\""]),
            ("sdpMLineIndex", ["0.5", "1e99", "true", "[0]"]),
        ] {
            for value in values {
                assert!(
                    matches!(of(&format!(r#","{field}":{value}"#)), Err(Refusal::BadCandidate(_))),
                    "{field} {value}"
                );
            }
        }
        assert!(matches!(candidate(br#"{"candidate":""}"#), Err(Refusal::BadCandidate(_))));
        let long = "m".repeat(MAX_CANDIDATE_BYTES + 1);
        assert_eq!(of(&format!(r#","sdpMid":"{long}""#)), Err(Refusal::CandidateTooLarge));
    }

    #[test]
    fn an_exchange_names_its_room_whatever_else_it_contains() {
        let code = RoomCode::parse("ACDE2345").unwrap();
        for rest in ["", r#","candidates":7,"description":null"#, r#","x":{"room":"ZZZZZZZZ"}"#] {
            assert_eq!(
                exchange_room(format!(" \n{{\"room\":\"ACDE2345\"{rest}}}").as_bytes()),
                Ok(code.clone()),
                "{rest}"
            );
        }
        for body in ["{}", r#"{"room":null}"#, r#"{"room":7}"#, r#"{"room":"acde2345"}"#, r#"{"room":["ACDE2345"]}"#] {
            assert_eq!(exchange_room(body.as_bytes()), Err(Refusal::NoRoom), "{body}");
        }
        for body in ["", "{", "[\"ACDE2345\"]", "\"ACDE2345\"", "null", "{\"room\":\"ACDE2345\"}x", "\u{c}{}"] {
            assert_eq!(exchange_room(body.as_bytes()), Err(Refusal::NotJson), "{body}");
        }
        let twice = exchange_room(br#"{"room":"ACDE2345","room":"ZZZZZZZZ"}"#);
        assert_eq!(twice, Err(Refusal::NotJson), "it cannot name two rooms");
    }

    #[test]
    fn everything_but_the_room_is_optional_in_an_exchange() {
        let of = |body: &str| exchange(body.as_bytes(), SdpType::Offer);
        let Exchange { attempt, description, candidates, since, wait_ms, answers } = of("{}").unwrap();
        assert!(description.is_none() && candidates.is_empty() && since.is_none() && wait_ms.is_none());
        assert!(answers.is_none() && attempt == 0);
        for (number, since, wait_ms) in [
            ("3", Some(3), Some(3000)),
            ("3.0", Some(3), Some(3000)),
            ("0", Some(0), Some(0)),
            ("18446744073709551615", Some(u64::MAX), Some(MAX_WAIT_MS)),
            ("1e9", Some(1_000_000_000), Some(MAX_WAIT_MS)),
            ("-1", None, None),
            ("1.5", None, None),
            ("1e99", None, None),
            ("\"3\"", None, None),
            ("null", None, None),
            ("[3]", None, None),
        ] {
            let text = format!(r#"{{"attempt":{number},"since":{number},"wait":{number}}}"#);
            let exchange = of(&text).unwrap();
            assert_eq!((exchange.since, exchange.wait_ms), (since, wait_ms), "{number}");
            assert_eq!(exchange.attempt, since.unwrap_or(0), "{number}");
        }
    }

    #[test]
    fn an_exchange_is_refused_for_whatever_the_single_calls_are_refused_for() {
        let of = |body: &str| exchange(body.as_bytes(), SdpType::Offer).map(|exchange| exchange.candidates.len());
        let sdp = r#"{"type":"offer","sdp":"v=0\r\no=a\r\ns=-\r\nt=0 0\r\nm=x"}"#;
        let with = |description: &str, candidates: &str| {
            of(&format!(r#"{{"description":{description},"candidates":{candidates}}}"#))
        };
        assert_eq!(with(sdp, "[]"), Ok(0));
        assert_eq!(with(sdp, r#"[{"candidate":"a"},{"candidate":"b","sdpMid":"0"}]"#), Ok(2));
        for description in ["null", "7", "[]", "{}", &sdp.replace("offer", "answer")] {
            assert!(matches!(with(description, "[]"), Err(Refusal::BadSdp(_))), "{description}");
        }
        assert_eq!(with(&sdp.replace("m=", "x="), "[]"), Err(Refusal::MissingSdpLine("m=")));
        let good = r#"{"candidate":"a"}"#;
        for candidates in ["null", "{}", good, "[null]", "[[]]", r#"["candidate:1"]"#, &format!("[{good},{{}}]")] {
            assert!(matches!(with(sdp, candidates), Err(Refusal::BadCandidate(_))), "{candidates}");
        }
        assert_eq!(of("[]"), Err(Refusal::NotJson));
        let nested = format!(r#"{{"room":"ACDE2345","x":{}}}"#, "[".repeat(1000) + &"]".repeat(1000));
        assert_eq!(of(&nested), Err(Refusal::NotJson));
    }
}
