// Weight and money of each member, batch by batch.
import { plot } from "./plot.js";

const place = document.querySelector("[data-series]");

if (place) {
  place.hidden = false;
  const answer = await fetch(place.dataset.series);
  if (answer.ok) {
    const series = await answer.json();
    draw("weights", series, (member) => member.weights, 1);
    draw("earnings", series, (member) => member.earnings, 1);
  }
}

function draw(name, series, values, minimum) {
  const lines = series.members.map((member, at) => ({ label: member.name, colour: `--line-${(at % 9) + 1}` }));
  const chart = plot(document.querySelector(`[data-plot="${name}"]`), lines, { time: false, minimum });
  chart.setData([series.batches, ...series.members.map(values)]);
}
