// Moves picture, marks, phase and list of a finished run along one slider. Without it the page has the same as a picture and a list.
import { drawParts } from "./picture.js";

const place = document.querySelector("[data-replay]");
const slider = place.querySelector("#replay-slider");
const speed = place.querySelector("#replay-speed");
const play = place.querySelector("[data-replay-play]");
const end = Number(slider.max);

const steps = [...place.querySelectorAll("li[data-at]")].map((line) => ({
  line,
  at: Number(line.dataset.at),
  phase: line.dataset.phase ?? "",
  words: line.textContent,
  parts: line.dataset.parts.split(" ").filter(Boolean).map((part) => {
    const [name, state, role] = part.split(":");
    return { name, state, role: role || null };
  }),
}));

/** A line across each picture of the run, and what stands right of it is not drawn yet. */
const charts = [...document.querySelectorAll("svg.run")].map((svg, n) => {
  const make = (name, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    return element;
  };
  const [left, right, height] = [Number(svg.dataset.left), Number(svg.dataset.right), svg.viewBox.baseVal.height];
  const shown = make("rect", { x: 0, y: 0, width: svg.viewBox.baseVal.width, height });
  const clip = make("clipPath", { id: `replayed-${n}` });
  clip.append(shown);
  const line = make("path", { class: "cursor", d: `M0 0V${height}` });
  svg.append(clip, line);
  svg.querySelectorAll(".marks").forEach((marks) => marks.setAttribute("clip-path", `url(#replayed-${n})`));
  return (at) => {
    const x = left + ((right - left) * Math.min(at, end)) / end;
    line.setAttribute("transform", `translate(${x} 0)`);
    // A dot that begins here is as wide as a stroke.
    shown.setAttribute("width", x + 4);
  };
});

let orders = [];
fetch(place.dataset.replay).then((answer) => answer.json()).then((run) => {
  orders = run.orders;
  show(now);
}).catch(() => {});

const kinds = [["", false], [" naive", true]];

/** What buyers know at a moment: who has an answer, and who waits. */
function figures(at) {
  return kinds.filter(([, naive]) => orders.some((order) => order.naive === naive)).map(([kind, naive]) => {
    const seen = orders.filter((order) => order.naive === naive && order.atMilliseconds <= at);
    const ended = seen.filter((order) => order.atMilliseconds + order.latencyMilliseconds <= at);
    const confirmed = ended.filter((order) => order.outcome === "acknowledged" || order.outcome === "retried").length;
    const silent = ended.filter((order) => order.outcome === "no answer").length;
    return `${confirmed}${kind} confirmed, ${seen.length - ended.length} waiting, ${silent} without an answer`;
  }).join("; ");
}

let now = Number(place.dataset.from);
let current = -1;

function show(at) {
  now = Math.max(0, Math.min(end, at));
  slider.value = String(now);
  const seconds = `${(now / 1000).toFixed(3)} s`;
  slider.setAttribute("aria-valuetext", seconds);
  place.querySelector("[data-replay-at]").textContent = seconds;
  place.querySelector("[data-replay-figures]").textContent = figures(now);
  charts.forEach((draw) => draw(now));
  const index = Math.max(0, steps.findLastIndex((step) => step.at <= now));
  if (index === current) {
    return;
  }
  steps[current]?.line.removeAttribute("aria-current");
  current = index;
  const step = steps[index];
  step.line.setAttribute("aria-current", "step");
  const list = step.line.parentElement;
  list.scrollTop = step.line.offsetTop - list.offsetTop - list.clientHeight / 2;
  place.querySelector("[data-replay-words]").textContent = step.words;
  const phase = place.querySelector("[data-replay-phase]");
  phase.textContent = step.phase;
  phase.dataset.phase = step.phase;
  drawParts(place, step.parts, now < end);
}

let playing = 0;

function pause() {
  cancelAnimationFrame(playing);
  playing = 0;
  play.textContent = "Play";
}

function start() {
  if (now >= end) {
    show(Number(place.dataset.from));
  }
  play.textContent = "Pause";
  let last = performance.now();
  const frame = (time) => {
    show(now + Math.max(0, time - last) / Number(speed.value));
    last = time;
    if (now < end) {
      playing = requestAnimationFrame(frame);
    } else {
      pause();
    }
  };
  playing = requestAnimationFrame(frame);
}

const toggle = () => (playing ? pause() : start());

/** To the next moment at which something changed, or the one before. */
function step(by) {
  pause();
  const target = by > 0 ? steps.find((one) => one.at > now + 0.5) : steps.findLast((one) => one.at < now - 0.5);
  show(target?.at ?? (by > 0 ? end : 0));
}

play.addEventListener("click", toggle);
place.querySelectorAll("[data-replay-step]").forEach((button) => {
  button.addEventListener("click", () => step(Number(button.dataset.replayStep)));
});
slider.addEventListener("input", () => {
  pause();
  show(Number(slider.value));
});
addEventListener("keydown", (event) => {
  const away = event.target.closest?.("input:not([type=range]), select, textarea, [role=region]");
  if (away || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    step(event.key === "ArrowRight" ? 1 : -1);
    event.preventDefault();
  } else if (event.key === " " && !event.target.closest("button, a, summary")) {
    toggle();
    event.preventDefault();
  }
});

place.querySelector("[data-replay-controls]").hidden = false;
place.querySelector("[data-replay-journal]").open = true;
show(now);
