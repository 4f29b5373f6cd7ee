// The picture of the shop's parts, the same for what happens now and for what is replayed.

const BROKEN = new Set(["down", "paused"]);

function wordsOf(part) {
  return part.role && part.role !== "none" ? `${part.role}, ${part.state}` : part.state;
}

/**
 * Puts states on nodes and wires.
 * @param {ParentNode} place where to look for them
 * @param {{name: string, state: string, role: string | null, words?: string, reason?: string, facts?: string}[]} parts how they stand
 * @param {boolean} traffic whether somebody buys
 * @returns {string[]} what is another way than before, in words
 */
export function drawParts(place, parts, traffic) {
  const changed = [];
  for (const part of parts) {
    for (const element of place.querySelectorAll(`[data-node="${CSS.escape(part.name)}"]`)) {
      const words = element.querySelector("[data-words]");
      const now = part.words ?? wordsOf(part);
      if (words.textContent !== now) {
        words.textContent = now;
        changed.push(`${part.name} is ${now}`);
      }
      for (const [name, detail] of [["reason", part.reason], ["facts", part.facts]]) {
        const shown = element.querySelector(`[data-${name}]`);
        if (shown) {
          shown.textContent = detail ?? "";
        }
      }
      element.dataset.state = part.state;
      element.dataset.role = part.role ?? "";
      for (const fault of element.querySelectorAll("[data-fits]")) {
        fault.hidden = !fault.dataset.fits.split(" ").includes(part.state);
      }
    }
  }
  for (const wire of place.querySelectorAll("[data-wire]")) {
    const [from, to] = wire.dataset.wire.split(" ").map((name) => parts.find((part) => part.name === name));
    wire.dataset.flow = flow(wire.classList, from, to, traffic);
  }
  return [...new Set(changed)];
}

/** A wire is broken where an end does not work, and moves where buyers' requests go. */
function flow(kind, from, to, traffic) {
  if (kind.contains("copy")) {
    // It points from the primary to the standby, and is not there without a stream.
    const streams = from?.role === "primary" && to?.role === "standby" && from.state === "up" && to.state === "up";
    return !streams ? "absent" : traffic ? "moving" : "idle";
  }
  if (BROKEN.has(from?.state) || BROKEN.has(to?.state)) {
    return "broken";
  }
  return traffic && (kind.contains("serve") || to?.role === "primary") ? "moving" : "idle";
}
