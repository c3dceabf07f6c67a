use registry_analysis::diagnosis::{Finding, Quote, Severity, Source};
use registry_client::Role;
use stylist::{StyleSource, css};
use yew::prelude::*;

use super::evidence::Evidence;
use crate::components::{Foreign, Glyph, Icon};

/// Properties of [`Card`].
#[derive(Properties, PartialEq)]
pub struct CardProps {
    /// The finding.
    pub finding: Finding,
    /// Whose it is.
    pub peer: Option<Role>,
    /// Whether it says whose it is.
    pub named: bool,
    /// Whether it is shown whole at first.
    pub open: bool,
}

/// One finding: what is wrong, how that is known, what to do, and links to the events that show it.
#[component]
pub fn Card(props: &CardProps) -> Html {
    let CardProps { finding, peer, named, open } = props;
    let Finding { cause, severity, title, explanation, advice, quotes, evidence, over, .. } = finding;
    html! {
        <details
            class={classes!(tone(*severity), over.then_some("over"), style())}
            data-testid="finding"
            data-cause={cause.as_str()}
            data-severity={severity.as_str()}
            data-over={over.to_string()}
            open={*open}
        >
            <summary>
                <Icon glyph={if *over { Glyph::Check } else { Glyph::Alert }} />
                <span class="title" data-testid="finding-title">{ title }</span>
                if let Some(role) = peer.filter(|_| *named) {
                    <span class="chip">{ if role == Role::Host { "Host" } else { "Guest" } }</span>
                }
                if *over {
                    <span class="chip">{ "over" }</span>
                }
            </summary>
            <div class="body">
                <p data-testid="finding-explanation">{ explanation }</p>
                if !quotes.is_empty() {
                    <ul class="quotes">{ for quotes.iter().map(quote) }</ul>
                }
                <ul class="advice" data-testid="finding-advice">
                    for (index, sentence) in advice.iter().enumerate() {
                        <li key={index}>{ sentence }</li>
                    }
                </ul>
                <Evidence peer={*peer} events={evidence.clone()} />
            </div>
        </details>
    }
}

/// What somebody else says, on a line of its own.
fn quote(quote: &Quote) -> Html {
    let source = match quote.source {
        Source::Browser => "Browser",
        Source::Registry => "Registry",
        Source::Server => "Server",
        Source::Address => "Address",
    };
    html! {
        <li data-testid="finding-quote">
            <span class="muted">{ source }</span>
            <span class="mono"><Foreign text={quote.text.clone()} /></span>
        </li>
    }
}

fn tone(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "tone-bad",
        Severity::Warning => "tone-warn",
        Severity::Note => "tone-idle",
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        border-left: 4px solid var(--tone);
        background: color-mix(in srgb, var(--tone) 7%, transparent);

        &.over { border-left-color: var(--edge); background: none; color: var(--muted); }
        summary {
            display: flex;
            align-items: center;
            gap: 8px;
            padding: 10px 12px 10px 11px;
            font-weight: 650;
            color: var(--tone);
            cursor: pointer;
            list-style: none;
        }
        summary::-webkit-details-marker { display: none; }
        &.over summary { color: var(--muted); font-weight: 550; }
        summary .icon { flex: none; }
        .title { min-width: 0; }
        .chip {
            flex: none;
            padding: 0 7px;
            border: 1px solid var(--edge);
            border-radius: 99px;
            color: var(--muted);
            font-size: 12px;
            font-weight: 550;
        }
        .body { display: flex; flex-direction: column; gap: 8px; padding: 0 14px 12px 35px; font-size: 14px; }
        .advice { display: flex; flex-direction: column; gap: 4px; }
        .advice li { position: relative; padding-left: 16px; }
        .advice li::before { content: "→"; position: absolute; left: 0; color: var(--tone); }
        .quotes { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 2px 10px; font-size: 12.5px; }
        .quotes li { display: contents; }
        .quotes .mono { overflow-wrap: anywhere; max-height: 9em; overflow-y: auto; }

        @media (max-width: 480px) {
            .body { padding-left: 14px; }
        }
        "#
    )
}
