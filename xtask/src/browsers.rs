//! The browsers of the tests: found, or installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use which::which;

use crate::debian;
use crate::process::{output, say};
use crate::programs::{CHROMEDRIVER, CHROMIUM, FIREFOX, HEADLESS_SHELL, NPX, packages};
use crate::workspace::Workspace;

/// A Chromium and the driver of the same version.
#[derive(Debug)]
pub struct Chromium {
    /// The browser.
    pub browser: PathBuf,
    /// The same without a window around the page, where it is to be had: it opens pages in half the time.
    pub headless: PathBuf,
    /// Its WebDriver server.
    pub driver: PathBuf,
}

const MAC_FIREFOX: &str = "/Applications/Firefox.app/Contents/MacOS/firefox";
const MAC_CHROMIUMS: [&str; 2] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
/// Downloads a browser and its driver where that is possible.
const INSTALLER: &str = "@puppeteer/browsers@2.10.5";

impl Chromium {
    /// Finds the browser and the driver, or installs them: Debian's packages on Debian, Chrome for Testing elsewhere.
    pub fn set_up(workspace: &Workspace) -> Result<Self> {
        let found = match Self::find() {
            Some(found) => Ok(found),
            None if debian::is_debian() => debian::install(&packages(&[&CHROMIUM, &CHROMEDRIVER, &HEADLESS_SHELL]))
                .and_then(|()| Self::find().context("the browser was installed but is not in PATH")),
            None => download(workspace, "browsers", ["chrome", "chrome-headless-shell", "chromedriver"])
                .map(|[browser, headless, driver]| Self { browser, headless, driver }),
        };
        let found = found.context(
            "no browser for the tests. Install Chromium (or Chrome) and the chromedriver of the same version so that \
             both are in PATH, or name them: CHROMIUM=… CHROMEDRIVER=…",
        )?;
        say(&format!("browser: {}", output(CHROMIUM.at(&found.browser).arg("--version"))?));
        Ok(found)
    }

    fn find() -> Option<Self> {
        let named = CHROMIUM.named_by("CHROMIUM");
        let mac = || MAC_CHROMIUMS.iter().find_map(|path| which(path).ok());
        let browser = named.clone().or_else(|| CHROMIUM.find()).or_else(mac)?;
        let driver = CHROMEDRIVER.named_by("CHROMEDRIVER").or_else(|| CHROMEDRIVER.find())?;
        let release = |mut program: Command| release_in(&output(program.arg("--version")).ok()?);
        let wanted = release(CHROMIUM.at(&browser));
        if release(CHROMEDRIVER.at(&driver)) != wanted {
            say(&format!("{} and {} are of different versions", browser.display(), driver.display()));
            return None;
        }
        let shell = HEADLESS_SHELL.find().filter(|shell| release(HEADLESS_SHELL.at(shell)) == wanted);
        let headless = named.or(shell).unwrap_or_else(|| browser.clone());
        Some(Self { browser, headless, driver })
    }
}

/// Finds a Firefox, or installs one: Debian's package on Debian, Mozilla's own elsewhere.
pub fn firefox(workspace: &Workspace) -> Result<PathBuf> {
    let found = || {
        let mac = || which(MAC_FIREFOX).ok();
        FIREFOX.named_by("FIREFOX").or_else(|| FIREFOX.find()).or_else(mac)
    };
    let firefox = match found() {
        Some(firefox) => Ok(firefox),
        None if debian::is_debian() => debian::install(&packages(&[&FIREFOX]))
            .and_then(|()| found().context("Firefox was installed but is not in PATH")),
        None => download(workspace, "firefox", ["firefox"]).map(|[firefox]| firefox),
    };
    let firefox =
        firefox.context("no Firefox for the tests: install it, so that it is in PATH, or name it: FIREFOX=…")?;
    say(&format!("browser: {}", output(FIREFOX.at(&firefox).arg("--version"))?));
    Ok(firefox)
}

/// Downloads these programs into a folder of the cache; the result is where each of them is.
fn download<const N: usize>(workspace: &Workspace, name: &str, programs: [&str; N]) -> Result<[PathBuf; N]> {
    let folder = workspace.cached(name, |folder| {
        for file in programs {
            let program = format!("{file}@stable");
            let mut npx = NPX.at(NPX.path()?);
            npx.args(["--yes", INSTALLER, "install", &program, "--format", "{{path}}", "--path"]).arg(folder);
            let path = output(&mut npx).with_context(|| format!("{program} could not be downloaded"))?;
            let path = path.lines().last().unwrap_or_default();
            let inside = Path::new(path).strip_prefix(folder).context("the download went elsewhere")?;
            fs::write(folder.join(format!("{file}.path")), inside.to_string_lossy().as_bytes())?;
        }
        Ok(())
    })?;
    let mut paths = programs.map(|_| PathBuf::new());
    for (path, file) in paths.iter_mut().zip(programs) {
        let inside = fs::read_to_string(folder.join(format!("{file}.path"))).context("incomplete download")?;
        *path = folder.join(inside);
    }
    Ok(paths)
}

/// The major number of the first version in a line such as `Chromium 156.0.8078.73 built on …`.
fn release_in(line: &str) -> Option<u32> {
    let versions = line.split_whitespace().filter_map(|word| word.split_once('.'));
    versions.filter_map(|(major, _)| major.parse().ok()).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browser_and_driver_are_compared_by_major_version() {
        assert_eq!(release_in("Chromium 156.0.8078.73 built on Debian GNU/Linux 12 (bookworm)"), Some(156));
        assert_eq!(release_in("ChromeDriver 156.0.8078.73 (4b4dd82-refs/branch-heads/8078@{#1})"), Some(156));
        assert_eq!(release_in("Google Chrome for Testing"), None);
    }
}
