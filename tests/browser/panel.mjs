// The panel in a browser, as people use it. tests/panel_browser.rs starts the server and runs this; the environment says
// where everything is. With DRAY_IMAGES, pictures of the pages are written there; with DRAY_LOOK, whole pages in every theme.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";
import axe from "axe-core";

const {
  DRAY_URL: url, DRAY_KEY: key, DRAY_ORGANIZATION: organization, DRAY_EXAMPLES: examples, DRAY_CHROMIUM: executablePath,
  DRAY_IMAGES: images, DRAY_LOOK: looks,
} = process.env;
const sample = `${examples}/shipments.csv`;
const workbook = `${examples}/small.xlsx`;

const PAGE_LIMIT = 100_000;
const DESK = { width: 1200, height: 860 };
const PHONE = { width: 390, height: 844 };

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
    if (images) {
      await page.evaluate(() => scrollTo(0, 0));
      await page.screenshot({ path: `${images}/panel-${name}-${theme}.png`, fullPage: false });
    }
    if (looks) await page.screenshot({ path: `${looks}/${name}-${theme}.png`, fullPage: true });
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

// Calls the API as a program does.
async function call(path, data) {
  const headers = { "x-api-key": key, "x-organization-id": organization };
  const answer = await page.request.post(url + path, { data, headers });
  assert.ok(answer.ok(), `${path}: ${await answer.text()}`);
  return answer.json();
}

// A file of shipments that become several jobs.
const many = (rows) => {
  const lines = Array.from({ length: rows }, (_, n) => `R${n},van_diesel,100,${(n % 900) + 1}`);
  return { name: "many.csv", mimeType: "text/csv", buffer: Buffer.from(`movement_id,toc,load,distance_km\n${lines.join("\n")}`) };
};

const state = (where) => where.locator("[data-state]").first().getAttribute("data-state");

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

  await step("drop a workbook", async () => {
    await look("upload-empty");
    const dropped = await page.evaluateHandle((base64) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], "small.xlsx"));
      return transfer;
    }, readFileSync(workbook).toString("base64"));
    await page.dispatchEvent("[data-drop]", "dragover", { dataTransfer: dropped });
    assert.match(await page.getAttribute("[data-drop]", "class"), /over/);
    await page.dispatchEvent("[data-drop]", "drop", { dataTransfer: dropped });
    await page.waitForURL(/\/upload\/./);
    assert.match(await text("h1"), /small\.xlsx/);
    assert.match(await text(".figures"), /Rows ready to send\s+[1-9]/);
    await page.click("text=Discard");
    await page.waitForURL(`${url}/upload`);
  });

  await step("upload the sample", async () => {
    await page.setInputFiles("#file", sample);
    await page.waitForURL(/\/upload\/./);
    const rows = (await page.locator(".figures dd").allInnerTexts()).map((count) => Number(count.replaceAll(",", "")));
    assert.equal(rows[0] + rows[1], 5000, "every row is either ready or at fault");
    assert.ok(rows[1] > 0, "the sample has mistakes");
    await look("upload");
    await page.click("#send");
    await page.waitForURL(/\/jobs\//);
  });

  let job;
  await step("watch the bar move", async () => {
    job = new URL(page.url()).pathname;
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
    await page.fill("#search", "MOV-2025-003141");
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
    await page.waitForSelector("[data-state=COMPLETED]", { timeout: 180_000 });
    assert.match(await text(".figures"), /Calculated\s+1\b/);
    await open("/", "activity");
  });

  await step("a shipment and its map", async () => {
    await open("/shipments", "shipments");
    await page.fill("#search", "MOV-2025-000050");
    await page.selectOption("#category", "maritime");
    await page.click("main button[type=submit]");
    await page.click("tbody a");
    await page.waitForSelector(".map .route");
    assert.ok(await page.locator(".steps > li").count() >= 3);
    await look("shipment");
    await page.locator("#receipt-title").scrollIntoViewIfNeeded();
  });

  await step("ferries and sea passages on the map", async () => {
    const palma = await call("/v1/logistics/requests", {
      origin: "Barcelona, Spain", destination: "Palma, Spain", load: 8000, toc: "artic_truck_diesel", movement_id: "FERRY",
    });
    await open(`/shipments/${palma.id}`, "ferry");
    assert.ok(await page.locator(".map path.ferry").count(), "the crossing is dashed");
    assert.match(await text(".way"), /Ferry: /);
    const name = (await text(".way")).match(/Ferry: (.*), \d+ km/)[1];
    assert.ok((await page.locator(".map text").allTextContents()).includes(name), `the ferry ${name} is named`);
    const rotterdam = await call("/v1/logistics/requests", {
      origin: "Shanghai", destination: "Rotterdam", load: 2, load_unit: "teu", toc: "container_ship_average", movement_id: "SEA",
    });
    await open(`/shipments/${rotterdam.id}`, "sea");
    const names = await page.locator(".map text").allTextContents();
    for (const passage of ["Strait of Malacca", "Suez Canal", "Strait of Gibraltar"]) {
      assert.ok(names.includes(passage), `${passage} is named among ${names}`);
      assert.ok((await text(".way")).includes(passage), passage);
    }
  });

  await step("several jobs of one file; cancelled, and retried", async () => {
    await page.goto(`${url}/upload`);
    await page.setInputFiles("#file", many(12_000));
    await page.waitForURL(/\/upload\/./);
    const file = new URL(page.url()).pathname;
    assert.match(await text("main"), /becomes 3 jobs/);
    await page.click("#send");
    await page.waitForSelector("article");
    assert.equal(new URL(page.url()).pathname, file);
    assert.equal(await page.locator("article").count(), 3);
    const last = await page.locator("article a").last().getAttribute("href");
    await page.goto(url + last);
    await page.click("summary");
    await page.click("[action$=cancel] button");
    await page.waitForSelector("text=Cancelled");
    await look("cancelled");
    await page.click("text=Retry");
    await page.waitForSelector("[data-state=COMPLETED]", { timeout: 180_000 });
    assert.match(await text(".figures"), /Calculated\s+2,000\b/);
    await open(file, "sent");
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
    await bare.setInputFiles("#file", workbook);
    await bare.click("main button");
    assert.match(await bare.locator("h1").innerText(), /small\.xlsx/);
    await bare.click("#send");
    assert.match(new URL(bare.url()).pathname, /^\/jobs\//, "a file is chosen once");
    const slow = many(9_999);
    slow.buffer = Buffer.from(slow.buffer.toString().replaceAll("\nR", "\nBARE-"));
    await bare.goto(`${url}/upload`);
    await bare.setInputFiles("#file", slow);
    await bare.click("main button");
    await bare.click("#send");
    await bare.locator("article a").last().click();
    await bare.click("summary");
    await bare.click("[action$=cancel] button");
    assert.match(await bare.locator("main").innerText(), /Cancelled/);
    await bare.click("text=Retry");
    for (let wait = 0; wait < 600 && await state(bare) !== "COMPLETED"; wait += 1) {
      await bare.waitForTimeout(100);
      await bare.reload();
    }
    assert.equal(await state(bare), "COMPLETED");
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

  await step("a key for several organizations", async () => {
    await call("/v1/organizations", { name: "Transportes Norte" });
    await page.fill("#key", key);
    await page.click("main button");
    await page.waitForURL(/\/organizations/);
    await look("organizations");
    await page.click("li:has-text('Transportes Norte') button");
    await page.waitForURL(`${url}/shipments`);
    assert.match(await text("main"), /No shipments yet/);
    await page.click(".place");
    await page.locator("main form button").first().click();
    await page.waitForURL(url + "/");
    await page.waitForSelector("article");
  });

  const expected = complaints.filter((complaint) => !complaint.includes("404"));
  assert.deepEqual(expected, []);
} finally {
  await browser.close();
}
