/** What holds of every screen in each of its states, at each width and in both schemes. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Browser } from "playwright-core";
import {
  axeFindings,
  elementsOf,
  looks,
  openBrowser,
  overflow,
  visit,
  wear,
  type Visit,
} from "./browser.ts";
import { servePage, type Api } from "./page-under-test.ts";

export interface ShownState {
  readonly name: string;
  readonly api: () => Api | Promise<Api>;
  readonly path: string;
  /** Is pressed first: the way from a list to one of it. */
  readonly opens?: string;
  /** Is pressed then. */
  readonly thenOpens?: string;
  /** Is there once the state is shown. */
  readonly shows: string;
  /** Of the whole page. */
  readonly mostElements?: number;
}

/** One browser for the tests of a file. */
export const withBrowser = (): (() => Browser) => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());
  return () => browser;
};

/** Each state is loaded once, on a phone, and then looked at as it is worn otherwise. */
export const describeHeld = (
  what: string,
  states: readonly ShownState[],
  browser: () => Browser,
): void => {
  describe.each(states)(`${what}: $name`, (state) => {
    const { api, path, opens, shows, mostElements = Infinity } = state;
    let server: Awaited<ReturnType<typeof servePage>>;
    let visited: Visit;
    beforeAll(async () => {
      server = await servePage(await api());
      const [look] = looks;
      if (look === undefined) throw new Error("There is nothing to look at it with.");
      visited = await visit(browser(), { url: server.url, path, look });
      for (const pressed of [opens, state.thenOpens]) {
        if (pressed !== undefined) await visited.page.locator(pressed).first().click();
      }
      await visited.page.locator(shows).first().waitFor();
    });
    afterAll(async () => {
      await visited.leave();
      await server.close();
    });

    it.each(looks)("holds at $width px, $scheme", async (look) => {
      const { page, faults } = visited;
      await wear(page, look);
      await page.locator(shows).first().waitFor();
      const found = {
        axe: await axeFindings(page),
        overflow: await overflow(page),
        faults,
      };
      expect(found).toEqual({ axe: [], overflow: 0, faults: [] });
      expect(await elementsOf(page)).toBeLessThan(mostElements);
    });
  });
};
