//! Session descriptions (RFC 8866): their lines and what they mean, how two of them differ, and whether one stayed what it was
//! on its way.
//!
//! They are only split into lines. Crates that parse SDP (`sdp-types`, `webrtc-sdp`) refuse a description at its first broken
//! line, which is the one that somebody looks for here.

mod check;
mod decoded;
mod difference;
mod lines;
mod meaning;
mod steps;

pub use check::{Check, checks};
pub use difference::{Difference, differences};
pub use lines::{Line, Section, sections};
pub use meaning::{Meaning, meaning};
pub use steps::{Kind, Life, Side, lives};
