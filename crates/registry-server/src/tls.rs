//! HTTPS of the server's own.

mod self_signed;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::SystemTime;

use thiserror::Error;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

pub use self_signed::SelfSignedError;

/// What the server can speak over TLS, the best first (RFC 7301).
const PROTOCOLS: [&[u8]; 2] = [HTTP2, b"http/1.1"];
pub(crate) const HTTP2: &[u8] = b"h2";

/// Why a certificate cannot be used.
#[derive(Debug, Error)]
pub enum TlsError {
    /// A file cannot be read, or is not PEM.
    #[error("cannot read {}: {source}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: pem::Error,
    },
    /// There is no certificate in the file.
    #[error("no certificate in {}", .path.display())]
    NoCertificate {
        /// The file.
        path: PathBuf,
    },
    /// The server cannot make a certificate for itself.
    #[error(transparent)]
    SelfSigned(#[from] SelfSignedError),
    /// Certificate and key do not fit, or are of an unknown kind.
    #[error("certificate and key cannot be used together: {0}")]
    Mismatch(#[from] tokio_rustls::rustls::Error),
}

/// A certificate and its key, which are loaded again when their files change: certificates are renewed while the server
/// runs.
#[derive(Debug)]
pub(crate) struct Tls {
    cert: PathBuf,
    key: PathBuf,
    acceptor: RwLock<Arc<ServerConfig>>,
    /// When the files had changed that are used, and those that were last reported as useless.
    loaded: Mutex<[Option<SystemTime>; 2]>,
    reported: Mutex<[Option<SystemTime>; 2]>,
}

impl Tls {
    /// # Errors
    /// [`TlsError`]
    pub(crate) fn load(cert: PathBuf, key: PathBuf) -> Result<Self, TlsError> {
        let loaded = Mutex::new([changed(&cert), changed(&key)]);
        Ok(Self { acceptor: RwLock::new(config(&cert, &key)?), cert, key, loaded, reported: Mutex::default() })
    }

    /// With a certificate that the server makes for itself and keeps in a directory.
    ///
    /// # Errors
    /// [`TlsError`]
    pub(crate) fn self_signed(dir: &Path, listen: SocketAddr) -> Result<Self, TlsError> {
        let (cert, key) = self_signed::files(dir, listen)?;
        Self::load(cert, key)
    }

    /// Accepts connections with the certificate as it is now.
    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        Arc::clone(&self.acceptor.read().unwrap_or_else(PoisonError::into_inner)).into()
    }

    /// Loads the files again if they have changed. While they do not fit, the server keeps what it has.
    pub(crate) fn reload(&self) {
        let now = [changed(&self.cert), changed(&self.key)];
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if *loaded == now {
            return;
        }
        match config(&self.cert, &self.key) {
            Ok(config) => {
                *loaded = now;
                *self.acceptor.write().unwrap_or_else(PoisonError::into_inner) = config;
                tracing::info!(event = "certificate", "loaded again");
            }
            // It is tried again: the files may be on their way, or their permissions. Each state of them is reported once.
            Err(error) => {
                let mut reported = self.reported.lock().unwrap_or_else(PoisonError::into_inner);
                if *reported != now {
                    *reported = now;
                    tracing::warn!(event = "certificate", %error, "the one before is still used");
                }
            }
        }
    }
}

fn config(cert: &Path, key: &Path) -> Result<Arc<ServerConfig>, TlsError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        |source| TlsError::File { path, source }
    };
    let chain = CertificateDer::pem_file_iter(cert).map_err(failed(cert))?;
    let chain = chain.collect::<Result<Vec<_>, _>>().map_err(failed(cert))?;
    if chain.is_empty() {
        return Err(TlsError::NoCertificate { path: cert.to_owned() });
    }
    let key = PrivateKeyDer::from_pem_file(key).map_err(failed(key))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = PROTOCOLS.map(<[u8]>::to_vec).to_vec();
    Ok(Arc::new(config))
}

fn changed(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|metadata| metadata.modified()).ok()
}
