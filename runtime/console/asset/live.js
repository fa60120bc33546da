// Follows the migration: when the console says that something has changed, the content of this page is loaded again and put in place.
"use strict";
const live = document.getElementById("live");
let loading = false, again = false, pressed = false, replaced = 0;

// A button that is pressed stays until its click has happened, and what a person selects stays selected.
addEventListener("pointerdown", () => { pressed = true; });
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => { setTimeout(() => { pressed = false; }, 300); });
const busy = () => pressed || !document.getSelection().isCollapsed || document.activeElement instanceof HTMLInputElement;
const every = 1000; // ms between two replacements, at least

// typing tells whether a person is filling in a form, which must not be taken away.
const typing = () => [...document.querySelectorAll("main input:not([type=hidden])")].some(i => i.type === "checkbox" ? i.checked : i.value !== "");

async function load() {
  if (loading) { again = true; return; }
  if (busy() && !typing() || Date.now() - replaced < every) { if (busy()) live.textContent = "It waits while something is pressed, selected or about to be typed."; if (!again) { again = true; setTimeout(() => { again = false; load(); }, every); } return; }
  loading = true;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.getElementById("main");
    if (!next) throw new Error(answer.statusText);
    if (typing()) { live.textContent = "Something has changed: load the page again when you have finished."; return; }
    const main = document.getElementById("main"), focused = document.activeElement && document.activeElement.id;
    if (busy()) { again = true; return; }
    replaced = Date.now();
    main.replaceChildren(...next.childNodes);
    if (focused && focused !== "main") document.getElementById(focused)?.focus({ preventScroll: true });
    document.querySelector("footer time").replaceWith(page.querySelector("footer time"));
    live.textContent = "It follows the migration.";
  } catch (e) {
    live.textContent = "What has changed cannot be loaded: " + e.message;
  } finally {
    loading = false;
    if (again) { again = false; setTimeout(load, 100); }
  }
}

if (location.pathname.endsWith("/act")) history.replaceState(null, "", "./"); // so that loading it again shows the overview
if (document.querySelector(".alarm[role=alert]") === null) { // a refusal stays until it was read
  const events = new EventSource("events?seen=" + document.getElementById("main").dataset.seen);
  events.onopen = () => { live.textContent = "It follows the migration."; };
  events.onmessage = load;
  events.onerror = () => { live.textContent = "The console does not answer: what is shown is old."; };
}
