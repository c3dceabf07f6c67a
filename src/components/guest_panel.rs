use std::rc::Rc;

use stylist::yew::use_style;
use yew::prelude::*;

use super::{Button, ErrorBox, Field, ProgressNote, RoomExpiry, StartButton};
use crate::hooks::{SettingsHandle, use_session};
use crate::link;
use crate::state::{Page, Remedy, RoomView, Turn, progress};
use registry_client::{ConnectionState, Role};

/// Properties of [`GuestPanel`].
#[derive(Properties, PartialEq)]
pub struct GuestPanelProps {
    /// What the page shows.
    pub page: Page,
    /// The settings: they hold the guest's name.
    pub settings: SettingsHandle,
    /// The room code that the page's link brought.
    #[prop_or_default]
    pub room: AttrValue,
    /// The join code that the page's link brought.
    #[prop_or_default]
    pub join: AttrValue,
}

/// What the form holds.
#[derive(Clone, PartialEq)]
struct Codes {
    room: String,
    join: String,
}

/// The guest's side: enter the codes, start.
#[component]
pub fn GuestPanel(props: &GuestPanelProps) -> Html {
    let session = use_session();
    let codes = use_state(|| Codes { room: props.room.to_string(), join: props.join.to_string() });
    let (page, settings) = (&props.page, &props.settings.current);
    let name = AttrValue::from(settings.guest_name.clone());
    let join = use_callback((session.clone(), codes.clone(), name.clone()), |(), (session, codes, name)| {
        session.join(&codes.room, &codes.join, name);
    });
    let onremedy = use_callback((session, join.clone()), |remedy: Remedy, (session, join)| match remedy {
        Remedy::JoinAgain | Remedy::CreateAgain => join.emit(()),
        Remedy::StartAgain => session.start(),
        Remedy::NewRoom | Remedy::Leave => session.close(),
    });
    let problem = page.problem.clone().filter(|problem| !problem.in_chat);
    let over = page.state() == ConnectionState::Disconnected && problem.is_none();
    let blocked = !settings.problems().none();
    html! {
        <section class="stack" data-testid="guest-interface" aria-label="Guest">
            if page.is_free() || page.state() == ConnectionState::Joining {
                <GuestForm
                    {name}
                    codes={(*codes).clone()}
                    onname={props.settings.text(|settings, name| settings.guest_name = name)}
                    oncodes={let codes = codes.setter(); Callback::from(move |new| codes.set(new))}
                    busy={page.state() == ConnectionState::Joining}
                    {blocked}
                    onsubmit={join}
                />
            } else if let Some(room) = &page.room {
                <JoinedRoom room={Rc::clone(room)} state={page.state()} />
            }
            <ProgressNote progress={progress(page).filter(|now| now.turn != Turn::Over || problem.is_none())} />
            if over {
                <Button testid="fresh-room-btn" onclick={onremedy.reform(|()| Remedy::Leave)}>
                    { Remedy::Leave.label() }
                </Button>
            }
            <ErrorBox {problem} {blocked} {onremedy} />
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct GuestFormProps {
    name: AttrValue,
    codes: Codes,
    onname: Callback<String>,
    oncodes: Callback<Codes>,
    busy: bool,
    blocked: bool,
    onsubmit: Callback<()>,
}

#[component]
fn GuestForm(props: &GuestFormProps) -> Html {
    let style =
        use_style!(".codes { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 10px; }");
    let onsubmit = use_callback(props.onsubmit.clone(), |event: SubmitEvent, onsubmit| {
        event.prevent_default();
        onsubmit.emit(());
    });
    let deps = (props.codes.clone(), props.oncodes.clone());
    let onroom = use_callback(deps.clone(), |text: String, (codes, oncodes)| oncodes.emit(codes.with_room(&text)));
    let onjoin = use_callback(deps, |text: String, (codes, oncodes)| {
        oncodes.emit(Codes { join: link::join_code(&text), ..codes.clone() });
    });
    html! {
        <form class={classes!("stack", style)} {onsubmit}>
            <Field
                testid="guest-username"
                label="Your name"
                hint="1 to 32 letters, digits, _ or -."
                value={&props.name}
                disabled={props.busy}
                onchange={&props.onname}
            />
            <div class="codes">
                <Field
                    testid="guest-room-code"
                    label="Room code"
                    hint="8 letters and digits, or paste an invitation."
                    placeholder="ABCD2345"
                    mono=true
                    value={props.codes.room.clone()}
                    disabled={props.busy}
                    onchange={onroom}
                />
                <Field
                    testid="guest-join-code"
                    label="Join code"
                    hint="6 digits."
                    placeholder="123456"
                    mono=true
                    inputmode="numeric"
                    value={props.codes.join.clone()}
                    disabled={props.busy}
                    onchange={onjoin}
                />
            </div>
            <Button testid="join-room-btn" class="primary" submit=true busy={props.busy} disabled={props.blocked}>
                { if props.busy { "Joining…" } else { "Join the room" } }
            </Button>
            if props.blocked {
                <p class="muted" data-testid="blocked-note">{ "The connection settings below need your attention first." }</p>
            }
        </form>
    }
}

impl Codes {
    fn with_room(&self, text: &str) -> Self {
        match link::pasted_codes(text) {
            Some((room, join)) => Self { room, join },
            None => Self { room: link::room_code(text), ..self.clone() },
        }
    }
}

#[derive(Properties, PartialEq)]
struct JoinedRoomProps {
    room: Rc<RoomView>,
    state: ConnectionState,
}

/// The room that the guest is in, and the button that goes on from there.
#[component]
fn JoinedRoom(props: &JoinedRoomProps) -> Html {
    let style = use_style!(
        r#"
        dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 14px; align-items: baseline; }
        .value { font-size: 17px; font-weight: 600; }
    "#
    );
    let room = &props.room;
    html! {
        <div class={classes!(style, "stack")} data-testid="room-joined-info">
            <dl>
                <dt class="eyebrow">{ "Host" }</dt>
                <dd class="value" data-testid="host-name">{ room.host_name.as_deref().unwrap_or("unknown") }</dd>
                <dt class="eyebrow">{ "Room code" }</dt>
                <dd class="value mono" data-testid="joined-room-code">{ &room.code }</dd>
                <dt class="eyebrow">{ "Expires" }</dt>
                <dd><RoomExpiry expires_at={room.expires_at} /></dd>
            </dl>
            if matches!(props.state, ConnectionState::Joined | ConnectionState::Connecting) {
                <StartButton role={Role::Guest} state={props.state} />
            }
        </div>
    }
}
