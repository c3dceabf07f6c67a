//! Checks that a signalling Registry keeps the base contract, and the extended one if its answers show that it has it.
//!
//! The cases run over any [`Transport`]: the pure function in process on virtual time, or a server somewhere over HTTP.
//! They ask for no more than the contract promises; where it leaves a choice, every choice passes.

mod answer;
mod ask;
mod cases;
mod check;
mod cx;
mod http;
mod pace;
mod report;
mod rooms;
mod transport;

pub use answer::Answer;
pub use ask::Ask;
pub use check::Failure;
pub use cx::Options;
pub use http::HttpTransport;
pub use report::{Outcome, Report, Row};
pub use transport::{Meanwhile, Transport};

/// Runs every case that `options` admit, telling `progress` of each outcome as it comes.
pub fn run(transport: &mut dyn Transport, options: &Options, progress: &mut dyn FnMut(&Row)) -> Report {
    let mut cx = cx::Cx::new(transport, options);
    let mut report = Report::default();
    for case in cases::all() {
        let outcome = match cx.missing(case.needs) {
            Ok(Some(why)) => Outcome::Skipped(why),
            Ok(None) => (case.run)(&mut cx).map_or_else(Outcome::Failed, |()| Outcome::Passed),
            Err(failure) => Outcome::Failed(failure),
        };
        let row = Row { group: case.group, name: case.name, outcome };
        progress(&row);
        report.rows.push(row);
    }
    report
}
