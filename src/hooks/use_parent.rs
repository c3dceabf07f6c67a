use std::rc::Rc;

use gloo_events::EventListener;
use registry_client::{Event, Subscription};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{Session, SettingsHandle};
use crate::embed::{ParentCommand, ParentMessage};
use crate::services::location;
use crate::services::parent::Parent;
use crate::services::size::SizeObserver;
use crate::settings::PageSettings;
use crate::state::Page;

/// Sends messages to the embedding page and carries out its commands. Does nothing without an `origin`.
#[hook]
pub fn use_parent(origin: Option<&str>, session: &Session, page: &Page, settings: &SettingsHandle) {
    let parent = use_memo(origin.map(str::to_owned), |origin| origin.as_deref().and_then(Parent::of_origin));
    let parent: Option<Parent> = (*parent).clone();
    let deps = (parent.clone(), session.clone(), Rc::clone(&settings.current));
    use_effect_with(deps, |(parent, session, settings)| {
        let listener = parent.as_ref().map(|parent| obey(parent, session, settings));
        move || drop(listener)
    });
    use_effect_with((parent.clone(), session.clone()), |(parent, session)| {
        let subscription = parent.as_ref().map(|parent| report(parent, session));
        move || drop(subscription)
    });
    use_effect_with((parent.clone(), page.room.clone()), {
        let settings = Rc::clone(&settings.current);
        move |(parent, room)| {
            if let (Some(parent), Some(room)) = (parent, room) {
                let invitation = room.join_code.as_ref().map(|join| location::invitation(&room.code, join, &settings));
                parent.send(&ParentMessage::Room { room: (**room).clone(), link: invitation });
            }
        }
    });
    // Compared by address: the same failure a second time is a new one.
    use_effect_with((parent.clone(), page.problem.as_ref().map(Rc::as_ptr)), {
        let problem = page.problem.clone();
        move |(parent, _)| {
            if let (Some(parent), Some(problem)) = (parent, problem) {
                parent.send(&ParentMessage::problem(&problem));
            }
        }
    });
    use_effect_with(parent, |parent| {
        let observer = parent.clone().and_then(|parent| {
            parent.send(&ParentMessage::Ready);
            SizeObserver::of_content(move |height| parent.send(&ParentMessage::Resize { height }))
        });
        move || drop(observer)
    });
}

/// Carries out the parent's commands.
fn obey(parent: &Parent, session: &Session, settings: &Rc<PageSettings>) -> EventListener {
    let (replies, session, settings) = (parent.clone(), session.clone(), Rc::clone(settings));
    let follow = move |command| {
        // A new command supersedes the error before it.
        session.dismiss();
        match command {
            ParentCommand::Create(_) | ParentCommand::Join { .. } if !session.is_free() => {
                replies.send(&ParentMessage::refusal("invalid_transition", "Close the current room first."));
            }
            ParentCommand::Create(name) => session.create(name.as_deref().unwrap_or(&settings.host_name)),
            ParentCommand::Join { room, join, name } => {
                session.join(&room, &join, name.as_deref().unwrap_or(&settings.guest_name));
            }
            ParentCommand::Start => session.start(),
            ParentCommand::Send(data) => {
                session.send_json(data);
            }
            ParentCommand::Close => session.close(),
        }
    };
    parent.listen(follow)
}

/// Sends states and messages to the parent, in order.
fn report(parent: &Parent, session: &Session) -> Subscription {
    let parent = parent.clone();
    session.trace().subscribe(move |entry| {
        let message = match &entry.event {
            Event::State { to, .. } => ParentMessage::State { state: *to },
            Event::Message { data, .. } => ParentMessage::Peer { data: data.clone() },
            _ => return,
        };
        let parent = parent.clone();
        // Not from within the client, which may be in the middle of a change.
        spawn_local(async move { parent.send(&message) });
    })
}
