// Time from sending a request for the product list to the last byte of its answer, over connections that are kept open.
// Usage: node server-time.js ADDRESS; prints [{ connections, p50, p95, p99 }] as JSON, times in milliseconds.
import http from "node:http";

const REQUESTS = 500;
const WARM = 200;
const CONNECTIONS = [1, 8];
const PATH = "/products";

const site = process.argv[2];
if (!site) {
  console.error("usage: node server-time.js ADDRESS");
  process.exit(2);
}

function ask(agent) {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    http
      .get(site + PATH, { agent, headers: { "accept-encoding": "gzip" }, timeout: 10_000 }, (answer) => {
        answer.on("data", () => {});
        answer.on("end", () =>
          answer.statusCode === 200 ? resolve(performance.now() - began) : reject(new Error(`${PATH}: ${answer.statusCode}`)));
      })
      .on("timeout", function () {
        this.destroy(new Error(`${PATH}: no answer in 10 s`));
      })
      .on("error", reject);
  });
}

/** Each connection asks again as soon as it is answered. */
async function measure(connections, requests) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const times = [];
  let left = requests;
  await Promise.all(Array.from({ length: connections }, async () => {
    while (left-- > 0) {
      times.push(await ask(agent));
    }
  }));
  agent.destroy();
  return times.sort((one, other) => one - other);
}

const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];

const rows = [];
for (const connections of CONNECTIONS) {
  await measure(connections, WARM);
  const times = await measure(connections, REQUESTS);
  rows.push({ connections, p50: quantile(times, 0.5), p95: quantile(times, 0.95), p99: quantile(times, 0.99) });
}
console.log(JSON.stringify(rows));
