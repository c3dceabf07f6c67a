/// A message of more bytes than this is not put together from its parts: no honest sender holds as much.
const MAX_MESSAGE_BYTES: usize = 64 * 1024 * 1024;

/// What has come from the other side.
#[derive(Debug, Default)]
pub(crate) struct Inbound {
    /// How many messages were delivered to the application.
    received: u64,
    /// How many of them the other side was told about.
    told: u64,
    /// The parts of a large message that have come so far.
    parts: Vec<u8>,
}

/// Marks the last part of a message; the others begin with 0.
pub(super) const LAST_PART: u8 = 1;

impl Inbound {
    /// Continues after so many messages.
    pub(crate) fn resumed(received: u64) -> Self {
        Self { received, ..Self::default() }
    }

    /// How many messages were delivered.
    pub(crate) fn received(&self) -> u64 {
        self.received
    }

    /// One more message goes to the application.
    pub(crate) fn deliver(&mut self) {
        self.received += 1;
    }

    /// How many messages the other side does not know to be delivered.
    pub(crate) fn untold(&self) -> u64 {
        self.received - self.told
    }

    /// What the other side is told now.
    pub(crate) fn tell(&mut self) -> u64 {
        self.told = self.received;
        self.received
    }

    /// A new channel begins: half a message from the old one is sent again.
    pub(crate) fn forget_parts(&mut self) {
        self.parts = Vec::new();
    }

    /// Takes a part of a large message; the text, once it is whole.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub(crate) fn part(&mut self, part: &[u8]) -> Result<Option<String>, &'static str> {
        let (first, rest) = part.split_first().ok_or("an empty binary message")?;
        if *first > LAST_PART {
            return Err("a binary message that is no part of a larger one");
        }
        if self.parts.len() + rest.len() > MAX_MESSAGE_BYTES {
            self.parts = Vec::new();
            return Err("a message too large to be put together");
        }
        self.parts.extend_from_slice(rest);
        if *first != LAST_PART {
            return Ok(None);
        }
        let whole = std::mem::take(&mut self.parts);
        String::from_utf8(whole).map(Some).map_err(|_| "a message that is no text")
    }
}
