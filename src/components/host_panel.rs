use std::rc::Rc;

use stylist::yew::use_style;
use yew::prelude::*;

use super::{Button, CopyButton, ErrorBox, Field, Glyph, ProgressNote, RoomExpiry, StartButton};
use crate::hooks::{SettingsHandle, use_session};
use crate::link;
use crate::services::location;
use crate::state::{Page, Remedy, RoomView, Turn, progress};
use registry_client::{ConnectionState, Role};

/// Properties of [`HostPanel`].
#[derive(Properties, PartialEq)]
pub struct HostPanelProps {
    /// What the page shows.
    pub page: Page,
    /// The settings: they hold the host's name.
    pub settings: SettingsHandle,
}

/// The host's side: make a room, share its codes, start.
#[component]
pub fn HostPanel(props: &HostPanelProps) -> Html {
    let session = use_session();
    let (page, settings) = (&props.page, &props.settings.current);
    let name = AttrValue::from(settings.host_name.clone());
    let create = use_callback((session.clone(), name.clone()), |(), (session, name)| session.create(name));
    let onremedy = use_callback((session, name.clone()), |remedy: Remedy, (session, name)| match remedy {
        Remedy::NewRoom => session.renew(name),
        Remedy::Leave => session.close(),
        Remedy::StartAgain => session.start(),
        Remedy::CreateAgain | Remedy::JoinAgain => session.create(name),
    });
    let problem = page.problem.clone().filter(|problem| !problem.in_chat);
    let over = page.state() == ConnectionState::Disconnected && problem.is_none();
    let blocked = !settings.problems().none();
    html! {
        <section class="stack" data-testid="host-interface" aria-label="Host">
            if page.is_free() || page.state() == ConnectionState::Creating {
                <HostForm
                    {name}
                    onname={props.settings.text(|settings, name| settings.host_name = name)}
                    busy={page.state() == ConnectionState::Creating}
                    {blocked}
                    onsubmit={create}
                />
            } else if let Some(room) = &page.room {
                <RoomCodes room={Rc::clone(room)} registry={settings.registry_url.clone()} state={page.state()} />
            }
            <ProgressNote progress={progress(page).filter(|now| now.turn != Turn::Over || problem.is_none())} />
            if over {
                <Button testid="fresh-room-btn" onclick={onremedy.reform(|()| Remedy::NewRoom)}>
                    { Remedy::NewRoom.label() }
                </Button>
            }
            <ErrorBox {problem} {blocked} {onremedy} />
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct HostFormProps {
    name: AttrValue,
    onname: Callback<String>,
    busy: bool,
    blocked: bool,
    onsubmit: Callback<()>,
}

#[component]
fn HostForm(props: &HostFormProps) -> Html {
    let onsubmit = use_callback(props.onsubmit.clone(), |event: SubmitEvent, onsubmit| {
        event.prevent_default();
        onsubmit.emit(());
    });
    html! {
        <form class="stack" {onsubmit}>
            <Field
                testid="host-username"
                label="Your name"
                hint="1 to 32 letters, digits, _ or -. Your guest sees it."
                value={&props.name}
                disabled={props.busy}
                onchange={&props.onname}
            />
            <Button
                testid="create-room-btn"
                class="primary"
                submit=true
                busy={props.busy}
                disabled={props.blocked}
            >
                { if props.busy { "Creating…" } else { "Create a room" } }
            </Button>
            if props.blocked {
                <p class="muted" data-testid="blocked-note">{ "The connection settings below need your attention first." }</p>
            }
        </form>
    }
}

#[derive(Properties, PartialEq)]
struct RoomCodesProps {
    room: Rc<RoomView>,
    registry: AttrValue,
    state: ConnectionState,
}

/// What the host shares, and the button that goes on from there.
#[component]
fn RoomCodes(props: &RoomCodesProps) -> Html {
    let style = use_style!(
        r#"
        .codes { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 10px; }
        .code { display: flex; flex-direction: column; gap: 4px; align-items: flex-start; min-width: 0; }
        .value { font-size: 23px; font-weight: 600; letter-spacing: 0.06em; line-height: 1.2; user-select: all; }
    "#
    );
    let room = &props.room;
    let started = !matches!(props.state, ConnectionState::Created | ConnectionState::Connecting);
    html! {
        <div class={classes!(style, "stack")} data-testid="room-created-info">
            <div class="codes">
                <div class="code">
                    <span class="eyebrow">{ "Room code" }</span>
                    <span class="value mono" data-testid="room-code">{ &room.code }</span>
                    <CopyButton testid="copy-room-code" what="the room code" text={say(&room.code)} />
                </div>
                if let Some(join) = &room.join_code {
                    <div class="code">
                        <span class="eyebrow">{ "Join code" }</span>
                        <span class="value mono" data-testid="join-code">{ join }</span>
                        <CopyButton testid="copy-join-code" what="the join code" text={say(join)} />
                    </div>
                }
            </div>
            <div class="spread row">
                <span>
                    <span class="eyebrow">{ "Expires " }</span>
                    <RoomExpiry expires_at={room.expires_at} />
                </span>
                if let (Some(join), false) = (&room.join_code, started) {
                    <CopyButton
                        testid="copy-invitation"
                        what="the invitation link"
                        label="Copy invitation"
                        glyph={Glyph::Link}
                        text={invitation(&room.code, join, &props.registry)}
                    />
                }
            </div>
            if !started {
                <StartButton role={Role::Host} state={props.state} />
            }
        </div>
    }
}

fn say(text: &str) -> Callback<(), String> {
    let text = text.to_owned();
    Callback::from(move |()| text.clone())
}

fn invitation(room: &str, join: &str, registry: &str) -> Callback<(), String> {
    let (room, join, registry) = (room.to_owned(), join.to_owned(), registry.trim().to_owned());
    Callback::from(move |()| {
        let elsewhere = Some(registry.as_str()).filter(|url| url.trim_end_matches('/') != location::origin());
        link::invitation(&location::href(), elsewhere, &room, &join)
    })
}
