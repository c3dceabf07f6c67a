use std::rc::Rc;

use yew::prelude::*;

use crate::check::{Check, Observation, Plan};
use crate::services::check::{Running, start};

/// A check that is shown, if there is one.
#[derive(Default, PartialEq)]
struct Shown(Option<Check>);

enum Act {
    Begin(Plan),
    See(Observation),
    Close,
}

impl Reducible for Shown {
    type Action = Act;

    fn reduce(self: Rc<Self>, act: Act) -> Rc<Self> {
        let check = match act {
            Act::Begin(plan) => Some(Check::new(plan)),
            Act::See(observation) => self.0.clone().map(|mut check| {
                check.see(observation);
                check
            }),
            Act::Close => None,
        };
        Rc::new(Self(check))
    }
}

/// A check, and the means to run and to close it.
#[derive(Clone)]
pub struct CheckHandle {
    shown: UseReducerHandle<Shown>,
    running: Rc<std::cell::RefCell<Option<Running>>>,
}

/// The check of a panel. It ends when the panel goes.
#[hook]
pub fn use_check() -> CheckHandle {
    let shown = use_reducer_eq(Shown::default);
    let running = use_mut_ref(|| None);
    CheckHandle { shown, running }
}

impl CheckHandle {
    /// The check, if one was run.
    pub fn check(&self) -> Option<&Check> {
        self.shown.0.as_ref()
    }

    /// Runs a check; one that is running ends.
    pub fn run(&self, plan: Plan) {
        self.running.take();
        self.shown.dispatch(Act::Begin(plan.clone()));
        let dispatcher = self.shown.dispatcher();
        self.running.replace(Some(start(plan, move |observation| dispatcher.dispatch(Act::See(observation)))));
    }

    /// Ends the check, and shows none.
    pub fn close(&self) {
        self.running.take();
        self.shown.dispatch(Act::Close);
    }
}
