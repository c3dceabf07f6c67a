//! What this machine has, and what is installed into it: each thing once, by whoever needs it first, or ahead of that in
//! the background.

use std::error::Error;
use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;
use std::sync::OnceLock;
use std::thread::{self, Scope};

use anyhow::{Result, anyhow};
use clap::ValueEnum;

use crate::browsers::{self, Chromium};
use crate::cargo_tools;
use crate::debian;
use crate::network::Network;
use crate::npm::Npm;
use crate::part::Need;
use crate::process::say;
use crate::programs::{CLIPPY, GIT, RUSTFMT, TURNSERVER};
use crate::python;
use crate::toolchain::{self, Toolchain};
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

/// Everything that the commands work with besides a native compiler.
#[derive(Debug)]
pub struct Tools<'a> {
    /// The checkout.
    pub workspace: &'a Workspace,
    toolchain: Once<Toolchain>,
    wasm_bindgen: Once<PathBuf>,
    wasm_test_runner: Once<PathBuf>,
    npm: Once<Npm>,
    trunk: Once<PathBuf>,
    wrangler: Once<Npm>,
    chromium: Once<Chromium>,
    firefox: Once<PathBuf>,
    geckodriver: Once<PathBuf>,
    python: Once<PathBuf>,
    network: Once<Network>,
}

impl<'a> Tools<'a> {
    /// Nothing is set up yet.
    pub fn new(workspace: &'a Workspace) -> Self {
        Self {
            workspace,
            toolchain: Once::default(),
            wasm_bindgen: Once::default(),
            wasm_test_runner: Once::default(),
            npm: Once::default(),
            trunk: Once::default(),
            wrangler: Once::default(),
            chromium: Once::default(),
            firefox: Once::default(),
            geckodriver: Once::default(),
            python: Once::default(),
            network: Once::default(),
        }
    }

    /// A compiler for WebAssembly.
    pub fn toolchain(&self) -> Result<&Toolchain> {
        self.toolchain.get(|| Toolchain::set_up(self.workspace))
    }

    /// wasm-bindgen.
    pub fn wasm_bindgen(&self) -> Result<&PathBuf> {
        self.wasm_bindgen.get(|| cargo_tools::wasm_bindgen(self.workspace))
    }

    /// What runs WebAssembly tests in a browser.
    pub fn wasm_test_runner(&self) -> Result<&PathBuf> {
        self.wasm_test_runner.get(|| cargo_tools::wasm_test_runner(self.workspace))
    }

    /// Node and the npm tools.
    pub fn npm(&self) -> Result<&Npm> {
        self.npm.get(|| Npm::set_up(self.workspace, ""))
    }

    /// Trunk.
    pub fn trunk(&self) -> Result<&PathBuf> {
        self.trunk.get(|| cargo_tools::trunk(self.workspace))
    }

    /// The npm packages with wrangler. They weigh 200 MB, and only whoever wants a Worker needs them.
    pub fn wrangler(&self) -> Result<&Npm> {
        self.wrangler.get(|| Npm::set_up(self.workspace, worker::FOLDER))
    }

    /// A Chromium.
    pub fn chromium(&self) -> Result<&Chromium> {
        self.chromium.get(|| Chromium::set_up(self.workspace))
    }

    /// A Firefox.
    pub fn firefox(&self) -> Result<&PathBuf> {
        self.firefox.get(|| browsers::firefox(self.workspace))
    }

    /// Firefox's WebDriver server.
    pub fn geckodriver(&self) -> Result<&PathBuf> {
        self.geckodriver.get(|| cargo_tools::geckodriver(self.workspace))
    }

    /// A Python with schemathesis.
    pub fn python(&self) -> Result<&PathBuf> {
        self.python.get(|| python::set_up(self.workspace))
    }

    /// A network of its own.
    pub fn network(&self) -> Result<&Network> {
        self.network.get(Network::set_up)
    }

    /// Finds or installs what the need is.
    ///
    /// # Errors
    /// It is not there: [`Unavailable`] if it cannot be had.
    pub fn check(&self, need: Need) -> Result<()> {
        match need {
            Need::Rustfmt => toolchain::component(&RUSTFMT),
            Need::Clippy => toolchain::component(&CLIPPY),
            Need::Git => debian::have(&[&GIT]),
            Need::Wasm => self.toolchain().map(drop),
            Need::WasmBindgen => self.wasm_bindgen().and(self.wasm_test_runner()).map(drop),
            Need::Npm => self.npm().map(drop),
            Need::Page => self.require(&OF_THE_PAGE),
            Need::Chromium => self.chromium().map(drop),
            Need::Firefox => self.firefox().map(drop),
            Need::Geckodriver => self.geckodriver().map(drop),
            Need::Python => self.python().map(drop),
            Need::Wrangler => self.wrangler().map(drop),
            Need::Network => self.network().map(drop),
            Need::Faults => self.network()?.can_fail(),
            Need::Relay => debian::have(&[&TURNSERVER]),
            Need::Trunk => self.trunk().map(drop),
        }
    }

    /// Whether all of it is there.
    ///
    /// # Errors
    /// Something is not: [`Unavailable`] only if nothing that should be there is missing as well.
    pub fn require(&self, needs: &[Need]) -> Result<()> {
        worst(needs.iter().map(|need| self.check(*need)))
    }

    /// Sets up what the needs are in the background; whoever wants one of them meanwhile waits for it.
    pub fn prepare<'scope>(&'scope self, scope: &'scope Scope<'scope, '_>, needs: impl IntoIterator<Item = Need>) {
        for need in needs {
            match need {
                Need::Page => self.prepare(scope, OF_THE_PAGE),
                need => drop(scope.spawn(move || self.check(need))),
            }
        }
    }
}

/// What makes the page.
const OF_THE_PAGE: [Need; 4] = [Need::Wasm, Need::WasmBindgen, Need::Npm, Need::Trunk];

/// Installs everything that any test needs, and says what is not to be had.
///
/// # Errors
/// Something should be to be had and is not.
pub fn everything(tools: &Tools<'_>) -> Result<()> {
    let needs = Need::value_variants();
    thread::scope(|scope| tools.prepare(scope, needs.iter().copied()));
    tools.require(needs).or_else(|error| if error.is::<Unavailable>() { Ok(()) } else { Err(error) })
}

/// Something that is set up at most once. What goes wrong is said at once, and to all who ask.
#[derive(Debug)]
struct Once<T>(OnceLock<Result<T>>);

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self(OnceLock::new())
    }
}

impl<T> Once<T> {
    fn get(&self, set_up: impl FnOnce() -> Result<T>) -> Result<&T> {
        let result = self.0.get_or_init(|| set_up().inspect_err(|error| say(&format!("set-up: {error:#}"))));
        result.as_ref().map_err(|error| match error.downcast_ref::<Unavailable>() {
            Some(unavailable) => unavailable.clone().into(),
            None => anyhow!("the set-up failed: {error:#}"),
        })
    }
}

/// The first failure, or else the first that cannot be had: what is skipped must not hide what is broken.
fn worst(results: impl Iterator<Item = Result<()>>) -> Result<()> {
    let (unavailable, failed): (Vec<_>, Vec<_>) =
        results.filter_map(Result::err).partition(|error| error.is::<Unavailable>());
    failed.into_iter().chain(unavailable).next().map_or(Ok(()), Err)
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
        let missing = Once::<()>::default();
        let _ = missing.get(|| unavailable("no permission").context("no browser"));
        let again = missing.get(|| panic!("it was tried before")).unwrap_err();
        assert_eq!(again.downcast::<Unavailable>().unwrap().0, "no permission");
        let failed = Once::<()>::default();
        assert!(!failed.get(|| Err(anyhow!("apt-get failed"))).unwrap_err().is::<Unavailable>());
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
