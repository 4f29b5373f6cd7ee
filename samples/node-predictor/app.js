// An outsider that joins the workshop's titanic network with nothing more than GET /titanic/predict, and no package at all.
//
// The model is a table: of each sex in each class, how many survived. Rows of few passengers are drawn to the mean of all.
// It learns at start from the file given with --data, and leaves out the rows that members are judged on.
import { createHash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const LABELS = ["0", "1"];
const COLUMNS = [
  "passengerClass", "sex", "age", "siblingsSpouses", "parentsChildren", "fare", "embarked", "title", "cabinKnown",
];

/** As many passengers as the mean of all counts for in a row of the table. */
const PRIOR = 5;

/** The workshop's rule: about one row in ten is kept to judge members by. */
const isHeldOut = (line) => createHash("sha256").update(line).digest()[0] < 26;

/** The share that survived, by class and sex. */
function learn(path) {
  const [header, ...lines] = readFileSync(path, "utf8").trim().split(/\r?\n/);
  const names = header.split(",");
  const rows = lines.filter((line) => !isHeldOut(line))
    .map((line) => Object.fromEntries(line.split(",").map((cell, at) => [names[at], cell])));
  const survived = (some) => some.filter((row) => row.survived === "1").length;
  const mean = survived(rows) / rows.length;
  const shares = new Map();
  for (const passengerClass of ["1", "2", "3"]) {
    for (const sex of ["female", "male"]) {
      const group = rows.filter((row) => row.passengerClass === passengerClass && row.sex === sex);
      shares.set(`${passengerClass} ${sex}`, (survived(group) + PRIOR * mean) / (group.length + PRIOR));
    }
  }
  return shares;
}

/** What is wrong with each argument; empty when all is well. */
function check(query) {
  const errors = {};
  for (const name of new Set(query.keys())) {
    if (!COLUMNS.includes(name)) {
      errors[name] = ["There is no such argument."];
    }
  }
  if (!["1", "2", "3"].includes(query.get("passengerClass")) || query.getAll("passengerClass").length > 1) {
    errors.passengerClass = ["Must be given once: 1, 2 or 3."];
  }
  if (!["female", "male"].includes(query.get("sex")) || query.getAll("sex").length > 1) {
    errors.sex = ["Must be given once: female or male."];
  }
  return errors;
}

function send(response, status, type, body) {
  response.writeHead(status, { "Content-Type": type }).end(JSON.stringify(body));
}

function problem(response, status, title, errors) {
  send(response, status, "application/problem+json", { type: "about:blank", title, status, errors });
}

function predict(shares, query, response) {
  const errors = check(query);
  if (Object.keys(errors).length > 0) {
    problem(response, 400, "Bad Request", errors);
    return;
  }
  const survives = shares.get(`${query.get("passengerClass")} ${query.get("sex")}`);
  const prediction = survives >= 0.5 ? "1" : "0";
  send(response, 200, "application/json", {
    model_name: "titanic",
    model_version: "1",
    id: randomUUID(),
    parameters: { predictor: "node-predictor", prediction, confidence: Math.max(survives, 1 - survives) },
    outputs: [
      { name: "label", shape: [1], datatype: "BYTES", data: [prediction] },
      {
        name: "probabilities", shape: [1, 2], datatype: "FP64", data: [1 - survives, survives],
        parameters: { labels: LABELS },
      },
    ],
  });
}

const here = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: {
    port: { type: "string", default: "5301" },
    // Where to listen; this machine alone by default.
    host: { type: "string", default: "127.0.0.1" },
    data: { type: "string", default: join(here, "../../Predictors/Data/titanic.csv") },
  },
});
const shares = learn(options.data);
createServer((request, response) => {
  const url = new URL(request.url, "http://localhost");
  if (request.method === "GET" && ["/predict", "/titanic/predict"].includes(url.pathname)) {
    predict(shares, url.searchParams, response);
  } else {
    problem(response, 404, "Not Found");
  }
}).listen(Number(options.port), options.host, () => console.log(`Listening on http://${options.host}:${options.port}`));
