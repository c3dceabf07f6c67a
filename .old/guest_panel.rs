use yew::prelude::*;

use super::host_panel::blocked_note;
use super::{Button, Field, error_box, foreign, progress_note, room_expiry, start_button};
use crate::hooks::{Session, SettingsHandle, use_effect_on};
use crate::link;
use crate::markup::markup;
use crate::settings::Settings;
use crate::state::{Page, Remedy, RoomView, Turn, progress};
use registry_client::ConnectionState;

/// Properties of [`GuestPanel`].
#[derive(Properties, PartialEq)]
pub struct GuestPanelProps {
    /// What a control does.
    pub session: Session,
    /// What the page shows.
    pub page: Page,
    /// The settings: they hold the guest's name.
    pub settings: SettingsHandle,
    /// The codes that somebody else brought: a link, or a host in the same tab.
    #[prop_or_default]
    pub codes: Codes,
}

/// What the form holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Codes {
    /// The room code.
    pub room: String,
    /// The join code.
    pub join: String,
}

/// The guest's side: enter the codes, start.
#[component]
pub fn GuestPanel(props: &GuestPanelProps) -> Html {
    let GuestPanelProps { session, page, settings, .. } = props;
    let codes = use_state(|| props.codes.clone());
    use_effect_on((props.codes.clone(), codes.setter()), |(brought, codes)| codes.set(brought.clone()));
    let problem = page.problem.as_ref().filter(|problem| !problem.in_chat);
    let over = page.state() == ConnectionState::Disconnected && problem.is_none();
    let blocked = !settings.current.problems().none();
    let onremedy = remedies(session, &codes, &settings.current);
    let leave = Button {
        testid: "fresh-room-btn".into(),
        onclick: Some(onremedy.reform(|_| Remedy::Leave)),
        ..Button::default()
    };
    let joining = page.state() == ConnectionState::Joining;
    let main = if page.is_free() || joining {
        Some(form(session, settings, &codes, joining, blocked))
    } else {
        page.room.as_ref().map(|room| joined_room(session, room, page))
    };
    let now = progress(page).filter(|now| now.turn != Turn::Over || problem.is_none());
    markup! {
        <section class="stack" data-testid="guest-interface" aria-label="Guest">
            { main }
            { progress_note(now, page.facts.retries.trouble()) }
            { over.then(|| leave.html(Remedy::Leave.label().into())) }
            { error_box(session, problem, blocked, &onremedy) }
        </section>
    }
}

fn remedies(session: &Session, codes: &Codes, settings: &Settings) -> Callback<Remedy> {
    let (session, codes) = (session.clone(), codes.clone());
    let (name, name_as_host) = (settings.guest_name.clone(), settings.host_name.clone());
    Callback::from(move |remedy| match remedy {
        Remedy::JoinAgain | Remedy::CreateAgain => session.join(&codes.room, &codes.join, &name),
        Remedy::StartAgain => session.start(),
        Remedy::NewRoom => session.renew(&name_as_host),
        Remedy::Leave => session.close(),
    })
}

fn form(
    session: &Session,
    settings: &SettingsHandle,
    codes: &UseStateHandle<Codes>,
    busy: bool,
    blocked: bool,
) -> Html {
    let name = settings.current.guest_name.clone();
    let join = remedies(session, codes, &settings.current);
    let onsubmit = move |event: SubmitEvent| {
        event.prevent_default();
        join.emit(Remedy::JoinAgain);
    };
    let your_name = Field {
        testid: "guest-username",
        label: "Your name",
        hint: "1 to 32 letters, digits, _ or -.",
        value: name.into(),
        linked: settings.sources.linked().guest_name.is_some(),
        disabled: busy,
        onchange: settings.text(|settings, name| settings.guest_name = name),
        ..Field::default()
    };
    let room = Field {
        testid: "guest-room-code",
        label: "Room code",
        hint: "8 letters and digits, or paste an invitation.",
        placeholder: "ABCD2345",
        mono: true,
        value: codes.room.clone().into(),
        disabled: busy,
        onchange: typed(codes, Codes::with_room),
        ..Field::default()
    };
    let join_code = Field {
        testid: "guest-join-code",
        label: "Join code",
        hint: "6 digits.",
        placeholder: "123456",
        mono: true,
        inputmode: Some("numeric"),
        value: codes.join.clone().into(),
        disabled: busy,
        onchange: typed(codes, |codes, text| Codes { join: link::join_code(text), ..codes.clone() }),
        ..Field::default()
    };
    let join = Button {
        testid: "join-room-btn".into(),
        class: "primary",
        submit: true,
        busy,
        disabled: blocked,
        ..Button::default()
    };
    markup! {
        <form class="stack guest-form" onsubmit={Callback::from(onsubmit)}>
            { your_name.html() }
            <div class="codes">
                { room.html() }
                { join_code.html() }
            </div>
            { join.html(if busy { "Joining…" } else { "Join the room" }.into()) }
            { blocked.then(blocked_note) }
        </form>
    }
}

fn typed(codes: &UseStateHandle<Codes>, change: fn(&Codes, &str) -> Codes) -> Callback<String> {
    let codes = codes.clone();
    Callback::from(move |text: String| codes.set(change(&codes, &text)))
}

impl Codes {
    /// Whether there are both.
    pub fn are_known(&self) -> bool {
        !self.room.is_empty() && !self.join.is_empty()
    }

    fn with_room(&self, text: &str) -> Self {
        match link::pasted_codes(text) {
            Some((room, join)) => Self { room, join },
            None => Self { room: link::room_code(text), ..self.clone() },
        }
    }
}

/// The room that the guest is in, and the button that goes on from there.
fn joined_room(session: &Session, room: &RoomView, page: &Page) -> Html {
    let state = page.state();
    let host = foreign(room.host_name.as_deref().unwrap_or("unknown"));
    let startable = matches!(state, ConnectionState::Joined | ConnectionState::Connecting);
    markup! {
        <div class="joined-room stack" data-testid="room-joined-info">
            <dl>
                <dt class="eyebrow">{ "Host" }</dt>
                <dd class="value" data-testid="host-name">{ host }</dd>
                <dt class="eyebrow">{ "Room code" }</dt>
                <dd class="value mono" data-testid="joined-room-code">{ room.code.clone() }</dd>
                <dt class="eyebrow">{ "Expires" }</dt>
                <dd>{ room_expiry(page.life) }</dd>
            </dl>
            { startable.then(|| start_button(session, "start-connection-guest-btn", state)) }
        </div>
    }
}
