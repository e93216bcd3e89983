//! A browser as bare as it can be: a cookie, and pages as text.

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Response, StatusCode};

use crate::phone::TestHub;
use crate::scene::PASSWORD;

pub(crate) struct Browser {
    http: reqwest::Client,
    url: String,
    pub(crate) cookie: String,
}

impl Browser {
    #[allow(clippy::disallowed_methods, reason = "a bare client of the tests' own")]
    pub(crate) fn at(hub: &TestHub) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        Self { http: http.build().unwrap(), url: hub.url.clone(), cookie: String::new() }
    }

    pub(crate) async fn signed_in(hub: &TestHub, login: &str) -> Self {
        let mut browser = Self::at(hub);
        let answer = browser.sign_in(login, PASSWORD).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{}", answer.text().await.unwrap());
        browser
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.http.get(format!("{}{path}", self.url)).header(COOKIE, &self.cookie).send().await.unwrap()
    }

    /// The page, which must be there.
    pub(crate) async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.text().await.unwrap()
    }

    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Response {
        self.post_from(path, fields, Some(("sec-fetch-site", "same-origin"))).await
    }

    pub(crate) async fn post_from(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        header: Option<(&str, &str)>,
    ) -> Response {
        let body: Vec<String> = fields.iter().map(|(n, v)| format!("{n}={}", encode(v))).collect();
        let mut request = self.http.post(format!("{}{path}", self.url)).header(COOKIE, &self.cookie);
        if let Some((name, value)) = header {
            request = request.header(name, value);
        }
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = request.body(body.join("&")).send().await.unwrap();
        if let Some(cookie) = answer.headers().get(SET_COOKIE) {
            self.cookie = cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
        }
        answer
    }

    /// A form of several parts, as the case page sends it.
    pub(crate) async fn form(&self, path: &str, fields: &[(&str, &str)], photo: Option<&[u8]>) -> Response {
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        if let Some(bytes) = photo {
            body.extend_from_slice(
                b"--B\r\nContent-Disposition: form-data; name=\"photos\"; filename=\"a.jpg\"\r\n\r\n",
            );
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--B--\r\n");
        let request = self.http.post(format!("{}{path}", self.url)).header(COOKIE, &self.cookie);
        let request = request.header("sec-fetch-site", "same-origin");
        request.header("content-type", "multipart/form-data; boundary=B").body(body).send().await.unwrap()
    }

    pub(crate) async fn sign_in(&mut self, login: &str, password: &str) -> Response {
        self.post("/sign-in", &[("login", login), ("password", password), ("to", "/today")]).await
    }
}

pub(crate) fn leads_to(answer: &Response) -> &str {
    answer.headers()[LOCATION].to_str().unwrap()
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

/// Every address that `mark` and an `href` share in a page.
pub(crate) fn links(page: &str, mark: &str) -> Vec<(String, String)> {
    let regex = regex::Regex::new(&format!(r#"<a[^>]*{mark}[^>]*href="([^"]+)"[^>]*>([^<]*)</a>"#)).unwrap();
    let found = regex
        .captures_iter(page)
        .map(|c| (c[1].replace("&#38;", "&").replace("&amp;", "&"), c[2].to_owned()));
    found.collect()
}
