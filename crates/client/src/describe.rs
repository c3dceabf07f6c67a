//! What there is to say about a thing, member by member: for JavaScript, for the wire, for an exported trace, for a person.

use serde_json::{Map, Value};

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

    /// Says all that a thing says, where there is one.
    #[inline(never)]
    pub fn thing(&mut self, name: &'static str, thing: Option<&dyn Describe>) {
        if let Some(thing) = thing {
            self.say(name, Member::Thing(thing));
        }
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
