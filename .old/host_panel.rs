use yew::prelude::*;

use super::{Button, CopyButton, Field, Glyph, error_box, icon, progress_note, room_expiry, start_button};
use crate::hooks::{Session, SettingsHandle};
use crate::markup::markup;
use crate::qr;
use crate::services::{location, share};
use crate::settings::Settings;
use crate::state::{Page, Remedy, RoomView, Turn, progress};
use registry_client::ConnectionState;

/// The host's side: make a room, share its codes, start.
pub fn host_panel(session: &Session, page: &Page, settings: &SettingsHandle) -> Html {
    let onremedy = remedies(session, &settings.current.host_name);
    let problem = page.problem.as_ref().filter(|problem| !problem.in_chat);
    let over = page.state() == ConnectionState::Disconnected && problem.is_none();
    let blocked = !settings.current.problems().none();
    let renew = Button {
        testid: "fresh-room-btn".into(),
        onclick: Some(onremedy.reform(|_| Remedy::NewRoom)),
        ..Button::default()
    };
    let creating = page.state() == ConnectionState::Creating;
    let main = if page.is_free() || creating {
        Some(form(session, settings, creating, blocked))
    } else {
        page.room.as_ref().map(|room| room_codes(session, room, page, &settings.current))
    };
    let now = progress(page).filter(|now| now.turn != Turn::Over || problem.is_none());
    markup! {
        <section class="stack" data-testid="host-interface" aria-label="Host">
            { main }
            { progress_note(now, page.facts.retries.trouble()) }
            { over.then(|| renew.html(Remedy::NewRoom.label().into())) }
            { error_box(session, problem, blocked, &onremedy) }
        </section>
    }
}

fn remedies(session: &Session, name: &str) -> Callback<Remedy> {
    let (session, name) = (session.clone(), name.to_owned());
    Callback::from(move |remedy| match remedy {
        Remedy::NewRoom => session.renew(&name),
        Remedy::Leave => session.close(),
        Remedy::StartAgain => session.start(),
        Remedy::CreateAgain | Remedy::JoinAgain => session.create(&name),
    })
}

fn form(session: &Session, settings: &SettingsHandle, busy: bool, blocked: bool) -> Html {
    let name = settings.current.host_name.clone();
    let onsubmit = {
        let (session, name) = (session.clone(), name.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            session.create(&name);
        }
    };
    let field = Field {
        testid: "host-username",
        label: "Your name",
        hint: "1 to 32 letters, digits, _ or -. Your guest sees it.",
        value: name.into(),
        linked: settings.sources.linked().host_name.is_some(),
        disabled: busy,
        onchange: settings.text(|settings, name| settings.host_name = name),
        ..Field::default()
    };
    let create = Button {
        testid: "create-room-btn".into(),
        class: "primary",
        submit: true,
        busy,
        disabled: blocked,
        ..Button::default()
    };
    markup! {
        <form class="stack" onsubmit={Callback::from(onsubmit)}>
            { field.html() }
            { create.html(if busy { "Creating…" } else { "Create a room" }.into()) }
            { blocked.then(blocked_note) }
        </form>
    }
}

/// Why a form cannot be sent.
pub(super) fn blocked_note() -> Html {
    markup! { <p class="muted" data-testid="blocked-note">{ "The connection settings below need your attention first." }</p> }
}

/// What the host shares, and the button that goes on from there.
fn room_codes(session: &Session, room: &RoomView, page: &Page, settings: &Settings) -> Html {
    let state = page.state();
    let started = !matches!(state, ConnectionState::Created | ConnectionState::Connecting);
    let invite = room
        .join_code
        .as_ref()
        .filter(|_| !started)
        .map(|join| invitation(&location::invitation(&room.code, join, settings)));
    markup! {
        <div class="room-codes stack" data-testid="room-created-info">
            <div class="codes">
                { code("Room code", "room-code", "copy-room-code", "the room code", &room.code) }
                { room.join_code.as_ref().map(|join| code("Join code", "join-code", "copy-join-code", "the join code", join)) }
            </div>
            <p>
                <span class="eyebrow">{ "Expires " }</span>
                { room_expiry(page.life) }
            </p>
            { invite }
            { (!started).then(|| start_button(session, "start-connection-host-btn", state)) }
        </div>
    }
}

/// A code, and the button that copies `what` it is.
fn code(name: &'static str, testid: &'static str, copy: &'static str, what: &'static str, code: &str) -> Html {
    markup! {
        <div class="code">
            <span class="eyebrow">{ name }</span>
            <span class="value mono" data-testid={testid}>{ code.to_owned() }</span>
            { html! { <CopyButton testid={copy} {what} text={say(code)} /> } }
        </div>
    }
}

fn say(text: &str) -> Callback<(), String> {
    let text = text.to_owned();
    Callback::from(move |()| text.clone())
}

/// The link that invites, in the ways in which it can be handed on.
fn invitation(link: &str) -> Html {
    let share = Button {
        testid: "share-invitation".into(),
        class: "small",
        onclick: Some({
            let link = link.to_owned();
            Callback::from(move |_| share::link("Join me in a room", &link))
        }),
        ..Button::default()
    };
    let copy = html! {
        <CopyButton
            testid="copy-invitation"
            what="the invitation link"
            label="Copy link"
            glyph={Glyph::Link}
            text={say(link)}
        />
    };
    markup! {
        <div class="invitation">
            { qr_code(link) }
            <div class="ways">
                <span class="eyebrow">{ "Invitation" }</span>
                <a class="mono" data-testid="invitation-link" href={link.to_owned()} target="_blank" rel="noreferrer">
                    { link.to_owned() }
                </a>
                <div class="row">
                    { copy }
                    { share::is_possible().then(|| share.html(markup! { { icon(Glyph::Send) }{ "Share" } })) }
                </div>
            </div>
        </div>
    }
}

/// The link for a camera: always dark on light, which is all that some of them read.
fn qr_code(link: &str) -> Html {
    let Some(drawing) = qr::draw(link) else { return Html::default() };
    markup! {
        <svg
            class="qr"
            data-testid="invitation-qr"
            viewBox={format!("0 0 {0} {0}", drawing.side)}
            role="img"
            aria-label="QR code of the invitation link"
            shape-rendering="crispEdges"
        >
            <title>{ "Scan to join this room" }</title>
            <rect width="100%" height="100%" fill="#fff" />
            <path d={drawing.path} fill="#000" />
        </svg>
    }
}
