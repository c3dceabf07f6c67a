//! The rows of one peer, as they grow.

use registry_client::Role;

use super::{Bar, Kind, Row};

/// How many bars a row has at most: of more, neighbours are put together.
const MOST_BARS: usize = 48;

/// The rows of one peer.
pub(super) struct Bars {
    peer: Role,
    rows: Vec<Row>,
}

impl Bars {
    pub(super) fn new(peer: Role) -> Self {
        Self { peer, rows: Vec::new() }
    }

    fn row(&mut self, kind: Kind, words: &str, quote: Option<&str>) -> &mut Row {
        let same = |row: &Row| row.kind == kind && row.words == words && row.quote.as_deref() == quote;
        let index = self.rows.iter().position(same).unwrap_or_else(|| {
            let (words, quote) = (words.to_owned(), quote.map(str::to_owned));
            self.rows.push(Row { peer: self.peer, kind, words, quote, bars: Vec::new() });
            self.rows.len() - 1
        });
        &mut self.rows[index]
    }

    /// Something begins, unless it goes on already.
    pub(super) fn begin(&mut self, kind: Kind, words: &str, at_ms: f64) {
        let row = self.row(kind, words, None);
        if row.bars.last().is_none_or(|last| last.to_ms.is_some()) {
            row.bars.push(Bar { from_ms: at_ms, to_ms: None, bad: false, count: 1, outcome: None });
        }
    }

    /// All bars of a kind end.
    pub(super) fn end(&mut self, kind: Kind, at_ms: f64, bad: bool) {
        self.end_those(at_ms, bad, |row| row.kind == kind);
    }

    /// Everything ends.
    pub(super) fn end_all(&mut self, at_ms: f64, bad: bool) {
        self.end_those(at_ms, bad, |_| true);
    }

    fn end_those(&mut self, at_ms: f64, bad: bool, which: impl Fn(&Row) -> bool) {
        let rows = self.rows.iter_mut().filter(|row| which(row));
        for bar in rows.flat_map(|row| &mut row.bars).filter(|bar| bar.to_ms.is_none()) {
            (bar.to_ms, bar.bad) = (Some(at_ms), bad);
        }
    }

    /// What goes on was not this, but that.
    pub(super) fn rename(&mut self, (kind, words): (Kind, &str), (true_kind, true_words): (Kind, &str)) {
        let row = self.row(kind, words, None);
        if let Some(bar) = row.bars.pop_if(|bar| bar.to_ms.is_none()) {
            self.add(true_kind, true_words, None, bar);
        }
    }

    /// Adds a bar that is ready.
    pub(super) fn add(&mut self, kind: Kind, words: &str, quote: Option<&str>, bar: Bar) {
        self.row(kind, words, quote).bars.push(bar);
    }

    /// The rows, with their bars in order.
    pub(super) fn finish(mut self) -> Vec<Row> {
        for row in &mut self.rows {
            // Nobody has waited.
            row.bars.retain(|bar| row.kind != Kind::Person || bar.to_ms != Some(bar.from_ms));
            row.bars.sort_by(|one, other| one.from_ms.total_cmp(&other.from_ms));
            while row.bars.len() > MOST_BARS {
                halve(&mut row.bars);
            }
        }
        self.rows.retain(|row| !row.bars.is_empty());
        self.rows
    }
}

/// Puts each bar together with the next one.
fn halve(bars: &mut Vec<Bar>) {
    let pairs = bars.chunks(2).map(|pair| match pair {
        [one, other] => Bar {
            to_ms: other.to_ms,
            bad: one.bad || other.bad,
            count: one.count + other.count,
            outcome: None,
            ..one.clone()
        },
        rest => rest[0].clone(),
    });
    *bars = pairs.collect();
}
