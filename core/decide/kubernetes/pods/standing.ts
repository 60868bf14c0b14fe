/** How a pod stands in the way of a node that is to be empty: what its class, see `classifyPod`, means to a drain. */
import type { BudgetFacts } from "../../../model/kubernetes/budget.ts";

export type PodStanding =
  /** A mirror of a static pod, over, or of a DaemonSet: it is never evicted, and nobody waits for it. */
  | { readonly kind: "IGNORED"; readonly because: "MIRROR" | "OVER" | "DAEMON" }
  /** On its way out. Its grace is over a minute before `overdueAt`. RFC 3339 */
  | { readonly kind: "TERMINATING"; readonly overdueAt: string }
  /** It must not be evicted, or not now. */
  | {
      readonly kind: "HELD";
      /** A reason code of nodes and their pods. */
      readonly code: string;
      readonly sentence: string;
      /** Waiting does not help: its owner has to change something. */
      readonly isLasting: boolean;
      /** `namespace/name` */
      readonly budget?: string;
    }
  /** It may be evicted as soon as its budget and its owner's other pods allow. */
  | {
      readonly kind: "EVICTABLE";
      /** The one that matches. */
      readonly budget?: BudgetFacts;
      /** The API asks the budget: it does not for pods that are Pending, or not Ready under a policy that says so. */
      readonly takesSlot: boolean;
    };
