//! A console as bare as it can be: a cookie, and pages as text.

use std::net::SocketAddr;

use reqwest::StatusCode;
use reqwest::header::{COOKIE, SET_COOKIE};

/// Someone signed in at the console.
pub(crate) struct Console {
    http: reqwest::Client,
    url: String,
    cookie: String,
}

impl Console {
    /// Signs in.
    #[allow(clippy::disallowed_methods, reason = "a bare client of the test's own")]
    pub(crate) async fn sign_in(address: SocketAddr, login: &str, password: &str) -> Self {
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        let (http, url) = (http.build().unwrap(), format!("http://{address}"));
        let body = format!("login={login}&password={password}&to=%2Ftoday");
        let request = http.post(format!("{url}/sign-in")).header("sec-fetch-site", "same-origin");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = request.body(body).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        let cookie = answer.headers()[SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
        Self { http, url, cookie }
    }

    /// Status and bytes of an address.
    pub(crate) async fn get(&self, path: &str) -> (StatusCode, Vec<u8>) {
        let request = self.http.get(format!("{}{path}", self.url)).header(COOKIE, &self.cookie);
        let answer = request.send().await.unwrap();
        (answer.status(), answer.bytes().await.unwrap().to_vec())
    }

    /// A page, which must be there.
    pub(crate) async fn page(&self, path: &str) -> String {
        let (status, bytes) = self.get(path).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        String::from_utf8(bytes).unwrap()
    }
}

/// Every link of a page that carries `mark`: its address and its words.
pub(crate) fn links(page: &str, mark: &str) -> Vec<(String, String)> {
    let anchors = page.split("<a ").skip(1).filter_map(|rest| rest.split_once('>'));
    anchors
        .filter(|(tag, _)| tag.contains(mark))
        .filter_map(|(tag, rest)| {
            let href = tag.split_once("href=\"")?.1.split_once('"')?.0;
            let words = rest.split_once('<')?.0.trim();
            Some((href.replace("&#38;", "&").replace("&amp;", "&"), words.to_owned()))
        })
        .collect()
}
