"""Gives schemathesis existing rooms in various states, so that it gets more than 403 and 404.

Deliberately invalid data is left alone. In the stateful phase the links in the OpenAPI document provide rooms instead, and
nothing is injected here.
"""

from itertools import count

import requests
import schemathesis
from hypothesis import strategies as st
from openapi_spec_validator import validate
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import TestPhase

SDP = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"
TOKEN = "X-Access-Token"
# Texts with the mandatory lines of an SDP among others; generating them from the schema's pattern takes too long.
lines = st.lists(st.text(st.characters(codec="utf-8"), max_size=40), max_size=8).map("\r\n".join)
schemathesis.openapi.format("sdp", st.builds("{}\r\n{}{}".format, lines, st.just(SDP), lines))

# The codes of the rooms that were injected into requests.
given = set()
numbers = count()


class Room:
    """A room in which the first steps of a handshake have been completed."""

    def __init__(self, url: str, steps: int):
        self.url = url
        made = self.post("", {"hostUserName": "Ann"})
        self.code, self.join_code, self.host, self.guest = made["code"], made["joinCode"], made["ownerToken"], None
        for step in [self.offer, self.candidate, self.join, self.answer][:steps]:
            step()

    def offer(self):
        self.post("/offer", {"type": "offer", "sdp": SDP}, self.host)

    def candidate(self):
        self.post("/candidate", {"candidate": "candidate:1", "sdpMid": "0", "sdpMLineIndex": 0}, self.host)

    def join(self):
        joined = self.post("/join", {"joinCode": self.join_code, "guestUserName": "Bob"})
        self.guest = joined["guestToken"]

    def answer(self):
        self.post("/answer", {"type": "answer", "sdp": SDP}, self.guest)

    def post(self, call: str, body: dict, token: str | None = None):
        path = f"/rooms/{self.code}{call}" if call else "/rooms"
        headers = {"X-Registry-Version": "1"} | ({TOKEN: token} if token else {})
        response = requests.post(self.url + path, json=body, headers=headers, timeout=10)
        response.raise_for_status()
        return response.json() if response.content else None


@schemathesis.hook
def after_load_schema(ctx, schema):
    validate(schema.raw_schema)


@schemathesis.hook
def before_call(ctx, case, kwargs):
    number = next(numbers)
    # HTTP allows no control characters in a header: the server refuses such a request before the Registry sees it.
    for name, value in list((case.headers or {}).items()):
        if isinstance(value, str):
            case.headers[name] = "".join(char for char in value if char.isprintable())
    # Do not wait as long as a generated number says: a second now and then is enough.
    if isinstance(case.body, dict) and type(case.body.get("wait")) in (int, float):
        case.body["wait"] = int(number % 10 == 0)
    # An accepted token is one that this hook or a link has injected, which no public API can declare. Requests without
    # a token or with a made-up one are still checked.
    case._has_explicit_auth = True
    is_exchange = case.operation.path.endswith("/exchange")
    names_room = is_exchange or "{code}" in case.operation.path
    if case.meta is None or case.meta.phase.name == TestPhase.STATEFUL or not names_room:
        return
    if case.meta.is_negative_at(ParameterLocation.BODY if is_exchange else ParameterLocation.PATH):
        return
    place, field = (case.body, "room") if is_exchange else (case.path_parameters, "code")
    # A check that repeats a request, for example with another token, must not be changed.
    if not isinstance(place, dict) or place.get(field) in given:
        return
    is_answer = case.operation.path.endswith("/answer")
    room = Room(case.operation.schema.get_base_url().rstrip("/"), 3 + number % 2 if is_answer else number % 5)
    given.add(room.code)
    place[field] = room.code
    is_guest = is_answer or number % 2
    if is_exchange and "description" in case.body:
        case.body["description"]["type"] = "answer" if is_guest and room.guest else "offer"
    if TOKEN in (case.headers or {}) and not case.meta.is_negative_at(ParameterLocation.HEADER):
        case.headers[TOKEN] = (is_guest and room.guest) or room.host
    is_join = case.operation.path.endswith("/join") and not case.meta.is_negative_at(ParameterLocation.BODY)
    if is_join and number % 4:
        case.body["joinCode"] = room.join_code
