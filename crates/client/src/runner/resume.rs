//! Keeps a connection over a reload of the page.

use futures::FutureExt;

use super::Runner;
use crate::config::ClientFuture;
use crate::error::{Diagnostics, Error, StateError};
use crate::event::Event;
use crate::json::{self, Json};
use crate::machine::{Command, Input};
use crate::types::state::{ConnectionState, Role};

impl Runner {
    /// The page is going away.
    pub(crate) fn leave(&self) {
        let saved = self.save();
        self.input(if saved { Input::Suspend } else { Input::Leave });
    }

    /// Goes on where a reloaded page had to stop.
    pub(crate) fn resume(&self) -> Option<ClientFuture<()>> {
        let store = self.outside.store.as_ref()?;
        if let Err(error) = self.outside.state.get_state().check(ConnectionState::Creating) {
            // What is saved stays where it is.
            return Some(self.refused(error));
        }
        let saved = store.take()?;
        if let Ok(saved) = json::read(&saved).map(Box::new) {
            return Some(self.command(Command::Resume(saved)).boxed_local());
        }
        // Without a way back only the role was kept.
        let role = json::read::<Role>(&saved).ok();
        let error = Error::new(StateError::NotResumable, Diagnostics { role, ..Diagnostics::default() });
        self.trace.record(Event::Failure(error.clone()));
        Some(Box::pin(std::future::ready(Err(error))))
    }
}

impl Runner {
    /// Keeps what the next life of the page needs; says whether there is a way for it to go on. Where there is none it will
    /// find in which role it was connected.
    fn save(&self) -> bool {
        let Some(store) = &self.outside.store else { return false };
        let machine = self.machine.borrow();
        match machine.save(self.now()) {
            Some(saved) => store.save(Json::of(&saved).as_str()),
            None => {
                if let Some(role) = machine.role().filter(|_| machine.has_met() && !machine.is_closing()) {
                    store.save(Json::of(&role).as_str());
                }
                false
            }
        }
    }
}
