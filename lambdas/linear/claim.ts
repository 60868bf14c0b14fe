/**
 * The claim on the original: a tag by which another deployment of this product sees that one works on it. Written before anything
 * is made, compared whenever the original is looked at, taken away at the end by key and value. Who finds another's over his own
 * gives way: the one that was written later stays.
 */
import { createTags, deleteTags } from "../../adapters/aws/ec2/tags.ts";
import { listIntents } from "../../adapters/store/intents.ts";
import { fenceOf } from "../../core/model/evaluation.ts";
import type { InstanceFacts } from "../../core/model/instance.ts";
import { changesOf } from "../../core/model/intent.ts";
import { claimOf, claimTag } from "../../core/model/tags.ts";
import { actedIntent, perform } from "../evaluation/perform.ts";
import { unlessGone } from "../evaluation/cancel-retirement.ts";
import type { LinearSession } from "./session.ts";

const claimId = "claim-original";
const releaseId = "release-claim";

/** @param original as it was read right before: without another deployment's claim, or it would not be what was judged */
export const claimOriginal = async (
  session: LinearSession,
  { instanceId, tags }: InstanceFacts,
): Promise<void> => {
  if ((await actedIntent(session, claimId)) !== undefined) return;
  const { evaluation } = session;
  const { ec2 } = await session.customer();
  const claim = claimOf(evaluation.deploymentId, fenceOf(evaluation));
  await perform(session, {
    intent: {
      id: claimId,
      change: { kind: "CLAIM_ORIGINAL", instanceId, claim },
      before: { [claimTag]: tags[claimTag] ?? null },
    },
    action: "CreateTags",
    resource: instanceId,
    // A retry writes what the first try did: that is taken away in the end.
    call: ({ change }) =>
      createTags(ec2, {
        resources: [instanceId],
        tags: { [claimTag]: change.kind === "CLAIM_ORIGINAL" ? change.claim : claim },
      }),
  });
};

/** Our earlier claim, of an evaluation that died, is not written back: it says what is no longer so. */
export const releaseClaim = async (session: LinearSession): Promise<void> => {
  const { context, evaluation } = session;
  const intents = await listIntents(context.table, evaluation.evaluationId);
  if (intents.some(({ id, status }) => id === releaseId && status === "ACTED")) return;
  const [claimed] = changesOf(intents, "CLAIM_ORIGINAL");
  if (claimed === undefined) return;
  const { instanceId, claim } = claimed;
  const { ec2 } = await session.customer();
  await perform(session, {
    intent: { id: releaseId, change: { kind: "RELEASE_CLAIM", instanceId, claim } },
    action: "DeleteTags",
    resource: instanceId,
    call: () =>
      unlessGone(deleteTags(ec2, { resources: [instanceId], tags: { [claimTag]: claim } })),
  });
};
