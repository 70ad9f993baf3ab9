//! The guard of outgoing requests: nobody makes this server ask its own inside networks.
//!
//! Addresses that people enter are read as the HTTP client reads them. A name is resolved by [`CheckedDns`], which hands the
//! client only addresses that were checked, so what is checked is what is connected to. `[outgoing] allow_inside` lets
//! everything through but other schemes and passwords in addresses.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::future::Future;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use url::{Host, Url};

/// The longest address that is taken, in bytes.
pub(crate) const MAX_URL_BYTES: usize = 2_048;

/// Why nothing is sent there. It names the host, never the path, which may be a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    /// It cannot be read as an address.
    #[error("this is no address: it must begin with https:// or http:// and name a host")]
    NoAddress,
    /// Another scheme than http and https.
    #[error("the address must begin with https:// or http://")]
    Scheme,
    /// A user or password in the address.
    #[error("the address must not hold a user or password")]
    Credentials,
    /// A redirect from https to http.
    #[error("the redirect leads from https to http")]
    Downgrade,
    /// It leads into a network that is not the public one.
    #[error(
        "{0} is an address inside of a private network; the admin can allow those with [outgoing] allow_inside"
    )]
    Inside(String),
}

/// Reads an address and refuses what nothing is sent to. A name is checked once more when it is resolved.
pub(crate) fn check_url(address: &str, allow_inside: bool) -> Result<Url, Refused> {
    if address.len() > MAX_URL_BYTES {
        return Err(Refused::NoAddress);
    }
    let url = Url::parse(address.trim()).map_err(|_| Refused::NoAddress)?;
    check(&url, allow_inside)?;
    Ok(url)
}

/// Refuses an address that nothing is sent to.
pub(crate) fn check(url: &Url, allow_inside: bool) -> Result<(), Refused> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Refused::Scheme);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Refused::Credentials);
    }
    let inside = match url.host().ok_or(Refused::NoAddress)? {
        Host::Ipv4(address) => is_inside(address.into()),
        Host::Ipv6(address) => is_inside(address.into()),
        Host::Domain(name) => is_own_name(name),
    };
    match url.host_str() {
        Some(host) if inside && !allow_inside => Err(Refused::Inside(host.to_owned())),
        _ => Ok(()),
    }
}

/// Where a redirect leads, checked.
pub(crate) fn check_redirect(from: &Url, location: &str, allow_inside: bool) -> Result<Url, Refused> {
    if location.len() > MAX_URL_BYTES {
        return Err(Refused::NoAddress);
    }
    let to = from.join(location).map_err(|_| Refused::NoAddress)?;
    check(&to, allow_inside)?;
    if from.scheme() == "https" && to.scheme() == "http" {
        return Err(Refused::Downgrade);
    }
    Ok(to)
}

/// Names that mean this machine whatever a name server says.
fn is_own_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

/// Whether an address belongs to anything but the public internet: this machine, private and carrier networks, links,
/// groups, what is reserved, and addresses that carry such a one within.
pub(crate) fn is_inside(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_inside_v4(address),
        IpAddr::V6(address) => is_inside_v6(address),
    }
}

fn is_inside_v4(address: Ipv4Addr) -> bool {
    /// Network and bits of its prefix.
    const INSIDE: [([u8; 4], u32); 16] = [
        ([0, 0, 0, 0], 8),        // this network
        ([10, 0, 0, 0], 8),       // private
        ([100, 64, 0, 0], 10),    // carriers, and the metadata of Alibaba
        ([127, 0, 0, 0], 8),      // this machine
        ([168, 63, 129, 16], 32), // Azure's services on the host; public in form only
        ([169, 254, 0, 0], 16),   // links, and the metadata of most clouds
        ([172, 16, 0, 0], 12),    // private
        ([192, 0, 0, 0], 24),     // protocols, and the metadata of Oracle
        ([192, 0, 2, 0], 24),     // documentation
        ([192, 88, 99, 0], 24),   // relays of 6to4
        ([192, 168, 0, 0], 16),   // private
        ([198, 18, 0, 0], 15),    // measuring
        ([198, 51, 100, 0], 24),  // documentation
        ([203, 0, 113, 0], 24),   // documentation
        ([224, 0, 0, 0], 4),      // groups
        ([240, 0, 0, 0], 4),      // reserved, and everybody
    ];
    INSIDE.iter().any(|(network, bits)| {
        let mask = u32::MAX << (32 - bits);
        address.to_bits() & mask == u32::from_be_bytes(*network) & mask
    })
}

fn is_inside_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    if let Some(embedded) = embedded_v4(parts) {
        return is_inside_v4(embedded);
    }
    // Only 2000::/3 is handed out to the public; in it a few blocks are not.
    let global = parts[0] & 0xE000 == 0x2000;
    let special = match parts[0] {
        // Protocols, Teredo among them, and documentation.
        0x2001 => parts[1] < 0x0200 || parts[1] == 0x0DB8,
        // 6to4, which leads to an IPv4 address of anybody's choice.
        0x2002 => true,
        // Documentation.
        0x3FFF => parts[1] < 0x1000,
        _ => false,
    };
    !global || special
}

/// The IPv4 address that is reached by an IPv6 address: mapped, or translated (NAT64).
fn embedded_v4(parts: [u16; 8]) -> Option<Ipv4Addr> {
    let mapped = parts[..6] == [0, 0, 0, 0, 0, 0xFFFF];
    let translated = parts[..6] == [0x64, 0xFF9B, 0, 0, 0, 0];
    let bits = (u32::from(parts[6]) << 16) | u32::from(parts[7]);
    (mapped || translated).then(|| Ipv4Addr::from_bits(bits))
}

pub(crate) type LookedUp = Pin<Box<dyn Future<Output = std::io::Result<Vec<SocketAddr>>> + Send>>;

/// Asks for the addresses of a name.
pub(crate) trait Lookup: Send + Sync {
    /// The addresses; their port means nothing.
    fn look_up(&self, name: &str) -> LookedUp;
}

/// The machine's own way to look names up.
pub(crate) struct SystemLookup;

impl Lookup for SystemLookup {
    fn look_up(&self, name: &str) -> LookedUp {
        let name = name.to_owned();
        Box::pin(async move { Ok(tokio::net::lookup_host((name.as_str(), 0)).await?.collect()) })
    }
}

/// Resolves names for the HTTP client, which connects to nothing else.
#[derive(Clone)]
pub(crate) struct CheckedDns {
    lookup: Arc<dyn Lookup>,
    allow_inside: bool,
}

impl CheckedDns {
    pub(crate) fn new(lookup: Arc<dyn Lookup>, allow_inside: bool) -> Self {
        Self { lookup, allow_inside }
    }

    /// The addresses of a name. One inside address among them refuses them all: such a name is a trap or a mistake.
    async fn resolve(
        self,
        name: String,
    ) -> Result<Vec<SocketAddr>, Box<dyn std::error::Error + Send + Sync>> {
        let found = self.lookup.look_up(&name).await?;
        if !self.allow_inside && (is_own_name(&name) || found.iter().any(|address| is_inside(address.ip()))) {
            return Err(Refused::Inside(name).into());
        }
        Ok(found)
    }
}

impl Resolve for CheckedDns {
    fn resolve(&self, name: Name) -> Resolving {
        let resolved = self.clone().resolve(name.as_str().to_owned());
        Box::pin(async move { Ok(Box::new(resolved.await?.into_iter()) as Addrs) })
    }
}

#[cfg(test)]
#[path = "guard/tests.rs"]
mod tests;
