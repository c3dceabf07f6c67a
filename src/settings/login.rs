//! Logins for TURN servers. Each belongs to one server and is sent to no other.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::TurnServer;

/// The maximum number of servers whose logins are kept.
const MOST: usize = 100;

/// User name and password for a TURN server. Prints as `***`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Login {
    /// The user name.
    pub username: String,
    /// The password: a secret.
    pub credential: String,
}

impl Login {
    /// Whether neither is missing.
    pub fn is_complete(&self) -> bool {
        !self.username.trim().is_empty() && !self.credential.is_empty()
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// The logins for several servers, the latest at the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Logins(Vec<(TurnServer, Login)>);

impl Logins {
    /// The login for this server, if one was entered.
    pub fn of(&self, server: &TurnServer) -> Option<&Login> {
        self.0.iter().find_map(|(known, login)| (known == server).then_some(login))
    }

    /// Changes the login for this server. One that becomes empty is removed.
    pub fn change(&mut self, server: &TurnServer, change: impl FnOnce(&mut Login)) {
        let at = self.0.iter().position(|(known, _)| known == server);
        let mut login = at.map(|at| self.0.remove(at).1).unwrap_or_default();
        change(&mut login);
        if login != Login::default() {
            self.0.push((server.clone(), login));
        }
        if self.0.len() > MOST {
            self.0.remove(0);
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All user names, each with its server.
    pub(super) fn usernames(&self) -> Vec<Kept> {
        self.kept(|login| Kept { username: some(&login.username), ..Kept::default() })
    }

    /// All passwords, each with its server.
    pub(super) fn credentials(&self) -> Vec<Kept> {
        self.kept(|login| Kept { credential: some(&login.credential), ..Kept::default() })
    }

    fn kept(&self, part: fn(&Login) -> Kept) -> Vec<Kept> {
        let parts = self.0.iter().map(|(server, login)| Kept { server: server.as_str().to_owned(), ..part(login) });
        parts.filter(|kept| kept.username.is_some() || kept.credential.is_some()).collect()
    }

    /// Takes in what was kept: user names, or passwords.
    pub(super) fn restore(&mut self, kept: Vec<Kept>) {
        for Kept { server, username, credential } in kept {
            let Some(server) = TurnServer::of(&server) else { continue };
            self.change(&server, |login| {
                login.username = username.unwrap_or(std::mem::take(&mut login.username));
                login.credential = credential.unwrap_or(std::mem::take(&mut login.credential));
            });
        }
    }
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// A part of a login as it is kept between visits: the user name for good, the password for the tab.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Kept {
    server: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credential: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(number: usize) -> TurnServer {
        TurnServer::of(&format!("turn:t{number}")).unwrap()
    }

    #[test]
    fn each_server_has_a_login_of_its_own() {
        let mut logins = Logins::default();
        logins.change(&server(1), |login| login.username = "ann".into());
        assert_eq!(logins.of(&server(2)), None);
        logins.change(&server(2), |login| login.username = "bob".into());
        logins.change(&server(1), |login| login.credential = "secret".into());
        let ann = logins.of(&server(1)).unwrap();
        assert!(ann.username == "ann" && ann.is_complete());
        assert!(!logins.of(&server(2)).unwrap().is_complete());
        logins.change(&server(1), |login| *login = Login::default());
        assert_eq!(logins.of(&server(1)), None);
    }

    #[test]
    fn the_logins_entered_last_are_kept() {
        let mut logins = Logins::default();
        for number in 0..MOST + 3 {
            logins.change(&server(number), |login| login.username = "ann".into());
            logins.change(&server(0), |login| login.username.push('n'));
        }
        assert_eq!(logins.0.len(), MOST);
        assert!(logins.of(&server(0)).is_some() && logins.of(&server(1)).is_none());
    }

    #[test]
    fn a_password_is_never_printed() {
        let mut logins = Logins::default();
        logins.change(&server(1), |login| login.credential = "tr0ub4dor".into());
        assert!(!format!("{logins:?}").contains("tr0ub4dor"));
    }
}
