//! Where a connection is kept over a reload.

use std::cell::Cell;
use std::rc::Rc;

use gloo_utils::{document, window};
use js_sys::{Function, Promise, Reflect};
use registry_client::SessionStore;
use registry_client::browser::TabStore;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::link::Link;

/// Whose connection it is: nobody else resumes it.
#[derive(Clone, Debug, PartialEq)]
pub enum Whose {
    /// The page's in this tab.
    Page,
    /// A frame's, as the page that embeds it calls it.
    Frame {
        /// The origin of that page.
        parent: String,
        /// The name.
        session: String,
    },
}

impl Whose {
    /// The frame that this link is the address of. One without a name does not survive a reload: all such frames look alike.
    pub fn of_frame(link: &Link) -> Option<Self> {
        Some(Self::Frame { parent: link.parent.clone()?, session: link.session.clone()? })
    }

    /// Where it is kept. One store for each Registry: a link that names another one does not get its tokens.
    pub fn store(&self, registry: &str) -> Rc<dyn SessionStore> {
        let name = format!("registry-harness-connection {}", registry.trim_end_matches('/'));
        match self {
            Self::Page => Rc::new(TabStore::new(name)),
            Self::Frame { parent, session } => Rc::new(FrameStore::new(format!("{name} {parent} {session}"))),
        }
    }
}

/// The storage of a frame. Where a browser sets frames of another site apart, it may lose what is written while the frame
/// is unloaded; nothing is kept there, so that the peer is told goodbye instead of waiting in vain.
#[derive(Debug)]
struct FrameStore {
    tab: TabStore,
    lasts: Rc<Cell<bool>>,
}

impl FrameStore {
    fn new(name: String) -> Self {
        let lasts = Rc::new(Cell::new(is_below_its_own_origin()));
        if let (false, Some(answer)) = (lasts.get(), storage_access()) {
            let lasts = Rc::clone(&lasts);
            spawn_local(async move { lasts.set(JsFuture::from(answer).await.is_ok_and(|has| has.is_truthy())) });
        }
        Self { tab: TabStore::new(name), lasts }
    }
}

impl SessionStore for FrameStore {
    fn save(&self, text: &str) -> bool {
        self.lasts.get() && self.tab.save(text)
    }

    fn take(&self) -> Option<String> {
        self.tab.take()
    }
}

/// Whether the outermost page is of this origin; only then its address can be read.
fn is_below_its_own_origin() -> bool {
    window().top().ok().flatten().is_some_and(|top| top.location().href().is_ok())
}

/// Asks whether the frame has the storage that its origin has elsewhere.
fn storage_access() -> Option<Promise> {
    let document = document();
    let ask = Reflect::get(&document, &JsValue::from_str("hasStorageAccess")).ok()?;
    ask.dyn_into::<Function>().ok()?.call0(&document).ok()?.dyn_into().ok()
}
