//! Every program that is not a part of this one and is started by it or by the tests: what for, and how it is had.
//!
//! Commands are made here and nowhere else, `e2e/support/programs.ts` takes its names from here, and `cargo xtask tidy`
//! (see `starts.rs`) finds whatever is started in another way.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fmt::{self, Display, Formatter};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use which::{which, which_in};

use crate::browsers::{self, Download};
use crate::cargo_tools::{self, Package};
use crate::debian;
use crate::npm;
use crate::setup::Once;
use crate::toolchain;

/// A program that is started.
#[derive(Debug)]
pub struct Program {
    /// What it is called, and what else does the same.
    names: &'static [&'static str],
    /// How it is had where it is missing.
    pub source: Source,
    /// What it is for.
    pub purpose: &'static str,
    /// Where it is.
    place: Once<PathBuf>,
}

/// How a program is had.
#[derive(Debug)]
pub enum Source {
    /// With Rust, which has to be there.
    Rust,
    /// A component of Rust: cargo's subcommand, rustup's name, and Debian's package where Rust is Debian's.
    Component(&'static str, &'static str, &'static str),
    /// With Node.js, which has to be there; Debian has this package.
    Node(&'static str),
    /// A package that the `package-lock.json` in this folder of the checkout names.
    Npm(&'static str),
    /// A package of the crate registry, which cargo builds into the cache.
    Crate(&'static Package),
    /// Debian's package.
    Debian(&'static str),
    /// Debian's package on Debian itself; elsewhere its makers' own, downloaded into the cache.
    Download(&'static str, &'static Download),
    /// Built from this checkout.
    Checkout,
    /// A part of the operating system.
    System,
    /// Used where it is, and never missed.
    Optional,
}

macro_rules! programs {
    ($($id:ident = $name:literal $(| $other:literal)*, $source:expr, $purpose:literal;)+) => {
        $(
            #[doc = concat!("`", $name, "`: ", $purpose, ".")]
            pub static $id: Program =
                Program { names: &[$name $(, $other)*], source: $source, purpose: $purpose, place: Once::new() };
        )+
        /// All of them.
        pub static ALL: &[&Program] = &[$(&$id),+];
    };
}

use Source::{Checkout, Component, Crate, Debian, Node, Npm, Optional, Rust, System};

programs! {
    CARGO = "cargo", Rust, "compiles, tests, and builds the programs that no package has";
    RUSTC = "rustc", Rust, "compiles";
    CC = "cc", Debian("gcc"), "links what rustc compiles";
    CXX = "c++", Debian("g++"), "compiles libFuzzer";
    RUSTFMT = "rustfmt", Component("fmt", "rustfmt", "rustfmt-web"), "checks the format";
    CLIPPY = "cargo-clippy", Component("clippy", "clippy", "rust-web-clippy"), "lints";
    RUSTUP = "rustup", Optional, "adds the WebAssembly target and components";
    NEXTEST = "cargo-nextest", Optional, "runs the native tests";
    BINSTALL = "cargo-binstall", Optional, "downloads what cargo would have to build";
    TRUNK = "trunk", Crate(&cargo_tools::TRUNK), "makes the page";
    WASM_BINDGEN = "wasm-bindgen", Crate(&cargo_tools::WASM_BINDGEN), "makes the JavaScript around WebAssembly";
    WASM_TEST_RUNNER = "wasm-bindgen-test-runner", Crate(&cargo_tools::WASM_BINDGEN),
        "runs WebAssembly tests in a browser";
    GECKODRIVER = "geckodriver", Crate(&cargo_tools::GECKODRIVER), "drives Firefox in WebAssembly tests";
    CARGO_FUZZ = "cargo-fuzz", Crate(&cargo_tools::CARGO_FUZZ), "builds and runs the fuzz targets";
    NODE = "node", Node("nodejs"), "runs the npm tools, and finishes the page";
    NPM = "npm", Node("npm"), "installs the npm tools, packs the package and installs it in test applications";
    NPX = "npx", Node("npm"), "downloads browsers where Debian's are not to be had";
    PLAYWRIGHT = "playwright", Npm(""), "runs the end-to-end tests";
    TSC = "tsc", Npm(""), "checks types";
    ESBUILD = "esbuild", Npm(""), "makes one small script of many";
    WASM_OPT = "wasm-opt", Npm(""), "makes WebAssembly small";
    WRANGLER = "wrangler", Npm("crates/registry-worker"), "builds the Worker and runs it";
    CHROMIUM = "chromium" | "chromium-browser" | "google-chrome" | "google-chrome-stable"
        | "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
        | "/Applications/Chromium.app/Contents/MacOS/Chromium",
        Source::Download("chromium", &browsers::CHROME), "the browser of most tests";
    CHROMEDRIVER = "chromedriver", Source::Download("chromium-driver", &browsers::CHROMEDRIVER),
        "drives Chromium in WebAssembly tests";
    HEADLESS_SHELL = "chromium-headless-shell",
        Source::Download("chromium-headless-shell", &browsers::SHELL), "the same browser without windows";
    FIREFOX = "firefox-esr" | "firefox" | "/Applications/Firefox.app/Contents/MacOS/firefox",
        Source::Download("firefox-esr", &browsers::FIREFOX), "the other browser";
    PYTHON = "python3" | "python", Debian("python3-venv"), "runs schemathesis, from an environment in the cache";
    IP = "ip", Debian("iproute2"), "makes the networks that tests run in";
    UNSHARE = "unshare", Debian("util-linux"), "enters a network of its own";
    NSENTER = "nsenter", Debian("util-linux"), "enters the network of one of two machines";
    NFT = "nft", Debian("nftables"), "makes networks fail";
    TURNSERVER = "turnserver", Debian("coturn"), "the relay between two machines";
    GIT = "git", Debian("git"), "lists the files of the checkout";
    SERVER = "registry-server", Checkout, "the Registry";
    BENCH = "registry-bench", Checkout, "puts load on the Registry";
    XTASK = "xtask", Checkout, "these commands; tests run the Worker by way of them";
    APT_GET = "apt-get", Optional, "installs Debian's packages";
    SUDO = "sudo", Optional, "installs them for those who are not root";
    SYSTEMCTL = "systemctl", Optional, "ends what Debian starts with a package";
    OPENER = "xdg-open" | "open" | "explorer", Optional, "shows the page in a person's browser";
    SH = "sh", System, "sets up a network before what runs in it, and sends signals in tests";
    SLEEP = "sleep", System, "something to be stopped by a test";
}

impl Program {
    /// What it is called first of all.
    pub fn name(&self) -> &'static str {
        self.names.first().copied().unwrap_or_default()
    }

    /// The file that it is on this system.
    pub fn file_name(&self) -> String {
        format!("{}{}", self.name(), env::consts::EXE_SUFFIX)
    }

    /// Where it is in `PATH`, under each of its names.
    pub fn found(&self) -> impl Iterator<Item = PathBuf> {
        self.names.iter().filter_map(|name| which_in(name, search_path(), ".").ok())
    }

    /// The first of [`found`](Self::found).
    pub fn find(&self) -> Option<PathBuf> {
        self.found().next()
    }

    /// Where it is, after it was installed if it was missing.
    pub fn path(&self) -> Result<&Path> {
        self.place.get(|| self.find_or_install()).map(PathBuf::as_path)
    }

    /// Installs it if it is missing.
    pub fn set_up(&self) -> Result<()> {
        self.path().map(drop)
    }

    /// A command for the program in `PATH`, by its name.
    pub fn command(&self) -> Command {
        self.at(self.name())
    }

    /// A command for the program, which is installed if it is missing.
    pub fn installed(&self) -> Result<Command> {
        Ok(self.at(self.path()?))
    }

    /// A command for the program in another place.
    pub fn at(&self, path: impl AsRef<OsStr>) -> Command {
        command(path.as_ref())
    }

    fn find_or_install(&self) -> Result<PathBuf> {
        match self.source {
            Npm(folder) => return npm::program(folder, self.name()),
            Crate(package) => return self.named().map_or_else(|| package.program(self), Ok),
            _ => {}
        }
        if let Some(found) = self.named().or_else(|| self.find()) {
            return Ok(found);
        }
        match self.source {
            Component(..) => toolchain::component(self)?,
            Debian(package) | Node(package) => debian::install(&[package])?,
            Source::Download(package, _) if debian::is_debian() => debian::install(&[package])?,
            Source::Download(_, download) => return download.program(),
            _ => {}
        }
        self.find().with_context(|| format!("{} is missing ({}): {}", self.name(), self.purpose, self.source))
    }

    /// The program that a person names in the environment, such as with `CHROMIUM=…`.
    fn named(&self) -> Option<PathBuf> {
        let is_asked_for = matches!(self.source, Crate(_) | Source::Download(..));
        let variable = self.name().replace('-', "_").to_uppercase();
        which(env::var_os(variable).filter(|_| is_asked_for)?).ok()
    }
}

/// The program of that name.
pub fn named(name: &str) -> Option<&'static Program> {
    ALL.iter().find(|program| program.names.contains(&name)).copied()
}

/// Why a program did not start, in words that say what to do.
pub fn cannot_run(name: &str) -> String {
    match named(name) {
        Some(Program { source, purpose, .. }) => format!("cannot run {name} ({purpose}): {source}"),
        None => format!("cannot run {name}"),
    }
}

/// The table, with where each program was found.
pub fn list() -> String {
    let rows = ALL.iter().map(|program| {
        let found = program.find().map_or_else(|| "-".to_owned(), |path| path.display().to_string());
        let (name, purpose, source) = (program.name(), program.purpose, &program.source);
        format!("{name}\n    for:   {purpose}\n    from:  {source}\n    here:  {found}\n")
    });
    rows.collect()
}

impl Display for Source {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Rust => write!(f, "comes with Rust (rustup.rs)"),
            Component(_, rustup, debian) => write!(f, "rustup component add {rustup}; Debian's package {debian}"),
            Node(debian) => write!(f, "comes with Node.js 20.19 or newer (nodejs.org); Debian's package {debian}"),
            Npm(_) => write!(f, "npm installs it into node_modules"),
            Crate(package) => write!(f, "cargo builds {} into the cache", package.name),
            Debian(package) => write!(f, "Debian's package {package}"),
            Source::Download(package, _) => {
                write!(f, "Debian's package {package}; elsewhere its makers' download, in the cache")
            }
            Checkout => write!(f, "built from this checkout"),
            System => write!(f, "a part of the operating system"),
            Optional => write!(f, "used where it is, never installed"),
        }
    }
}

/// A command without what `cargo run` put into our environment, and without standard input.
fn command(program: &OsStr) -> Command {
    let mut command = Command::new(program);
    command.stdin(Stdio::null());
    if let Some(path) = search_path() {
        command.env("PATH", path);
    }
    for (name, _) in env::vars_os() {
        let ours = name.to_string_lossy();
        if ours.starts_with("CARGO_PKG_") || ours.starts_with("CARGO_MANIFEST_") || ours == "CARGO_BIN_NAME" {
            command.env_remove(&name);
        }
    }
    command
}

/// `PATH`, and after it the folders of programs for networks, which a Debian has in no `PATH` but root's.
fn search_path() -> Option<OsString> {
    let path = env::var_os("PATH")?;
    let more = if cfg!(unix) { ["/usr/sbin", "/sbin"].as_slice() } else { &[] };
    let known: Vec<PathBuf> = env::split_paths(&path).collect();
    let more = more.iter().map(PathBuf::from).filter(|folder| !known.contains(folder));
    env::join_paths(known.iter().cloned().chain(more)).ok()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_name_stands_for_one_program() {
        let names: Vec<&str> = ALL.iter().flat_map(|program| program.names).copied().collect();
        assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len());
        assert_eq!(named("google-chrome").map(Program::name), Some("chromium"));
        assert!(named("no-such-program").is_none());
    }

    #[test]
    fn whoever_lacks_a_program_is_told_how_it_is_had() {
        assert!(cannot_run("nft").ends_with("Debian's package nftables"), "{}", cannot_run("nft"));
        assert!(cannot_run("trunk").ends_with("cargo builds trunk into the cache"), "{}", cannot_run("trunk"));
        assert_eq!(cannot_run("frobnicate"), "cannot run frobnicate");
        assert!(list().contains("turnserver\n    for:   the relay between two machines\n"));
    }

    #[test]
    #[cfg(unix)]
    fn programs_are_looked_up_by_name() {
        assert!(SH.path().unwrap().is_absolute());
    }
}
