use std::rc::Rc;

use stylist::yew::use_style;
use yew::prelude::*;

use super::{Button, Glyph, Icon};
use crate::hooks::use_session;
use crate::state::{Problem, Remedy};

/// Properties of [`ErrorBox`].
#[derive(Properties, PartialEq)]
pub struct ErrorBoxProps {
    /// What went wrong, if anything did.
    pub problem: Option<Rc<Problem>>,
    /// Whether nothing can be tried now, because the settings need attention first.
    #[prop_or_default]
    pub blocked: bool,
    /// Does what the button beside the error offers.
    #[prop_or_default]
    pub onremedy: Callback<Remedy>,
}

/// What went wrong, what to do about it, and what was known then.
#[component]
pub fn ErrorBox(props: &ErrorBoxProps) -> Html {
    let style = use_style!(
        r#"
        .error {
            display: flex;
            flex-direction: column;
            gap: 8px;
            padding: 11px 12px 12px 14px;
            border: 1px solid color-mix(in srgb, var(--bad) 45%, transparent);
            border-left: 4px solid var(--bad);
            border-radius: var(--radius);
            background: var(--bad-soft);
            animation: arrive 160ms;
        }
        .title { display: flex; align-items: center; gap: 8px; font-weight: 650; color: var(--bad); }
        .title .button { margin-left: auto; }
        .message { font-size: 14px; }
        summary { cursor: pointer; font-size: 12.5px; color: var(--muted); width: max-content; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: 1px 12px; margin-top: 6px; font-size: 12.5px; }
        dt { color: var(--muted); }
    "#
    );
    let session = use_session();
    let dismiss = use_callback(session, |(), session| session.dismiss());
    html! {
        <div class={style} data-testid="error-section" role="alert" hidden={props.problem.is_none()}>
            if let Some(problem) = &props.problem {
                <div class="error" data-testid="error-box" data-code={problem.error.kind.code().to_owned()}>
                    <p class="title">
                        <Icon glyph={Glyph::Alert} />
                        <span>{ problem.title() }</span>
                        <Button testid="dismiss-error" class="small bare" label="Dismiss this error" onclick={dismiss}>
                            <Icon glyph={Glyph::Cross} />
                        </Button>
                    </p>
                    <p class="message" data-testid="error-message">{ problem.message() }</p>
                    if let Some(remedy) = problem.remedy {
                        <RemedyButton {remedy} disabled={props.blocked} onremedy={&props.onremedy} />
                    }
                    <details data-testid="error-diagnostics">
                        <summary>{ "Diagnostics" }</summary>
                        <dl class="mono">
                            { for problem.details().into_iter().map(|(name, value)| html! {
                                <><dt>{ name }</dt><dd>{ value }</dd></>
                            }) }
                        </dl>
                    </details>
                </div>
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct RemedyButtonProps {
    remedy: Remedy,
    disabled: bool,
    onremedy: Callback<Remedy>,
}

#[component]
fn RemedyButton(props: &RemedyButtonProps) -> Html {
    let onclick = use_callback((props.remedy, props.onremedy.clone()), |(), (remedy, onremedy)| onremedy.emit(*remedy));
    html! {
        <div class="row">
            <Button testid="error-remedy-btn" class="small" disabled={props.disabled} {onclick}>{ props.remedy.label() }</Button>
        </div>
    }
}
