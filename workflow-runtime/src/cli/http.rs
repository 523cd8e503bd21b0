//! HTTP on the command line: where, to whom, behind which token.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use clap::Args;

use super::args::Options;
use super::failure::Failure;
use super::set_up;
use crate::http::{self, Door, Host, HttpError, Origin, TOKEN_VARIABLE as TOKEN, Token};

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "HTTP")]
pub(crate) struct HttpArgs {
    /// Where to listen; port 0 takes a free one, which the log names
    #[arg(long, value_name = "ADDRESS:PORT", env = "WORKFLOW_ADDR")]
    #[arg(default_value = "127.0.0.1:8484", value_parser = address)]
    pub(crate) addr: SocketAddr,
    /// A file with the token that clients have to send; the variable `WORKFLOW_TOKEN` may hold the
    /// token itself. Without either, one is made at the first start and kept beside the store
    #[arg(long, value_name = "FILE", env = "WORKFLOW_TOKEN_FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// Let in everybody on this machine, without a token
    #[arg(long, conflicts_with = "token_file")]
    pub(crate) no_token: bool,
    /// Serve MCP alone, without the page for people
    #[arg(long)]
    pub(crate) no_page: bool,
    /// A further name that clients may call the server by
    #[arg(long = "allow-host", value_name = "HOST[:PORT]", env = "WORKFLOW_ALLOWED_HOSTS")]
    #[arg(value_delimiter = ',')]
    pub(crate) hosts: Vec<Host>,
    /// Where web pages come from that may call the server, as `https://example.org`
    #[arg(long = "allow-origin", value_name = "ORIGIN", env = "WORKFLOW_ALLOWED_ORIGINS")]
    #[arg(value_delimiter = ',')]
    pub(crate) origins: Vec<Origin>,
    /// How many connections clients may hold open
    #[arg(long, value_name = "CONNECTIONS", env = "MAX_CONNECTIONS", default_value_t = 512)]
    #[arg(value_parser = super::args::at_least_one)]
    pub(crate) max_connections: usize,
}

impl HttpArgs {
    /// How HTTP is to be served
    pub(crate) fn options(self, options: &Options) -> Result<http::Options, Failure> {
        let door = self.door(given().as_deref(), options)?;
        Ok(http::Options {
            addr: self.addr,
            door,
            hosts: self.hosts,
            origins: self.origins,
            connections: self.max_connections,
            body: set_up::longest_message(options),
            metrics: true,
            page: !self.no_page,
        })
    }

    fn door(&self, given: Option<&str>, options: &Options) -> Result<Door, Failure> {
        Ok(Door::Locked(match self.key(given, options)? {
            Key::None => return Ok(Door::Open),
            Key::Variable(token) => token,
            Key::File(file) => Token::read(&file)?,
            Key::Kept(file) => {
                let token = Token::kept(&file)?;
                tracing::info!(
                    file = %file.display(),
                    "the token that clients have to send is in this file"
                );
                token
            }
        }))
    }

    /// Where the token is to be had from; nothing is read or made
    pub(crate) fn key(&self, given: Option<&str>, options: &Options) -> Result<Key, Failure> {
        match (given, &self.token_file) {
            (Some(_), Some(_)) => {
                Err(Failure::usage(format!("both {TOKEN} and a token file are set"))
                    .help("leave one of them out"))
            }
            (Some(_), None) if self.no_token => {
                Err(Failure::usage(format!("--no-token is given, but {TOKEN} is set"))
                    .help("leave one of them out"))
            }
            (Some(given), None) => Token::new(given)
                .map(Key::Variable)
                .map_err(|error| Failure::new(format!("{TOKEN}: {error}")).help(error.help())),
            (None, Some(file)) => Ok(Key::File(file.clone())),
            (None, None) if self.no_token => Ok(Key::None),
            (None, None) => self.kept(options).map(Key::Kept),
        }
    }

    /// The file of the token beside the store, for clients on this machine
    fn kept(&self, options: &Options) -> Result<PathBuf, Failure> {
        if !self.addr.ip().is_loopback() {
            let failure =
                format!("`{}` can be reached from elsewhere, and no token is set", self.addr);
            return Err(Failure::new(failure)
                .help(format!("put one into {TOKEN}, or into a file named with --token-file"))
                .help("`openssl rand -hex 32` makes a good one"));
        }
        let mut file = set_up::store(options)?.path.into_os_string();
        file.push("-token");
        Ok(PathBuf::from(file))
    }
}

/// Where the token is to be had from
#[derive(Clone, Debug)]
pub(crate) enum Key {
    /// From nowhere: there is none
    None,
    /// From the variable
    Variable(Token),
    /// From a file that was named
    File(PathBuf),
    /// From the file beside the store, where it is made if it is not there
    Kept(PathBuf),
}

/// The token that the environment holds, if it does
pub(crate) fn given() -> Option<String> {
    std::env::var(TOKEN).ok().filter(|token| !token.trim().is_empty())
}

impl From<HttpError> for Failure {
    fn from(error: HttpError) -> Self {
        Self::new(error.to_string()).help(error.help())
    }
}

/// Reads where to listen
pub(crate) fn address(text: &str) -> Result<SocketAddr, String> {
    let text = text.trim();
    let local = text.strip_prefix("localhost:").and_then(|port| port.parse().ok());
    let local = local.map(|port: u16| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    local.or_else(|| text.parse().ok()).ok_or_else(|| {
        "expected an address and a port, as `127.0.0.1:8484` or `[::1]:8484`".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        http: HttpArgs,
    }

    fn parse(line: &str) -> Result<HttpArgs, clap::Error> {
        Line::try_parse_from(format!("server {line}").split_whitespace()).map(|line| line.http)
    }

    fn failure(line: &str, given: Option<&str>) -> String {
        parse(line).unwrap().door(given, &Options::default()).unwrap_err().to_string()
    }

    #[test]
    fn it_listens_on_this_machine_unless_told_otherwise() {
        let http = parse("").unwrap();
        assert_eq!(http.addr.to_string(), "127.0.0.1:8484");
        assert_eq!(parse("--addr localhost:0").unwrap().addr.to_string(), "127.0.0.1:0");
        assert_eq!(parse("--addr [::1]:80").unwrap().addr.to_string(), "[::1]:80");
        for line in
            ["--addr 8484", "--addr example.org:80", "--addr 127.0.0.1", "--max-connections 0"]
        {
            assert_eq!(parse(line).err().unwrap().exit_code(), 2, "{line}");
        }
    }

    #[test]
    fn further_names_and_origins_are_lists() {
        let http =
            parse("--allow-host a.example,b.example:80 --allow-host c.example --allow-origin https://a.example")
                .unwrap();
        assert_eq!((http.hosts.len(), http.origins.len()), (3, 1));
        assert!(parse("--allow-origin a.example").is_err());
    }

    #[test]
    fn there_is_one_token() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("token");
        std::fs::write(&file, "a token of some length\n".replace(' ', "-")).unwrap();
        let named = format!("--token-file {}", file.display());
        let door = parse(&named).unwrap().door(None, &Options::default()).unwrap();
        let Door::Locked(token) = door else { panic!("the door is open") };
        assert!(token.is(b"a-token-of-some-length"));

        let given = Some("0123456789abcdef");
        let door = parse("").unwrap().door(given, &Options::default()).unwrap();
        assert!(matches!(door, Door::Locked(token) if token.is(b"0123456789abcdef")));
        assert!(failure(&named, given).contains("both WORKFLOW_TOKEN and a token file are set"));
        assert!(failure("--no-token", given).contains("--no-token is given"));
        let short = failure("", Some("short"));
        assert!(short.starts_with("error: WORKFLOW_TOKEN: expected a token"), "{short}");
        assert!(!short.contains("short"), "the token is told: {short}");
    }

    #[test]
    fn beside_the_store_one_is_made_for_this_machine_alone() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("runs.sqlite");
        let options = Options { store: Some(store), ..Options::default() };
        let door = parse("").unwrap().door(None, &options).unwrap();
        let text = std::fs::read_to_string(folder.path().join("runs.sqlite-token")).unwrap();
        assert!(matches!(door, Door::Locked(token) if token.is(text.trim().as_bytes())));
        for addr in ["0.0.0.0:8484", "[::]:8484", "192.168.7.7:8484"] {
            let said = parse(&format!("--addr {addr}")).unwrap().door(None, &options);
            let said = said.unwrap_err().to_string();
            assert!(said.contains("no token is set") && said.contains("--token-file"), "{said}");
        }
    }
}
