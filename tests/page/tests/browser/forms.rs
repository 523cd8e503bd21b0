//! Runs are started from the form, if what was typed fits.

use thirtyfour::prelude::*;

use crate::agent::status;
use crate::browser::{Browser, with};

async fn fill(browser: &Browser, field: &str, words: &str) -> WebDriverResult<()> {
    let field = browser.driver.find(By::Id(format!("input.{field}"))).await?;
    field.clear().await?;
    field.send_keys(words).await
}

#[test]
fn a_run_is_started_and_a_wrong_input_is_told_beside_its_field() {
    with(true, async |server, browser| {
        browser.visit(&server, "/workflows").await?;
        browser.press("release:approve").await?;
        browser.says("main", "Which version goes out").await?;
        browser.says(".source", "answered_by: user").await?;
        browser.press("Start…").await?;

        fill(&browser, "version", "next").await?;
        fill(&browser, "wait_hours", "many").await?;
        fill(&browser, "parts", "[\"server\", \"app\", \"docs\"]").await?;
        browser.press("Start").await?;
        browser.says("#errors", "The run was not started").await?;
        // Beside each field what is wrong with it, and what was typed.
        for (field, wrong) in [
            (
                "version",
                "expected text that matches `^[0-9]+[.][0-9]+[.][0-9]+$`, found the string \"next\"",
            ),
            ("wait_hours", "expected an integer, found the string \"many\""),
        ] {
            let id = format!("input.{field}");
            let control = browser.driver.find(By::Id(&id)).await?;
            let described = control.attr("aria-describedby").await?.unwrap();
            assert!(described.contains(&format!("{id}-error")), "{described}");
            assert_eq!(control.attr("aria-invalid").await?.as_deref(), Some("true"));
            let error = browser.driver.find(By::Id(format!("{id}-error"))).await?.text().await?;
            assert!(error.contains(wrong), "{error}");
            let (above, below) = (control.rect().await?, error_at(&browser, &id).await?);
            let gap = below - (above.y + above.height);
            assert!((0.0..80.0).contains(&gap), "the error is {gap} pixels below its field");
        }
        let parts = browser.driver.find(By::Id("input.parts")).await?.prop("value").await?;
        assert_eq!(parts.as_deref(), Some("[\"server\", \"app\", \"docs\"]"));

        fill(&browser, "version", "1.4.0").await?;
        fill(&browser, "wait_hours", "48").await?;
        let channel = browser.driver.find(By::Css("[id='input.channel'] [value=beta]")).await?;
        channel.click().await?;
        browser.press("Start").await?;
        browser.says("#now", "The run was started").await?;
        browser.says("#now", "git tag v1.4.0").await?;
        let run = browser.driver.current_url().await?.path().rsplit('/').next().unwrap().to_owned();
        assert_eq!(status(&server, &run)["workflow"], "release:approve");
        browser.says("#values", "\"app\"").await?;
        browser.says("#values", "beta").await?;
        Ok(())
    });
}

/// Where the error of a field begins
async fn error_at(browser: &Browser, id: &str) -> WebDriverResult<f64> {
    Ok(browser.driver.find(By::Id(format!("{id}-error"))).await?.rect().await?.y)
}

#[test]
fn prompts_of_each_kind_are_answered_and_what_does_not_fit_is_told() {
    with(true, async |server, browser| {
        browser.visit(&server, "/workflows/questions/start").await?;
        fill(&browser, "about", "tea").await?;
        browser.press("Start").await?;
        browser.says("#now", "In a few words: what about tea?").await?;
        browser.driver.find(By::Id("answer")).await?.send_keys("so").await?;
        browser.press("Send").await?;
        browser.says("#answer-error", "expected at least 3 characters").await?;
        let typed = browser.driver.find(By::Id("answer")).await?;
        assert_eq!(typed.prop("value").await?.as_deref(), Some("so"));
        typed.send_keys(" hot\nand strong").await?;
        browser.press("Send").await?;
        browser.says("#now", "Which colour?").await?;
        let option = "//label[contains(., '<b>blue</b>')]";
        browser.driver.find(By::XPath(option)).await?.click().await?;
        browser.press("Choose").await?;
        browser.says("#now", "There is one more question").await?;
        browser.press("I have read it").await?;
        browser.says("#now", "so hot\nand strong").await?;
        browser.press("Yes").await?;
        browser.says("#head .badge", "completed").await?;
        browser.says("#now", "\"colour\": \"<b>blue</b>\"").await?;
        Ok(())
    });
}

#[test]
fn a_run_is_cancelled_once_it_is_confirmed_and_a_failed_one_taken_up_again() {
    with(true, async |server, browser| {
        browser.visit(&server, "/workflows/shaky/start").await?;
        browser.press("Start").await?;
        browser.says("#now", "It waits for the agent").await?;
        browser.driver.find(By::Css("summary")).await?.click().await?;
        browser.driver.find(By::Id("answer")).await?.send_keys("no compiler here").await?;
        browser.press("Send as a reason why it failed").await?;
        browser.says("#head .badge", "failed").await?;
        browser.says("#now", "no compiler here").await?;
        browser.driver.find(By::Css("[data-step='shaky try'][data-mark=failed]")).await?;
        browser.press("Retry from the failed step").await?;
        browser.says("#now", "The run was taken up again").await?;
        browser.says("#head .badge", "waiting").await?;
        browser.press("Cancel…").await?;
        browser.says("main", "Cancel this run?").await?;
        browser.driver.find(By::Id("reason")).await?.send_keys("not <needed> any more").await?;
        browser.press("Cancel the run").await?;
        browser.says("#head .badge", "cancelled").await?;
        browser.says("#now", "not <needed> any more").await?;
        Ok(())
    });
}
