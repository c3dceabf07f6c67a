//! Debian's packages, where there is nothing better.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

use anyhow::{Context, Result};

use crate::process::{output, quietly};
use crate::programs::{APT_GET, Program, SUDO, SYSTEMCTL};
use crate::setup::Unavailable;

/// Whether `apt-get` has read the package lists in this run; held while it works, since it runs only one at a time.
static LISTS_READ: Mutex<bool> = Mutex::new(false);

/// Whether this is Debian itself: other distributions that use its packages have other browsers in them.
pub fn is_debian() -> bool {
    fs::read_to_string("/etc/os-release").is_ok_and(|text| names_debian(&text))
}

fn names_debian(os_release: &str) -> bool {
    os_release.lines().any(|line| matches!(line, "ID=debian" | "ID=\"debian\""))
}

/// Installs packages, as root or through `sudo`.
///
/// # Errors
/// [`Unavailable`] where nothing may be installed; any other where it may, and could not be.
pub fn install(packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    let way = way(APT_GET.find().is_some(), is_root, may_sudo)
        .map_err(|why| Unavailable(format!("cannot install {list}: {why}")))?;
    let hint = || format!("cannot install Debian packages; as root run: apt-get update && apt-get install {list}");
    let mut lists_read = LISTS_READ.lock().map_err(|_| anyhow::anyhow!("an earlier installation failed"))?;
    if !*lists_read {
        quietly("reading the list of Debian packages", apt(way).arg("update")).with_context(hint)?;
        *lists_read = true;
    }
    let mut install = apt(way);
    install.args(["install", "--yes", "--no-install-recommends"]).args(packages);
    quietly(&format!("installing Debian packages: {list}"), &mut install).with_context(hint)?;
    SERVICES.iter().filter(|service| packages.contains(service)).try_for_each(|service| end_service(way, service))
}

/// Packages whose program Debian starts at once, and with the machine from then on, open to the network. The tests start
/// their own, and nobody has asked for another.
const SERVICES: [&str; 1] = ["coturn"];

fn end_service(way: Way, service: &str) -> Result<()> {
    // There it is where systemd runs the machine, which it does not in a container.
    if !Path::new("/run/systemd/system").exists() {
        return Ok(());
    }
    let mut disable = way.command(&SYSTEMCTL);
    quietly(&format!("ending the service {service}"), disable.args(["disable", "--now", service]))
}

fn apt(way: Way) -> Command {
    let mut apt = way.command(&APT_GET);
    apt.env("DEBIAN_FRONTEND", "noninteractive").args(["--option", "DPkg::Lock::Timeout=300"]);
    apt
}

/// As whom packages are installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Root,
    Sudo,
}

impl Way {
    fn command(self, program: &Program) -> Command {
        match self {
            Self::Root => program.command(),
            Self::Sudo => {
                let mut sudo = SUDO.command();
                sudo.args(["--non-interactive", "--preserve-env=DEBIAN_FRONTEND", program.name()]);
                sudo
            }
        }
    }
}

/// The way to install packages, or why there is none. What goes wrong on the way is another matter: then something that
/// should be there is not.
fn way(apt: bool, root: impl FnOnce() -> bool, sudo: impl FnOnce() -> bool) -> Result<Way, &'static str> {
    match apt {
        false => Err("there is no apt-get here"),
        true if root() => Ok(Way::Root),
        true if sudo() => Ok(Way::Sudo),
        true => Err("no permission: neither root nor sudo without a password"),
    }
}

fn is_root() -> bool {
    #[cfg(unix)]
    return nix::unistd::Uid::effective().is_root();
    #[cfg(not(unix))]
    false
}

fn may_sudo() -> bool {
    output(SUDO.command().args(["--non-interactive", "true"])).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_installed_is_installed_as_root_or_through_sudo() {
        assert_eq!(way(true, || true, || panic!("root needs no sudo")), Ok(Way::Root));
        assert_eq!(way(true, || false, || true), Ok(Way::Sudo));
    }

    #[test]
    fn without_apt_or_permission_there_is_no_way() {
        assert_eq!(way(false, || true, || true), Err("there is no apt-get here"));
        assert!(way(true, || false, || false).unwrap_err().starts_with("no permission"));
    }

    #[test]
    fn debian_is_not_what_is_merely_like_it() {
        assert!(names_debian("VERSION_ID=\"12\"\nID=debian\n"));
        assert!(!names_debian("ID=ubuntu\nID_LIKE=debian\n"));
    }
}
