use std::time::Duration;

use registry_client::ErrorKind;
use registry_client::error::{Diagnostics, StateError, WebRtcError};
use registry_client::event::DropReason;
use registry_client::interfaces::registry::Operation;
use registry_client::protocol::EpochMs;
use serde_json::json;

use super::*;
use ConnectionState::{Connected, Connecting, Created, Creating, Disconnected, Idle, Joining};

/// A page and the trace that it was made from.
struct Story {
    page: Page,
    seq: u64,
}

impl Story {
    fn new() -> Self {
        Self { page: Page::new(1e12, None), seq: 0 }
    }

    fn emit(mut self, events: impl IntoIterator<Item = Event>) -> Self {
        let events = events
            .into_iter()
            .map(|event| {
                self.seq += 1;
                Rc::new(TraceEvent { seq: self.seq, at_ms: self.seq as f64, epoch_ms: 1e12, event })
            })
            .collect();
        let room = self.page.room.as_deref().cloned();
        self.page =
            self.page.after(Action::Events { events, room, life: self.page.life, buffer: BufferLevels::default() });
        self
    }

    fn through(self, states: &[ConnectionState]) -> Self {
        let mut from = self.page.state();
        let changes: Vec<Event> = states
            .iter()
            .map(|to| Event::State { from: std::mem::replace(&mut from, *to), to: *to, reason: None })
            .collect();
        self.emit(changes)
    }

    fn act(mut self, action: Action) -> Self {
        self.page = self.page.after(action);
        self
    }
}

const LIFE: RoomLife = RoomLife::Until(Duration::from_secs(7));

fn at_rest(room: Option<RoomView>) -> Action {
    Action::Events { events: vec![], room, life: LIFE, buffer: BufferLevels::default() }
}

fn error(kind: impl Into<ErrorKind>) -> Error {
    Error::new(kind, registry_client::error::Diagnostics::default())
}

fn message(n: u32) -> Event {
    Event::Message { data: json!({ "text": n.to_string() }).into(), bytes: 12 }
}

#[test]
fn a_script_that_creates_a_room_selects_the_role() {
    let host = Story::new().through(&[Creating, Created]).page;
    assert_eq!((host.role, host.state()), (Some(Role::Host), Created));
    let guest = Story::new().act(Action::Choose(Role::Host)).through(&[Joining]).page;
    assert_eq!(guest.role, Some(Role::Guest));
}

#[test]
fn the_role_is_fixed_while_in_a_room() {
    let story = Story::new().through(&[Creating]).act(Action::Choose(Role::Guest));
    assert_eq!(story.page.role, Some(Role::Host));
    let story = story.through(&[ConnectionState::Error]).act(Action::Choose(Role::Guest));
    assert_eq!(story.page.role, Some(Role::Guest));
}

fn room() -> RoomView {
    RoomView {
        code: "ABCD2345".into(),
        join_code: Some("123456".into()),
        host_name: None,
        guest_name: None,
        expires_at: 7,
        extended: true,
    }
}

#[test]
fn a_join_code_can_be_replaced_until_somebody_has_joined() {
    let snapshot = |status: &str| {
        let status = status.into();
        Event::Snapshot { status, offer: false, answer: false, expires_at: EpochMs(7) }
    };
    let story = Story::new().through(&[Creating, Created]).act(at_rest(Some(room())));
    assert!(story.page.can_replace_join_code());
    let story = story.through(&[Connecting]).emit([snapshot("open")]);
    assert!(story.page.can_replace_join_code());
    assert!(!story.emit([snapshot("joined")]).page.can_replace_join_code());
    let base = RoomView { extended: false, ..room() };
    let story = Story::new().through(&[Creating, Created]).act(at_rest(Some(base)));
    assert!(!story.page.can_replace_join_code(), "the Registry cannot");
}

#[test]
fn the_room_follows_the_client() {
    let room = room();
    let story = Story::new().act(at_rest(Some(room.clone())));
    assert_eq!((story.page.room.as_deref(), story.page.life), (Some(&room), LIFE));
    let before = story.page.room.clone();
    let story = story.act(at_rest(Some(room)));
    assert!(Rc::ptr_eq(&before.unwrap(), story.page.room.as_ref().unwrap()), "an unchanged room is shared");
    assert_eq!(story.act(at_rest(None)).page.room, None);
    assert_eq!(Story::new().act(at_rest(None)).act(Action::Attached { epoch_ms: 1.0 }).page.life, RoomLife::Unknown);
}

#[test]
fn closing_clears_the_attempt_but_not_the_timeline() {
    let story = Story::new().through(&[Creating, Created, Connecting, Connected]).emit([message(1)]);
    assert!(story.page.has_chat() && story.page.facts.received.count == 1);
    let late = Event::DataChannel(registry_client::interfaces::webrtc::DataChannelState::Closed);
    let closed = story.through(&[Idle]).emit([late]).page;
    assert!(closed.chat.is_empty() && !closed.has_chat() && closed.problem.is_none());
    assert_eq!((*closed.facts).clone(), Facts::default());
    assert_eq!(closed.log.len(), 7);
}

#[test]
fn a_conversation_stays_visible_when_the_connection_is_lost() {
    let lost = Story::new().through(&[Creating, Created, Connecting, Connected, Disconnected]);
    assert!(lost.page.has_chat());
    assert!(lost.through(&[ConnectionState::Error]).page.has_chat());
    assert!(!Story::new().through(&[Creating, Created, Connecting]).page.has_chat());
}

#[test]
fn an_error_is_shown_once_until_it_is_dismissed_or_resolved() {
    let failure = error(WebRtcError::IceFailed);
    let failed = |story: Story| story.emit([Event::Failure(failure.clone())]);
    let story = failed(Story::new().through(&[Creating, Created, Connecting]));
    let shown = story.page.problem.clone().unwrap();
    assert_eq!(shown.remedy, Some(Remedy::NewRoom));
    let story = story.act(Action::Failed(failure.clone()));
    assert!(Rc::ptr_eq(&shown, story.page.problem.as_ref().unwrap()), "the call's outcome is the same error");
    assert_eq!(story.act(Action::Dismiss).page.problem, None);
    let again = failed(Story::new().through(&[Creating, ConnectionState::Error]));
    assert_eq!(again.through(&[Creating]).page.problem, None);
}

#[test]
fn what_the_user_did_on_purpose_is_not_an_error() {
    assert_eq!(Story::new().act(Action::Failed(error(StateError::Closed))).page.problem, None);
}

#[test]
fn a_new_client_starts_at_idle_and_keeps_error_and_timeline() {
    let story = Story::new().through(&[Creating, ConnectionState::Error]).emit([Event::Failure(error(
        registry_client::error::NetworkError { operation: Operation::CreateRoom, reason: "x".into() },
    ))]);
    let page = story.act(Action::Attached { epoch_ms: 2e12 }).page;
    assert_eq!((page.state(), page.log.len(), page.stays.since_epoch_ms()), (Idle, 3, 2e12));
    assert_eq!(page.problem.as_ref().unwrap().remedy, Some(Remedy::CreateAgain));
    assert_eq!(page.role, Some(Role::Host));
}

#[test]
fn a_cleared_timeline_continues() {
    let story = Story::new().through(&[Creating]).act(Action::ClearLog);
    assert!(story.page.log.is_empty());
    let story = story.through(&[Created]);
    assert_eq!(story.page.log.len(), 1);
    assert_eq!(story.page.log.get(1).map(|entry| entry.event.seq), Some(2));
}

#[test]
fn ten_thousand_messages_are_kept_in_order() {
    let page = Story::new().through(&[Creating, Created, Connecting, Connected]).emit((0..10_000).map(message)).page;
    assert_eq!(page.chat.len(), 10_000);
    assert_eq!(page.chat.get(page.chat.end() - 1).map(|message| &*message.content().text), Some("9999"));
    assert_eq!(page.facts.received.bytes, 120_000);
}

#[test]
fn an_older_version_of_the_page_does_not_change() {
    let old = Story::new().through(&[Creating]);
    let before = old.page.clone();
    let new = old.through(&[Created]);
    assert_eq!((before.state(), before.log.len()), (Creating, 1));
    assert_ne!(before, new.page);
}

fn sent(id: u64, buffered: bool) -> Event {
    Event::MessageSent { id, data: json!({ "text": id.to_string() }).into(), bytes: 12, buffered }
}

fn marks(page: &Page) -> Vec<(String, Delivery)> {
    page.chat.from(0).map(|(_, message)| (message.content().text.to_string(), message.delivery)).collect()
}

#[test]
fn an_own_message_shows_its_delivery_status() {
    let waiting = Event::MessageBuffered { id: 2, data: json!({ "text": "2" }).into(), bytes: 12 };
    let story = Story::new().through(&[Creating, Created, Connecting, Connected]).emit([sent(1, false), waiting]);
    let mark = |text: &str, delivery| (text.to_owned(), delivery);
    assert_eq!(marks(&story.page), [mark("1", Delivery::Sent), mark("2", Delivery::Waiting)]);
    let story = story.emit([sent(2, true), Event::MessagesDelivered { ids: vec![1] }]);
    assert_eq!(marks(&story.page), [mark("1", Delivery::Delivered), mark("2", Delivery::Sent)]);
    let lost = Event::MessageDropped { id: 2, data: json!({ "text": "2" }).into(), reason: DropReason::Closed };
    let story = story.emit([lost]);
    assert_eq!(marks(&story.page)[1].1, Delivery::Lost(DropReason::Closed));
}

#[test]
fn a_page_that_cannot_resume_after_a_reload_knows_its_role_and_offers_a_new_room() {
    let diagnostics = Diagnostics { role: Some(Role::Guest), ..Diagnostics::default() };
    let failure = Event::Failure(Error::new(StateError::NotResumable, diagnostics));
    let page = Story::new().emit([failure]).page;
    assert_eq!((page.role, page.problem.unwrap().remedy), (Some(Role::Guest), Some(Remedy::NewRoom)));
}

#[test]
fn a_closing_room_accepts_no_more_messages() {
    let story = Story::new().through(&[Creating, Created, Connecting, Connected]);
    let story = story.emit([Event::Closing { messages: 2 }]);
    assert!(story.page.closing && !story.page.takes_messages());
    assert!(progress(&story.page).unwrap().text.starts_with("Closing"));
    let story = story.through(&[Idle]);
    assert!(!story.page.closing);
}

#[test]
fn the_recovery_is_shown_until_the_connection_is_back() {
    let scheduled = Event::ReconnectScheduled { attempt: 2, delay_ms: 1500.0, max_attempts: 5 };
    let story = Story::new().through(&[Creating, Created, Connecting, Connected, Disconnected]);
    assert_eq!(story.page.reconnect.map(|lost| lost.phase), Some(reconnect::Phase::Healing));
    assert!(story.page.takes_messages());
    let story = story.emit([scheduled]);
    let lost = story.page.reconnect.unwrap();
    assert_eq!(lost.phase, reconnect::Phase::Scheduled { attempt: 2, at: 1e12 + 1500.0 });
    assert!(lost.sentence().contains("attempt 2 of 5"), "{}", lost.sentence());
    let story = story.through(&[Connecting]).emit([Event::ReconnectAttempting { attempt: 2 }]);
    assert_eq!(story.page.reconnect.map(|lost| lost.phase), Some(reconnect::Phase::Attempting { attempt: 2 }));
    assert_eq!(story.through(&[Connected]).page.reconnect, None);
}

#[test]
fn peers_that_have_met_wait_for_nobody_while_they_reconnect() {
    let story = Story::new().through(&[Creating, Created]);
    assert!(story.page.is_waiting());
    let story = story.through(&[Connecting]);
    assert!(story.page.is_waiting());
    let story = story.through(&[Connected, Disconnected, Connecting]);
    assert!(!story.page.is_waiting());
}

#[test]
fn there_is_no_recovery_when_the_peer_has_left() {
    let story = Story::new().through(&[Creating, Created, Connecting, Connected, Disconnected]);
    let story = story.emit([Event::Failure(error(WebRtcError::PeerLeft))]);
    assert_eq!((story.page.reconnect, story.page.takes_messages()), (None, false));
}

#[test]
fn what_was_recorded_before_a_reload_is_shown_and_changes_nothing_else() {
    let before = Story::new().through(&[Creating, Created, Connecting, Connected]);
    let events = before.page.record.all();
    let page = Page::new(1e12, None).after(Action::Restored { events: events.clone() });
    assert_eq!((page.state(), page.role, page.log.len(), page.record.len()), (Idle, None, 4, 4));
    let again = page.after(Action::Restored { events });
    assert_eq!(again.log.len(), 4, "once");
}

#[test]
fn clearing_the_timeline_leaves_what_the_views_show() {
    let page = Story::new().through(&[Creating, Created]).page.after(Action::ClearLog);
    assert_eq!((page.log.len(), page.record.len()), (0, 2));
}
