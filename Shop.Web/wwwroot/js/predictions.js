// While batches are run the page is fetched again and its lines and progress are put in the place of the old ones.

import { pageAt } from "./look.js";
import { goOn } from "./typing.js";

/** Milliseconds between two looks. */
const PAUSE = 700;

/** A run that has not ended by then is looked at by a reload. */
const MOST_LOOKS = 900;

const PARTS = ["[data-live]", "[data-live-part]"];

async function look() {
  const page = await pageAt(location.pathname);
  if (!page) {
    return true;
  }
  if (!page.querySelector("[data-live-part]")) {
    return false;
  }
  for (const part of PARTS) {
    const [old, fresh] = [document.querySelector(part), page.querySelector(part)];
    if (old && fresh && !old.contains(document.activeElement)) {
      old.replaceChildren(...fresh.childNodes);
    }
  }
  return true;
}

for (let looks = 0; looks < MOST_LOOKS; looks++) {
  await new Promise((resolve) => setTimeout(resolve, PAUSE));
  const goesOn = await look().catch(() => true);
  if (!goesOn) {
    break;
  }
}
goOn("Look at how far the batches are.");
