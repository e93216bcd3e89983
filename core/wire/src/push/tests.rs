use proptest::prelude::*;

use super::*;

fn header() -> PushHeader {
    PushHeader {
        epoch: None,
        device: DeviceId::from_parts(1, [1; 10]),
        made: 2,
        photos_made: 0,
        photos_waiting: 0,
        waiting_why: String::new(),
        wall_ms: 1_783_492_200_000,
        offset_min: 480,
        mono_ms: 12,
        boot: "b1".into(),
        app: "0.1.0".into(),
    }
}

fn op(n: u64, body: &str) -> Op {
    Op {
        op: OpId::from_parts(n, [2; 10]),
        n,
        kind: OpKind::Record,
        entity: EntityId::from_parts(n, [3; 10]),
        parent: None,
        amends: None,
        scope: None,
        at_ms: 5,
        blobs: vec![],
        body: RawValue::from_string(body.into()).unwrap(),
    }
}

#[test]
fn a_body_arrives_as_the_bytes_the_phone_wrote() {
    let odd = r#"{ "b" : 1.50,   "a":"\u5df7" , "later": {"unknown":[ ]} }"#;
    let bytes = write(&header(), &[op(1, odd)]).unwrap();
    let (read_header, ops) = read(&bytes).unwrap();
    assert_eq!(read_header, header());
    assert_eq!(ops[0].as_ref().unwrap().body.get(), odd);
}

#[test]
fn one_line_that_is_no_op_does_not_fail_the_rest() {
    let mut bytes = write(&header(), &[op(1, "{}")]).unwrap();
    bytes.extend_from_slice(b"{\"op\":7}\n");
    bytes.extend_from_slice(&serde_json::to_vec(&op(2, "{}")).unwrap());
    let (_, ops) = read(&bytes).unwrap();
    assert_eq!(ops.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(ops[1].as_ref().unwrap_err().bytes, b"{\"op\":7}");
}

#[test]
fn an_op_of_a_newer_phone_is_read_as_unknown() {
    let line = serde_json::to_string(&op(1, "{}")).unwrap().replace("\"record\"", "\"drone_flight\"");
    assert_eq!(serde_json::from_str::<Op>(&line).unwrap().kind, OpKind::Unknown);
}

#[test]
fn more_ops_than_a_push_may_hold_are_refused() {
    let ops: Vec<Op> = (0..=MAX_OPS as u64).map(|n| op(n, "{}")).collect();
    let bytes = write(&header(), &ops).unwrap();
    assert!(matches!(read(&bytes), Err(WireError::BadMessage { .. })));
}

proptest! {
    /// Bytes that are nearly a push reach further into the reader than any bytes do.
    #[test]
    fn a_push_that_was_changed_on_the_way_breaks_nothing_and_loses_no_line(
        at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()
    ) {
        let mut bytes = write(&header(), &[op(1, "{}"), op(2, r#"{"a":[1,2]}"#), op(3, "null")]).unwrap();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        bytes.truncate(cut.index(bytes.len()) + 1);
        let lines = bytes.split(|b| *b == b'\n').filter(|line| !line.is_empty()).count();
        if let Ok((_, ops)) = read(&bytes) {
            prop_assert_eq!(ops.len(), lines - 1);
        }
    }

    #[test]
    fn no_bytes_break_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&bytes);
    }
}
