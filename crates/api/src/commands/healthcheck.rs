//! `myashes healthcheck`: one request over plain TCP, for a container that holds nothing but this binary.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use anyhow::{Context as _, bail};
use myashes_api::settings::Settings;

/// For connecting, and for each read and write.
const TIMEOUT: Duration = Duration::from_secs(3);

/// `HTTP/1.1 200`: all that is read of the answer.
const HEAD: usize = 12;

pub fn run(settings: &Settings) -> anyhow::Result<()> {
    let host = reachable(&settings.server.host);
    let address = (host.as_str(), settings.server.port);
    let status = ask(address).with_context(|| format!("{}:{} does not answer", address.0, address.1))?;
    if status != "200" {
        bail!("{}:{} answers {status}", address.0, address.1);
    }
    Ok(())
}

/// Where a listener on `host` can be reached from this machine.
fn reachable(host: &str) -> String {
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(any)) if any.is_unspecified() => Ipv4Addr::LOCALHOST.to_string(),
        Ok(IpAddr::V6(any)) if any.is_unspecified() => Ipv6Addr::LOCALHOST.to_string(),
        _ => host.to_owned(),
    }
}

fn ask(address: (&str, u16)) -> anyhow::Result<String> {
    let address = address.to_socket_addrs()?.next().context("the host has no address")?;
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut head = [0; HEAD];
    stream.read_exact(&mut head)?;
    let head = String::from_utf8_lossy(&head);
    let status = head.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)).context("not HTTP")?;
    Ok(status.to_owned())
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    fn answering(answer: &'static str) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            // Closing with something unread would reset the connection under the answer.
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                request.push(byte[0]);
            }
            stream.write_all(answer.as_bytes()).unwrap();
        });
        port
    }

    #[test]
    fn the_status_of_the_answer_is_read() {
        let port = answering("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n");
        assert_eq!(ask(("127.0.0.1", port)).unwrap(), "503");
    }

    #[test]
    fn what_is_no_http_is_an_error() {
        assert!(ask(("127.0.0.1", answering("+PONG, or so\r\n"))).is_err());
    }

    #[test]
    fn a_listener_on_every_address_is_asked_on_loopback() {
        assert_eq!(
            [reachable("0.0.0.0"), reachable("::"), reachable("10.0.0.5")],
            ["127.0.0.1", "::1", "10.0.0.5"]
        );
    }
}
