//! Values that interfaces, errors and events share.

pub mod candidate_line;
pub mod environment;
pub mod fault;
pub mod ice_url;
pub mod operation;
pub mod pair;
pub mod probe;
pub mod rtc;
pub mod sdp;
pub mod sending;
pub mod state;
