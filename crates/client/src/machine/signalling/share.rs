//! How much of what a base Registry takes from both peers of a room in a minute is this side's.
//!
//! A device with many network adapters needs more than half, and its peer seldom needs the other half; what the peer has
//! posted is seen when it is read. So beyond what is certainly its own a side takes what the peer leaves, one post after the
//! other and slowly enough to see the peer begin, and always leaves enough for a description and the likeliest candidates.
//! If both need more than half, neither would get on: one side's useful candidates are enough for a connection, so the host
//! goes first, and the guest takes what is left when the host has posted nothing for a while.

use std::time::Duration;

use registry_protocol::limits::RATE_SIGNAL;

use crate::machine::budget::{Budget, half_of};
use crate::types::state::Role;

/// What both may post, less one for requests that the network delays into the window.
const BOTH: usize = RATE_SIGNAL.count as usize - 1;
/// What each side leaves to the other.
const LEAST: usize = 12;
/// What one side takes at most.
const MOST: usize = BOTH - LEAST;
/// The pause between two posts beyond this side's half: a little longer than it takes to see what the peer posts.
const PAUSE: Duration = Duration::from_millis(400);

/// How long the host must have posted nothing before the guest takes what it leaves.
const QUIET: Duration = Duration::from_secs(1);

/// When there can be another post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Now,
    At(Duration),
    /// When a post that is on its way is answered.
    Later,
}

/// The posts of both sides in the last minute.
#[derive(Debug)]
pub(super) struct Share {
    role: Role,
    own: Budget,
    peer: Budget,
    /// What the peer has posted since the exchange began.
    known: usize,
}

impl Share {
    /// The share of a host or a guest, of which nothing is used.
    pub(super) fn of(role: Role) -> Self {
        Self { role, own: half_of(RATE_SIGNAL), peer: half_of(RATE_SIGNAL), known: 0 }
    }

    /// A post of this side was counted now.
    pub(super) fn spend(&mut self, now: Duration) {
        self.own.spend(now);
    }

    /// The peer is now seen to have posted this many since the exchange began.
    pub(super) fn see(&mut self, now: Duration, posts: usize) {
        for _ in self.known..posts {
            self.peer.spend(now);
        }
        self.known = self.known.max(posts);
    }

    /// When this side's half permits the next post.
    pub(super) fn earliest_of_half(&mut self, now: Duration) -> Duration {
        self.own.earliest(now)
    }

    /// When there can be another post, while so many are on their way.
    pub(super) fn next(&mut self, now: Duration, in_flight: usize) -> Turn {
        let allowed = BOTH.saturating_sub(self.peer.used(now)).clamp(LEAST, MOST);
        let half = self.own.count();
        let (own, mut moment) = (self.own.used(now) + in_flight, self.own.earliest_for(now, allowed));
        let certain = if self.role == Role::Host { half } else { LEAST };
        if own < certain.min(allowed) {
            return Turn::Now;
        }
        if in_flight > 0 {
            return Turn::Later;
        }
        if let Some(last) = self.own.last().filter(|_| own >= half) {
            moment = moment.max(last + PAUSE);
        }
        if let Some(last) = self.peer.last().filter(|_| self.role == Role::Guest) {
            moment = moment.max(last + QUIET);
        }
        if moment > now { Turn::At(moment) } else { Turn::Now }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);
    const SECOND: Duration = Duration::from_secs(1);

    /// How many a side posts from `now` to `end` that posts whenever it may.
    fn greedy(share: &mut Share, mut now: Duration, end: Duration) -> usize {
        let mut posts = 0;
        while now < end {
            match share.next(now, 0) {
                Turn::Now => {
                    share.spend(now);
                    posts += 1;
                }
                Turn::At(moment) => now = moment,
                Turn::Later => unreachable!("nothing is on its way"),
            }
        }
        posts
    }

    #[test]
    fn alone_a_side_posts_its_half_at_once_and_soon_all_but_what_the_other_needs() {
        let mut share = Share::of(Role::Host);
        assert_eq!(greedy(&mut share, Duration::ZERO, PAUSE), 19);
        assert_eq!(greedy(&mut share, PAUSE, 5 * SECOND), MOST - 19);
        assert_eq!(greedy(&mut share, 5 * SECOND, MINUTE), 0);
        assert_eq!(greedy(&mut share, MINUTE, 2 * MINUTE), MOST);
    }

    #[test]
    fn what_the_other_has_posted_is_not_there_for_this_side_until_a_minute_later() {
        for (seen, expected) in [(0, MOST), (12, MOST), (19, 20), (27, 12), (40, LEAST)] {
            let mut share = Share::of(Role::Host);
            share.see(Duration::ZERO, seen);
            share.see(SECOND, seen);
            assert_eq!(greedy(&mut share, SECOND, 30 * SECOND), expected, "{seen}");
            assert!(seen + expected < 40 || seen == 40);
        }
    }

    #[test]
    fn a_guest_takes_more_than_is_certainly_its_own_when_the_host_is_done() {
        let mut share = Share::of(Role::Guest);
        share.see(Duration::ZERO, 1);
        assert_eq!(greedy(&mut share, Duration::ZERO, SECOND / 2), LEAST);
        share.see(SECOND / 2, 5);
        assert_eq!(greedy(&mut share, SECOND / 2, SECOND * 3 / 2), 0);
        assert_eq!(greedy(&mut share, SECOND * 3 / 2, SECOND * 3 / 2 + PAUSE), 19 - LEAST);
        assert_eq!(greedy(&mut share, 2 * SECOND, 10 * SECOND), MOST - 19);
    }

    #[test]
    fn posts_on_their_way_count_and_beyond_half_there_is_only_one() {
        let mut share = Share::of(Role::Host);
        assert_eq!(share.next(SECOND, 18), Turn::Now);
        assert_eq!(share.next(SECOND, 19), Turn::Later);
        (0..19).for_each(|_| share.spend(SECOND));
        assert_eq!(share.next(SECOND, 1), Turn::Later);
        assert_eq!(share.next(SECOND, 0), Turn::At(SECOND + PAUSE));
    }
}
