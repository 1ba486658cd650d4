// The panel in a browser, as people use it. tests/panel_browser.rs starts the server and runs this; the environment says
// where everything is. With DRAY_IMAGES, pictures of the pages are written there.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import axe from "axe-core";

const { DRAY_URL: url, DRAY_KEY: key, DRAY_SAMPLE: sample, DRAY_CHROMIUM: executablePath, DRAY_IMAGES: images } = process.env;

const PAGE_LIMIT = 100_000;
const DESK = { width: 1200, height: 860 };
const PHONE = { width: 390, height: 844 };

// The pages whose pictures are kept in the dark and on a phone; in the light, every page's is.
const ALSO = ["activity", "overview", "shipment", "upload"];

const browser = await chromium.launch({
  executablePath,
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
  ],
});
const context = await browser.newContext({ viewport: DESK, reducedMotion: "reduce" });
const page = await context.newPage();

const complaints = [];
let readKey;
let mayFail = false;
page.on("console", (message) => {
  if (["error", "warning"].includes(message.type()) && !mayFail) complaints.push(`${page.url()}: ${message.text()}`);
});
page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error}`));
// What the browser itself gives up when it leaves a page is no fault.
page.on("requestfailed", (request) => {
  const failure = request.failure()?.errorText;
  if (failure !== "net::ERR_ABORTED") complaints.push(`${request.url()}: ${failure}`);
});
page.on("request", (request) => {
  if (!request.url().startsWith(url)) complaints.push(`the panel asked elsewhere: ${request.url()}`);
});

// How large the page is as the server sends it.
async function weigh() {
  const size = await page.evaluate(async () => (await (await fetch(location.href)).text()).length);
  if (size >= PAGE_LIMIT) complaints.push(`${page.url()} has ${size} characters`);
}

// Looks at the page as people with different eyes, screens and themes do.
async function look(name) {
  for (const [theme, colorScheme, viewport] of [["light", "light", DESK], ["dark", "dark", DESK], ["phone", "light", PHONE]]) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(viewport);
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
    for (const violation of violations) {
      complaints.push(`${name}, ${theme}: ${violation.id}: ${violation.help}: ${violation.nodes.map((node) => node.html).join(" | ").slice(0, 400)}`);
    }
    const wider = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
    if (wider > 0) complaints.push(`${name}, ${theme}: the page is ${wider} pixels wider than the window`);
    if (images && (theme === "light" || ALSO.includes(name))) {
      await page.evaluate(() => scrollTo(0, 0));
      await page.screenshot({ path: `${images}/panel-${name}-${theme}.png`, fullPage: false });
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(DESK);
  await weigh();
}

async function open(path, name) {
  const response = await page.goto(url + path);
  assert.equal(response.status(), 200, path);
  await look(name);
}

const text = (selector) => page.locator(selector).first().innerText();

async function step(name, work) {
  console.log(name);
  await work();
}

try {
  await step("sign in", async () => {
    await page.goto(`${url}/upload`);
    assert.equal(new URL(page.url()).pathname, "/sign-in");
    await look("sign-in");
    mayFail = true;
    await page.fill("#key", "dray_some_other_key");
    await page.click("main button");
    assert.match(await text("[role=alert]"), /not known/);
    mayFail = false;
    await page.fill("#key", key);
    await page.click("main button");
    await page.waitForURL(`${url}/upload`);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  });

  await step("upload the sample", async () => {
    await page.setInputFiles("#file", sample);
    await page.waitForSelector("#result h2");
    const rows = (await page.locator("#result .figures dd").allInnerTexts()).map((count) => Number(count.replaceAll(",", "")));
    assert.equal(rows[0] + rows[1], 5000, "every row is either ready or at fault");
    assert.ok(rows[1] > 0, "the sample has mistakes");
    await look("upload");
    await page.click("button[value=send]");
    await page.waitForURL(/\/jobs\//);
  });

  let job;
  await step("watch the bar move", async () => {
    job = new URL(page.url()).pathname;
    if (images) {
      await page.goto(url);
      await page.waitForSelector("[data-state=RUNNING] ~ span");
      await page.waitForTimeout(1500);
      await page.screenshot({ path: `${images}/panel-running-light.png` });
      await page.goto(url + job);
    }
    const seen = new Set();
    const bar = page.locator("[role=progressbar]");
    for (let wait = 0; wait < 1200; wait += 1) {
      seen.add(await bar.getAttribute("aria-valuenow"));
      if (await page.locator("[data-state=COMPLETED]").count()) break;
      await page.waitForTimeout(100);
    }
    assert.equal(await page.locator("[data-state]").first().getAttribute("data-state"), "COMPLETED");
    assert.equal(await bar.getAttribute("aria-valuenow"), await bar.getAttribute("aria-valuemax"));
    assert.ok(seen.size > 2, `the bar stood at ${[...seen]}`);
    await page.waitForSelector("#errors-title");
    await look("job");
  });

  await step("sort, search, download errors", async () => {
    await page.click("thead a:has-text('Code')");
    assert.equal(await page.locator("th[aria-sort]").innerText(), "Code");
    const codes = await page.locator("tbody td.code").allInnerTexts();
    assert.deepEqual(codes, [...codes].sort());
    const csv = await page.request.get(`${url}${job}/errors.csv`);
    assert.match(csv.headers()["content-type"], /text\/csv/);
    assert.match(await csv.text(), /dray_error/);
    await page.fill("#search", "MOV-2025-000224");
    await page.click("[role=search] button");
    assert.equal(await page.locator("tbody tr").count(), 1);
  });

  await step("mend a record and send it again", async () => {
    await page.click("tbody tr a");
    await look("record");
    await page.click("main button[type=submit]");
    await page.waitForSelector("[role=alert]");
    await page.fill("[name=load]", "500");
    await page.click("main button[type=submit]");
    await page.waitForURL((address) => address.pathname.startsWith("/jobs/") && address.pathname !== job && !address.pathname.includes("records"));
    await page.waitForSelector("[data-state=COMPLETED]");
    assert.match(await text(".figures"), /Calculated\s+1\b/);
    await open("/", "activity");
  });

  await step("a shipment and its map", async () => {
    await open("/shipments", "shipments");
    await page.fill("#search", "MOV-2025-000049");
    await page.selectOption("#category", "maritime");
    await page.click("main button[type=submit]");
    await page.click("tbody a");
    await page.waitForSelector(".map .route");
    assert.ok(await page.locator(".steps > li").count() >= 3);
    await look("shipment");
    await page.locator("#receipt-title").scrollIntoViewIfNeeded();
  });

  await step("the overview", async () => {
    await open("/overview", "overview");
    assert.match(await text("[aria-labelledby=levers-title]"), /shipments? with/);
    assert.match(await text("[aria-labelledby=bands-title]"), /Source: Dcycle/);
    await page.click("[aria-labelledby=levers-title] a");
    assert.equal(new URL(page.url()).pathname, "/shipments");
  });

  await step("the other pages", async () => {
    await open("/packs", "packs");
    await open("/hubs", "hubs");
    await page.click("text=New hub");
    await look("hub");
    await page.fill("#name", "Madrid <1>");
    await page.selectOption("#type", "subcontracted");
    await page.fill("#address", "Madrid, Spain");
    await page.click("main button[type=submit]");
    await page.waitForURL(`${url}/hubs`);
    assert.match(await text("tbody"), /Madrid <1>.*ES/s);
    await open("/keys", "keys");
    await page.fill("#name", "auditor");
    await page.selectOption("#access", "read");
    await page.click("text=Make a key");
    readKey = (await text(".key")).trim();
    assert.match(readKey, /^dray_\w{20,}$/);
    assert.equal((await page.goto(`${url}/jobs/00000000-0000-0000-0000-000000000000`)).status(), 404);
  });

  await step("without scripts", async () => {
    const plain = await browser.newContext({ javaScriptEnabled: false, viewport: PHONE });
    const bare = await plain.newPage();
    await bare.goto(`${url}${job}`);
    await bare.fill("#key", key);
    await bare.click("main button");
    assert.equal(new URL(bare.url()).pathname, job);
    await bare.goto(`${url}/upload`);
    await bare.setInputFiles("#file", sample);
    await bare.click("button[value=check]");
    assert.match(await bare.locator("#result").innerText(), /Rows ready to send/i);
    await plain.close();
  });

  await step("a key that only reads changes nothing", async () => {
    const reader = await browser.newContext();
    const other = await reader.newPage();
    await other.goto(`${url}/hubs/new`);
    await other.fill("#key", readKey);
    await other.click("main button");
    await other.fill("#name", "Lyon");
    await other.selectOption("#type", "subcontracted");
    await other.click("main button[type=submit]");
    assert.match(await other.locator("main").innerText(), /Not allowed/);
    await other.goto(`${url}/keys`);
    assert.match(await other.locator("main").innerText(), /does not manage keys/);
    await page.goto(`${url}/keys`);
    await page.click("tr:has-text('auditor') summary");
    await page.click("tr:has-text('auditor') button");
    await page.waitForURL(`${url}/keys`);
    await page.waitForTimeout(2500);
    await other.goto(`${url}/shipments`);
    assert.equal(new URL(other.url()).pathname, "/sign-in", "the session ended with its key");
    await reader.close();
  });

  await step("sign out", async () => {
    await page.goto(url);
    await page.click("text=Sign out");
    assert.equal(new URL(page.url()).pathname, "/sign-in");
    await page.goto(`${url}/shipments`);
    assert.equal(new URL(page.url()).pathname, "/sign-in");
  });

  const expected = complaints.filter((complaint) => !complaint.includes("404"));
  assert.deepEqual(expected, []);
} finally {
  await browser.close();
}
