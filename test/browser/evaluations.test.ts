/** Evaluations, and one of them, in each state, width and scheme, as the real API answers them after a switch. */
import { describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { evaluationSchema, type EvaluationJson } from "../../lambdas/api/schemas/evaluations.ts";
import { createLab } from "../../local/lab/lab.ts";
import { plain } from "../../local/lab/scenarios.ts";
import { axeFindings, visit } from "./browser.ts";
import { describeHeld, withBrowser, type ShownState } from "./held.ts";
import { apiOf, json, never, problem, servePage, shared, type Api } from "./page-under-test.ts";

const answering =
  (evaluations: Api): ShownState["api"] =>
  () =>
    apiOf({ ...shared, "/evaluations": evaluations });

let once: Promise<Api> | undefined;

/** A laboratory in which an instance was switched. */
const switched = (): Promise<Api> =>
  (once ??= createLab(plain).then(async (lab) => {
    await lab.run();
    return lab.platform.gateway;
  }));

const evaluationId = "evl-00000000000000000001";
const pageSchema = z.object({ items: z.tuple([z.object({ evaluation_id: z.string() })]) });

/** The switch, told otherwise. */
const told =
  (change: (record: EvaluationJson) => EvaluationJson): ShownState["api"] =>
  async () => {
    const gateway = await switched();
    const read = async (at: string): Promise<unknown> =>
      (await gateway(new Request(`http://localhost/api/v1${at}`))).json();
    const { items } = pageSchema.parse(await read("/evaluations"));
    const record = evaluationSchema.parse(await read(`/evaluations/${items[0].evaluation_id}`));
    return apiOf({ ...shared, [`/evaluations/${evaluationId}`]: json(change(record)) });
  };

const withoutEnd = (record: EvaluationJson): EvaluationJson => {
  const { ended_at: _at, outcome: _outcome, ...rest } = record;
  return rest;
};

const longSentence =
  "Instance i-0a1b2c3d4e5f60718 of payments-reconciliation-of-the-night-eu-central-1-blue serves and holds newer writes than its original: decide whether it stays. ".repeat(
    3,
  );

const waiting = (record: EvaluationJson): EvaluationJson => ({
  ...withoutEnd(record),
  status: "NEEDS_OPERATOR",
  rollback_problem: longSentence,
  outcome: { status: "NEEDS_OPERATOR", reason: "HELD", sentence: longSentence },
});

/** In the middle: what follows is expected. */
const running = (record: EvaluationJson): EvaluationJson => {
  const open = withoutEnd(record);
  const half = Math.floor(open.phases.length / 2);
  const phases = open.phases.slice(0, half).map((phase, index) => {
    const { ended_at: _at, seconds: _seconds, ...begun } = phase;
    return index === half - 1 ? { ...begun, expected_seconds: 90 } : phase;
  });
  const expected_phases = open.phases
    .slice(half)
    .map(({ name }) => ({ name, expected_seconds: 60 }));
  return { ...open, status: "RUNNING", phases, expected_phases };
};

const refused = (record: EvaluationJson): EvaluationJson => ({
  ...record,
  status: "REFUSED",
  swaps: [],
  effects: [],
  ...(record.verdict !== undefined && {
    verdict: { ...record.verdict, kind: "REFUSE", sentence: longSentence },
  }),
});

const path = "/evaluations";
const listed = "a[href^='/evaluations/evl-']";
const browser = withBrowser();

describeHeld(
  "evaluations",
  [
    {
      name: "empty",
      api: answering(json({ items: [] })),
      path,
      shows: "text=None. A sweep begins one",
    },
    { name: "loading", api: answering(never), path, shows: "[aria-label=Loading]" },
    {
      name: "out of order",
      api: answering(problem(503, "The state table does not answer just now.")),
      path,
      shows: "text=The state table does not answer just now.",
    },
    { name: "of a switch", api: switched, path, shows: listed },
    {
      name: "one that needs an operator",
      api: told(waiting),
      path: `/evaluations/${evaluationId}`,
      shows: "button:has-text('Roll back')",
    },
    {
      name: "one that goes on",
      api: told(running),
      path: `/evaluations/${evaluationId}`,
      shows: ".bar.expected",
    },
    {
      name: "one that was refused",
      api: told(refused),
      path: `/evaluations/${evaluationId}`,
      shows: "text=Nothing was changed in the account.",
    },
    {
      name: "one, reached from the list",
      api: switched,
      path,
      opens: listed,
      shows: ".evaluation",
    },
  ],
  browser,
);

describe("one evaluation", () => {
  it("is told apart among a browser's windows: by its subject and its status, in a few words", async () => {
    const api = await told((record) => record)();
    const server = await servePage(api);
    const { page, leave } = await visit(browser(), {
      url: server.url,
      path: `/evaluations/${evaluationId}`,
      look: { width: 1024, scheme: "light" },
    });
    await page.locator("text=has taken over from").first().waitFor();
    const title = await page.title();
    await leave();
    await server.close();
    expect(title).toMatch(/^i-[0-9a-f]{4}…[0-9a-f]{4}: Switched · Spot Optimizer$/);
  });

  it("that there is not says so in a sentence", async () => {
    const server = await servePage(apiOf(shared));
    const { page, faults, leave } = await visit(browser(), {
      url: server.url,
      path: "/evaluations/evl-00000000000000000000",
      look: { width: 360, scheme: "dark" },
    });
    await page
      .locator("text=Nothing is at /api/v1/evaluations/evl-00000000000000000000.")
      .waitFor();
    const found = { axe: await axeFindings(page), faults };
    await leave();
    await server.close();
    expect(found).toEqual({ axe: [], faults: [] });
  });

  it("is judged again by its form: identical as it was, and with no risk allowed it stays", async () => {
    const server = await servePage(await switched());
    const { page, faults, leave } = await visit(browser(), {
      url: server.url,
      path,
      look: { width: 1024, scheme: "light" },
    });
    await page.locator(listed).first().click();
    const form = page.locator("section", { hasText: "What would another policy say?" });
    await form.getByRole("button", { name: "Judge again" }).click();
    await form.locator("text=Identical, byte for byte").waitFor();
    await form.getByLabel(/risk/i).fill("0");
    await form.getByRole("button", { name: "Judge again" }).click();
    const verdict = form.getByRole("row", { name: /^Verdict/ });
    await verdict.waitFor();
    const cells = await verdict.getByRole("cell").allInnerTexts();
    const isIdentical = await form.locator("text=Identical, byte for byte").count();
    await leave();
    await server.close();
    expect(cells).toEqual(["Verdict", "− Switch", "+ Stay"]);
    expect(isIdentical).toBe(0);
    expect(faults).toEqual([]);
  });
});
