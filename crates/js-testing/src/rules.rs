//! What happens to the calls of all clients of a world.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use registry_client::Dependencies;
use registry_client::faults::{Faults, Rule};

/// Rules that hold for every client, whenever it was created.
#[derive(Default)]
pub(crate) struct Rules {
    /// By the number that the test knows.
    all: RefCell<Vec<(u32, Rule)>>,
    latest: Cell<u32>,
    offline: Cell<bool>,
    clients: RefCell<Vec<Client>>,
}

struct Client {
    faults: Faults,
    /// The numbers of the rules, and those of the same rules in `faults`.
    numbers: Vec<(u32, u32)>,
}

impl Rules {
    /// Makes them hold for a client that gets these dependencies.
    pub(crate) fn inject(&self, dependencies: &mut Dependencies, seed: u64) {
        let faults = Faults::new(Rc::clone(&dependencies.clock), seed);
        faults.inject(dependencies);
        faults.set_offline(self.offline.get());
        let numbers = self.all.borrow().iter().map(|(number, rule)| (*number, faults.add(rule.clone()))).collect();
        self.clients.borrow_mut().push(Client { faults, numbers });
    }

    pub(crate) fn add(&self, rule: Rule) -> u32 {
        let number = self.latest.get() + 1;
        self.latest.set(number);
        for client in &mut *self.clients.borrow_mut() {
            client.numbers.push((number, client.faults.add(rule.clone())));
        }
        self.all.borrow_mut().push((number, rule));
        number
    }

    /// Returns whether there was one.
    pub(crate) fn remove(&self, number: u32) -> bool {
        for client in &mut *self.clients.borrow_mut() {
            for (_, own) in client.numbers.extract_if(.., |(of, _)| *of == number) {
                client.faults.remove(own);
            }
        }
        let mut all = self.all.borrow_mut();
        let before = all.len();
        all.retain(|(of, _)| *of != number);
        all.len() < before
    }

    pub(crate) fn clear(&self) {
        self.all.borrow_mut().clear();
        for client in &mut *self.clients.borrow_mut() {
            client.numbers.clear();
            client.faults.clear();
        }
        self.offline.set(false);
    }

    pub(crate) fn set_offline(&self, offline: bool) {
        self.offline.set(offline);
        for client in &*self.clients.borrow() {
            client.faults.set_offline(offline);
        }
    }
}
