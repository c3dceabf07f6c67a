//! `iceServers` as people have them: JSON, or what stands in a program or its documentation.
//!
//! An `RTCConfiguration`, the list in it, or one server of it. JSON5 is understood (names without quotes, single quotes,
//! comments, commas at the end), and so is what stands around it, such as `const config = …;`.

use json5::ErrorCode;
use serde_json::Value;

use super::{Login, PageSettings, TurnServer, stun_problem, turn_problem};

/// The longest text that is read, in bytes.
const LONGEST: usize = 64 * 1024;
/// How many brackets it may have, so that no text is nested too deeply.
const MOST_BRACKETS: usize = 500;

/// What was understood of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pasted {
    /// The STUN servers.
    pub stun: Vec<String>,
    /// The TURN servers, one entry for each that the text has.
    pub turn: Vec<PastedTurn>,
    /// What the text says about using only relays, if it says anything.
    pub relay_only: Option<bool>,
}

/// TURN servers with one login.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PastedTurn {
    /// Their URLs.
    pub urls: Vec<String>,
    /// Their login; parts that the text does not have are empty.
    pub login: Login,
}

/// Reads a text.
///
/// # Errors
/// What is wrong, and where: line and column, or the server. A value is never repeated, since it may be a password.
pub fn ice_servers(text: &str) -> Result<Pasted, String> {
    if text.len() > LONGEST || text.matches(['[', '{']).count() > MOST_BRACKETS {
        return Err("This is too long for a list of servers.".to_owned());
    }
    let value = parse(text)?;
    let mut pasted = Pasted::default();
    let list = match &value {
        Value::Object(config) if config.contains_key("iceServers") => {
            pasted.relay_only = policy(config.get("iceTransportPolicy"))?;
            config.get("iceServers").unwrap_or(&Value::Null)
        }
        other => other,
    };
    match list {
        Value::Array(servers) => {
            for (index, server) in servers.iter().enumerate() {
                pasted.take(server).map_err(|why| format!("Server {}: {why}", index + 1))?;
            }
        }
        Value::Object(_) => pasted.take(list)?,
        _ => return Err("iceServers must be a list of servers, or one server.".to_owned()),
    }
    Ok(pasted)
}

/// Reads the value in the text: from the first bracket to the last.
fn parse(text: &str) -> Result<Value, String> {
    let first = text.find(['[', '{']).ok_or("There is neither [ nor {: paste a list of servers, or one server.")?;
    let end = text.rfind([']', '}']).filter(|last| *last > first).map_or(text.len(), |last| last + 1);
    // What comes before becomes space, so that lines and columns are those of the text.
    let before = |c: char| if c == '\n' { '\n' } else { ' ' };
    let blank: String = text[..first].chars().map(before).collect();
    let value = &text[first..end];
    json5::from_str(&[&blank, value].concat()).or_else(|error| {
        // Servers without the brackets of a list.
        let several = error.code() == Some(ErrorCode::TrailingCharacters) && value.starts_with('{');
        let list = several.then(|| json5::from_str(&format!("[{value}]")).ok());
        list.flatten().ok_or_else(|| place(&error))
    })
}

/// An error of the parser, with its place. Its own words for values that do not fit repeat them.
fn place(error: &json5::Error) -> String {
    let what = match error.code() {
        Some(ErrorCode::TrailingCharacters) => "the list ends before this".to_owned(),
        Some(ErrorCode::LineTerminatorInString) => "a text has no closing quote".to_owned(),
        Some(code) => code.to_string().replace("EOF parsing", "it ends before the end of the"),
        None => "this is not JSON".to_owned(),
    };
    match error.position() {
        Some(place) => format!("Line {}, column {}: {what}.", place.line + 1, place.column + 1),
        None => format!("The text cannot be read: {what}."),
    }
}

fn policy(value: Option<&Value>) -> Result<Option<bool>, String> {
    match value.map(|value| value.as_str()) {
        None => Ok(None),
        Some(Some("all")) => Ok(Some(false)),
        Some(Some("relay")) => Ok(Some(true)),
        Some(_) => Err("iceTransportPolicy must be \"all\" or \"relay\".".to_owned()),
    }
}

impl Pasted {
    /// How many URLs there are.
    pub fn urls(&self) -> usize {
        self.stun.len() + self.turn.iter().map(|entry| entry.urls.len()).sum::<usize>()
    }

    /// Takes in one server: an object with `urls` (or `url`, as older browsers had it), or just a URL.
    fn take(&mut self, server: &Value) -> Result<(), String> {
        let urls = match server {
            Value::Object(server) => server.get("urls").or_else(|| server.get("url")),
            Value::String(_) => Some(server),
            _ => return Err("it must be an object with urls.".to_owned()),
        };
        let urls = match urls {
            Some(Value::Array(urls)) => urls.as_slice(),
            Some(url) => std::slice::from_ref(url),
            None => return Err("it has no urls.".to_owned()),
        };
        let mut turn = PastedTurn::default();
        for url in urls {
            let url = url.as_str().ok_or("urls must be a URL, or a list of them.")?.trim();
            let (list, problem) = match url.split_once(':') {
                Some(("stun" | "stuns", _)) => (&mut self.stun, stun_problem(url)),
                Some(("turn" | "turns", _)) => (&mut turn.urls, turn_problem(url)),
                _ => return Err("a URL must start with stun:, stuns:, turn: or turns:.".to_owned()),
            };
            match problem {
                Some(problem) => return Err(problem.to_owned()),
                None => list.push(url.to_owned()),
            }
        }
        if !turn.urls.is_empty() {
            turn.login = Login { username: text(server, "username")?, credential: text(server, "credential")? };
            self.turn.push(turn);
        }
        Ok(())
    }
}

fn text(server: &Value, name: &str) -> Result<String, String> {
    match server.get(name) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(format!("{name} must be a text in quotes.")),
    }
}

impl PageSettings {
    /// Uses these servers and no others. A login belongs to the servers of its own entry; servers without one keep theirs.
    pub fn take_ice_servers(&mut self, pasted: Pasted) {
        self.stun_url = pasted.stun.join(", ");
        self.turn_url.clear();
        self.more_turn.clear();
        for (index, PastedTurn { urls, login }) in pasted.turn.into_iter().enumerate() {
            if index > 0 {
                self.add_turn_row();
            }
            for server in urls.iter().filter_map(|url| TurnServer::of(url)).filter(|_| login != Login::default()) {
                self.logins.change(&server, |known| known.clone_from(&login));
            }
            self.set_turn_row(index, urls.join(", "));
        }
        self.relay_only = pasted.relay_only.unwrap_or(self.relay_only);
    }

    /// The servers as `iceServers`, with user names and without passwords.
    pub fn shared_ice_servers(&self) -> Value {
        let stun: Vec<&str> = self.stun_urls().collect();
        let mut list: Vec<Value> =
            (!stun.is_empty()).then(|| serde_json::json!({ "urls": stun })).into_iter().collect();
        for (index, row) in self.turn_rows().enumerate().filter(|(_, row)| !row.trim().is_empty()) {
            let urls: Vec<&str> = super::turn::urls(row).collect();
            let username = self.login(index).map(|login| login.username.trim()).filter(|name| !name.is_empty());
            list.push(match username {
                Some(username) => serde_json::json!({ "urls": urls, "username": username }),
                None => serde_json::json!({ "urls": urls }),
            });
        }
        Value::from(list)
    }
}

#[cfg(test)]
mod tests;
