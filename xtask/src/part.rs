//! The parts of `cargo xtask test`.

use anyhow::{Result, anyhow};

/// A part of the tests, in the order in which they run: what fails quickly comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// rustfmt agrees.
    Fmt,
    /// The repository's own rules hold.
    Tidy,
    /// Clippy, native.
    Clippy,
    /// Clippy, wasm.
    ClippyWasm,
    /// Documentation, native.
    Doc,
    /// Documentation, wasm.
    DocWasm,
    /// The crates for others can be published.
    Crates,
    /// Native tests, those in the documentation included.
    Native,
    /// The server keeps to its own description.
    Api,
    /// Tests that run as wasm in a browser.
    Wasm,
    /// The same in Firefox.
    WasmFirefox,
    /// The page can be built, and weighs no more than `budget.toml` allows.
    Page,
    /// The end-to-end tests are well typed.
    Types,
    /// The npm package: its size, its types, and applications that install it.
    Package,
    /// The Cloudflare Worker, under wrangler.
    Worker,
    /// Two browsers and a Registry.
    E2e,
    /// Firefox in the place of one of the browsers, or of both.
    E2eFirefox,
    /// Two machines on a network that fails.
    E2eNetworks,
    /// Two Chromiums, where the Worker can take the server's place.
    E2eWorker,
}

impl Part {
    /// All parts.
    pub const ALL: [Self; 19] = [
        Self::Fmt,
        Self::Tidy,
        Self::Clippy,
        Self::ClippyWasm,
        Self::Doc,
        Self::DocWasm,
        Self::Crates,
        Self::Native,
        Self::Api,
        Self::Wasm,
        Self::WasmFirefox,
        Self::Page,
        Self::Types,
        Self::Package,
        Self::Worker,
        Self::E2e,
        Self::E2eFirefox,
        Self::E2eNetworks,
        Self::E2eWorker,
    ];

    /// What `--only` calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fmt => "fmt",
            Self::Tidy => "tidy",
            Self::Clippy => "clippy",
            Self::ClippyWasm => "clippy-wasm",
            Self::Doc => "doc",
            Self::DocWasm => "doc-wasm",
            Self::Crates => "crates",
            Self::Native => "native",
            Self::Api => "api",
            Self::Wasm => "wasm",
            Self::WasmFirefox => "wasm-firefox",
            Self::Page => "page",
            Self::Types => "types",
            Self::Package => "package",
            Self::Worker => "worker",
            Self::E2e => "e2e",
            Self::E2eFirefox => "e2e-firefox",
            Self::E2eNetworks => "e2e-networks",
            Self::E2eWorker => "e2e-worker",
        }
    }

    /// The part of that name.
    pub fn named(name: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|part| part.name() == name)
            .ok_or_else(|| anyhow!("no part {name}; there are {}", Self::ALL.map(Self::name).join(", ")))
    }

    /// What it needs besides a native compiler. Where that cannot be had, the part is skipped.
    pub fn needs(self) -> &'static [Need] {
        match self {
            Self::Doc | Self::Crates | Self::Native => &[],
            Self::Fmt => &[Need::Rustfmt],
            Self::Tidy => &[Need::Git],
            Self::Clippy => &[Need::Clippy],
            Self::ClippyWasm => &[Need::Page, Need::Clippy],
            Self::DocWasm | Self::Page | Self::Types => &[Need::Page],
            Self::Api => &[Need::Python],
            Self::Wasm | Self::Package | Self::E2e => &[Need::Page, Need::Chromium],
            Self::WasmFirefox => &[Need::Page, Need::Firefox, Need::Geckodriver],
            Self::Worker => &[Need::Page, Need::Wrangler],
            Self::E2eFirefox => &[Need::Page, Need::Chromium, Need::Firefox],
            Self::E2eNetworks => &[Need::Page, Need::Chromium, Need::Network, Need::Faults],
            Self::E2eWorker => &[Need::Page, Need::Chromium, Need::Wrangler],
        }
    }

    /// What it can do without, but with less.
    pub fn wishes(self) -> &'static [Need] {
        match self {
            Self::Package | Self::E2e | Self::E2eFirefox | Self::E2eWorker => &[Need::Network],
            Self::E2eNetworks => &[Need::Relay],
            _ => &[],
        }
    }
}

/// What a part may need, which the set-up finds or installs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// rustfmt.
    Rustfmt,
    /// Clippy.
    Clippy,
    /// git.
    Git,
    /// A compiler for WebAssembly, wasm-bindgen and the npm tools.
    Page,
    /// A Chromium and its WebDriver server.
    Chromium,
    /// A Firefox.
    Firefox,
    /// Its WebDriver server.
    Geckodriver,
    /// A Python with schemathesis.
    Python,
    /// wrangler.
    Wrangler,
    /// A network of its own.
    Network,
    /// What makes networks fail.
    Faults,
    /// A relay.
    Relay,
}

impl Need {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Rustfmt,
        Self::Clippy,
        Self::Git,
        Self::Page,
        Self::Chromium,
        Self::Firefox,
        Self::Geckodriver,
        Self::Python,
        Self::Wrangler,
        Self::Network,
        Self::Faults,
        Self::Relay,
    ];

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rustfmt => "rustfmt",
            Self::Clippy => "Clippy",
            Self::Git => "git",
            Self::Page => "set of tools for the page",
            Self::Chromium => "Chromium",
            Self::Firefox => "Firefox",
            Self::Geckodriver => "geckodriver",
            Self::Python => "schemathesis",
            Self::Wrangler => "wrangler",
            Self::Network => "network of its own",
            Self::Faults => "nftables",
            Self::Relay => "relay",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found_by_name() {
        for part in Part::ALL {
            assert_eq!(Part::named(part.name()).unwrap(), part);
        }
        assert!(Part::named("all").unwrap_err().to_string().contains("clippy-wasm"));
    }
}
