//! A scale on which long waits do not push everything else together: they are cut short, and marked.

use super::Row;

/// A wait is cut short if it is this much of the time in which something is done, and longer than a second.
const LONG: f64 = 0.4;
const LONG_MS: f64 = 1_000.0;
/// It is then drawn as long as this part of that time.
const CUT: f64 = 0.15;
/// There is always so much to draw.
const LEAST_MS: f64 = 20.0;
/// About so many ticks fit.
const TICKS: f64 = 5.0;
/// Labels are at least this far apart, of 1.
const APART: f64 = 0.18;

/// A wait that is cut short.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Break {
    /// Where it begins, from 0 to 1.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// How long it really was, in milliseconds.
    pub ms: f64,
}

/// A moment with a label.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Where it is, from 0 to 1.
    pub at: f64,
    /// How long after the beginning it is: `250 ms`, `2.25 s`, `1:10`.
    pub label: String,
}

/// A part of the time, and where it is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Piece {
    from_ms: f64,
    to_ms: f64,
    from: f64,
    to: f64,
    cut: bool,
}

/// Where each moment is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    start_ms: f64,
    pieces: Vec<Piece>,
    /// Milliseconds that are drawn in all.
    drawn_ms: f64,
}

impl Scale {
    /// The scale for these rows from one moment to another.
    pub(super) fn of(rows: &[Row], start_ms: f64, end_ms: f64) -> Self {
        let end_ms = end_ms.max(start_ms + LEAST_MS);
        let gaps = gaps(rows, start_ms, end_ms);
        let busy = (end_ms - start_ms) - gaps.iter().map(|(from, to)| to - from).sum::<f64>();
        let busy = busy.max(LEAST_MS);
        let long = (busy * LONG).max(LONG_MS);
        let cuts: Vec<_> = gaps.into_iter().filter(|(from, to)| to - from > long).collect();
        let (mut pieces, mut at) = (Vec::new(), start_ms);
        for (from, to) in cuts {
            if from > at {
                pieces.push((at, from, false));
            }
            pieces.push((from, to, true));
            at = to;
        }
        if end_ms > at {
            pieces.push((at, end_ms, false));
        }
        let straight: f64 = pieces.iter().filter(|(.., cut)| !cut).map(|(from, to, _)| to - from).sum();
        let cut_ms = straight.max(LEAST_MS) * CUT;
        let length = |(from, to, cut): &(f64, f64, bool)| if *cut { cut_ms } else { to - from };
        let drawn_ms: f64 = pieces.iter().map(length).sum();
        let mut from = 0.0;
        let pieces = pieces.iter().map(|piece| {
            let to = from + length(piece) / drawn_ms;
            let placed = Piece { from_ms: piece.0, to_ms: piece.1, from, to, cut: piece.2 };
            from = to;
            placed
        });
        Self { start_ms, pieces: pieces.collect(), drawn_ms }
    }

    /// Where a moment is drawn, from 0 to 1.
    pub fn at(&self, ms: f64) -> f64 {
        let piece = self.pieces.iter().find(|piece| ms <= piece.to_ms);
        piece.map_or(1.0, |piece| {
            let part = (ms - piece.from_ms) / (piece.to_ms - piece.from_ms);
            piece.from + part.clamp(0.0, 1.0) * (piece.to - piece.from)
        })
    }

    /// The waits that are cut short.
    pub fn breaks(&self) -> Vec<Break> {
        let cut = self.pieces.iter().filter(|piece| piece.cut);
        cut.map(|piece| Break { from: piece.from, to: piece.to, ms: piece.to_ms - piece.from_ms }).collect()
    }

    /// Round moments, far enough from each other for their labels.
    pub fn ticks(&self) -> Vec<Tick> {
        let step = step(self.drawn_ms / TICKS);
        let cuts: Vec<_> = self.breaks().iter().map(|cut| f64::midpoint(cut.from, cut.to)).collect();
        let mut ticks: Vec<Tick> = Vec::new();
        for piece in self.pieces.iter().filter(|piece| !piece.cut) {
            let mut ms = ((piece.from_ms - self.start_ms) / step).ceil() * step;
            while ms + self.start_ms <= piece.to_ms {
                let at = self.at(ms + self.start_ms);
                let free = cuts.iter().all(|cut| (at - cut).abs() >= APART);
                if free && ticks.last().is_none_or(|last| at - last.at >= APART) && at <= 1.0 - APART / 2.0 {
                    ticks.push(Tick { at, label: label(ms, step) });
                }
                ms += step;
            }
        }
        ticks
    }
}

/// The times in which nothing is done but to wait.
fn gaps(rows: &[Row], start_ms: f64, end_ms: f64) -> Vec<(f64, f64)> {
    let busy = rows.iter().filter(|row| !row.kind.is_idle()).flat_map(|row| &row.bars);
    let mut busy: Vec<_> = busy.map(|bar| (bar.from_ms, bar.to_ms.unwrap_or(end_ms))).collect();
    busy.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (mut gaps, mut at) = (Vec::new(), start_ms);
    for (from, to) in busy {
        if from > at {
            gaps.push((at, from));
        }
        at = at.max(to);
    }
    if end_ms > at {
        gaps.push((at, end_ms));
    }
    gaps
}

/// The next larger of 1, 2, 5, 10, 20, 50 and so on.
fn step(ms: f64) -> f64 {
    let mut power = 1.0;
    while power * 10.0 <= ms {
        power *= 10.0;
    }
    [1.0, 2.0, 5.0, 10.0].map(|digit| digit * power).into_iter().find(|step| *step >= ms).unwrap_or(power * 10.0)
}

/// A moment with as many decimals as the step needs.
fn label(ms: f64, step: f64) -> String {
    let whole = ms.round() as u64;
    let (seconds, rest) = (whole / 1_000, whole % 1_000);
    match (seconds, step) {
        (0, _) => format!("{rest} ms"),
        (60.., 1_000.0..) => registry_client::text::clock(ms),
        (_, 1_000.0..) => format!("{seconds} s"),
        (_, 100.0..) => format!("{seconds}.{} s", rest / 100),
        (_, 10.0..) => format!("{seconds}.{:02} s", rest / 10),
        _ => format!("{seconds}.{rest:03} s"),
    }
}
