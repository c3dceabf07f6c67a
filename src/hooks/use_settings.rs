use std::rc::Rc;

use registry_client::json::Json;
use yew::prelude::*;

use crate::link::Link;
use crate::services::location;
use crate::services::storage::{self, Keep};
use crate::settings::Settings;

const SETTINGS: &str = "registry-harness.settings";
const CREDENTIAL: &str = "registry-harness.turn-credential";

/// The settings, and the way to change them.
#[derive(Clone, PartialEq)]
pub struct SettingsHandle {
    /// As they are.
    pub current: Rc<Settings>,
    /// Replaces and remembers them.
    pub change: Callback<Settings>,
}

/// The settings: remembered ones, then what the link asks for. The TURN password is remembered for this tab only.
#[hook]
pub fn use_settings(link: &Link) -> SettingsHandle {
    let settings = use_state(|| Rc::new(restore(link)));
    let change = {
        let setter = settings.setter();
        use_callback((), move |new: Settings, ()| {
            remember(&new);
            setter.set(Rc::new(new));
        })
    };
    SettingsHandle { current: Rc::clone(&settings), change }
}

fn restore(link: &Link) -> Settings {
    let stored = storage::read(Keep::Forever, SETTINGS);
    let credential = storage::read(Keep::ForThisTab, CREDENTIAL);
    Settings::restore(stored.as_deref(), credential, &location::origin(), link)
}

fn remember(settings: &Settings) {
    storage::write(Keep::Forever, SETTINGS, Json::of(settings).as_str());
    storage::write(Keep::ForThisTab, CREDENTIAL, &settings.turn_credential);
}

impl SettingsHandle {
    /// A callback for a text field that sets one setting.
    pub fn text(&self, set: fn(&mut Settings, String)) -> Callback<String> {
        let handle = self.clone();
        Callback::from(move |text| handle.update(|settings| set(settings, text)))
    }

    /// Changes some settings.
    pub fn update(&self, change: impl FnOnce(&mut Settings)) {
        let mut settings = (*self.current).clone();
        change(&mut settings);
        self.change.emit(settings);
    }
}
