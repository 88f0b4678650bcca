/** The page at /code in a real browser, served by a real node. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { constants, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { barriers, launch, noBrowser, openPage, type Watched } from "../support/browser.ts";
import { Fleet, type FleetNode } from "../support/fleet.ts";

const nasty = "<img src=x onerror=document.title=`got`>.txt";
const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const longest = 100_000;

/** Opens a named pipe once somebody reads it; a plain open would wait for ever where nobody does. */
async function openForReader(pipe: string): Promise<FileHandle> {
  for (let tries = 0; ; tries++) {
    try {
      return await open(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENXIO" || tries === 500) throw error;
      await wait(20);
    }
  }
}

describe("C-03 C-53 the page at /code", { skip: noBrowser, timeout: 600_000 }, () => {
  const fleet = new Fleet();
  let service: FleetNode;
  let worker: FleetNode;
  let browser: Browser;
  let watched: Watched;
  let page: Page;

  before(async () => {
    service = await fleet.server("com");
    worker = await fleet.worker("demo", service);
    for (const { home } of [service, worker]) {
      mkdirSync(join(home, "files"));
      execFileSync("mkfifo", [join(home, "slow.csv")]);
    }
    for (const name of ["plan.txt", "推进记录.txt", nasty])
      writeFileSync(join(service.home, "files", name), "one\ntwo\n");
    writeFileSync(join(worker.home, "files", "远方.txt"), "one\n");
    const lines = Array.from({ length: longest }, (_, n) => `${n},第${n}行,${n / 4}`);
    writeFileSync(join(service.home, "long.csv"), `n,text,part\n${lines.join("\n")}\n`);
    cpSync("docs", join(service.home, "docs"), { recursive: true, filter: (file) => !file.endsWith(".png") });
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await fleet.stop();
  });
  beforeEach(async () => {
    watched = await openPage(browser);
    page = watched.page;
  });
  afterEach(async () => {
    const { complaints, requests } = watched;
    await watched.close();
    assert.deepEqual(complaints, [], "the console is quiet, the policy is kept");
    const elsewhere = requests.filter((url) => !url.startsWith(service.url) && !url.startsWith("blob:"));
    assert.deepEqual(elsewhere, [], "nothing is asked for elsewhere");
  });

  /** Opens the page as the line that a node prints does, at a place. */
  async function visit(place = "", options?: Parameters<typeof openPage>[1]): Promise<void> {
    if (options !== undefined) {
      await watched.close();
      watched = await openPage(browser, options);
      page = watched.page;
    }
    // Else a change of the fragment alone would leave the page as it is.
    await page.goto("about:blank");
    await page.goto(`${service.url}/code#token=${service.token}&${place}`);
    await page.waitForSelector(place.includes("command=") ? "ctx-form > *" : "nav a", { state: "attached" });
  }
  async function run(): Promise<void> {
    await page.click("button.run");
    await page.waitForSelector("ctx-answer .state:not(.running)");
  }
  const texts = (selector: string): Promise<string[]> => page.locator(selector).allInnerTexts();
  const overflow = (): Promise<unknown> => page.evaluate("document.documentElement.scrollWidth - innerWidth");
  /** What the terminal says to the same words, its first line. */
  const terminal = async (...words: string[]): Promise<string> =>
    (await service.bench(...words)).err.split("\n")[0] ?? "";

  test("C-52 the token in the address becomes a cookie and is gone from it", async () => {
    await visit("command=nfs.dir&path=files");
    assert.equal(await page.evaluate("location.href"), `${service.url}/code#command=nfs.dir&path=files`);
    const [cookie] = await page.context().cookies();
    assert.deepEqual([cookie?.httpOnly, cookie?.sameSite], [true, "Strict"]);
    assert.notEqual(cookie?.value, service.token);
    await page.reload();
    await page.waitForSelector("ctx-form .field");
  });

  test("C-52 without a token a box asks for it; a wrong one is refused, the whole address is taken too", async () => {
    await page.goto(`${service.url}/code#command=nfs.dir`);
    await page.waitForSelector("dialog[open]");
    assert.match((await texts("dialog"))[0] ?? "", /var\/run\/token/);
    assert.deepEqual(await barriers(page), []);
    await page.fill("#login-token", "wrong");
    await page.keyboard.press("Enter");
    await page.waitForSelector("dialog .problem:not(:empty)");
    assert.deepEqual(await texts("dialog .problem"), ["That is not the token of this node."]);
    await page.fill("#login-token", `${service.url}/code#token=${service.token}`);
    await page.keyboard.press("Enter");
    await page.waitForSelector("ctx-form .field");
    assert.equal(await page.locator("dialog[open]").count(), 0);
  });

  test("C-52 a session that has ended asks again, and nothing that was typed is lost", async () => {
    await visit("command=nfs.dir");
    await page.fill("#field-path", "files");
    await page.context().clearCookies();
    await page.click("button.run");
    await page.waitForSelector("dialog[open]");
    await page.fill("#login-token", service.token);
    await page.keyboard.press("Enter");
    await page.waitForSelector("dialog[open]", { state: "detached" });
    assert.equal(await page.inputValue("#field-path"), "files");
    await run();
    assert.deepEqual(await texts(".state"), ["✓ done"]);
  });

  test("X-01 the form is made from the declaration", async () => {
    await visit("command=nfs.dir");
    assert.deepEqual(await texts(".field .name"), ["path", "fields", "dir_deep", "dir_type", "dir_reg", "dir_sort"]);
    assert.deepEqual(await texts(".field .kind"), ["path", "text…", "flag", "choice", "text", "text choice"]);
    assert.equal(await page.getAttribute("#field-path", "placeholder"), ".");
    assert.deepEqual(await texts("#field-dir_type option"), ["both (default)", "both", "file", "dir", "all"]);
    assert.equal(await page.getAttribute("#field-dir_deep", "type"), "checkbox");
    assert.match((await texts(".field .help"))[0] ?? "", /^Folder/);
  });

  test("what is wrong is said while it is typed, in the words of the terminal", async () => {
    await visit("command=cli.history");
    await page.fill("#field-number", "x");
    const [problem] = await texts("#field-number-problem");
    assert.equal(`error: history: ${problem}`, await terminal("history", "x"));
    assert.equal(await page.getAttribute("#field-number", "aria-invalid"), "true");
    await page.fill("#field-number", "7");
    assert.deepEqual(await texts("#field-number-problem"), [""]);
    await visit("command=cli.sleep");
    await page.click("button.run");
    assert.deepEqual(await texts("#field-time-problem"), ["time is missing"]);
    assert.equal(await page.locator("ctx-answer section").count(), 0, "nothing was run");
  });

  test("what the node refuses is said at its field, and in full as in the terminal", async () => {
    await visit("command=nfs.dir&dir_reg=(");
    await run();
    assert.deepEqual(await texts(".error p"), [await terminal("dir", "dir_reg", "(")]);
    assert.match((await texts("#field-dir_reg-problem"))[0] ?? "", /^dir_reg: bad regular expression/);
    assert.equal(await page.evaluate("document.activeElement.id"), "field-dir_reg");
  });

  test("an error is the one of the terminal, with its hint", async () => {
    await visit("command=nfs.dir&path=filse");
    await run();
    const [said] = await texts(".error p");
    assert.equal(said, await terminal("dir", "filse"));
    assert.match(said ?? "", /^error: no file or folder "filse" \(did you mean "files"\?\)$/);
    assert.deepEqual(await texts(".state"), ["✕ failed"]);
  });

  test("rows come typed; a Chinese name is whole, and a name that looks like HTML is text", async () => {
    await visit("command=nfs.dir&path=files&fields=size+line+filename");
    await run();
    assert.deepEqual(await texts("th"), ["size", "line", "filename"]);
    assert.deepEqual((await texts("td.text")).sort(), [nasty, "plan.txt", "推进记录.txt"].sort());
    assert.deepEqual(await texts("tr.row:first-of-type td.size, tr.row td.size"), ["8 B", "8 B", "8 B"]);
    assert.equal(await page.title(), "ContextOS");
    assert.equal(await page.locator("td img").count(), 0);
    assert.deepEqual(await texts(".rows"), ["3 rows"]);
  });

  test("the policy holds: a script that gets into the page does not run", async () => {
    await visit();
    const refused = page.waitForEvent("console", (message) => message.text().includes("inline event handler"));
    await page.evaluate(`(() => {
      const script = document.createElement("script");
      script.textContent = "document.title = 'got'";
      document.body.append(script);
      document.body.insertAdjacentHTML("beforeend", ${JSON.stringify(nasty)});
    })()`);
    await refused;
    assert.equal(await page.title(), "ContextOS");
    assert.match(watched.complaints.join("\n"), /inline script.*Content Security Policy/);
    watched.complaints.length = 0;
    watched.requests.length = 0;
  });

  for (const [where, place, node] of [
    ["here", "command=nfs.import&file=slow.csv", () => service],
    ["on another node", "node=demo&command=nfs.import&file=slow.csv", () => worker],
  ] as const) {
    test(`X-05 rows of a slow command ${where} are there before its end; Escape stops it there`, async () => {
      await visit(place);
      await page.click("button.run");
      const writer = await openForReader(join(node().home, "slow.csv"));
      await writer.write(`n,text\n${Array.from({ length: 3000 }, (_, n) => `${n},行\n`).join("")}`);
      await page.waitForSelector("td.text");
      assert.deepEqual((await texts("tr.row:nth-child(2) td")).slice(0, 2), ["0", "行"]);
      assert.match((await texts(".state"))[0] ?? "", /running/);
      await page.keyboard.press("Escape");
      await page.waitForSelector(".state.stopped");
      assert.deepEqual((await texts("tr.row:nth-child(2) td")).slice(0, 2), ["0", "行"], "what came stays");
      await assert.rejects(
        async () => {
          for (;;) {
            await writer.write("1,nobody reads this\n");
            await wait(20);
          }
        },
        { code: "EPIPE" },
        "the command has gone",
      );
      await writer.close();
    });
  }

  test("C-41 C-53 another node is chosen, and aims every command", async () => {
    await visit("command=nfs.dir&path=files&fields=size+filename");
    assert.deepEqual(await texts("#node option"), ["this node", "demo · worker"]);
    await page.selectOption("#node", "demo");
    await page.waitForSelector("h1 .at");
    assert.equal(await page.evaluate("location.hash"), "#node=demo&command=nfs.dir&path=files&fields=size+filename");
    await page.waitForSelector("#field-path");
    assert.deepEqual(await texts(".line code"), ["remote demo nfs.dir files size filename"]);
    await run();
    assert.deepEqual(await texts("td"), ["", "4 B", "远方.txt", ""]);
    await page.fill("#field-path", "nosuch");
    await run();
    assert.deepEqual(await texts(".error p"), ['error: no file or folder "nosuch"', "com → com.demo → nfs.dir"]);
    await page.click("nav a:has-text('pwd')");
    await page.waitForSelector("#field-what");
    await run();
    assert.deepEqual(await texts("ctx-answer pre"), [worker.home]);
  });

  test("C-41 a node that is not there is said to be so", async () => {
    await visit();
    await page.goto(`${service.url}/code#node=nosuch&command=nfs.dir`);
    await page.waitForSelector("main .error");
    assert.match((await texts("main .error p"))[0] ?? "", /unknown node "nosuch"/);
    await page.selectOption("#node", "");
    await page.waitForSelector("#field-path");
    assert.equal(await page.locator("main .error").count(), 0);
  });

  test("a table of 100,000 rows is only as many elements as can be seen", async () => {
    await visit("command=nfs.import&file=long.csv");
    await run();
    assert.deepEqual(await texts(".rows"), ["100,000 rows"]);
    assert.ok((await page.locator("tr.row").count()) < 150);
    await page.evaluate("document.querySelector('.scroll').scrollTop = 1e9");
    await page.waitForSelector(`tr[aria-rowindex="${longest + 1}"]`);
    const last = page.locator(`tr[aria-rowindex="${longest + 1}"] td`);
    assert.deepEqual(await last.allInnerTexts(), ["99999", "第99999行", "24999.75"]);
    assert.equal(
      await page.evaluate("getComputedStyle(document.querySelector('tr.row td.integer')).textAlign"),
      "right",
    );
    assert.ok(await page.evaluate("document.querySelector('thead').getBoundingClientRect().height > 0"));
  });

  test("C-50 the table is copied with tabs, and saved as CSV and JSON", async () => {
    await visit("command=nfs.dir&path=files&fields=line+filename&dir_reg=plan", {
      permissions: ["clipboard-read", "clipboard-write"],
    });
    await run();
    await page.click("ctx-answer button:text-is('Copy')");
    await page.waitForSelector(".said:text('copied')");
    assert.equal(await page.evaluate("navigator.clipboard.readText()"), "line\tfilename\n2\tplan.txt\n");
    for (const [button, content] of [
      ["CSV", "line,filename\n2,plan.txt\n"],
      ["JSON", /"append":\[\n\{"line":2,"filename":"plan.txt"\}/],
    ] as const) {
      const [download] = await Promise.all([page.waitForEvent("download"), page.click(`button:text("${button}")`)]);
      assert.equal(download.suggestedFilename(), `nfs.dir.${button.toLowerCase()}`);
      const text = readFileSync(await download.path(), "utf8");
      if (typeof content === "string") assert.equal(text, content);
      else assert.match(text, content);
    }
  });

  test("an answer in text, and one that has nothing to say", async () => {
    await visit("command=nfs.pwd");
    await run();
    assert.deepEqual(await texts("ctx-answer pre"), [`${service.home}`]);
    await visit("command=cli.sleep&time=1ms");
    await run();
    assert.deepEqual(await texts("ctx-answer .none"), ["It is done, and had nothing to say."]);
  });

  test("what an administrator may do looks different and asks first", async () => {
    await visit("command=cli.system&words=echo+'a+b'");
    await page.click("button.run.admin");
    await page.waitForSelector(".question");
    assert.equal(await page.locator("ctx-answer section").count(), 0);
    await page.click("button:text-is('No')");
    await page.click("button.run.admin");
    await page.click("text=Yes, run it");
    await page.waitForSelector(".state.done");
    assert.deepEqual(await texts("ctx-answer pre"), ["a b\n"]);
    assert.equal(await page.locator("button.run.write").count(), 0);
  });

  test("a link shows the same again; the browser goes back and forward", async () => {
    await visit("module=ctx.nfs&command=nfs.dir&path=files&dir_deep=true&dir_sort=size&dir_sort=int_r");
    assert.deepEqual(await texts(".line code"), ["nfs.dir files dir_deep dir_sort size int_r"]);
    assert.equal(await page.inputValue("#module"), "ctx.nfs");
    await run();
    await page.click("nav a:has-text('pwd')");
    await page.waitForSelector("#field-what");
    assert.equal(await page.evaluate("location.hash"), "#module=ctx.nfs&command=nfs.pwd");
    await page.goBack();
    await page.waitForSelector("#field-path");
    assert.equal(await page.inputValue("#field-path"), "files");
    assert.deepEqual(await texts(".rows"), ["3 rows"], "and the answer is still there");
    await page.goForward();
    await page.waitForSelector("#field-what");
  });

  test("X-01 by keyboard alone: search, choose, fill in, run", async () => {
    await visit();
    await page.keyboard.press("/");
    await page.keyboard.type("list folder");
    await page.waitForSelector("nav li:only-child a");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#field-path:focus");
    await page.keyboard.type("files");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".state.done");
    assert.equal(await page.evaluate("location.hash"), "#command=nfs.dir&path=files");
  });

  const modes = [
    ["a phone", phone],
    ["a dark phone", { ...phone, colorScheme: "dark" }],
    ["a screen", {}],
    ["a dark screen", { colorScheme: "dark", reducedMotion: "reduce" }],
  ] as const;
  for (const [name, options] of modes) {
    test(`nothing overflows and nobody is shut out: ${name}`, async () => {
      await visit("", options);
      assert.deepEqual([await overflow(), await barriers(page)], [0, []]);
      await visit("command=nfs.dir&path=files", options);
      await run();
      assert.deepEqual([await overflow(), await barriers(page)], [0, []]);
      await visit("command=cli.system&words=false", options);
      await page.click("button.run");
      await page.click("text=Yes, run it");
      await page.waitForSelector(".state.failed");
      assert.deepEqual([await overflow(), await barriers(page)], [0, []]);
    });
  }

  test("the first load is small", async () => {
    const files = readdirSync("usr/librarys", { recursive: true, encoding: "utf8" }).filter((name) =>
      /(?<!\.d)\.(js|css)$/.test(name),
    );
    const bytes = files.reduce((sum, name) => sum + gzipSync(readFileSync(join("usr/librarys", name))).length, 0);
    assert.ok(bytes < 60 * 1024, `${bytes} bytes`);
  });

  /** Pictures for the manual: made anew with UPDATE=1. */
  const pictures = [
    ["code", "command=nfs.dir&path=docs&dir_deep=true&dir_sort=size&dir_sort=int_r", {}],
    ["code-phone", "command=nfs.dir&path=docs/decisions&fields=size+filename", phone],
    ["code-dark", "node=demo&command=nfs.dir&path=filse", { colorScheme: "dark" }],
  ] as const;
  for (const [name, place, options] of pictures) {
    const file = `docs/pictures/${name}.png`;
    test(`picture ${name}`, { skip: process.env["UPDATE"] !== "1" && existsSync(file) && "it is there" }, async () => {
      await visit(place, options);
      await run();
      await page.evaluate("document.activeElement.blur()");
      mkdirSync("docs/pictures", { recursive: true });
      await page.screenshot({ path: file });
    });
  }
});
