//! Downloads of browsers for systems other than Debian: Chrome for Testing and Firefox.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::debian;
use crate::process::output;
use crate::programs::{CHROMIUM, HEADLESS_SHELL, NPX};
use crate::workspace::cached;

/// The npm package that downloads them.
const INSTALLER: &str = "@puppeteer/browsers@2.10.5";

/// A program, and which others are downloaded together with it so that their versions match.
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
    /// The path of the program in the cache. It is downloaded if it is missing.
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

/// The Chromium for end-to-end tests: the headless shell if possible, which opens pages in half the time.
pub fn headless() -> Result<&'static Path> {
    let chosen = env::var_os("CHROMIUM").is_some();
    let wanted = HEADLESS_SHELL.find().is_some() || debian::is_debian() || CHROMIUM.find().is_none();
    let shell = if wanted && !chosen { HEADLESS_SHELL.path().ok() } else { None };
    shell.map_or_else(|| CHROMIUM.path(), Ok)
}
