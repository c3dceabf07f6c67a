//! Lost connections at a base Registry, where the peers need other rooms to meet again.
#![cfg(not(target_family = "wasm"))]

const EXTENDED: bool = false;

#[path = "durable/cases.rs"]
mod cases;
