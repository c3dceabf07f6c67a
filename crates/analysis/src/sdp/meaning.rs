//! What lines mean.
//!
//! tidy: long because it is a table

use super::Line;
use super::decoded::decoded;

/// What a line means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// In words.
    pub words: &'static str,
    /// Where it is specified.
    pub source: &'static str,
    /// The parts of its value, each with its name.
    pub parts: Vec<(&'static str, String)>,
}

/// What a line means; `None` for one that nothing here knows.
pub fn meaning(line: &Line<'_>) -> Option<Meaning> {
    let table: &[Row] = if line.is_attribute { &ATTRIBUTES } else { &LETTERS };
    let (_, words, source) = table.iter().find(|(name, ..)| *name == line.name)?;
    Some(Meaning { words, source, parts: decoded(line) })
}

/// A name, what it means, and where that is specified.
type Row = (&'static str, &'static str, &'static str);

const LETTERS: [Row; 13] = [
    ("v", "The version of SDP, which is 0.", "RFC 8866, section 5.1"),
    (
        "o",
        "Who made the session: its id is new for each peer connection, its version grows with each description.",
        "RFC 8866, section 5.2; RFC 8829, section 5.2.1",
    ),
    ("s", "The session's name. WebRTC has none and writes “-”.", "RFC 8866, section 5.3"),
    ("i", "Information about the session or the medium, for people.", "RFC 8866, section 5.4"),
    ("u", "An address with more information. Not used in WebRTC.", "RFC 8866, section 5.5"),
    ("e", "An e-mail address. Not used in WebRTC.", "RFC 8866, section 5.6"),
    ("p", "A telephone number. Not used in WebRTC.", "RFC 8866, section 5.6"),
    (
        "c",
        "The address for media. With ICE it is a placeholder until candidates are known; ICE does not use it.",
        "RFC 8866, section 5.7; RFC 8839, section 4.2.1",
    ),
    ("b", "A limit of the bandwidth.", "RFC 8866, section 5.8"),
    ("t", "When the session takes place. “0 0” means from now on, without end.", "RFC 8866, section 5.9"),
    ("r", "When the session is repeated. Not used in WebRTC.", "RFC 8866, section 5.10"),
    ("k", "A key. It is obsolete, and WebRTC does not allow it.", "RFC 8866, section 5.12"),
    (
        "m",
        "A medium begins here: what it is, its port, its protocol and its formats. All lines up to the next one belong to it.",
        "RFC 8866, section 5.14; RFC 8841, section 4",
    ),
];

const ATTRIBUTES: [Row; 44] = [
    // The session and its media.
    (
        "group",
        "Groups media. BUNDLE means that they share one transport, and so one set of candidates.",
        "RFC 5888; RFC 9143",
    ),
    ("mid", "Names the medium, so that candidates and groups can refer to it.", "RFC 5888, section 4"),
    (
        "msid-semantic",
        "Which kinds of media stream ids are used. Without media it says nothing.",
        "an early draft of RFC 8830",
    ),
    ("msid", "The media stream and the track that this medium belongs to.", "RFC 8830"),
    ("bundle-only", "The medium is only to be used if it is bundled with another.", "RFC 9143, section 6"),
    (
        "extmap-allow-mixed",
        "RTP header extensions of one and two bytes may be mixed. It is about media only.",
        "RFC 8285, section 6",
    ),
    ("sendrecv", "Both sides send and receive.", "RFC 8866, section 6.7.2"),
    ("sendonly", "This side only sends.", "RFC 8866, section 6.7.3"),
    ("recvonly", "This side only receives.", "RFC 8866, section 6.7.1"),
    ("inactive", "Neither side sends.", "RFC 8866, section 6.7.4"),
    // ICE.
    (
        "ice-ufrag",
        "The user name of this side's ICE session. It is in every check, and a new one means that ICE restarts.",
        "RFC 8839, section 5.4",
    ),
    (
        "ice-pwd",
        "The password of this side's ICE session, with which checks are signed: a secret while it lives.",
        "RFC 8839, section 5.4",
    ),
    (
        "ice-options",
        "What this side's ICE can do. With “trickle”, candidates may follow after the description.",
        "RFC 8839, section 5.6; RFC 8840, section 4.1.1",
    ),
    ("ice-lite", "This side only answers checks. Browsers never are.", "RFC 8839, section 5.3"),
    ("ice-mismatch", "Somebody on the way has changed addresses, so that ICE cannot be used.", "RFC 8839, section 5.3"),
    ("candidate", "An address at which this side may be reached.", "RFC 8839, section 5.1"),
    ("remote-candidates", "The candidates of the other side that were selected.", "RFC 8839, section 5.2"),
    ("end-of-candidates", "No candidates follow.", "RFC 8840, section 8.2"),
    // DTLS.
    (
        "fingerprint",
        "The hash of this side's certificate. DTLS fails if the certificate that arrives has another.",
        "RFC 8122, section 5",
    ),
    ("setup", "Who begins DTLS: the active side, which is its client.", "RFC 4145, section 4; RFC 8842, section 5"),
    (
        "tls-id",
        "Identifies the DTLS association, so that a new one can be told from the old one.",
        "RFC 8842, section 4",
    ),
    ("identity", "An assertion of who the user is, by an identity provider.", "RFC 8827, section 7"),
    ("crypto", "Keys for SRTP in the open. WebRTC does not allow it.", "RFC 4568; RFC 8826, section 4.3"),
    // Data channels.
    ("sctp-port", "The port of SCTP inside DTLS; 5000 by custom, and no port of the device.", "RFC 8841, section 5"),
    (
        "max-message-size",
        "The largest message that this side accepts, in bytes. The other side must not send a larger one.",
        "RFC 8841, section 6",
    ),
    (
        "sctpmap",
        "The port of SCTP as an early draft wrote it. The standard's form is sctp-port.",
        "an early draft of RFC 8841",
    ),
    ("dcmap", "A data channel that is described here, rather than opened in the connection.", "RFC 8864, section 5.1"),
    ("dcsa", "An attribute of a data channel that is described here.", "RFC 8864, section 5.2"),
    // Media.
    ("rtcp", "The port and address for RTCP; a placeholder with ICE.", "RFC 3605"),
    ("rtcp-mux", "RTP and RTCP share one port.", "RFC 5761, section 5.1.1"),
    ("rtcp-mux-only", "RTP and RTCP must share one port.", "RFC 8858"),
    ("rtcp-rsize", "Reduced-size RTCP packets are understood.", "RFC 5506, section 5"),
    ("rtcp-fb", "Which feedback a codec supports.", "RFC 4585, section 4.2"),
    ("rtpmap", "Which codec a payload type stands for, with its clock rate.", "RFC 8866, section 6.6"),
    ("fmtp", "Parameters of a codec.", "RFC 8866, section 6.15"),
    ("extmap", "The number and the name of an RTP header extension.", "RFC 8285, section 8"),
    ("ssrc", "A source of RTP packets, and what belongs to it.", "RFC 5576, section 4.1"),
    ("ssrc-group", "Sources that belong together, such as one and its retransmissions.", "RFC 5576, section 4.2"),
    ("rid", "A stream of a simulcast, and its restrictions.", "RFC 8851"),
    ("simulcast", "Which streams are sent or received as a simulcast.", "RFC 8853"),
    ("ptime", "How much audio a packet holds, in milliseconds.", "RFC 8866, section 6.4"),
    ("maxptime", "How much audio a packet may hold, in milliseconds.", "RFC 8866, section 6.5"),
    ("framerate", "The highest frame rate of a video.", "RFC 8866, section 6.13"),
    ("content", "What a medium is for, such as slides.", "RFC 4796"),
];

#[cfg(test)]
mod tests {
    use super::super::sections;
    use super::*;

    #[test]
    fn each_name_is_in_its_table_once() {
        for table in [&LETTERS[..], &ATTRIBUTES[..]] {
            for (name, words, source) in table {
                assert_eq!(table.iter().filter(|(other, ..)| other == name).count(), 1, "{name}");
                assert!(words.ends_with('.') && !source.is_empty(), "{name}");
            }
        }
    }

    #[test]
    fn a_letter_and_an_attribute_of_the_same_name_are_not_the_same() {
        let sections = sections("t=0 0\na=t:1\na=mid:0\na=x-google-flag:conference\nnonsense");
        let known: Vec<_> = sections[0].lines.iter().map(|line| meaning(line).is_some()).collect();
        assert_eq!(known, [true, false, true, false, false]);
    }
}
