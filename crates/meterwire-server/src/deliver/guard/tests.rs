//! Every way to write an inside address is refused, and public ones are not.

use super::*;
use proptest::prelude::*;

fn refused(address: &str) -> Refused {
    check_url(address, false).unwrap_err()
}

#[test]
fn known_tricks_are_refused() {
    for address in [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.0.0.1/",
        "http://0177.0.0.1/",
        "http://017700000001/",
        "http://127.0.0.1./",
        "http://localhost/",
        "http://LOCALHOST:8000/",
        "http://localhost./",
        "http://a.localhost/",
        "http://0/",
        "http://0.0.0.0/",
        "http://[::]/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[::127.0.0.1]/",
        "http://[64:ff9b::10.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[64:ff9b:1::1]/",
        "http://[2002:7f00:1::]/",
        "http://[fe80::1]/",
        "http://[fc00::1]/",
        "http://[fd00:ec2::254]/",
        "http://[ff02::1]/",
        "http://[2001:db8::1]/",
        "http://[2001::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.100.100.200/",
        "http://168.63.129.16/",
        "http://192.0.0.192/",
        "http://10.1.2.3/",
        "http://172.31.255.255/",
        "http://192.168.0.1/",
        "http://100.64.0.1/",
        "http://198.19.0.1/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://\u{ff11}\u{ff12}\u{ff17}.0.0.1/",
        "http://127\u{3002}0\u{3002}0\u{3002}1/",
        "http://%31%32%37.0.0.1/",
    ] {
        assert!(matches!(refused(address), Refused::Inside(_)), "{address}");
        assert!(check_url(address, true).is_ok(), "{address} where inside addresses are allowed");
    }
}

#[test]
fn other_schemes_and_passwords_are_refused_even_where_inside_addresses_are_allowed() {
    for address in ["ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "unix:/run/x"] {
        assert_eq!(check_url(address, true), Err(Refused::Scheme), "{address}");
    }
    for address in ["https://user:pass@example.com/", "https://user@example.com/", "https://:x@example.com/"]
    {
        assert_eq!(check_url(address, true), Err(Refused::Credentials), "{address}");
    }
    for address in ["", "example.com/hook", "//example.com", "https://", "http://999.1.1.1/", "http://[::1/"]
    {
        assert_eq!(check_url(address, true), Err(Refused::NoAddress), "{address}");
    }
    let long = format!("https://example.com/{}", "x".repeat(MAX_URL_BYTES));
    assert_eq!(check_url(&long, true), Err(Refused::NoAddress));
}

#[test]
fn public_addresses_pass() {
    for address in [
        "https://example.com/hook",
        "https://example.com:8443/",
        "http://1.1.1.1/",
        "http://172.32.0.1/",
        "http://100.128.0.1/",
        "http://[2606:4700::1111]/",
        "http://[::ffff:1.1.1.1]/",
        "http://[64:ff9b::1.1.1.1]/",
        "http://localhost.example.com/",
    ] {
        assert!(check_url(address, false).is_ok(), "{address}");
    }
}

#[test]
fn a_redirect_is_checked_like_an_address() {
    let from = Url::parse("https://example.com/a/b").unwrap();
    let to = |location| check_redirect(&from, location, false);
    assert_eq!(to("/c").unwrap().as_str(), "https://example.com/c");
    assert_eq!(to("https://other.example/").unwrap().as_str(), "https://other.example/");
    assert_eq!(to("http://example.com/"), Err(Refused::Downgrade));
    assert!(matches!(to("//127.0.0.1/"), Err(Refused::Inside(_))));
    assert!(matches!(to("https://[::1]/"), Err(Refused::Inside(_))));
    assert_eq!(to("file:///etc/passwd"), Err(Refused::Scheme));
    assert_eq!(to("https://u:p@example.com/"), Err(Refused::Credentials));
}

/// Answers with the same addresses, or with others each time.
struct Fixed(std::sync::Mutex<Vec<Vec<&'static str>>>);

impl Lookup for Fixed {
    fn look_up(&self, _name: &str) -> LookedUp {
        let mut answers = self.0.lock().unwrap();
        let addresses = if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() };
        Box::pin(
            async move { Ok(addresses.iter().map(|a| SocketAddr::new(a.parse().unwrap(), 0)).collect()) },
        )
    }
}

fn dns(answers: &[&[&'static str]], allow_inside: bool) -> CheckedDns {
    let answers = answers.iter().map(|answer| answer.to_vec()).collect();
    CheckedDns::new(Arc::new(Fixed(std::sync::Mutex::new(answers))), allow_inside)
}

#[tokio::test]
async fn a_name_that_leads_inside_is_refused() {
    let of = |addresses: &[&'static str], allow| dns(&[addresses], allow).resolve("evil.example".to_owned());
    assert!(of(&["10.0.0.1"], false).await.is_err());
    assert!(of(&["::1"], false).await.is_err());
    assert!(of(&["1.1.1.1", "127.0.0.1"], false).await.is_err(), "one inside address among public ones");
    assert_eq!(of(&["1.1.1.1"], false).await.unwrap().len(), 1);
    assert_eq!(of(&["10.0.0.1"], true).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_name_that_changes_is_checked_each_time() {
    let dns = dns(&[&["1.1.1.1"], &["127.0.0.1"]], false);
    let name = || "rebind.example".to_owned();
    assert!(dns.clone().resolve(name()).await.is_ok());
    let error = dns.resolve(name()).await.unwrap_err();
    assert_eq!(error.downcast_ref(), Some(&Refused::Inside(name())));
}

#[tokio::test]
async fn the_client_connects_only_to_what_was_checked() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let get = |allow_inside| {
        let dns = dns(&[&["127.0.0.1"]], allow_inside);
        let client = crate::outgoing::client_with(dns, std::time::Duration::from_secs(5)).unwrap();
        client.get(format!("http://evil.example:{port}/")).send()
    };
    let refused = get(false).await.unwrap_err();
    assert!(format!("{refused:?}").contains("Inside"), "{refused:?}");
    let accepted = tokio::select! {
        accepted = listener.accept() => accepted.is_ok(),
        _ = get(true) => false,
    };
    assert!(accepted, "where inside addresses are allowed it connects");
}

/// Every way that the standard of addresses knows to write an IPv4 address.
fn spellings(address: Ipv4Addr) -> Vec<String> {
    let [a, b, c, d] = address.octets();
    let bits = address.to_bits();
    vec![
        format!("{address}"),
        format!("{address}."),
        format!("{bits}"),
        format!("0x{bits:x}"),
        format!("0X{bits:08X}"),
        format!("0{bits:o}"),
        format!("{a}.{}", bits & 0xFF_FFFF),
        format!("{a}.{b}.{}", bits & 0xFFFF),
        format!("0x{a:x}.0{b:o}.{c}.0x{d:02x}"),
        format!("[::ffff:{address}]"),
        format!("[::ffff:{:x}:{:x}]", bits >> 16, bits & 0xFFFF),
        format!("[0:0:0:0:0:FFFF:{address}]"),
        format!("[64:ff9b::{address}]"),
    ]
}

fn inside_v4() -> impl Strategy<Value = Ipv4Addr> {
    prop_oneof![
        any::<[u8; 3]>().prop_map(|[b, c, d]| Ipv4Addr::new(127, b, c, d)),
        any::<[u8; 3]>().prop_map(|[b, c, d]| Ipv4Addr::new(10, b, c, d)),
        any::<[u8; 2]>().prop_map(|[c, d]| Ipv4Addr::new(192, 168, c, d)),
        any::<[u8; 2]>().prop_map(|[c, d]| Ipv4Addr::new(169, 254, c, d)),
        (16..32_u8, any::<[u8; 2]>()).prop_map(|(b, [c, d])| Ipv4Addr::new(172, b, c, d)),
        (64..128_u8, any::<[u8; 2]>()).prop_map(|(b, [c, d])| Ipv4Addr::new(100, b, c, d)),
        (224..=255_u8, any::<[u8; 3]>()).prop_map(|(a, [b, c, d])| Ipv4Addr::new(a, b, c, d)),
        any::<[u8; 3]>().prop_map(|[b, c, d]| Ipv4Addr::new(0, b, c, d)),
    ]
}

proptest! {
    #[test]
    fn no_spelling_of_an_inside_address_passes(address in inside_v4(), port in 1_u16.., path in "[a-z0-9/]{0,12}") {
        for host in spellings(address) {
            for url in [format!("http://{host}/{path}"), format!("https://{host}:{port}/{path}")] {
                prop_assert!(matches!(check_url(&url, false), Err(Refused::Inside(_))), "{}", url);
            }
        }
    }

    #[test]
    fn the_standard_library_never_knows_better(bits in any::<u32>()) {
        let address = Ipv4Addr::from_bits(bits);
        let known = address.is_private() || address.is_loopback() || address.is_link_local() || address.is_multicast()
            || address.is_unspecified() || address.is_broadcast() || address.is_documentation();
        prop_assert!(!known || is_inside(address.into()));
        prop_assert_eq!(is_inside(address.into()), is_inside(address.to_ipv6_mapped().into()));
    }

    #[test]
    fn only_global_unicast_passes_of_ipv6(parts in any::<[u16; 8]>()) {
        let address = Ipv6Addr::from(parts);
        let public = !is_inside(address.into());
        prop_assert!(!public || (parts[0] & 0xE000 == 0x2000) || embedded_v4(parts).is_some());
        prop_assert!(!(public && (address.is_loopback() || address.is_multicast() || address.is_unspecified())));
    }
}
