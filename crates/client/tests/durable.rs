//! Lost connections at our Registry, where the peers meet again in their room.
#![cfg(not(target_family = "wasm"))]

const EXTENDED: bool = true;

#[path = "durable/cases.rs"]
mod cases;
