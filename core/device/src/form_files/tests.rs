use super::*;

fn file(src: &str, bytes: &[u8]) -> FormFile {
    FormFile { src: src.into(), id: BlobId::of(bytes), size: bytes.len() as u64 }
}

#[test]
fn a_file_is_there_once_it_is_whole_and_a_damaged_one_goes() {
    let folder = tempfile::tempdir().unwrap();
    let files = FormFiles::open(folder.path().join("files")).unwrap();
    let list = file("jr://file-csv/a.CSV", b"name\nx\n");
    files.append(&list, b"name").unwrap();
    assert!(files.arrived(&list) == 4 && !files.has(&list) && files.read(&list).is_none());
    let again = FormFiles::open(folder.path().join("files")).unwrap();
    assert_eq!(again.arrived(&list), 4, "it goes on where it stood");
    again.append(&list, b"\nx\n").unwrap();
    assert!(again.complete(&list).unwrap() && again.has(&list) && again.arrived(&list) == 0);
    assert_eq!(again.read(&list).unwrap(), b"name\nx\n");
    assert_eq!(again.path(&list).extension().unwrap(), "csv");

    std::fs::write(again.path(&list), b"nOme\nx\n").unwrap();
    assert!(again.has(&list), "by its length");
    assert!(again.read(&list).is_none() && !again.has(&list), "not by its bytes");

    files.append(&list, b"other.\n").unwrap();
    assert!(!files.complete(&list).unwrap() && files.arrived(&list) == 0, "what is not the file is dropped");
}

#[test]
fn what_nothing_needs_is_swept() {
    let folder = tempfile::tempdir().unwrap();
    let files = FormFiles::open(folder.path().to_owned()).unwrap();
    let (kept, begun, old) = (file("k.png", b"k"), file("b.png", b"b"), file("o", b"o"));
    for one in [&kept, &old] {
        files.append(one, &[one.src.as_bytes()[0]]).unwrap();
        assert!(files.complete(one).unwrap());
    }
    files.append(&begun, b"b").unwrap();
    files.sweep([&kept, &begun].into_iter());
    assert_eq!((files.has(&kept), files.arrived(&begun), files.has(&old)), (true, 1, false));
}
