/** The list of evaluations in each of its states, widths and schemes, as the real API answers it after a switch. */
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
