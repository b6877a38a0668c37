//! Links that lead to the machine of whoever follows them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether a link leads to the machine that it is followed on, or to a file on it: nobody else gets there by it.
pub fn is_of_own_machine(link: &str) -> bool {
    let Some((scheme, rest)) = link.split_once("://") else {
        return false;
    };
    if scheme.eq_ignore_ascii_case("file") {
        return true;
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if let Some((host, _)) = host.strip_prefix('[').and_then(|host| host.split_once(']')) {
        return host
            .parse::<Ipv6Addr>()
            .is_ok_and(|address| is_own(IpAddr::V6(address)));
    }
    let host = host.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let host = host.strip_suffix('.').unwrap_or(&host);
    host == "localhost"
        || host.ends_with(".localhost")
        || host
            .parse::<Ipv4Addr>()
            .is_ok_and(|address| is_own(IpAddr::V4(address)))
}

const fn is_own(address: IpAddr) -> bool {
    address.is_loopback() || address.is_unspecified()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_the_own_machine_are_known() {
        for link in [
            "http://localhost/a.fq",
            "https://user:pass@LOCALHOST.:8080/a",
            "http://data.localhost?x",
            "http://127.0.0.1",
            "ftp://127.8.9.1:21/a",
            "http://[::1]:80/a",
            "http://0.0.0.0/a",
            "file:///data/a.fq",
            "FILE://host/a",
        ] {
            assert!(is_of_own_machine(link), "{link}");
        }
        for link in [
            "http://localhost.example.org/a",
            "https://example.org/localhost",
            "https://example.org/?at=http://localhost/",
            "http://127.0.0.1.example.org/",
            "http://10.0.0.3/a",
            "http://[2001:db8::1]/a",
            "http://[::1",
            "s3://localhost-data/a",
            "localhost/a",
            "",
        ] {
            assert!(!is_of_own_machine(link), "{link}");
        }
    }
}
