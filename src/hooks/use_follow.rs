use std::cell::RefCell;
use std::rc::Rc;

use web_sys::Element;
use yew::prelude::*;

use crate::services::scroll::{self, Scroll};
use crate::services::size::SizeObserver;

/// A list that scrolls, whose end stays in view until the user scrolls up. It does not read the layout of the page after
/// changing it, which would make the browser lay it out at once and once more for each change.
#[derive(Clone)]
pub struct Follow {
    /// The element that scrolls.
    pub scroller: NodeRef,
    /// The only element in it.
    pub content: NodeRef,
    following: UseStateHandle<bool>,
    known: Rc<RefCell<Position>>,
    onmove: Callback<Position>,
}

/// What is in view of a list.
#[derive(Clone, Copy)]
pub struct Position {
    /// Whether the end stays in view.
    pub following: bool,
    /// How far it is scrolled.
    pub scroll: Scroll,
}

impl Follow {
    /// Whether the end stays in view.
    pub fn following(&self) -> bool {
        *self.following
    }

    /// The last known position.
    pub fn view(&self) -> Scroll {
        self.known.borrow().scroll
    }

    /// Scrolls to the end, and stays there.
    pub fn resume(&self) {
        let top = scroll::to_end(&self.scroller);
        self.note(Scroll { top, ..self.view() }, true);
    }

    /// Stays where it is.
    pub fn stop(&self) {
        self.note(self.view(), false);
    }

    /// Looks where it is after a change that has moved the end, and follows the end only if it is in view.
    pub fn look(&self) {
        if let Some(now) = Scroll::of(&self.scroller) {
            self.note(now, now.at_end());
        }
    }

    fn note(&self, scroll: Scroll, following: bool) {
        let position = Position { following, scroll };
        self.known.replace(position);
        self.following.set(following);
        self.onmove.emit(position);
    }

    fn scrolled(&self) {
        let Some(now) = Scroll::of(&self.scroller) else { return };
        let Position { following, scroll } = *self.known.borrow();
        // The event for the page's own scrolling arrives late, and is not the user's. Only the user scrolls up; a list
        // that grows or shrinks keeps following.
        let moved = now.top != scroll.top;
        self.note(now, if moved { now.at_end() || (following && now.top > scroll.top) } else { following });
    }

    fn resized(&self) {
        let Some(now) = Scroll::of(&self.scroller) else { return };
        let following = self.known.borrow().following;
        let top = if following { scroll::to_end(&self.scroller) } else { now.top };
        self.note(Scroll { top, ..now }, following);
    }
}

/// Keeps the end of a list in view. Calls back whenever what is in view may have changed. Returns the list's `onscroll`, too.
#[hook]
pub fn use_follow(onmove: &Callback<Position>) -> (Follow, Callback<Event>) {
    let known = use_mut_ref(|| Position { following: true, scroll: Scroll::default() });
    let follow = Follow {
        scroller: use_node_ref(),
        content: use_node_ref(),
        following: use_state_eq(|| true),
        known,
        onmove: onmove.clone(),
    };
    use_effect_with(onmove.clone(), {
        let follow = follow.clone();
        move |_| {
            let elements = [&follow.scroller, &follow.content].map(NodeRef::cast::<Element>);
            let observer = SizeObserver::new(elements.iter().flatten(), move || follow.resized());
            move || drop(observer)
        }
    });
    let onscroll = use_callback(onmove.clone(), {
        let follow = follow.clone();
        move |_: Event, _| follow.scrolled()
    });
    (follow, onscroll)
}
