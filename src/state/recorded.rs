//! What has been recorded of a peer.

use std::rc::Rc;

use registry_analysis::{Sample, Track};
use registry_client::TraceEvent;

use super::History;

/// What has been recorded of a peer. Cheap to clone and to compare.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// Every event.
    pub events: History<Rc<TraceEvent>>,
    /// The latest samples of the statistics.
    pub samples: History<Sample>,
}

impl Recorded {
    /// The same for the views.
    pub fn track(&self) -> Track {
        Track { events: self.events.all(), samples: self.samples.all() }
    }
}
