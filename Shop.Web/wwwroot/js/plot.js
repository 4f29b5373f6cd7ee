// Plots over uPlot, in the page's own colours.
import uPlot from "../lib/uPlot.esm.js";

const HEIGHT = 180;

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
  const chart = new uPlot(
    {
      width: Math.max(place.clientWidth, 200),
      height: HEIGHT,
      cursor: { y: false },
      legend: { live: false },
      scales: { x: { time }, y: { range: (_, low, high) => [Math.min(0, low ?? 0), Math.max(minimum, (high ?? 0) * 1.1)] } },
      axes: [axis, { ...axis, size: 56 }],
      series: [{}, ...series.map((line) => ({ label: line.label, stroke: colour(line.colour), width: 2, spanGaps: false }))],
    },
    [[], ...series.map(() => [])],
    place,
  );
  new ResizeObserver(() => chart.setSize({ width: Math.max(place.clientWidth, 200), height: HEIGHT })).observe(place);
  return chart;
}
