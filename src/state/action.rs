use std::rc::Rc;

use registry_analysis::Sample;
use registry_client::{BufferLevels, Error, Role, RoomLife, TraceEvent};

use super::RoomView;

/// What changes the page.
#[derive(Clone, Debug)]
pub enum Action {
    /// The client was replaced.
    Attached {
        /// Wall-clock time in milliseconds since the Unix epoch.
        epoch_ms: f64,
    },
    /// The events of before a reload, if the page has not shown them yet.
    Restored {
        /// In their order.
        events: Vec<Rc<TraceEvent>>,
    },
    /// New events, with the client's state after them.
    Events {
        /// In their order.
        events: Vec<Rc<TraceEvent>>,
        /// The client's room now.
        room: Option<RoomView>,
        /// How long it lives.
        life: RoomLife,
        /// The client's send buffer now.
        buffer: BufferLevels,
    },
    /// The statistics were sampled.
    Sampled(Vec<Sample>),
    /// A call to the client failed.
    Failed(Error),
    /// A role was selected.
    Choose(Role),
    /// The error was dismissed.
    Dismiss,
    /// The timeline was cleared.
    ClearLog,
}
