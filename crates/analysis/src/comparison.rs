//! Two traces, compared to their first difference.
//!
//! Two handshakes that go alike still differ in times, numbers, addresses, and in the order of things that do not wait for each
//! other. So a trace is compared strand by strand: what is in one strand happens in an order. The first difference is the one
//! that came first in time.

mod strand;

use std::cmp::Ordering;

use registry_client::{Event, TraceEvent};
use serde::Serialize;

use crate::Track;
pub use strand::Strand;
use strand::{Step, steps};

/// What two traces have in common, and where they part.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// How many steps are the same before the first difference, in all strands.
    pub same: usize,
    /// The first difference; `None` if they go alike.
    pub first: Option<Difference>,
    /// The first differences in the other strands, by time.
    pub others: Vec<Difference>,
    /// What is different about where the two were recorded.
    pub surroundings: Vec<Surrounding>,
}

/// Where two traces part in a strand.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// The strand.
    pub strand: Strand,
    /// The last step in which they are alike.
    pub after: Option<String>,
    /// What the first trace has there; `None` if nothing more happens in it.
    pub left: Option<Place>,
    /// What the second trace has there.
    pub right: Option<Place>,
}

/// A step of a trace.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// What happens.
    pub step: String,
    /// The number of its event.
    pub seq: u64,
    /// When, in milliseconds since the beginning of the session.
    pub since_ms: f64,
}

/// Something about where a trace was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Surrounding {
    /// What it is.
    pub what: &'static str,
    /// In the first trace.
    pub left: String,
    /// In the second trace.
    pub right: String,
}

/// Compares the latest sessions of two traces.
pub fn compare(left: &Track, right: &Track) -> Comparison {
    let mut differences = Vec::new();
    let mut same = 0;
    for strand in Strand::ALL {
        let (left, right) = (steps(left.session(), strand), steps(right.session(), strand));
        let common = left.iter().zip(&right).take_while(|(left, right)| left.what == right.what).count();
        same += common;
        if common < left.len().max(right.len()) {
            differences.push(Difference {
                strand,
                after: common.checked_sub(1).map(|last| left[last].what.clone()),
                left: left.get(common).map(Step::place),
                right: right.get(common).map(Step::place),
            });
        }
    }
    differences.sort_by(|a, b| a.when().partial_cmp(&b.when()).unwrap_or(Ordering::Equal));
    let mut differences = differences.into_iter();
    let first = differences.next();
    Comparison { same, first, others: differences.collect(), surroundings: surroundings(left, right) }
}

impl Difference {
    /// When it shows first: milliseconds since the beginning of the session, and the number of the event.
    fn when(&self) -> (f64, u64) {
        let places = self.left.iter().chain(&self.right).map(|place| (place.since_ms, place.seq));
        places.fold((f64::INFINITY, u64::MAX), |first, next| if next < first { next } else { first })
    }
}

fn surroundings(left: &Track, right: &Track) -> Vec<Surrounding> {
    let pairs = described(&left.events).into_iter().zip(described(&right.events));
    let pairs = pairs.filter(|((_, left), (_, right))| left != right);
    pairs.map(|((what, left), (_, right))| Surrounding { what, left, right }).collect()
}

/// Where a trace was recorded, in the same order for every trace.
fn described(events: &[std::rc::Rc<TraceEvent>]) -> [(&'static str, String); 7] {
    let environment = events.iter().rev().find_map(|entry| match &entry.event {
        Event::Environment(environment) => Some((**environment).clone()),
        _ => None,
    });
    let known = environment.is_some();
    let environment = environment.unwrap_or_default();
    let yes = |is: bool| {
        if !known {
            ""
        } else if is {
            "yes"
        } else {
            "no"
        }
        .to_owned()
    };
    [
        ("client", environment.version),
        ("browser", environment.user_agent),
        ("page", environment.page_origin),
        ("Registry", environment.registry_url),
        ("STUN and TURN servers", environment.ice_servers.join(", ")),
        ("relay only", yes(environment.relay_only)),
        ("secure context", yes(environment.secure_context)),
    ]
}

#[cfg(test)]
mod tests;
