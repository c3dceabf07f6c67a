//! Counts of what goes over the wires.

/// The requests to the Registry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Requests {
    /// Sent.
    pub sent: u32,
    /// Answered, with whatever status.
    pub answered: u32,
    /// Answered with an error.
    pub refused: u32,
    /// Answered with something that makes no sense.
    pub malformed: u32,
    /// Without an answer.
    pub failed: u32,
    /// Given up, as no answer was needed any more.
    pub aborted: u32,
    /// Bytes of bodies sent.
    pub bytes_out: usize,
    /// Bytes of bodies received.
    pub bytes_in: usize,
    /// How many of the answered did not wait for news.
    pub prompt: u32,
    /// Time of those, in milliseconds.
    pub total_ms: f64,
}

impl Requests {
    /// On their way now.
    pub fn in_flight(&self) -> u32 {
        self.sent.saturating_sub(self.answered + self.failed + self.aborted)
    }

    /// The mean time of an answer that did not wait for news, in milliseconds.
    pub fn mean_ms(&self) -> Option<f64> {
        (self.prompt > 0).then(|| self.total_ms / f64::from(self.prompt))
    }
}

/// Messages of one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// How many.
    pub count: u32,
    /// Their size on the wire.
    pub bytes: usize,
}

impl Traffic {
    pub(super) fn add(&mut self, bytes: usize) {
        self.count += 1;
        self.bytes += bytes;
    }
}
