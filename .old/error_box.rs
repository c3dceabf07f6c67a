use std::rc::Rc;

use yew::prelude::*;

use super::{Button, Glyph, foreign, icon, said};
use crate::foreign::visible;
use crate::hooks::Session;
use crate::markup::markup;
use crate::state::{Problem, Remedy};

/// What went wrong, what to do about it, and what was known then. `onremedy` does what the button beside the error
/// offers; `blocked` where nothing can be tried now, because the settings need attention first.
pub fn error_box(session: &Session, problem: Option<&Rc<Problem>>, blocked: bool, onremedy: &Callback<Remedy>) -> Html {
    let shown = problem.map(|problem| {
        let offer = problem.remedy.map(|remedy| offer(remedy, blocked, onremedy));
        let details = problem.details().into_iter();
        // Words of the page and of a server are in one sentence here.
        let message = said(&visible(&problem.message()).into(), 0, "the error", &Callback::noop());
        markup! {
            <div class="error" data-testid="error-box" data-code={problem.error.kind.code().to_owned()}>
                <p class="title">
                    { icon(Glyph::Alert) }
                    <span>{ problem.title() }</span>
                    { dismiss(session) }
                </p>
                <p class="message" data-testid="error-message">{ message }</p>
                { offer.map(|button| markup! { <div class="row">{ button }</div> }) }
                <details data-testid="error-diagnostics">
                    <summary>{ "Diagnostics" }</summary>
                    <dl class="mono">
                        { details.map(|(name, value)| markup! { <dt>{ name }</dt><dd>{ foreign(&value) }</dd> }).collect::<Html>() }
                    </dl>
                </details>
            </div>
        }
    });
    markup! {
        <div class="error-box" data-testid="error-section" role="alert" hidden={problem.is_none()}>{ shown }</div>
    }
}

fn dismiss(session: &Session) -> Html {
    let button = Button {
        testid: "dismiss-error".into(),
        class: "small bare",
        label: Some("Dismiss this error".into()),
        onclick: Some(session.on(Session::dismiss)),
        ..Button::default()
    };
    button.html(icon(Glyph::Cross))
}

fn offer(remedy: Remedy, blocked: bool, onremedy: &Callback<Remedy>) -> Html {
    let button = Button {
        testid: "error-remedy-btn".into(),
        class: "small",
        disabled: blocked,
        onclick: Some(onremedy.reform(move |_| remedy)),
        ..Button::default()
    };
    button.html(remedy.label().into())
}
