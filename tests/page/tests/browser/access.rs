//! Everybody can use the page: axe-core finds nothing on any of it, and the keyboard reaches all.

use std::path::Path;

use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::agent::{release, start, submit, worked};
use crate::browser::{Browser, with};
use crate::server::Server;

/// The script of axe-core, as `tests/page/run` installs it
fn axe() -> String {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("page");
    let script = target.join("node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(&script).unwrap_or_else(|error| {
        panic!("cannot read `{}`: {error}; `tests/page/run` installs axe-core", script.display())
    })
}

/// What axe-core finds on the page, in words
async fn violations(browser: &Browser, axe: &str) -> WebDriverResult<Vec<String>> {
    // Through the driver, which the page's policy does not bind.
    browser.driver.execute(axe, Vec::new()).await?;
    let found = browser
        .script(
            "const {violations} = await axe.run(document, {resultTypes: ['violations']});
             return violations.map(({id, help, nodes}) =>
                `${id}: ${help}: ${nodes.map((node) => node.html).join(' | ')}`)",
        )
        .await?;
    Ok(found.as_array().unwrap().iter().map(Value::to_string).collect())
}

/// Runs that stand in each way, and the pages that show all there is
fn pages(server: &Server) -> Vec<String> {
    let waiting = release(server, &json!({"version": "1.4.0"}));
    let question = start(server, "questions", &json!({"about": "tea"}));
    let choice = start(server, "questions", &json!({"about": "tea"}));
    let shell = start(server, "shaky", &json!({}));
    let done = start(server, "shaky", &json!({}));
    submit(server, &done, "try", &worked());
    let children = start(server, "release:approve", &json!({"version": "1.4.0"}));
    submit(server, &children, "tag", &worked());
    submit(server, &children, "write-notes", &json!("notes"));
    let mut pages: Vec<String> =
        ["/runs", "/runs?status=failed", "/workflows", "/health"].map(str::to_owned).into();
    pages.extend(["", "/start"].map(|page| format!("/workflows/release:approve{page}")));
    pages.extend(
        [&waiting, &question, &choice, &shell, &done, &children].map(|run| format!("/runs/{run}")),
    );
    pages.extend(["/journal", "/cancel"].map(|page| format!("/runs/{waiting}{page}")));
    pages.extend(["/runs/none", "/workflows/none"].map(str::to_owned));
    pages
}

#[test]
fn axe_finds_nothing_on_any_page() {
    let axe = axe();
    with(true, async |server, browser| {
        let mut found = Vec::new();
        browser.driver.goto(format!("http://{}/login", server.addr)).await?;
        found.extend(violations(&browser, &axe).await?);
        let pages = pages(&server);
        for (scheme, width) in [("light", 1440), ("dark", 360)] {
            browser.colours(scheme).await?;
            browser.size(width, 900).await?;
            for page in &pages {
                browser.visit(&server, page).await?;
                browser
                    .script(
                        "document.querySelectorAll('details').forEach((each) => each.open = true)",
                    )
                    .await?;
                let here = violations(&browser, &axe).await?;
                found.extend(here.into_iter().map(|what| format!("{scheme} {page}: {what}")));
                let wide = browser
                    .script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
                    .await?;
                assert_eq!(wide, 0, "{page} is wider than {width} pixels");
            }
        }
        // A form with mistakes in it.
        browser.visit(&server, "/workflows/release:approve/start").await?;
        browser.press("Start").await?;
        browser.says("#errors", "this is needed").await?;
        found.extend(violations(&browser, &axe).await?);
        assert!(found.is_empty(), "{}", found.join("\n"));
        Ok(())
    });
}

#[test]
fn a_run_is_approved_with_the_keyboard_alone() {
    with(true, async |server, browser| {
        let run = release(&server, &json!({"version": "1.4.0"}));
        browser.visit(&server, &format!("/runs/{run}")).await?;
        let press =
            async |key: Key| browser.driver.active_element().await?.send_keys(key + "").await;
        press(Key::Tab).await?;
        assert_eq!(
            browser.script("return document.activeElement.textContent").await?,
            "Skip to content"
        );
        press(Key::Enter).await?;
        // Whatever is reached is seen to be.
        let mut reached = Vec::new();
        loop {
            press(Key::Tab).await?;
            let at = browser
                .script(
                    "const at = document.activeElement;
                     return [at.textContent.trim(), getComputedStyle(at).outlineStyle]",
                )
                .await?;
            assert_ne!(at[1], "none", "{at} is not seen to have the focus");
            reached.push(at[0].as_str().unwrap().to_owned());
            if at[0] == "Yes" {
                break;
            }
            assert!(reached.len() < 40, "`Yes` is not reached: {reached:?}");
        }
        press(Key::Enter).await?;
        browser.says("#now", "Your answer was taken").await?;
        Ok(())
    });
}
