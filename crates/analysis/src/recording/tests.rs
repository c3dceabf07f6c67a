use std::time::Duration;

use registry_client::testing::Pair;
use serde_json::json;

use super::*;

fn recording() -> Recording {
    let mut pair = Pair::connected();
    pair.host.send_message(json!("a private text")).unwrap();
    assert!(pair.world.run_until(Duration::from_secs(1), || pair.guest.count("message") == 1));
    let tracks = [&pair.host, &pair.guest].map(|client| Track::new(client.trace().events()));
    Recording { made_by: "test".into(), made_at: 1.5, redacted: Vec::new(), tracks: tracks.into() }
}

const NOTHING: Redaction = Redaction { addresses: false, messages: false };

#[test]
fn what_is_written_is_read_again() {
    let recording = recording();
    let written = recording.write(NOTHING);
    let read = Recording::read(written.as_str()).unwrap();
    assert_eq!(read.write(NOTHING), written);
    assert_eq!(read.tracks.iter().map(Track::role).collect::<Vec<_>>(), [Some(Role::Host), Some(Role::Guest)]);
    assert_eq!(read.tracks[0].events.len(), recording.tracks[0].events.len());
}

#[test]
fn texts_and_addresses_are_written_only_if_asked_for_and_the_file_says_so() {
    let mut recording = recording();
    recording.tracks[0].samples.push(Sample::new(1.0, Json::from(json!([{ "ip": "93.184.216.34" }]))));
    let written = recording.write(Redaction::default());
    for private in ["a private text", "93.184.216.34"] {
        assert!(!written.as_str().contains(private), "{private}");
        assert!(recording.write(NOTHING).as_str().contains(private), "{private}");
    }
    let read = Recording::read(written.as_str()).unwrap();
    assert_eq!(read.redacted, [Redacted::Addresses, Redacted::Messages]);
    assert_eq!(read.write(NOTHING).value()["redacted"], json!(["addresses", "messages"]), "it stays redacted");
}

#[test]
fn no_secret_is_ever_written() {
    let mut pair = Pair::connected();
    pair.world.run_for(Duration::from_secs(1));
    let (host, guest) = (pair.host.room_info().unwrap(), pair.guest.room_info().unwrap());
    let tracks = [&pair.host, &pair.guest].map(|client| Track::new(client.trace().events()));
    let recording = Recording { made_by: "test".into(), made_at: 1.5, redacted: Vec::new(), tracks: tracks.into() };
    let text = recording.write(NOTHING);
    assert!(text.as_str().contains("a=ice-pwd:***"));
    for secret in [host.token.as_str(), guest.token.as_str(), host.join_code.unwrap().as_str(), "opensesame"] {
        assert!(!text.as_str().contains(secret));
    }
}

#[test]
fn a_file_that_is_none_is_refused_in_words_that_help() {
    let whole = recording().write(NOTHING);
    let newer = whole.as_str().replace(r#""version":1"#, r#""version":2"#);
    let other = whole.as_str().replace(FORMAT, "something-else");
    let cut = &whole.as_str()[..whole.as_str().len() / 2];
    let damaged = whole.as_str().replace(r#""newState":"creating""#, r#""newState":"flying""#);
    for (text, error) in [
        ("hello", RecordingError::NotJson),
        ("", RecordingError::NotJson),
        (cut, RecordingError::NotJson),
        ("{}", RecordingError::NotATrace),
        ("[1]", RecordingError::NotATrace),
        (&other, RecordingError::NotATrace),
        (&newer, RecordingError::TooNew(2)),
    ] {
        assert_eq!(Recording::read(text), Err(error), "{text:.40}");
    }
    let refusal = Recording::read(&damaged).unwrap_err().to_string();
    assert!(refusal.contains("event 1 (state:changed)") && refusal.contains("flying"), "{refusal}");
}
