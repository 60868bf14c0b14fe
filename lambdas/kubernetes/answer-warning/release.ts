/** Lets a node that EC2 takes back go from its group, whose desired capacity stays: the group launches another while this one still runs. */
import {
  detachInstance,
  type MembershipResult,
} from "../../../adapters/aws/autoscaling/membership.ts";
import { readWarnedMember } from "../../../adapters/aws/autoscaling/warned-member.ts";
import { readInstanceTags } from "../../../adapters/aws/ec2/instances.ts";
import { listIntents } from "../../../adapters/store/intents.ts";
import { judgeRelease, type Release } from "../../../core/decide/kubernetes/response.ts";
import { familyOf, SpotOptimizerError } from "../../../core/errors.ts";
import { evaluationIdSchema } from "../../../core/model/ids.ts";
import { evaluationTag } from "../../../core/model/tags.ts";
import { contentionIn } from "../../evaluation/contention.ts";
import { actedIntent, perform } from "../../evaluation/perform.ts";
import type { KubernetesSession } from "../session.ts";
import { warnedOf } from "../warned.ts";

type ReleaseSession = KubernetesSession<"autoScaling" | "ec2">;

/** A tag says where to look; the intent of that evaluation says that it was attached by us. */
const wasAttachedByUs = async (session: ReleaseSession, instanceId: string): Promise<boolean> => {
  const { ec2 } = await session.customer();
  const tags = await readInstanceTags(ec2, instanceId);
  const evaluationId = evaluationIdSchema.safeParse(tags?.[evaluationTag]);
  if (!evaluationId.success) return false;
  const intents = await listIntents(session.context.table, evaluationId.data);
  return intents.some(
    ({ change, status }) =>
      change.kind === "ATTACH_NODE" &&
      change.instanceId === instanceId &&
      (status === "ACTED" || status === "COMMITTED"),
  );
};

export const judgeReleaseNow = async (
  session: ReleaseSession,
  { isEnded }: { readonly isEnded: boolean },
): Promise<Release> => {
  const { instanceId } = warnedOf(session);
  const { asgName } = session.evaluation.subject;
  if (asgName === undefined) {
    return judgeRelease({ instanceId, asgName, member: undefined, isOurs: false, isEnded });
  }
  const { autoScaling } = await session.customer();
  const [member, isOurs] = await Promise.all([
    readWarnedMember(autoScaling, { asgName, instanceId }),
    wasAttachedByUs(session, instanceId),
  ]);
  return judgeRelease({ instanceId, asgName, member, isOurs, isEnded });
};

const releaseId = (instanceId: string): string => `release-${instanceId}`;

const detach = async (
  session: ReleaseSession,
  { asgName, instanceId }: { readonly asgName: string; readonly instanceId: string },
  desiredCapacity: number,
): Promise<MembershipResult> => {
  const { autoScaling } = await session.customer();
  return perform(session, {
    intent: {
      id: releaseId(instanceId),
      change: { kind: "RELEASE_NODE", asgName, instanceId },
      before: { desiredCapacity },
    },
    action: "DetachInstances",
    resource: `${instanceId} from ${asgName}`,
    call: () => detachInstance(autoScaling, { asgName, instanceId, keepsPlace: true }),
    refused: (result) => (result.kind === "REFUSED" ? result.sentence : undefined),
  });
};

export interface Released {
  readonly sentence: string;
  /** Its group is busy: it may let it go in a moment. */
  readonly isBusy?: true;
}

/** Asked again it does nothing more. */
export const releaseNode = async (
  session: ReleaseSession,
  notice: { readonly isEnded: boolean },
): Promise<Released> => {
  const { instanceId } = warnedOf(session);
  const { asgName = "" } = session.evaluation.subject;
  const done = { sentence: `Group ${asgName} launches another for node ${instanceId}.` };
  if ((await actedIntent(session, releaseId(instanceId))) !== undefined) return done;
  const release = await judgeReleaseNow(session, notice);
  if (release.kind === "KEEP") return release;
  try {
    const result = await detach(session, { asgName, instanceId }, release.member.desiredCapacity);
    return result.kind === "DONE" ? done : { sentence: result.sentence };
  } catch (error) {
    const isRefused = error instanceof SpotOptimizerError && familyOf(error) === "Broken";
    // Emptied it is all the same.
    return isRefused
      ? { sentence: error.message }
      : { sentence: contentionIn(error), isBusy: true };
  }
};
