//! The states of the WebRTC standard, by its words.

use serde::Serialize;

/// Declares an enum whose variants are the words of the WebRTC standard.
macro_rules! standard_words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            /// The standard's word.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// The variant for the standard's word, if it is one.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

standard_words!(
    /// `RTCPeerConnectionState`
    PeerConnectionState {
        /// Nothing has begun.
        New = "new",
        /// ICE or DTLS is at work.
        Connecting = "connecting",
        /// Packets flow.
        Connected = "connected",
        /// Packets have stopped; they may come back.
        Disconnected = "disconnected",
        /// ICE has given up.
        Failed = "failed",
        /// Closed on this side.
        Closed = "closed",
    }
);
standard_words!(
    /// `RTCIceConnectionState`
    IceConnectionState {
        /// Nothing has begun.
        New = "new",
        /// Candidate pairs are being checked.
        Checking = "checking",
        /// A pair works.
        Connected = "connected",
        /// A pair is selected and checking is over.
        Completed = "completed",
        /// The pair has stopped working; it may come back.
        Disconnected = "disconnected",
        /// No pair works.
        Failed = "failed",
        /// Closed on this side.
        Closed = "closed",
    }
);
standard_words!(
    /// `RTCIceGatheringState`
    IceGatheringState {
        /// Not begun.
        New = "new",
        /// Candidates are being gathered.
        Gathering = "gathering",
        /// All have been gathered.
        Complete = "complete",
    }
);
standard_words!(
    /// `RTCSignalingState`
    SignalingState {
        /// No negotiation is under way.
        Stable = "stable",
        /// This side has offered.
        HaveLocalOffer = "have-local-offer",
        /// The other side has offered.
        HaveRemoteOffer = "have-remote-offer",
        /// This side has answered provisionally.
        HaveLocalPranswer = "have-local-pranswer",
        /// The other side has answered provisionally.
        HaveRemotePranswer = "have-remote-pranswer",
        /// Closed on this side.
        Closed = "closed",
    }
);
standard_words!(
    /// `RTCDataChannelState`
    DataChannelState {
        /// Being set up.
        Connecting = "connecting",
        /// Messages can be sent.
        Open = "open",
        /// Being closed.
        Closing = "closing",
        /// Closed.
        Closed = "closed",
    }
);
