//! The recovery of a lost connection.

use registry_client::{ConnectionState, Event, TraceEvent};

/// The recovery of a lost connection. Times are in milliseconds since the Unix epoch, by the wall clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reconnect {
    /// When the connection was lost.
    pub lost_at: f64,
    /// The current step.
    pub phase: Phase,
    /// The maximum number of attempts; 0 for no limit.
    pub max_attempts: u32,
}

/// A recovery step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Phase {
    /// Waiting for ICE to recover by itself.
    Healing,
    /// Restarting ICE over the connection that is still there.
    Restarting,
    /// The next attempt is scheduled.
    Scheduled {
        /// Counts from 1.
        attempt: u32,
        /// When it starts.
        at: f64,
    },
    /// An attempt is under way.
    Attempting {
        /// Counts from 1.
        attempt: u32,
    },
}

impl Reconnect {
    /// Updates the recovery with an event.
    pub fn apply(current: &mut Option<Self>, entry: &TraceEvent) {
        let now = entry.epoch_ms;
        let lost =
            |current: &Option<Self>| current.unwrap_or(Self { lost_at: now, phase: Phase::Healing, max_attempts: 0 });
        match &entry.event {
            Event::State { from: ConnectionState::Connected, to: ConnectionState::Disconnected, .. } => {
                *current = Some(lost(current));
            }
            Event::State { to: ConnectionState::Connecting | ConnectionState::Disconnected, .. } => {}
            // Recovered, or given up.
            Event::State { .. } | Event::CleanupStarted => *current = None,
            Event::Failure(error) if matches!(error.kind.code(), "peer_left" | "peer_lost") => *current = None,
            Event::IceRestart => {
                if let Some(current) = current.as_mut().filter(|current| current.phase == Phase::Healing) {
                    current.phase = Phase::Restarting;
                }
            }
            Event::ReconnectScheduled { attempt, delay_ms, max_attempts } => {
                let phase = Phase::Scheduled { attempt: *attempt, at: now + delay_ms };
                *current = Some(Self { phase, max_attempts: *max_attempts, ..lost(current) });
            }
            Event::ReconnectAttempting { attempt } => {
                *current = Some(Self { phase: Phase::Attempting { attempt: *attempt }, ..lost(current) });
            }
            _ => {}
        }
    }

    /// The current step in words.
    pub fn sentence(&self) -> String {
        let of = |attempt| match self.max_attempts {
            0 => format!("attempt {attempt}"),
            most => format!("attempt {attempt} of {most}"),
        };
        match self.phase {
            Phase::Healing => "Connection interrupted. It may recover by itself.".to_owned(),
            Phase::Restarting => "Connection interrupted. Looking for another network path…".to_owned(),
            Phase::Scheduled { attempt, .. } => {
                format!("Connection lost. Reconnect {} is scheduled.", of(attempt))
            }
            Phase::Attempting { attempt } => {
                format!("Connection lost. Reconnecting, {}…", of(attempt))
            }
        }
    }
}
