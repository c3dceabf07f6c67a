use std::time::Duration;

use futures::StreamExt;
use futures::channel::mpsc::{UnboundedReceiver, unbounded};
use futures::future::{Either, select};

use super::Opened;
use crate::error::WebRtcError;
use crate::interfaces::clock::Clock;
use crate::interfaces::webrtc::{PeerConfig, RtcDiagnostic, WebRtcManager};
use crate::types::candidate_line::CandidateLine;

/// Why a STUN or TURN server could not be used, as the browser says it (`icecandidateerror`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerError {
    /// STUN error code (RFC 8489, section 14.8), or 701 if the server could not be reached.
    pub code: u16,
    /// The browser's words.
    pub text: String,
}

/// What a browser has gathered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gathering {
    /// The candidates, in the order of their appearance, each with the time since the beginning.
    pub candidates: Vec<(Duration, CandidateLine)>,
    /// The errors, in the same way.
    pub errors: Vec<(Duration, ServerError)>,
    /// Whether it came to its end, and did not take too long.
    pub complete: bool,
    /// Why it did not begin.
    pub refused: Option<WebRtcError>,
    /// How long it took until there was enough, or until its end.
    pub took: Duration,
}

impl Gathering {
    /// The first candidate of a kind (`host`, `srflx`, `relay`), and when it came.
    pub fn first(&self, kind: &str) -> Option<&(Duration, CandidateLine)> {
        self.candidates.iter().find(|(_, line)| line.kind == kind)
    }

    /// The candidates.
    pub fn lines(&self) -> impl Iterator<Item = &CandidateLine> {
        self.candidates.iter().map(|(_, line)| line)
    }
}

enum News {
    Candidate(CandidateLine),
    Error(ServerError),
    End,
}

/// Gathers candidates for a data channel, until there are `enough` or for `limit` at most. The manager must not be in use.
///
/// Gathering for all servers at once shows which candidates a handshake would have; with one server in `config` it is a check of
/// that server.
pub async fn gather(
    webrtc: &dyn WebRtcManager,
    clock: &dyn Clock,
    config: &PeerConfig,
    limit: Duration,
    enough: fn(&Gathering) -> bool,
) -> Gathering {
    let begun = clock.now().monotonic;
    let mut so_far = Gathering::default();
    let opened = match webrtc.create_peer_connection(config) {
        Ok(connection) => Opened(connection),
        Err(error) => return Gathering { refused: Some(error), ..so_far },
    };
    let mut news = listen(webrtc);
    let began = begin(webrtc);
    let whole = async {
        if let Err(words) = began.await {
            so_far.refused = Some(WebRtcError::NoPeerConnection(words));
            return;
        }
        while let Some(event) = news.next().await {
            let at = clock.now().monotonic.saturating_sub(begun);
            match event {
                News::Candidate(line) => so_far.candidates.push((at, line)),
                News::Error(error) => so_far.errors.push((at, error)),
                News::End => so_far.complete = true,
            }
            if so_far.complete || enough(&so_far) {
                return;
            }
        }
    };
    match select(Box::pin(whole), clock.sleep(limit)).await {
        Either::Left(_) | Either::Right(_) => {}
    }
    drop(opened);
    so_far.took = clock.now().monotonic.saturating_sub(begun);
    so_far
}

fn listen(webrtc: &dyn WebRtcManager) -> UnboundedReceiver<News> {
    let (sender, news) = unbounded();
    let of_errors = sender.clone();
    webrtc.on_ice_candidate(Box::new(move |candidate| {
        let event = match candidate {
            Some(candidate) => CandidateLine::parse(&candidate.candidate).map(News::Candidate),
            None => Some(News::End),
        };
        if let Some(event) = event {
            let _ = sender.unbounded_send(event);
        }
    }));
    webrtc.on_diagnostic(Box::new(move |diagnostic| {
        if let RtcDiagnostic::IceCandidateError { code, text, .. } = diagnostic {
            let _ = of_errors.unbounded_send(News::Error(ServerError { code, text }));
        }
    }));
    news
}

async fn begin(webrtc: &dyn WebRtcManager) -> Result<(), String> {
    // Without anything to carry there is nothing to gather for.
    let _channel = webrtc.create_data_channel("check")?;
    let offer = webrtc.create_offer().await?;
    webrtc.set_local_description(offer).await
}
