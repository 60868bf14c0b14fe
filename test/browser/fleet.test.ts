/** The fleet's screen in each of its states, widths and schemes. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { sizesOf } from "../../local/console/build.ts";
import { axeFindings, visit } from "./browser.ts";
import { describeHeld, withBrowser } from "./held.ts";
import { emptyFleet, largeFleet, longFleet, needyFleet, usualFleet } from "./fleets.ts";
import {
  apiOf,
  builtPage,
  json,
  never,
  problem,
  servePage,
  shared,
  type Api,
} from "./page-under-test.ts";

interface State {
  readonly name: string;
  readonly fleet: Api;
  /** Is there once the state is shown. */
  readonly shows: string;
}

const states: readonly State[] = [
  { name: "empty", fleet: json(emptyFleet), shows: "text=No targets." },
  { name: "loading", fleet: never, shows: "[aria-label=Loading]" },
  {
    name: "out of order",
    fleet: problem(503, "The state table does not answer just now."),
    shows: "text=The state table does not answer just now.",
  },
  {
    name: "not allowed",
    fleet: problem(403, "User: arn:aws:iam::1:user/eve is not authorized."),
    shows: "text=Your credentials need execute-api:Invoke on this call.",
  },
  { name: "usual", fleet: json(usualFleet), shows: "text=web-0" },
  { name: "in need of an operator", fleet: json(needyFleet), shows: "text=2 more" },
  { name: "long names", fleet: json(longFleet), shows: "text=<b>payments" },
  { name: "10,000 rows", fleet: json(largeFleet), shows: "text=web-0" },
];

const figures: string[] = [];

const browser = withBrowser();
afterAll(() => {
  process.stdout.write(`${figures.join("\n")}\n`);
});

const answering = (fleet: Api): Api => apiOf({ ...shared, "/fleet": fleet });
const served = (fleet: Api) => servePage(answering(fleet));

describeHeld(
  "the fleet",
  states.map(({ fleet, ...state }) => ({
    ...state,
    api: () => answering(fleet),
    path: "/",
    // A page of ten thousand rows holds those that are seen.
    mostElements: 1_500,
  })),
  browser,
);

/** Milliseconds from what is typed to the next frame that is painted. */
const filterMs = (typed: string): string => `new Promise((resolve) => {
  const input = document.querySelector("input[type=search]");
  const since = performance.now();
  input.value = "${typed}";
  input.dispatchEvent(new Event("input", { bubbles: true }));
  requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - since)));
})`;

/** Sooner after the first content nobody types, in milliseconds. */
const pauseMs = 500;

/** How many rows are in sight once it is scrolled to that part of all. */
const seenAfterScrolling = (share: number): string => `new Promise((resolve) => {
  const box = document.querySelector("[role=grid]");
  box.scrollTop = box.scrollHeight * ${String(share)};
  requestAnimationFrame(() => requestAnimationFrame(() => {
    const { top, bottom } = box.getBoundingClientRect();
    const places = [...box.querySelectorAll("[data-target]")].map((row) => row.getBoundingClientRect());
    resolve(places.filter((place) => place.bottom > top && place.top < bottom).length);
  }));
})`;

const number = z.number();
const look = { width: 1024, scheme: "light" } as const;

describe("a fleet of ten thousand", () => {
  let server: Awaited<ReturnType<typeof served>>;
  beforeAll(async () => {
    server = await served(json(largeFleet));
  });
  afterAll(() => server.close());

  const soonest = async (): Promise<{ readonly contentMs: number; readonly paintMs: number }> => {
    const { page, leave } = await visit(browser(), { url: server.url, path: "/", look });
    await page.locator("[role=gridcell]").first().waitFor();
    const contentMs = number.parse(await page.evaluate("performance.now()"));
    await page.waitForTimeout(pauseMs);
    const paintMs = number.parse(await page.evaluate(filterMs("web-99")));
    await page.locator("text=/^111 of 10,000$/").waitFor();
    await leave();
    return { contentMs, paintMs };
  };

  it("is there within a second, and filtered within 50 ms, at least once in five visits: a busy machine is slow", async () => {
    const contents: number[] = [];
    const paints: number[] = [];
    for (let visits = 0; visits < 5; visits += 1) {
      const { contentMs, paintMs } = await soonest();
      contents.push(contentMs);
      paints.push(paintMs);
    }
    const list = (all: readonly number[]) => all.map((ms) => ms.toFixed(0)).join(", ");
    figures.push(
      `10,000 rows: first content after ${list(contents)} ms (aim 1,000), filter to paint ${list(paints)} ms (aim 50)`,
    );
    expect(Math.min(...contents)).toBeLessThanOrEqual(1000);
    expect(Math.min(...paints)).toBeLessThanOrEqual(50);
  });

  it("shows rows wherever it is scrolled to", async () => {
    const { page, leave } = await visit(browser(), { url: server.url, path: "/", look });
    await page.locator("[role=gridcell]").first().waitFor();
    for (const share of [0.25, 0.5, 1]) {
      const seen = number.parse(await page.evaluate(seenAfterScrolling(share)));
      expect(seen).toBeGreaterThan(5);
    }
    await leave();
  });

  it("keeps the focused row and the order while answers come", async () => {
    const { page, faults, leave } = await visit(browser(), { url: server.url, path: "/", look });
    await page.locator("[role=gridcell]").first().waitFor();
    for (const key of ["j", "j", "j"]) await page.keyboard.press(key);
    // The headings are the first row.
    await page.locator("[role=row][aria-rowindex='4']:focus").waitFor();
    const focused = await page.evaluate("document.activeElement.dataset.target");
    await page.evaluate(seenAfterScrolling(0.5));
    expect(focused).toEqual(expect.stringMatching(/^tgt-/));
    expect(await page.evaluate("document.activeElement.dataset.target")).toBe(focused);
    expect(faults).toEqual([]);
    await leave();
  });
});

describe("what fails after it was read", () => {
  it("leaves the old rows below its sentence, with their age, and is tried again", async () => {
    let asked = 0;
    const fleet: Api = (request) => {
      asked += 1;
      return asked === 2
        ? problem(503, "The state table does not answer just now.")(request)
        : json(usualFleet)(request);
    };
    const server = await served(fleet);
    const { page, leave } = await visit(browser(), { url: server.url, path: "/", look });
    await page.locator("text=web-0").first().waitFor();
    // As a page that comes into sight again does.
    await page.evaluate(`Object.defineProperty(document, "hidden", { value: true, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
      Object.defineProperty(document, "hidden", { value: false, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));`);
    const notice = page.locator("text=The state table does not answer just now.");
    await notice.waitFor();
    expect(await notice.textContent()).toMatch(/What is shown is .* old\./);
    expect(await page.locator("text=web-0").count()).toBeGreaterThan(0);
    await page.getByRole("button", { name: "Retry" }).click();
    await notice.waitFor({ state: "detached" });
    await leave();
    await server.close();
  });
});

describe("the kill switch", () => {
  it("is thrown by three keys and a reason, from a phone too", async () => {
    const sent: unknown[] = [];
    const answers = {
      ...shared,
      "/fleet": json(usualFleet),
      "/kill-switch": async (request: Request) => {
        if (request.method === "PUT") sent.push(await request.json());
        return json({ engaged: sent.length > 0, effective: sent.length > 0, reason: "INC-4711" })(
          request,
        );
      },
    };
    const server = await servePage(apiOf(answers));
    const { page, faults, leave } = await visit(browser(), {
      url: server.url,
      path: "/",
      look: { width: 360, scheme: "light" },
    });
    await page.locator("text=web-0").first().waitFor();
    await page.keyboard.press("!");
    await page.getByLabel("Reason", { exact: true }).fill("INC-4711");
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Switch again…" }).waitFor();
    expect(sent).toEqual([{ engaged: true, reason: "INC-4711" }]);
    expect(faults).toEqual([]);
    await leave();
    await server.close();
  });
});

describe("what the first screen loads", () => {
  it("fits into 65 KB, packed, and with its charts into 180", async () => {
    const { first, charts, all } = sizesOf(await builtPage());
    const kb = (bytes: number): string => (bytes / 1000).toFixed(1);
    figures.push(
      `first load ${kb(first)} KB, charts ${kb(charts)} KB, all ${kb(all)} KB, gzip -9 (at most 65, 112 and 180)`,
    );
    expect(first).toBeLessThanOrEqual(65_000);
    expect(charts).toBeLessThanOrEqual(112_000);
    expect(all).toBeLessThanOrEqual(180_000);
  });
});
