// Plots over uPlot, in the page's own colours.
import uPlot from "../lib/uPlot.esm.js";

const HEIGHT = 180;

/** Lines differ in their strokes as well, for those who do not see the colours. The legend shows both. */
const STROKES = [
  { dash: [], border: "solid" },
  { dash: [9, 5], border: "dashed" },
  { dash: [2, 4], border: "dotted" },
];

/** Each round through the strokes is drawn thicker than the one before. */
const strokeOf = (line) => STROKES[line % STROKES.length];
const widthOf = (line) => 2 + 1.5 * Math.floor(line / STROKES.length);

/** A time of day, in UTC as everywhere on our pages. */
export const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false, timeZone: "UTC" });

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/**
 * Draws a plot that follows the width of its place.
 * @param {HTMLElement} place where to draw
 * @param {{label: string, colour: string}[]} series names, with the name of a colour variable each
 * @param {{time?: boolean, minimum?: number}} options time: the x axis is in seconds since 1970
 */
export function plot(place, series, { time = true, minimum = 1 } = {}) {
  const axis = { stroke: colour("--bs-secondary-color"), grid: { stroke: colour("--bs-border-color"), width: 1 } };
  const moments = time ? { space: 70, values: (_, splits) => splits.map((at) => clock.format(at * 1000)) } : { incrs: [1, 2, 5, 10, 20, 50] };
  const chart = new uPlot(
    {
      width: Math.max(place.clientWidth, 200),
      height: HEIGHT,
      cursor: { y: false },
      legend: { live: false, markers: { width: 3, dash: (_, line) => strokeOf(line - 1).border } },
      scales: { x: { time }, y: { range: (_, low, high) => [Math.min(0, low ?? 0), Math.max(minimum, (high ?? 0) * 1.1)] } },
      axes: [{ ...axis, ...moments }, { ...axis, size: 56 }],
      series: [{}, ...series.map((line, at) => ({
        label: line.label, stroke: colour(line.colour), width: widthOf(at), dash: strokeOf(at).dash, spanGaps: false,
      }))],
    },
    [[], ...series.map(() => [])],
    place,
  );
  new ResizeObserver(() => chart.setSize({ width: Math.max(place.clientWidth, 200), height: HEIGHT })).observe(place);
  return chart;
}
