// Takes the page anew whenever what it shows has moved. Without this script one loads it again.
"use strict";
(() => {
  const live = document.querySelector("[data-live]");
  if (!live || !window.EventSource) return;

  let source = null;
  let refreshing = false;
  let again = false;

  // The parts as the server has sent them: whatever is done to them here is no move
  const parts = () => [...document.querySelectorAll("[data-part]")];
  const sent = new WeakMap(parts().map((part) => [part, part.outerHTML]));

  const mark = (root) => root.querySelector("[data-mark]:not(.node)")?.dataset.mark;
  // Tells a screen reader, and with `seen` everybody
  const say = (words, seen) => {
    if (live.textContent !== words) live.textContent = words;
    live.classList.toggle("unseen", !seen);
  };

  // Whether somebody has typed something into a form of this part
  const isInUse = (part) => [...part.querySelectorAll("textarea, input, select")].some((field) =>
    field === document.activeElement && field.type !== "radio" ||
    (field.type === "radio" || field.type === "checkbox"
      ? field.checked !== field.defaultChecked
      : field.tagName !== "SELECT" && field.type !== "hidden" && field.value !== field.defaultValue));

  // How long ago things were, and nothing else
  const age = (old, fresh) => {
    const [before, now] = [old, fresh].map((part) => [...part.querySelectorAll(".when")]);
    if (before.length === now.length) before.forEach((each, at) => each.replaceWith(now[at]));
  };

  const replace = (old, fresh) => {
    if (sent.get(old) === fresh.outerHTML) return;
    if ("key" in old.dataset && isInUse(old)) {
      if (old.dataset.key !== fresh.dataset.key) {
        say("The run has moved on since you began to type. What you typed is still there; load the page again for how it stands.", true);
      }
      return;
    }
    const open = [...old.querySelectorAll("details[open][id]")].map((each) => each.id);
    const scrolled = [...old.querySelectorAll(".picture")].map((each) => [each.scrollLeft, each.scrollTop]);
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    sent.set(fresh, fresh.outerHTML);
    old.replaceWith(fresh);
    open.forEach((id) => { const each = document.getElementById(id); if (each) each.open = true; });
    fresh.querySelectorAll(".picture").forEach((each, at) => {
      if (scrolled[at]) [each.scrollLeft, each.scrollTop] = scrolled[at];
    });
    if (focused) sameIn(fresh, focused)?.focus({ preventScroll: true });
    fresh.classList.add("moved");
  };

  // What was an element before its part was replaced: by its id, or by all it is
  const sameIn = (part, element) => element.id
    ? document.getElementById(element.id)
    : [...part.querySelectorAll(element.localName)].find((each) => each.isEqualNode(element));

  // The step that a run stands at, brought to where it can be seen
  const showWhere = () => {
    for (const picture of document.querySelectorAll("#picture .picture")) {
      const at = picture.querySelector("[data-mark=at], [data-mark=failed]");
      if (!at) continue;
      const [box, frame] = [at.getBoundingClientRect(), picture.getBoundingClientRect()];
      if (box.top < frame.top || box.bottom > frame.bottom) {
        picture.scrollTop += (box.top + box.bottom - frame.top - frame.bottom) / 2;
      }
      if (box.left < frame.left || box.right > frame.right) {
        picture.scrollLeft += (box.left + box.right - frame.left - frame.right) / 2;
      }
    }
  };

  // What a screen reader is told: how the run stands, from the page itself
  const standing = (root) => {
    const badge = root.querySelector("#head .badge")?.lastChild?.textContent;
    const at = [...root.querySelectorAll("#head dt")].find((dt) => dt.textContent === "Stands at");
    return badge ? `The run is ${badge}${at ? ` at ${at.nextElementSibling.textContent}` : ""}.` : "";
  };

  const refresh = async (moved) => {
    if (refreshing) { again = true; return; }
    refreshing = true;
    try {
      // Behind a form that was refused stands another address, which cannot be looked at.
      const shown = live.dataset.here;
      const here = new URL(shown && location.pathname !== shown ? shown : location.href, location.href);
      here.searchParams.delete("done");
      const response = await fetch(here, { headers: { Accept: "text/html" }, credentials: "same-origin" });
      if (!response.ok || response.redirected) {
        say("This page is not live any more. Load it again.", true);
        source?.close();
        return;
      }
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
      for (const part of parts()) {
        const other = fresh.getElementById(part.id);
        if (other) (moved ? replace : age)(part, document.adoptNode(other));
      }
      if (moved) showWhere();
      const words = standing(document);
      if (words && !live.textContent.startsWith("The run has moved on")) say(words);
    } catch {
      // The server is gone for now; the stream will be opened again.
    } finally {
      refreshing = false;
      if (again) { again = false; refresh(true); }
    }
  };

  const listen = () => {
    source?.close();
    source = new EventSource(live.dataset.live);
    source.addEventListener("stands", (event) => { if (event.data !== mark(document)) refresh(true); });
  };

  // A page that nobody sees holds no connection.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) { source?.close(); source = null; } else if (!source) listen();
  });
  // What is so many minutes ago will soon be more.
  setInterval(() => { if (!document.hidden && source) refresh(false); }, 60_000);
  showWhere();
  listen();
})();
