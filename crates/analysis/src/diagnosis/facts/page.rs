use registry_client::event::PageStep;

use super::{At, Seen};

/// What has happened to the page.
#[derive(Default)]
pub(in crate::diagnosis) struct Page {
    /// The device has lost its network.
    pub(in crate::diagnosis) offline: Option<At>,
    /// It has it back.
    pub(in crate::diagnosis) online: Option<At>,
    /// The page is in the background.
    pub(in crate::diagnosis) hidden: Option<At>,
    /// It did not run for so many milliseconds, in this session.
    pub(in crate::diagnosis) slept: Option<Seen<f64>>,
}

impl Page {
    pub(super) fn see(&mut self, at: At, step: PageStep, gap_ms: Option<f64>) {
        match step {
            PageStep::Hidden => self.hidden = Some(at),
            PageStep::Visible => self.hidden = None,
            PageStep::Slept => self.slept = Some(Seen { at, what: gap_ms.unwrap_or_default() }),
            PageStep::Offline => (self.offline, self.online) = (Some(at), None),
            PageStep::Online => self.online = Some(at),
        }
    }

    /// What is over now does not concern what follows.
    pub(super) fn begin_session(&mut self) {
        self.slept = None;
        if self.online.is_some() {
            (self.offline, self.online) = (None, None);
        }
    }
}
