//! A connection that is lost, and what is done about it.

use registry_client::{ConnectionState, Event, TraceEvent};

/// How far the way back to the other side is. Times are of the wall clock, in milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reconnect {
    /// When the connection was lost.
    pub lost_at: f64,
    /// What is done now.
    pub phase: Phase,
    /// How many attempts there may be; 0 for no limit.
    pub max_attempts: u32,
}

/// What is done about a lost connection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Phase {
    /// It may heal by itself.
    Healing,
    /// ICE is restarted while the peers can still hear each other.
    Restarting,
    /// This attempt waits for its time.
    Scheduled {
        /// Counts from 1.
        attempt: u32,
        /// When it begins.
        at: f64,
    },
    /// This attempt is under way.
    Attempting {
        /// Counts from 1.
        attempt: u32,
    },
}

impl Reconnect {
    /// What is known after this event.
    pub fn follow(known: &mut Option<Self>, entry: &TraceEvent) {
        let now = entry.epoch_ms;
        let lost =
            |known: &Option<Self>| known.unwrap_or(Self { lost_at: now, phase: Phase::Healing, max_attempts: 0 });
        match &entry.event {
            Event::State { from: ConnectionState::Connected, to: ConnectionState::Disconnected, .. } => {
                *known = Some(lost(known));
            }
            Event::State { to: ConnectionState::Connecting | ConnectionState::Disconnected, .. } => {}
            // Connected again, or given up.
            Event::State { .. } | Event::CleanupStarted => *known = None,
            Event::Failure(error) if matches!(error.kind.code(), "peer_left" | "peer_lost") => *known = None,
            Event::IceRestart => {
                if let Some(known) = known.as_mut().filter(|known| known.phase == Phase::Healing) {
                    known.phase = Phase::Restarting;
                }
            }
            Event::ReconnectScheduled { attempt, delay_ms, max_attempts } => {
                let phase = Phase::Scheduled { attempt: *attempt, at: now + delay_ms };
                *known = Some(Self { phase, max_attempts: *max_attempts, ..lost(known) });
            }
            Event::ReconnectAttempting { attempt } => {
                *known = Some(Self { phase: Phase::Attempting { attempt: *attempt }, ..lost(known) });
            }
            _ => {}
        }
    }

    /// What is done, in words.
    pub fn sentence(&self) -> String {
        let of = |attempt| match self.max_attempts {
            0 => format!("Attempt {attempt}"),
            most => format!("Attempt {attempt} of {most}"),
        };
        match self.phase {
            Phase::Healing => "The connection is interrupted. It may heal by itself.".to_owned(),
            Phase::Restarting => "The connection is interrupted. Looking for another path between the two.".to_owned(),
            Phase::Scheduled { attempt, .. } => {
                format!("The connection is lost. {} to find the other side comes next.", of(attempt))
            }
            Phase::Attempting { attempt } => {
                format!("The connection is lost. {} to find the other side is under way.", of(attempt))
            }
        }
    }
}
