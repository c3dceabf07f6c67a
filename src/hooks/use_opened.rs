use std::rc::Rc;

use registry_analysis::recording::RecordingError;
use wasm_bindgen_futures::spawn_local;
use web_sys::File;
use yew::prelude::*;

use crate::services::download;
use crate::state::{History, LogEntry, Opened};

/// The trace that was opened from a file, if any, and what can be done about it.
#[derive(Clone, PartialEq)]
pub struct OpenedHandle {
    opened: UseStateHandle<Option<Opened>>,
    problem: UseStateHandle<Option<Rc<str>>>,
}

/// A trace that is looked at in place of the live one; none at first.
#[hook]
pub fn use_opened() -> OpenedHandle {
    OpenedHandle { opened: use_state_eq(|| None), problem: use_state_eq(|| None) }
}

impl OpenedHandle {
    /// The trace.
    pub fn get(&self) -> Option<&Opened> {
        self.opened.as_ref()
    }

    /// Why the last file could not be opened.
    pub fn problem(&self) -> Option<Rc<str>> {
        (*self.problem).clone()
    }

    /// Opens a file.
    pub fn open(&self, file: File) {
        let (opened, problem) = (self.opened.setter(), self.problem.setter());
        spawn_local(async move {
            match read(&file).await {
                Ok(trace) => {
                    problem.set(None);
                    opened.set(Some(trace));
                }
                Err(reason) => problem.set(Some(reason.into())),
            }
        });
    }

    /// Looks at it up to another moment, in milliseconds since its beginning.
    pub fn until(&self, until_ms: f64) {
        if let Some(opened) = self.get() {
            self.opened.set(Some(opened.until(until_ms)));
        }
    }

    /// Goes back to the live trace.
    pub fn close(&self) {
        self.opened.set(None);
        self.problem.set(None);
    }
}

/// The timeline of the trace that was opened, or else the live one.
#[hook]
pub fn use_shown_log(live: &History<Rc<LogEntry>>, opened: &OpenedHandle) -> History<Rc<LogEntry>> {
    let of_file = use_memo(opened.get().cloned(), |opened| opened.as_ref().map(Opened::log));
    (*of_file).clone().unwrap_or_else(|| live.clone())
}

/// A trace from a file.
///
/// # Errors
/// A sentence: the browser cannot read the file, or it is no trace.
pub async fn read(file: &File) -> Result<Opened, String> {
    let text = download::text_of(file).await.map_err(|reason| format!("the file cannot be read: {reason}"))?;
    Opened::read(&file.name(), &text).map_err(|error: RecordingError| error.to_string())
}
