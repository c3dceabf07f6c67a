//! What there is to say about a thing, member by member: for JavaScript, for the wire, for an exported trace, for a person.

use registry_protocol::{EpochMs, JoinCode, RoomCode, Token, UserName};
use serde_json::{Map, Value};

use crate::interfaces::state::Role;
use crate::json::Json;

/// Something with named members.
pub trait Describe {
    /// Says every member, in an order that is good to read.
    fn describe(&self, to: &mut dyn Members);
}

/// Takes the members of a description.
pub trait Members {
    /// Takes one.
    fn say(&mut self, name: &'static str, member: Member<'_>);
}

/// One member.
#[derive(Clone, Copy)]
pub enum Member<'a> {
    /// Nothing is known.
    Null,
    /// Yes or no.
    Flag(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(&'a str),
    /// Any JSON value.
    Json(&'a Json),
    /// Numbers.
    Numbers(&'a [u64]),
    /// Texts.
    Texts(&'a [String]),
    /// Things with members of their own.
    Things(&'a [&'a dyn Describe]),
    /// Something with members of its own.
    Thing(&'a dyn Describe),
}

/// How many of a thing there are, in words: `1 message`, `2 messages`.
pub fn counted(count: usize, thing: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {thing}{ending}")
}

// Each of these is called a hundred times; inlined, it would be there as often.
impl dyn Members + '_ {
    /// Says a text, or null.
    #[inline(never)]
    pub fn text(&mut self, name: &'static str, text: Option<&str>) {
        self.say(name, text.map_or(Member::Null, Member::Text));
    }

    /// Says a number.
    #[inline(never)]
    pub fn number(&mut self, name: &'static str, number: f64) {
        self.say(name, Member::Number(number));
    }

    /// Says a text that may be missing, where it is there.
    #[inline(never)]
    pub fn known(&mut self, name: &'static str, text: Option<&str>) {
        if let Some(text) = text {
            self.say(name, Member::Text(text));
        }
    }

    /// Says whether something is so.
    #[inline(never)]
    pub fn flag(&mut self, name: &'static str, flag: bool) {
        self.say(name, Member::Flag(flag));
    }

    /// Says all that each of these things says.
    pub fn things<T: Describe>(&mut self, name: &'static str, things: &[T]) {
        let things: Vec<&dyn Describe> = things.iter().map(|thing| thing as &dyn Describe).collect();
        self.say(name, Member::Things(&things));
    }

    /// Says a whole number; one above 2⁵³ loses its last digits, as it does in JavaScript.
    #[inline(never)]
    pub fn count(&mut self, name: &'static str, count: u64) {
        self.say(name, Member::Number(count as f64));
    }
}

/// What can be a member as it is. An option that holds nothing is left out.
pub(crate) trait Say {
    fn say(&self, name: &'static str, to: &mut dyn Members);
}

/// What is said as a number, a text, or yes or no.
macro_rules! say_as {
    ($(|$value:ident: $type:ty| $method:ident($said:expr)),* $(,)?) => {
        $(impl Say for $type {
            fn say(&self, name: &'static str, to: &mut dyn Members) {
                let $value = self;
                to.$method(name, $said);
            }
        })*
    };
}

say_as! {
    |flag: bool| flag(*flag),
    |number: u32| count(u64::from(*number)),
    |number: u64| count(*number),
    |number: f64| number(*number),
    |time: EpochMs| count(time.0),
    |text: String| text(Some(text)),
    |code: RoomCode| text(Some(code.as_str())),
    |code: JoinCode| text(Some(code.as_str())),
    |token: Token| text(Some(token.as_str())),
    |user: UserName| text(Some(user.as_str())),
    |role: Role| text(Some(role.as_str())),
}

impl<T: Say> Say for Option<T> {
    fn say(&self, name: &'static str, to: &mut dyn Members) {
        if let Some(value) = self {
            value.say(name, to);
        }
    }
}

impl<T: Describe> Say for Vec<T> {
    fn say(&self, name: &'static str, to: &mut dyn Members) {
        to.things(name, self);
    }
}

/// Lets a structure be read by its members' names and be said with the same.
macro_rules! members {
    ($type:ident { $($field:ident: $name:literal),* $(,)? }) => {
        registry_protocol::read_members!($type { $($field: $name),* });

        impl $crate::describe::Describe for $type {
            fn describe(&self, to: &mut dyn $crate::describe::Members) {
                $($crate::describe::Say::say(&self.$field, $name, to);)*
            }
        }

        impl $crate::describe::Say for $type {
            fn say(&self, name: &'static str, to: &mut dyn $crate::describe::Members) {
                to.say(name, $crate::describe::Member::Thing(self));
            }
        }
    };
}

pub(crate) use members;

/// A description as JSON.
pub fn to_value(thing: &dyn Describe) -> Value {
    let mut members = Map::new();
    thing.describe(&mut members);
    Value::Object(members)
}

impl Members for Map<String, Value> {
    fn say(&mut self, name: &'static str, member: Member<'_>) {
        let value = match member {
            Member::Null => Value::Null,
            Member::Flag(flag) => flag.into(),
            Member::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => (number as i64).into(),
            Member::Number(number) => number.into(),
            Member::Text(text) => text.into(),
            Member::Json(json) => json.value(),
            Member::Numbers(numbers) => numbers.into(),
            Member::Texts(texts) => texts.into(),
            Member::Things(things) => things.iter().map(|thing| to_value(*thing)).collect(),
            Member::Thing(thing) => to_value(thing),
        };
        self.insert(name.to_owned(), value);
    }
}
