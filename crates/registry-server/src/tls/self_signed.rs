//! A certificate that the server makes for itself, so that a device on the same network can try the page in a secure
//! context. Browsers warn of it, since nobody has vouched for it.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rcgen::{CertificateParams, KeyPair};
use thiserror::Error;
use time::OffsetDateTime;

/// How long a certificate is valid. Some browsers accept none for longer than 398 days.
const VALID: Duration = Duration::from_secs(390 * 24 * 3600);
/// How old a certificate may be when the server starts.
const OLDEST: Duration = Duration::from_secs(360 * 24 * 3600);
/// The file with the names that the certificate is for.
const NAMES: &str = "names.txt";

/// Why no certificate could be made.
#[derive(Debug, Error)]
pub enum SelfSignedError {
    /// The directory cannot be written to.
    #[error("cannot write to {}: {source}", .dir.display())]
    Directory {
        /// The directory.
        dir: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// Making it failed.
    #[error("cannot make a certificate: {0}")]
    Make(#[from] rcgen::Error),
}

/// Makes a certificate for this machine in `dir`, unless there is one. Returns the paths of certificate and key.
///
/// # Errors
/// [`SelfSignedError`]
pub(crate) fn files(dir: &Path, listen: SocketAddr) -> Result<(PathBuf, PathBuf), SelfSignedError> {
    let (cert, key) = (dir.join("cert.pem"), dir.join("key.pem"));
    let names = names(listen);
    let known = fs::read_to_string(dir.join(NAMES)).unwrap_or_default();
    let recent =
        cert.metadata().and_then(|file| file.modified()).is_ok_and(|at| at.elapsed().is_ok_and(|age| age < OLDEST));
    if recent && key.is_file() && names.iter().all(|name| known.lines().any(|line| line == name)) {
        return Ok((cert, key));
    }
    let mut params = CertificateParams::new(names.clone())?;
    params.not_before = OffsetDateTime::now_utc() - Duration::from_secs(24 * 3600);
    params.not_after = OffsetDateTime::now_utc() + VALID;
    let key_pair = KeyPair::generate()?;
    let certificate = params.self_signed(&key_pair)?;
    let write = || {
        fs::create_dir_all(dir)?;
        write_privately(&key, &key_pair.serialize_pem())?;
        fs::write(&cert, certificate.pem())?;
        fs::write(dir.join(NAMES), names.join("\n"))
    };
    write().map_err(|source| SelfSignedError::Directory { dir: dir.to_owned(), source })?;
    Ok((cert, key))
}

/// Writes a file that only its owner can read.
fn write_privately(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}

/// By which names the machine can be reached on its own and on the local network.
fn names(listen: SocketAddr) -> Vec<String> {
    let mut addresses = vec![IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv6Addr::LOCALHOST)];
    addresses.extend(Some(listen.ip()).filter(|ip| !ip.is_unspecified()));
    addresses.extend(local_address(Ipv4Addr::UNSPECIFIED.into(), (Ipv4Addr::new(192, 0, 2, 1), 9).into()));
    addresses.extend(local_address(
        Ipv6Addr::UNSPECIFIED.into(),
        (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1), 9).into(),
    ));
    let mut names: Vec<_> = addresses.iter().map(IpAddr::to_string).collect();
    names.push("localhost".to_owned());
    names.sort();
    names.dedup();
    names
}

/// The machine's address on the way to another one. Nothing is sent: connecting a UDP socket only looks up the route.
fn local_address(from: IpAddr, to: SocketAddr) -> Option<IpAddr> {
    let socket = UdpSocket::bind((from, 0)).ok()?;
    socket.connect(to).ok()?;
    Some(socket.local_addr().ok()?.ip())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_made_once_and_again_for_another_name() {
        let dir = std::env::temp_dir().join(format!("registry-server-{}-self-signed", std::process::id()));
        let made = |listen: &str| {
            let (cert, key) = files(&dir, listen.parse().unwrap()).unwrap();
            super::super::Tls::load(cert.clone(), key).unwrap();
            fs::read(cert).unwrap()
        };
        let first = made("127.0.0.1:1");
        assert_eq!(made("0.0.0.0:2"), first);
        assert_ne!(made("192.0.2.77:2"), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(dir.join("key.pem")).unwrap().permissions().mode() & 0o777, 0o600);
        }
        fs::remove_dir_all(dir).unwrap();
    }
}
