//! Which rows of a long list are drawn.

use std::ops::Range;

/// Height of a row of the timeline in pixels; the style of the list has the same.
pub const ROW: f64 = 24.0;

/// Rows drawn above and below the visible ones.
const MARGIN: usize = 8;

/// The part of a list that is visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// Rows above it.
    pub above: usize,
    /// Rows that fit into it.
    pub fits: usize,
}

impl View {
    /// The view of a list that is scrolled down by `top` pixels and `height` pixels high, with rows of `row` pixels.
    pub fn of(top: f64, height: f64, row: f64) -> Self {
        Self { above: (top / row) as usize, fits: (height / row) as usize + 2 }
    }
}

/// The rows that are drawn, of a list that grows at its end and loses rows at its beginning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// How many rows have fallen off since the user scrolled up: they leave a space, so that the others stay in place.
    pub space: usize,
    /// The positions of those that are drawn.
    pub drawn: Range<usize>,
    /// How many rows had fallen off when the list last followed its end.
    origin: usize,
    /// How many rows have fallen off.
    gone: usize,
    /// What is subtracted for a key.
    base: usize,
}

impl Rows {
    /// Draws the rows in view, or the last ones if the list is `following` its end. `gone` rows have fallen off so far,
    /// and `count` are left.
    pub fn draw(&mut self, view: View, following: bool, gone: usize, count: usize) {
        let before = self.gone + self.drawn.start..self.gone + self.drawn.end;
        self.origin = if following { gone } else { self.origin.min(gone) };
        self.space = gone - self.origin;
        self.gone = gone;
        let first = if following { count.saturating_sub(view.fits) } else { view.above.saturating_sub(self.space) };
        self.drawn = first.saturating_sub(MARGIN).min(count)..(first + view.fits + MARGIN).min(count);
        let start = gone + self.drawn.start;
        if start >= before.end || start + self.drawn.len() <= before.start {
            // None stays: all are drawn in the place of another one, which is quicker than to remove and add them.
            self.base = self.base.wrapping_add(start).wrapping_sub(before.start);
        }
    }

    /// The key of the row at this position.
    pub fn key(&self, position: usize) -> usize {
        (self.gone + position).wrapping_sub(self.base)
    }

    /// How far down the row at this position is, in pixels, where each has `row`.
    pub fn top(&self, position: usize, row: f64) -> f64 {
        (self.space + position) as f64 * row
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIEW: View = View { above: 0, fits: 10 };

    #[test]
    fn the_rows_in_view_are_drawn_with_a_few_around_them() {
        assert_eq!(View::of(100.0 * ROW + 5.0, 8.0 * ROW, ROW), View { above: 100, fits: 10 });
        let mut rows = Rows::default();
        for (above, following, count, expected) in [
            (0, false, 1000, 0..18),
            (100, false, 1000, 92..118),
            (995, false, 1000, 987..1000),
            (0, true, 1000, 982..1000),
            (0, true, 3, 0..3),
            (5000, false, 3, 3..3),
            (0, true, 0, 0..0),
        ] {
            rows.draw(View { above, ..VIEW }, following, 0, count);
            assert_eq!(rows.drawn, expected, "{above} above, of {count}");
        }
    }

    #[test]
    fn what_the_user_has_scrolled_to_stays_in_place_when_the_oldest_fall_off() {
        let mut rows = Rows::default();
        rows.draw(View { above: 500, ..VIEW }, false, 0, 1000);
        let (top, drawn) = (rows.top(500, ROW), rows.drawn.clone());
        rows.draw(View { above: 500, ..VIEW }, false, 256, 1000);
        assert_eq!((rows.space, rows.top(500 - 256, ROW)), (256, top));
        assert_eq!(rows.drawn, drawn.start - 256..drawn.end - 256);
        rows.draw(View { above: 500, ..VIEW }, true, 256, 1000);
        assert_eq!((rows.space, rows.drawn.clone()), (0, 982..1000));
    }

    #[test]
    fn a_row_keeps_its_key_while_it_is_drawn() {
        let mut rows = Rows::default();
        rows.draw(VIEW, true, 0, 1000);
        let key = rows.key(990);
        rows.draw(VIEW, true, 0, 1005);
        assert_eq!(rows.key(990), key);
        rows.draw(VIEW, true, 3, 1004);
        assert_eq!(rows.key(987), key);
    }

    #[test]
    fn rows_that_are_all_new_take_the_places_of_the_old_ones() {
        let mut rows = Rows::default();
        let keys = |rows: &Rows| rows.drawn.clone().map(|position| rows.key(position)).collect::<Vec<_>>();
        rows.draw(VIEW, true, 0, 1000);
        let before = keys(&rows);
        for (gone, count) in [(0, 1100), (256, 1000), (9000, 1000)] {
            rows.draw(VIEW, true, gone, count);
            assert_eq!(keys(&rows), before, "{gone} gone");
        }
        rows.draw(View { above: 100, ..VIEW }, false, 9000, 1000);
        assert!(keys(&rows).starts_with(&before));
    }
}
