/**
 * An original that is kept: tagged first, so that it is found whatever becomes of us, then detached with the desired capacity lowered by it, and
 * stopped once it has left. The janitor ends it when its time is over.
 */
import { stopInstance } from "../../../adapters/aws/ec2/instances.ts";
import { createTags } from "../../../adapters/aws/ec2/tags.ts";
import { partIdsOf } from "../../../core/decide/cluster/kept-original.ts";
import { retirementTags, tagsBefore } from "../../../core/decide/switch/retirement-tags.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { InstanceState } from "../../../core/model/instance.ts";
import type { GroupMember } from "../../../core/model/group.ts";
import { ourTags } from "../../evaluation/our-tags.ts";
import { perform } from "../../evaluation/perform.ts";
import type { Launched } from "../../evaluation/swap-changes.ts";
import type { LiveSession } from "../session.ts";

const hourMs = 3_600_000;

export const retirementId = ({ swapId }: Pick<Launched, "swapId">): string => `retire-${swapId}`;

/** As it was read right before. Throws RetryableNotVisible where EC2 does not show it: what stands at its tags is not known. */
export const markKept = async (
  session: LiveSession,
  swap: Launched,
  { member, hours }: { readonly member: GroupMember; readonly hours: number },
): Promise<void> => {
  const { instance, instanceId } = member;
  if (instance === undefined) {
    throw new SpotOptimizerError("RetryableNotVisible", `EC2 does not show ${instanceId}.`, {
      resource: instanceId,
    });
  }
  const { ec2 } = await session.customer();
  const ours = ourTags(session.evaluation);
  const { tags, launchedAt } = instance;
  await perform(session, {
    intent: {
      id: retirementId(swap),
      swapId: swap.swapId,
      change: {
        kind: "RETIRE_ORIGINAL",
        instanceId,
        dueAt: new Date(session.now.getTime() + hours * hourMs).toISOString(),
        launchedAt,
        partIds: partIdsOf(instance),
      },
      before: tagsBefore(tags, ours),
    },
    action: "CreateTags",
    resource: instanceId,
    // A retry has found our own tags: what stood there before them, and until when it is kept, says the first intent.
    call: ({ change, before = {} }) => {
      if (change.kind !== "RETIRE_ORIGINAL") {
        throw new SpotOptimizerError("BrokenFacts", `${change.kind} is not a retirement.`);
      }
      return createTags(ec2, {
        resources: [instanceId],
        tags: retirementTags(ours, change.dueAt, before),
      });
    },
  });
};

/** It is not a member any longer. Returns the state in which it is then. */
export const stopKept = async (session: LiveSession, swap: Launched): Promise<InstanceState> => {
  const { ec2 } = await session.customer();
  const { originalId: instanceId, swapId } = swap;
  const { state } = await perform(session, {
    intent: {
      id: `stop-${swapId}`,
      swapId,
      change: { kind: "STOP_INSTANCE", instanceId },
    },
    action: "StopInstances",
    resource: instanceId,
    call: () => stopInstance(ec2, instanceId),
  });
  return state;
};
