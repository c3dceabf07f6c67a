use super::*;

#[test]
fn peers_can_exchange_only_if_the_server_says_so_plainly() {
    let of = |extension: &str| {
        let token = "x".repeat(43);
        let text = format!(r#"{{"guestToken":"{token}","expiresAt":2{extension}}}"#);
        let response = serde_json::from_str::<RoomJoinResponse>(&text).unwrap();
        (response.exchange, serde_json::to_value(response).unwrap().get("exchange").is_some())
    };
    assert_eq!(of(r#","exchange":true"#), (true, true));
    for extension in ["", r#","exchange":false"#, r#","exchange":null"#, r#","exchange":{"url":"x"}"#] {
        assert_eq!(of(extension), (false, false), "{extension}");
    }
}

#[test]
fn an_exchange_of_nothing_is_only_a_room() {
    let empty = r#"{"room":"ACDE2345"}"#;
    let request: ExchangeRequest = serde_json::from_str(empty).unwrap();
    assert_eq!(serde_json::to_string(&request).unwrap(), empty);
}

#[test]
fn unknown_fields_and_values_are_tolerated() {
    let snapshot: RoomSnapshot = serde_json::from_str(
        r#"{"status":"paused","offer":null,"answer":null,"updatedAt":1,"expiresAt":2.5,"version":7}"#,
    )
    .unwrap();
    assert_eq!(snapshot.status, RoomStatus::Other("paused".into()));
    assert_eq!(snapshot.expires_at, EpochMs(2));
}

#[test]
fn extensions_that_mean_something_else_are_as_good_as_none() {
    let of = |extensions: &str| {
        let text = format!(r#"{{"status":"open","offer":null,"answer":null,"updatedAt":1,"expiresAt":2{extensions}}}"#);
        serde_json::from_str::<RoomSnapshot>(&text).unwrap()
    };
    assert_eq!(of(r#","version":7,"candidates":{"items":[],"mode":"delta","lastSeq":3}"#).version, Some(7));
    let other = of(r#","version":"1.2","candidates":4"#);
    assert_eq!((other.version, other.candidates), (None, None));
    assert_eq!(of(""), RoomSnapshot::new(RoomStatus::Open, EpochMs(1), EpochMs(2)));
}

#[test]
fn a_description_in_the_wrong_place_is_refused_on_reading() {
    let read = |member: &str, kind: &str| {
        let description = format!(r#"{{"type":"{kind}","sdp":"v=0"}}"#);
        let (offer, answer) = if member == "offer" { (&*description, "null") } else { ("null", &*description) };
        let text = format!(r#"{{"status":"joined","offer":{offer},"answer":{answer},"updatedAt":1,"expiresAt":2}}"#);
        serde_json::from_str::<RoomSnapshot>(&text).map_err(|error| error.to_string())
    };
    for (member, other) in [("offer", "answer"), ("answer", "offer")] {
        assert!(read(member, member).is_ok());
        for wrong in [other, "rollback"] {
            let error = read(member, wrong).unwrap_err();
            assert!(error.starts_with(&format!("the description is of another type than {member}")), "{error}");
        }
    }
}

#[test]
fn a_malformed_candidate_does_not_spoil_the_list() {
    let list: CandidateList =
        serde_json::from_str(r#"{"items":[{"candidate":"a"},{"x":1},null],"mode":"full"}"#).unwrap();
    assert!(matches!(list.items[0], CandidateItem::Candidate(_)));
    assert!(matches!(list.items[1], CandidateItem::Malformed));
    assert!(matches!(list.items[2], CandidateItem::Malformed));
    assert_eq!(list.last_seq, None);
}

#[test]
fn names_on_the_wire_are_camel_case() {
    let json = serde_json::to_value(JoinRoomRequest {
        join_code: JoinCode::parse("123456").unwrap(),
        guest_user_name: UserName::parse("Bob").unwrap(),
    })
    .unwrap();
    assert_eq!(json, serde_json::json!({"joinCode": "123456", "guestUserName": "Bob"}));
}
