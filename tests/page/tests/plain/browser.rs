//! As much of a browser as forms need: a cookie, and what stands in a page.

use std::io::Write;
use std::net::TcpStream;

use crate::raw::Response;
use crate::server::Server;

/// What a form is sent as
const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";

/// Somebody who looks at a server's page
pub struct Browser<'a> {
    pub server: &'a Server,
    pub cookie: Option<String>,
}

impl<'a> Browser<'a> {
    /// Somebody who has not logged in
    pub fn new(server: &'a Server) -> Self {
        Self { server, cookie: None }
    }

    /// Somebody who has
    pub fn logged_in(server: &'a Server) -> Self {
        let mut browser = Self::new(server);
        let response = browser.send("POST /login", "", &[("token", &server.token)]);
        assert_eq!(response.status, 303, "{response:?}");
        browser.cookie = Some(cookie(&response));
        browser
    }

    /// Sends a request with further header lines, and a form unless it is a GET
    pub fn send(&self, what: &str, headers: &str, form: &[(&str, &str)]) -> Response {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let addr = self.server.addr;
        let cookie = self.cookie.as_ref().map(|cookie| format!("Cookie: other=1; {cookie}\r\n"));
        let cookie = cookie.unwrap_or_default();
        let (about, body) = match what.starts_with("POST") {
            true => (format!("{FORM}Content-Length: {}\r\n", body.len()), body),
            false => (String::new(), String::new()),
        };
        let mut stream = TcpStream::connect(addr).unwrap();
        let head = format!("{what} HTTP/1.1\r\nHost: {addr}\r\nConnection: close\r\n");
        // A server that has refused may have stopped to read.
        let _ = write!(stream, "{head}{headers}{cookie}{about}\r\n{body}");
        Response::read(&mut stream)
    }

    /// A page that is there
    pub fn get(&self, path: &str) -> String {
        let response = self.send(&format!("GET {path}"), "", &[]);
        assert_eq!(response.status, 200, "{path}: {response:?}");
        response.body
    }

    /// Sends a form with its proof, as it stands on a page
    pub fn post(&self, shown: &str, path: &str, fields: &[(&str, &str)]) -> Response {
        let proof = hidden(&self.get(shown), "form_token");
        let fields = [&[("form_token", proof.as_str())], fields].concat();
        self.send(&format!("POST {path}"), "", &fields)
    }
}

/// The cookie that a response sets, as it is sent back
pub fn cookie(response: &Response) -> String {
    let (_, line) = response.raw.split_once("set-cookie: ").unwrap();
    line.split(';').next().unwrap().to_owned()
}

/// The value of a hidden field
pub fn hidden(page: &str, name: &str) -> String {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
    rest.split('"').next().unwrap().to_owned()
}
