//! Programs from the crate registry: taken from `PATH`, or else installed into the cache.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::{Context, Result};
use semver::Version;

use crate::process::{output, say, step};
use crate::programs::{BINSTALL, CARGO, Program};
use crate::workspace::{cached, locked_version, workspace};

/// A package with programs.
#[derive(Debug)]
pub struct Package {
    /// Its name.
    pub name: &'static str,
    /// The version to install.
    version: fn() -> Result<Version>,
    /// Which versions in `PATH` are accepted.
    or: Or,
    /// Flags of `cargo install`.
    flags: &'static [&'static str],
}

/// Which other versions are accepted.
#[derive(Clone, Copy, Debug)]
enum Or {
    None,
    Newer,
    Any,
}

/// The programs of wasm-bindgen, whose version has to be that of the library. Without `--locked`, since the lock file in the
/// package has versions that an index may lack.
pub static WASM_BINDGEN: Package = Package {
    name: "wasm-bindgen-cli",
    version: || Ok(Version::parse(&locked_version("wasm-bindgen")?)?),
    or: Or::None,
    flags: &["--no-default-features", "--bin", "wasm-bindgen", "--bin", "wasm-bindgen-test-runner"],
};

/// Trunk, without the features to download other tools. `Trunk.toml` has the oldest supported version, too.
pub static TRUNK: Package = Package {
    name: "trunk",
    version: || Ok(Version::new(0, 21, 14)),
    or: Or::Newer,
    flags: &["--locked", "--no-default-features"],
};

/// geckodriver, which Debian does not package.
pub static GECKODRIVER: Package =
    Package { name: "geckodriver", version: || Ok(Version::new(0, 37, 1)), or: Or::Any, flags: &["--locked"] };

/// cargo-fuzz.
pub static CARGO_FUZZ: Package =
    Package { name: "cargo-fuzz", version: || Ok(Version::new(0, 13, 2)), or: Or::Any, flags: &[] };

impl Package {
    /// The path of that program of the package. It is installed if it is missing.
    pub fn program(&self, program: &Program) -> Result<PathBuf> {
        let version = (self.version)()?;
        let is_accepted = |path: &PathBuf| {
            let Ok(line) = output(program.at(path).arg("--version")) else { return false };
            let found = line.split_whitespace().find_map(|word| Version::parse(word).ok());
            match self.or {
                Or::None => found.as_ref() == Some(&version),
                Or::Newer => found.is_some_and(|found| found >= version),
                Or::Any => true,
            }
        };
        if let Some(found) = program.found().find(is_accepted) {
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
        let done = step(&format!("downloading {} {version}", self.name), &mut binstall);
        done.inspect_err(|error| say(&format!("{error:#}")))
    }

    /// Builds the programs without optimisation, which takes a third of the time; they only run for moments.
    fn build(&self, version: &Version, folder: &Path) -> Result<()> {
        // Each build uses all processors.
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
        step(&format!("building {} {version} (some minutes, once)", self.name), &mut cargo)
            .with_context(|| format!("{} could not be built; is the crate registry reachable?", self.name))?;
        fs::remove_dir_all(build).with_context(|| format!("cannot remove the build folder of {}", self.name))
    }
}
