// Writes the storefront's section of docs/performance.md from what the other programs here measured, and prints it.
// Usage: node report.js FOLDER DOCUMENT; FOLDER holds lighthouse.json, server-time.json, shoppers.md and load.txt.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const BEGIN = "<!-- bench/web: begin -->";
const END = "<!-- bench/web: end -->";

const [folder, documentPath] = process.argv.slice(2);
const read = (name) => readFileSync(join(folder, name), "utf8").trim();
const pages = JSON.parse(read("lighthouse.json"));
const lists = JSON.parse(read("server-time.json"));

// Both presets of a page share their first paint, which is measured without either.
const paint = pages.filter(({ preset }) => preset === "mobile");

const section = [
  `Load of the machine before and after: ${read("load.txt").split("\n").join("; ")}.`,
  "",
  "| page | preset | performance (wanted 95) | accessibility (wanted 100) | best practices (wanted 100) | marked down for |",
  "| --- | --- | ---: | ---: | ---: | --- |",
  ...pages.map(({ name, preset, scores, faults }) => `| ${name} | ${preset} | ${scores.join(" | ")} | ${faults.join(", ") || "nothing"} |`),
  "",
  "| what | wanted | seen |",
  "| --- | ---: | ---: |",
  ...paint.map(({ name, firstPaint }) => `| first contentful paint, ${name} | < 1000 ms | ${firstPaint.toFixed(0)} ms |`),
  ...lists.map(({ connections, p50, p95, p99 }) =>
    `| product list, server time, ${connections === 1 ? "1 connection" : `${connections} connections`}: p95 | < 50 ms | ${p95.toFixed(1)} ms (p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)}) |`),
  read("shoppers.md"),
].join("\n");

const text = readFileSync(documentPath, "utf8");
const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
if (begin < 0 || end < begin) {
  throw new Error(`${documentPath} has no place for the table: ${BEGIN} and ${END}`);
}
writeFileSync(documentPath, `${text.slice(0, begin + BEGIN.length)}\n${section}\n${text.slice(end)}`);
console.log(section);
