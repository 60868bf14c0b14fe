/** An Auto Scaling group behind a node group as it shows itself now, by one call; the rest as the gate found it. */
import { describeGroup } from "../../adapters/aws/autoscaling/describe.ts";
import { shownGroup } from "../../adapters/aws/autoscaling/live-group.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { GroupFacts } from "../../core/model/group.ts";
import type { KubernetesSession } from "./session.ts";

/** Throws StaleOriginal where it is gone: nothing that we do makes it vanish. */
export const readGroupShown = async (
  session: KubernetesSession<"autoScaling">,
  before: GroupFacts,
): Promise<GroupFacts> => {
  const { autoScaling } = await session.customer();
  const { asgName } = before;
  const shown = await describeGroup(autoScaling, asgName);
  if (shown !== undefined) return { ...before, ...shownGroup(shown, before) };
  throw new SpotOptimizerError(
    "StaleOriginal",
    `Group ${asgName} no longer exists: somebody deleted it meanwhile.`,
    {
      resource: asgName,
      nextStep: "Nothing: what was launched for it is ended. Delete the target.",
    },
  );
};
