// The console in a real browser, at 1440 and at 390 px, with and without scripts, on a hub that
// `cargo run --example console_scene` fills and serves. Screenshots go to XUNCHA_SCREENSHOTS if it is set.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const SHOTS = process.env.XUNCHA_SCREENSHOTS ?? "";
const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];
const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 390, height: 844 };

let stage, said, scene, folder;
const open = [];

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "xuncha-browser-"));
  if (SHOTS) await mkdir(SHOTS, { recursive: true });
  const built = process.env.XUNCHA_CONSOLE_STAGE;
  const cargo = ["run", "--quiet", "--package", "xuncha-hub", "--example", "console_scene"];
  stage = spawn(built ?? "cargo", built ? [] : cargo, { cwd: ROOT, stdio: ["pipe", "pipe", "inherit"] });
  said = createInterface({ input: stage.stdout })[Symbol.asyncIterator]();
  const failed = new Promise((_, no) => stage.once("exit", (code) => no(new Error(`the stage ended with ${code}`))));
  failed.catch(() => {});
  scene = JSON.parse((await Promise.race([said.next(), failed])).value);
}, { timeout: 900_000 });

after(async () => {
  for (const context of open) await context.close();
  stage?.stdin.end();
  await rm(folder, { recursive: true, force: true });
});

/** The handler's phone rectifies a case, with a photo, through the API. */
async function phoneRectifies(id) {
  stage.stdin.write(`rectify ${id}\n`);
  assert.equal(JSON.parse((await said.next()).value).done, `rectify ${id}`);
}

/** A browser of its own, signed in. */
async function desk(login, { viewport = WIDE, scripts = true } = {}) {
  const profile = await mkdtemp(path.join(folder, "profile-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.XUNCHA_CHROMIUM ?? "/usr/bin/chromium",
    headless: true, args: FLAGS, viewport, javaScriptEnabled: scripts, locale: "zh-CN", acceptDownloads: true,
    colorScheme: "light",
  });
  open.push(context);
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(30_000);
  await page.goto(`${scene.url}/sign-in`);
  await page.getByLabel("用户名").fill(login);
  await page.getByLabel("密码", { exact: true }).fill(scene.password);
  await page.getByRole("button", { name: "登录" }).click();
  await page.waitForURL("**/today");
  return page;
}

async function shot(page, name) {
  if (SHOTS) await page.screenshot({ path: path.join(SHOTS, `${name}.png`), fullPage: true });
}

/** Nothing wider than the window, nothing too small to read or to hit, and enough contrast everywhere. */
async function looksRight(page, name) {
  const found = await page.evaluate(() => {
    const parse = (text) => (text.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = ([r, g, b]) => {
      const part = (v) => ((v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
      return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
    };
    const ground = (element) => {
      for (let at = element; at; at = at.parentElement) {
        const colour = parse(getComputedStyle(at).backgroundColor);
        if (colour.length === 3 || colour[3] > 0.99) return colour;
      }
      return [255, 255, 255];
    };
    const faint = [], tiny = [], small = [];
    const seen = (element) => element.checkVisibility() && element.getBoundingClientRect().width > 1;
    for (const element of document.querySelectorAll("body *")) {
      const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
      if (!own || !seen(element) || element.closest(".out, .skip")) continue;
      const style = getComputedStyle(element);
      const [a, b] = [luminance(parse(style.color)), luminance(ground(element))];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (ratio < 4.5) faint.push(`${element.textContent.trim().slice(0, 20)} ${ratio.toFixed(1)}`);
      if (parseFloat(style.fontSize) < 12.9) tiny.push(`${element.textContent.trim().slice(0, 20)} ${style.fontSize}`);
    }
    const narrow = innerWidth < 640;
    for (const element of document.querySelectorAll("button, .button, select, input:not([type=hidden])")) {
      const box = element.getBoundingClientRect();
      if (seen(element) && box.height < (narrow && !/radio|checkbox/.test(element.type) && !element.matches(".quiet") ? 43.5 : 20)) {
        small.push(`${element.name || element.textContent} ${box.height}`);
      }
    }
    return {
      width: document.documentElement.scrollWidth, window: innerWidth, faint, tiny, small,
      grey: document.querySelectorAll(":disabled").length,
    };
  });
  assert.ok(found.width <= found.window, `${name} is ${found.width} px wide in a window of ${found.window}`);
  assert.deepEqual(found.faint, [], `${name}: contrast below 4.5`);
  assert.deepEqual(found.tiny, [], `${name}: text below 13 px`);
  assert.deepEqual(found.small, [], `${name}: targets too small`);
  assert.equal(found.grey, 0, `${name}: greyed out controls`);
  const words = await page.evaluate(() => document.body.innerText);
  for (const never of ["同步成功", "上传成功", "校验失败", "操作失败", "系统异常", "可疑", "403", "无权限"]) {
    assert.ok(!words.includes(never), `${name} says ${never}`);
  }
}

const PAGES = () => [
  ["today", "/today"], ["ledger", "/ledger"], ["visits", "/visits"], ["desk", "/desk"], ["verify", "/verify"],
  ["case", `/cases/${scene.cases.to_verify_far}`], ["case-overdue", `/cases/${scene.cases.overdue}`],
  ["case-closed", `/cases/${scene.cases.closed}`], ["notice", `/cases/${scene.cases.overdue}/notice`], ["campaigns", "/campaigns"],
  ["campaign", `/campaigns/${scene.campaign}?as_of=2026-07-15`],
  ["campaign-register", `/campaigns/${scene.campaign}?tab=register&as_of=2026-07-15`],
  ["campaign-gaps", `/campaigns/${scene.campaign}?tab=gaps&as_of=2026-07-15`],
  ["campaign-figures", `/campaigns/${scene.campaign}?tab=figures&as_of=2026-07-15`],
  ["campaign-gaps-paper", `/campaigns/${scene.campaign}/gaps?as_of=2026-07-15`],
  ["campaign-list", `/campaigns/${scene.campaign}/list?set=visited.leaders&as_of=2026-07-15`],
  ["banners", "/banners"], ["phones", "/phones"], ["desk-case", `/desk?case=${scene.cases.to_dispatch}`],
  ["desk-confirm", `/desk?case=${scene.cases.to_dispatch}&panel=dispatch`],
  ["desk-unit", `/desk?case=${scene.cases.to_dispatch}&panel=dispatch_to`],
  ["desk-compare", `/desk?case=${scene.cases.reported}&panel=compare`],
  ["desk-reject", `/desk?case=${scene.cases.reported}&panel=reject`],
  ["ledger-columns", "/ledger?state=all&cols=description&cols=district&cols=remarks"], ["ledger-empty", "/ledger?q=%E4%BA%95%E7%9B%96&state=closed&time=today"],
];
const ADMIN = [["people", "/people"], ["forms", "/forms"], ["admin-phones", "/phones"], ["admin-today", "/today"]];

for (const [width, viewport] of [["1440", WIDE], ["390", NARROW]]) {
  test(`every page fits and can be read at ${width} px`, { timeout: 300_000 }, async () => {
    const page = await desk("li", { viewport });
    for (const [name, address] of PAGES()) {
      const answer = await page.goto(scene.url + address);
      assert.equal(answer.status(), 200, name);
      await shot(page, `${width}-${name}`);
      await looksRight(page, `${name} at ${width}`);
    }
    const admin = await desk("admin", { viewport });
    for (const [name, address] of ADMIN) {
      await admin.goto(scene.url + address);
      await shot(admin, `${width}-${name}`);
      await looksRight(admin, `${name} at ${width}`);
    }
    await admin.goto(`${scene.url}/people?q=${encodeURIComponent("高明")}`);
    await admin.getByRole("button", { name: /发码/ }).first().click();
    await admin.locator(".qr svg").waitFor();
    await shot(admin, `${width}-code`);
    await looksRight(admin, `code at ${width}`);
    await admin.getByRole("button", { name: "退出" }).first().click();
    await admin.waitForURL("**/sign-in*");
    await shot(admin, `${width}-sign-in`);
    await looksRight(admin, `sign-in at ${width}`);
  });
}

for (const scripts of [true, false]) {
  const how = scripts ? "with scripts" : "without scripts";
  test(`the ledger is filtered, opened and exported ${how}`, { timeout: 120_000 }, async () => {
    const page = await desk("li", { scripts, viewport: scripts ? WIDE : NARROW });
    await page.goto(`${scene.url}/ledger`);
    if (!scripts) await page.getByText("筛选（1）").click();
    await page.locator("main input[name=q]").fill("人民路");
    await page.locator("main select[name=state]").selectOption("all");
    await page.locator("main").getByRole("button", { name: "查询", exact: true }).click();
    await page.getByText("共2件", { exact: true }).first().waitFor();
    const waiting = page.waitForEvent("download");
    await page.getByRole("link", { name: "导出Excel（2行）" }).click();
    const bytes = await readFile(await (await waiting).path());
    assert.equal(bytes.subarray(0, 2).toString(), "PK");
    await page.locator("tbody a[data-row]").first().click();
    await page.getByRole("heading", { name: "经过" }).waitFor();
  });
}

/** Verifies as someone else, with a photo, and closes. */
async function verifyAndClose(id, { scripts, viewport }) {
  const verifier = await desk("qian", { scripts, viewport });
  await verifier.goto(`${scene.url}/verify`);
  await verifier.locator(`a[href="/cases/${id}?from=verify"]`).first().click();
  const verify = verifier.locator("#do-verify");
  await verify.getByLabel("已整改到位").check();
  await verify.getByRole("button", { name: "提交核查结果" }).click();
  await verifier.getByText("还差对照照片").first().waitFor();
  assert.match(await verifier.title(), /^出错：/);
  await shot(verifier, `${viewport.width}-case-missing`);
  assert.ok(await verify.getByLabel("已整改到位").isChecked(), "what was chosen is still chosen");
  const photo = await verifier.request.get(`${scene.url}${await verifier.locator(".shots img").first().getAttribute("src")}`);
  await verify.locator("input[type=file]").setInputFiles({ name: "a.jpg", mimeType: "image/jpeg", buffer: await photo.body() });
  await verify.getByRole("button", { name: "提交核查结果" }).click();
  await verifier.getByText("“核查”已生效。").waitFor();
  const page = await desk("li", { scripts, viewport });
  await page.goto(`${scene.url}/desk?tab=verified&case=${id}`);
  await page.getByRole("button", { name: /^结案/ }).click();
  await page.getByText("“结案”已生效。").waitFor();
  await page.goto(`${scene.url}/cases/${id}`);
  await page.getByText("已结案 解决").first().waitFor();
  await shot(page, `${viewport.width}-case-after-closing`);
}

test("a case goes round at 390 px without scripts: desk, a phone, verification, closing", { timeout: 240_000 }, async () => {
  const how = { scripts: false, viewport: NARROW };
  const page = await desk("li", how);
  await page.goto(`${scene.url}/desk`);
  assert.equal(await page.locator(".pane").isVisible(), false, "a narrow desk is a list first");
  await page.locator("ol.rows a", { hasText: "学府路9号门前" }).click();
  assert.equal(await page.locator(".waiting").isVisible(), false);
  const acts = await page.locator(".acts").boundingBox();
  assert.ok(acts.y + acts.height <= NARROW.height + 1 && acts.y > NARROW.height / 2, "the steps are at the bottom");
  await page.getByRole("button", { name: /^立案/ }).click();
  await page.getByText("“立案”已生效。").waitFor();
  await page.getByRole("link", { name: /派遣给环卫中心/ }).click();
  await page.getByText(/派遣给环卫中心 李明，.*到期。/).waitFor();
  await looksRight(page, "confirm at 390");
  await page.getByRole("button", { name: /^确认/ }).click();
  await page.getByText("“派遣”已生效。").waitFor();
  await phoneRectifies(scene.cases.reported);
  await verifyAndClose(scene.cases.reported, how);
});

test("a case goes round by keyboard alone, and the focus is always to be seen", { timeout: 240_000 }, async () => {
  const page = await desk("li");
  const seen = async (what) => {
    const ring = await page.evaluate(() => {
      const style = getComputedStyle(document.activeElement);
      return document.activeElement !== document.body && style.outlineStyle !== "none" ? parseFloat(style.outlineWidth) : 0;
    });
    assert.ok(ring >= 2.5, `${what}: no focus to be seen (${ring})`);
  };
  // The open row has the focus at once; walk to the one that is wanted.
  const wanted = page.locator("ol.rows a", { hasText: "建设路与学院路口" });
  await page.goto(`${scene.url}/desk?tab=to_dispatch`);
  await page.locator("ol.rows a:focus").waitFor();
  await seen("first row");
  for (let n = 0; n < 20 && !(await wanted.evaluate((e) => e === document.activeElement)); n++) await page.keyboard.press("j");
  await seen("row");
  await page.keyboard.press("Enter");
  await page.waitForURL(/case=/);
  await page.locator("ol.rows a[aria-current]:focus").waitFor();
  assert.match(await page.locator("ol.rows a:focus").innerText(), /建设路与学院路口/);
  await seen("open row");
  await shot(page, "1440-desk-focus");
  assert.match(await page.locator(".acts").innerText(), /[UD]/);
  await page.keyboard.press("u");
  await page.waitForURL(/panel=dispatch_to/);
  const chooser = page.locator("select[name=handler]");
  for (let n = 0; n < 60 && !(await chooser.evaluate((e) => e === document.activeElement)); n++) await page.keyboard.press("Tab");
  await seen("unit");
  await page.keyboard.type("环卫");
  assert.match(await chooser.evaluate((e) => e.selectedOptions[0].textContent), /李明/);
  const reason = page.locator("textarea[name=reason]");
  for (let n = 0; n < 10 && !(await reason.evaluate((e) => e === document.activeElement)); n++) await page.keyboard.press("Tab");
  await page.keyboard.type("路面坑洼先围挡");
  await page.keyboard.press("Tab");
  await seen("button");
  await page.keyboard.press("Enter");
  await page.getByText("“派遣”已生效。").waitFor();
  await phoneRectifies(scene.cases.to_dispatch);
  await verifyAndClose(scene.cases.to_dispatch, { scripts: true, viewport: WIDE });
});

test("a letter on a button presses it only while the list has the focus", { timeout: 120_000 }, async () => {
  const page = await desk("li");
  await page.goto(`${scene.url}/desk?case=${scene.cases.raced}`);
  await page.locator("#find").focus();
  await page.keyboard.type("x");
  assert.ok(!page.url().includes("panel"));
  await page.locator("ol.rows a[aria-current]").focus();
  await page.keyboard.press("z");
  await page.waitForURL(/panel=correct/);
  await page.locator("textarea[name=reason]").fill("门牌写错了");
  await page.keyboard.press("Escape");
  await page.waitForURL((url) => !url.search.includes("panel="));
});

test("a dispatch that comes too late says who was first and keeps the text", { timeout: 120_000 }, async () => {
  const [first, second] = [await desk("li"), await desk("li", { viewport: NARROW })];
  const address = `${scene.url}/cases/${scene.cases.raced}`;
  await first.goto(address);
  await second.goto(address);
  await first.locator("#do-dispatch select[name=handler]").selectOption("ming");
  await first.locator("#do-dispatch").getByRole("button", { name: "派遣" }).click();
  await first.getByText("“派遣”已生效。").waitFor();
  await second.locator("#do-dispatch select[name=handler]").selectOption("sun");
  await second.locator("#do-dispatch textarea[name=reason]").fill("水务先看一眼");
  await second.locator("#do-dispatch").getByRole("button", { name: "派遣" }).click();
  await second.locator("#lost").waitFor();
  assert.match(await second.locator("#lost").innerText(), /陈晓/);
  assert.equal(await second.locator("#do-dispatch textarea[name=reason]").inputValue(), "水务先看一眼");
  await shot(second, "390-case-lost-race");
  await looksRight(second, "lost race at 390");
});

test("every number of the campaign opens as many rows", { timeout: 300_000 }, async () => {
  const page = await desk("lead");
  await page.goto(`${scene.url}/campaigns/${scene.campaign}?as_of=2026-07-15`);
  const text = await page.locator("main").innerText();
  assert.match(text, /副县级以上领导走访企业43家，收集问题和建议29条/);
  const links = () => page.locator("a[data-count]").evaluateAll((all) => all.map((a) => [a.href, a.textContent]));
  const numbers = await links();
  assert.ok(numbers.length > 25);
  await page.getByRole("link", { name: "缺口", exact: true }).click();
  await page.getByRole("heading", { name: "企业和人" }).waitFor();
  const gaps = await links();
  assert.ok(gaps.length > 6);
  numbers.push(...gaps);
  for (const [address, number] of numbers) {
    await page.goto(address);
    assert.equal(await page.locator("tr[data-item]").count(), Number(number.split("/")[0].replace(",", "")), address);
  }
});

test("phones: both sides' numbers, and what waits is decided", { timeout: 120_000 }, async () => {
  for (const viewport of [WIDE, NARROW]) {
    const page = await desk("admin", { viewport, scripts: false });
    await page.goto(`${scene.url}/phones`);
    const row = page.locator("tr[data-phone]", { hasText: "王新" });
    const [made, held] = (await row.locator("td").nth(1).innerText()).match(/[0-9,]+/g).map((n) => Number(n.replace(",", "")));
    assert.equal(made - held, 2, "what the phone made and what the hub holds");
    await page.getByText("刘洋调出西城区后交来").waitFor();
    await shot(page, `${viewport.width}-phones-waiting`);
    await row.first().getByRole("link", { name: "停用" }).click();
    await page.getByText(/停用后它的2条、\d+张仍可用交接包交来/).waitFor();
    await shot(page, `${viewport.width}-phone-confirm`);
    await looksRight(page, `phone at ${viewport.width}`);
    await page.getByRole("link", { name: "不停用" }).click();
    await page.getByText("剩余空间").waitFor();
    await shot(page, `${viewport.width}-phone`);
    await looksRight(page, `phone at ${viewport.width}`);
  }
  const page = await desk("admin", { viewport: NARROW, scripts: false });
  await page.goto(`${scene.url}/phones`);
  await page.getByRole("button", { name: "归原区（西城区）" }).click();
  await page.getByText("已采纳，记录已入台账。").waitFor();
  assert.equal(await page.getByText("调出西城区后交来").count(), 0);
});

test("J and K walk the list, and only while the list has the focus", { timeout: 120_000 }, async () => {
  const page = await desk("li");
  await page.goto(`${scene.url}/ledger`);
  const row = (n) => page.locator("[data-row]").nth(n);
  await page.keyboard.press("j");
  assert.ok(!(await row(1).evaluate((e) => e === document.activeElement)));
  await row(0).focus();
  await page.keyboard.press("j");
  assert.ok(await row(1).evaluate((e) => e === document.activeElement));
  await shot(page, "1440-ledger-focus");
  await page.keyboard.press("k");
  assert.ok(await row(0).evaluate((e) => e === document.activeElement));
  await page.keyboard.press("g");
  await page.keyboard.press("d");
  await page.waitForURL("**/desk");
});

test("keys of a case: before, after, photos, back to the list, off", { timeout: 120_000 }, async () => {
  const page = await desk("li");
  await page.goto(`${scene.url}/ledger?unit=clean&state=all&sort=number`);
  const row = (n) => page.locator("[data-row]").nth(n);
  const [first, second] = [await row(0).getAttribute("href"), await row(1).getAttribute("href")];
  await row(0).focus();
  await page.keyboard.press("Enter");
  await page.getByText(/第1\/\d+件/).waitFor();
  await shot(page, "1440-case-from-list");
  await looksRight(page, "case from a list");
  await page.keyboard.press("]");
  await page.waitForURL(scene.url + second);
  await page.keyboard.press("[");
  await page.waitForURL(scene.url + first);
  await page.keyboard.press("?");
  await page.getByText("正在填写时，按键不起作用").waitFor();
  await page.locator("#find").focus();
  await page.keyboard.type("]1");
  assert.equal(page.url(), scene.url + first, "not while something is being written");
  await page.getByRole("button", { name: "关掉按键" }).click();
  await page.keyboard.press("]");
  assert.equal(page.url(), scene.url + first, "not once they are switched off");
  await page.getByRole("button", { name: "按键已关，打开" }).click();
  await page.locator("h1").click();
  await page.keyboard.press("1");
  await page.waitForURL("**/photos/**");
  await page.goBack();
  await page.keyboard.press("Escape");
  await page.waitForURL("**/ledger?**");
  await page.locator("[data-row]").first().focus();
  await page.keyboard.press("g");
  await page.keyboard.press("t");
  await page.waitForURL("**/today");
});

test("X marks rows, and only those are printed", { timeout: 120_000 }, async () => {
  const page = await desk("li");
  await page.goto(`${scene.url}/ledger?state=all&cols=description&cols=reporter`);
  await page.locator("[data-row]").first().focus();
  for (const key of ["x", "j", "j", "x", "j", "x", "x"]) await page.keyboard.press(key);
  await page.getByText("已勾2行").waitFor();
  await shot(page, "1440-ledger-marked");
  await page.locator("#find").focus();
  await page.keyboard.type("x");
  await page.getByText("已勾2行").waitFor();
  await page.getByRole("button", { name: "打印勾选的行" }).click();
  await page.waitForURL("**/ledger/print?**");
  assert.equal(await page.locator("tbody tr").count(), 2);
});

test("the printed ledger is A4 across, the gaps A4 upright, each with a place to sign", { timeout: 120_000 }, async () => {
  const page = await desk("li");
  await page.goto(`${scene.url}/ledger/print?state=all`);
  const paper = await page.pdf({ preferCSSPageSize: true });
  const boxes = [...paper.toString("latin1").matchAll(/\/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]/g)];
  assert.ok(boxes.length > 1, "several pages");
  for (const [, width, height] of boxes) assert.ok(Number(width) > Number(height), "landscape");
  await page.getByText("审核人").waitFor();
  await shot(page, "1440-ledger-print");
  await page.goto(`${scene.url}/campaigns/${scene.campaign}/gaps?as_of=2026-07-15`);
  const upright = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
  const sizes = [...upright.matchAll(/\/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]/g)];
  assert.ok(sizes.length > 1, "several pages");
  for (const [, width, height] of sizes) assert.ok(Math.abs(width - 595) < 2 && Math.abs(height - 842) < 2, "A4 upright");
});
