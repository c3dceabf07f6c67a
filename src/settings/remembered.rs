//! How settings are remembered.

use registry_client::describe::{Describe, Members};
use registry_client::protocol::read::{Malformed, Node, Read, member};

use super::Settings;

impl Describe for Settings {
    /// What is remembered: all but the password.
    fn describe(&self, to: &mut dyn Members) {
        to.text("registryUrl", Some(&self.registry_url));
        to.text("stunUrl", Some(&self.stun_url));
        to.text("turnUrl", Some(&self.turn_url));
        to.text("turnUsername", Some(&self.turn_username));
        to.flag("relayOnly", self.relay_only);
        to.text("hostName", Some(&self.host_name));
        to.text("guestName", Some(&self.guest_name));
    }
}

impl Read for Settings {
    /// What is missing, of another version perhaps, is as in a fresh page.
    fn read(node: &impl Node, _: &'static str) -> Result<Self, Malformed> {
        let fresh = Self::default();
        let text = |name, fallback| member::<Option<String>>(node, name).map(|text| text.unwrap_or(fallback));
        Ok(Self {
            registry_url: text("registryUrl", fresh.registry_url)?,
            stun_url: text("stunUrl", fresh.stun_url)?,
            turn_url: text("turnUrl", fresh.turn_url)?,
            turn_username: text("turnUsername", fresh.turn_username)?,
            turn_credential: String::new(),
            relay_only: member::<Option<bool>>(node, "relayOnly")?.unwrap_or(fresh.relay_only),
            host_name: text("hostName", fresh.host_name)?,
            guest_name: text("guestName", fresh.guest_name)?,
        })
    }
}
