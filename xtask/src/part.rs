//! The parts of `cargo xtask test`, and what they need.

use anyhow::Result;
use clap::ValueEnum;

use crate::browsers;
use crate::network;
use crate::npm;
use crate::page;
use crate::programs::{
    CHROMEDRIVER, CHROMIUM, CLIPPY, FIREFOX, GECKODRIVER, GIT, RUSTFMT, TURNSERVER, WASM_BINDGEN, WASM_TEST_RUNNER,
    WRANGLER,
};
use crate::python;
use crate::toolchain;

/// A part of the tests, in the order in which they run: what needs least and fails quickly comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// rustfmt agrees
    Fmt,
    /// The repository's own rules hold
    Tidy,
    /// The end-to-end tests are well typed
    Types,
    /// Clippy, native
    Clippy,
    /// Documentation, native
    Doc,
    /// The crates for others can be published
    Crates,
    /// Native tests, those in the documentation included
    Native,
    /// The server keeps to its own description
    Api,
    /// Clippy, WebAssembly
    ClippyWasm,
    /// Documentation, WebAssembly
    DocWasm,
    /// Tests that run as WebAssembly in Chromium
    Wasm,
    /// The same in Firefox
    WasmFirefox,
    /// The page can be built, and weighs no more than budget.toml allows
    Page,
    /// The npm package: its size, its types, and applications that install it
    Package,
    /// The Cloudflare Worker, under wrangler
    Worker,
    /// Two Chromiums and a Registry
    E2e,
    /// Firefox in the place of one of the browsers, or of both
    E2eFirefox,
    /// Two machines on a network that fails
    E2eNetworks,
    /// Two Chromiums, where the Worker can take the server's place
    E2eWorker,
}

/// Something that is found or installed, or cannot be had.
pub type Need = fn() -> Result<()>;

impl Part {
    /// What `--only` calls it.
    pub fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// What it needs besides a native compiler. Where that cannot be had, the part is skipped.
    pub fn needs(self) -> &'static [Need] {
        match self {
            Self::Doc | Self::Crates | Self::Native => &[],
            Self::Fmt => &[|| RUSTFMT.set_up()],
            Self::Tidy => &[|| GIT.set_up()],
            Self::Types => &[npm_tools],
            Self::Clippy => &[|| CLIPPY.set_up()],
            Self::Api => &[python::set_up],
            Self::ClippyWasm => &[toolchain::set_up, || CLIPPY.set_up()],
            Self::DocWasm => &[toolchain::set_up],
            Self::Wasm => &[toolchain::set_up, bindgen, || CHROMIUM.set_up(), || CHROMEDRIVER.set_up()],
            Self::WasmFirefox => &[toolchain::set_up, bindgen, || FIREFOX.set_up(), || GECKODRIVER.set_up()],
            Self::Package => &[toolchain::set_up, bindgen, npm_tools, chromium],
            Self::Page => &[page::set_up],
            Self::Worker => &[page::set_up, || WRANGLER.set_up()],
            Self::E2e => &[page::set_up, chromium],
            Self::E2eFirefox => &[page::set_up, chromium, || FIREFOX.set_up()],
            Self::E2eNetworks => &[page::set_up, chromium, network::set_up, network::can_fail],
            Self::E2eWorker => &[page::set_up, chromium, || WRANGLER.set_up()],
        }
    }

    /// What it can do without, but with less.
    pub fn wishes(self) -> &'static [Need] {
        match self {
            Self::Package | Self::E2e | Self::E2eFirefox | Self::E2eWorker => &[network::set_up],
            Self::E2eNetworks => &[|| TURNSERVER.set_up()],
            _ => &[],
        }
    }
}

fn npm_tools() -> Result<()> {
    npm::bin("").map(drop)
}

fn bindgen() -> Result<()> {
    WASM_BINDGEN.set_up().and(WASM_TEST_RUNNER.set_up())
}

fn chromium() -> Result<()> {
    browsers::headless().map(drop)
}
