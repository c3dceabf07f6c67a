//! Checks that a signalling Registry implements the base contract, and the extended contract if its responses show that
//! it has it.
//!
//! The cases run over any [`Transport`]: the pure function in process on virtual time, or a server over HTTP. They
//! require no more than the contract promises: where it leaves a choice, every choice passes.

mod cases;
mod check;
mod context;
mod http;
mod options;
mod pacer;
mod report;
mod request;
mod response;
mod room;
mod rooms;
mod transport;

pub use check::Failure;
pub use http::HttpTransport;
pub use options::Options;
pub use report::{Outcome, Report, Row};
pub use request::HttpRequest;
pub use response::HttpResponse;
pub use transport::{Overlap, Transport};

/// Runs every case that `options` permit, and reports each outcome to `progress` as it comes.
pub fn run(transport: &mut dyn Transport, options: &Options, progress: &mut dyn FnMut(&Row)) -> Report {
    let mut cx = context::Context::new(transport, options);
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
