//! Pictures of the page, for people to look at: in `tmp/page/` below the target folder. With
//! `PAGE_PICTURE` set, those of the README are taken anew.

use std::path::{Path, PathBuf};

use serde_json::json;
use thirtyfour::prelude::*;

use crate::agent::{release, start, submit, worked};
use crate::browser::{Browser, with};
use crate::server::Server;

/// Where pictures go
fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("page");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The whole height of a page
async fn whole(browser: &Browser, width: u32) -> WebDriverResult<()> {
    browser.size(width, 800).await?;
    let height = browser.script("return document.documentElement.scrollHeight").await?;
    let height = u32::try_from(height.as_u64().unwrap()).unwrap().clamp(600, 6_000);
    browser.size(width, height).await
}

/// Takes a picture of what is seen
async fn take(browser: &Browser, file: &Path) -> WebDriverResult<()> {
    browser.driver.screenshot(file).await?;
    let bytes = std::fs::metadata(file).unwrap().len();
    assert!(bytes > 4_000, "there is nothing on {}", file.display());
    Ok(())
}

/// Runs that stand in each way, and the pages to look at, by name
fn pages(server: &Server) -> Vec<(&'static str, String)> {
    let failed = start(server, "shaky", &json!({}));
    crate::agent::call(
        server,
        "submit_result",
        &json!({"run_id": failed, "step_id": "try", "error": "make: *** No rule to make target `shaky`"}),
    );
    let cancelled = start(server, "questions", &json!({"about": "coffee"}));
    crate::agent::call(
        server,
        "cancel_workflow",
        &json!({"run_id": cancelled, "reason": "tea it is"}),
    );
    let done = start(server, "shaky", &json!({}));
    submit(server, &done, "try", &worked());
    let question = start(server, "questions", &json!({"about": "tea"}));
    let waiting = release(server, &json!({"version": "1.4.0"}));
    vec![
        ("runs", "/runs".to_owned()),
        ("run", format!("/runs/{waiting}")),
        ("question", format!("/runs/{question}")),
        ("failed", format!("/runs/{failed}")),
        ("journal", format!("/runs/{waiting}/journal")),
        ("cancel", format!("/runs/{waiting}/cancel")),
        ("workflows", "/workflows".to_owned()),
        ("workflow", "/workflows/release:approve".to_owned()),
        ("start", "/workflows/release:approve/start".to_owned()),
        ("health", "/health".to_owned()),
        ("trouble", "/runs/none".to_owned()),
    ]
}

#[test]
fn pictures_of_all_pages() {
    with(true, async |server, browser| {
        let pages = pages(&server);
        browser.driver.goto(format!("http://{}/login", server.addr)).await?;
        for (scheme, width) in [("light", 1440), ("dark", 360)] {
            browser.colours(scheme).await?;
            browser.size(width, 800).await?;
            take(&browser, &folder().join(format!("login-{width}-{scheme}.png"))).await?;
        }
        for (scheme, width) in [("light", 1440), ("dark", 1440), ("light", 360), ("dark", 360)] {
            browser.colours(scheme).await?;
            for (name, page) in &pages {
                browser.size(width, 800).await?;
                browser.visit(&server, page).await?;
                if *name == "start" {
                    browser.press("Start").await?;
                }
                whole(&browser, width).await?;
                take(&browser, &folder().join(format!("{name}-{width}-{scheme}.png"))).await?;
            }
        }
        if std::env::var_os("PAGE_PICTURE").is_some() {
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/pictures");
            std::fs::create_dir_all(&root).unwrap();
            browser.size(1280, 900).await?;
            for (scheme, file) in [("light", "page.png"), ("dark", "page-dark.png")] {
                browser.colours(scheme).await?;
                browser.visit(&server, &pages[1].1).await?;
                take(&browser, &root.join(file)).await?;
            }
        }
        Ok(())
    });
}
