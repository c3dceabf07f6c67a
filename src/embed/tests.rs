use serde_json::{Value, json};

use super::*;

fn read(kind: &str, more: &Value) -> Option<ParentCommand> {
    let mut message = json!({ "source": "registry-harness", "version": 1, "type": kind });
    message.as_object_mut()?.extend(more.as_object()?.clone());
    Json::from(message).read::<Order>().ok()?.command.ok()
}

#[test]
fn commands_are_read() {
    assert_eq!(read("create", &json!({})), Some(ParentCommand::Create(None)));
    assert_eq!(read("create", &json!({ "name": "Ann" })), Some(ParentCommand::Create(Some("Ann".into()))));
    let join = ParentCommand::Join { room: "ABCD2345".into(), join: "123456".into(), name: None };
    assert_eq!(read("join", &json!({ "room": "ABCD2345", "join": "123456" })), Some(join));
    assert_eq!(read("start", &json!({})), Some(ParentCommand::Start));
    assert_eq!(read("send", &json!({ "data": [1] })), Some(ParentCommand::Send(json!([1]).into())));
    assert_eq!(read("send", &json!({ "data": null })), Some(ParentCommand::Send(json!(null).into())));
    assert_eq!(read("close", &json!({ "later": 1 })), Some(ParentCommand::Close));
}

#[test]
fn anything_else_is_not_a_command() {
    for (kind, more) in [
        ("open", json!({})),
        ("join", json!({ "room": "ABCD2345" })),
        ("join", json!({ "room": 7, "join": "123456" })),
        ("send", json!({})),
        ("create", json!({ "version": 2 })),
        ("create", json!({ "source": "somebody" })),
    ] {
        assert_eq!(read(kind, &more), None, "{kind} {more}");
    }
    for other in [json!(null), json!("create"), json!([]), json!({ "type": "create" })] {
        assert!(Json::from(&other).read::<Order>().is_err(), "{other}");
    }
}

#[test]
fn every_other_message_keeps_its_json() {
    let text = "{\"z\":1.50,\"a\":9007199254740993}";
    let with = |kind: &str, more: Value| {
        let mut message = json!({ "source": "registry-harness", "version": 1, "type": kind });
        message.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        message
    };
    let failure = Failure { code: "closed".to_owned(), message: "no".to_owned(), retryable: true };
    let failed = json!({ "code": "closed", "message": "no", "retryable": true });
    for (message, json) in [
        (ParentMessage::Ready { state: ConnectionState::Idle }, with("ready", json!({ "state": "idle" }))),
        (ParentMessage::State { state: ConnectionState::Idle }, with("state", json!({ "state": "idle" }))),
        (ParentMessage::Peer { data: Json::from_text("[1]") }, with("message", json!({ "data": [1] }))),
        (ParentMessage::Error(failure.clone()), with("error", failed.clone())),
        (ParentMessage::Result { id: json!(7).into(), room: None, error: None }, with("result", json!({ "id": 7 }))),
        (
            ParentMessage::Result { id: json!("a").into(), room: None, error: Some(failure) },
            with("result", json!({ "id": "a", "error": failed })),
        ),
        (ParentMessage::Resize { height: 7 }, with("resize", json!({ "height": 7 }))),
    ] {
        assert_eq!(message.to_json().value(), json);
    }
    assert!(ParentMessage::Peer { data: Json::from_text(text) }.to_json().as_str().contains(text), "as it was sent");
    assert_eq!(read("create", &json!({ "name": 7 })), Some(ParentCommand::Create(None)));
}

#[test]
fn a_room_message_carries_what_the_parent_needs() {
    let room = RoomView {
        code: "ABCD2345".into(),
        join_code: Some("123456".into()),
        host_name: Some("Ann".into()),
        guest_name: None,
        expires_at: 7,
        extended: false,
    };
    assert_eq!(
        ParentMessage::Room(Invitation { room, link: None }).to_json().value(),
        json!({ "source": "registry-harness", "version": 1, "type": "room", "room": "ABCD2345", "join": "123456",
                "host": "Ann", "expiresAt": 7 })
    );
}

#[test]
fn a_command_may_have_an_id_and_keeps_it_if_it_is_incomplete() {
    let read = |more: Value| {
        let mut message = json!({ "source": "registry-harness", "version": 1, "type": "join" });
        message.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Json::from(message).read::<Order>().unwrap()
    };
    let order = read(json!({ "id": "a", "room": "ABCD2345" }));
    assert_eq!(order.id, Some(json!("a").into()));
    assert!(order.command.unwrap_err().contains("join code"));
    assert_eq!(read(json!({ "room": "ABCD2345", "join": "123456" })).id, None);
}

#[test]
fn a_look_that_cannot_be_is_none() {
    let look = |more: Value| read("look", &more);
    let accent = Colour::parse("2747c7");
    assert_eq!(look(json!({ "theme": "dark", "accent": "2747c7" })), Some(ParentCommand::Look(Some("dark"), accent)));
    assert_eq!(look(json!({ "theme": "url(x)", "accent": 7 })), Some(ParentCommand::Look(None, None)));
}
