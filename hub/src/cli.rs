//! The command line.

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand};
use xuncha_hub::config::{DeskLimits, Tls};
use xuncha_hub::office::NewPerson;
use xuncha_hub::{FirstStart, Hub, HubConfig, HubError};

/// 巡查 · what phones sync to, and the office's console.
#[derive(Debug, Parser)]
#[command(name = "xuncha", version)]
pub(crate) struct Cli {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Args)]
struct Place {
    /// Folder of database and photos.
    #[arg(long, global = true, default_value = "./xuncha-data")]
    data: PathBuf,
    /// How phones and browsers reach the hub, such as https://hub.example:8437.
    #[arg(long, global = true)]
    url: Option<String>,
    /// The bureau's name, used at the first start.
    #[arg(long, global = true, default_value = "城市管理局")]
    bureau: String,
    /// Certificate chain, PEM.
    #[arg(long, global = true, requires = "key")]
    cert: Option<PathBuf>,
    /// The certificate's key, PEM.
    #[arg(long, global = true, requires = "cert")]
    key: Option<PathBuf>,
    /// A certificate of the hub's own; enrolment codes carry its pin.
    #[arg(long, global = true, conflicts_with = "cert")]
    self_signed: bool,
    /// A proxy in front ends TLS: plain HTTP on any address.
    #[arg(long, global = true)]
    behind_proxy: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve phones and browsers.
    Serve {
        /// Address to listen on.
        #[arg(long, default_value = "127.0.0.1:8437")]
        listen: SocketAddr,
        /// Minutes within which the dispatch desk files a report (立案).
        #[arg(long, default_value_t = DeskLimits::default().accept_min)]
        desk_accept_min: u32,
        /// Minutes within which it dispatches a filed case (派遣).
        #[arg(long, default_value_t = DeskLimits::default().dispatch_min)]
        desk_dispatch_min: u32,
    },
    /// Import a form (.xlsx, .xls, .csv, .md or .xml; with the files of the folder `<its name>-media`), a catalogue or calendar (.json), or a content folder.
    Import {
        /// The file or folder.
        path: PathBuf,
    },
    /// Copy database and photos into a folder, while the hub runs.
    Backup {
        /// The folder.
        to: PathBuf,
    },
    /// Add or change a person.
    User {
        /// Their id.
        id: String,
        /// Their name.
        name: String,
        /// Their unit's id.
        #[arg(long, default_value = "")]
        unit: String,
        /// Roles joined by commas: inspector, leader, dispatcher, handler, verifier, viewer, administrator.
        #[arg(long, value_delimiter = ',')]
        roles: Vec<String>,
        /// Codes of the districts they read, joined by commas, or `*` for all. Left out: their unit's; without a unit none.
        #[arg(long, value_delimiter = ',')]
        districts: Vec<String>,
        /// Also a login for the console; its password is printed once.
        #[arg(long)]
        login: Option<String>,
    },
    /// Print a one-time enrolment code for a person's phone.
    Code {
        /// Their id.
        person: String,
    },
}

/// Writes one line for the person at the terminal. A closed pipe is no reason to fail.
pub(crate) fn say(to: &mut dyn Write, line: &str) {
    let _ = writeln!(to, "{line}");
}

const BY: &str = "terminal";

pub(crate) async fn run(cli: Cli) -> Result<(), HubError> {
    let mut config = HubConfig::new(&cli.place.data);
    config.public_url = cli.place.url;
    config.bureau = cli.place.bureau;
    config.behind_proxy = cli.place.behind_proxy;
    config.tls = match (cli.place.cert, cli.place.key) {
        (Some(cert), Some(key)) => Tls::Files { cert, key },
        _ if cli.place.self_signed => Tls::SelfSigned,
        _ => Tls::None,
    };
    let out = &mut std::io::stdout();
    if let (Command::Code { .. }, None) = (&cli.command, &config.public_url) {
        let scheme = if config.tls == Tls::None { "http" } else { "https" };
        config.public_url = Some(format!("{scheme}://127.0.0.1:8437"));
    }
    if let Command::Serve { desk_accept_min, desk_dispatch_min, .. } = &cli.command {
        config.desk = DeskLimits { accept_min: *desk_accept_min, dispatch_min: *desk_dispatch_min };
    }
    let (hub, first) = Hub::open(config).await?;
    if let Some(FirstStart { login, password }) = first {
        say(out, "首次启动：已建立管理员。密码只显示这一次，登录后须更改。");
        say(out, "First start: an administrator was made. The password is shown this once.");
        say(out, &format!("  账号 login: {login}"));
        say(out, &format!("  密码 password: {password}"));
    }
    match cli.command {
        Command::Serve { listen, .. } => serve(hub, listen, out).await,
        Command::Import { path } => {
            for line in import(&hub, &path).await? {
                say(out, &line);
            }
            Ok(())
        }
        Command::Backup { to } => {
            let made = hub.backup(&to).await?;
            let line = format!("{}: {} ops, {} photos", made.database.display(), made.ops, made.photos);
            say(out, &line);
            if made.missing > 0 {
                say(out, &format!("有{}张照片的文件不在照片文件夹里，没有进备份；其余都在。", made.missing));
                say(
                    out,
                    &format!(
                        "{} photos are not in the folder of photos; the rest is in the backup.",
                        made.missing
                    ),
                );
            }
            Ok(())
        }
        Command::User { id, name, unit, roles, districts, login } => {
            let person = NewPerson { id: id.clone(), name, unit, roles, districts, ..NewPerson::default() };
            hub.put_people(BY, vec![person]).await?;
            if let Some(login) = login {
                let password = xuncha_hub::identity::password::invent()?;
                hub.set_password(BY, &id, &login, &password, true).await?;
                say(out, &format!("密码 password: {password}"));
            }
            Ok(())
        }
        Command::Code { person } => {
            say(out, &hub.issue_code(BY, &person).await?.to_text()?);
            Ok(())
        }
    }
}

async fn serve(hub: Hub, listen: SocketAddr, out: &mut dyn Write) -> Result<(), HubError> {
    let listener = tokio::net::TcpListener::bind(listen).await.map_err(HubError::io(listen))?;
    let address = listener.local_addr().map_err(HubError::io(listen))?;
    let scheme = if hub.config().tls == Tls::None { "http" } else { "https" };
    let url = hub.config().public_url.clone().unwrap_or_else(|| format!("{scheme}://{address}"));
    say(out, &format!("控制台 console: {url}/"));
    let stopping = hub.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            stopping.stop();
        }
    });
    xuncha_hub::serve_hub(hub, listener).await
}

async fn import(hub: &Hub, path: &Path) -> Result<Vec<String>, HubError> {
    hub.import_content(BY, path).await
}
