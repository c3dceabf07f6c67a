use std::collections::BTreeMap;

use registry_client::json::Json;
use serde::Serialize;
use serde_json::{Map, Value};

use super::iso;
use crate::Sample;

/// How a member of an entry of the statistics changed over time. Its values are those at the times of the same entry's member
/// `timestamp`, in the same order.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Series {
    start_time: String,
    end_time: String,
    stats_type: String,
    /// A JSON array, as text.
    values: String,
}

/// An entry over time.
#[derive(Default)]
struct Entry {
    kind: String,
    times: Vec<f64>,
    members: BTreeMap<String, Vec<Value>>,
}

/// The series of all members of all entries, by the entry's id and the member: `T01-bytesSent`.
pub(super) fn of<'a>(samples: impl Iterator<Item = &'a Sample>) -> BTreeMap<String, Series> {
    let mut entries: BTreeMap<String, Entry> = BTreeMap::new();
    for sample in samples {
        let all: Vec<Json> = sample.entries.read().unwrap_or_default();
        for members in all.iter().filter_map(|entry| entry.read::<Map<String, Value>>().ok()) {
            add(&mut entries, members, sample.at_ms);
        }
    }
    let mut all = BTreeMap::new();
    for (id, entry) in entries {
        let time = |at: Option<&f64>| iso(at.copied().unwrap_or_default());
        for (member, values) in entry.members {
            let series = Series {
                start_time: time(entry.times.first()),
                end_time: time(entry.times.last()),
                stats_type: entry.kind.clone(),
                values: Json::of(&values).as_str().to_owned(),
            };
            all.insert(format!("{id}-{member}"), series);
        }
    }
    all
}

fn add(entries: &mut BTreeMap<String, Entry>, mut members: Map<String, Value>, at_ms: f64) {
    let Some(Value::String(id)) = members.remove("id") else { return };
    let Some(Value::String(kind)) = members.remove("type") else { return };
    let entry = entries.entry(id).or_default();
    entry.kind = kind;
    let before = entry.times.len();
    entry.times.push(members.get("timestamp").and_then(Value::as_f64).unwrap_or(at_ms));
    for (member, value) in members {
        let values = entry.members.entry(member).or_default();
        // It was not there in earlier samples.
        values.resize(before, Value::Null);
        values.push(value);
    }
    for values in entry.members.values_mut() {
        values.resize(before + 1, Value::Null);
    }
}
