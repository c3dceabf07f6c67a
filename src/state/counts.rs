//! Counters for requests and messages.

/// Requests to the Registry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Requests {
    /// Sent.
    pub sent: u32,
    /// Answered, with any status.
    pub answered: u32,
    /// Answered with an error status.
    pub refused: u32,
    /// Answered with a malformed response.
    pub malformed: u32,
    /// Failed without a response.
    pub failed: u32,
    /// Aborted, because the response was no longer needed.
    pub aborted: u32,
    /// Bytes of bodies sent.
    pub bytes_out: usize,
    /// Bytes of bodies received.
    pub bytes_in: usize,
    /// How many of the answered were not long polls.
    pub prompt: u32,
    /// Their total response time, in milliseconds.
    pub total_ms: f64,
}

impl Requests {
    /// Currently pending.
    pub fn in_flight(&self) -> u32 {
        self.sent.saturating_sub(self.answered + self.failed + self.aborted)
    }

    /// The mean response time without long polls, in milliseconds.
    pub fn mean_ms(&self) -> Option<f64> {
        (self.prompt > 0).then(|| self.total_ms / f64::from(self.prompt))
    }
}

/// Messages in one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// How many.
    pub count: u32,
    /// Their size on the wire, in bytes.
    pub bytes: usize,
}

impl Traffic {
    pub(super) fn add(&mut self, bytes: usize) {
        self.count += 1;
        self.bytes += bytes;
    }
}
