use stylist::{StyleSource, css};
use yew::prelude::*;

use crate::components::{Button, Field, Glyph, Icon};
use crate::hooks::{SettingsHandle, use_current_settings};
use crate::settings::{Login, PageSettings};

/// Properties of [`TurnRow`].
#[derive(Properties, PartialEq)]
pub struct TurnRowProps {
    /// Which row, counted from 0.
    pub index: usize,
}

/// A row of TURN servers with its login. Rows after the first can be removed.
#[component]
pub fn TurnRow(props: &TurnRowProps) -> Html {
    let index = props.index;
    let settings = use_current_settings();
    let (current, problems) = (&settings.current, settings.current.row_problems(index));
    let (login, no_server) = (current.login(index).cloned().unwrap_or_default(), !current.has_server(index));
    let linked = settings.sources.linked();
    let by_link = if index == 0 { linked.turn_url.is_some() } else { linked.more_turn.is_some() };
    html! {
        <div class={style()} data-testid={id("turn-server", index)} role="group" aria-label={name("TURN server", index)}>
            <Field
                testid={id("turn-url", index)}
                label={name("TURN server", index)}
                mono={true}
                placeholder="turn:host:3478"
                value={current.turn_row(index).to_owned()}
                problem={problems.url}
                linked={by_link}
                onchange={with(&settings, move |all, text| all.set_turn_row(index, text))}
            />
            <div class="login">
                <Field
                    testid={id("turn-username", index)}
                    label="User name"
                    value={login.username}
                    disabled={no_server}
                    onchange={on_login(&settings, index, |login, text| login.username = text)}
                />
                <Field
                    testid={id("turn-credential", index)}
                    label="Password"
                    kind="password"
                    value={login.credential}
                    disabled={no_server}
                    onchange={on_login(&settings, index, |login, text| login.credential = text)}
                />
                if index > 0 {
                    <Button
                        testid={id("remove-turn-server", index)}
                        class="small remove"
                        label={format!("Remove {}", name("TURN server", index))}
                        onclick={let settings = settings.clone(); move |_| settings.update(|all| all.remove_turn_row(index))}
                    >
                        <Icon glyph={Glyph::Trash} />
                    </Button>
                }
            </div>
            if let Some(problem) = problems.login {
                <p class="problem" aria-live="polite" data-testid={id("turn-login-problem", index)}>{ problem }</p>
            }
        </div>
    }
}

/// The test id in a row: the first has none of the numbers.
fn id(of: &str, index: usize) -> String {
    if index == 0 { of.to_owned() } else { format!("{of}-{}", index + 1) }
}

fn name(of: &str, index: usize) -> String {
    if index == 0 { of.to_owned() } else { format!("{of} {}", index + 1) }
}

fn with(settings: &SettingsHandle, set: impl Fn(&mut PageSettings, String) + 'static) -> Callback<String> {
    let settings = settings.clone();
    Callback::from(move |text| settings.update(|all| set(all, text)))
}

fn on_login(settings: &SettingsHandle, index: usize, set: fn(&mut Login, String)) -> Callback<String> {
    with(settings, move |all, text| all.change_login(index, |login| set(login, text)))
}

fn style() -> StyleSource {
    css!(
        r#"
        display: flex;
        flex-direction: column;
        gap: 8px;
        padding-bottom: 10px;
        border-bottom: 1px dotted var(--line);

        .login { display: grid; grid-template-columns: repeat(auto-fit, minmax(110px, 1fr)); gap: 10px; align-items: start; }
        .login:has(.remove) { grid-template-columns: repeat(2, minmax(0, 1fr)) auto; }
        .remove { margin-top: 24px; min-height: 36px; }
        .problem { color: var(--bad); font-size: 12.5px; }
        "#
    )
}
