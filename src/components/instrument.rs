mod panel;
mod tab_bar;

pub use panel::Instrument;
