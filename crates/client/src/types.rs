//! Values that interfaces, errors and events share.

pub mod operation;
pub mod pair;
pub mod rtc;
pub mod sending;
pub mod state;
