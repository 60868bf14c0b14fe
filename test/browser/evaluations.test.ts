/** Evaluations, and one of them, in each state, width and scheme, as the real API answers them after a switch. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Browser } from "playwright-core";
import { createLab } from "../../local/lab/lab.ts";
import { plain } from "../../local/lab/scenarios.ts";
import { axeFindings, looks, openBrowser, overflow, visit } from "./browser.ts";
import { apiOf, json, never, problem, servePage, shared, type Api } from "./page-under-test.ts";

interface State {
  readonly name: string;
  readonly api: () => Promise<Api>;
  /** Is there once the state is shown. */
  readonly shows: string;
}

const answering =
  (evaluations: Api): State["api"] =>
  () =>
    Promise.resolve(apiOf({ ...shared, "/evaluations": evaluations }));

/** A laboratory in which an instance was switched. */
const switched = async (): Promise<Api> => {
  const lab = await createLab(plain);
  await lab.run();
  return lab.platform.gateway;
};

const states: readonly State[] = [
  { name: "empty", api: answering(json({ items: [] })), shows: "text=None. A sweep begins one" },
  { name: "loading", api: answering(never), shows: "[aria-label=Loading]" },
  {
    name: "out of order",
    api: answering(problem(503, "The state table does not answer just now.")),
    shows: "text=The state table does not answer just now.",
  },
  { name: "of a switch", api: switched, shows: "a[href^='/evaluations/evl-']" },
];

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

describe.each(states)("evaluations, $name", ({ api, shows }) => {
  let server: Awaited<ReturnType<typeof servePage>>;
  beforeAll(async () => {
    server = await servePage(await api());
  });
  afterAll(() => server.close());

  it.each(looks)("hold at $width px, $scheme", async (look) => {
    const { page, faults, leave } = await visit(browser, {
      url: server.url,
      path: "/evaluations",
      look,
    });
    await page.locator(shows).first().waitFor();
    const found = { axe: await axeFindings(page), overflow: await overflow(page), faults };
    await leave();
    expect(found).toEqual({ axe: [], overflow: 0, faults: [] });
  });
});

describe("one evaluation", () => {
  let server: Awaited<ReturnType<typeof servePage>>;
  let ofAbsent: Awaited<ReturnType<typeof servePage>>;
  beforeAll(async () => {
    server = await servePage(await switched());
    ofAbsent = await servePage(apiOf(shared));
  });
  afterAll(async () => {
    await server.close();
    await ofAbsent.close();
  });

  it.each(looks)("of a switch holds at $width px, $scheme, reached from the list", async (look) => {
    const { page, faults, leave } = await visit(browser, {
      url: server.url,
      path: "/evaluations",
      look,
    });
    await page.locator("a[href^='/evaluations/evl-']").first().click();
    await page.waitForURL(/\/evaluations\/evl-/);
    await page.locator(".evaluation").waitFor();
    const found = { axe: await axeFindings(page), overflow: await overflow(page), faults };
    await leave();
    expect(found).toEqual({ axe: [], overflow: 0, faults: [] });
  });

  it("that there is not says so in a sentence", async () => {
    const { page, faults, leave } = await visit(browser, {
      url: ofAbsent.url,
      path: "/evaluations/evl-00000000000000000000",
      look: { width: 360, scheme: "dark" },
    });
    await page
      .locator("text=Nothing is at /api/v1/evaluations/evl-00000000000000000000.")
      .waitFor();
    const found = { axe: await axeFindings(page), faults };
    await leave();
    expect(found).toEqual({ axe: [], faults: [] });
  });
});
