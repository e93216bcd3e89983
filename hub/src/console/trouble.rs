//! What a page answers when it can't do what was asked: a sentence, and what to do.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};

use crate::HubError;
use crate::store::E;

/// Why there is no page.
#[derive(Debug)]
pub(super) enum Trouble {
    /// Not there, or not for this reader: the two look the same.
    Lost,
    /// Nobody is signed in, or the session has run out; where to go afterwards.
    SignIn(String),
    /// The password that was printed must be changed first.
    ChangePassword,
    /// The hub itself.
    Hub(HubError),
    /// A template. Can't happen with what templates are given, but their type allows it.
    Page(askama::Error),
}

impl From<HubError> for Trouble {
    fn from(e: HubError) -> Self {
        match e {
            HubError::NotFound { .. } => Self::Lost,
            other => Self::Hub(other),
        }
    }
}

impl From<E> for Trouble {
    fn from(e: E) -> Self {
        Self::Hub(e.into())
    }
}

impl From<askama::Error> for Trouble {
    fn from(e: askama::Error) -> Self {
        Self::Page(e)
    }
}

impl From<crate::clock::NoRandomness> for Trouble {
    fn from(e: crate::clock::NoRandomness) -> Self {
        Self::Hub(e.into())
    }
}

/// A page, or why there is none.
pub(super) type Answer = Result<Response, Trouble>;

/// Renders a page.
pub(super) fn html(page: &impl Template) -> Answer {
    Ok(Html(page.render()?).into_response())
}

/// Renders a page with another status than 200.
pub(super) fn html_as(status: StatusCode, page: &impl Template) -> Answer {
    Ok((status, Html(page.render()?)).into_response())
}

#[derive(Template)]
#[template(path = "lost.html")]
struct LostPage<'a> {
    head: &'a str,
    text: &'a str,
    wrong: &'a str,
}

/// No such page.
pub(super) async fn lost() -> Response {
    Trouble::Lost.into_response()
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let (status, head, text) = match self {
            Self::SignIn(to) => {
                let to: String = form_urlencode(&to);
                return Redirect::to(&format!("/sign-in?to={to}")).into_response();
            }
            Self::ChangePassword => return Redirect::to("/password").into_response(),
            Self::Lost => {
                (StatusCode::NOT_FOUND, "没有这个页面", "没有这个页面，或不在你的范围。".to_owned())
            }
            Self::Hub(HubError::Invalid { zh, .. }) => (StatusCode::BAD_REQUEST, "没有办成", zh),
            Self::Hub(HubError::Store(E::Full)) => (
                StatusCode::INSUFFICIENT_STORAGE,
                "平台的磁盘满了",
                "平台的磁盘满了，这一步没有生效，以前的内容都在。请管理员腾出空间，再试一次。".to_owned(),
            ),
            Self::Hub(HubError::Store(E::Overloaded | E::Again(_))) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "平台正忙",
                "平台正忙，这一步没有生效，以前的内容都在。过一会儿再试一次。".to_owned(),
            ),
            Self::Hub(e) => {
                tracing::error!(cause = %e, "a page could not be made");
                sorry()
            }
            Self::Page(e) => {
                tracing::error!(cause = %e, "a page could not be rendered");
                sorry()
            }
        };
        let page = LostPage { head, text: &text, wrong: "" };
        match page.render() {
            Ok(body) => (status, Html(body)).into_response(),
            Err(_) => (status, text).into_response(),
        }
    }
}

fn sorry() -> (StatusCode, &'static str, String) {
    let text = "平台没有做成这一页，已记入日志。存着的内容都在。再试一次；还是不行，请找管理员。";
    (StatusCode::INTERNAL_SERVER_ERROR, "平台没有做成这一页", text.to_owned())
}

/// Text as a value of an address.
pub(super) fn form_urlencode(text: &str) -> String {
    use std::fmt::Write;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}
