//! Any bytes as a push, and any as its answer: `cargo +nightly fuzz run push` in `core/wire`. What is read is read
//! again from what it writes, and a line that is no op is kept as it came.
#![no_main]

use libfuzzer_sys::fuzz_target;
use xuncha_wire::push::{Op, PushAnswer, read, write};

fuzz_target!(|bytes: &[u8]| {
    let _ = serde_json::from_slice::<PushAnswer>(bytes);
    let Ok((header, lines)) = read(bytes) else { return };
    assert!(lines.iter().filter_map(|line| line.as_ref().err()).all(|line| {
        !line.bytes.is_empty() && bytes.windows(line.bytes.len()).any(|window| window == line.bytes)
    }));
    let ops: Vec<Op> = lines.into_iter().flatten().collect();
    let again = write(&header, &ops).unwrap();
    let (same_header, same) = read(&again).unwrap();
    assert_eq!(same_header, header);
    assert_eq!(same.len(), ops.len());
    for (op, same) in ops.iter().zip(same) {
        let same = same.unwrap();
        assert_eq!((same.op, same.n, same.body.get()), (op.op, op.n, op.body.get()));
    }
});
