// Enhancement only: every page works without this file.

/** A wait shorter than this is not shown, in milliseconds. */
const BUSY_AFTER = 300;

function showBusy() {
  const bar = document.createElement("div");
  bar.className = "busy-bar";
  bar.setAttribute("role", "progressbar");
  bar.setAttribute("aria-label", "Loading");
  document.body.append(bar);
}

let timer = 0;

function startBusy() {
  clearTimeout(timer);
  timer = setTimeout(showBusy, BUSY_AFTER);
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
});

addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (link && !link.hasAttribute("download") && !event.metaKey && !event.ctrlKey && link.origin === location.origin
    && (link.pathname !== location.pathname || link.search !== location.search)) {
    startBusy();
  }
});

// A page that comes out of the browser's memory starts as it was first drawn.
addEventListener("pageshow", () => {
  clearTimeout(timer);
  document.querySelectorAll(".busy-bar").forEach((bar) => bar.remove());
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});
