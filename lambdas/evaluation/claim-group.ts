/**
 * The claim on the group: a tag by which another deployment of this product sees that one works on it. Members do not get it. It is set
 * before anything is made, and taken away once what was made is done or undone.
 */
import { tagGroup } from "../../adapters/aws/autoscaling/settings.ts";
import { fenceOf } from "../../core/model/evaluation.ts";
import type { GroupFacts } from "../../core/model/group.ts";
import { claimOf, claimTag } from "../../core/model/tags.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import { perform } from "./perform.ts";
import type { EvaluationSession } from "./session.ts";

export const claimGroup = async (
  session: EvaluationSession<PipelineMode, "autoScaling">,
  { asgName, tags }: Pick<GroupFacts, "asgName" | "tags">,
  round: number,
): Promise<void> => {
  const { evaluation } = session;
  const { autoScaling } = await session.customer();
  const claim = claimOf(evaluation.deploymentId, fenceOf(evaluation));
  if (tags[claimTag] === claim) return;
  await perform(session, {
    intent: {
      id: `claim-group-${String(round)}`,
      change: { kind: "CLAIM_GROUP", asgName, claim },
      before: { [claimTag]: tags[claimTag] ?? null },
    },
    action: "CreateOrUpdateTags",
    resource: asgName,
    // A retry writes what the first try did: that is taken away in the end.
    call: ({ change }) =>
      tagGroup(autoScaling, {
        asgName,
        key: claimTag,
        value: change.kind === "CLAIM_GROUP" ? change.claim : claim,
      }),
  });
};
