//! Decodes bytes into a request.

use arbitrary::Arbitrary;
use registry_core::Request;
use serde_json::{Map, Value, json};

use super::{CANARY, Keys, ORIGIN, SDP};

/// A request and its time.
#[derive(Debug, Arbitrary)]
pub(super) struct FuzzRequest<'a> {
    pub(super) time: Time,
    method: Method<'a>,
    path: Path<'a>,
    headers: Vec<Header<'a>>,
    body: Body<'a>,
}

/// The clock may be set forwards or backwards.
#[derive(Debug, Arbitrary)]
pub(super) enum Time {
    Same,
    Later(u32),
    Earlier(u32),
    Any(u64),
}

#[derive(Debug, Arbitrary)]
enum Method<'a> {
    Post,
    Get,
    Options,
    Other(&'a str),
}

#[derive(Debug, Arbitrary)]
enum Path<'a> {
    Room { tail: Tail, query: &'a str },
    Since { tail: Tail, since: u64 },
    Exchange(&'a str),
    Elsewhere { code: &'a str, tail: Tail },
    Rooms(&'a str),
    Other(&'a str),
}

#[derive(Debug, Arbitrary)]
enum Tail {
    Snapshot,
    Public,
    Join,
    Offer,
    Answer,
    Candidate,
    Candidates,
    JoinCode,
    Close,
}

#[derive(Debug, Arbitrary)]
enum Header<'a> {
    Version,
    OtherVersion(&'a str),
    Host,
    Guest,
    Token(&'a str),
    Tags(&'a str),
    Key(&'a str),
    Origin(&'a str),
    GoodOrigin,
    Other(&'a str, &'a str),
}

#[derive(Debug, Arbitrary)]
enum Body<'a> {
    Raw(&'a [u8]),
    Large(u32),
    Create(Field<'a>),
    Join {
        code: Field<'a>,
        name: Field<'a>,
    },
    RightJoin,
    Description(Description<'a>),
    Candidate(Candidate<'a>),
    Exchange {
        elsewhere: Option<Field<'a>>,
        attempt: Field<'a>,
        description: Option<Description<'a>>,
        candidates: Vec<Candidate<'a>>,
        since: Field<'a>,
        wait: Field<'a>,
    },
}

#[derive(Debug, Arbitrary)]
struct Description<'a> {
    offer: bool,
    sdp: Field<'a>,
    lines: bool,
}

#[derive(Debug, Arbitrary)]
struct Candidate<'a> {
    candidate: Field<'a>,
    mid: Field<'a>,
    index: Field<'a>,
}

/// The value of a field of a JSON object.
#[derive(Debug, Arbitrary)]
enum Field<'a> {
    Text(&'a str),
    Long(u16),
    Number(i64),
    Float(f64),
    Missing,
    Null,
    List,
}

impl Time {
    pub(super) fn after(&self, now: u64) -> u64 {
        match self {
            Self::Same => now,
            Self::Later(ms) => now.saturating_add(u64::from(*ms)),
            Self::Earlier(ms) => now.saturating_sub(u64::from(*ms)),
            Self::Any(now) => *now,
        }
    }
}

impl FuzzRequest<'_> {
    pub(super) fn request(&self, keys: &Keys) -> Request {
        let method = match self.method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Options => "OPTIONS",
            Method::Other(other) => other,
        };
        let request = Request::new(method, self.path.text(keys)).body(self.body.bytes(keys));
        self.headers.iter().fold(request, |request, header| {
            let (name, value) = header.pair(keys);
            request.header(name, value)
        })
    }
}

impl Path<'_> {
    fn text(&self, keys: &Keys) -> String {
        let code = &keys.code;
        match self {
            Self::Room { tail, query } => format!("/rooms/{code}{}?{query}", tail.text()),
            Self::Since { tail, since } => format!("/rooms/{code}{}?since={since}", tail.text()),
            Self::Exchange(query) => format!("/exchange?{query}"),
            Self::Elsewhere { code, tail } => format!("/rooms/{code}{}", tail.text()),
            Self::Rooms(rest) => format!("/rooms{rest}"),
            Self::Other(path) => (*path).to_owned(),
        }
    }
}

impl Tail {
    fn text(&self) -> &'static str {
        match self {
            Self::Snapshot => "",
            Self::Public => "/public",
            Self::Join => "/join",
            Self::Offer => "/offer",
            Self::Answer => "/answer",
            Self::Candidate => "/candidate",
            Self::Candidates => "/candidates",
            Self::JoinCode => "/join-code",
            Self::Close => "/close",
        }
    }
}

impl Header<'_> {
    fn pair(&self, keys: &Keys) -> (String, String) {
        let (name, value) = match self {
            Self::Version => ("X-Registry-Version", "1".to_owned()),
            Self::OtherVersion(version) => ("X-Registry-Version", printable(version)),
            Self::Host => ("X-Access-Token", keys.tokens[0].clone()),
            Self::Guest => ("X-Access-Token", keys.tokens[1].clone()),
            Self::Token(token) => ("X-Access-Token", printable(token) + CANARY),
            Self::Tags(tags) => ("If-None-Match", printable(tags)),
            Self::Key(key) => ("Idempotency-Key", printable(key) + CANARY),
            Self::Origin(origin) => ("Origin", printable(origin)),
            Self::GoodOrigin => ("origin", ORIGIN.to_owned()),
            Self::Other(name, value) => return (printable(name), printable(value)),
        };
        (name.to_owned(), value)
    }
}

/// Keeps only the characters that HTTP permits in a header.
fn printable(text: &str) -> String {
    text.chars().filter(|c| (' '..='~').contains(c)).collect()
}

impl Body<'_> {
    fn bytes(&self, keys: &Keys) -> Vec<u8> {
        match self {
            Self::Raw(bytes) => bytes.to_vec(),
            Self::Large(size) => vec![b'x'; (*size % 70_000) as usize],
            _ => self.json(keys).to_string().into_bytes(),
        }
    }

    fn json(&self, keys: &Keys) -> Value {
        match self {
            Self::Raw(_) | Self::Large(_) => Value::Null,
            Self::Create(name) => object([("hostUserName", name.value(""))]),
            Self::Join { code, name } => object([("joinCode", code.value(CANARY)), ("guestUserName", name.value(""))]),
            Self::RightJoin => {
                object([("joinCode", Some(json!(keys.join_code))), ("guestUserName", Some(json!("Bob")))])
            }
            Self::Description(description) => description.json(),
            Self::Candidate(candidate) => candidate.json(),
            Self::Exchange { elsewhere, attempt, description, candidates, since, wait } => object([
                ("room", elsewhere.as_ref().map_or_else(|| Some(json!(keys.code)), |code| code.value(CANARY))),
                ("attempt", attempt.value("")),
                ("description", description.as_ref().map(Description::json)),
                ("candidates", Some(candidates.iter().map(Candidate::json).collect())),
                ("since", since.value("")),
                ("wait", wait.value("")),
            ]),
        }
    }
}

impl Description<'_> {
    fn json(&self) -> Value {
        let Self { offer, sdp, lines } = self;
        let kind = if *offer { "offer" } else { "answer" };
        object([("type", Some(json!(kind))), ("sdp", sdp.value(if *lines { SDP } else { CANARY }))])
    }
}

impl Candidate<'_> {
    fn json(&self) -> Value {
        object([
            ("candidate", self.candidate.value(CANARY)),
            ("sdpMid", self.mid.value(CANARY)),
            ("sdpMLineIndex", self.index.value(CANARY)),
        ])
    }
}

fn object<const N: usize>(fields: [(&str, Option<Value>); N]) -> Value {
    let fields = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(fields.collect::<Map<_, _>>())
}

impl Field<'_> {
    /// The JSON value; strings end with `end`.
    fn value(&self, end: &str) -> Option<Value> {
        Some(match self {
            Self::Text(text) => json!(format!("{text}{end}")),
            Self::Long(size) => json!("x".repeat(usize::from(*size)) + end),
            Self::Number(number) => json!(number),
            Self::Float(number) => json!(number),
            Self::Missing => return None,
            Self::Null => Value::Null,
            Self::List => json!([end]),
        })
    }
}
