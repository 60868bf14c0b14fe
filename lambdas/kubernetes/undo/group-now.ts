/** An Auto Scaling group behind a node group as an undo looks at it, by one call. */
import { describeGroup } from "../../../adapters/aws/autoscaling/describe.ts";
import { tagsOfGroup } from "../../../adapters/aws/autoscaling/group-settings.ts";
import { shownGroup } from "../../../adapters/aws/autoscaling/live-group.ts";
import type { UndoNodeGroup } from "../../../core/decide/kubernetes/undo/world.ts";
import type { GroupFacts } from "../../../core/model/group.ts";
import { claimTag } from "../../../core/model/tags.ts";
import type { DueSession } from "../../evaluation/session.ts";

/** Undefined: there was none, or it no longer exists. */
export const readGroupNow = async (
  session: DueSession<"KUBERNETES", "autoScaling">,
  before: GroupFacts | undefined,
): Promise<UndoNodeGroup | undefined> => {
  if (before === undefined) return undefined;
  const { autoScaling } = await session.customer();
  const { asgName, zones } = before;
  const shown = await describeGroup(autoScaling, asgName);
  if (shown === undefined) return undefined;
  const claim = tagsOfGroup(shown).tags[claimTag];
  const { traffic: _traffic, ...live } = shownGroup(shown, before);
  return { ...live, asgName, zones, ...(claim === undefined ? {} : { claim }) };
};
