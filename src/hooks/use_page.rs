use std::rc::Rc;

use registry_client::Role;
use yew::prelude::*;

use crate::services;
use crate::state::{Action, Page};

/// Dispatches actions to the page's reducer.
pub type Dispatcher = UseReducerDispatcher<Page>;

impl Reducible for Page {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(self.after(action))
    }
}

/// The page's state, with this role selected at first; `peer` says whose it is, where there are two.
#[hook]
pub fn use_page(role: Option<Role>, peer: Option<Role>) -> UseReducerHandle<Page> {
    use_reducer_eq(|| Page::new(services::now_epoch_ms(), role).of_peer(peer))
}
