/** A page that an operator leaves open: rows change under it, and the API is away for a minute. */
import { describe, expect, it } from "@jest/globals";
import type { Page } from "playwright-core";
import { visit } from "./browser.ts";
import { fleetOf, rowOf, usualFleet, type Fleet } from "./fleets.ts";
import { withBrowser } from "./held.ts";
import { apiOf, json, servePage, shared, type Api } from "./page-under-test.ts";

const browser = withBrowser();
const look = { width: 1440, scheme: "light" } as const;

/** The page's clock goes as the test lets it. */
const prepare = (page: Page): Promise<void> => page.clock.install();

const rows = Array.from({ length: 300 }, (_, index) => ({
  ...rowOf(index),
  saves_monthly_usd: 10_000 - index,
}));

/** Other figures, standings and sentences of every third row, one row more each time, and one that is gone. */
const changed = (round: number): Fleet => {
  const told = fleetOf([
    ...rows
      .filter((_, index) => index % 3 === 0 && index < 250)
      .map((row, index) => ({
        ...row,
        standing: round % 2 === 0 ? ("SWITCHING" as const) : ("ON_SPOT" as const),
        saves_monthly_usd: (index * 37 + round * 101) % 5000,
        pays_hourly_usd: 0.02 + round / 1000,
        sentence: `Judged again, time ${String(round)}.`,
      })),
    { ...rowOf(1000 + round), name: `new-${String(round)}`, saves_monthly_usd: 50_000 },
  ]);
  return {
    ...told,
    revision: `r${String(round)}`,
    is_complete: false,
    removed: [rowOf(299 - round).target_id],
  };
};

const stateOfPage = `(() => {
  const box = document.querySelector("[role=grid]");
  const seen = [...box.querySelectorAll("[data-target]")].filter((row) => {
    const place = row.getBoundingClientRect();
    const { top, bottom } = box.getBoundingClientRect();
    return place.bottom > top && place.top < bottom;
  });
  return {
    focus: document.activeElement.dataset.target,
    scrolled: box.scrollTop,
    selected: [...box.querySelectorAll("[aria-selected=true]")].map((row) => row.dataset.target),
    order: seen.map((row) => row.dataset.target),
  };
})()`;

describe("a fleet whose rows change for five minutes", () => {
  it("keeps focus, scroll, selection and order, marks what has changed, and offers the new order", async () => {
    let answered = 0;
    const fleet: Api = (request) => {
      if (!new URL(request.url).searchParams.has("after")) return json(fleetOf(rows))(request);
      answered += 1;
      return json(changed(answered))(request);
    };
    const server = await servePage(apiOf({ ...shared, "/fleet": fleet }));
    const path = "/?sort=-saves";
    const { page, faults, leave } = await visit(browser(), {
      url: server.url,
      path,
      look,
      prepare,
    });
    await page.locator("text=web-0").first().waitFor();
    await page.evaluate("document.querySelector('[role=grid]').scrollTop = 37 * 60");
    await page.locator("[data-target$='066']").focus();
    for (const key of ["x", "j", "j", "x"]) await page.keyboard.press(key);
    await page.locator("[data-target$='068']:focus").waitFor();
    const before = await page.evaluate(stateOfPage);
    const marked: number[] = [];
    for (let round = 1; round <= 30; round += 1) {
      await page.clock.runFor(10_000);
      await page
        .locator(`text=Judged again, time ${String(round)}.`)
        .first()
        .waitFor();
      await page.locator(".cell.changed").first().waitFor();
      marked.push(await page.locator(".cell.changed").count());
    }
    const after = await page.evaluate(stateOfPage);
    await page.clock.runFor(3_500);
    const offered = await page.locator("text=rows would stand elsewhere").count();
    await leave();
    await server.close();
    expect(after).toEqual(before);
    expect(before).toMatchObject({ scrolled: 37 * 60, selected: { length: 2 } });
    expect(answered).toBeGreaterThanOrEqual(30);
    expect(marked.filter((count) => count === 0)).toEqual([]);
    expect(offered).toBe(1);
    expect(faults).toEqual([]);
  });
});

describe("an API that is away for a minute", () => {
  it("leaves the old rows with their age under one sentence, and is found again by itself", async () => {
    const server = await servePage(apiOf({ ...shared, "/fleet": json(usualFleet) }));
    const path = "/";
    const { page, leave } = await visit(browser(), { url: server.url, path, look, prepare });
    await page.locator("text=web-0").first().waitFor();
    await page.route("**/api/**", (route) => route.abort());
    const alerts: number[] = [];
    for (let at = 0; at < 60; at += 5) {
      await page.clock.runFor(5_000);
      alerts.push(await page.getByRole("alert").count());
    }
    const said = await page.getByRole("alert").innerText();
    const old = await page.locator("[role=row][data-target]").count();
    const light = await page.locator(".live").innerText();
    await page.unroute("**/api/**");
    // It asks again within a minute at the latest.
    await page.clock.runFor(75_000);
    await page.getByRole("alert").waitFor({ state: "detached" });
    await page.locator(".live:has-text('Live,')").waitFor();
    await leave();
    await server.close();
    expect(Math.max(...alerts)).toBe(1);
    expect(alerts.at(-1)).toBe(1);
    expect(said).toMatch(/The API does not answer\. What is shown is (\d+ s|1 min) old\./);
    expect(old).toBe(usualFleet.columns.target_id.length);
    expect(light).toBe("Not live");
  });
});
