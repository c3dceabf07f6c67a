use registry_analysis::inspection::LimitUse;
use yew::prelude::*;

use crate::format;

/// Properties of [`Limits`].
#[derive(Properties, PartialEq)]
pub struct LimitsProps {
    /// The limits that apply to calls that were made.
    pub limits: Vec<LimitUse>,
}

/// How much of the contract's limits this side has used.
#[component]
pub fn Limits(props: &LimitsProps) -> Html {
    html! {
        <>
            <h3>{ "Limits" }</h3>
            <p class="muted">{ "Of the contract, as far as this side has used them. This Registry may have others." }</p>
            <div class="wide" tabindex="0" role="region" aria-label="Limits">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{ "What" }</th>
                            <th scope="col">{ "Shared by" }</th>
                            <th scope="col" class="number">{ "Used" }</th>
                            <th scope="col" class="number">{ "Refused" }</th>
                        </tr>
                    </thead>
                    <tbody>
                        for limit in &props.limits {
                            { row(limit) }
                        }
                    </tbody>
                </table>
            </div>
        </>
    }
}

fn row(limit: &LimitUse) -> Html {
    let LimitUse { name, shared_by, used, rate, frees_in_ms, refused } = limit;
    let window = format::duration(rate.window_ms as f64);
    let frees = (*used > 0).then(|| format!("the oldest counts for {} more", format::duration(*frees_in_ms)));
    let tone = if *refused > 0 || *used >= rate.count { "number bad" } else { "number" };
    html! {
        <tr key={*name} data-testid="registry-limit" data-used={used.to_string()} data-limit={rate.count.to_string()}>
            <td>{ *name }</td>
            <td>{ *shared_by }</td>
            <td class={tone} title={frees}>{ format!("{used} of {} in {window}", rate.count) }</td>
            <td class={if *refused > 0 { "number bad" } else { "number" }}>{ *refused }</td>
        </tr>
    }
}
