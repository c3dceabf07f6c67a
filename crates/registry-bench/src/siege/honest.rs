//! Pairs of peers who want to meet, and nothing else.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use hdrhistogram::Histogram;
use serde_json::Value;
use tokio::time::sleep;

use super::abuse::Rooms;
use super::{address, every};
use crate::client::{ApiRequest, Connection};
use crate::handshake::Handshake;

/// The networks of hosts and guests.
const HOSTS: u8 = 16;
const GUESTS: u8 = 24;
/// After so many pairs their addresses are used again. By then their limits are over.
const ADDRESSES: usize = 500_000;
/// How often a call is made at most. A browser and our client repeat what got no answer, and what they are asked to repeat.
const TRIES: usize = 3;
/// How long the codes take from one person to the other, in which somebody else may guess.
const PAUSE: Duration = Duration::from_secs(2);
/// A call that takes longer is lost.
const LONGEST: Duration = Duration::from_secs(10);

/// The longest time that is told apart from longer ones, in microseconds.
const LONGEST_MICROS: u64 = 60_000_000;

/// What has become of a pair.
pub struct Outcome {
    calls: Vec<Duration>,
    repeated: u64,
    lost: Option<String>,
}

/// What has become of many.
#[derive(Default)]
pub struct Outcomes(Mutex<Tally>);

/// Counts of outcomes.
#[derive(Default)]
pub struct Tally {
    pub handshakes: u64,
    pub reasons: BTreeMap<String, u64>,
    repeated: u64,
    calls: Option<Histogram<u64>>,
}

/// Starts pairs at this rate, whether or not those before have met.
pub async fn keep_coming(server: SocketAddr, per_second: f64, outcomes: Arc<Outcomes>, rooms: Rooms) {
    let mut ticks = every(Duration::from_secs_f64(1.0 / per_second));
    for n in 0.. {
        ticks.tick().await;
        let (outcomes, rooms) = (Arc::clone(&outcomes), rooms.clone());
        tokio::spawn(async move { outcomes.add(pair(server, n % ADDRESSES, PAUSE, &rooms).await) });
    }
}

/// Two peers meet; between making the room and joining it there is a pause. `rooms` learns which room is theirs.
pub async fn pair(server: SocketAddr, n: usize, pause: Duration, rooms: &Rooms) -> Outcome {
    let mut outcome = Outcome { calls: Vec::new(), repeated: 0, lost: None };
    if let Err(error) = meet(server, n, pause, rooms, &mut outcome).await {
        outcome.lost = Some(format!("{error:#}"));
    }
    outcome
}

async fn meet(server: SocketAddr, n: usize, pause: Duration, rooms: &Rooms, outcome: &mut Outcome) -> Result<()> {
    let mut sides = [Side::new(server, HOSTS, n), Side::new(server, GUESTS, n)];
    let mut handshake = Handshake::default();
    loop {
        let side = &mut sides[usize::from(!handshake.step.is_of_host())];
        let (name, created) = (handshake.step.name(), handshake.code.is_empty());
        let answer = match side.call(&handshake.request(), outcome).await {
            Ok(answer) => answer,
            Err(error) => bail!("{name}: {error:#}"),
        };
        let over = handshake.record_answer(&answer)?;
        if created {
            rooms.push(handshake.code.clone(), handshake.join_code.clone());
            sleep(pause).await;
        }
        if over {
            return Ok(());
        }
    }
}

/// One peer, with a connection of its own.
struct Side {
    server: SocketAddr,
    source: std::net::IpAddr,
    connection: Option<Connection>,
}

impl Side {
    fn new(server: SocketAddr, kind: u8, n: usize) -> Self {
        Self { server, source: address(kind, n), connection: None }
    }

    async fn call(&mut self, request: &ApiRequest, outcome: &mut Outcome) -> Result<Value> {
        let mut tries = 0;
        loop {
            tries += 1;
            let start = Instant::now();
            let result = tokio::time::timeout(LONGEST, self.try_call(request)).await;
            outcome.calls.push(start.elapsed());
            match result {
                Ok(Ok((status, body))) if status < 300 => {
                    return Ok(if body.is_empty() { Value::Null } else { serde_json::from_slice(&body)? });
                }
                Ok(Ok((503, _))) if tries < TRIES => sleep(Duration::from_millis(200)).await,
                Ok(Ok((status, body))) => bail!("{status} {}", String::from_utf8_lossy(&body)),
                Ok(Err(_)) if tries < TRIES => self.connection = None,
                Ok(Err(error)) => return Err(error),
                Err(_) => bail!("no answer"),
            }
            outcome.repeated += 1;
        }
    }

    async fn try_call(&mut self, request: &ApiRequest) -> Result<(u16, hyper::body::Bytes)> {
        if self.connection.is_none() {
            self.connection = Some(Connection::open_from(Some(self.source), self.server).await?);
        }
        let Some(connection) = &mut self.connection else { bail!("not connected") };
        let (status, body) = connection.send(request).await?;
        Ok((status.as_u16(), body))
    }
}

impl Outcomes {
    pub fn add(&self, outcome: Outcome) {
        let mut tally = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match outcome.lost {
            Some(reason) => *tally.reasons.entry(reason).or_default() += 1,
            None => tally.handshakes += 1,
        }
        tally.repeated += outcome.repeated;
        let calls = tally
            .calls
            .get_or_insert_with(|| Histogram::new_with_max(LONGEST_MICROS, 3).expect("the bounds are valid"));
        for call in outcome.calls {
            calls.saturating_record(u64::try_from(call.as_micros()).unwrap_or(u64::MAX));
        }
    }

    /// What there has been since the last time.
    pub fn take(&self) -> Tally {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Tally {
    pub fn add(&mut self, other: Self) -> Result<()> {
        self.handshakes += other.handshakes;
        self.repeated += other.repeated;
        for (reason, count) in other.reasons {
            *self.reasons.entry(reason).or_default() += count;
        }
        match (&mut self.calls, other.calls) {
            (Some(calls), Some(others)) => calls.add(others)?,
            (none, others) => *none = others,
        }
        Ok(())
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lost: u64 = self.reasons.values().sum();
        let ms = |micros: u64| micros as f64 / 1000.0;
        let at = |quantile| self.calls.as_ref().map_or(0.0, |calls| ms(calls.value_at_quantile(quantile)));
        let slowest = self.calls.as_ref().map_or(0.0, |calls| ms(calls.max()));
        let Self { handshakes, repeated, .. } = self;
        write!(f, "{handshakes} | {lost} | {repeated} | {:.1} ms | {:.1} ms | {slowest:.0} ms", at(0.5), at(0.99))
    }
}
