//! Installs what is missing, the slow parts side by side.

use std::error::Error;
use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;
use std::thread;

use anyhow::{Result, anyhow, bail};

use crate::debian;
use crate::network::Network;
use crate::page::Tools;
use crate::part::Need;
use crate::process::say;
use crate::programs::{CLIPPY, GIT, RUSTFMT, TURNSERVER};
use crate::python;
use crate::toolchain::{self, Toolchain};
use crate::tools::{self, Browser, Npm, WasmBindgen};
use crate::worker;
use crate::workspace::Workspace;

/// Something cannot be had on this machine, and why: there is no way to install it, or no permission to use it. Tests that
/// need it are skipped. Whatever else goes wrong in a set-up is an error of another type, and makes them fail.
#[derive(Clone, Debug)]
pub struct Unavailable(pub String);

impl Display for Unavailable {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Unavailable {}

/// Everything that makes a page. `toolchain_ready` goes on in the toolchain's thread while the others still install.
pub fn page_tools(
    workspace: &Workspace,
    toolchain_ready: impl FnOnce(&Toolchain) -> Result<()> + Send,
) -> Result<Tools> {
    workspace.check_cache()?;
    thread::scope(|scope| {
        let toolchain = scope.spawn(|| {
            let toolchain = Toolchain::set_up(workspace)?;
            toolchain_ready(&toolchain)?;
            Ok(toolchain)
        });
        let bindgen = scope.spawn(|| WasmBindgen::set_up(workspace));
        let npm = scope.spawn(|| Npm::set_up(workspace, ""));
        let (toolchain, bindgen, npm) = (join(toolchain), join(bindgen), join(npm));
        Ok(Tools { toolchain: toolchain?, bindgen: bindgen?, npm: npm? })
    })
}

/// What makes a page and a Worker, and the packages with wrangler in them: those weigh 200 MB, so that they are installed
/// by whoever wants a Worker.
pub fn worker_tools(workspace: &Workspace) -> Result<(Tools, Npm)> {
    let tools = page_tools(workspace, |_| Ok(()))?;
    Ok((tools, Npm::set_up(workspace, worker::FOLDER)?))
}

/// A compiler for the target and nothing else.
pub fn toolchain(workspace: &Workspace) -> Result<Toolchain> {
    workspace.check_cache()?;
    Toolchain::set_up(workspace)
}

/// Installs everything that any test needs, and says what is not to be had.
///
/// # Errors
/// Something should be to be had and is not.
pub fn everything(workspace: &Workspace) -> Result<()> {
    let ready = Ready::set_up(workspace, &Need::ALL);
    ready.require(&Need::ALL).or_else(|error| if error.is::<Unavailable>() { Ok(()) } else { Err(error) })
}

/// What was asked for, each as it was found or installed, or why it is not there.
pub struct Ready {
    tools: Result<Tools>,
    browser: Result<Browser>,
    firefox: Result<PathBuf>,
    geckodriver: Result<PathBuf>,
    python: Result<PathBuf>,
    network: Result<Network>,
    /// What there is no more to know of than that it is there.
    others: Vec<(Need, Result<()>)>,
}

impl Ready {
    /// Finds or installs what the needs are.
    pub fn set_up(workspace: &Workspace, needs: &[Need]) -> Self {
        let setting_up = SettingUp { workspace, needs };
        thread::scope(|scope| {
            let tools = scope.spawn(|| setting_up.the(Need::Page, || page_tools(workspace, |_| Ok(()))));
            let browser = scope.spawn(|| setting_up.the(Need::Chromium, || Browser::set_up(workspace)));
            let firefox = scope.spawn(|| setting_up.the(Need::Firefox, || tools::firefox(workspace)));
            let python = scope.spawn(|| setting_up.the(Need::Python, || python::set_up(workspace)));
            let network = setting_up.the(Need::Network, Network::set_up);
            let other = |need: Need, set_up: &dyn Fn() -> Result<()>| (need, setting_up.the(need, set_up));
            let mut others = vec![
                other(Need::Git, &|| debian::have(&[&GIT])),
                other(Need::Faults, &|| again(&network)?.can_fail()),
                other(Need::Relay, &|| debian::have(&[&TURNSERVER])),
            ];
            let tools = join(tools);
            // Debian's compiler, with which the page may be made, brings what the others need.
            others.extend([
                other(Need::Rustfmt, &|| toolchain::component(&RUSTFMT)),
                other(Need::Clippy, &|| toolchain::component(&CLIPPY)),
                other(Need::Wrangler, &|| Npm::set_up(workspace, worker::FOLDER).map(drop)),
            ]);
            let geckodriver = setting_up.the(Need::Geckodriver, || tools::geckodriver(workspace));
            let (browser, firefox, python) = (join(browser), join(firefox), join(python));
            Self { tools, browser, firefox, geckodriver, python, network, others }
        })
    }

    /// Whether all of it is there.
    ///
    /// # Errors
    /// Something is not: [`Unavailable`] only if nothing that should be there is missing as well.
    pub fn require(&self, needs: &[Need]) -> Result<()> {
        worst(needs.iter().map(|need| self.check(*need)))
    }

    /// Whether it is there.
    ///
    /// # Errors
    /// It is not: [`Unavailable`] if it cannot be had.
    pub fn check(&self, need: Need) -> Result<()> {
        match need {
            Need::Page => self.tools().map(drop),
            Need::Chromium => self.browser().map(drop),
            Need::Firefox => self.firefox().map(drop),
            Need::Geckodriver => self.geckodriver().map(drop),
            Need::Python => self.python().map(drop),
            Need::Network => again(&self.network).map(drop),
            other => self.others.iter().filter(|(need, _)| *need == other).try_for_each(|(_, it)| again(it).map(drop)),
        }
    }

    /// What makes a page.
    pub fn tools(&self) -> Result<&Tools> {
        again(&self.tools)
    }

    /// A Chromium.
    pub fn browser(&self) -> Result<&Browser> {
        again(&self.browser)
    }

    /// A Firefox.
    pub fn firefox(&self) -> Result<&PathBuf> {
        again(&self.firefox)
    }

    /// Firefox's WebDriver server.
    pub fn geckodriver(&self) -> Result<&PathBuf> {
        again(&self.geckodriver)
    }

    /// A Python with schemathesis.
    pub fn python(&self) -> Result<&PathBuf> {
        again(&self.python)
    }

    /// A network of its own, if there is one.
    pub fn network(&self) -> Option<&Network> {
        self.network.as_ref().ok()
    }
}

/// The error once more; it cannot be had twice.
fn again<T>(result: &Result<T>) -> Result<&T> {
    result.as_ref().map_err(|error| match error.downcast_ref::<Unavailable>() {
        Some(unavailable) => unavailable.clone().into(),
        None => anyhow!("the set-up failed; its message is at the top"),
    })
}

/// The first failure, or else the first that cannot be had: what is skipped must not hide what is broken.
fn worst(results: impl Iterator<Item = Result<()>>) -> Result<()> {
    let (unavailable, failed): (Vec<_>, Vec<_>) =
        results.filter_map(Result::err).partition(|error| error.is::<Unavailable>());
    failed.into_iter().chain(unavailable).next().map_or(Ok(()), Err)
}

struct SettingUp<'a> {
    workspace: &'a Workspace,
    needs: &'a [Need],
}

impl SettingUp<'_> {
    /// Sets it up if it is needed, and says what goes wrong.
    fn the<T>(&self, need: Need, set_up: impl FnOnce() -> Result<T>) -> Result<T> {
        if !self.needs.contains(&need) {
            bail!("{} was not asked for", need.name());
        }
        self.workspace.check_cache().and_then(|()| set_up()).inspect_err(|error| match error.is::<Unavailable>() {
            true => say(&format!("{} cannot be had: {error:#}", need.name())),
            false => say(&format!("set-up failed: {error:#}")),
        })
    }
}

/// The thread's result; a panic in it becomes an error.
pub fn join<T>(thread: thread::ScopedJoinHandle<'_, Result<T>>) -> Result<T> {
    match thread.join() {
        Ok(result) => result,
        Err(_) => bail!("a set-up step panicked; its message is above"),
    }
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    fn unavailable<T>(why: &str) -> Result<T> {
        Err(Unavailable(why.to_owned()).into())
    }

    #[test]
    fn what_cannot_be_had_stays_so_when_it_is_told_again_and_what_failed_is_a_failure() {
        let missing = unavailable::<()>("no permission").context("no browser");
        assert_eq!(again(&missing).unwrap_err().downcast::<Unavailable>().unwrap().0, "no permission");
        let failed: Result<()> = Err(anyhow!("apt-get failed"));
        assert!(!again(&failed).unwrap_err().is::<Unavailable>());
    }

    #[test]
    fn what_cannot_be_had_does_not_hide_what_failed() {
        let error = worst([Ok(()), unavailable("no Firefox"), Err(anyhow!("apt-get failed"))].into_iter());
        assert_eq!(error.unwrap_err().to_string(), "apt-get failed");
        let error = worst([unavailable("no Firefox"), Ok(())].into_iter()).unwrap_err();
        assert!(error.is::<Unavailable>());
        assert!(worst([Ok(()), Ok(())].into_iter()).is_ok());
    }
}
