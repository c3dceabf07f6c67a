//! A network of its own for tests: a namespace with nothing but loopback.

use std::process::Command;

use anyhow::Result;

use crate::debian;
use crate::process::output;
use crate::programs::{IP, NFT, NSENTER, SH, UNSHARE};
use crate::setup::Unavailable;

/// How such a network can be had: as root, or as root of a namespace of users.
#[derive(Debug)]
pub struct Network(&'static str);

impl Network {
    /// Installs what it takes, and finds out which way is permitted.
    ///
    /// # Errors
    /// [`Unavailable`] where neither is.
    pub fn set_up() -> Result<Self> {
        debian::have(&[&UNSHARE, &IP])?;
        let works =
            |flags: &&str| output(UNSHARE.command().args([flags, SH.name(), "-c", "ip link set lo up"])).is_ok();
        let found = ["-n", "-rn"].into_iter().find(works);
        Ok(Self(found.ok_or_else(|| Unavailable("no permission for a network namespace".to_owned()))?))
    }

    /// Installs what makes networks fail, and tries it: not every kernel has bridges, or rules for them.
    ///
    /// # Errors
    /// [`Unavailable`] where it has not.
    pub fn can_fail(&self) -> Result<()> {
        debian::have(&[&NFT, &NSENTER])?;
        let mut trial = SH.command();
        trial.args(["-c", "ip link add switch type bridge && nft add table bridge faults"]);
        let refused = |error| Unavailable(format!("this kernel makes no network that fails: {error}"));
        output(&mut self.around(&trial)).map(drop).map_err(|error| refused(error).into())
    }

    /// The same program in such a network, which is told so.
    pub fn around(&self, program: &Command) -> Command {
        let mut unshare = UNSHARE.command();
        unshare.args([self.0, SH.name(), "-c", "ip link set lo up && exec \"$@\"", SH.name()]);
        unshare.arg(program.get_program()).args(program.get_args()).env("OWN_NETWORK", "1");
        unshare
    }
}
