// Keeps the laboratory's picture and plots in step with the server. Without it the page shows what was so when it was made.
import { pageAt } from "./look.js";
import { drawParts } from "./picture.js";
import { clock, plot } from "./plot.js";
import { goOn } from "./typing.js";

/** Moments that a plot shows: two minutes at two a second. */
const SHOWN = 240;

const times = [];
const rows = { orders: [[]], latency: [[], []], lag: [[]] };

document.querySelector("[data-plots]").hidden = false;
const place = (name) => document.querySelector(`[data-plot="${name}"]`);
const charts = {
  orders: plot(place("orders"), [{ label: "orders/s", colour: "--series-1" }], { minimum: 5 }),
  latency: plot(place("latency"), [{ label: "median", colour: "--series-1" }, { label: "worst", colour: "--series-2" }], { minimum: 50 }),
  lag: plot(place("lag"), [{ label: "lag", colour: "--series-2" }], { minimum: 10 }),
};

function add(list, value) {
  list.push(value);
  if (list.length > SHOWN) {
    list.shift();
  }
}

/** Moments that the table shows. */
const TABLED = 60;

const at = (index) => clock.format(times[index] * 1000);
const rounded = (value) => (value == null ? "–" : String(Math.round(value * 10) / 10));

/** What a plot shows, as a sentence for those who do not see it. */
function sentence(what, values) {
  const seen = values.map((value, index) => ({ value, index })).filter(({ value }) => value != null);
  if (seen.length === 0) {
    return `${what}: nothing seen yet.`;
  }
  const least = seen.reduce((one, other) => (other.value < one.value ? other : one));
  const most = seen.reduce((one, other) => (other.value > one.value ? other : one));
  return `${what}: now ${rounded(seen.at(-1).value)}; lowest ${rounded(least.value)} at ${at(least.index)} UTC, highest ${rounded(most.value)} at ${at(most.index)} UTC.`;
}

const figures = document.querySelector("[data-figures]");

/** The newest moments as rows, while somebody looks at them. */
function tabulate() {
  if (!figures.open) {
    return;
  }
  const columns = [rows.orders[0], rows.latency[0], rows.latency[1], rows.lag[0]];
  figures.querySelector("tbody").replaceChildren(...times.slice(-TABLED).map((_, n) => {
    const index = Math.max(0, times.length - TABLED) + n;
    const row = document.createElement("tr");
    for (const value of [at(index), ...columns.map((column) => rounded(column[index]))]) {
      const cell = row.insertCell();
      cell.className = row.cells.length > 1 ? "text-end" : "";
      cell.textContent = value;
    }
    return row;
  }).reverse());
}
figures.addEventListener("toggle", tabulate);

function text(selector, value) {
  const element = document.querySelector(selector);
  if (element && element.textContent !== value) {
    element.textContent = value;
  }
}

function draw(moment) {
  const conductor = moment.situation.conductor;
  add(times, moment.at / 1000);
  add(rows.orders[0], moment.phase ? moment.ordersPerSecond : null);
  add(rows.latency[0], moment.medianMilliseconds);
  add(rows.latency[1], moment.worstMilliseconds);
  add(rows.lag[0], conductor?.lagMilliseconds ?? null);
  for (const [name, chart] of Object.entries(charts)) {
    chart.setData([times, ...rows[name]]);
  }
  place("orders").setAttribute("aria-label", sentence("Orders confirmed per second", rows.orders[0]));
  place("latency").setAttribute("aria-label", `${sentence("Median response time in milliseconds", rows.latency[0])} ${sentence("Worst", rows.latency[1])}`);
  place("lag").setAttribute("aria-label", sentence("Lag of the standby in milliseconds", rows.lag[0]));
  tabulate();
}

function show(situation, traffic) {
  // A replica may be a part of the shop too, and is drawn in a place of its own.
  const replicas = situation.groups.flatMap((group) => group.replicas.map((replica) => ({ ...replica, name: `replica ${replica.name}` })));
  const changed = drawParts(document, [...situation.parts, ...replicas], traffic);
  if (changed.length > 0) {
    text("[data-announce]", changed.join(". "));
  }
  for (const group of situation.groups) {
    text(`[data-group="${group.service}"]`, group.words);
    text(`[data-change="${group.service}"]`, group.lastChange?.words ?? "");
  }
  const conductor = situation.conductor;
  if (conductor) {
    // Where it fails, the next moment asks again.
    redraw(situation.drawn).catch(() => {});
  }
  text('[data-field="mode"]', conductor?.mode ?? "unknown");
  text('[data-field="guarantee"]', conductor?.guarantee ?? "unknown: the registry does not answer");
  text('[data-field="change"]', conductor?.change
    ? `${conductor.mode} is in force, ${conductor.change.wanted} is wanted since ${conductor.change.since.slice(11, 19)} UTC: ${conductor.change.step}.` : "");
  text('[data-field="rule"]', !conductor ? "unknown" : conductor.conductor === "external" ? conductor.ruleName : `${conductor.rule}: ${conductor.ruleName}`);
  text('[data-field="lag"]', !conductor ? "unknown" : conductor.lagBytes == null ? "no standby"
    : `${conductor.lagBytes} bytes${conductor.lagMilliseconds == null ? "" : `, ${Math.round(conductor.lagMilliseconds)} ms`}`);
}

let isRedrawing = false;

/**
 * Puts sections that the server draws in the place of those that were drawn before a failover or a change of the mode.
 * Nobody loses the field or the button that has the focus: its section waits.
 */
async function redraw(drawn) {
  const parts = [...document.querySelectorAll("[data-drawn]")];
  const isFree = (part) => part.dataset.drawn !== drawn && !part.contains(document.activeElement);
  if (isRedrawing || !parts.some(isFree)) {
    return;
  }
  isRedrawing = true;
  try {
    const fresh = (await pageAt(location.href))?.querySelectorAll("[data-drawn]");
    if (fresh?.length === parts.length) {
      parts.forEach((part, n) => isFree(part) && part.replaceWith(fresh[n]));
    }
  } finally {
    isRedrawing = false;
  }
}

// For a projector: what a key does stands on its button.
const stage = document.querySelector("[data-show]");
if (stage) {
  // Whoever speaks to the browser, or leans on the keyboard, can switch the letters off.
  const letters = stage.querySelector("[data-letters]");
  const choice = letters.querySelector("input");
  letters.hidden = false;
  // Where the browser keeps nothing for this site, the choice lasts until the next page.
  try {
    choice.checked = sessionStorage.getItem("keys") !== "off";
    choice.addEventListener("change", () => sessionStorage.setItem("keys", choice.checked ? "on" : "off"));
  } catch {
    choice.checked = true;
  }
  addEventListener("keydown", (event) => {
    if (choice.checked && !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat) {
      stage.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`)?.click();
    }
  });
}

const panel = document.querySelector("[data-run]");
let phase = panel?.dataset.run ?? null;
const underWay = (name) => name && name !== "Done" && name !== "Failed";

const source = new EventSource("/redundancy/live");
source.onmessage = (event) => {
  const moment = JSON.parse(event.data);
  show(moment.situation, moment.ordersPerSecond > 0);
  draw(moment);
  text('[data-number="people"]', moment.people == null ? "–" : String(moment.people));
  text("[data-phase]", moment.phaseWords);
  if (moment.phase) {
    text('[data-number="confirmed"]', String(moment.acknowledged));
  }
  text("[data-progress]", underWay(moment.phase) ? `${moment.acknowledged} confirmed, ${moment.underWay} under way${moment.naiveWithoutAnswer ? `, ${moment.naiveWithoutAnswer} naive ${moment.naiveWithoutAnswer === 1 ? "buyer" : "buyers"} without an answer` : ""}` : "");
  if (moment.phase !== phase) {
    const ended = underWay(phase) && !underWay(moment.phase);
    const begun = !underWay(phase) && underWay(moment.phase);
    phase = moment.phase;
    if (ended || begun || (!panel && moment.phase)) {
      // The verdict and the picture are the server's to write.
      if (stage) {
        source.close();
        location.reload();
      } else if (ended ? goOn("The run has ended: look at it.", moment.runPage ?? undefined) : goOn("A run has begun: look at it.")) {
        source.close();
      }
    }
  }
};
addEventListener("pagehide", () => source.close());
// A page that comes out of the browser's memory would stand still.
addEventListener("pageshow", (event) => event.persisted && location.reload());
