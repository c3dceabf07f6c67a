//! Where the settings come from: the user, a link, or the defaults.

use registry_client::json::{self, Json};
use serde::{Deserialize, Serialize};

use super::login::Kept;
use super::{Choices, Logins, PageSettings, TurnServer};
use crate::link::Link;

/// What earlier visits have stored.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stored<'a> {
    /// The settings.
    pub settings: Option<&'a str>,
    /// The TURN passwords of this tab.
    pub credentials: Option<&'a str>,
    /// The TURN password of this tab as stored by earlier versions, without its server.
    pub earlier_credential: Option<&'a str>,
}

/// The settings by their source.
#[derive(Clone, Debug, PartialEq)]
pub struct Sources {
    /// The defaults.
    fresh: PageSettings,
    /// What the user has changed: only this is stored.
    chosen: Choices,
    /// What the link has set and the user has not changed since.
    linked: Choices,
    /// The logins that the user has entered.
    logins: Logins,
}

impl Sources {
    /// What was remembered, and over that, what the link asks for. The Registry is by itself the one at `origin`.
    pub fn restore(stored: Stored<'_>, origin: &str, link: &Link) -> Self {
        let fresh = PageSettings { registry_url: origin.to_owned(), ..PageSettings::default() };
        let remembered: Remembered = stored.settings.and_then(|text| json::read(text).ok()).unwrap_or_default();
        let kept: Credentials = stored.credentials.and_then(|text| json::read(text).ok()).unwrap_or_default();
        let (linked, logins) = (Choices::default(), Logins::default());
        let mut sources = Self { fresh, chosen: remembered.choices, linked, logins };
        sources.logins.restore(remembered.turn_logins.unwrap_or_default());
        sources.logins.restore(kept.turn_logins);
        sources.migrate(remembered.turn_username, stored.earlier_credential);
        sources.settle(Choices::of_link(link));
        sources
    }

    /// Earlier versions kept one login beside whatever TURN server there was: it belongs to that one.
    fn migrate(&mut self, username: Option<String>, credential: Option<&str>) {
        let server = self.chosen.turn_url.as_deref().and_then(TurnServer::of);
        if let Some((server, username)) = server.zip(username) {
            self.logins.change(&server, |login| {
                login.username = username;
                login.credential = credential.unwrap_or_default().to_owned();
            });
        }
    }

    /// Leaves out what is as it would be anyway.
    fn settle(&mut self, linked: Choices) {
        self.chosen.registry_url = self.chosen.registry_url.take().filter(|url| !url.trim().is_empty());
        if let Some(rows) = &mut self.chosen.more_turn {
            rows.retain(|row| !row.trim().is_empty());
        }
        self.chosen = Choices::between(&self.fresh, &self.settings());
        let own = self.settings();
        let mut asked = own.clone();
        linked.apply(&mut asked);
        self.linked = Choices::between(&own, &asked);
    }

    /// The settings.
    pub fn settings(&self) -> PageSettings {
        let mut settings = PageSettings { logins: self.logins.clone(), ..self.fresh.clone() };
        self.chosen.apply(&mut settings);
        self.linked.apply(&mut settings);
        settings
    }

    /// What a link has set.
    pub fn linked(&self) -> &Choices {
        &self.linked
    }

    /// After the person has changed the settings to these: what is not as it was is what they have chosen.
    #[must_use]
    pub fn changed(&self, settings: &PageSettings) -> Self {
        let change = Choices::between(&self.settings(), settings);
        let mut sources = self.clone();
        sources.chosen.take(&change);
        sources.linked.leave(&change);
        sources.logins.clone_from(&settings.logins);
        sources
    }

    /// Without what the link asks for.
    #[must_use]
    pub fn unlinked(&self) -> Self {
        Self { linked: Choices::default(), ..self.clone() }
    }

    /// What is remembered for good: no password, and nothing that a link has set.
    pub fn remembered(&self) -> Json {
        let (choices, turn_logins) = (self.chosen.clone(), Some(self.logins.usernames()));
        Json::of(&Remembered { choices, turn_logins, turn_username: None })
    }

    /// The passwords, which are kept for this tab only; `None` where there is none.
    pub fn credentials(&self) -> Option<Json> {
        let turn_logins = self.logins.credentials();
        (!turn_logins.is_empty()).then(|| Json::of(&Credentials { turn_logins }))
    }
}

/// What is remembered for good.
#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Remembered {
    #[serde(flatten)]
    choices: Choices,
    turn_logins: Option<Vec<Kept>>,
    /// The user name as earlier versions kept it: beside the TURN server, whichever that was.
    #[serde(skip_serializing)]
    turn_username: Option<String>,
}

/// What is kept for this tab.
#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Credentials {
    turn_logins: Vec<Kept>,
}

#[cfg(test)]
mod tests;
