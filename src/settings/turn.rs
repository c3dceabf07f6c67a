//! The TURN servers: rows of URLs, and a login for each row.
//!
//! A row may name several servers, as an entry of `iceServers` does. Its login is kept for each of them by itself, so a server
//! that is added to a row gets no login before one is entered there.

use std::iter;

use registry_client::interfaces::webrtc::IceServer;

use super::{Login, PageSettings, TurnServer, turn_problem};

const NO_LOGIN: &str = "A TURN server needs a user name and a password.";

/// What is wrong with a row of TURN servers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowProblems {
    /// The URLs.
    pub url: Option<&'static str>,
    /// The user name or the password.
    pub login: Option<&'static str>,
}

impl RowProblems {
    /// The first of them.
    pub fn first(self) -> Option<&'static str> {
        self.url.or(self.login)
    }
}

/// The URLs in a text, separated by commas or spaces.
pub(super) fn urls(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ' ', '\n']).map(str::trim).filter(|url| !url.is_empty())
}

fn servers(row: &str) -> impl Iterator<Item = TurnServer> {
    urls(row).filter_map(TurnServer::of)
}

impl PageSettings {
    /// The rows of TURN servers; there is always a first one, which may be empty.
    pub fn turn_rows(&self) -> impl Iterator<Item = &str> {
        iter::once(&self.turn_url).chain(&self.more_turn).map(String::as_str)
    }

    /// Whether any row names a server.
    pub(super) fn has_turn(&self) -> bool {
        self.turn_rows().any(|row| !row.trim().is_empty())
    }

    /// The URLs of a row, counted from 0.
    pub fn turn_row(&self, index: usize) -> &str {
        self.turn_rows().nth(index).unwrap_or_default()
    }

    /// Changes the URLs of a row.
    pub fn set_turn_row(&mut self, index: usize, row: String) {
        match index {
            0 => self.turn_url = row,
            _ => {
                if let Some(known) = self.more_turn.get_mut(index - 1) {
                    *known = row;
                }
            }
        }
    }

    /// Adds an empty row.
    pub fn add_turn_row(&mut self) {
        self.more_turn.push(String::new());
    }

    /// Removes a row; of the first, only the content. Logins are kept with their servers.
    pub fn remove_turn_row(&mut self, index: usize) {
        match index {
            0 => self.turn_url.clear(),
            _ if index <= self.more_turn.len() => drop(self.more_turn.remove(index - 1)),
            _ => {}
        }
    }

    /// Whether a row names a server, which could have a login.
    pub fn has_server(&self, index: usize) -> bool {
        servers(self.turn_row(index)).next().is_some()
    }

    /// The login that was entered for a row: that of its first server. Logins of other servers are never used for it.
    pub fn login(&self, index: usize) -> Option<&Login> {
        self.logins.of(&servers(self.turn_row(index)).next()?)
    }

    /// Changes the login of a row, which then is that of all its servers.
    pub fn change_login(&mut self, index: usize, change: impl FnOnce(&mut Login)) {
        let mut login = self.login(index).cloned().unwrap_or_default();
        change(&mut login);
        let of_row: Vec<_> = servers(self.turn_row(index)).collect();
        for server in of_row {
            self.logins.change(&server, |known| known.clone_from(&login));
        }
    }

    /// What is wrong with a row.
    pub fn row_problems(&self, index: usize) -> RowProblems {
        let row = self.turn_row(index);
        if row.trim().is_empty() {
            return RowProblems::default();
        }
        RowProblems { url: urls(row).find_map(turn_problem), login: self.login_problem(row) }
    }

    /// The URLs of all STUN servers.
    pub fn stun_urls(&self) -> impl Iterator<Item = &str> {
        urls(&self.stun_url)
    }

    /// The URLs of all TURN servers, each with the login of its server, or what is wrong with it.
    pub fn turn_urls(&self) -> impl Iterator<Item = (&str, Result<IceServer, &'static str>)> {
        self.turn_rows().flat_map(urls).map(|url| {
            let login = TurnServer::of(url).and_then(|server| self.logins.of(&server));
            let problem = turn_problem(url).or_else(|| self.login_problem(url));
            (url, problem.map_or_else(|| login.map(|login| ice_server(url, login)).ok_or(NO_LOGIN), Err))
        })
    }

    fn login_problem(&self, row: &str) -> Option<&'static str> {
        let mut logins = servers(row).map(|server| self.logins.of(&server)).peekable();
        let known = logins.peek().is_some();
        match logins.find(|login| !login.is_some_and(Login::is_complete)) {
            None if known => None,
            Some(None) if !self.logins.is_empty() => {
                Some("This server needs its own user name and password; those of another server are not sent to it.")
            }
            _ => Some(NO_LOGIN),
        }
    }

    /// The TURN servers whose URL is valid and whose login is complete, each with its own login.
    pub(super) fn turn_servers(&self) -> Vec<IceServer> {
        let mut list: Vec<IceServer> = Vec::new();
        for server in self.turn_urls().filter_map(|(_, server)| server.ok()) {
            let same = |last: &&mut IceServer| last.username == server.username && last.credential == server.credential;
            match list.last_mut().filter(same) {
                Some(last) => last.urls.extend(server.urls),
                None => list.push(server),
            }
        }
        list
    }
}

/// A server with its login, by one of its URLs.
fn ice_server(url: &str, login: &Login) -> IceServer {
    let (username, credential) = (Some(login.username.trim().to_owned()), Some(login.credential.clone()));
    IceServer { urls: vec![url.to_owned()], username, credential }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(name: &str) -> Login {
        Login { username: name.into(), credential: format!("password of {name}") }
    }

    fn with_rows(rows: &[&str]) -> PageSettings {
        let mut set =
            PageSettings { stun_url: String::new(), registry_url: "http://r".into(), ..PageSettings::default() };
        for (index, row) in rows.iter().enumerate() {
            if index > 0 {
                set.add_turn_row();
            }
            set.set_turn_row(index, (*row).to_owned());
        }
        set
    }

    #[test]
    fn each_row_has_its_own_login() {
        let mut set = with_rows(&["turn:a", "turn:b?transport=tcp", "turns:c:443"]);
        for (index, name) in ["ann", "bob", "cy"].into_iter().enumerate() {
            assert!(set.problems().turn_login.is_some() || set.problems().more_turn.is_some());
            set.change_login(index, |of| *of = login(name));
        }
        assert!(set.problems().none());
        let servers = set.client_config().peer.ice_servers;
        let names: Vec<_> =
            servers.iter().map(|server| (server.urls[0].as_str(), server.username.as_deref())).collect();
        assert_eq!(
            names,
            [("turn:a", Some("ann")), ("turn:b?transport=tcp", Some("bob")), ("turns:c:443", Some("cy"))]
        );
    }

    #[test]
    fn a_row_of_several_servers_shares_a_login_and_one_that_is_added_has_none() {
        let mut set = with_rows(&["turn:a?transport=udp, turn:a?transport=tcp turns:a:443"]);
        set.change_login(0, |of| *of = login("ann"));
        assert_eq!(set.client_config().peer.ice_servers[0].urls.len(), 3);
        set.turn_url.push_str(", turn:b");
        assert!(set.problems().turn_login.is_some_and(|words| words.contains("another server")));
        assert!(!set.client_config().peer.ice_servers[0].urls.contains(&"turn:b".to_owned()));
        set.change_login(0, |of| of.username = "anna".into());
        assert!(set.problems().none());
        assert_eq!(set.client_config().peer.ice_servers[0].urls.len(), 4);
    }

    #[test]
    fn a_row_that_is_removed_leaves_its_login_to_its_server() {
        let mut set = with_rows(&["turn:a", "turn:b"]);
        set.change_login(1, |of| *of = login("bob"));
        set.remove_turn_row(1);
        assert!(set.client_config().peer.ice_servers.is_empty());
        set.set_turn_row(0, "turn:b".into());
        assert_eq!(set.login(0), Some(&login("bob")));
        set.remove_turn_row(7);
        set.set_turn_row(7, "turn:x".into());
        set.remove_turn_row(0);
        assert_eq!(set.turn_rows().collect::<Vec<_>>(), [""]);
    }

    #[test]
    fn empty_rows_are_no_problem_and_wrong_ones_are() {
        let mut set = with_rows(&["", "", "turn:b"]);
        set.change_login(2, |of| *of = login("bob"));
        set.relay_only = true;
        assert!(set.problems().none());
        set.set_turn_row(1, "stun:x".into());
        assert!(set.problems().more_turn.is_some());
        assert_eq!(set.row_problems(2), RowProblems::default());
    }
}
