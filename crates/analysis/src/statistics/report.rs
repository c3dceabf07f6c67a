use registry_client::json::{Json, read};
use registry_client::types::pair::{CandidateEnd, CheckedPair};
use serde::Deserialize;

use super::Readings;

/// What one call of `RTCPeerConnection.getStats` says about a connection for data (W3C *Identifiers for WebRTC's Statistics
/// API*). What a browser leaves out is missing here, and types of entries that are not known are left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// `candidate-pair`, in the report's order.
    pub pairs: Vec<PairStats>,
    /// `local-candidate`
    pub local: Vec<CandidateStats>,
    /// `remote-candidate`
    pub remote: Vec<CandidateStats>,
    /// `transport`
    pub transport: Option<TransportStats>,
    /// `data-channel`
    pub channels: Vec<ChannelStats>,
}

/// An entry of the report.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum Entry {
    CandidatePair(PairStats),
    LocalCandidate(CandidateStats),
    RemoteCandidate(CandidateStats),
    Transport(TransportStats),
    DataChannel(ChannelStats),
    #[serde(other)]
    Other,
}

/// `RTCIceCandidatePairStats`. Times are in seconds.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "the standard's names")]
pub struct PairStats {
    pub id: String,
    pub local_candidate_id: String,
    pub remote_candidate_id: String,
    pub state: String,
    pub nominated: bool,
    /// Firefox's own mark of the selected pair.
    pub selected: bool,
    pub priority: Option<f64>,
    pub requests_sent: Option<f64>,
    pub requests_received: Option<f64>,
    pub responses_sent: Option<f64>,
    pub responses_received: Option<f64>,
    pub consent_requests_sent: Option<f64>,
    pub retransmissions_sent: Option<f64>,
    pub packets_discarded_on_send: Option<f64>,
    pub current_round_trip_time: Option<f64>,
    pub total_round_trip_time: Option<f64>,
    pub available_outgoing_bitrate: Option<f64>,
    pub bytes_sent: Option<f64>,
    pub bytes_received: Option<f64>,
    pub packets_sent: Option<f64>,
    pub packets_received: Option<f64>,
}

/// `RTCIceCandidateStats`
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "the standard's names")]
pub struct CandidateStats {
    pub id: String,
    pub candidate_type: String,
    pub protocol: String,
    /// Empty or missing if the browser hides it.
    pub address: Option<String>,
    /// Its address under an older name.
    pub ip: Option<String>,
    pub port: Option<f64>,
    pub priority: Option<f64>,
    pub foundation: Option<String>,
    pub url: Option<String>,
    pub relay_protocol: Option<String>,
}

/// `RTCTransportStats`
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "the standard's names")]
pub struct TransportStats {
    pub selected_candidate_pair_id: Option<String>,
    pub selected_candidate_pair_changes: Option<f64>,
    pub ice_role: Option<String>,
    pub dtls_state: Option<String>,
    pub dtls_role: Option<String>,
    pub tls_version: Option<String>,
    pub dtls_cipher: Option<String>,
    pub bytes_sent: Option<f64>,
    pub bytes_received: Option<f64>,
    pub packets_sent: Option<f64>,
    pub packets_received: Option<f64>,
}

/// `RTCDataChannelStats`
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "the standard's names")]
pub struct ChannelStats {
    pub label: String,
    pub data_channel_identifier: Option<f64>,
    pub state: String,
    pub messages_sent: Option<f64>,
    pub messages_received: Option<f64>,
    pub bytes_sent: Option<f64>,
    pub bytes_received: Option<f64>,
    /// `RTCDataChannel.bufferedAmount`, which the client adds.
    pub buffered_amount: Option<f64>,
}

impl Report {
    /// Reads the entries, a JSON array. One that is not what its type says is left out, and a text that is no array is an
    /// empty report.
    pub fn parse(entries: &Json) -> Self {
        let mut report = Self::default();
        for entry in entries.read::<Vec<Json>>().unwrap_or_default() {
            match read(entry.as_str()) {
                Ok(Entry::CandidatePair(pair)) => report.pairs.push(pair),
                Ok(Entry::LocalCandidate(candidate)) => report.local.push(candidate),
                Ok(Entry::RemoteCandidate(candidate)) => report.remote.push(candidate),
                Ok(Entry::Transport(transport)) => {
                    // A bundle has one transport; of several, the one that has selected a pair counts.
                    let better = transport.selected_candidate_pair_id.is_some();
                    report.transport = report.transport.filter(|_| !better).or(Some(transport));
                }
                Ok(Entry::DataChannel(channel)) => report.channels.push(channel),
                Ok(Entry::Other) | Err(_) => {}
            }
        }
        report
    }

    /// The pair that carries the connection: the transport's, one that older Firefoxes mark, or else a nominated one that works.
    pub fn selected(&self) -> Option<&PairStats> {
        let id = self.transport.as_ref().and_then(|transport| transport.selected_candidate_pair_id.as_deref());
        let of_transport = self.pairs.iter().find(|pair| Some(pair.id.as_str()) == id);
        let works = |pair: &&PairStats| pair.nominated && pair.state == "succeeded";
        of_transport.or_else(|| self.pairs.iter().find(|pair| pair.selected)).or_else(|| self.pairs.iter().find(works))
    }

    /// The pair whose numbers count: the selected one or, if nothing went over that (Firefox marks one and uses its twin with a
    /// peer-reflexive candidate), the busiest one that works.
    pub fn carrier(&self) -> Option<&PairStats> {
        let bytes = |pair: &PairStats| pair.bytes_sent.unwrap_or_default() + pair.bytes_received.unwrap_or_default();
        let works = self.pairs.iter().filter(|pair| pair.nominated && pair.state == "succeeded");
        let busiest = works.filter(|pair| bytes(pair) > 0.0).max_by(|one, other| bytes(one).total_cmp(&bytes(other)));
        self.selected().filter(|pair| bytes(pair) > 0.0).or(busiest).or_else(|| self.selected())
    }

    /// The candidates of a pair, as far as they are in the report.
    pub fn candidates(&self, pair: &PairStats) -> [Option<&CandidateStats>; 2] {
        let find = |list: &'_ [CandidateStats], id: &str| list.iter().position(|candidate| candidate.id == id);
        [
            find(&self.local, &pair.local_candidate_id).and_then(|at| self.local.get(at)),
            find(&self.remote, &pair.remote_candidate_id).and_then(|at| self.remote.get(at)),
        ]
    }

    /// All pairs as the trace has them.
    pub fn checked_pairs(&self) -> Vec<CheckedPair> {
        self.pairs.iter().map(|pair| self.checked(pair)).collect()
    }

    fn checked(&self, pair: &PairStats) -> CheckedPair {
        let [local, remote] = self.candidates(pair).map(|found| found.map(CandidateStats::end).unwrap_or_else(unknown));
        let count = |number: Option<f64>| number.unwrap_or_default() as u64;
        CheckedPair {
            local,
            remote,
            state: pair.state.clone(),
            nominated: pair.nominated,
            requests_sent: count(pair.requests_sent),
            requests_received: count(pair.requests_received),
            responses_received: count(pair.responses_received),
            round_trip_ms: pair.current_round_trip_time.map(|seconds| seconds * 1000.0),
            bytes_sent: count(pair.bytes_sent),
            bytes_received: count(pair.bytes_received),
        }
    }

    /// Its numbers.
    pub fn readings(&self) -> Readings {
        Readings::of(self)
    }
}

impl CandidateStats {
    /// The candidate as an end of a pair.
    pub fn end(&self) -> CandidateEnd {
        CandidateEnd {
            candidate_type: self.candidate_type.clone(),
            protocol: self.protocol.clone(),
            address: self.address.clone().or_else(|| self.ip.clone()).unwrap_or_default(),
            port: self.port.unwrap_or_default() as u16,
        }
    }
}

/// An end that the report does not describe.
fn unknown() -> CandidateEnd {
    CandidateEnd { candidate_type: String::new(), protocol: String::new(), address: String::new(), port: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(text: &str) -> Report {
        Report::parse(&Json::from_text(text))
    }

    #[test]
    fn chromium_is_understood() {
        let direct = report(include_str!("../../fixtures/chromium-direct.json"));
        assert_eq!((direct.pairs.len(), direct.local.len(), direct.remote.len(), direct.channels.len()), (1, 1, 1, 2));
        let [pair] = &*direct.checked_pairs() else { panic!("{:?}", direct.pairs) };
        assert_eq!(
            (pair.state.as_str(), pair.nominated, pair.requests_sent, pair.responses_received),
            ("succeeded", true, 6, 6)
        );
        assert_eq!(
            (pair.local.candidate_type.as_str(), pair.local.address.as_str(), pair.local.port),
            ("host", "127.0.0.1", 56697)
        );
        assert_eq!((pair.round_trip_ms, pair.bytes_sent, pair.bytes_received), (Some(1.0), 29734, 30231));
        let readings = direct.readings();
        assert_eq!((readings.round_trip_ms, readings.unanswered), (Some(1.0), Some(0.0)));
        assert_eq!((readings.messages_sent, readings.packets_received), (Some(100.0), Some(159.0)));
        assert_eq!((readings.outgoing_bitrate, readings.buffered_bytes), (None, None));

        let relayed = report(include_str!("../../fixtures/chromium-relayed.json"));
        let selected = relayed.selected().unwrap();
        let [local, remote] = relayed.candidates(selected).map(Option::unwrap);
        assert_eq!(local.url.as_deref(), Some("turn:127.0.0.1:3478?transport=udp"));
        assert_eq!((local.relay_protocol.as_deref(), remote.candidate_type.as_str()), (Some("udp"), "relay"));
        assert_eq!(relayed.readings().unanswered, Some(1.0));

        let before = report(include_str!("../../fixtures/chromium-before-checks.json"));
        assert_eq!((before.selected(), before.checked_pairs()), (None, vec![]));
        assert_eq!(before.readings().bytes_sent, Some(0.0));
    }

    #[test]
    fn firefox_is_understood() {
        let direct = report(include_str!("../../fixtures/firefox-direct.json"));
        assert_eq!((direct.pairs.len(), direct.local.len(), direct.remote.len()), (5, 5, 5));
        let (selected, carrier) = (direct.selected().unwrap(), direct.carrier().unwrap());
        assert_eq!((selected.id.as_str(), carrier.id.as_str()), ("26238444", "2881bc12"));
        let [local, remote] = direct.candidates(carrier).map(|end| end.unwrap().candidate_type.as_str());
        assert_eq!((local, remote), ("host", "prflx"));
        let readings = direct.readings();
        assert_eq!((readings.bytes_sent, readings.bytes_received), (Some(32518.0), Some(31295.0)));
        assert_eq!((readings.packets_sent, readings.unanswered, readings.messages_sent), (None, None, Some(100.0)));
    }

    #[test]
    fn what_is_unknown_or_odd_is_left_out() {
        for text in ["", "null", "{}", "[]", "[1, null, {}, {\"type\": 5}, {\"type\": \"inbound-rtp\"}]"] {
            assert_eq!(report(text), Report::default(), "{text}");
        }
        let odd = report(
            r#"[{"type":"candidate-pair","id":7},{"type":"candidate-pair","id":"a","bytesSent":null,"new":{"x":[1]}},
                {"type":"data-channel","bufferedAmount":12},{"type":"data-channel","bufferedAmount":30}]"#,
        );
        assert_eq!(odd.pairs.iter().map(|pair| pair.id.as_str()).collect::<Vec<_>>(), ["a"]);
        assert_eq!(odd.readings().buffered_bytes, Some(42.0));
        assert_eq!(odd.checked_pairs()[0].local.address, "");
    }
}
