use std::rc::Rc;
use std::time::Duration;

use futures::StreamExt;
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::future::{Either, select};
use registry_protocol::IceCandidate;
use strum::IntoStaticStr;

use super::Opened;
use crate::error::WebRtcError;
use crate::interfaces::clock::Clock;
use crate::interfaces::webrtc::{ChannelEvent, DataChannel, PeerConfig, PeerConnectionState, WebRtcManager};

/// The text that goes there and back.
const MESSAGE: &str = "registry-harness check";

/// How far a handshake within the page has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum LoopbackStep {
    /// Making the descriptions, and applying them.
    Descriptions,
    /// Finding a path, and opening the channel over it.
    Path,
    /// Sending a message there and back.
    Message,
}

as_str!(LoopbackStep);

/// A handshake within the page, with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loopback {
    /// When the channel was open, since the beginning.
    pub opened: Duration,
    /// How long the message took, there and back.
    pub round_trip: Duration,
}

/// Why a handshake within the page failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoopbackError {
    /// There is no peer connection.
    Refused(WebRtcError),
    /// A step failed with the browser's words, after the channel was open or not.
    Failed(LoopbackStep, String, Option<Duration>),
    /// A step took too long; how many candidates there were, and when the channel was open.
    TimedOut(LoopbackStep, usize, Option<Duration>),
}

enum News {
    Candidate(usize, IceCandidate),
    Failed,
    /// The other side's end of the channel, to be kept.
    Channel(Rc<dyn DataChannel>),
    Event(ChannelEvent),
}

/// Connects two peer connections of this page by host candidates, and sends a message there and back, within `limit`. Neither
/// manager must be in use.
///
/// # Errors
/// [`LoopbackError`], with the step that failed.
pub async fn loopback(
    pair: [&dyn WebRtcManager; 2],
    clock: &dyn Clock,
    limit: Duration,
) -> Result<Loopback, LoopbackError> {
    let begun = clock.now().monotonic;
    let mut opened = Vec::new();
    for webrtc in pair {
        let connection = webrtc.create_peer_connection(&PeerConfig::default()).map_err(LoopbackError::Refused)?;
        opened.push(Opened(connection));
    }
    let mut run = Run { pair, clock, begun, step: LoopbackStep::Descriptions, candidates: 0, open: None };
    let outcome = match select(Box::pin(run.whole()), clock.sleep(limit)).await {
        Either::Left((outcome, _)) => Some(outcome),
        Either::Right(_) => None,
    };
    drop(opened);
    match outcome {
        Some(Ok(round_trip)) => Ok(Loopback { opened: run.open.unwrap_or_default(), round_trip }),
        Some(Err(words)) => Err(LoopbackError::Failed(run.step, words, run.open)),
        None => Err(LoopbackError::TimedOut(run.step, run.candidates, run.open)),
    }
}

struct Run<'a> {
    pair: [&'a dyn WebRtcManager; 2],
    clock: &'a dyn Clock,
    begun: Duration,
    step: LoopbackStep,
    candidates: usize,
    open: Option<Duration>,
}

impl Run<'_> {
    /// Returns how long the message took.
    async fn whole(&mut self) -> Result<Duration, String> {
        let [maker, taker] = self.pair;
        let (sender, news) = unbounded();
        for (side, webrtc) in self.pair.into_iter().enumerate() {
            listen(webrtc, side, &sender);
        }
        let channel = maker.create_data_channel("check")?;
        let of_maker = sender.clone();
        channel.on_event(Box::new(move |event| drop(of_maker.unbounded_send(News::Event(event)))));
        taker.on_data_channel(Box::new(move |channel| {
            send_back(&channel);
            let _ = sender.unbounded_send(News::Channel(channel));
        }));

        let offer = maker.create_offer().await?;
        maker.set_local_description(offer.clone()).await?;
        let answer = taker.create_answer(offer).await?;
        taker.set_local_description(answer.clone()).await?;
        maker.set_remote_description(answer).await?;
        self.step = LoopbackStep::Path;
        self.meet(&channel, news).await
    }

    async fn meet(
        &mut self,
        channel: &Rc<dyn DataChannel>,
        mut news: UnboundedReceiver<News>,
    ) -> Result<Duration, String> {
        let mut kept = Vec::new();
        while let Some(event) = news.next().await {
            let at = self.clock.now().monotonic.saturating_sub(self.begun);
            match event {
                News::Candidate(side, candidate) => {
                    self.candidates += 1;
                    // One that cannot be added leaves the others.
                    let _ = self.pair[1 - side].add_ice_candidate(candidate).await;
                }
                News::Failed => return Err("the peer connection failed".to_owned()),
                News::Channel(other) => kept.push(other),
                News::Event(ChannelEvent::Open) => {
                    (self.open, self.step) = (Some(at), LoopbackStep::Message);
                    channel.send(MESSAGE)?;
                }
                News::Event(ChannelEvent::Message(_)) => return Ok(at.saturating_sub(self.open.unwrap_or_default())),
                News::Event(ChannelEvent::Error(words)) => return Err(words),
                News::Event(_) => {}
            }
        }
        Err("the peer connection was closed".to_owned())
    }
}

/// Sends back what comes. It listens at once, since the next message may already be on its way.
fn send_back(channel: &Rc<dyn DataChannel>) {
    let end = Rc::downgrade(channel);
    channel.on_event(Box::new(move |event| {
        if let (ChannelEvent::Message(text), Some(channel)) = (event, end.upgrade()) {
            let _ = channel.send(&text);
        }
    }));
}

fn listen(webrtc: &dyn WebRtcManager, side: usize, sender: &UnboundedSender<News>) {
    let of_candidates = sender.clone();
    webrtc.on_ice_candidate(Box::new(move |candidate| {
        let _ = candidate.map(|candidate| of_candidates.unbounded_send(News::Candidate(side, candidate)));
    }));
    let of_states = sender.clone();
    webrtc.on_connection_state_change(Box::new(move |state| {
        if state == PeerConnectionState::Failed {
            let _ = of_states.unbounded_send(News::Failed);
        }
    }));
}
