// Follows the migration: when the console says that something has changed, the content of this page is loaded again and put in place.
"use strict";
const live = document.getElementById("live");
let loading = false, again = false;

// typing tells whether a person is filling in a form, which must not be taken away.
const typing = () => [...document.querySelectorAll("main input:not([type=hidden])")].some(i => i.type === "checkbox" ? i.checked : i.value !== "");

async function load() {
  if (loading) { again = true; return; }
  loading = true;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.getElementById("main");
    if (!next) throw new Error(answer.statusText);
    if (typing()) { live.textContent = "Something has changed: load the page again when you have finished."; return; }
    const main = document.getElementById("main"), focused = document.activeElement && document.activeElement.id;
    main.replaceChildren(...next.childNodes);
    if (focused && focused !== "main") document.getElementById(focused)?.focus({ preventScroll: true });
    document.querySelector("footer time").replaceWith(page.querySelector("footer time"));
    live.textContent = "It follows the migration.";
  } catch (e) {
    live.textContent = "What has changed cannot be loaded: " + e.message;
  } finally {
    loading = false;
    if (again) { again = false; load(); }
  }
}

if (document.querySelector(".alarm[role=alert]") === null) { // a refusal stays until it was read
  const events = new EventSource("events?seen=" + document.getElementById("main").dataset.seen);
  events.onopen = () => { live.textContent = "It follows the migration."; };
  events.onmessage = load;
  events.onerror = () => { live.textContent = "The console does not answer: what is shown is old."; };
}
