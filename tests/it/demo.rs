//! The demo's program, as a person meets it at a terminal: its arguments, one's own photos, twice in a row, Ctrl-C.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;
use xuncha_system_tests::demo::album::Album;
use xuncha_system_tests::photo;

fn demo(folder: &Path) -> Command {
    let mut demo = Command::new(env!("CARGO_BIN_EXE_demo"));
    demo.args(["--once", "--folder"]).arg(folder).stdout(Stdio::piped()).stderr(Stdio::piped());
    demo
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Reads what it prints until a line has this in it, and the text so far.
fn until(child: &mut Child, word: &str) -> String {
    let mut text = String::new();
    let mut lines = BufReader::new(child.stdout.as_mut().unwrap());
    while !text.contains(word) {
        assert!(lines.read_line(&mut text).unwrap() > 0, "it ended before {word}: {text}");
    }
    text
}

fn folder_with(files: &[(&str, Vec<u8>)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

#[test]
fn an_argument_it_does_not_know_is_told_and_nothing_is_begun() {
    let place = TempDir::new().unwrap();
    for (args, names) in [
        (&["--nonsense"][..], "--nonsense"),
        (&["--port", "x"], "--port"),
        (&["--port", "70000"], "70000"),
        (&["--photos"], "--photos"),
        (&["half"], "half"),
    ] {
        let folder = place.path().join("demo");
        let output = demo(&folder).args(args).output().unwrap();
        assert!(!output.status.success(), "{args:?}");
        assert!(said(&output).contains(names), "{args:?}: {}", said(&output));
        assert!(!folder.exists(), "{args:?}");
    }
    let help = demo(&place.path().join("demo")).arg("--help").output().unwrap();
    assert!(help.status.success() && said(&help).contains("--photos"), "{}", said(&help));
}

#[test]
fn a_folder_without_photos_is_told_before_anything_begins() {
    let (place, empty) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let file = folder_with(&[("one.jpg", photo::small(1)), ("none.jpg", Vec::new())]);
    let only_empty = folder_with(&[("none.jpg", Vec::new())]);
    let cases: [(PathBuf, &str); 4] = [
        (empty.path().join("not-there"), "没有这个文件夹"),
        (empty.path().into(), "没有照片"),
        (only_empty.path().into(), "没有照片"),
        (file.path().join("one.jpg"), "不是文件夹"),
    ];
    for (photos, why) in cases {
        let output = demo(&place.path().join("demo")).arg("--photos").arg(&photos).output().unwrap();
        assert!(!output.status.success(), "{why}");
        let said = said(&output);
        assert!(said.contains(why) && said.contains("--photos"), "{said}");
        assert!(!place.path().join("demo").exists(), "{why}");
    }
}

#[test]
fn an_album_takes_what_a_camera_may_leave_and_counts_what_is_wrong_with_it() {
    let whole = photo::small(5);
    let mut png = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(64, 48).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let folder = folder_with(&[
        ("a.jpg", whole.clone()),
        ("b.png", png.into_inner()),
        ("c-cut.jpg", whole[..whole.len() / 2].to_vec()),
        ("d.txt", "备忘".repeat(50).into_bytes()),
        ("e-empty.jpg", Vec::new()),
    ]);
    std::fs::create_dir(folder.path().join("below")).unwrap();
    let album = Album::read(folder.path()).unwrap();
    assert_eq!((album.len(), album.flagged, album.empty), (4, 2, 1), "{album:?}");
    assert_eq!(album.nth(0), album.nth(4), "round and round");
    assert!(album.line().contains("4张") && album.line().contains("2张") && album.line().contains("1个空"));
}

#[test]
fn ctrl_c_in_the_middle_is_no_failure_it_begins_again_afterwards_and_another_in_its_folder_waits() {
    let place = TempDir::new().unwrap();
    let folder = place.path().join("demo");
    for turn in 0..2 {
        let mut playing = demo(&folder).spawn().unwrap();
        until(&mut playing, "[3/8]");
        if turn == 0 {
            let second = demo(&folder).output().unwrap();
            assert!(!second.status.success() && said(&second).contains("另一个演示"), "{}", said(&second));
        }
        // Ctrl-C, as a terminal sends it.
        let sent = Command::new("kill").args(["-INT", &playing.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let mut rest = String::new();
        playing.stdout.as_mut().unwrap().read_to_string(&mut rest).unwrap();
        assert!(playing.wait().unwrap().success(), "a person's Ctrl-C is no failure");
        assert!(rest.contains("已停下"), "{rest}");
        assert!(folder.join("hub/hub.db").exists(), "what was made stays");
    }
}

#[test]
fn a_folder_that_is_not_a_demos_is_left_alone() {
    let folder = folder_with(&[("diary.txt", b"mine".to_vec())]);
    let output = demo(folder.path()).output().unwrap();
    assert!(!output.status.success() && said(&output).contains("别的东西"), "{}", said(&output));
    assert_eq!(std::fs::read(folder.path().join("diary.txt")).unwrap(), b"mine");
}

#[test]
fn a_port_that_is_taken_is_told() {
    let place = TempDir::new().unwrap();
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = demo(&place.path().join("demo")).args(["--port", &port]).output().unwrap();
    assert!(!output.status.success() && said(&output).contains(&port), "{}", said(&output));
}
