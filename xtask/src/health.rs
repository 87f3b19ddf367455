//! Whether a local port is free, and whether a server on it answers.

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(2);

/// `localhost` is two addresses: a stranger on either would answer in our place.
pub fn is_free(port: u16) -> bool {
    let addresses: [SocketAddr; 2] = [(Ipv4Addr::LOCALHOST, port).into(), (Ipv6Addr::LOCALHOST, port).into()];
    let taken = |address| TcpListener::bind(address).is_err_and(|error| error.kind() == ErrorKind::AddrInUse);
    !addresses.into_iter().any(taken)
}

/// A port that is free at this moment.
pub fn any_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// GET http://localhost:port/path is a 200.
pub fn answers(port: u16, path: &str) -> bool {
    get(port, path).is_ok_and(|head| head.starts_with(b"HTTP/1.1 200 "))
}

fn get(port: u16, path: &str) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(("localhost", port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nAccept: */*\r\nConnection: close\r\n\r\n");
    // In one piece: a server may answer and close the connection after the first.
    stream.write_all(request.as_bytes())?;
    let mut head = vec![0; 13];
    stream.read_exact(&mut head)?;
    Ok(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_taken_while_someone_listens() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        assert!(!is_free(port));
        drop(listener);
        assert!(is_free(port));
    }

    #[test]
    fn only_a_200_is_an_answer() {
        let serve = |answer: &'static str| {
            let listener = TcpListener::bind(("localhost", 0)).unwrap();
            let port = listener.local_addr().unwrap().port();
            std::thread::spawn(move || {
                let mut stream = listener.accept().unwrap().0;
                let _ = stream.read(&mut [0; 1024]);
                let _ = stream.write_all(answer.as_bytes());
            });
            port
        };
        assert!(answers(serve("HTTP/1.1 200 OK\r\n\r\n"), "/"));
        assert!(!answers(serve("HTTP/1.1 404 Not Found\r\n\r\n"), "/"));
        assert!(!answers(serve("nonsense"), "/"));
    }
}
