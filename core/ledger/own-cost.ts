/** What this product costs by itself for one target: from what its bench measures, rounded up. */
import type { Term } from "../model/ledger/day.ts";
import { noTerm } from "./terms.ts";

/** 1,000 targets that 96 sweeps a day judge cost 5 USD in a month of 730 hours: 5 / 1,000 / 730 of a dollar. Source: `npm run bench -- fleet`. */
const nanoPerTargetHour = 6_850n;

/** A thousand switches of an instance, the dearest kind of evaluation, cost less than 10 USD. Source: docs/cost.md. */
const nanoPerEvaluation = 10_000_000n;

export const ownCost = ({
  hours,
  evaluations,
}: {
  /** In which the target was registered. */
  readonly hours: number;
  readonly evaluations: number;
}): Term => ({
  ...noTerm,
  source: "estimated",
  nanoUsd: BigInt(Math.ceil(hours)) * nanoPerTargetHour + BigInt(evaluations) * nanoPerEvaluation,
});
