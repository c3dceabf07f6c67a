//! Debian's packages, where there is nothing better.

use std::process::Command;
use std::sync::Mutex;
use std::{env, fs};

use anyhow::{Context, Result, bail};

use crate::process::{command, output, quietly, which};

/// Whether `apt-get` has read the package lists in this run; held while it works, since it runs only one at a time.
static LISTS_READ: Mutex<bool> = Mutex::new(false);

/// The distribution's `ID` in `/etc/os-release`.
pub fn distribution() -> String {
    fs::read_to_string("/etc/os-release").map(|text| id_of(&text)).unwrap_or_default()
}

/// Whether packages can be installed with `apt-get`.
pub fn has_apt() -> bool {
    which("apt-get").is_some()
}

/// Installs packages, as root or through `sudo`.
pub fn install(packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    let hint = || format!("cannot install Debian packages; as root run: apt-get update && apt-get install {list}");
    let mut lists_read = LISTS_READ.lock().map_err(|_| anyhow::anyhow!("an earlier installation failed"))?;
    if !*lists_read {
        quietly("reading the list of Debian packages", apt()?.arg("update")).with_context(hint)?;
        *lists_read = true;
    }
    let mut install = apt()?;
    install.args(["install", "--yes", "--no-install-recommends"]).args(packages);
    quietly(&format!("installing Debian packages: {list}"), &mut install).with_context(hint)
}

fn apt() -> Result<Command> {
    let mut apt = match who() {
        Who::Root => command("apt-get"),
        Who::Sudo => {
            let mut sudo = command("sudo");
            sudo.args(["--non-interactive", "--preserve-env=DEBIAN_FRONTEND", "apt-get"]);
            sudo
        }
        Who::Nobody => bail!("no permission to install: neither root nor sudo without a password"),
    };
    apt.env("DEBIAN_FRONTEND", "noninteractive").args(["--option", "DPkg::Lock::Timeout=300"]);
    Ok(apt)
}

enum Who {
    Root,
    Sudo,
    Nobody,
}

fn who() -> Who {
    if env::consts::OS == "linux" && output(command("id").arg("-u")).is_ok_and(|id| id == "0") {
        return Who::Root;
    }
    match output(command("sudo").args(["--non-interactive", "true"])) {
        Ok(_) => Who::Sudo,
        Err(_) => Who::Nobody,
    }
}

fn id_of(os_release: &str) -> String {
    let line = os_release.lines().find_map(|line| line.strip_prefix("ID="));
    line.unwrap_or_default().trim_matches('"').to_owned()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_distribution_is_its_id_and_no_other_line() {
        assert_eq!(super::id_of("VERSION_ID=\"12\"\nID_LIKE=x\nID=debian\n"), "debian");
        assert_eq!(super::id_of("ID=\"ubuntu\"\n"), "ubuntu");
        assert_eq!(super::id_of(""), "");
    }
}
