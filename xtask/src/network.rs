//! Network namespaces for tests, with nothing but loopback.

use std::process::Command;
use std::sync::OnceLock;

use anyhow::Result;

use crate::process::output;
use crate::programs::{IP, NFT, NSENTER, SH, UNSHARE};
use crate::setup::{Unavailable, once};

/// Installs the tools, and finds out which flag of unshare is permitted: that for root, or that for root of a user namespace.
/// It is [`Unavailable`] if there is none.
pub fn flag() -> Result<&'static str> {
    static FLAG: OnceLock<Result<&str>> = OnceLock::new();
    let find = || {
        UNSHARE.set_up()?;
        IP.set_up()?;
        let works = |flag: &&str| output(UNSHARE.command().args([flag, SH.name(), "-c", "ip link set lo up"])).is_ok();
        let found = ["-n", "-rn"].into_iter().find(works);
        found.ok_or_else(|| Unavailable("no permission for a network namespace".to_owned()).into())
    };
    once(&FLAG, find).copied()
}

/// Installs the tools to drop packets, and tries them: not every kernel has bridges, or rules for them. Without, dropping is
/// [`Unavailable`].
pub fn can_fail() -> Result<()> {
    NFT.set_up()?;
    NSENTER.set_up()?;
    let mut trial = SH.command();
    trial.args(["-c", "ip link add switch type bridge && nft add table bridge faults"]);
    let refused = |error| Unavailable(format!("this kernel cannot drop packets on a bridge: {error}"));
    output(&mut around(&trial)?).map(drop).map_err(|error| refused(error).into())
}

/// The same program in a namespace, with the variable `OWN_NETWORK`.
pub fn around(program: &Command) -> Result<Command> {
    let mut unshare = UNSHARE.command();
    unshare.args([flag()?, SH.name(), "-c", "ip link set lo up && exec \"$@\"", SH.name()]);
    unshare.arg(program.get_program()).args(program.get_args()).env("OWN_NETWORK", "1");
    Ok(unshare)
}
