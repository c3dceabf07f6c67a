use std::rc::Rc;

use stylist::{StyleSource, css};
use yew::prelude::*;

use super::{Button, Foreign, ForeignText, Glyph, Icon};
use crate::foreign::visible;
use crate::hooks::{Session, use_action};
use crate::state::{Problem, Remedy};

/// Properties of [`ErrorBox`].
#[derive(Properties, PartialEq)]
pub struct ErrorBoxProps {
    /// The error, if there is one.
    pub problem: Option<Rc<Problem>>,
    /// Whether the remedy is disabled, because the settings need attention first.
    #[prop_or_default]
    pub blocked: bool,
    /// Called with the remedy when the user clicks its button.
    #[prop_or_default]
    pub onremedy: Callback<Remedy>,
}

/// What went wrong, what to do about it, and diagnostics.
#[component]
pub fn ErrorBox(props: &ErrorBoxProps) -> Html {
    html! {
        <div data-testid="error-section" role="alert" hidden={props.problem.is_none()}>
            if let Some(problem) = &props.problem {
                <ErrorCard {problem} blocked={props.blocked} onremedy={&props.onremedy} />
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct ErrorCardProps {
    problem: Rc<Problem>,
    blocked: bool,
    onremedy: Callback<Remedy>,
}

#[component]
fn ErrorCard(props: &ErrorCardProps) -> Html {
    let ErrorCardProps { problem, blocked, onremedy } = props;
    let dismiss = use_action(Session::dismiss);
    // The page's own words and a server's are in one sentence here.
    let message: Rc<str> = visible(&problem.message()).into();
    html! {
        <div class={style()} data-testid="error-box" data-code={problem.error.kind.code().to_owned()}>
            <p class="title">
                <Icon glyph={Glyph::Alert} />
                <span>{ problem.title() }</span>
                <Button testid="dismiss-error" class="small bare" label="Dismiss this error" onclick={dismiss}>
                    <Icon glyph={Glyph::Cross} />
                </Button>
            </p>
            <p class="message" data-testid="error-message"><ForeignText text={message} what="the error" /></p>
            if let Some(remedy) = problem.remedy {
                <div class="row">
                    <Button
                        testid="error-remedy-btn"
                        class="small"
                        disabled={*blocked}
                        onclick={onremedy.reform(move |_| remedy)}
                    >
                        { remedy.label() }
                    </Button>
                </div>
            }
            <details data-testid="error-diagnostics">
                <summary>{ "Diagnostics" }</summary>
                <dl class="mono">
                    for (name, value) in problem.details() {
                        <div class="row" key={name}>
                            <dt>{ name }</dt>
                            <dd><Foreign text={value} /></dd>
                        </div>
                    }
                </dl>
            </details>
        </div>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        display: flex;
        flex-direction: column;
        gap: 8px;
        padding: 11px 12px 12px 14px;
        border: 1px solid color-mix(in srgb, var(--bad) 45%, transparent);
        border-left: 4px solid var(--bad);
        border-radius: var(--radius);
        background: var(--bad-soft);
        animation: arrive 160ms;

        .title { display: flex; align-items: center; gap: 8px; font-weight: 650; color: var(--bad); }
        .title .button { margin-left: auto; }
        .message { font-size: 14px; }
        summary { width: max-content; cursor: pointer; font-size: 12.5px; color: var(--muted); }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: 1px 12px; margin-top: 6px; font-size: 12.5px; }
        dl .row { display: contents; }
        dt { color: var(--muted); }

        @keyframes arrive { from { opacity: 0; transform: translateY(3px); } }
        "#
    )
}
