use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::Result;
use hdrhistogram::Histogram;
use tokio::time::sleep_until;

use crate::client::{ApiRequest, Connection};
use crate::handshake::Handshake;

/// The kind of requests to send.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Handshakes, one per live room.
    Handshakes {
        /// The number of rooms.
        alive: usize,
    },
    /// The same request over and over.
    Constant,
}

/// A load to put on a server.
pub struct Load {
    address: SocketAddr,
    shape: Shape,
    connections: usize,
    /// Requests per second over all connections; `None` for as fast as possible.
    rate: Option<f64>,
}

/// The results of a load.
#[derive(Debug, Default)]
pub struct Measured {
    calls: BTreeMap<&'static str, Option<Histogram<u64>>>,
    handshakes: u64,
    time: Duration,
}

impl Load {
    pub fn new(address: SocketAddr, shape: Shape, connections: usize) -> Self {
        Self { address, shape, connections: connections.max(1), rate: None }
    }

    /// Limits the load to this many requests per second.
    pub fn paced(self, rate: f64) -> Self {
        Self { rate: Some(rate), ..self }
    }

    /// Runs the load for this time.
    pub async fn run(self, time: Duration) -> Result<Measured> {
        let mut workers = Vec::new();
        for _ in 0..self.connections {
            workers.push(Worker::new(&self).await?);
        }
        let begun = Instant::now();
        let pause = self.rate.map(|rate| Duration::from_secs_f64(self.connections as f64 / rate));
        let running = workers.into_iter().map(|worker| tokio::spawn(worker.run(begun, time, pause)));
        let running: Vec<_> = running.collect();
        let mut all = Measured::default();
        for worker in running {
            all.add(worker.await??)?;
        }
        all.time = begun.elapsed();
        Ok(all)
    }
}

/// A connection with its share of the rooms.
struct Worker {
    connection: Connection,
    handshakes: VecDeque<Handshake>,
}

impl Worker {
    /// Connects, and advances the rooms to different steps.
    async fn new(load: &Load) -> Result<Self> {
        let mut connection = Connection::open(load.address).await?;
        let share = match load.shape {
            Shape::Handshakes { alive } => (alive / load.connections).max(1),
            Shape::Constant => 0,
        };
        let mut handshakes = VecDeque::with_capacity(share);
        for n in 0..share {
            let mut handshake = Handshake::default();
            for _ in 0..=n % 25 {
                if handshake.advance(&mut connection).await? {
                    handshake = Handshake::default();
                }
            }
            handshakes.push_back(handshake);
        }
        Ok(Self { connection, handshakes })
    }

    async fn run(mut self, begun: Instant, time: Duration, pause: Option<Duration>) -> Result<Measured> {
        let mut result = Measured::default();
        let constant = ApiRequest { method: "GET", path: "/rooms/ACDEFGHJ".into(), ..ApiRequest::default() };
        let mut due = begun;
        while begun.elapsed() < time {
            let from = match pause {
                // Measured from when the request was due, so that a server that falls behind cannot hide it.
                Some(pause) => {
                    sleep_until(due.into()).await;
                    due += pause;
                    due - pause
                }
                None => Instant::now(),
            };
            match self.handshakes.pop_front() {
                Some(mut handshake) => {
                    let name = handshake.step.name();
                    let over = handshake.advance(&mut self.connection).await?;
                    result.record(name, from.elapsed())?;
                    result.handshakes += u64::from(over);
                    self.handshakes.push_back(if over { Handshake::default() } else { handshake });
                }
                None => {
                    self.connection.json(&constant).await?;
                    result.record("constant", from.elapsed())?;
                }
            }
        }
        Ok(result)
    }
}

impl Measured {
    fn record(&mut self, name: &'static str, time: Duration) -> Result<()> {
        let histogram = self.calls.entry(name).or_default();
        let histogram = match histogram {
            Some(histogram) => histogram,
            None => histogram.insert(Histogram::new(3)?),
        };
        histogram.record(u64::try_from(time.as_micros())?)?;
        Ok(())
    }

    fn add(&mut self, other: Self) -> Result<()> {
        for (name, histogram) in other.calls {
            let Some(histogram) = histogram else { continue };
            match self.calls.entry(name).or_default() {
                Some(all) => all.add(&histogram)?,
                none => *none = Some(histogram),
            }
        }
        self.handshakes += other.handshakes;
        Ok(())
    }

    pub fn handshakes(&self) -> u64 {
        self.handshakes
    }

    pub fn handshakes_per_second(&self) -> f64 {
        self.handshakes as f64 / self.time.as_secs_f64()
    }

    pub fn requests_per_second(&self) -> f64 {
        let requests: u64 = self.calls.values().flatten().map(Histogram::len).sum();
        requests as f64 / self.time.as_secs_f64()
    }

    /// Name, median and 99th percentile of each call, in milliseconds.
    pub fn calls(&self) -> impl Iterator<Item = (&'static str, f64, f64)> {
        let ms = |micros: u64| micros as f64 / 1000.0;
        self.calls.iter().filter_map(move |(name, histogram)| {
            let histogram = histogram.as_ref()?;
            Some((*name, ms(histogram.value_at_quantile(0.5)), ms(histogram.value_at_quantile(0.99))))
        })
    }

    /// The highest 99th percentile of all calls, in milliseconds.
    pub fn worst_p99_ms(&self) -> f64 {
        self.calls().map(|(_, _, p99)| p99).fold(0.0, f64::max)
    }
}
