//! Programs from the crate registry: taken where they are in `PATH`, or else put into the cache.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::{Context, Result};
use semver::Version;

use crate::process::{output, quietly, say};
use crate::programs::{BINSTALL, CARGO, CARGO_FUZZ, GECKODRIVER, Program, TRUNK, WASM_BINDGEN, WASM_TEST_RUNNER};
use crate::workspace::Workspace;

/// A program, and which version of it.
struct Tool {
    program: &'static Program,
    /// The package that has it.
    package: &'static str,
    /// What is installed where nothing else will do.
    version: Version,
    /// What else will do.
    or: Or,
    /// How cargo is to install the package.
    flags: &'static [&'static str],
}

/// Which versions will do besides the one that would be installed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Or {
    None,
    Newer,
    Any,
}

/// wasm-bindgen of the version in `Cargo.lock`.
pub fn wasm_bindgen(workspace: &Workspace) -> Result<PathBuf> {
    wasm_bindgen_program(workspace, &WASM_BINDGEN)
}

/// What runs wasm-bindgen's tests in a browser, of the same version.
pub fn wasm_test_runner(workspace: &Workspace) -> Result<PathBuf> {
    wasm_bindgen_program(workspace, &WASM_TEST_RUNNER)
}

fn wasm_bindgen_program(workspace: &Workspace, program: &'static Program) -> Result<PathBuf> {
    let version = Version::parse(&workspace.locked_version("wasm-bindgen")?)?;
    // Without `--locked`: the lock file that comes with the package names versions that an index may lack.
    let flags = &["--no-default-features", "--bin", "wasm-bindgen", "--bin", "wasm-bindgen-test-runner"];
    Tool { program, package: "wasm-bindgen-cli", version, or: Or::None, flags }.set_up(workspace)
}

/// Trunk. It is built without what downloads: the other tools are set up by us.
pub fn trunk(workspace: &Workspace) -> Result<PathBuf> {
    let flags = &["--locked", "--no-default-features"];
    let version = Version::new(0, 21, 14);
    Tool { program: &TRUNK, package: "trunk", version, or: Or::Newer, flags }.set_up(workspace)
}

/// geckodriver: no distribution has it, and its makers offer it where not every machine may download.
pub fn geckodriver(workspace: &Workspace) -> Result<PathBuf> {
    if let Some(named) = GECKODRIVER.named_by("GECKODRIVER") {
        return Ok(named);
    }
    let version = Version::new(0, 37, 1);
    Tool { program: &GECKODRIVER, package: "geckodriver", version, or: Or::Any, flags: &["--locked"] }.set_up(workspace)
}

/// cargo-fuzz.
pub fn cargo_fuzz(workspace: &Workspace) -> Result<PathBuf> {
    let version = Version::new(0, 13, 2);
    Tool { program: &CARGO_FUZZ, package: "cargo-fuzz", version, or: Or::Any, flags: &[] }.set_up(workspace)
}

impl Tool {
    fn set_up(&self, workspace: &Workspace) -> Result<PathBuf> {
        if let Some(found) = self.program.found().find(|path| self.will_do(path)) {
            return Ok(found);
        }
        let name = format!("{}-{}", self.package, self.version);
        let folder = workspace.cached(&name, |folder| match self.download(folder) {
            true => Ok(()),
            false => self.build(workspace, folder),
        })?;
        Ok(folder.join("bin").join(self.program.file_name()))
    }

    fn will_do(&self, path: &Path) -> bool {
        let Ok(line) = output(self.program.at(path).arg("--version")) else { return false };
        let found = line.split_whitespace().find_map(|word| Version::parse(word).ok());
        match self.or {
            Or::None => found.as_ref() == Some(&self.version),
            Or::Newer => found.is_some_and(|found| found >= self.version),
            Or::Any => true,
        }
    }

    /// Whether the program could be had ready-made.
    fn download(&self, folder: &Path) -> bool {
        let Some(binstall) = BINSTALL.find() else { return false };
        let mut binstall = BINSTALL.at(binstall);
        binstall.args(["--no-confirm", "--disable-telemetry", "--disable-strategies", "compile", "--root"]).arg(folder);
        binstall.arg(format!("{}@{}", self.package, self.version));
        let done = quietly(&format!("downloading {} {}", self.package, self.version), &mut binstall);
        done.inspect_err(|error| say(&format!("{error:#}"))).is_ok()
    }

    /// Builds the program unoptimised: that takes a third of the time, and those that are built so run for moments.
    fn build(&self, workspace: &Workspace, folder: &Path) -> Result<()> {
        // Each of them would take all processors.
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        let _turn = ONE_AT_A_TIME.lock();
        let Self { package, version, .. } = self;
        let build = workspace.cache.join(format!("build-{package}-{version}"));
        let mut cargo = CARGO.command();
        cargo
            .args(["install", package, "--version", &version.to_string()])
            .args(self.flags)
            .arg("--root")
            .arg(folder)
            .env("CARGO_TARGET_DIR", &build)
            .envs([("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"), ("CARGO_PROFILE_RELEASE_LTO", "off")])
            .envs([("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"), ("CARGO_PROFILE_RELEASE_DEBUG", "0")])
            .env("CARGO_PROFILE_RELEASE_STRIP", "true")
            .current_dir(&workspace.cache);
        quietly(&format!("building {package} {version} (some minutes, once)"), &mut cargo)
            .with_context(|| format!("{package} could not be built; is the crate registry reachable?"))?;
        fs::remove_dir_all(build).with_context(|| format!("cannot remove the build folder of {package}"))
    }
}
