// Enhancement only: every page works without this file.

/** A wait shorter than this is not shown, in milliseconds. */
const BUSY_AFTER = 300;

/** A wait longer than this gets a word. */
const TOLD_AFTER = 2000;

/** No answer takes longer than this; a form that has none by then can be sent again. */
const LONGEST_ANSWER = 30000;

/** A page that is not available is asked for again so often. */
const MAX_RETRIES = 20;

function show(className, role, text) {
  const element = document.createElement("div");
  element.className = className;
  element.setAttribute("role", role);
  element.dataset.busy = "";
  document.body.append(element);
  if (text) {
    element.textContent = text;
  }
  return element;
}

let timers = [];

function startBusy() {
  stopBusy();
  timers = [
    setTimeout(() => show("busy-bar", "progressbar").setAttribute("aria-label", "Loading"), BUSY_AFTER),
    setTimeout(() => show("busy-word", "status", "Still waiting: if a server has failed, another is taking over."), TOLD_AFTER),
  ];
}

function stopBusy() {
  timers.forEach(clearTimeout);
  document.querySelectorAll("[data-busy]").forEach((element) => element.remove());
}

addEventListener("submit", (event) => {
  // A second press while the first is under way would only repeat it; the server would see that too.
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") {
    return;
  }
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  startBusy();
  // Whoever stopped the page from loading may press again.
  setTimeout(() => {
    delete form.dataset.sent;
    stopBusy();
  }, LONGEST_ANSWER);
});

addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  const isElsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.defaultPrevented;
  if (link && !isElsewhere && !link.hasAttribute("download") && link.origin === location.origin
    && (link.pathname !== location.pathname || link.search !== location.search)) {
    startBusy();
    // Whoever stopped the page from loading waits no more.
    setTimeout(stopBusy, LONGEST_ANSWER);
  }
});

// A page that comes out of the browser's memory starts as it was first drawn.
addEventListener("pageshow", () => {
  stopBusy();
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// What the last press led to is where the reader goes on: readers of screens hear it, and Tab starts there.
(document.querySelector("[aria-invalid='true']") ?? document.querySelector("[data-notice]"))?.focus();

document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});

/** Looks whether the page is there again, and opens it then; gives up after a while, and the link stays. */
async function retry(link, seconds) {
  const note = document.querySelector("[data-retry-note]");
  note.textContent = "This page tries again by itself.";
  for (let tries = 0; tries < MAX_RETRIES; tries++) {
    await new Promise((done) => setTimeout(done, seconds * 1000));
    const answer = await fetch(link.href, { method: "HEAD" }).catch(() => null);
    if (answer?.ok) {
      location.replace(link.href);
      return;
    }
  }
  note.textContent = "It is still not there. Try again when you like.";
}

const waiting = document.querySelector("[data-retry]");
if (waiting) {
  retry(waiting, Number(waiting.dataset.retry));
}
