// Keeps the progress of a comparison in step with the server, and shows each picture once it is there.
const place = document.querySelector("[data-comparison]");
const doing = place.querySelector("[data-doing]");

/** Between two looks, in milliseconds. */
const BEAT = 1000;

async function look() {
  try {
    const answer = await fetch(place.dataset.comparison, { signal: AbortSignal.timeout(5 * BEAT) });
    const { comparison, doing: now } = await answer.json();
    const done = comparison.modes.filter((mode) => mode.run != null || mode.remark != null).length;
    if (comparison.isDone || String(done + 1) !== place.dataset.turn) {
      location.reload();
      return;
    }
    if (now && doing.textContent !== now) {
      doing.textContent = now;
    }
  } catch {
    // The storefront may be what was broken: it is asked again.
  }
  setTimeout(look, BEAT);
}

setTimeout(look, BEAT);
