//! `cargo xtask demo`: plays the acceptance scene and stays up. `demo [--once] [--photos DIR] [--folder DIR] [--port N]`

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for a person at a terminal")]

use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use xuncha_system_tests::demo::{self, DemoError, Options, Stage, mishaps};

/// Whose phone may be opened in a window after the scene: 王新 of 东城.
const VISITOR: &str = "p-dongcheng";

fn main() -> std::process::ExitCode {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let Ok(runtime) = runtime else {
        eprintln!("没有线程可用 / no threads to be had");
        return std::process::ExitCode::FAILURE;
    };
    if args.first().is_some_and(|word| word == mishaps::HALF) {
        args.remove(0);
        let [home, site, campaign, party] = args.as_slice() else { return std::process::ExitCode::FAILURE };
        return ended(runtime.block_on(mishaps::half_a_form(home, site, campaign, party)));
    }
    ended(runtime.block_on(run(&args)))
}

fn ended(result: Result<(), DemoError>) -> std::process::ExitCode {
    match result {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n演示停下了：{error}。做好的都在文件夹里，可以再运行一次\nThe demo stopped: {error}");
            std::process::ExitCode::FAILURE
        }
    }
}

async fn run(args: &[String]) -> Result<(), DemoError> {
    let value = |name: &str| args.iter().position(|a| a == name).and_then(|at| args.get(at + 1)).cloned();
    let options = Options {
        folder: value("--folder").map_or_else(|| std::env::temp_dir().join("xuncha-demo"), PathBuf::from),
        photos: value("--photos").map(PathBuf::from),
        port: value("--port").and_then(|port| port.parse().ok()).unwrap_or(0),
    };
    let mut terminal = Terminal { line: String::new(), live: std::io::stdout().is_terminal() };
    let played = demo::play(&options, &mut terminal).await?;
    println!("\n截至7月15日\n  {}\n\n截至8月1日\n  {}\n", played.interim, played.result);
    if args.iter().any(|arg| arg == "--once") {
        played.office.hub.stop();
        return Ok(());
    }
    let (login, password) = &played.dispatcher;
    println!("平台（console）：http://{}/", played.office.address);
    println!("  派遣员：用户名 {login}  密码 {password}");
    if let Some(first) = &played.office.first {
        println!("  管理员：用户名 {}  密码 {}（首次登录要改）", first.login, first.password);
    }
    let code = played.office.code(VISITOR, None).await?;
    println!("手机（a phone, in a second terminal）：cargo xtask phone --code {code}");
    println!("平台时间停在2026年8月1日18:00。按Ctrl-C结束 / Ctrl-C ends");
    let _ = tokio::signal::ctrl_c().await;
    played.office.hub.stop();
    println!("\n已结束");
    Ok(())
}

struct Terminal {
    line: String,
    live: bool,
}

impl Stage for Terminal {
    fn step(&mut self, nth: usize, of: usize, what: &str) {
        self.finish();
        self.line = format!("[{nth}/{of}] {what}");
        print!("{}", self.line);
        let _ = std::io::stdout().flush();
    }

    fn progress(&mut self, done: usize, of: usize) {
        if self.live {
            print!("\r{} {done}/{of}\u{1b}[K", self.line);
            let _ = std::io::stdout().flush();
        }
    }

    fn say(&mut self, line: &str) {
        self.finish();
        print!("      {line}");
        let _ = std::io::stdout().flush();
        self.line = format!("      {line}");
    }
}

impl Terminal {
    fn finish(&mut self) {
        if !self.line.is_empty() {
            println!();
            self.line.clear();
        }
    }
}
