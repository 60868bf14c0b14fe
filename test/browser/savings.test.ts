/** Savings in each state, width and scheme: gross to net, month by month, by target. */
import { describe, expect, it } from "@jest/globals";
import { visit } from "./browser.ts";
import { fleetOf, rowOf } from "./fleets.ts";
import { describeHeld, withBrowser } from "./held.ts";
import { ledgerMonth, monthJson, type MonthJson } from "./months.ts";
import { apiOf, json, never, problem, servePage, shared, type Api } from "./page-under-test.ts";

const shown = "2026-03";

const sums = {
  decisions: 12,
  hours: 288,
  exposed_hours: 40,
  saved_usd: { low: 18.1, likely: 26.4, high: 30.2, median: 27 },
  regret_to_best_usd: 1,
  regret_to_stay_usd: 0,
};
const shadow = {
  proven: sums,
  unproven: sums,
  unscored: { NOT_ONE_INSTANCE: 0, NOT_FROM_ON_DEMAND: 1, FACTS_MISSING: 0, NO_PRICE: 0 },
};

const monthWith = (month: string, targets: number, unknownUsd = 0): MonthJson => {
  const told = monthJson(
    month,
    Array.from({ length: targets }, (_, index) => ledgerMonth(month, index, unknownUsd)),
  );
  return targets === 0 ? told : { ...told, total: { ...told.total, shadow } };
};

/** Each month has a target more than the one before. */
const byMonth =
  (unknownUsd: number): Api =>
  (request) => {
    const month = new URL(request.url).searchParams.get("month") ?? shown;
    const targets = month > shown ? 0 : Number(month.slice(-2)) * 2;
    return json(monthWith(month, targets, unknownUsd))(request);
  };

const answering = (api: Api): Api => apiOf({ ...shared, "/savings": api });

const states: readonly { readonly name: string; readonly api: Api; readonly shows: string }[] = [
  { name: "usual", api: byMonth(0), shows: "figure:has-text('From gross to net') svg" },
  { name: "a part not known", api: byMonth(9), shows: "figure:has-text('From gross to net') svg" },
  {
    name: "empty",
    api: json(monthWith(shown, 0)),
    shows: `text=Nothing of ${shown} is in the ledger.`,
  },
  { name: "loading", api: never, shows: "[aria-label=Loading]" },
  {
    name: "out of order",
    api: problem(503, "The state table does not answer."),
    shows: "text=The state table does not answer.",
  },
];

const path = `/savings?month=${shown}`;

const browser = withBrowser();

describeHeld(
  "savings",
  states.map(({ api, ...state }) => ({ ...state, api: () => answering(api), path: path })),
  browser,
);

describe("savings", () => {
  const look = { width: 1024, scheme: "light" } as const;
  const usd = (text: string): number => Number(text.replaceAll(/[$,]/g, ""));

  it("tell totals that are the sums of the rows to which they lead", async () => {
    const server = await servePage(answering(byMonth(0)));
    const { page, leave } = await visit(browser(), { url: server.url, path, look });
    await page.locator("#by-target td").first().waitFor();
    const net = await page.locator("#by-target td:nth-child(7)").allInnerTexts();
    const total = await page.locator("dl.figures a[href='#by-target']").first().innerText();
    await leave();
    await server.close();
    expect(net).toHaveLength(6);
    const sum = net.reduce((all, text) => all + usd(text), 0);
    expect(Math.round(sum)).toBe(usd(total.trim()));
  });

  it("are told by the names that the fleet has for its targets, and by the id of one that is gone", async () => {
    const fleet = json(fleetOf([rowOf(0), rowOf(1)]));
    const api = apiOf({ ...shared, "/savings": byMonth(0), "/fleet": fleet });
    const server = await servePage(api);
    const { page, leave } = await visit(browser(), { url: server.url, path, look });
    await page.locator("#by-target a:has-text('web-1')").waitFor();
    const names = await page.locator("#by-target td a").allInnerTexts();
    await leave();
    await server.close();
    expect(names.toSorted()).toEqual([
      "tgt-0000…0002",
      "tgt-0000…0003",
      "tgt-0000…0004",
      "tgt-0000…0005",
      "web-0",
      "web-1",
    ]);
  });

  it.each([360, 480, 1024])(
    "month by month have a label each that touches no other at %d pixels",
    async (width) => {
      const server = await servePage(answering(byMonth(0)));
      const { page, leave } = await visit(browser(), {
        url: server.url,
        path,
        look: { ...look, width },
      });
      const labels = page
        .locator("[aria-label='Month by month'] svg text")
        .filter({ hasText: /^(?:[A-Z][a-z]{2}|[0-9]{2,4}-[0-9]{2})$/ });
      await labels.first().waitFor();
      const boxes = await Promise.all((await labels.all()).map((label) => label.boundingBox()));
      await leave();
      await server.close();
      const edges = boxes.map((box) => ({
        from: box?.x ?? 0,
        to: (box?.x ?? 0) + (box?.width ?? 0),
      }));
      const gaps = edges.slice(1).map(({ from }, index) => from - (edges[index]?.to ?? 0));
      expect(gaps).toHaveLength(5);
      expect(Math.min(...gaps)).toBeGreaterThan(3);
    },
  );

  it("are those of the month that is chosen, and of that in the address", async () => {
    const server = await servePage(answering(byMonth(0)));
    const { page, leave } = await visit(browser(), { url: server.url, path, look });
    await page.locator("#by-target td").first().waitFor();
    await page.locator("main select").selectOption("2026-01");
    await page.locator("text=2 targets add up to").waitFor();
    const address = page.url();
    await leave();
    await server.close();
    expect(new URL(address).search).toBe("?month=2026-01");
  });
});
