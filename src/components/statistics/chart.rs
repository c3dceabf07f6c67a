use registry_analysis::statistics::{Curve, Metric, Unit, thinned};
use yew::prelude::*;

use crate::format;

/// Properties of [`Chart`].
#[derive(Properties, PartialEq)]
pub struct ChartProps {
    /// What it shows.
    pub metric: Metric,
    /// Its lines.
    pub curves: Vec<Curve>,
}

/// How many points of a line are drawn at most.
const POINTS: usize = 120;
/// The size of the drawing, in units of its own.
const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 100.0;

/// A small chart: the latest values, their range, and how they came.
#[component]
pub fn Chart(props: &ChartProps) -> Html {
    let ChartProps { metric, curves } = props;
    let times = || curves.iter().flat_map(|curve| curve.points.iter().map(|(at_ms, _)| *at_ms));
    let (from_ms, to_ms) = (times().fold(f64::INFINITY, f64::min), times().fold(f64::NEG_INFINITY, f64::max));
    let ranges = || curves.iter().filter_map(Curve::range);
    let most = ranges().map(|(_, most)| most).fold(0.0, f64::max);
    let least = ranges().map(|(least, _)| least).fold(f64::INFINITY, f64::min);
    let written = |value: f64| in_unit(value, metric.unit());
    let range = format!("{} to {}", written(least), written(most));
    let now = |curve: &Curve| curve.now().map_or("–".to_owned(), written);
    let place = Place { from_ms, span_ms: (to_ms - from_ms).max(1.0), most: if most > 0.0 { most } else { 1.0 } };
    html! {
        <figure data-testid="chart" data-metric={metric.word()} aria-label={format!("{}: {range}", metric.title())}>
            <h3>{ metric.title() }</h3>
            <p class="values">
                for (index, curve) in curves.iter().enumerate() {
                    <span key={index} class={format!("line-{index}")} data-testid="chart-now">
                        if curves.len() > 1 {
                            <i class="key" aria-hidden="true" />{ format!(" {} ", curve.name) }
                        } else if !curve.name.is_empty() {
                            { format!("{} ", curve.name) }
                        }
                        <b>{ now(curve) }</b>
                    </span>
                }
                <span class="muted" data-testid="chart-range">{ range }</span>
            </p>
            <svg viewBox={format!("0 -3 {WIDTH} {}", HEIGHT + 6.0)} preserveAspectRatio="none" aria-hidden="true">
                for (index, curve) in curves.iter().enumerate() {
                    <path key={index} class={format!("line-{index}")} d={place.path(curve)} />
                }
            </svg>
            <p class="axis"><span>{ format!("{} ago", format::duration(to_ms - from_ms)) }</span><span>{ "last" }</span></p>
        </figure>
    }
}

/// Where values are in the drawing.
struct Place {
    from_ms: f64,
    span_ms: f64,
    most: f64,
}

impl Place {
    /// The line as path data, in whole units.
    fn path(&self, curve: &Curve) -> String {
        let (mut path, mut pen_is_up) = (String::new(), true);
        for (at_ms, value) in thinned(&curve.points, POINTS) {
            let Some(value) = value else {
                pen_is_up = true;
                continue;
            };
            let x = ((at_ms - self.from_ms) / self.span_ms * WIDTH) as i32;
            let y = (HEIGHT - value / self.most * HEIGHT) as i32;
            // A point by itself is a line of no length, with round ends.
            let draw = if pen_is_up { format!("M{x} {y}L{x} {y}") } else { format!("L{x} {y}") };
            path.push_str(&draw);
            pen_is_up = false;
        }
        path
    }
}

fn in_unit(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Milliseconds if value < 10.0 => format!("{} ms", format::decimal(value)),
        Unit::Milliseconds => format::duration(value),
        Unit::Bytes => format::bytes(value as usize),
        Unit::BytesPerSecond => format!("{}/s", format::bytes(value as usize)),
        Unit::BitsPerSecond => format!("{} kbit/s", format::decimal(value / 1000.0)),
        Unit::PerSecond => format!("{}/s", format::decimal(value)),
        Unit::Count => format::decimal(value),
    }
}
