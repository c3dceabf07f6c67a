//! Browsers for the tests where the distribution has none: Chrome for Testing and Mozilla's Firefox.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::debian;
use crate::process::output;
use crate::programs::{CHROMIUM, HEADLESS_SHELL, NPX};
use crate::workspace::cached;

/// What downloads them.
const INSTALLER: &str = "@puppeteer/browsers@2.10.5";

/// A program that can be downloaded, and which others with it, so that they are of one version.
#[derive(Debug)]
pub struct Download {
    name: &'static str,
    together: &'static [&'static str],
}

const OF_CHROME: &[&str] = &["chrome", "chrome-headless-shell", "chromedriver"];

/// Chrome for Testing.
pub static CHROME: Download = Download { name: "chrome", together: OF_CHROME };
/// The same without windows.
pub static SHELL: Download = Download { name: "chrome-headless-shell", together: OF_CHROME };
/// Its driver.
pub static CHROMEDRIVER: Download = Download { name: "chromedriver", together: OF_CHROME };
/// Firefox.
pub static FIREFOX: Download = Download { name: "firefox", together: &["firefox"] };

impl Download {
    /// Where the program is in the cache, after it was downloaded if it was missing.
    pub fn program(&self) -> Result<PathBuf> {
        let folder = cached(&self.together.join("-"), |folder| {
            self.together.iter().try_for_each(|program| {
                let mut npx = NPX.installed()?;
                npx.args(["--yes", INSTALLER, "install", &format!("{program}@stable"), "--format", "{{path}}"]);
                let path = output(npx.arg("--path").arg(folder))
                    .with_context(|| format!("{program} could not be downloaded; name your own in the environment"))?;
                let path = path.lines().last().unwrap_or_default();
                let inside = Path::new(path).strip_prefix(folder).context("the download went elsewhere")?;
                Ok(fs::write(folder.join(format!("{program}.path")), inside.to_string_lossy().as_bytes())?)
            })
        })?;
        let inside = fs::read_to_string(folder.join(format!("{}.path", self.name))).context("incomplete download")?;
        Ok(folder.join(inside))
    }
}

/// The Chromium for tests that need no window: one without windows opens pages in half the time. Whoever has a Chromium on
/// another system than Debian keeps that.
pub fn headless() -> Result<&'static Path> {
    let chosen = env::var_os("CHROMIUM").is_some();
    let wanted = HEADLESS_SHELL.find().is_some() || debian::is_debian() || CHROMIUM.find().is_none();
    let shell = if wanted && !chosen { HEADLESS_SHELL.path().ok() } else { None };
    shell.map_or_else(|| CHROMIUM.path(), Ok)
}
