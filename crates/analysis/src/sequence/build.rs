//! From events to what is drawn: calls and answers, arrows, and notes, in the order in which they happened.

use registry_client::event::{CandidateStep, DescriptionStep};
use registry_client::interfaces::webrtc::{DataChannelState, IceConnectionState};
use registry_client::{ConnectionState, Event, Role};

use super::bursts::Bursts;
use super::draft::{Burst, Draft};
use super::infer;
use super::notes::note;
use super::{Kind, Label, Lane, Row};
use crate::calls::{Calls, Said};
use crate::cargo::Cargo;
use crate::moments::{Moment, other};

/// Within this time a channel opens on both sides, in milliseconds.
const OPENING_MS: f64 = 3_000.0;

/// One of the clients that have recorded.
pub(super) struct Peer {
    /// Its lane.
    pub(super) lane: Lane,
    /// Its calls.
    pub(super) calls: Calls,
    /// Whether the channel is open.
    is_open: bool,
    /// Where among the items and when its session began, until its room is known.
    began: Option<(usize, f64)>,
}

impl Peer {
    fn role(&self) -> Role {
        if self.lane == Lane::Guest { Role::Guest } else { Role::Host }
    }
}

/// What is drawn, before it is folded.
pub(super) enum Item {
    /// A call goes out: whose, and which.
    Ask(usize, usize),
    /// Its answer arrives.
    Reply(usize, usize),
    /// By this time the other side has taken what was posted.
    Taken(f64),
    /// Messages.
    Burst(Burst),
    /// All else.
    Row(Draft),
}

/// Takes events, and makes items of them.
pub(super) struct Builder {
    pub(super) peers: Vec<Peer>,
    pub(super) items: Vec<Item>,
    bursts: Bursts,
}

impl Builder {
    pub(super) fn new(lanes: &[Lane]) -> Self {
        let peer = |lane: &Lane| Peer {
            lane: *lane,
            calls: Calls::default(),
            is_open: false,
            began: Some((0, f64::INFINITY)),
        };
        Self { peers: lanes.iter().map(peer).collect(), items: Vec::new(), bursts: Bursts::new(lanes.len()) }
    }

    /// Whether only one side is recorded.
    pub(super) fn is_alone(&self) -> bool {
        self.peers.len() == 1
    }

    pub(super) fn take(&mut self, moment: &Moment<'_>) {
        let Moment { track, at_ms, entry } = *moment;
        self.begin(track, at_ms, &entry.event);
        match self.peers[track].calls.take(at_ms, entry) {
            Some(Said::Begins(call)) => return self.items.push(Item::Ask(track, call)),
            Some(Said::Ends(call)) => return self.items.push(Item::Reply(track, call)),
            Some(Said::More) if !is_refusal(&entry.event) => return,
            // A refusal is worth a note of its own, beside the call.
            Some(Said::More) | None => {}
        }
        let own = self.peers[track].lane;
        if self.bursts.take(&mut self.items, moment, own) {
            return;
        }
        if let Some(mut draft) = self.arrow(moment).or_else(|| note(moment, own)) {
            draft.row.keep(entry);
            self.add(draft);
        }
    }

    /// Follows what is known of a session.
    fn begin(&mut self, track: usize, at_ms: f64, event: &Event) {
        let (alone, count) = (self.is_alone(), self.items.len());
        let peer = &mut self.peers[track];
        match event {
            Event::State { to: ConnectionState::Creating, .. } => {
                (peer.lane, peer.began) = (Lane::Host, Some((count, at_ms)))
            }
            Event::State { to: ConnectionState::Joining, .. } => {
                (peer.lane, peer.began) = (Lane::Guest, Some((count, at_ms)))
            }
            Event::Room { role: Role::Guest, .. } if alone => {
                if let Some((began, since_ms)) = peer.began.take() {
                    self.items.insert(began, Item::Row(infer::room(since_ms.min(at_ms)).into()));
                    self.bursts.clear();
                }
            }
            Event::IceConnectionState(IceConnectionState::Connected) | Event::DataChannel(DataChannelState::Open)
                if alone && peer.lane == Lane::Guest =>
            {
                self.items.push(Item::Taken(at_ms));
            }
            _ => {}
        }
    }

    /// What goes directly between the peers, or breaks between them.
    fn arrow(&mut self, moment: &Moment<'_>) -> Option<Draft> {
        let Moment { track, at_ms, entry } = *moment;
        let alone = self.is_alone();
        let peer = &mut self.peers[track];
        let (own, others, role) = (peer.lane, peer.lane.other(), peer.role());
        let row = |from: Lane, kind, label| Row::new(at_ms, from, from.other(), kind, label);
        let direct = |from, kind, label| Draft::from(row(from, kind, label));
        let broken = |words: &str, quote: Option<&String>| {
            let label = Label { words: words.to_owned(), quote: quote.cloned() };
            Draft::from(Row { bad: true, ..row(own, Kind::Cut, label) })
        };
        let described = |step: &DescriptionStep, of: Role| {
            let kind = if of == Role::Host { Kind::Offer } else { Kind::Answer };
            let over = Label::new(format!("{} over the control channel", Cargo::description(of).words()));
            match step {
                DescriptionStep::Posted if of == role => Some(direct(own, kind, over)),
                DescriptionStep::Received if alone && of == other(role) => Some(direct(others, kind, over)),
                _ => None,
            }
        };
        match &entry.event {
            Event::Offer { step, .. } => described(step, Role::Host),
            Event::Answer { step, .. } => described(step, Role::Guest),
            Event::RemoteCandidate { step: CandidateStep::Received, .. } => {
                let mut cargo = Cargo::default();
                cargo.add(&entry.event);
                let empty = row(others, Kind::Candidates, Label::default());
                Some(Draft::of_cargo(empty, cargo, ["", " over the control channel"]))
            }
            Event::DataChannel(DataChannelState::Open) => {
                peer.is_open = true;
                Some(direct(Lane::Host, Kind::Open, Label::new("data channel open")))
            }
            Event::State { from: ConnectionState::Connected, to: ConnectionState::Disconnected, reason } => {
                Some(broken("connection lost", reason.as_ref()))
            }
            Event::DataChannel(DataChannelState::Closed) if peer.is_open => {
                peer.is_open = false;
                Some(broken("data channel closed", None))
            }
            Event::PeerKind { durable } => {
                let words = if *durable { "greets as a durable peer" } else { "is a plain peer" };
                Some(direct(others, Kind::Control, Label::new(words)))
            }
            Event::ReconnectSuccess { lost_ms, .. } => {
                let words = format!("reconnected, was lost for {}", registry_client::text::duration(*lost_ms));
                Some(direct(own, Kind::Reconnect, Label::new(words)))
            }
            _ => None,
        }
    }

    /// Adds a row, or lets the last one stand for it, too.
    fn add(&mut self, draft: Draft) {
        if let Some(Item::Row(last)) = self.items.last_mut()
            && last.absorb(&draft)
        {
            return;
        }
        if draft.row.kind == Kind::Open
            && let Some(open) = self.opened(draft.row.at_ms)
        {
            open.until_ms = Some(draft.row.at_ms);
            return open.keep_all(&draft.row.events);
        }
        self.items.push(Item::Row(draft));
    }

    /// The row of the same channel's opening on the other side.
    fn opened(&mut self, at_ms: f64) -> Option<&mut Row> {
        let both = !self.is_alone();
        let rows =
            self.items.iter_mut().rev().filter_map(|item| if let Item::Row(draft) = item { Some(draft) } else { None });
        let recent = rows.map(|draft| &mut draft.row).take_while(|row| both && at_ms - row.at_ms < OPENING_MS);
        recent.into_iter().find(|row| row.kind == Kind::Open && row.until_ms.is_none())
    }
}

fn is_refusal(event: &Event) -> bool {
    matches!(
        event,
        Event::LocalCandidate { step: CandidateStep::Refused, .. }
            | Event::RemoteCandidate { step: CandidateStep::Skipped, .. }
    )
}
