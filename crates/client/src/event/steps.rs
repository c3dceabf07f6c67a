//! The steps that events tell of.

words! {
    /// Which of the two polls.
    pub enum PollKind {
        /// The room's snapshot.
        Room = "room",
        /// The other side's candidates.
        Candidates = "candidates",
    }
}

words! {
    /// A step in the life of a candidate.
    pub enum CandidateStep {
        /// Found by this side's ICE.
        Gathered = "gathered",
        /// Accepted by the Registry.
        Posted = "posted",
        /// Refused by the Registry for good.
        Refused = "refused",
        /// Read from the Registry.
        Received = "received",
        /// Given to this side's ICE.
        Applied = "applied",
        /// Not taken by this side's ICE.
        Failed = "failed",
        /// Left out: malformed, empty, or one too many.
        Skipped = "skipped",
    }
}

words! {
    /// A step in the life of a description.
    pub enum DescriptionStep {
        /// Made by this side.
        Created = "created",
        /// Accepted by the Registry.
        Posted = "posted",
        /// Read from the Registry.
        Received = "received",
        /// Given to this side's peer connection.
        Applied = "applied",
    }
}

words! {
    /// Why a message was given up.
    pub enum DropReason {
        /// It was the oldest in a full buffer.
        Overflow = "overflow",
        /// It has waited for too long.
        Expired = "expired",
        /// The other side knows only the specification, and its browser does not take as much at once.
        TooLarge = "tooLarge",
        /// The room was closed, or the connection given up.
        Closed = "closed",
        /// The peer has begun anew, and nobody knows whether it was delivered before.
        Unknown = "unknown",
    }
}

words! {
    /// A step in the life of a standby room.
    pub enum StandbyStep {
        /// The host has made it.
        Made = "made",
        /// Both peers can use it.
        Ready = "ready",
        /// The peers meet there.
        Used = "used",
        /// It is of no use any more.
        Gone = "gone",
    }
}
