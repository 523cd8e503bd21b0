//! A browser of its own for each test, and what can be said of what it shows.

use std::future::Future;
use std::io::{BufRead, BufReader, Read, Write};
use std::mem::ManuallyDrop;
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::prelude::*;

use crate::server::Server;

/// How long what is waited for may take
const PATIENCE: Duration = Duration::from_secs(30);

/// How long between two looks
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// What makes Chromium quiet, and lets it run as root without a screen
const FLAGS: [&str; 11] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
];

/// A browser, by its driver; both end with it
pub struct Browser {
    /// Never dropped: it would wait for a browser that its driver's end ends as well, or has ended
    pub driver: ManuallyDrop<WebDriver>,
    _process: Driver,
    /// The browser's profile
    _profile: TempDir,
}

/// The driver's process
///
/// Its browser goes with it: whatever a test comes to, nothing is left behind.
struct Driver {
    process: Child,
    /// Where it listens, once that is known
    port: u16,
}

impl Drop for Driver {
    fn drop(&mut self) {
        // It closes its browser when it is asked to end, not when it is killed.
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) {
            let _ = stream.set_read_timeout(Some(PATIENCE));
            let _ = write!(stream, "GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
            let _ = stream.read(&mut [0; 64]);
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Runs a test with a server and a browser, and ends both
pub fn with<F>(script: bool, test: impl FnOnce(Server, Browser) -> F)
where
    F: Future<Output = WebDriverResult<()>>,
{
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let server = Server::start();
        let browser = Browser::open(script).await;
        test(server, browser).await.unwrap();
    });
}

impl Browser {
    /// Opens one that runs scripts, or does not
    async fn open(script: bool) -> Self {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("cannot start chromedriver: {error}; install it: apt-get install chromium chromium-driver")
            });
        let stdout = process.stdout.take().unwrap();
        let mut process = Driver { process, port: 0 };
        let mut lines = BufReader::new(stdout).lines();
        let port = lines.find_map(|line| {
            let line = line.unwrap();
            let port = line.split_once("started successfully on port ")?.1;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        let port = port.expect("chromedriver says where it listens");
        process.port = port;
        // What it says later has to go somewhere.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        let profile = TempDir::new().unwrap();
        let mut options = json!({"args": FLAGS});
        let folder = format!("--user-data-dir={}", profile.path().display());
        options["args"].as_array_mut().unwrap().push(folder.into());
        if !script {
            let off = json!({"profile.managed_default_content_settings.javascript": 2});
            options["prefs"] = off;
        }
        let mut capabilities = Capabilities::new();
        capabilities.set("browserName", json!("chrome")).unwrap();
        capabilities.set("goog:chromeOptions", options).unwrap();
        capabilities.set("goog:loggingPrefs", json!({"browser": "ALL"})).unwrap();
        // The driver's client wants one, though nothing here speaks TLS. Another test may have been first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities).await;
        let driver = driver.unwrap_or_else(|error| {
            panic!("cannot start Chromium: {error}; install it: apt-get install chromium")
        });
        Self { driver: ManuallyDrop::new(driver), _process: process, _profile: profile }
    }

    /// Sets the size of what is seen
    pub async fn size(&self, width: u32, height: u32) -> WebDriverResult<()> {
        let metrics =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.driver.cdp().send_raw("Emulation.setDeviceMetricsOverride", metrics).await?;
        Ok(())
    }

    /// Prefers `light` or `dark` colours, and stillness
    pub async fn colours(&self, scheme: &str) -> WebDriverResult<()> {
        let features = json!({"features": [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]});
        self.driver.cdp().send_raw("Emulation.setEmulatedMedia", features).await?;
        Ok(())
    }

    /// Goes to a page of a server, and logs in if it has to
    pub async fn visit(&self, server: &Server, path: &str) -> WebDriverResult<()> {
        self.driver.goto(format!("http://{}{path}", server.addr)).await?;
        if self.driver.current_url().await?.path() == "/login" {
            self.driver.find(By::Id("token")).await?.send_keys(&server.token).await?;
            self.press("Log in").await?;
        }
        Ok(())
    }

    /// Presses a button by its words, or follows a link, and waits for the page that it leads to
    pub async fn press(&self, words: &str) -> WebDriverResult<()> {
        let path =
            format!("//button[normalize-space()='{words}'] | //a[normalize-space()='{words}']");
        self.go(By::XPath(path)).await
    }

    /// Clicks on what leads to another page, and waits for that
    pub async fn go(&self, way: By) -> WebDriverResult<()> {
        let way = self.driver.find(way).await?;
        self.driver.execute("window.isBefore = true", Vec::new()).await?;
        way.click().await?;
        let there = "return !window.isBefore && document.readyState === 'complete'";
        let until = Instant::now() + PATIENCE;
        // While a page is being replaced by another, neither can be asked.
        while !self.driver.execute(there, Vec::new()).await.is_ok_and(|there| *there.json() == true)
        {
            assert!(Instant::now() < until, "no other page comes");
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        Ok(())
    }

    /// What can be read in the first element that a selector finds
    pub async fn text_of(&self, selector: &str) -> WebDriverResult<String> {
        let script = "return document.querySelector(arguments[0])?.innerText ?? ''";
        match self.driver.execute(script, vec![json!(selector)]).await {
            Ok(text) => text.convert(),
            // The page was being replaced by another.
            Err(_) => Ok(String::new()),
        }
    }

    /// Waits until an element says something
    pub async fn says(&self, selector: &str, words: &str) -> WebDriverResult<()> {
        let until = Instant::now() + PATIENCE;
        loop {
            let text = self.text_of(selector).await?;
            if text.contains(words) {
                return Ok(());
            }
            assert!(Instant::now() < until, "`{selector}` does not say `{words}`: {text}");
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Runs a script in the page, and waits for what its promise gives
    pub async fn script(&self, script: &str) -> WebDriverResult<Value> {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             (async () => {{ {script} }})().then(done, (error) => done({{failed: String(error)}}))"
        );
        let given = self.driver.execute_async(&script, Vec::new()).await?.json().clone();
        assert!(given["failed"].is_null(), "{given}");
        Ok(given)
    }
}
