use stylist::{StyleSource, css};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::components::{Button, CopyButton};
use crate::format::counted;
use crate::hooks::use_current_settings;
use crate::services::indented_json;
use crate::settings::{Pasted, ice_servers};

/// What has become of a pasted text.
#[derive(Clone, Debug, PartialEq)]
enum Outcome {
    None,
    Applied(String),
    Failed(String),
}

/// Takes all STUN and TURN servers from a pasted `iceServers`, and gives them away as one.
#[component]
pub fn IceServers() -> Html {
    let settings = use_current_settings();
    let (open, text, outcome) = (use_state_eq(|| false), use_state_eq(String::new), use_state_eq(|| Outcome::None));
    let onopen = {
        let (open, text, outcome) = (open.clone(), text.setter(), outcome.setter());
        move |_: MouseEvent| {
            open.set(!*open);
            // It may hold passwords.
            text.set(String::new());
            outcome.set(Outcome::None);
        }
    };
    let oninput = {
        let (text, outcome) = (text.setter(), outcome.setter());
        move |event: InputEvent| {
            text.set(event.target_unchecked_into::<HtmlTextAreaElement>().value());
            outcome.set(Outcome::None);
        }
    };
    let onapply = {
        let (settings, open, text, outcome) = (settings.clone(), open.setter(), text.clone(), outcome.setter());
        move |_: MouseEvent| match ice_servers(&text) {
            Ok(pasted) => {
                outcome.set(Outcome::Applied(summary(&pasted)));
                settings.update(|all| all.take_ice_servers(pasted));
                open.set(false);
                text.set(String::new());
            }
            Err(why) => outcome.set(Outcome::Failed(why)),
        }
    };
    let copied = {
        let current = settings.current.clone();
        Callback::from(move |()| indented_json(&current.shared_ice_servers()))
    };
    let failed = matches!(*outcome, Outcome::Failed(_));
    html! {
        <div class={classes!("stack", style())}>
            <div class="row">
                <Button testid="paste-ice-servers" class="small" expanded={*open} onclick={onopen}>
                    { "Paste iceServers" }
                </Button>
                <CopyButton
                    testid="copy-ice-servers"
                    what="the servers as iceServers, without passwords"
                    label="Copy as iceServers"
                    text={copied}
                />
            </div>
            if *open {
                <label for="ice-servers-json">{ "Servers, as JSON or from a program" }</label>
                <textarea
                    id="ice-servers-json"
                    data-testid="ice-servers-json"
                    class="mono"
                    rows="7"
                    spellcheck="false"
                    autocomplete="off"
                    autocapitalize="none"
                    placeholder={"[{ urls: \"turn:host:3478\", username: \"…\", credential: \"…\" }]"}
                    aria-invalid={failed.then_some("true")}
                    aria-describedby="ice-servers-problem"
                    value={(*text).clone()}
                    {oninput}
                />
                <div class="row">
                    <Button
                        testid="apply-ice-servers"
                        class="small primary"
                        disabled={text.trim().is_empty()}
                        onclick={onapply}
                    >
                        { "Use these servers" }
                    </Button>
                    <span class="muted">{ "They replace those above." }</span>
                </div>
            }
            <p id="ice-servers-problem" class={if failed { "problem" } else { "muted" }} role="status">
                if let Outcome::Failed(words) = &*outcome {
                    <span data-testid="ice-servers-problem">{ words }</span>
                } else if let Outcome::Applied(words) = &*outcome {
                    <span data-testid="ice-servers-applied">{ words }</span>
                }
            </p>
        </div>
    }
}

fn summary(pasted: &Pasted) -> String {
    let turn = pasted.turn.iter().map(|entry| entry.urls.len()).sum();
    format!("{} and {} taken over.", counted(pasted.stun.len(), "STUN server"), counted(turn, "TURN server"))
}

fn style() -> StyleSource {
    css!(
        r#"
        gap: 8px;

        label { font-size: 13px; font-weight: 600; }
        textarea {
            width: 100%;
            min-height: 90px;
            padding: 8px 10px;
            border: 1px solid var(--edge);
            border-radius: var(--radius);
            background: light-dark(#ffffff, #101216);
            color: inherit;
            font-size: 12.5px;
            line-height: 1.45;
            resize: vertical;
        }
        textarea[aria-invalid="true"] { border-color: var(--bad); }
        textarea::placeholder { color: var(--muted); opacity: 0.8; }
        p, .muted { font-size: 12.5px; }
        p:empty { display: none; }
        .problem { color: var(--bad); }
        "#
    )
}
