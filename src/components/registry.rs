mod call_row;
mod limits;
mod panel;
mod room_seen;

pub use panel::Registry;
