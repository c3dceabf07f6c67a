use std::future::ready;
use std::rc::Rc;

use futures::FutureExt;
use futures::future::LocalBoxFuture;
use gloo_events::EventListener;
use registry_client::{Error, Event, Subscription};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{Session, SettingsHandle};
use crate::embed::{Failure, Invitation, Order, ParentCommand, ParentMessage};
use crate::link::Link;
use crate::services::parent::Parent;
use crate::services::size::SizeObserver;
use crate::services::{location, root};
use crate::settings::PageSettings;
use crate::state::{Page, RoomView};

/// Sends messages to the embedding page and carries out its commands, if the link names its origin.
#[hook]
pub fn use_parent(link: &Link, session: &Session, page: &Page, settings: &SettingsHandle) {
    let parent = use_memo(link.parent.clone(), |origin| origin.as_deref().and_then(Parent::of_origin));
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
                parent.send(&ParentMessage::Room(invitation((**room).clone(), &settings)));
            }
        }
    });
    // Compared by address: the same failure a second time is a new one.
    use_effect_with((parent.clone(), page.problem.as_ref().map(Rc::as_ptr)), {
        let problem = page.problem.clone();
        move |(parent, _)| {
            if let (Some(parent), Some(problem)) = (parent, problem) {
                parent.send(&ParentMessage::Error(Failure::from(&*problem)));
            }
        }
    });
    use_effect_with(parent, {
        let (session, refused) = (session.clone(), link.refused.clone());
        move |parent| {
            let observer = parent.clone().and_then(|parent| {
                announce(&parent, session, refused);
                SizeObserver::of_content(move |height| parent.send(&ParentMessage::Resize { height }))
            });
            move || drop(observer)
        }
    });
}

/// Says that the frame is ready, once it is known whether it resumes a connection, and what in its address was `refused`.
fn announce(parent: &Parent, session: Session, refused: Vec<&'static str>) {
    let parent = parent.clone();
    spawn_local(async move {
        parent.send(&ParentMessage::Ready { state: session.state() });
        for reason in refused {
            parent.send(&ParentMessage::Error(Failure::refusal("bad_argument", reason)));
        }
    });
}

fn invitation(room: RoomView, settings: &PageSettings) -> Invitation {
    let link = room.join_code.as_ref().map(|join| location::invitation(&room.code, join, settings));
    Invitation { room, link }
}

/// Carries out the parent's commands, and reports what has come of those that have an id.
fn obey(parent: &Parent, session: &Session, settings: &Rc<PageSettings>) -> EventListener {
    let (replies, session, settings) = (parent.clone(), session.clone(), Rc::clone(settings));
    parent.listen(move |Order { id, command }| {
        let outcome = match command {
            Ok(command) => follow(command, &replies, &session, &settings),
            Err(missing) => Box::pin(ready(Err(Failure::refusal("bad_argument", missing)))),
        };
        let replies = replies.clone();
        spawn_local(async move {
            let outcome = outcome.await;
            let Some(id) = id else { return };
            let (room, error) = outcome.map_or_else(|error| (None, Some(error)), |room| (room, None));
            replies.send(&ParentMessage::Result { id, room, error });
        });
    })
}

type Outcome = LocalBoxFuture<'static, Result<Option<Invitation>, Failure>>;

/// Carries out a command; resolves to the room that it has created, if any.
fn follow(command: ParentCommand, parent: &Parent, session: &Session, settings: &Rc<PageSettings>) -> Outcome {
    // A new command supersedes the error before it.
    if !matches!(command, ParentCommand::Look(..)) {
        session.dismiss();
    }
    let nothing = |outcome: Result<(), Error>| outcome.map(|()| None).map_err(|error| Failure::of(&error));
    match command {
        ParentCommand::Create(_) | ParentCommand::Join { .. } if !session.is_free() => {
            let refusal = Failure::refusal("invalid_transition", "Close the current room first.");
            parent.send(&ParentMessage::Error(refusal.clone()));
            Box::pin(ready(Err(refusal)))
        }
        ParentCommand::Create(name) => {
            let created = session.create_room(name.as_deref().unwrap_or(&settings.host_name));
            let settings = Rc::clone(settings);
            let shown = move |room| Some(invitation(RoomView::from(&room), &settings));
            Box::pin(created.map(|room| room.map(shown).map_err(|error| Failure::of(&error))))
        }
        ParentCommand::Join { room, join, name } => {
            let joined = session.join_room(&room, &join, name.as_deref().unwrap_or(&settings.guest_name));
            Box::pin(joined.map(move |room| nothing(room.map(drop))))
        }
        ParentCommand::Start => Box::pin(session.connect().map(nothing)),
        ParentCommand::Send(data) => Box::pin(ready(nothing(session.send_json(data)))),
        ParentCommand::Close => Box::pin(session.closed().map(|()| Ok(None))),
        ParentCommand::Look(theme, accent) => {
            root::dress(theme, accent);
            Box::pin(ready(Ok(None)))
        }
    }
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
