use std::hash::RandomState;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::time::Duration;

use axum::Router;
use registry_core::Client;
use thiserror::Error;
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use crate::api::{self, App, Shared};
use crate::budget::Budget;
use crate::clock::Clock;
use crate::connections::{Connections, Slot};
use crate::forwarded::ForwardedFor;
use crate::http::{Accepted, http1, http2};
use crate::metrics::Metrics;
use crate::open_files;
use crate::options::{Options, TooManyWaiting};
use crate::page::Page;
use crate::service::Service;
use crate::tls::{HTTP2, Tls, TlsError};

/// How many connections the system queues until they are accepted. Clients beyond that retry after a second.
const BACKLOG: u32 = 1024;
/// How much of an answer TLS may buffer, in bytes: it counts as sent.
const MAX_TLS_BUFFER: usize = 16 * 1024;
/// How many connections there may be for operators.
const MAX_ADMIN_CONNECTIONS: usize = 32;
/// How long requests in flight may take to finish on shutdown.
const STOP_TIMEOUT: Duration = Duration::from_secs(3);
/// How often expired rooms are removed, and the certificate's files are looked at.
const TICK: Duration = Duration::from_secs(1);

/// Why the server cannot start.
#[derive(Debug, Error)]
pub enum BindError {
    /// The port is in use.
    #[error(
        "port {} is in use: stop the program that is listening on {address}, or choose another port with --listen {}:PORT (0 picks a free one)",
        .address.port(), .address.ip()
    )]
    Taken {
        /// The requested address.
        address: SocketAddr,
    },
    /// Listening failed for another reason.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The requested address.
        address: SocketAddr,
        /// The cause.
        source: io::Error,
    },
    /// There is no page to serve.
    #[error("no index.html in {}: build the page first, or omit --static", .dir.display())]
    NoPage {
        /// The directory given by `--static`.
        dir: PathBuf,
    },
    /// The certificate cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// Long polls could take all connections.
    #[error(transparent)]
    TooManyWaiting(#[from] TooManyWaiting),
}

/// A Registry that is listening for connections.
pub struct Server {
    public: Endpoint,
    admin: Option<Endpoint>,
    app: App,
    stop_delay: Duration,
}

/// An address that is listened on, and what is served there.
struct Endpoint {
    listener: TcpListener,
    address: SocketAddr,
    connections: Connections,
    router: Router,
    tls: Option<Tls>,
    head_timeout: Duration,
}

impl Server {
    /// Starts listening. Connections are queued until [`run`](Self::run).
    ///
    /// # Errors
    /// [`BindError`], whose message says what to do.
    pub async fn bind(options: &Options) -> Result<Self, BindError> {
        if let Some(dir) = options.static_dir().filter(|dir| !dir.join("index.html").is_file()) {
            return Err(BindError::NoPage { dir });
        }
        let tls = options.tls()?;
        let max_connections = open_files::max_connections(options.max_connections, options.static_dir().is_some());
        let config = options.config(max_connections)?;
        let listener = listen(options.listen)?;
        let admin_listener = options.admin_listen.map(listen).transpose()?;
        let connections = Connections::new(max_connections);
        let app = App::new(Shared {
            service: Service::new(config, Clock::start()),
            page: options.static_dir().map(|dir| Page::new(dir, &options.embed_origins)),
            metrics: Metrics::default(),
            connections: connections.clone(),
            bytes: Budget::new(options.body_memory_bytes()),
            files: Budget::new(max_connections as u64),
            forwarded: ForwardedFor::new(options.trusted_proxies),
            body_timeout: options.body_timeout,
            ready: AtomicBool::new(true),
            requests: AtomicU64::new(0),
            log_key: RandomState::new(),
        });
        let endpoint = |(listener, address), connections, router, tls| Endpoint {
            listener,
            address,
            connections,
            router,
            tls,
            head_timeout: options.head_timeout,
        };
        let admin = admin_listener.map(|listener| {
            endpoint(listener, Connections::new(MAX_ADMIN_CONNECTIONS), api::admin_router(app.clone()), None)
        });
        let router = api::router(app.clone(), admin.is_none());
        Ok(Self { public: endpoint(listener, connections, router, tls), admin, app, stop_delay: options.stop_delay })
    }

    /// The address that the server is listening on.
    pub fn address(&self) -> SocketAddr {
        self.public.address
    }

    /// The origin of that address, for a browser.
    pub fn origin(&self) -> String {
        let scheme = if self.public.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.public.address)
    }

    /// The address that it is listening on for operators.
    pub fn admin_address(&self) -> Option<SocketAddr> {
        self.admin.as_ref().map(|admin| admin.address)
    }

    /// Serves until `stop` completes, then says that it is not ready, and after the delay for that finishes the requests in
    /// flight.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let stopping = async {
            stop.await;
            tracing::info!(event = "stopping");
            self.app.begin_stopping();
            tokio::time::sleep(self.stop_delay).await;
        };
        let admin = async {
            match &self.admin {
                Some(admin) => admin.accept().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = self.public.accept() => {}
            () = admin => {}
            () = self.tick() => {}
            () = stopping => {}
        }
        let connections = self.public.connections.clone();
        drop((self.public, self.admin));
        self.app.service.answer_all();
        if tokio::time::timeout(STOP_TIMEOUT, connections.close_all()).await.is_err() {
            tracing::warn!(event = "stopped", "some connections were aborted");
        }
    }

    async fn tick(&self) {
        let mut interval = tokio::time::interval(TICK);
        loop {
            interval.tick().await;
            self.app.service.tick();
            if let Some(tls) = &self.public.tls {
                tls.reload();
            }
        }
    }
}

impl Endpoint {
    async fn accept(&self) {
        loop {
            match self.listener.accept().await {
                Ok((stream, peer)) => {
                    if let Some(slot) = self.connections.acquire(Client::of(peer.ip())).await {
                        let _ = stream.set_nodelay(true);
                        self.serve(stream, peer, slot);
                    }
                }
                // Only that client has gone.
                Err(error)
                    if matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset) => {}
                Err(error) => {
                    // Most likely the whole system is out of file descriptors: free some.
                    tracing::warn!(event = "accept", %error);
                    self.connections.free_many();
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }

    fn serve(&self, stream: TcpStream, peer: SocketAddr, slot: Slot) {
        let (router, head_timeout) = (self.router.clone(), self.head_timeout);
        let Some(tls) = &self.tls else {
            tokio::spawn(http1(Accepted { stream, peer, slot, is_tls: false }, router, head_timeout));
            return;
        };
        let acceptor = tls.acceptor();
        tokio::spawn(async move {
            match slot.prepare(head_timeout, acceptor.accept(stream)).await {
                Some(Ok(mut stream)) => {
                    let (_, session) = stream.get_mut();
                    session.set_buffer_limit(Some(MAX_TLS_BUFFER));
                    let is_http2 = session.alpn_protocol() == Some(HTTP2);
                    let accepted = Accepted { stream, peer, slot, is_tls: true };
                    match is_http2 {
                        true => http2(accepted, router, head_timeout).await,
                        false => http1(accepted, router, head_timeout).await,
                    }
                }
                Some(Err(error)) => tracing::debug!(event = "tls", %error),
                None => tracing::debug!(event = "tls", "the handshake took too long, or its place was needed"),
            }
        });
    }
}

fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), BindError> {
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::AddrInUse => BindError::Taken { address },
        _ => BindError::Listen { address, source },
    };
    let listening = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        // Not on Windows, where it would let two programs share the port.
        #[cfg(unix)]
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        let listener = socket.listen(BACKLOG)?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    };
    listening().map_err(failed)
}
