/** How long what stands on Spot stays there at least before it moves by itself, whatever the policy says. */
import type { Policy } from "../../policy/policy.ts";

/**
 * Recommendations and prices may say otherwise each minute: 24 hours of that make four moves at most (aws/aws-node-termination-handler issue
 * 141, kubernetes-sigs/karpenter issue 2813).
 */
const leastHours = 6;

export const moveDwellHours = ({ dwellHours }: Pick<Policy, "dwellHours">): number =>
  Math.max(dwellHours, leastHours);
