//! What a run holds is text, whatever it looks like.

use serde_json::json;
use thirtyfour::prelude::*;

use crate::agent::{start, submit, worked};
use crate::browser::{Browser, with};

/// What would like to be markup
const HOSTILE: &str = "</pre></textarea></script><script>document.title='taken'</script>\
    <img src=x onerror=\"document.title='taken'\"><svg onload=\"document.title='taken'\">\
    \" autofocus onfocus=\"document.title='taken'\" x=' {{ 7*7 }} &lt;b&gt; \u{202e}";

/// Nothing of it has become an element, or has run
async fn is_text(browser: &Browser) -> WebDriverResult<()> {
    let found = browser
        .script(
            "await new Promise(requestAnimationFrame);
             const ours = [...document.querySelectorAll('script, img, svg, iframe, [autofocus]')];
             return {
                title: document.title,
                handlers: [...document.querySelectorAll('*')].filter((each) =>
                    [...each.attributes].some(({name}) => name.startsWith('on'))).length,
                foreign: ours.filter((each) => !(each.matches('script[src^=\"/assets/\"]') ||
                    each.matches('img[src^=\"/assets/\"]') ||
                    each.matches('.picture > svg'))).length,
             }",
        )
        .await?;
    assert!(!found["title"].as_str().unwrap().contains("taken"), "{found}");
    assert_eq!((&found["handlers"], &found["foreign"]), (&json!(0), &json!(0)), "{found}");
    Ok(())
}

#[test]
fn hostile_values_are_shown_as_they_are() {
    with(true, async |server, browser| {
        let run = start(&server, "questions", &json!({"about": HOSTILE}));
        browser.visit(&server, &format!("/runs/{run}")).await?;
        browser.says("#now .words", "<script>document.title='taken'</script>").await?;
        browser.says("#now .words", "{{ 7*7 }} &lt;b&gt;").await?;
        is_text(&browser).await?;
        // What is typed, and refused.
        let script = format!(
            "document.getElementById('answer').value = {}",
            json!("x".repeat(200) + HOSTILE)
        );
        browser.script(&script).await?;
        browser.press("Send").await?;
        browser.says("#answer-error", "expected at most 200 characters").await?;
        let typed = browser.driver.find(By::Id("answer")).await?.prop("value").await?.unwrap();
        assert!(typed.ends_with(HOSTILE), "{typed}");
        is_text(&browser).await?;
        // What an agent fails with, what a child's item is, and a reason.
        let inputs = json!({"version": "1.0.0", "parts": [HOSTILE], "labels": {HOSTILE: HOSTILE}});
        let release = start(&server, "release:approve", &inputs);
        submit(&server, &release, "tag", &worked());
        submit(&server, &release, "write-notes", &json!(HOSTILE));
        for page in ["", "/journal", "/cancel"] {
            browser.visit(&server, &format!("/runs/{release}{page}")).await?;
            browser
                .script("document.querySelectorAll('details').forEach((each) => each.open = true)")
                .await?;
            is_text(&browser).await?;
        }
        browser.visit(&server, &format!("/runs/{release}")).await?;
        browser.says("#children .item", "<script>").await?;
        browser.says("#values", "<script>").await?;
        // Even where markup of a run came in, nothing of it would run.
        let blocked = browser
            .script(
                "const tries = [];
                 document.addEventListener('securitypolicyviolation', (event) => tries.push(event.effectiveDirective));
                 const script = document.createElement('script');
                 script.textContent = \"document.title = 'taken'\";
                 document.body.append(script);
                 const style = document.createElement('style');
                 style.textContent = 'body { display: none }';
                 document.head.append(style);
                 const image = new Image();
                 await new Promise((done) => { image.onerror = done; image.src = 'http://127.0.0.1:1/x'; });
                 await new Promise(requestAnimationFrame);
                 script.remove();
                 style.remove();
                 return tries.sort()",
            )
            .await?;
        assert_eq!(blocked, json!(["img-src", "script-src-elem", "style-src-elem"]));
        is_text(&browser).await?;
        Ok(())
    });
}
