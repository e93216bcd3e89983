//! `cargo xtask demo`: plays the acceptance scene and stays up.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for a person at a terminal")]

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xuncha_system_tests::demo::{self, DemoError, Options, Stage, mishaps};

/// Whose phone may be opened in a window after the scene: 王新 of 东城.
const VISITOR: &str = "p-dongcheng";

/// Plays the acceptance scene with a real hub and real phones, and stays up until Ctrl-C.
#[derive(Parser)]
#[command(name = "demo", args_conflicts_with_subcommands = true)]
struct Args {
    /// End after the scene instead of staying up.
    #[arg(long)]
    once: bool,
    /// A folder of pictures for the phones to take.
    #[arg(long, value_name = "DIR")]
    photos: Option<PathBuf>,
    /// Where hub and phones live; emptied at the start.
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// The console's port; a free one if left out.
    #[arg(long, default_value_t = 0)]
    port: u16,
    #[command(subcommand)]
    part: Option<Part>,
}

#[derive(Subcommand)]
enum Part {
    /// The phone that is killed in the middle of a form: started by the demo itself.
    #[command(name = mishaps::HALF, hide = true)]
    Half {
        /// The phone's folder.
        home: PathBuf,
        /// Where the visit is.
        site: String,
        /// For which campaign.
        campaign: String,
        /// Who visits.
        party: String,
    },
}

fn main() -> ExitCode {
    let args = Args::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let Ok(runtime) = runtime else {
        eprintln!("没有线程可用 / no threads to be had");
        return ExitCode::FAILURE;
    };
    let done = runtime.block_on(async {
        match &args.part {
            Some(Part::Half { home, site, campaign, party }) => {
                mishaps::half_a_form(home, site, campaign, party).await
            }
            None => run(&args).await,
        }
    });
    // A phone that is being opened or a photo that is being made need not be waited for.
    runtime.shutdown_background();
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error @ (DemoError::Photos { .. } | DemoError::Port { .. } | DemoError::Folder { .. })) => {
            eprintln!("\n没有开始：{error}");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!(
                "\n演示停下了：{error}。做好的都在文件夹里，可以再运行一次 / the demo stopped; run it again"
            );
            ExitCode::FAILURE
        }
    }
}

async fn run(args: &Args) -> Result<(), DemoError> {
    let options = Options {
        folder: args.folder.clone().unwrap_or_else(|| std::env::temp_dir().join("xuncha-demo")),
        photos: args.photos.clone(),
        port: args.port,
        program: std::env::current_exe()?,
    };
    let mut terminal = Terminal { line: String::new(), live: std::io::stdout().is_terminal() };
    let played = tokio::select! {
        played = demo::play(&options, &mut terminal) => played?,
        _ = tokio::signal::ctrl_c() => {
            println!("\n已停下，再运行会从头演 / stopped; run it again from the start");
            return Ok(());
        }
    };
    println!("\n截至7月15日\n  {}\n\n截至8月1日\n  {}\n", played.interim, played.result);
    if args.once {
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
