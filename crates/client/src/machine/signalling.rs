//! The room through which the peers negotiate: what is asked of it, and whose the answers are.

use registry_protocol::RoomCode;

use super::attempt::Room;
use super::effect::{Request, RoomCall};
use super::input::RoomAnswer;
use super::lifecycle::Machine;
use crate::event::Event;

/// What comes back for a request.
pub(super) const ANSWER: &str = "answer of the Registry";

impl Machine {
    /// The room through which the peers negotiate now.
    pub(super) fn signalling_room(&self) -> Option<&Room> {
        self.detour.as_ref().or(self.room.as_ref())
    }

    /// Asks something of that room.
    pub(super) fn ask_room(&mut self, call: RoomCall) {
        let Some(info) = self.signalling_room().map(|room| &room.info) else { return };
        let (room, token) = (info.code.clone(), info.token.clone());
        self.request(Request::OfRoom { room, token, call });
    }

    /// An answer that nobody waits for any more is dropped.
    pub(super) fn on_stale_answer(&mut self, number: u32) {
        self.record(Event::Stale { what: ANSWER, attempt: number });
    }

    /// A room has answered. Only the one through which the peers negotiate now is heard, and only in the attempt in which
    /// it was asked: so no answer can be taken for that of another.
    pub(super) fn on_room_answer(&mut self, number: u32, room: &RoomCode, answer: RoomAnswer) {
        let negotiates_there = self.signalling_room().is_some_and(|signalling| signalling.info.code == *room);
        if number != self.number || !negotiates_there {
            return self.on_stale_answer(number);
        }
        match answer {
            RoomAnswer::DescriptionPosted(result) => self.on_description_posted(result),
            RoomAnswer::CandidatePosted(candidate, result) => self.on_candidate_posted(candidate, result),
            RoomAnswer::Room(result) => self.on_room(result, false),
            RoomAnswer::RoomNews(result) => self.on_room(result, true),
            RoomAnswer::Candidates(result) => self.on_candidates(result),
        }
    }
}
