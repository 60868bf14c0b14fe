/** How long a load is likely to be down while its instance is switched: for its window and its budget. */
import type { Target } from "../../model/target.ts";
import type { Policy } from "../../policy/policy.ts";

/**
 * `stop-and-image` takes 330 s in the demo: 30 s to stop, an image of the delta, the root volume and its checks. Volumes that
 * move take less; nobody has measured by how much on AWS.
 */
const usualSeconds = 360;

/** The longest that was measured of this very load, if that is more. 0: it serves throughout. */
export const expectedDowntimeSeconds = (
  { consistency }: Pick<Policy, "consistency">,
  { downtimes }: Pick<Target, "downtimes">,
): number =>
  consistency === "stateless"
    ? 0
    : Math.max(usualSeconds, ...(downtimes ?? []).map(({ seconds }) => seconds));
