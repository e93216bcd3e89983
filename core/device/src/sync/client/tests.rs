use std::io::{Read, Write};

use super::*;

/// Something that answers every request with the same bytes, as a gateway or a sign-in page does.
fn between(answer: &'static str) -> Client {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let hub = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().take(4) {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    let http = crate::sync::tls::client(&hub, &[], silence(2_000)).unwrap();
    Client::new(http, &hub, Some("token".into()))
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    crate::app::tests::wait(future)
}

const FINE: &str =
    "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";
const EMPTY: &str = "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
const HUB: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 21\r\nconnection: close\r\n\r\n{\"held\":3,\"hub_ms\":5}";

#[test]
fn an_op_is_in_custody_only_on_the_hubs_own_word() {
    for answer in [FINE, EMPTY] {
        let taken = wait(between(answer).custody(b"{}".to_vec(), "es256 x"));
        assert_eq!(taken, Err(Failure::Garbled), "{answer}");
    }
    assert_eq!(wait(between(HUB).custody(b"{}".to_vec(), "es256 x")), Ok(()));
}

#[test]
fn nothing_else_that_says_fine_is_taken_for_the_hub() {
    let id = BlobId::of(b"photo");
    for answer in [FINE, EMPTY] {
        assert_eq!(wait(between(answer).push(b"{}".to_vec(), "es256 x")), Err(Failure::Garbled), "{answer}");
        assert_eq!(wait(between(answer).have(vec![id.clone()])), Err(Failure::Garbled), "{answer}");
        assert_eq!(wait(between(answer).stand(&id)), Err(Failure::Garbled), "{answer}");
        assert_eq!(wait(between(answer).append(&id, 0, 5, vec![1; 5])), Err(Failure::Garbled), "{answer}");
        assert_eq!(wait(between(answer).picture(&id, "thumb")), Err(Failure::Garbled), "{answer}");
        assert!(wait(between(answer).pull(&Cursor::default(), 5, false)).is_err(), "{answer}");
    }
}
