use registry_protocol::{
    EpochMs, PublicRoomInfo, RoomCode, RoomCreationResponse, RoomJoinResponse, RoomSnapshot, RoomStatus, SdpType,
    SessionDescription, UserName,
};

use crate::candidates::Candidates;
use crate::secret::{self, TokenHash};
use crate::window::{Window, admit};
use crate::{Action, Config, Random, Refusal, Reply, Role, body};

/// What a room acts upon besides the request.
pub struct Context<'a> {
    /// The time, in milliseconds since the epoch.
    pub now: u64,
    /// A cryptographic source of random bytes.
    pub random: &'a mut dyn Random,
    /// Times to live and limits.
    pub config: &'a Config,
}

/// Where the room is in its life, and what it has only there.
#[derive(Clone, Debug)]
enum State {
    Open { join_code: registry_protocol::JoinCode },
    Joined { guest: TokenHash },
    Paired { guest: TokenHash, answer: SessionDescription },
    Closed,
}

/// The events of one room, for its limits: both peers together.
#[derive(Clone, Debug, Default)]
struct Windows {
    join: Window,
    snapshot: Window,
    signal: Window,
    signal_long: Window,
}

/// One room: its life from open to closed, what the peers left in it for each other, and its rate limits.
#[derive(Clone, Debug)]
pub struct Room {
    state: State,
    host_user_name: UserName,
    host: TokenHash,
    offer: Option<SessionDescription>,
    from_host: Candidates,
    from_guest: Candidates,
    updated_at: u64,
    expires_at: u64,
    revision: u64,
    windows: Windows,
}

impl Room {
    /// Draws a code for a room; whether it is taken the host must see to.
    ///
    /// # Errors
    /// [`Refusal::Internal`]
    pub fn draw_code(random: &mut dyn Random) -> Result<RoomCode, Refusal> {
        Ok(secret::room_code(random)?)
    }

    /// Makes the open room that `code` will name, and the answer to whoever asked for it.
    ///
    /// # Errors
    /// [`Refusal::Internal`]
    pub fn create(cx: &mut Context<'_>, code: RoomCode, host: UserName) -> Result<(Self, Reply), Refusal> {
        let (owner_token, hash) = secret::token(cx.random)?;
        let join_code = secret::join_code(cx.random)?;
        let expires_at = cx.now.saturating_add(cx.config.ttl.open_ms);
        let room = Self {
            state: State::Open { join_code: join_code.clone() },
            host_user_name: host,
            host: hash,
            offer: None,
            from_host: Candidates::default(),
            from_guest: Candidates::default(),
            updated_at: cx.now,
            expires_at,
            revision: 1,
            windows: Windows::default(),
        };
        let answer = RoomCreationResponse { code, join_code, owner_token, expires_at: EpochMs(expires_at) };
        Ok((room, Reply::json(201, &answer)?))
    }

    /// When the room is over, in milliseconds since the epoch: then a host forgets it.
    pub fn expires_at(&self) -> u64 {
        self.expires_at
    }

    /// Grows with every change that a peer could see.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Where the room is in its life.
    pub fn status(&self) -> RoomStatus {
        match self.state {
            State::Open { .. } => RoomStatus::Open,
            State::Joined { .. } => RoomStatus::Joined,
            State::Paired { .. } => RoomStatus::Paired,
            State::Closed => RoomStatus::Closed,
        }
    }

    /// Does what is asked by the holder of `token`.
    ///
    /// # Errors
    /// A [`Refusal`]; then nothing has changed.
    pub fn handle(
        &mut self,
        cx: &mut Context<'_>,
        action: Action,
        token: Option<&str>,
        body: &[u8],
    ) -> Result<Reply, Refusal> {
        if cx.now >= self.expires_at || matches!(self.state, State::Closed) {
            return Err(Refusal::NoRoom);
        }
        match action {
            Action::Public => self.public(),
            Action::Join => self.join(cx, body),
            Action::Snapshot => self.role(token).and_then(|_| self.snapshot(cx)),
            Action::Candidates => self.role(token).and_then(|role| self.candidates(cx, role)),
            Action::Candidate => self.role(token).and_then(|role| self.candidate(cx, role, body)),
            Action::Offer => self.only(Role::Host, token).and_then(|()| self.post_offer(cx, body)),
            Action::Answer => self.only(Role::Guest, token).and_then(|()| self.post_answer(cx, body)),
            Action::Close => self.only(Role::Host, token).map(|()| self.close(cx)),
        }
    }

    fn public(&self) -> Result<Reply, Refusal> {
        let State::Open { .. } = self.state else { return Err(Refusal::NotPublic) };
        let info = PublicRoomInfo {
            status: self.status(),
            expires_at: EpochMs(self.expires_at),
            host_user_name: self.host_user_name.clone(),
        };
        Reply::json(200, &info)
    }

    fn join(&mut self, cx: &mut Context<'_>, body: &[u8]) -> Result<Reply, Refusal> {
        let (offered, _guest_user_name) = body::join(body)?;
        let State::Open { join_code } = &self.state else { return Err(Refusal::NotOpen) };
        if let Some(rates) = cx.config.rates {
            limited(admit(cx.now, [(&mut self.windows.join, rates.join)]))?;
        }
        if !secret::same_join_code(join_code, &offered) {
            return Err(Refusal::WrongJoinCode);
        }
        let (guest_token, guest) = secret::token(cx.random)?;
        self.state = State::Joined { guest };
        self.changed(cx);
        Reply::json(200, &RoomJoinResponse { guest_token, expires_at: EpochMs(self.expires_at) })
    }

    fn snapshot(&mut self, cx: &Context<'_>) -> Result<Reply, Refusal> {
        if let Some(rates) = cx.config.rates {
            limited(admit(cx.now, [(&mut self.windows.snapshot, rates.snapshot)]))?;
        }
        let answer = match &self.state {
            State::Paired { answer, .. } => Some(answer.clone()),
            _ => None,
        };
        let snapshot = RoomSnapshot {
            status: self.status(),
            offer: self.offer.clone(),
            answer,
            updated_at: EpochMs(self.updated_at),
            expires_at: EpochMs(self.expires_at),
        };
        Reply::json(200, &snapshot)
    }

    fn post_offer(&mut self, cx: &Context<'_>, body: &[u8]) -> Result<Reply, Refusal> {
        let offer = body::description(body, SdpType::Offer)?;
        if let State::Paired { .. } = self.state {
            return Err(Refusal::AlreadyPaired);
        }
        self.count_signal(cx)?;
        self.offer = Some(offer);
        self.changed(cx);
        Ok(Reply::NO_CONTENT)
    }

    fn post_answer(&mut self, cx: &Context<'_>, body: &[u8]) -> Result<Reply, Refusal> {
        let answer = body::description(body, SdpType::Answer)?;
        let State::Joined { guest } = self.state else { return Err(Refusal::AlreadyPaired) };
        if self.offer.is_none() {
            return Err(Refusal::NoOffer);
        }
        self.count_signal(cx)?;
        self.state = State::Paired { guest, answer };
        self.changed(cx);
        Ok(Reply::NO_CONTENT)
    }

    fn candidate(&mut self, cx: &Context<'_>, role: Role, body: &[u8]) -> Result<Reply, Refusal> {
        let candidate = body::candidate(body)?;
        let known = self.from(role).holds(cx.now, &candidate);
        if !known {
            self.from(role).check_room(cx.now)?;
        }
        self.count_signal(cx)?;
        if !known {
            self.from(role).append(cx.now, cx.config.ttl.candidates_ms, candidate);
            self.revision += 1;
        }
        Ok(Reply::NO_CONTENT)
    }

    fn candidates(&mut self, cx: &Context<'_>, role: Role) -> Result<Reply, Refusal> {
        let other = if role == Role::Host { Role::Guest } else { Role::Host };
        Reply::json(200, &self.from(other).list(cx.now))
    }

    /// Closes the room and lets go of what was in it.
    fn close(&mut self, cx: &Context<'_>) -> Reply {
        self.state = State::Closed;
        self.offer = None;
        self.from_host = Candidates::default();
        self.from_guest = Candidates::default();
        self.windows = Windows::default();
        self.changed(cx);
        Reply::NO_CONTENT
    }

    /// Starts the time to live of the present state again.
    fn changed(&mut self, cx: &Context<'_>) {
        let ttl = &cx.config.ttl;
        let ttl_ms = match self.state {
            State::Open { .. } => ttl.open_ms,
            State::Joined { .. } => ttl.joined_ms,
            State::Paired { .. } => ttl.paired_ms,
            State::Closed => ttl.closed_ms,
        };
        self.updated_at = cx.now;
        self.expires_at = cx.now.saturating_add(ttl_ms);
        self.revision += 1;
    }

    fn from(&mut self, role: Role) -> &mut Candidates {
        match role {
            Role::Host => &mut self.from_host,
            Role::Guest => &mut self.from_guest,
        }
    }

    fn role(&self, token: Option<&str>) -> Result<Role, Refusal> {
        let token = token.ok_or(Refusal::WrongToken)?;
        if self.host.matches(token) {
            return Ok(Role::Host);
        }
        match &self.state {
            State::Joined { guest } | State::Paired { guest, .. } if guest.matches(token) => Ok(Role::Guest),
            _ => Err(Refusal::WrongToken),
        }
    }

    fn only(&self, role: Role, token: Option<&str>) -> Result<(), Refusal> {
        if self.role(token)? == role { Ok(()) } else { Err(Refusal::WrongRole(role)) }
    }

    fn count_signal(&mut self, cx: &Context<'_>) -> Result<(), Refusal> {
        let Some(rates) = cx.config.rates else { return Ok(()) };
        let Windows { signal, signal_long, .. } = &mut self.windows;
        limited(admit(cx.now, [(signal, rates.signal), (signal_long, rates.signal_long)]))
    }
}

fn limited(admitted: Result<(), u64>) -> Result<(), Refusal> {
    admitted.map_err(|wait_ms| Refusal::RateLimited { wait_ms })
}
