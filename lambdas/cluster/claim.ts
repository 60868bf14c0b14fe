/**
 * The claim on the group: a tag by which another deployment of this product sees that one works on it. Members do not get it. It is set
 * before anything is made, and taken away by the restore.
 */
import { tagGroup } from "../../adapters/aws/autoscaling/settings.ts";
import { fenceOf } from "../../core/model/evaluation.ts";
import type { GroupFacts } from "../../core/model/group.ts";
import { claimOf, claimTag } from "../../core/model/tags.ts";
import { perform } from "../evaluation/perform.ts";
import type { LiveSession } from "./session.ts";

export const claimGroup = async (
  session: LiveSession,
  { asgName, tags }: GroupFacts,
  batch: number,
): Promise<void> => {
  const { evaluation } = session;
  const { autoScaling } = await session.customer();
  const claim = claimOf(evaluation.deploymentId, fenceOf(evaluation));
  if (tags[claimTag] === claim) return;
  await perform(session, {
    intent: {
      id: `claim-group-${String(batch)}`,
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
