//! Which messages of the conversation are drawn.

use std::ops::Range;

/// How many messages are drawn at first, and how many more on each request.
pub const WINDOW: usize = 200;

/// The messages that are drawn: the latest ones, and earlier ones on request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// The indices of those that are drawn.
    pub drawn: Range<usize>,
    /// How many are to be drawn when there is time.
    extent: usize,
}

impl Default for Window {
    fn default() -> Self {
        Self { drawn: 0..0, extent: WINDOW }
    }
}

impl Window {
    /// Follows a conversation that now has these indices. If more messages are new than the `visible` ones, only those are
    /// drawn: they have all gone by before anybody could see more.
    pub fn follow(&mut self, all: Range<usize>, visible: usize) {
        let whole = self.whole(&all);
        let many = all.end.saturating_sub(self.drawn.end) > visible;
        let start = if many { all.end - visible } else { self.drawn.start };
        self.drawn = start.clamp(whole, all.end)..all.end;
    }

    /// Stays where it is, so that nothing moves while the user reads. New messages are added at the end up to a limit.
    pub fn stay(&mut self, all: Range<usize>) {
        let start = self.drawn.start.clamp(all.start, all.end);
        let most = (start + self.extent + WINDOW).max(self.drawn.end);
        self.drawn = start..all.end.min(most);
    }

    /// Whether there are earlier ones that are to be drawn when there is time.
    pub fn is_partial(&self, all: &Range<usize>) -> bool {
        self.drawn.start > self.whole(&(all.start..self.drawn.end))
    }

    /// Draws them.
    pub fn fill(&mut self, all: &Range<usize>) {
        self.drawn.start = self.drawn.start.min(self.whole(&(all.start..self.drawn.end)));
    }

    /// Draws more of the earlier ones from now on.
    pub fn extend(&mut self, all: &Range<usize>) {
        self.extent += WINDOW;
        self.drawn.start = self.drawn.start.saturating_sub(WINDOW).max(all.start);
        self.fill(all);
    }

    fn whole(&self, all: &Range<usize>) -> usize {
        all.end.saturating_sub(self.extent).max(all.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn following(ends: &[usize]) -> Window {
        let mut window = Window::default();
        for end in ends {
            window.follow(0..*end, 10);
        }
        window
    }

    #[test]
    fn what_is_drawn_stays_and_the_latest_are_added() {
        assert_eq!(following(&[5, 8]).drawn, 0..8);
        assert_eq!(following(&[5, 8, 15]).drawn, 0..15);
        let many: Vec<usize> = (0..100).map(|n| n * 7).collect();
        assert_eq!(following(&many).drawn, 493..693);
    }

    #[test]
    fn of_very_many_at_once_only_the_visible_ones_are_drawn_and_the_others_later() {
        let mut window = following(&[5, 8, 1000]);
        assert_eq!(window.drawn, 990..1000);
        assert!(window.is_partial(&(0..1000)));
        window.fill(&(0..1000));
        assert_eq!(window.drawn, 800..1000);
        assert!(!window.is_partial(&(0..1000)));
        window.follow(0..1001, 10);
        assert_eq!(window.drawn, 801..1001);
    }

    #[test]
    fn nothing_moves_while_the_user_reads_and_it_does_not_grow_without_end() {
        let mut window = following(&[5, 8]);
        window.stay(0..100);
        assert_eq!(window.drawn, 0..100);
        window.stay(0..100_000);
        assert_eq!(window.drawn, 0..400);
        window.follow(0..100_000, 10);
        assert_eq!(window.drawn, 99_990..100_000);
        // What is no longer kept cannot be drawn.
        window.stay(100_500..120_500);
        assert_eq!(window.drawn, 100_500..100_900);
    }

    #[test]
    fn earlier_ones_are_drawn_on_request() {
        let mut window = following(&[1000]);
        window.extend(&(0..1000));
        assert_eq!(window.drawn, 600..1000);
        window.stay(0..5000);
        window.extend(&(0..5000));
        assert_eq!(window.drawn, 400..1200);
        window.extend(&(390..5000));
        assert_eq!(window.drawn, 390..1200);
    }

    #[test]
    fn a_conversation_that_was_cleared_begins_anew() {
        let mut window = following(&[300]);
        window.follow(300..300, 10);
        assert_eq!(window.drawn, 300..300);
        window.follow(300..302, 10);
        assert_eq!(window.drawn, 300..302);
    }
}
