//! The parts of `cargo xtask test`, and what they need.

use clap::ValueEnum;

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

impl Part {
    /// What `--only` calls it.
    pub fn name(self) -> String {
        name(self)
    }

    /// What it needs besides a native compiler. Where that cannot be had, the part is skipped.
    pub fn needs(self) -> &'static [Need] {
        match self {
            Self::Doc | Self::Crates | Self::Native => &[],
            Self::Fmt => &[Need::Rustfmt],
            Self::Tidy => &[Need::Git],
            Self::Types => &[Need::Npm],
            Self::Clippy => &[Need::Clippy],
            Self::ClippyWasm => &[Need::Wasm, Need::Clippy],
            Self::DocWasm => &[Need::Wasm],
            Self::Api => &[Need::Python],
            Self::Wasm => &[Need::Wasm, Need::WasmBindgen, Need::Chromium],
            Self::WasmFirefox => &[Need::Wasm, Need::WasmBindgen, Need::Firefox, Need::Geckodriver],
            Self::Package => &[Need::Wasm, Need::WasmBindgen, Need::Npm, Need::Chromium],
            Self::Page => &[Need::Page],
            Self::Worker => &[Need::Page, Need::Wrangler],
            Self::E2e => &[Need::Page, Need::Chromium],
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Need {
    /// rustfmt.
    Rustfmt,
    /// Clippy.
    Clippy,
    /// git.
    Git,
    /// A compiler for WebAssembly.
    Wasm,
    /// wasm-bindgen and its test runner.
    WasmBindgen,
    /// Node and the npm tools.
    Npm,
    /// Trunk.
    Trunk,
    /// All that makes the page: the four above.
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
    /// In a word.
    pub fn name(self) -> String {
        name(self)
    }
}

/// How a command line spells the value.
fn name(value: impl ValueEnum) -> String {
    value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_named_as_in_the_documentation() {
        let names: Vec<String> = Part::value_variants().iter().map(|part| part.name()).collect();
        for name in ["clippy-wasm", "wasm-firefox", "e2e", "e2e-networks"] {
            assert!(names.iter().any(|known| known == name), "{name} is none of {names:?}");
        }
    }
}
