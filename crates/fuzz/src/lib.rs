//! Fuzz targets for the Registry, and the invariants that must hold for any input.
//!
//! Each target takes arbitrary bytes and panics if the Registry violates an invariant. libFuzzer runs them for as long
//! as desired (`cargo xtask fuzz`); this crate's tests run them with the inputs that libFuzzer saved in `fuzz/corpus`,
//! with variations of those, and with random noise.

mod check;
mod requests;
mod steps;
mod test_registry;

pub use requests::requests;
pub use steps::steps;

/// A target's name, which is also its directory in `fuzz/corpus`, and its function.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: [Target; 2] = [("requests", requests), ("steps", steps)];
