//! Debian's packages, where there is nothing better.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use anyhow::{Context, Result, anyhow};

use super::once::{Unavailable, once};
use crate::process::{output, step};
use crate::programs::{APT_GET, Program, SUDO, SYSTEMCTL, Source};

/// Whether this is Debian itself: other distributions that use its packages have other browsers in them.
pub fn is_debian() -> bool {
    fs::read_to_string("/etc/os-release").is_ok_and(|text| names_debian(&text))
}

fn names_debian(os_release: &str) -> bool {
    os_release.lines().any(|line| matches!(line, "ID=debian" | "ID=\"debian\""))
}

/// The path of the program. If it is missing and there is a package with it, that is installed.
pub fn program(program: &Program) -> Result<PathBuf> {
    if program.find().is_none()
        && let Source::Debian(package) | Source::Node(package) | Source::Download(package, ..) = program.source
    {
        install(&[package])?;
    }
    let Program { source, purpose, .. } = program;
    program.find().with_context(|| format!("{} is missing ({purpose}): {source}", program.name()))
}

/// The same, at most once: for other installers, which need programs themselves.
pub fn path(program: &Program) -> Result<&Path> {
    once(&program.place, || self::program(program)).map(PathBuf::as_path)
}

/// Installs packages, as root or through `sudo`.
/// The error is [`Unavailable`] if nothing may be installed here, and another one if the installation failed.
pub fn install(packages: &[&str]) -> Result<()> {
    /// Whether the package lists were read in this run. Locked during an installation, since apt-get allows only one.
    static LISTS_READ: Mutex<bool> = Mutex::new(false);
    let list = packages.join(" ");
    if APT_GET.find().is_none() {
        return Err(Unavailable(format!("cannot install {list}: there is no apt-get")).into());
    }
    let hint = || format!("cannot install Debian packages; as root run: apt-get update && apt-get install {list}");
    let mut lists_read = LISTS_READ.lock().map_err(|_| anyhow!("an earlier installation failed"))?;
    if !*lists_read {
        step("reading the list of Debian packages", apt_get()?.arg("update")).with_context(hint)?;
        *lists_read = true;
    }
    let mut install = apt_get()?;
    install.args(["install", "--yes", "--no-install-recommends"]).args(packages);
    step(&format!("installing Debian packages: {list}"), &mut install).with_context(hint)?;
    // Debian starts coturn at once, and open to the network. The tests start their own. In a container there is no systemd.
    if packages.contains(&"coturn") && Path::new("/run/systemd/system").exists() {
        let mut disable = as_root(&SYSTEMCTL)?;
        step("stopping the service coturn", disable.args(["disable", "--now", "coturn"]))?;
    }
    Ok(())
}

fn apt_get() -> Result<Command> {
    let mut apt_get = as_root(&APT_GET)?;
    apt_get.env("DEBIAN_FRONTEND", "noninteractive").args(["--option", "DPkg::Lock::Timeout=300"]);
    Ok(apt_get)
}

fn as_root(program: &Program) -> Result<Command> {
    #[cfg(unix)]
    if nix::unistd::Uid::effective().is_root() {
        return Ok(program.command());
    }
    if output(SUDO.command().args(["--non-interactive", "true"])).is_err() {
        let why = format!("no permission for {}: neither root nor sudo without a password", program.name());
        return Err(Unavailable(why).into());
    }
    let mut sudo = SUDO.command();
    sudo.args(["--non-interactive", "--preserve-env=DEBIAN_FRONTEND", program.name()]);
    Ok(sudo)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distributions_like_debian_are_not_debian() {
        assert!(names_debian("VERSION_ID=\"12\"\nID=debian\n"));
        assert!(!names_debian("ID=ubuntu\nID_LIKE=debian\n"));
    }
}
