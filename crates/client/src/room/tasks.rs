use std::cell::RefCell;
use std::rc::Rc;

use futures::FutureExt;
use futures::channel::oneshot;
use futures::future::{LocalBoxFuture, Shared, select};

use crate::clock::Spawner;

/// Tasks that end together: dropping the scope, or [`clear`](Self::clear), drops them all.
pub(super) struct Scope {
    spawner: Rc<dyn Spawner>,
    life: RefCell<(oneshot::Sender<()>, Shared<oneshot::Receiver<()>>)>,
}

fn life() -> (oneshot::Sender<()>, Shared<oneshot::Receiver<()>>) {
    let (sender, receiver) = oneshot::channel();
    (sender, receiver.shared())
}

impl Scope {
    pub(super) fn new(spawner: Rc<dyn Spawner>) -> Self {
        Self { spawner, life: RefCell::new(life()) }
    }

    /// Runs `task` until it is ready or the scope is cleared.
    pub(super) fn spawn(&self, task: LocalBoxFuture<'static, ()>) {
        let ended = self.life.borrow().1.clone();
        self.spawner.spawn(Box::pin(select(task, ended).map(drop)));
    }

    /// Ends all tasks; new ones may follow.
    pub(super) fn clear(&self) {
        drop(self.life.replace(life()));
    }
}
