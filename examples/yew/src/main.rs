//! The smallest page with Yew that makes a room and connects: `trunk serve` in this folder, and a Registry at port 8787.

#[cfg(target_family = "wasm")]
mod room;

#[cfg(target_family = "wasm")]
fn main() {
    let props = yew::props!(room::RoomProps { registry: "http://localhost:8787" });
    yew::Renderer::<room::Room>::with_props(props).render();
}

#[cfg(not(target_family = "wasm"))]
fn main() {
    eprintln!("This is a web page: run `trunk serve` in examples/yew.");
}
