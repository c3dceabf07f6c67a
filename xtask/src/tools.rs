//! The programs besides the compiler: wasm-bindgen, the npm tools and the browser.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, bail};

use crate::debian;
use crate::hash;
use crate::process::{output, quietly, say};
use crate::programs::{
    CARGO, CHROMEDRIVER, CHROMIUM, FIREFOX, GECKODRIVER, HEADLESS_SHELL, NODE, NPM, NPX, Program, WASM_BINDGEN,
    WASM_TEST_RUNNER, is_program, packages,
};
use crate::workspace::Workspace;

/// The programs of wasm-bindgen-cli, of exactly the version in `Cargo.lock`.
pub struct WasmBindgen {
    /// Makes the JavaScript glue.
    pub bindgen: PathBuf,
    /// Runs wasm tests in a browser.
    pub test_runner: PathBuf,
}

impl WasmBindgen {
    /// Finds the programs in `PATH` or the cache, or builds them with cargo.
    pub fn set_up(workspace: &Workspace) -> Result<Self> {
        let version = workspace.locked_version("wasm-bindgen")?;
        if let Some(found) = Self::in_path(&version) {
            return Ok(found);
        }
        let name = format!("wasm-bindgen-{version}");
        let folder = workspace.cached(&name, |scratch| install_bindgen(workspace, &version, scratch))?.join("bin");
        let program = |name: &str| folder.join(format!("{name}{}", env::consts::EXE_SUFFIX));
        Ok(Self { bindgen: program("wasm-bindgen"), test_runner: program("wasm-bindgen-test-runner") })
    }

    fn in_path(version: &str) -> Option<Self> {
        let found = Self { bindgen: WASM_BINDGEN.find()?, test_runner: WASM_TEST_RUNNER.find()? };
        let fits = |mut program: Command| {
            output(program.arg("--version")).is_ok_and(|line| line.split_whitespace().nth(1) == Some(version))
        };
        (fits(WASM_BINDGEN.at(&found.bindgen)) && fits(WASM_TEST_RUNNER.at(&found.test_runner))).then_some(found)
    }
}

/// Without `--locked`: the lock file that comes with the package names versions that an index may lack.
fn install_bindgen(workspace: &Workspace, version: &str, folder: &Path) -> Result<()> {
    let programs = ["--no-default-features", "--bin", "wasm-bindgen", "--bin", "wasm-bindgen-test-runner"];
    cargo_install(workspace, "wasm-bindgen-cli", version, &programs, folder)
}

/// Builds a program unoptimised: that takes a third of the time, and those that are built so run for moments.
fn cargo_install(workspace: &Workspace, package: &str, version: &str, flags: &[&str], folder: &Path) -> Result<()> {
    let build = workspace.cache.join(format!("build-{package}-{version}"));
    let mut cargo = CARGO.command();
    cargo
        .args(["install", package, "--version", version])
        .args(flags)
        .arg("--root")
        .arg(folder)
        .env("CARGO_TARGET_DIR", &build)
        .envs([("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"), ("CARGO_PROFILE_RELEASE_LTO", "off")])
        .envs([("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"), ("CARGO_PROFILE_RELEASE_DEBUG", "0")])
        .env("CARGO_PROFILE_RELEASE_STRIP", "true")
        .current_dir(&workspace.cache);
    quietly(&format!("building {package} {version} (a minute or two, once)"), &mut cargo)
        .with_context(|| format!("{package} could not be built; is the crate registry reachable?"))?;
    fs::remove_dir_all(build).with_context(|| format!("cannot remove the build folder of {package}"))
}

/// The npm packages of a `package-lock.json`, with Node.
pub struct Npm {
    node: PathBuf,
    modules: PathBuf,
}

impl Npm {
    /// Installs the packages that a folder of the checkout names, if its lock file changed since they were installed.
    pub fn set_up(workspace: &Workspace, folder: &str) -> Result<Self> {
        let node = node()?;
        let folder = workspace.root.join(folder);
        let modules = folder.join("node_modules");
        let lock_file = fs::read(folder.join("package-lock.json")).context("cannot read package-lock.json")?;
        let wanted = hash::hex(&lock_file);
        let stamp = modules.join(".xtask-stamp");
        let npm = Self { node, modules };
        let fresh = || fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted);
        if fresh() {
            return Ok(npm);
        }
        let _lock = workspace.lock("npm")?;
        if fresh() {
            return Ok(npm);
        }
        let mut install = NPM.at(NPM.path()?);
        install.args(["ci", "--no-audit", "--no-fund", "--loglevel=warn"]).current_dir(&folder);
        quietly("npm ci", &mut install).context("npm could not install the packages; is its registry reachable?")?;
        fs::write(&stamp, wanted).context("cannot write to node_modules")?;
        Ok(npm)
    }

    /// A command for a program of an npm package.
    pub fn program(&self, program: &Program) -> Command {
        let (bin, name) = (self.modules.join(".bin"), program.name());
        program.at(bin.join(if cfg!(windows) { format!("{name}.cmd") } else { name.to_owned() }))
    }

    /// A command for Node itself.
    pub fn node(&self) -> Command {
        NODE.at(&self.node)
    }
}

fn node() -> Result<PathBuf> {
    // Node is the person's to have, so that its absence is no reason to skip anything.
    if let Err(error) = debian::have(&[&NODE, &NPM]) {
        bail!("Node or npm is missing; install Node 20.19 or newer (nodejs.org). {error:#}");
    }
    let node = NODE.path()?;
    let version = output(NODE.at(&node).arg("--version"))?;
    match major(version.trim_start_matches('v')) {
        Some(20..) => Ok(node),
        _ => bail!("Node {version} is too old; install Node 20.19 or newer (nodejs.org)"),
    }
}

/// A Chromium and the driver of the same version.
pub struct Browser {
    /// The browser.
    pub chromium: PathBuf,
    /// The same without a window around the page, where it is to be had: it opens pages in half the time.
    pub headless: PathBuf,
    /// Its WebDriver server.
    pub driver: PathBuf,
}

/// Which geckodriver is built where there is none.
const GECKODRIVER_VERSION: &str = "0.37.1";
const MAC_FIREFOX: &str = "/Applications/Firefox.app/Contents/MacOS/firefox";
const MAC_BROWSERS: [&str; 2] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
/// Downloads a browser and its driver where that is possible.
const BROWSER_INSTALLER: &str = "@puppeteer/browsers@2.10.5";
/// What it downloads.
const CHROME_FOR_TESTING: [&str; 3] = ["chrome", "chrome-headless-shell", "chromedriver"];

impl Browser {
    /// Finds the browser and the driver, or installs them: Debian's packages on Debian, Chrome for Testing elsewhere.
    pub fn set_up(workspace: &Workspace) -> Result<Self> {
        if let Some(found) = Self::find() {
            say(&format!("browser: {}", output(CHROMIUM.at(&found.chromium).arg("--version"))?));
            return Ok(found);
        }
        let installed = match debian::distribution().as_str() {
            "debian" => debian::install(&packages(&[&CHROMIUM, &CHROMEDRIVER, &HEADLESS_SHELL])).map(|()| Self::find()),
            _ => download_browser(workspace).map(Some),
        };
        let installed = installed.context(
            "no browser for the tests. Install Chromium (or Chrome) and the chromedriver of the same version so that \
             both are in PATH, or name them: CHROMIUM=… CHROMEDRIVER=…",
        )?;
        let browser = installed.context("the browser was installed but is not in PATH")?;
        say(&format!("browser: installed {}", output(CHROMIUM.at(&browser.chromium).arg("--version"))?));
        Ok(browser)
    }

    fn find() -> Option<Self> {
        let named = |name: &str| env::var_os(name).map(PathBuf::from).filter(|file| is_program(file));
        let mac = || MAC_BROWSERS.iter().map(PathBuf::from).find(|file| is_program(file));
        let chromium = named("CHROMIUM").or_else(|| CHROMIUM.find()).or_else(mac)?;
        let driver = named("CHROMEDRIVER").or_else(|| CHROMEDRIVER.find())?;
        let release = |mut program: Command| major_in(&output(program.arg("--version")).ok()?);
        let wanted = release(CHROMIUM.at(&chromium));
        if release(CHROMEDRIVER.at(&driver)) != wanted {
            say(&format!("{} and {} are of different versions", chromium.display(), driver.display()));
            return None;
        }
        let shell = HEADLESS_SHELL.find().filter(|shell| release(HEADLESS_SHELL.at(shell)) == wanted);
        let headless = named("CHROMIUM").or(shell).unwrap_or_else(|| chromium.clone());
        Some(Self { chromium, headless, driver })
    }
}

/// Finds geckodriver in `PATH` or the cache, or builds it with cargo: no distribution has it, and its makers offer it where
/// not every machine may download.
pub fn geckodriver(workspace: &Workspace) -> Result<PathBuf> {
    let named = env::var_os("GECKODRIVER").map(PathBuf::from).filter(|file| is_program(file));
    if let Some(driver) = named.or_else(|| GECKODRIVER.find()) {
        return Ok(driver);
    }
    let name = format!("geckodriver-{GECKODRIVER_VERSION}");
    let install = |folder: &Path| cargo_install(workspace, "geckodriver", GECKODRIVER_VERSION, &["--locked"], folder);
    let folder = workspace.cached(&name, install)?.join("bin");
    Ok(folder.join(format!("geckodriver{}", env::consts::EXE_SUFFIX)))
}

/// Finds a Firefox, or installs one: Debian's package on Debian, Mozilla's own elsewhere.
pub fn firefox(workspace: &Workspace) -> Result<PathBuf> {
    let found = || {
        let named = env::var_os("FIREFOX").map(PathBuf::from).filter(|file| is_program(file));
        let mac = || Some(PathBuf::from(MAC_FIREFOX)).filter(|file| is_program(file));
        named.or_else(|| FIREFOX.find()).or_else(mac)
    };
    let firefox = match found() {
        Some(firefox) => Ok(firefox),
        None if debian::distribution() == "debian" => {
            debian::have(&[&FIREFOX]).and_then(|()| found().context("Firefox was installed but is not in PATH"))
        }
        None => download(workspace, "firefox", ["firefox"]).map(|[firefox]| firefox),
    };
    let firefox =
        firefox.context("no Firefox for the tests: install it, so that it is in PATH, or name it: FIREFOX=…")?;
    say(&format!("browser: {}", output(FIREFOX.at(&firefox).arg("--version"))?));
    Ok(firefox)
}

fn download_browser(workspace: &Workspace) -> Result<Browser> {
    let [chromium, headless, driver] = download(workspace, "browsers", CHROME_FOR_TESTING)?;
    Ok(Browser { chromium, headless, driver })
}

/// Downloads these programs into a folder of the cache; the result is where each of them is.
fn download<const N: usize>(workspace: &Workspace, name: &str, programs: [&str; N]) -> Result<[PathBuf; N]> {
    let folder = workspace.cached(name, |folder| {
        for file in programs {
            let program = format!("{file}@stable");
            let mut npx = NPX.at(NPX.path()?);
            npx.args(["--yes", BROWSER_INSTALLER, "install", &program, "--format", "{{path}}", "--path"]).arg(folder);
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

fn major(version: &str) -> Option<u32> {
    version.split('.').next()?.parse().ok()
}

/// The major number of the first version in a line such as `Chromium 156.0.8078.73 built on …`.
fn major_in(line: &str) -> Option<u32> {
    line.split_whitespace().filter(|word| word.contains('.')).find_map(major)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browser_and_driver_are_compared_by_major_version() {
        assert_eq!(major_in("Chromium 156.0.8078.73 built on Debian GNU/Linux 12 (bookworm)"), Some(156));
        assert_eq!(major_in("ChromeDriver 156.0.8078.73 (4b4dd82-refs/branch-heads/8078@{#1})"), Some(156));
        assert_eq!(major_in("Google Chrome for Testing"), None);
    }

    #[test]
    fn node_versions_are_compared_by_major_version() {
        assert_eq!(major("20.20.2"), Some(20));
        assert_eq!(major("lts"), None);
    }
}
