// Scores pages with Lighthouse, in the presets for a phone and for a desk, and prints a table of them as JSON.
// Usage: node lighthouse.js ADDRESS; the cart and the checkout are those of a buyer who has put one product in the cart.
import { launch } from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";
import puppeteer from "puppeteer-core";

const CATEGORIES = ["performance", "accessibility", "best-practices"];

/** Each page is loaded this often; scores are medians, since one load on a busy machine says little. */
const LOADS = 3;

const PRESETS = { mobile: undefined, desktop: desktopConfig };

const site = process.argv[2];
if (!site) {
  console.error("usage: node lighthouse.js ADDRESS");
  process.exit(2);
}

const median = (values) => [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];

/** Puts a product in the cart as a buyer does, so that the pages after it have something to show. */
async function fillCart(browser) {
  const page = await browser.newPage();
  await page.goto(`${site}/products?inStock=true`);
  const product = await page.$eval(".product a", (link) => link.getAttribute("href"));
  await page.goto(site + product);
  await Promise.all([page.waitForNavigation(), page.click("form[action='/cart/items'] button")]);
  await page.goto(`${site}/checkout`);
  const checkout = new URL(page.url());
  await page.close();
  return { product, checkout: checkout.pathname + checkout.search };
}

/** One load: scores from 0 to 100, first paint in milliseconds, and what it was marked down for. */
async function load(path, preset, port, tries = 3) {
  const { lhr } = await lighthouse(
    site + path,
    // Reset storage would empty the cart: it hangs on a cookie.
    { port, onlyCategories: CATEGORIES, disableStorageReset: true, logLevel: "error" },
    PRESETS[preset],
  );
  if (lhr.runtimeError) {
    // On a busy machine a trace may come too late to be of use.
    if (tries > 1) {
      return load(path, preset, port, tries - 1);
    }
    throw new Error(`${path}: ${lhr.runtimeError.message}`);
  }
  const scores = CATEGORIES.map((category) => Math.round(lhr.categories[category].score * 100));
  const faults = CATEGORIES.slice(1).flatMap((category) =>
    lhr.categories[category].auditRefs
      .filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 1)
      .map(({ id }) => id));
  return { scores, faults };
}

/** First contentful paint as the browser itself notes it, with nothing slowed down and an empty cache; of the buyer with the cart. */
async function firstPaint(browser, path) {
  const context = await browser.createBrowserContext();
  await context.setCookie(...(await browser.defaultBrowserContext().cookies()));
  const page = await context.newPage();
  await page.goto(site + path, { waitUntil: "load" });
  await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0, { timeout: 10_000 });
  const at = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime);
  await context.close();
  return at;
}

const chrome = await launch({
  chromePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
  chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
try {
  const browser = await puppeteer.connect({ browserURL: `http://127.0.0.1:${chrome.port}`, defaultViewport: null });
  const { product, checkout } = await fillCart(browser);
  const pages = [
    ["home", "/"],
    ["product list", "/products"],
    ["product", product],
    ["cart", "/cart"],
    ["checkout", checkout],
    ["redundancy laboratory", "/redundancy"],
    ["prediction laboratory", "/predictions"],
    ["one network", "/predictions/titanic"],
  ];
  const rows = [];
  for (const [name, path] of pages) {
    await firstPaint(browser, path); // the server's first answer of a kind compiles code
    const paints = [];
    for (let n = 0; n < LOADS; n++) {
      paints.push(await firstPaint(browser, path));
    }
    for (const preset of Object.keys(PRESETS)) {
      const loads = [];
      for (let n = 0; n < LOADS; n++) {
        loads.push(await load(path, preset, chrome.port));
      }
      const scores = CATEGORIES.map((_, at) => median(loads.map((one) => one.scores[at])));
      rows.push({ name, preset, scores, firstPaint: median(paints), faults: [...new Set(loads.flatMap((one) => one.faults))] });
      console.error(`${name}, ${preset}: ${scores.join(" ")} ${rows.at(-1).faults.join(" ")}`);
    }
  }
  await browser.disconnect();
  console.log(JSON.stringify(rows));
} finally {
  chrome.kill();
}
