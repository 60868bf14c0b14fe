/** The same cases against a real control plane and the simulated API server: every reply must be the same. */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { budgetCases } from "./contract/budgets.ts";
import type { Case } from "./contract/case.ts";
import { accessCases } from "./contract/access.ts";
import { admissionCases } from "./contract/admission.ts";
import { deletionCases } from "./contract/deletions.ts";
import { allEvictionCases } from "./contract/evictions.ts";
import { listCases } from "./contract/lists.ts";
import { tokenCases } from "./contract/tokens.ts";
import { writeCases } from "./contract/writes.ts";
import { callers } from "./callers.ts";
import { sideBySide, type Result } from "./side-by-side.ts";
import { startReal, startSimulated, type Side } from "./sides.ts";
import { Stage } from "./stage.ts";

const suites: Readonly<Record<string, readonly Case[]>> = {
  evictions: allEvictionCases,
  deletions: deletionCases,
  budgets: budgetCases,
  writes: writeCases,
  lists: listCases,
  tokens: tokenCases,
  access: accessCases,
  admission: admissionCases,
};

const cases = Object.entries(suites).flatMap(([suite, each]) =>
  each.map((one, index) => ({ ...one, suite, id: `${suite}-${String(index + 1)}` })),
);
type NumberedCase = (typeof cases)[number];

let sides: readonly Side[] = [];
const results = new Map<string, Result>();

/** An error is a result too: it differs from an answer. */
const outcome = async (side: Side, { id, run }: NumberedCase): Promise<Record<string, unknown>> => {
  const stage = new Stage(side, id);
  try {
    await stage.open();
    return { ...(await run(stage)) };
  } catch (error) {
    return { failed: `${side.name}: ${String(error)}` };
  }
};

const perform = async (one: NumberedCase): Promise<void> => {
  const [real = {}, simulated = {}] = await Promise.all(sides.map((side) => outcome(side, one)));
  results.set(one.id, { suite: one.suite, name: one.name, real, simulated });
};

/** So many at once: more would make the servers slow, and what is measured with them. */
const atOnce = 4;

beforeAll(async () => {
  sides = [await startReal(callers), await startSimulated(callers)];
  const queue = cases.filter(({ isAlone }) => isAlone !== true);
  const worker = async (): Promise<void> => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) await perform(one);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  for (const one of cases.filter(({ isAlone }) => isAlone === true)) await perform(one);
}, 600_000);

afterAll(async () => {
  const lines = sideBySide([...cases].flatMap(({ id }) => results.get(id) ?? []));
  process.stdout.write(`${lines.join("\n")}\n`);
  for (const side of sides) await side.stop();
}, 60_000);

describe.each(Object.keys(suites))("%s", (suite) => {
  test.each(cases.filter((one) => one.suite === suite))("$name", ({ id }) => {
    const result = results.get(id);
    expect(result?.real).not.toHaveProperty("failed");
    expect(result?.simulated).toEqual(result?.real);
  });
});
