//! Runs the targets with the saved corpus, with variations of it, and with noise.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::Index;
use registry_fuzz::TARGETS;

/// The saved inputs of a target.
fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(name);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|file| fs::read(file).unwrap()).collect()
}

/// A saved input with some bytes changed, or spliced with another one.
fn variation(corpus: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let edits = prop::collection::vec((any::<Index>(), any::<u8>()), 1..8);
    let of = prop::sample::select(corpus);
    (of.clone(), of, any::<Index>(), any::<bool>(), edits).prop_map(|(mut data, other, from, join, edits)| {
        if join {
            data.truncate(from.index(data.len() + 1));
            data.extend(&other[from.index(other.len() + 1)..]);
        }
        for (at, byte) in edits.into_iter().filter(|_| !data.is_empty()).collect::<Vec<_>>() {
            let at = at.index(data.len());
            data[at] = byte;
        }
        data
    })
}

#[test]
fn the_corpus_passes() {
    for (name, target) in TARGETS {
        let corpus = corpus(name);
        assert!(!corpus.is_empty());
        for data in corpus {
            target(&data);
        }
    }
}

fn fuzz(name: &str) {
    let (_, target) = TARGETS.into_iter().find(|(known, _)| *known == name).unwrap();
    let noise = prop::collection::vec(any::<u8>(), 0..2000);
    let config = ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(data in prop_oneof![4 => variation(corpus(name)), 1 => noise])| target(&data));
}

#[test]
fn new_requests_pass() {
    fuzz("requests");
}

#[test]
fn new_steps_pass() {
    fuzz("steps");
}
