//! The table of all programs that xtask or the tests start: what each is for, and where it comes from.
//!
//! Commands are created only here, and in `e2e/support/programs.ts` by the same names; `cargo xtask tidy` (see `tidy/starts.rs`)
//! checks that.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use anyhow::Result;
use which::{which, which_in};

/// A program that is started.
#[derive(Debug)]
pub struct Program {
    /// Its name, and names or paths of alternatives.
    names: &'static [&'static str],
    /// Where it comes from.
    pub source: Source,
    /// What it is for.
    pub purpose: &'static str,
    /// Where it was found or installed in this run: see `setup.rs`.
    pub place: OnceLock<Result<PathBuf>>,
}

/// Where a program comes from if it is missing.
#[derive(Debug)]
pub enum Source {
    /// Rust, which has to be installed.
    Rust,
    /// A component of Rust: cargo's subcommand, rustup's name, and Debian's package where Rust is Debian's.
    Component(&'static str, &'static str, &'static str),
    /// Node.js, which has to be installed; Debian's package.
    Node(&'static str),
    /// An npm package in the `package-lock.json` of this folder.
    Npm(&'static str),
    /// A package of the crate registry, built into the cache: its version, and flags of `cargo install`.
    Crate(&'static str, Wanted, &'static [&'static str]),
    /// Debian's package.
    Debian(&'static str),
    /// Debian's package on Debian; elsewhere a download into the cache, of that name, together with those others whose versions
    /// have to match.
    Download(&'static str, &'static str, &'static [&'static str]),
    /// This checkout.
    Checkout,
    /// The operating system.
    System,
    /// Used if present, never installed.
    Optional,
}

/// Which version of a package is installed, and which others are accepted in `PATH`.
#[derive(Clone, Copy, Debug)]
pub enum Wanted {
    /// That of a library in `Cargo.lock`, and no other.
    OfLibrary(&'static str),
    /// This one, or a newer one.
    AtLeast(&'static str),
    /// This one, or any.
    OrAny(&'static str),
}

macro_rules! programs {
    ($($id:ident = $name:literal $(| $other:literal)*, $source:expr, $purpose:literal;)+) => {
        $(
            #[doc = concat!("`", $name, "`: ", $purpose, ".")]
            pub static $id: Program =
                Program { names: &[$name $(, $other)*], source: $source, purpose: $purpose, place: OnceLock::new() };
        )+
        /// All of them.
        pub static ALL: &[&Program] = &[$(&$id),+];
    };
}

use Source::{Checkout, Component, Crate, Debian, Download, Node, Npm, Optional, Rust, System};
use Wanted::{AtLeast, OfLibrary, OrAny};

/// The programs of wasm-bindgen. Without `--locked`, since the lock file in the package has versions that an index may lack.
const BINDGEN: Source = Crate(
    "wasm-bindgen-cli",
    OfLibrary("wasm-bindgen"),
    &["--no-default-features", "--bin", "wasm-bindgen", "--bin", "wasm-bindgen-test-runner"],
);
/// Trunk, without the features to download other tools. `Trunk.toml` has the oldest supported version, too.
const BUILDER: Source = Crate("trunk", AtLeast("0.21.14"), &["--locked", "--no-default-features"]);
const CHROME: &[&str] = &["chrome", "chrome-headless-shell", "chromedriver"];

programs! {
    CARGO = "cargo", Rust, "compiles, tests, and builds programs that are not packaged";
    RUSTC = "rustc", Rust, "compiles";
    CC = "cc", Debian("gcc"), "links what rustc compiles";
    CXX = "c++", Debian("g++"), "compiles libFuzzer";
    RUSTFMT = "rustfmt", Component("fmt", "rustfmt", "rustfmt-web"), "checks the format";
    CLIPPY = "cargo-clippy", Component("clippy", "clippy", "rust-web-clippy"), "lints";
    RUSTUP = "rustup", Optional, "adds the WebAssembly target and components of Rust";
    NEXTEST = "cargo-nextest", Optional, "runs the native tests";
    BINSTALL = "cargo-binstall", Optional, "downloads programs that cargo would have to build";
    TRUNK = "trunk", BUILDER, "builds the page";
    WASM_BINDGEN = "wasm-bindgen", BINDGEN, "generates JavaScript bindings for WebAssembly";
    WASM_TEST_RUNNER = "wasm-bindgen-test-runner", BINDGEN, "runs WebAssembly tests in a browser";
    GECKODRIVER = "geckodriver", Crate("geckodriver", OrAny("0.37.1"), &["--locked"]), "drives Firefox in WebAssembly tests";
    CARGO_FUZZ = "cargo-fuzz", Crate("cargo-fuzz", OrAny("0.13.2"), &[]), "builds and runs the fuzz targets";
    NODE = "node", Node("nodejs"), "runs the npm tools and the hook of the page build";
    NPM = "npm", Node("npm"), "installs the npm tools, packs the npm package and installs it in test applications";
    NPX = "npx", Node("npm"), "downloads browsers on systems other than Debian";
    PLAYWRIGHT = "playwright", Npm(""), "runs the end-to-end tests";
    TSC = "tsc", Npm(""), "checks types";
    ESBUILD = "esbuild", Npm(""), "bundles the npm package";
    WASM_OPT = "wasm-opt", Npm(""), "optimises WebAssembly";
    WRANGLER = "wrangler", Npm("crates/registry-worker"), "builds the Worker and runs it";
    CHROMIUM = "chromium" | "chromium-browser" | "google-chrome" | "google-chrome-stable"
        | "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
        | "/Applications/Chromium.app/Contents/MacOS/Chromium",
        Download("chromium", "chrome", CHROME), "the browser of most tests";
    CHROMEDRIVER = "chromedriver", Download("chromium-driver", "chromedriver", CHROME), "drives Chromium in WebAssembly tests";
    HEADLESS_SHELL = "chromium-headless-shell", Download("chromium-headless-shell", "chrome-headless-shell", CHROME),
        "the same browser without a window, for end-to-end tests";
    FIREFOX = "firefox-esr" | "firefox" | "/Applications/Firefox.app/Contents/MacOS/firefox",
        Download("firefox-esr", "firefox", &["firefox"]), "the other browser";
    PYTHON = "python3" | "python", Debian("python3-venv"), "runs schemathesis, from an environment in the cache";
    IP = "ip", Debian("iproute2"), "configures the networks of the tests";
    UNSHARE = "unshare", Debian("util-linux"), "runs tests in a network namespace";
    NSENTER = "nsenter", Debian("util-linux"), "enters the network namespace of a test machine";
    NFT = "nft", Debian("nftables"), "drops packets in tests";
    TURNSERVER = "turnserver", Debian("coturn"), "TURN server for tests";
    GIT = "git", Debian("git"), "lists the files of the repository";
    SERVER = "registry-server", Checkout, "the Registry";
    BENCH = "registry-bench", Checkout, "load generator for the Registry";
    XTASK = "xtask", Checkout, "these commands; tests start the Worker with them";
    APT_GET = "apt-get", Optional, "installs Debian's packages";
    SUDO = "sudo", Optional, "installs them for users other than root";
    SYSTEMCTL = "systemctl", Optional, "stops services that Debian starts on installation";
    SH = "sh", System, "sets up a network namespace before the tests start, and sends signals in tests";
    SLEEP = "sleep", System, "a process for tests to stop";
}

impl Program {
    /// Its first name.
    pub fn name(&self) -> &'static str {
        self.names.first().copied().unwrap_or_default()
    }

    /// The name of its file on this system.
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

    /// A command for the program by its name in `PATH`.
    pub fn command(&self) -> Command {
        self.at(self.name())
    }

    /// A command for the program at another path, without standard input, and without the variables that `cargo run` has set
    /// for xtask.
    pub fn at(&self, path: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(path);
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

    /// The path in the variable of the environment with its name, such as `CHROMIUM=…`.
    pub fn chosen(&self) -> Option<PathBuf> {
        which(env::var_os(self.name().replace('-', "_").to_uppercase())?).ok()
    }
}

/// The program of that name.
pub fn named(name: &str) -> Option<&'static Program> {
    ALL.iter().find(|program| program.names.contains(&name)).copied()
}

/// A message for a program that did not start, with where it comes from.
pub fn cannot_run(name: &str) -> String {
    match named(name) {
        Some(Program { source, purpose, .. }) => format!("cannot run {name} ({purpose}): {source}"),
        None => format!("cannot run {name}"),
    }
}

/// The table as text, with the path of each program that is installed.
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
            Rust => write!(f, "Rust (rustup.rs)"),
            Component(_, rustup, debian) => write!(f, "rustup component add {rustup}; Debian's package {debian}"),
            Node(debian) => write!(f, "Node.js 20.19 or newer (nodejs.org); Debian's package {debian}"),
            Npm(_) => write!(f, "npm, in node_modules"),
            Crate(package, ..) => write!(f, "cargo install {package}, in the cache"),
            Debian(package) => write!(f, "Debian's package {package}"),
            Download(package, ..) => write!(f, "Debian's package {package}; elsewhere a download, in the cache"),
            Checkout => write!(f, "this checkout"),
            System => write!(f, "the operating system"),
            Optional => write!(f, "used if present"),
        }
    }
}

/// `PATH`, followed by the folders with network tools, which Debian has only in root's `PATH`.
fn search_path() -> Option<OsString> {
    let path = env::var_os("PATH")?;
    let known: Vec<PathBuf> = env::split_paths(&path).collect();
    let more = ["/usr/sbin", "/sbin"].map(PathBuf::from).into_iter();
    let more = more.filter(|folder| cfg!(unix) && !known.contains(folder));
    env::join_paths(known.iter().cloned().chain(more)).ok()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_unique() {
        let names: Vec<&str> = ALL.iter().flat_map(|program| program.names).copied().collect();
        assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len());
        assert_eq!(named("google-chrome").map(Program::name), Some("chromium"));
        assert!(named("no-such-program").is_none());
    }

    #[test]
    fn a_missing_program_is_reported_with_where_it_comes_from() {
        assert!(cannot_run("nft").ends_with("Debian's package nftables"), "{}", cannot_run("nft"));
        assert!(cannot_run("trunk").ends_with("cargo install trunk, in the cache"), "{}", cannot_run("trunk"));
        assert_eq!(cannot_run("frobnicate"), "cannot run frobnicate");
        assert!(list().contains("turnserver\n    for:   TURN server for tests\n"));
    }

    #[test]
    #[cfg(unix)]
    fn programs_are_looked_up_by_name() {
        assert!(SH.find().unwrap().is_absolute());
    }
}
