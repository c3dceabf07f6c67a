//! Markup that costs little: `markup!` is written like Yew's `html!`, but what does not change becomes a short text,
//! which one reader reads when it is drawn. What `html!` makes of an element is hundreds of bytes of WebAssembly.
//!
//! ```text
//! markup! {
//!     <p class={class} data-testid="note">{ "What goes on: " }{ text }</p>
//! }
//! ```
//!
//! Braces hold a value: a text, a flag, a node, a callback, a `NodeRef`, or an `Option` of one; nothing is drawn for
//! `None`. There is neither `if` nor `for`: `bool::then` and `collect::<Html>` do that. Components are for `html!`.

mod packed;

#[cfg(target_family = "wasm")]
mod reader;
#[cfg(target_family = "wasm")]
mod value;

pub use packed::{pack, packed_len};
#[cfg(target_family = "wasm")]
pub use reader::Markup;
#[cfg(target_family = "wasm")]
pub use value::{Value, classes};

/// Elements and what is in them, as `Html`.
#[cfg(target_family = "wasm")]
macro_rules! markup {
    ($($token:tt)*) => {{
        const SOURCE: &str = concat!($($crate::markup::written!($token)),*);
        const PACKED: [u8; $crate::markup::packed_len(SOURCE)] = $crate::markup::pack(SOURCE);
        const TEXT: &str = match ::std::str::from_utf8(&PACKED) {
            Ok(text) => text,
            Err(_) => panic!("markup is text"),
        };
        #[allow(unused_mut)]
        let mut markup = $crate::markup::Markup::new(TEXT);
        $($crate::markup::put!(markup $token);)*
        markup.html()
    }};
}

/// A token of markup as [`pack`] reads it.
#[cfg(target_family = "wasm")]
macro_rules! written {
    (-) => {
        "- "
    };
    ({ $text:literal }) => {
        concat!("\"", $text, "\" ")
    };
    ({ $($value:tt)* }) => {
        "{ "
    };
    ($text:literal) => {
        concat!("\"", $text, "\" ")
    };
    ($token:tt) => {
        concat!(stringify!($token), " ")
    };
}

/// Gives what is between braces to the markup.
#[cfg(target_family = "wasm")]
macro_rules! put {
    ($markup:ident { $text:literal }) => {};
    ($markup:ident { $($value:tt)* }) => { $markup.put($crate::markup::Value::from($($value)*)) };
    ($markup:ident $token:tt) => {};
}

#[cfg(target_family = "wasm")]
pub(crate) use {markup, put, written};
