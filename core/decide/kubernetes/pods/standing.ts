/** How a pod stands in the way of a node that is to be empty: what its class, see `classifyPod`, means to a drain. */
import type { BudgetFacts } from "../../../model/kubernetes/budget.ts";
import type { IneligibilityCode } from "../../../model/verdict.ts";

/** It must not be evicted. */
export interface HeldPod {
  readonly kind: "HELD";
  readonly code:
    | IneligibilityCode
    /** Its wish has an end. */
    | "POD_NOT_TO_DISRUPT_YET"
    /** What its init containers have done would be lost. */
    | "POD_INITIALIZING";
  /** Names the pod, what holds it, and what would help. */
  readonly sentence: string;
  /** Waiting does not help: its owner has to change something. */
  readonly isLasting: boolean;
  /** `namespace/name` */
  readonly budget?: string;
  /** RFC 3339 */
  readonly since?: string;
}

export type PodStanding =
  /** A mirror of a static pod, over, or of a DaemonSet: it is never evicted, and nobody waits for it. */
  | { readonly kind: "IGNORED"; readonly because: "MIRROR" | "OVER" | "DAEMON" }
  /** On its way out. Its grace is over a minute before `overdueAt`. RFC 3339 */
  | { readonly kind: "TERMINATING"; readonly overdueAt: string }
  | HeldPod
  /** It may be evicted as soon as its budget and its owner's other pods allow. */
  | {
      readonly kind: "EVICTABLE";
      /** The one that matches. */
      readonly budget?: BudgetFacts;
      /** The API asks the budget: it does not for pods that are Pending, or not Ready under a policy that says so. */
      readonly takesSlot: boolean;
    };
