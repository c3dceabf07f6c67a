use std::rc::Rc;

use gloo_events::EventListener;
use registry_client::{Event, Subscription};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::use_effect_on;
use super::{Session, SettingsHandle};
use crate::embed::{ParentCommand, ParentMessage};
use crate::services::location;
use crate::services::parent::{HeightObserver, Parent};
use crate::settings::Settings;
use crate::state::Page;

/// Tells the page around this one what happens, and does what it asks for; nothing where there is no `origin` to talk to.
#[hook]
pub fn use_parent(origin: Option<&str>, session: &Session, page: &Page, settings: &SettingsHandle) {
    let parent = use_memo(origin.map(str::to_owned), |origin| origin.as_deref().and_then(Parent::of_origin));
    let parent: Option<Parent> = (*parent).clone();
    let deps = (parent.clone(), session.clone(), Rc::clone(&settings.current));
    use_effect_on(deps, |(parent, session, settings)| {
        let listener = parent.as_ref().and_then(|parent| obey(parent, session, settings));
        move || drop(listener)
    });
    use_effect_on((parent.clone(), session.clone()), |(parent, session)| {
        let subscription = parent.as_ref().map(|parent| report(parent, session));
        move || drop(subscription)
    });
    use_effect_on((parent.clone(), page.room.clone()), {
        let settings = Rc::clone(&settings.current);
        move |(parent, room)| {
            if let (Some(parent), Some(room)) = (parent, room) {
                let invitation = room.join_code.as_ref().map(|join| location::invitation(&room.code, join, &settings));
                parent.tell(&ParentMessage::Room { room: (**room).clone(), link: invitation });
            }
        }
    });
    // By address: the same failure once more is another one.
    use_effect_on((parent.clone(), page.problem.as_ref().map(Rc::as_ptr)), {
        let problem = page.problem.clone();
        move |(parent, _)| {
            if let (Some(parent), Some(problem)) = (parent, problem) {
                parent.tell(&ParentMessage::problem(&problem));
            }
        }
    });
    use_effect_on(parent, |parent| {
        let observer = parent.clone().and_then(|parent| {
            parent.tell(&ParentMessage::Ready);
            HeightObserver::new(move |height| parent.tell(&ParentMessage::Resize { height }))
        });
        move || drop(observer)
    });
}

/// Does what the parent asks for.
fn obey(parent: &Parent, session: &Session, settings: &Rc<Settings>) -> Option<EventListener> {
    let (teller, session, settings) = (parent.clone(), session.clone(), Rc::clone(settings));
    let follow = move |command| {
        // What the parent was told before is settled with its next command.
        session.dismiss();
        match command {
            ParentCommand::Create(_) | ParentCommand::Join { .. } if !session.is_free() => {
                teller.tell(&ParentMessage::refusal("invalid_transition", "Close the present room first."));
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

/// Tells the parent what happens, in its order.
fn report(parent: &Parent, session: &Session) -> Subscription {
    let parent = parent.clone();
    session.trace().subscribe(move |entry| {
        let message = match &entry.event {
            Event::State { to, .. } => ParentMessage::State { state: *to },
            Event::Message { data, .. } => ParentMessage::Peer { data: data.clone() },
            _ => return,
        };
        let parent = parent.clone();
        // Not from inside the client: it may be in the middle of a change.
        spawn_local(async move { parent.tell(&message) });
    })
}
