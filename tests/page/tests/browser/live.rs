//! Runs move while somebody looks at them.

use serde_json::json;
use thirtyfour::prelude::*;

use crate::agent::{release, start, status, submit, worked};
use crate::browser::with;

#[test]
fn a_run_is_watched_as_it_moves_and_approved() {
    with(true, async |server, browser| {
        let run = start(&server, "release:approve", &json!({"version": "1.4.0"}));
        browser.visit(&server, &format!("/runs/{run}")).await?;
        browser.says("#head", "tag").await?;
        // Nobody loads the page again from here on.
        browser.script("window.untouched = true").await?;
        let marked = async |step: &str, mark: &str| {
            let path = format!("[data-step='release:approve {step}'][data-mark='{mark}']");
            browser.driver.find(By::Css(path)).await.map(drop)
        };
        marked("tag", "at").await?;
        submit(&server, &run, "tag", &worked());
        browser.says("#head", "write-notes").await?;
        browser.says("#live", "The run is waiting at write-notes").await?;
        marked("tag", "done").await?;
        marked("write-notes", "at").await?;
        let mut reply = submit(&server, &run, "write-notes", &json!("- <Faster>"));
        browser.says("#children", "no. 1").await?;
        browser.script("window.picture = document.querySelector('#picture svg')").await?;
        for ended in ["1 of 2 have ended", "2 of 2 have ended"] {
            // What has not changed is left alone: somebody may be about to press a button of it.
            let kept = "return window.picture === document.querySelector('#picture svg')";
            assert_eq!(browser.script(kept).await?, true, "before {ended}");
            let step = reply["step"].clone();
            let (of, id) = (step["run_id"].as_str().unwrap(), step["step_id"].as_str().unwrap());
            reply = submit(&server, of, id, &json!("all well"));
            browser.says("#children", ended).await?;
        }
        browser.says("#now", "It waits for you").await?;
        browser.says("#now", "Put out 1.4.0 on stable?").await?;
        assert_eq!(browser.script("return window.untouched").await?, true);
        browser.press("Yes").await?;
        browser.says("#now", "Your answer was taken").await?;
        browser.says("#head", "publish").await?;
        let told = status(&server, &run);
        assert_eq!(told["user_answers"][0]["step_id"], "approve", "{told}");
        assert_eq!(told["user_answers"][0]["by"], "user", "{told}");
        submit(&server, &run, "publish", &worked());
        browser.says("#head .badge", "completed").await?;
        browser.says("#now", "\"version\": \"1.4.0\"").await?;
        Ok(())
    });
}

#[test]
fn the_list_shows_what_is_started_and_how_it_ends() {
    with(true, async |server, browser| {
        browser.visit(&server, "/runs").await?;
        browser.says("#list", "No run has been started yet").await?;
        let run = start(&server, "shaky", &json!({}));
        browser.says("#list", "shaky").await?;
        browser.says("#list", "waiting").await?;
        // Whoever uses the keyboard stays where they are.
        browser.script("document.querySelector('#list a').focus()").await?;
        submit(&server, &run, "try", &worked());
        browser.says("#list", "completed").await?;
        let focused = browser.script("return document.activeElement.getAttribute('href')").await?;
        assert_eq!(focused, format!("/runs/{run}"));
        Ok(())
    });
}

#[test]
fn how_long_ago_a_run_moved_is_told_anew_though_it_does_not_move() {
    with(true, async |server, browser| {
        // A minute of the page's is half a second.
        let hurried = "const ours = setInterval; setInterval = (f, ms) => ours(f, ms / 120);";
        let hurried = json!({"source": hurried});
        browser.driver.cdp().send_raw("Page.addScriptToEvaluateOnNewDocument", hurried).await?;
        let run = start(&server, "shaky", &json!({}));
        browser.visit(&server, &format!("/runs/{run}")).await?;
        let later = browser
            .script(
                "const ago = () => document.querySelector('#head .ago').textContent;
                 const before = ago();
                 while (ago() === before) await new Promise(requestAnimationFrame);
                 return ago()",
            )
            .await?;
        assert!(later.as_str().unwrap().ends_with(" seconds ago"), "{later}");
        Ok(())
    });
}

#[test]
fn what_somebody_types_is_not_taken_from_them() {
    with(true, async |server, browser| {
        let run = start(&server, "questions", &json!({"about": "tea"}));
        browser.visit(&server, &format!("/runs/{run}")).await?;
        browser.driver.find(By::Id("answer")).await?.send_keys("half a sen").await?;
        // Somebody else answers meanwhile, in a window of their own.
        let first = browser.driver.window().await?;
        let second = browser.driver.new_tab().await?;
        browser.driver.switch_to_window(second).await?;
        browser.visit(&server, &format!("/runs/{run}")).await?;
        browser.driver.find(By::Id("answer")).await?.send_keys("it is hot").await?;
        browser.press("Send").await?;
        browser.says("#now", "Which colour?").await?;
        browser.driver.switch_to_window(first).await?;
        browser.says("#live", "The run has moved on since you began to type").await?;
        let typed = browser.driver.find(By::Id("answer")).await?.prop("value").await?;
        assert_eq!(typed.as_deref(), Some("half a sen"));
        browser.press("Send").await?;
        browser.says("#now", "Your answer was not taken").await?;
        browser.says("#now", "it was answered by the user").await?;
        browser.says("#now", "half a sen").await?;
        browser.says("#now", "Which colour?").await?;
        Ok(())
    });
}

#[test]
fn without_the_script_one_loads_the_page_again_and_all_else_works() {
    with(false, async |server, browser| {
        let run = release(&server, &json!({"version": "1.4.0"}));
        browser.visit(&server, "/runs").await?;
        browser.go(By::Css(format!("a[href='/runs/{run}']"))).await?;
        let now = browser.driver.find(By::Id("now")).await?.text().await?;
        assert!(now.contains("It waits for you"), "{now}");
        browser.press("No").await?;
        let now = browser.driver.find(By::Id("now")).await?.text().await?;
        assert!(now.contains("Your answer was taken") && now.contains("not released"), "{now}");
        Ok(())
    });
}
