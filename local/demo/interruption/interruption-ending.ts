/** What the story of an interruption ends with, and what must be true of it. */
import type * as z from "zod";
import { sweepStarter } from "../../../core/model/starter.ts";
import type { EvaluationJson } from "../../../lambdas/api/schemas/evaluations.ts";
import type { riskPoolPageSchema } from "../../../lambdas/api/schemas/risk-pools.ts";
import type { Expectation } from "../story.ts";

/** EC2 user guide, "Spot Instance interruption notices". */
export const noticeSeconds = 120;

export type RiskPool = z.infer<typeof riskPoolPageSchema>["items"][number];

/** What there is at a moment; told where it is otherwise than a moment before. */
export interface Moment {
  /** Until the end that EC2 has announced; below 0 after it. */
  readonly secondsLeft: number;
  /** Instance that has the single load's address, and the state of the one that EC2 takes. */
  readonly single: string;
  /** Members in service of those that its owner asks for. */
  readonly group: string;
  /** Pods of the cluster that are ready, and how many are on the node that EC2 takes. */
  readonly pods: string;
  /** Our calls in the account since the moment before. */
  readonly calls: readonly string[];
}

export interface PoolChange {
  readonly name: string;
  readonly before?: RiskPool;
  readonly after?: RiskPool;
}

export interface WayBack {
  readonly evaluation: EvaluationJson;
  /** From the notice until the node stood on Spot again. */
  readonly afterSeconds: number;
}

export interface InterruptionEnding {
  readonly moments: readonly Moment[];
  readonly instance: EvaluationJson;
  readonly group: EvaluationJson;
  readonly nodes: EvaluationJson;
  /** The first that the sweep has begun since for what the node group launched On-Demand; absent: none, for a day. */
  readonly wayBack?: WayBack;
  readonly pools: readonly PoolChange[];
  readonly desired: { readonly before: number; readonly after: number };
  /** Seconds from the announcement until the group had as many in service as its owner asks for, without the one that was announced. */
  readonly groupWholeAfterSeconds?: number;
  readonly launches: number;
}

const endedWell = ({ kind, started_by: by, status }: EvaluationJson): boolean =>
  kind === "RECOVER" && by === "event" && status === "SWITCHED";

const told = ({ kind, started_by: by, status, outcome }: EvaluationJson): string =>
  `${kind ?? "SWITCH"} by ${by}: ${status}. ${outcome?.sentence ?? ""}`;

export const expectationsOf = (ending: InterruptionEnding): readonly Expectation[] => {
  const { instance, group, nodes, wayBack, desired, launches, pools } = ending;
  const { groupWholeAfterSeconds: whole } = ending;
  const { downtime_seconds: downSeconds } = instance;
  return [
    {
      rule: "the warning starts the recovery of the instance, which is switched to another",
      held: endedWell(instance),
      found: told(instance),
    },
    {
      rule: "the warning starts the response of the group, which gets another member",
      held: endedWell(group),
      found: told(group),
    },
    {
      rule: "the warning has the node emptied, whose own group launches another",
      held:
        nodes.kind === "RESPOND" && nodes.started_by === "event" && nodes.status === "FELL_BACK",
      found: told(nodes),
    },
    {
      rule: "the sweep brings the node that came On-Demand back to Spot",
      held:
        wayBack?.evaluation.started_by === sweepStarter && wayBack.evaluation.status === "SWITCHED",
      found: wayBack === undefined ? "it does not, for a day" : told(wayBack.evaluation),
    },
    {
      rule: "the group is whole again before the announced end",
      held: whole !== undefined && whole < noticeSeconds,
      found: whole === undefined ? "it is not" : `after ${String(whole)} seconds`,
    },
    {
      rule: "the group ends as large as its owner asks for",
      held: desired.before === desired.after,
      found: `${String(desired.before)}, ${String(desired.after)}`,
    },
    {
      rule: "one is launched for the instance and one for the group",
      held: launches === 2,
      found: `${String(launches)} launches`,
    },
    {
      rule: "the instance's load is not down: its address moves right before the end, and it answers there",
      held: downSeconds === 0,
      found: downSeconds === undefined ? "absent" : `${String(downSeconds)} seconds`,
    },
    {
      rule: "each pool's loss is remembered for everybody",
      held: pools.every(({ after }) => (after?.losses ?? 0) > 0),
      found: pools.map(({ name, after }) => `${name}: ${String(after?.losses ?? 0)}`).join(", "),
    },
  ];
};
