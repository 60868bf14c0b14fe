/** One random case: a scenario of the laboratory, disturbed, run to its end, and held against every promise. */
import { evaluationIdSchema } from "../../core/model/ids.ts";
import { createRandom, oneOf } from "../cloud/random.ts";
import { watchTable } from "../lab/harm.ts";
import { complaintsAbout } from "../lab/judge.ts";
import { createLab, type LabOptions } from "../lab/lab.ts";
import { plain, rich } from "../lab/scenarios.ts";
import { createMemoryTable } from "../platform/memory-table.ts";
import { drawDisturbances } from "./disturbance.ts";

export interface CaseName {
  readonly seed: number;
  /** From 1. */
  readonly number: number;
}

export interface CaseResult extends CaseName {
  readonly scenario: string;
  readonly disturbances: readonly string[];
  readonly status: string;
  /** Promises that were broken. Empty is well. */
  readonly violations: readonly string[];
}

const scenarios: readonly (readonly [string, LabOptions])[] = [
  ["plain", plain],
  ...Object.entries<LabOptions>(rich),
];

/** Several things at once may need a person: that is a way to end, and what could take a place is kept. All else is judged. */
const isLeftToPerson = (status: string, complaint: string): boolean =>
  status === "NEEDS_OPERATOR" && /^(it ended NEEDS_OPERATOR|orphan: )/.test(complaint);

export const runCase = async ({ seed, number }: CaseName): Promise<CaseResult> => {
  const random = createRandom(seed).fork(`case-${String(number)}`);
  const [scenario, options] = oneOf(random, scenarios);
  const disturbances = drawDisturbances(random);
  const table = watchTable(createMemoryTable());
  const lab = await createLab({ ...options, table, seed: random.integer(1, 1_000_000) });
  const { body } = await lab.evaluate();
  for (const { begin } of disturbances) begin(lab, table);
  const story = await lab.finish(evaluationIdSchema.parse(body["evaluation_id"]));
  const complaints = await complaintsAbout(lab, story);
  return {
    seed,
    number,
    scenario,
    disturbances: disturbances.map(({ sentence }) => sentence),
    status: story.status,
    violations: complaints.filter((complaint) => !isLeftToPerson(story.status, complaint)),
  };
};
