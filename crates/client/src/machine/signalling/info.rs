//! What becomes known of the room later.

use registry_protocol::{JoinCodeResponse, UserName};

use super::Signalling;
use crate::machine::context::Context;
use crate::machine::effect::Effect;
use crate::types::state::Role;

impl Signalling {
    /// The room has another join code.
    pub(in crate::machine) fn set_join_code(&mut self, cx: &mut Context, response: JoinCodeResponse) {
        (self.info.join_code, self.info.expires_at) = (Some(response.join_code), response.expires_at);
        cx.push(Effect::SetRoom(Box::new(self.info.clone())));
    }

    /// The peer has said its user name. That of a host is known from the Registry.
    pub(in crate::machine) fn set_peer_name(&mut self, cx: &mut Context, name: &UserName) {
        let known = match self.info.role {
            Role::Host => &mut self.info.guest_user_name,
            Role::Guest => &mut self.info.host_user_name,
        };
        if known.is_none() {
            *known = Some(name.clone());
            cx.push(Effect::SetRoom(Box::new(self.info.clone())));
        }
    }
}
