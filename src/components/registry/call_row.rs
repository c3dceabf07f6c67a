use registry_analysis::inspection::{Call, Outcome};
use yew::prelude::*;

use crate::components::Line;
use crate::foreign::isolated;
use crate::format;

/// Properties of [`CallRow`].
#[derive(Properties, PartialEq)]
pub struct CallRowProps {
    /// The call.
    pub call: Call,
    /// When the session began, by the monotonic clock in milliseconds.
    pub began_ms: f64,
}

/// A call of the Registry, and what became of it.
#[component]
pub fn CallRow(props: &CallRowProps) -> Html {
    let CallRowProps { call, began_ms } = props;
    let (tone, outcome) = match &call.outcome {
        Outcome::Pending => ("busy", "waiting".to_owned()),
        Outcome::Answered { status, code: None, .. } => ("good", status.to_string()),
        Outcome::Answered { status, code: Some(code), .. } => ("bad", format!("{status} {}", isolated(code))),
        Outcome::Failed { reason, .. } => ("bad", format!("no response: {}", isolated(reason))),
        Outcome::Aborted { .. } => ("", "no longer needed".to_owned()),
    };
    let received = match &call.outcome {
        Outcome::Answered { bytes, .. } => Some(format::bytes(*bytes)),
        _ => None,
    };
    let bad = call.outcome.is_bad();
    html! {
        <tr data-testid="registry-call" data-operation={call.operation.as_str()} data-bad={bad.then_some("")}>
            <td>{ format::duration(call.sent_ms - began_ms) }</td>
            <td title={call.operation.to_string()}>
                { format!("{} {}", call.operation.method(), call.operation.path_template()) }
            </td>
            <td class={tone}><Line text={outcome} /></td>
            <td class="number">{ call.outcome.duration_ms().map_or_else(|| "…".to_owned(), format::duration) }</td>
            <td class="number">{ format::bytes(call.bytes_out) }</td>
            <td class="number">{ received.unwrap_or_else(|| "–".into()) }</td>
        </tr>
    }
}
