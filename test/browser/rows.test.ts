/** The fleet's rows at work: their reasons, the totals that lead to them, scrolling, and what keys do with them. */
import { describe, expect, it } from "@jest/globals";
import type { Page } from "playwright-core";
import * as z from "zod";
import { riskPoolPageSchema } from "../../lambdas/api/schemas/risk-pools.ts";
import { visit } from "./browser.ts";
import { everyStanding, fleetOf, largeFleet, rowOf, type Row } from "./fleets.ts";
import { withBrowser } from "./held.ts";
import { apiOf, json, servePage, shared, type Api } from "./page-under-test.ts";

const browser = withBrowser();
const wide = { width: 1440, scheme: "light" } as const;
const narrow = { width: 1024, scheme: "light" } as const;
const phone = { width: 360, scheme: "dark" } as const;

const texts = z.array(z.string());

const open = async (api: Api, look: typeof wide | typeof narrow | typeof phone, path = "/") => {
  const server = await servePage(api);
  const { page, faults, leave } = await visit(browser(), { url: server.url, path, look });
  await page.locator("text=web-0").first().waitFor();
  return {
    page,
    faults,
    close: async () => {
      await leave();
      await server.close();
    },
  };
};

const fleetApi = (rows: readonly Row[]): Api => apiOf({ ...shared, "/fleet": json(fleetOf(rows)) });

/** Two whose sentence was not recorded, and one of which nothing was. */
const judged: readonly Row[] = [
  ...everyStanding.map((row): Row => ({ ...row, verdict: row.verdict ?? "STAY" })),
  { ...rowOf(40), verdict: "REFUSE", reason: "TERMINATION_PROTECTED", sentence: null },
  { ...rowOf(41), verdict: "STAY", reason: "SAVINGS_TOO_SMALL", sentence: "" },
  { ...rowOf(42), verdict: "REFUSE", reason: null, sentence: null },
];

describe("a target that stayed or was refused", () => {
  const expected = (row: Row): string =>
    row.sentence ?? (row.reason === null ? "The reason is not recorded." : "Termination protected");

  it("shows its reason in its row", async () => {
    const { page, close } = await open(fleetApi(judged), wide);
    const shown = texts.parse(
      await page.locator("[role=gridcell].verdict > span:last-child").allInnerTexts(),
    );
    await close();
    expect(shown).toHaveLength(judged.length);
    expect(shown.filter((text) => text.trim() === "")).toEqual([]);
    expect(shown).toContain("Savings too small");
    for (const row of judged) {
      if (row.sentence !== "") expect(shown).toContain(expected(row));
    }
  });

  it("shows its reason on its card", async () => {
    const { page, close } = await open(fleetApi(judged), phone);
    const shown = texts.parse(await page.locator(".cards .why").allInnerTexts());
    await close();
    expect(shown).toHaveLength(judged.length);
    expect(shown.filter((text) => /^[^:]+:\s*$/.test(text))).toEqual([]);
    expect(shown).toContain("Refuse: Termination protected");
    expect(shown).toContain("Refuse: The reason is not recorded.");
  });
});

describe("cards", () => {
  it("stand where they were once the page was loaded again, and at the top where it is opened", async () => {
    const { page, close } = await open(fleetApi(judged), phone);
    const top = (): Promise<unknown> => page.evaluate("scrollY");
    // At once: of the last scrolling no event has come yet.
    const loaded = page.waitForEvent("load");
    await page.evaluate("scrollTo(0, 700); location.reload()");
    await loaded;
    await page.locator("text=web-0").first().waitFor();
    for (let look = 0; look < 100 && (await top()) !== 700; look += 1) {
      await page.waitForTimeout(20);
    }
    const afterReload = await top();
    await page.evaluate("sessionStorage.setItem('spot-optimizer-places', 'not JSON')");
    await page.goto(page.url());
    await page.locator("text=web-0").first().waitFor();
    const opened = await top();
    await close();
    expect(afterReload).toBe(700);
    expect(opened).toBe(0);
  });

  it.each([
    ["stand there once an API has answered that takes three seconds", false, 700],
    ["are left alone once somebody has touched the page meanwhile", true, 0],
  ])("%s", async (_, touches, expected) => {
    let delayMs = 0;
    const answer = fleetApi(judged);
    const slow: Api = async (request) => {
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      return answer(request);
    };
    const { page, close } = await open(slow, phone);
    await page.evaluate("scrollTo(0, 700)");
    delayMs = 3000;
    await page.reload();
    if (touches) await page.mouse.wheel(0, 0);
    await page.locator("text=web-0").first().waitFor();
    await page.waitForTimeout(200);
    const top: unknown = await page.evaluate("scrollY");
    await close();
    expect(top).toBe(expected);
  });

  it("are selected by a mark as large as a finger, and asked about together", async () => {
    const { page, faults, close } = await open(fleetApi(everyStanding), phone);
    const marks = page.locator(".cards .choose");
    const box = await marks.first().boundingBox();
    for (const nth of [0, 2, 3]) await marks.nth(nth).click();
    await marks.nth(3).click();
    const group = page.getByRole("group", { name: "Selected targets" });
    const told = await group.innerText();
    const checked = await page.locator(".cards input:checked").count();
    await group.getByRole("button", { name: /^Evaluate/ }).click();
    const asked = await page.getByRole("dialog").innerText();
    await close();
    expect(box?.width).toBeGreaterThanOrEqual(44);
    expect(box?.height).toBeGreaterThanOrEqual(44);
    expect(told).toContain("2 selected");
    expect(checked).toBe(2);
    expect(asked).toContain("2 targets");
    expect(faults).toEqual([]);
  });
});

const usd = (text: string): number =>
  Number(/-?[\d,]+(\.\d+)?/.exec(text)?.[0].replaceAll(",", ""));

/** Of all rows, as they are scrolled to. */
const savesOf = async (page: Page): Promise<readonly number[]> => {
  const found = await page.locator("[role=gridcell].saves").allInnerTexts();
  return found.filter((text) => text.includes("$")).map(usd);
};

describe("the interruptions of a region", () => {
  it("are the sum of the losses of the pools to which they lead", async () => {
    const pools = riskPoolPageSchema.parse({
      total: { losses: 5, lab_losses: 2 },
      items: [2, 3, 0].map((losses, zone) => ({
        pool_id: `us-east-1:use1-az${String(zone)}:m6a.large:linux-unix`,
        pool: {
          region: "us-east-1",
          zone_id: `use1-az${String(zone)}`,
          instance_type: "m6a.large",
          product: "Linux/UNIX",
        },
        losses,
        lab_losses: zone === 2 ? 2 : 0,
        decayed_losses: losses,
        losses_by_day: losses === 0 ? [] : [{ day: "2026-03-01", losses }],
        found_late: 0,
        refusals: 1,
      })),
    });
    const api = apiOf({
      ...shared,
      "/fleet": json(fleetOf(everyStanding)),
      "/risk/pools": json(pools),
      "/accounts": json({ items: [] }),
    });
    const { page, close } = await open(api, wide);
    const link = page.locator(".figures > div", { hasText: "Interruptions" }).getByRole("link");
    await page.locator(".figures a:has-text('5')").first().waitFor();
    const told = await link.innerText();
    const total = usd(told);
    await link.click();
    const rows = page.getByRole("region", { name: "Table of pools" }).locator("tbody tr");
    await rows.first().waitFor();
    const headings = await page
      .getByRole("region", { name: "Table of pools" })
      .locator("th")
      .allInnerTexts();
    const at = headings.findIndex((heading) => heading.startsWith("Losses")) + 1;
    const losses = await rows.locator(`td:nth-child(${String(at)})`).allInnerTexts();
    await close();
    expect(total).toBe(5);
    // Those of LAB accounts count for nobody else, and are told all the same.
    expect(told).toContain("us-east-1, and 2 of LAB");
    expect(losses.map(usd).reduce((sum, one) => sum + one, 0)).toBe(5);
  });
});

describe("the figures of the fleet", () => {
  it("have their remarks whole, beside them or below, and no line before the first of a row", async () => {
    const { page, close } = await open(fleetApi(everyStanding), narrow);
    const figures = page.locator(".figures").first();
    const card = await figures.boundingBox();
    const parts = await figures.locator("> div").all();
    const lefts = await Promise.all(parts.map(async (part) => (await part.boundingBox())?.x ?? 0));
    const remarks = await figures.locator("small:not(:empty)").all();
    const heights = await Promise.all(
      remarks.map(async (remark) => (await remark.boundingBox())?.height ?? 0),
    );
    await close();
    // Five parts in rows of four: two begin a row, where their line is cut off.
    expect(lefts.filter((left) => left <= (card?.x ?? 0) + 0.5)).toHaveLength(2);
    expect(heights.length).toBeGreaterThan(2);
    expect(Math.max(...heights)).toBeLessThan(20);
  });
});

describe("each total of the fleet", () => {
  const rows: readonly Row[] = everyStanding.map((row, index) => ({
    ...row,
    saves_monthly_usd: row.saves_basis === null ? null : 100 + index,
    saves_basis: index % 5 === 2 && row.saves_basis !== null ? "PLANNED" : row.saves_basis,
  }));

  it.each(["Saves where it stands", "Shadow targets would add"])(
    "%s is the sum of the rows to which it leads",
    async (title) => {
      const { page, close } = await open(fleetApi(rows), wide);
      const link = page.locator(".figures > div", { hasText: title }).getByRole("link");
      const total = usd(await link.innerText());
      await link.click();
      await page.locator(".foot").first().waitFor();
      const saves = await savesOf(page);
      await close();
      expect(saves.length).toBeGreaterThan(0);
      expect(Math.round(saves.reduce((sum, one) => sum + one, 0))).toBe(Math.round(total));
    },
  );

  it("of the standings counts the rows to which it leads, and together they are all", async () => {
    const { page, close } = await open(fleetApi(rows), wide);
    const links = page.locator(".figures .legend a");
    const counted: number[] = [];
    const found: number[] = [];
    for (let index = 0; index < (await links.count()); index += 1) {
      const link = links.nth(index);
      counted.push(Number(/\d+$/.exec((await link.innerText()).trim())?.[0]));
      await link.click();
      await page.waitForURL(/filter=standing/);
      found.push(await page.locator("[role=row][data-target]").count());
      await page.goBack();
    }
    await close();
    expect(found).toEqual(counted);
    expect(counted.reduce((sum, one) => sum + one, 0)).toBe(rows.length);
  });
});

/** Frame by frame: pixels of what is seen that no row covers. */
const gapsWhileScrolling = `new Promise((resolve) => {
  const box = document.querySelector("[role=grid]");
  const headings = box.querySelector(".headings").getBoundingClientRect().height;
  const gaps = [];
  let frames = 0;
  const look = () => {
    const { top, bottom } = box.getBoundingClientRect();
    const seen = [...box.querySelectorAll("[data-target]")]
      .map((row) => row.getBoundingClientRect())
      .filter((place) => place.bottom > top + headings && place.top < bottom);
    const first = Math.min(...seen.map((place) => place.top));
    const last = Math.max(...seen.map((place) => place.bottom));
    gaps.push(Math.max(0, first - top - headings - 1) + Math.max(0, bottom - last - 1));
    frames += 1;
    if (frames === 60) return resolve(gaps);
    box.scrollTop += frames % 20 === 0 ? 40_000 : 900;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})`;

describe("ten thousand rows", () => {
  it("leave no gap in any frame while they are scrolled", async () => {
    const { page, close } = await open(apiOf({ ...shared, "/fleet": json(largeFleet) }), wide);
    await page.locator("[role=gridcell]").first().waitFor();
    const gaps = z.array(z.number()).parse(await page.evaluate(gapsWhileScrolling));
    await close();
    expect(gaps).toHaveLength(60);
    expect(gaps.filter((gap) => gap > 0)).toEqual([]);
  });

  it("stand where they were left after Back, and once the page was loaded again", async () => {
    const { page, close } = await open(apiOf({ ...shared, "/fleet": json(largeFleet) }), wide);
    const top = (): Promise<unknown> =>
      page.evaluate("document.querySelector('[role=grid]').scrollTop");
    await page.evaluate("document.querySelector('[role=grid]').scrollTop = 111_000");
    await page.waitForFunction("document.querySelector('[data-target]').style.top !== '0px'");
    await page.locator("[role=grid] a.name").nth(20).click();
    await page.waitForURL(/targets/);
    await page.goBack();
    await page.locator("[role=grid]").waitFor();
    const found = await top();
    await page.reload();
    await page.locator("[role=gridcell]").first().waitFor();
    const afterReload = await top();
    await close();
    expect(found).toBe(111_000);
    expect(afterReload).toBe(111_000);
  });
});

describe("keys", () => {
  it("select rows and evaluate them after a question, each by one request", async () => {
    const posted: string[] = [];
    const api = fleetApi(everyStanding);
    const { page, faults, close } = await open(
      async (request) => {
        if (request.method !== "POST") return api(request);
        const { pathname } = new URL(request.url);
        posted.push(pathname);
        return pathname.includes(rowOf(1).target_id)
          ? json(
              { type: "x", title: "Held", status: 409, detail: "A switch works on it." },
              409,
            )(request)
          : json({ evaluation_id: "evl-1", execution_arn: "arn" }, 202)(request);
      },
      wide,
      "/?sort=name",
    );
    for (const key of ["j", "x", "j", "x", "e"]) await page.keyboard.press(key);
    const dialog = page.locator("dialog[open]");
    const heading = await dialog.locator("h2").innerText();
    await dialog.getByRole("button", { name: "Evaluate" }).click();
    await page.locator("text=1 evaluation begun, 1 not.").first().waitFor();
    const said = await page.locator(".notice").innerText();
    const selected = await page.locator("[aria-selected=true]").count();
    await close();
    expect(heading).toBe("Evaluate 2 targets now?");
    expect(posted).toEqual(
      [0, 1].map((index) => `/api/v1/lab/instances/${rowOf(index).target_id}/evaluate`),
    );
    expect(said).toContain("web-1: A switch works on it.");
    expect(selected).toBe(0);
    expect(faults).toEqual([]);
  });

  it("that are letters can be turned off; arrows, Space and Enter always work", async () => {
    const { page, faults, close } = await open(fleetApi(everyStanding), wide, "/?sort=name");
    await page.keyboard.press("?");
    await page.getByLabel(/Letters and signs are on/).uncheck();
    await page.keyboard.press("Escape");
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    const byLetters = await page.locator("[aria-selected=true], .row.current").count();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.locator("[role=row][aria-rowindex='3']:focus").waitFor();
    await page.keyboard.press("Space");
    const selected = await page.locator("[aria-selected=true]").getAttribute("data-target");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/targets\//);
    const address = page.url();
    await close();
    expect(byLetters).toBe(0);
    expect(selected).toBe(rowOf(1).target_id);
    expect(address).toContain(rowOf(1).target_id);
    expect(faults).toEqual([]);
  });

  it("copy an id and a link, and lead to the order", async () => {
    const { page, close } = await open(fleetApi(everyStanding), wide, "/?sort=name");
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.keyboard.press("j");
    await page.keyboard.press("c");
    await page.locator(".copied").waitFor();
    const id = await page.evaluate("navigator.clipboard.readText()");
    await page.keyboard.press("y");
    await page.locator(".copied:has-text('the link')").waitFor();
    const link = await page.evaluate("navigator.clipboard.readText()");
    await page.keyboard.press("s");
    const focused = await page.evaluate("document.activeElement.tagName");
    const address = page.url();
    await close();
    expect(id).toBe(rowOf(0).target_id);
    expect(link).toBe(address);
    expect(focused).toBe("SELECT");
  });
});
