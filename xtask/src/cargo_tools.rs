//! Programs from the crate registry: taken where they are in `PATH`, or else put into the cache.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::{Context, Result};
use semver::Version;

use crate::process::{output, quietly, say};
use crate::programs::{BINSTALL, CARGO, Program};
use crate::workspace::{cached, locked_version, workspace};

/// A package with programs, and which version of them.
#[derive(Debug)]
pub struct Package {
    /// Its name.
    pub name: &'static str,
    /// Which version is installed where nothing else will do.
    version: fn() -> Result<Version>,
    /// What else will do.
    or: Or,
    /// How cargo is to install it.
    flags: &'static [&'static str],
}

/// Which versions will do besides the one that would be installed.
#[derive(Clone, Copy, Debug)]
enum Or {
    None,
    Newer,
    Any,
}

/// The version of wasm-bindgen's programs has to be that of the crate. Their package is built without `--locked`, since the
/// lock file that comes with it names versions that an index may lack.
pub static WASM_BINDGEN: Package = Package {
    name: "wasm-bindgen-cli",
    version: || Ok(Version::parse(&locked_version("wasm-bindgen")?)?),
    or: Or::None,
    flags: &["--no-default-features", "--bin", "wasm-bindgen", "--bin", "wasm-bindgen-test-runner"],
};

/// Trunk, without what it would download other tools with. `Trunk.toml` names the oldest version, too.
pub static TRUNK: Package = Package {
    name: "trunk",
    version: || Ok(Version::new(0, 21, 14)),
    or: Or::Newer,
    flags: &["--locked", "--no-default-features"],
};

/// No distribution has geckodriver, and its makers offer it where not every machine may download.
pub static GECKODRIVER: Package =
    Package { name: "geckodriver", version: || Ok(Version::new(0, 37, 1)), or: Or::Any, flags: &["--locked"] };

/// cargo-fuzz.
pub static CARGO_FUZZ: Package =
    Package { name: "cargo-fuzz", version: || Ok(Version::new(0, 13, 2)), or: Or::Any, flags: &[] };

impl Package {
    /// Where that program of the package is, after it was installed if it was missing.
    pub fn program(&self, program: &Program) -> Result<PathBuf> {
        let version = (self.version)()?;
        let will_do = |path: &PathBuf| {
            let Ok(line) = output(program.at(path).arg("--version")) else { return false };
            let found = line.split_whitespace().find_map(|word| Version::parse(word).ok());
            match self.or {
                Or::None => found.as_ref() == Some(&version),
                Or::Newer => found.is_some_and(|found| found >= version),
                Or::Any => true,
            }
        };
        if let Some(found) = program.found().find(will_do) {
            return Ok(found);
        }
        let folder = cached(&format!("{}-{version}", self.name), |folder| {
            let ready_made = BINSTALL.find().is_some() && self.download(&version, folder).is_ok();
            if ready_made { Ok(()) } else { self.build(&version, folder) }
        })?;
        Ok(folder.join("bin").join(program.file_name()))
    }

    fn download(&self, version: &Version, folder: &Path) -> Result<()> {
        let mut binstall = BINSTALL.command();
        binstall.args(["--no-confirm", "--disable-telemetry", "--disable-strategies", "compile", "--root"]).arg(folder);
        binstall.arg(format!("{}@{version}", self.name));
        let done = quietly(&format!("downloading {} {version}", self.name), &mut binstall);
        done.inspect_err(|error| say(&format!("{error:#}")))
    }

    /// Builds the programs unoptimised: that takes a third of the time, and those that are built so run for moments.
    fn build(&self, version: &Version, folder: &Path) -> Result<()> {
        // Each of them would take all processors.
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        let _turn = ONE_AT_A_TIME.lock();
        let cache = &workspace().cache;
        let build = cache.join(format!("build-{}-{version}", self.name));
        let mut cargo = CARGO.command();
        cargo
            .args(["install", self.name, "--version", &version.to_string()])
            .args(self.flags)
            .arg("--root")
            .arg(folder)
            .env("CARGO_TARGET_DIR", &build)
            .envs([("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"), ("CARGO_PROFILE_RELEASE_LTO", "off")])
            .envs([("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"), ("CARGO_PROFILE_RELEASE_DEBUG", "0")])
            .env("CARGO_PROFILE_RELEASE_STRIP", "true")
            .current_dir(cache);
        quietly(&format!("building {} {version} (some minutes, once)", self.name), &mut cargo)
            .with_context(|| format!("{} could not be built; is the crate registry reachable?", self.name))?;
        fs::remove_dir_all(build).with_context(|| format!("cannot remove the build folder of {}", self.name))
    }
}
