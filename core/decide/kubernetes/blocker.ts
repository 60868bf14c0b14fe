/** What stands against the replacement of one node: what its owner must change, and what passes by itself. */
import type { nodeDeferrals } from "../../model/reasons/node.ts";
import type { IneligibilityCode } from "../../model/verdict.ts";

interface BlockerParts {
  /** Names what was found, and what its owner can do. */
  readonly sentence: string;
  /** `namespace/name` */
  readonly pod?: string;
  /** `namespace/name` of the budget. */
  readonly budget?: string;
  /** Since when, where the cluster tells. RFC 3339 */
  readonly since?: string;
}

export interface Refusal extends BlockerParts {
  readonly kind: "REFUSES";
  readonly code: IneligibilityCode;
}

export interface Delay extends BlockerParts {
  readonly kind: "PASSES";
  readonly code: (typeof nodeDeferrals)[number];
}

export type NodeBlocker = Refusal | Delay;

export const isRefusal = (blocker: NodeBlocker): blocker is Refusal => blocker.kind === "REFUSES";

export const isDelay = (blocker: NodeBlocker): blocker is Delay => blocker.kind === "PASSES";
