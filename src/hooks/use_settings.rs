use std::rc::Rc;

use registry_client::json::Json;
use yew::prelude::*;

use crate::link::Link;
use crate::services::location;
use crate::services::storage::{self, Keep};
use crate::settings::{PageSettings, Sources, Stored};

const SETTINGS: &str = "registry-harness.settings";
const CREDENTIALS: &str = "registry-harness.turn-credentials";
/// Where earlier versions stored a single password, for whichever server.
const EARLIER_CREDENTIAL: &str = "registry-harness.turn-credential";

/// The settings and the means to change them.
#[derive(Clone, PartialEq)]
pub struct SettingsHandle {
    /// The current values.
    pub current: Rc<PageSettings>,
    /// Where each value comes from.
    pub sources: Rc<Sources>,
    /// Replaces them, and stores what the user has changed.
    change: Callback<Sources>,
}

/// The settings: stored values, overridden by what the link sets. TURN passwords are stored for this tab only.
#[hook]
pub fn use_settings(link: &Link) -> SettingsHandle {
    let sources = use_state(|| Rc::new(restore(link)));
    let current = use_memo(Rc::clone(&sources), |sources| sources.settings());
    let change = {
        let setter = sources.setter();
        use_callback((), move |new: Sources, ()| {
            remember(&new);
            setter.set(Rc::new(new));
        })
    };
    SettingsHandle { current, sources: Rc::clone(&sources), change }
}

fn restore(link: &Link) -> Sources {
    let settings = storage::read(Keep::Forever, SETTINGS);
    let credentials = storage::read(Keep::ForThisTab, CREDENTIALS);
    let earlier = storage::read(Keep::ForThisTab, EARLIER_CREDENTIAL);
    let stored = Stored {
        settings: settings.as_deref(),
        credentials: credentials.as_deref(),
        earlier_credential: earlier.as_deref(),
    };
    Sources::restore(stored, &location::origin(), link)
}

fn remember(sources: &Sources) {
    storage::write(Keep::Forever, SETTINGS, sources.remembered().as_str());
    let credentials = sources.credentials();
    storage::write(Keep::ForThisTab, CREDENTIALS, credentials.as_ref().map_or("", Json::as_str));
    storage::write(Keep::ForThisTab, EARLIER_CREDENTIAL, "");
}

/// The settings that `App` provides.
///
/// # Panics
///
/// Outside a `ContextProvider<SettingsHandle>`.
#[hook]
pub fn use_current_settings() -> SettingsHandle {
    use_context().expect("the settings are provided")
}

impl SettingsHandle {
    /// A callback for a text field that changes one setting.
    pub fn text(&self, set: fn(&mut PageSettings, String)) -> Callback<String> {
        let handle = self.clone();
        Callback::from(move |text| handle.update(|settings| set(settings, text)))
    }

    /// Changes some settings.
    pub fn update(&self, change: impl FnOnce(&mut PageSettings)) {
        let mut settings = (*self.current).clone();
        change(&mut settings);
        self.change.emit(self.sources.changed(&settings));
    }

    /// A click handler that undoes what the link has set.
    pub fn unlink(&self) -> Callback<MouseEvent> {
        let (change, sources) = (self.change.clone(), Rc::clone(&self.sources));
        change.reform(move |_| sources.unlinked())
    }
}
