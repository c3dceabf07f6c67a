//! What fuzzers do to the Registry, and what must hold whatever they do.
//!
//! Each target takes any bytes and panics when the Registry does something that it must not. libFuzzer calls them for as
//! long as one likes (`cargo xtask fuzz`); this crate's tests call them with the inputs that libFuzzer found worth keeping
//! in `fuzz/corpus`, with variations of these, and with plain noise.

mod check;
mod place;
mod requests;
mod steps;

pub use requests::requests;
pub use steps::steps;

/// A target, and its name, which is that of its folder in `fuzz/corpus`, too.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: [Target; 2] = [("requests", requests), ("steps", steps)];
