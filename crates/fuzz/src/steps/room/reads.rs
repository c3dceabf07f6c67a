//! What a room may show to a peer.

use registry_core::Response;
use registry_protocol::limits::MAX_CANDIDATES;
use registry_protocol::{CandidateItem, CandidateList, RoomSnapshot};

use super::super::call::{Call, Side, Subject};
use super::{Room, View};

impl Room {
    /// Checks the response to a read.
    pub(in crate::steps) fn check_read(&mut self, now: u64, call: &Call, side: Side, response: &Response) {
        let is_list = matches!(call, Call::Read { subject: Subject::Candidates, .. });
        match response.status {
            404 => assert!(self.has_ended(now)),
            304 => {
                let (tag, view) = self.peers[side as usize].tagged.as_ref().expect("a tag");
                assert_eq!((response.header("ETag"), view), (Some(tag.as_str()), &self.views[0]));
            }
            200 if !is_list => self.snapshot(now, side, response),
            200 => self.candidates(side, serde_json::from_slice(&response.body).expect("a list")),
            status => panic!("a read returned {status}"),
        }
    }

    fn snapshot(&mut self, now: u64, side: Side, response: &Response) {
        let shown: RoomSnapshot = serde_json::from_slice(&response.body).expect("a snapshot");
        let [offer, answer] = [shown.offer, shown.answer].map(|description| description.map(|shown| shown.sdp));
        let view = View { status: shown.status, expires_at: shown.expires_at.0, attempt: shown.attempt, offer, answer };
        assert!(self.views.contains(&view) && !view.has_ended(now), "{view:?}");
        let peer = &mut self.peers[side as usize];
        assert_eq!(shown.version.is_some(), shown.candidates.is_some());
        if let Some(version) = shown.version {
            assert!(version >= peer.version, "the version decreased");
            peer.version = version;
        }
        if let Some(tag) = response.header("ETag") {
            peer.tagged = Some((tag.to_owned(), view));
        }
        if let Some(list) = shown.candidates {
            self.candidates(side, list);
        }
    }

    fn candidates(&mut self, side: Side, list: CandidateList) {
        let other = 1 - side as usize;
        let mut items: Vec<String> = list.items.into_iter().map(line).collect();
        assert!(items.len() <= MAX_CANDIDATES);
        assert!(
            items.iter().all(|item| self.peers[other].posted.contains(item)),
            "a candidate that the other peer did not post"
        );
        let count = items.len();
        items.sort_unstable();
        items.dedup();
        assert_eq!(items.len(), count, "a candidate twice");
        let last_seq = list.last_seq.expect("a sequence number");
        assert!(last_seq >= self.peers[side as usize].last_seq);
        self.peers[side as usize].last_seq = last_seq;
    }
}

fn line(item: CandidateItem) -> String {
    match item {
        CandidateItem::Candidate(candidate) => candidate.candidate,
        CandidateItem::Malformed => panic!("a malformed candidate"),
    }
}
