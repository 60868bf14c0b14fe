/** A load without data that EC2 takes while its original is in its cool-off, and what the tests of its recovery ask. */
import { getEvaluation } from "../../../adapters/store/evaluations.ts";
import { listIntents } from "../../../adapters/store/intents.ts";
import { evaluationIdSchema } from "../../../core/model/ids.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { lossy } from "../../../local/lab/scenarios.ts";
import { evaluationsOf } from "./recovery-lab.ts";

/** An Elastic IP and a target group: nothing hangs by an attachment. */
export const kept = {
  ...lossy,
  keepsOriginal: true,
  instance: { ...lossy.instance, secondaryInterfaces: 0, elasticIpOnSecondary: false },
} as const;

/** The evaluation that keeps the original: the target's first. */
const keeperOf = async (lab: Lab) => {
  const first = (await evaluationsOf(lab)).at(-1);
  return evaluationIdSchema.parse(first?.evaluationId);
};

export const retirementOf = async (lab: Lab) => {
  const intents = await listIntents(lab.table, await keeperOf(lab));
  const found = intents.find(({ change }) => change.kind === "RETIRE_ORIGINAL");
  if (found?.change.kind !== "RETIRE_ORIGINAL") throw new Error("No original is kept.");
  return { ...found, change: found.change };
};

export const settlementsOf = async (lab: Lab) =>
  (await getEvaluation(lab.table, await keeperOf(lab)))?.settlements ?? [];

/** The stopped original, as EC2 has it now. */
export const originalOf = async (lab: Lab) =>
  lab.control.find((await retirementOf(lab)).change.instanceId);
