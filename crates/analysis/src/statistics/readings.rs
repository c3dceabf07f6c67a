use super::Report;

/// The numbers of a sample that are worth a chart; `None` where the browser does not tell. Counters count from the start of
/// the peer connection.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Readings {
    /// The last round-trip time of the selected pair, in milliseconds.
    pub round_trip_ms: Option<f64>,
    /// Bytes sent over the transport, counter.
    pub bytes_sent: Option<f64>,
    /// Bytes received over the transport, counter.
    pub bytes_received: Option<f64>,
    /// Packets sent over the transport, counter.
    pub packets_sent: Option<f64>,
    /// Packets received over the transport, counter.
    pub packets_received: Option<f64>,
    /// Messages sent on all channels, counter.
    pub messages_sent: Option<f64>,
    /// Messages received on all channels, counter.
    pub messages_received: Option<f64>,
    /// Bytes that wait in all channels.
    pub buffered_bytes: Option<f64>,
    /// ICE's checks of the selected pair that have not been answered, with those under way. Their loss is the path's.
    pub unanswered: Option<f64>,
    /// Checks that ICE has sent again, counter.
    pub retransmissions: Option<f64>,
    /// Packets of the selected pair that were discarded before they were sent, counter.
    pub discarded: Option<f64>,
    /// What the browser estimates that the selected pair can carry, in bits per second.
    pub outgoing_bitrate: Option<f64>,
}

impl Readings {
    /// The numbers of a report.
    pub(super) fn of(report: &Report) -> Self {
        let (pair, transport) = (report.carrier(), report.transport.as_ref());
        let channels = |field: fn(&super::ChannelStats) -> Option<f64>| {
            report
                .channels
                .iter()
                .filter_map(field)
                .fold(None, |sum: Option<f64>, next| Some(sum.unwrap_or(0.0) + next))
        };
        // Of several pairs that were in use, only the transport knows the sum. Firefox's does not tell.
        let moved = |of_transport: Option<f64>, of_pair: Option<f64>| of_transport.or(of_pair);
        Self {
            round_trip_ms: pair.and_then(|pair| pair.current_round_trip_time).map(|seconds| seconds * 1000.0),
            bytes_sent: moved(transport.and_then(|of| of.bytes_sent), pair.and_then(|of| of.bytes_sent)),
            bytes_received: moved(transport.and_then(|of| of.bytes_received), pair.and_then(|of| of.bytes_received)),
            packets_sent: moved(transport.and_then(|of| of.packets_sent), pair.and_then(|of| of.packets_sent)),
            packets_received: moved(
                transport.and_then(|of| of.packets_received),
                pair.and_then(|of| of.packets_received),
            ),
            messages_sent: channels(|channel| channel.messages_sent),
            messages_received: channels(|channel| channel.messages_received),
            buffered_bytes: channels(|channel| channel.buffered_amount),
            unanswered: pair.and_then(|pair| Some((pair.requests_sent? - pair.responses_received?).max(0.0))),
            retransmissions: pair.and_then(|pair| pair.retransmissions_sent),
            discarded: pair.and_then(|pair| pair.packets_discarded_on_send),
            outgoing_bitrate: pair.and_then(|pair| pair.available_outgoing_bitrate),
        }
    }
}
