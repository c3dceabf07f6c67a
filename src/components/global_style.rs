use stylist::css;
use stylist::yew::Global;
use yew::prelude::*;

/// Colours, type and the primitives that many components share. Every other style stands with its component.
///
/// The page is an instrument: paper and ink, hairlines, one accent, and colours that only ever tell a state, always with
/// a word or a shape beside them.
#[component]
pub fn GlobalStyle() -> Html {
    html! {
        <>
            <Global css={css!(r#"
                color-scheme: light dark;
                --paper: light-dark(#f3f2ee, #111317);
                --panel: light-dark(#fdfcfa, #191c21);
                --sunken: light-dark(#eceae4, #14161a);
                --ink: light-dark(#1a1d24, #eae8e3);
                --muted: light-dark(#575d69, #a0a6b2);
                --line: light-dark(#d9d6cd, #2c3038);
                --edge: light-dark(#83868d, #6d7482);
                --accent: light-dark(#2747c7, #9db2ff);
                --on-accent: light-dark(#ffffff, #10131c);
                --accent-soft: light-dark(#e4e8f9, #20273d);
                --idle: light-dark(#575d69, #a0a6b2);
                --busy: light-dark(#855600, #f2bd57);
                --good: light-dark(#12693d, #62d69d);
                --warn: light-dark(#9c4309, #ffab73);
                --bad: light-dark(#b0241c, #ff9089);
                --bad-soft: light-dark(#fbeae8, #331d1d);
                --mono: ui-monospace, "SFMono-Regular", "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace;
                --radius: 6px;
                font-family: system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
                font-size: 15px;
                line-height: 1.45;

                &[data-theme="light"] { color-scheme: light; }
                &[data-theme="dark"] { color-scheme: dark; }

                @media (prefers-contrast: more) {
                    :root:root { --muted: var(--ink); --line: var(--ink); --edge: var(--ink); }
                    :root:root .map { background-image: none; }
                }

                * { box-sizing: border-box; }
                [hidden] { display: none !important; }

                body {
                    margin: 0;
                    background: var(--paper);
                    color: var(--ink);
                    accent-color: var(--accent);
                    overflow-wrap: break-word;
                }

                h1, h2, h3, p, dl, dd, ol, ul, figure, fieldset { margin: 0; padding: 0; }
                fieldset { border: 0; min-width: 0; }
                ol, ul { list-style: none; }
                button, input { font: inherit; color: inherit; }

                :focus-visible {
                    outline: 2px solid var(--accent);
                    outline-offset: 2px;
                }

                .tone-idle { --tone: var(--idle); }
                .tone-plain { --tone: var(--ink); }
                .tone-ready { --tone: var(--accent); }
                .tone-busy { --tone: var(--busy); }
                .tone-good { --tone: var(--good); }
                .tone-warn { --tone: var(--warn); }
                .tone-bad { --tone: var(--bad); }

                .mono { font-family: var(--mono); font-variant-numeric: tabular-nums; }
                .muted { color: var(--muted); }

                .eyebrow {
                    font-size: 11px;
                    font-weight: 650;
                    letter-spacing: 0.09em;
                    text-transform: uppercase;
                    color: var(--muted);
                }

                .card {
                    background: var(--panel);
                    border: 1px solid var(--line);
                    border-radius: var(--radius);
                    padding: 14px 16px 16px;
                }

                .stack { display: flex; flex-direction: column; gap: 12px; }
                .row { display: flex; align-items: center; gap: 8px; flex-wrap: wrap; }
                .spread { display: flex; align-items: center; justify-content: space-between; gap: 8px; }

                .unseen {
                    position: absolute;
                    width: 1px;
                    height: 1px;
                    overflow: hidden;
                    clip-path: inset(50%);
                    white-space: nowrap;
                    padding: 0;
                    border: 0;
                }

                .icon {
                    width: 1em;
                    height: 1em;
                    flex: none;
                    fill: none;
                    stroke: currentColor;
                    stroke-width: 1.6;
                    stroke-linecap: round;
                    stroke-linejoin: round;
                }
            "#)} />
            <Global css={css!(r#"
                .button {
                    display: inline-flex;
                    align-items: center;
                    justify-content: center;
                    gap: 7px;
                    flex: none;
                    white-space: nowrap;
                    min-height: 36px;
                    padding: 6px 14px;
                    border: 1px solid var(--edge);
                    border-radius: var(--radius);
                    background: transparent;
                    font-weight: 550;
                    cursor: pointer;
                    transition: background-color 120ms, border-color 120ms, transform 80ms;
                }

                .button:hover { background: var(--accent-soft); border-color: var(--accent); }
                .button:active { transform: translateY(1px); }
                .button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
                .button.primary:hover { background: color-mix(in srgb, var(--accent) 86%, var(--ink)); }
                .button.small { min-height: 28px; padding: 2px 9px; font-size: 13px; }
                .button.bare { border-color: transparent; }

                .button:disabled, .button.primary:disabled {
                    cursor: default;
                    transform: none;
                    background: var(--sunken);
                    border-color: var(--line);
                    color: var(--muted);
                }

                .spinner {
                    width: 0.95em;
                    height: 0.95em;
                    flex: none;
                    border: 2px solid currentColor;
                    border-right-color: transparent;
                    border-radius: 50%;
                    animation: turn 0.8s linear infinite;
                }

                .input {
                    width: 100%;
                    min-width: 0;
                    min-height: 36px;
                    padding: 6px 10px;
                    border: 1px solid var(--edge);
                    border-radius: var(--radius);
                    background: light-dark(#ffffff, #101216);
                }

                .input:disabled { background: var(--sunken); border-color: var(--line); color: var(--muted); }
                .input[aria-invalid="true"] { border-color: var(--bad); }
                .input::placeholder { color: var(--muted); opacity: 0.8; }

                @keyframes turn { to { transform: rotate(1turn); } }
                @keyframes pulse { 50% { opacity: 0.35; } }
                @keyframes arrive { from { opacity: 0; transform: translateY(3px); } }

                @media (prefers-reduced-motion: reduce) {
                    * { animation-duration: 1ms !important; animation-iteration-count: 1 !important; transition: none !important; }
                }

                @media (forced-colors: active) {
                    .lamp, .stop { forced-color-adjust: none; }
                    .choice.chosen, .entry.selected { outline: 2px solid Highlight; outline-offset: -2px; }
                }
            "#)} />
        </>
    }
}
