//! The diagram as a drawing that stands by itself.

use super::markup::Markup;
use super::{Kind, Label, Lane, Row, Sequence};

/// Width of the drawing, in its own units.
const WIDTH: i32 = 960;
/// Height of a row.
const ROW: i32 = 34;
/// Where the first row begins.
const TOP: i32 = 64;
/// Where the lanes are.
const LANES: [i32; 3] = [150, 520, 890];
/// Width of ten characters of the text, at most.
const TEN_CHARACTERS: i32 = 64;

/// Colours and type, light and dark; the same as the page's.
const STYLE: &str = "
svg{--paper:#fdfcfa;--ink:#1a1d24;--muted:#575d69;--line:#d9d6cd;--room:#4d5563;--offer:#7a3a9a;--ice:#0b6a72;--good:#12693d;--warn:#9c4309;--bad:#b0241c;--accent:#2747c7;font:12px system-ui,'Segoe UI',Roboto,'Helvetica Neue',sans-serif}
@media(prefers-color-scheme:dark){svg{--paper:#191c21;--ink:#eae8e3;--muted:#a0a6b2;--line:#2c3038;--room:#aab1bd;--offer:#d3a3ec;--ice:#67c9d3;--good:#62d69d;--warn:#ffab73;--bad:#ff9089;--accent:#9db2ff}}
.paper{fill:var(--paper)}.lane{stroke:var(--line);stroke-width:2}text{fill:var(--ink);paint-order:stroke;stroke:var(--paper);stroke-width:4px}
.title{font-weight:650;font-size:14px;text-anchor:middle}.time,.via{fill:var(--muted)}.time{font-size:11px;text-anchor:end;font-variant-numeric:tabular-nums}.via{font-size:11px}
.row{--tone:var(--room)}.offer,.answer{--tone:var(--offer)}.candidates{--tone:var(--ice)}.open,.message,.control{--tone:var(--good)}.wait,.poll{--tone:var(--muted)}.state{--tone:var(--muted)}.reconnect{--tone:var(--warn)}.fault{--tone:var(--accent)}.bad,.cut{--tone:var(--bad)}
.row .said{fill:var(--tone)}.shaft{stroke:var(--tone);stroke-width:1.6;fill:none}.head{fill:var(--tone)}.dot{fill:var(--tone)}.inferred .shaft,.back{stroke-dasharray:5 4}.back{stroke:var(--tone);stroke-width:1;fill:none;opacity:.7}
.note{fill:var(--paper);stroke:var(--tone)}.end{text-anchor:end}.middle{text-anchor:middle}
";

impl Sequence {
    /// The diagram as an SVG document, with its own colours for light and dark.
    pub fn svg(&self) -> String {
        let rows = self.rows.len() as i32 + i32::from(self.earlier > 0);
        let height = TOP + (rows + 1) * ROW;
        let view = format!("0 0 {WIDTH} {height}");
        let mut svg = Markup::default();
        let attributes: [(&str, &dyn std::fmt::Display); 6] = [
            ("xmlns", &"http://www.w3.org/2000/svg"),
            ("viewBox", &view),
            ("width", &WIDTH),
            ("height", &height),
            ("role", &"img"),
            ("aria-label", &"Sequence diagram of a WebRTC handshake"),
        ];
        svg.element("svg", &attributes, |svg| {
            svg.element("style", &[], |svg| svg.text(&STYLE.replace('\n', " ").trim()));
            svg.element("rect", &[("class", &"paper"), ("width", &WIDTH), ("height", &height)], |_| {});
            for lane in Lane::ALL {
                let x = LANES[lane.place()];
                text(svg, "title", x, 28, lane.title());
                let seen = lane == Lane::Registry || self.seen.contains(&lane);
                if !seen {
                    text(svg, "via middle", x, 44, "inferred");
                }
                line(svg, "lane", [x, TOP - 12, x, height - 12]);
            }
            let mut top = TOP;
            if self.earlier > 0 {
                text(svg, "via middle", LANES[1], top + 18, &format!("… {} earlier", self.earlier));
                top += ROW;
            }
            for (index, row) in self.rows.iter().enumerate() {
                self.draw(svg, row, top + index as i32 * ROW);
            }
        });
        svg.finish()
    }

    fn draw(&self, svg: &mut Markup, row: &Row, top: i32) {
        let (x1, x2, y) = (LANES[row.from.place()], LANES[row.to.place()], top + 24);
        let state = |is: bool, word| if is { word } else { "" };
        let class = format!("row {}{}{}", row.kind.word(), state(row.bad, " bad"), state(row.inferred, " inferred"));
        svg.element("g", &[("class", &class)], |svg| {
            svg.element("title", &[], |svg| svg.text(&row.sentence()));
            text(svg, "time", 84, y - 6, &self.elapsed(row));
            if row.is_note() {
                note(svg, row, x1, y);
            } else {
                arrow(svg, row, [x1, x2, y]);
            }
        });
    }
}

fn note(svg: &mut Markup, row: &Row, x: i32, y: i32) {
    let said = said(&row.label, row, 70);
    let width = (said.chars().count() as i32 * TEN_CHARACTERS / 10 + 18).min(WIDTH - 110);
    let left = (x - width / 2).clamp(96, WIDTH - width - 6);
    svg.element(
        "rect",
        &[("class", &"note"), ("x", &left), ("y", &(y - 20)), ("width", &width), ("height", &22), ("rx", &5)],
        |_| {},
    );
    text(svg, "said middle", left + width / 2, y - 5, &said);
}

fn arrow(svg: &mut Markup, row: &Row, [x1, x2, y]: [i32; 3]) {
    let right = x2 > x1;
    let sign = if right { 1 } else { -1 };
    let end = if row.bad { x1 + (x2 - x1) * 4 / 5 } else { x2 - sign * 2 };
    let class = if right { "said" } else { "said end" };
    svg.element("text", &[("class", &class), ("x", &(x1 + sign * 8)), ("y", &(y - 6))], |svg| {
        svg.text(&said(&row.label, row, 60));
        let aside = [row.via.clone(), row.back.as_ref().map(|back| said(back, row, 30))];
        let aside = aside.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        if !aside.is_empty() {
            svg.element("tspan", &[("class", &"via"), ("dx", &8)], |svg| svg.text(&aside));
        }
    });
    line(svg, "shaft", [x1, y, end - sign * 7, y]);
    svg.element("circle", &[("class", &"dot"), ("cx", &x1), ("cy", &y), ("r", &3)], |_| {});
    let head = if row.bad {
        format!("M{} {}l10 10m0 -10l-10 10", end - 5, y - 5)
    } else {
        format!("M{end} {y}l{} -4.5v9z", -sign * 9)
    };
    let class = if row.bad { "shaft" } else { "head" };
    svg.element("path", &[("class", &class), ("d", &head)], |_| {});
    if row.kind == Kind::Open {
        // It opens on both sides.
        let head = format!("M{} {y}l{} -4.5v9z", x1 + sign * 2, sign * 9);
        svg.element("path", &[("class", &"head"), ("d", &head)], |_| {});
    }
    if row.back.is_some() && !row.bad && row.kind != Kind::Message {
        line(svg, "back", [x1, y + 4, x2, y + 4]);
    }
}

/// What a label says, on one line.
fn said(label: &Label, row: &Row, most: usize) -> String {
    let times = if *label == row.label { row.times() } else { String::new() };
    let parts = [label.words.as_str(), &times, label.quote.as_deref().unwrap_or_default()];
    let whole = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    match whole.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &whole[..end]),
        None => whole,
    }
}

fn text(svg: &mut Markup, class: &str, x: i32, y: i32, words: &str) {
    svg.element("text", &[("class", &class), ("x", &x), ("y", &y)], |svg| svg.text(&words));
}

fn line(svg: &mut Markup, class: &str, [x1, y1, x2, y2]: [i32; 4]) {
    svg.element("line", &[("class", &class), ("x1", &x1), ("y1", &y1), ("x2", &x2), ("y2", &y2)], |_| {});
}
