//! Requests that wait: each is answered exactly once, and none that is due is left waiting.

use registry::{Request, WaitId};

use super::room::{News, Side};
use super::step::{Errand, Subject};

/// By which a waiting request is known to us.
pub(super) type Ticket = usize;

/// How many requests of one kind and peer may wait at once.
const MOST_ALIKE: usize = 2;

#[derive(Clone, Debug)]
pub(super) struct Wait {
    pub(super) room: usize,
    pub(super) id: WaitId,
    pub(super) until: u64,
    side: Side,
    errand: Errand,
    request: Request,
    over: bool,
}

/// All that ever waited.
#[derive(Default)]
pub(super) struct Waits(Vec<Wait>);

impl Waits {
    /// The ticket of the next one.
    pub(super) fn next(&self) -> Ticket {
        self.0.len()
    }

    pub(super) fn push(&mut self, room: usize, side: Side, errand: &Errand, id: WaitId, until: u64, request: Request) {
        self.0.push(Wait { room, id, until, side, errand: *errand, request, over: false });
    }

    /// One is answered: whose room and side, what was asked, and how.
    pub(super) fn answered(&mut self, ticket: Ticket) -> (usize, Side, Errand, Request) {
        let wait = self.0.get_mut(ticket).expect("a ticket of ours");
        assert!(!wait.over, "answered twice, or after it was given up");
        wait.over = true;
        (wait.room, wait.side, wait.errand, wait.request.clone())
    }

    /// The client of one goes away.
    pub(super) fn give_up(&mut self, which: u8) -> Option<(usize, WaitId)> {
        let count = self.waiting().count();
        let index = usize::from(which).checked_rem(count)?;
        let wait = self.0.iter_mut().filter(|wait| !wait.over).nth(index)?;
        wait.over = true;
        Some((wait.room, wait.id))
    }

    /// Whoever waits for such news has been answered.
    pub(super) fn told(&self, room: usize, news: News) {
        for wait in self.waiting().filter(|wait| wait.room == room && wait.errand.is_honest()) {
            let concerns = match news {
                News::None => false,
                News::Over => true,
                News::Room => subject(&wait.errand) == Subject::Snapshot,
                News::CandidateOf(side) => wait.side != side,
            };
            assert!(!concerns, "{wait:?} was not told of {news:?}");
        }
    }

    /// Checks those that wait, each of them with `each`, and returns how many they are.
    pub(super) fn check(&self, each: impl Fn(&Wait)) -> usize {
        for wait in self.waiting() {
            each(wait);
            let alike = |other: &&Wait| {
                (other.room, other.side, subject(&other.errand)) == (wait.room, wait.side, subject(&wait.errand))
            };
            assert!(self.waiting().filter(alike).count() <= MOST_ALIKE);
        }
        self.waiting().count()
    }

    fn waiting(&self) -> impl Iterator<Item = &Wait> {
        self.0.iter().filter(|wait| !wait.over)
    }
}

fn subject(errand: &Errand) -> Subject {
    match errand {
        Errand::Read { subject, .. } => *subject,
        _ => unreachable!("only readings wait"),
    }
}
