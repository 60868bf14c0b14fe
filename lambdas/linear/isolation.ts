/**
 * Keeps a replacement of a stateful load by itself until it has its last root: a security group without rules is made for it, and its
 * interface is given the original's groups once the original rests.
 */
import type { LaunchBlueprint } from "../../adapters/aws/ec2/blueprint.ts";
import {
  createIsolationGroup,
  findSecurityGroup,
  removeEgress,
  setInterfaceGroups,
} from "../../adapters/aws/ec2/security-groups.ts";
import { attachedInterfaces } from "../../adapters/aws/ec2/attached.ts";
import type { ShownInstance } from "../../adapters/aws/ec2/instances.ts";
import { getIntent, updateIntent } from "../../adapters/store/intents.ts";
import { isolationGroupName } from "../../core/decide/linear/isolation.ts";
import { isPrimaryInterface, primaryInterface } from "../../core/decide/linear/travelling-parts.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { ChangeOf } from "../../core/model/intent.ts";
import { evaluationTag } from "../../core/model/tags.ts";
import { ourTags } from "../evaluation/our-tags.ts";
import { actedIntent, perform } from "../evaluation/perform.ts";
import { readOriginal } from "./facts.ts";
import { type LinearSession, replacementId, swapOf } from "./session.ts";

const isolateId = "isolate";
const endId = "end-isolation";

type Isolation = ChangeOf<"ISOLATE">;

const notYet = (sentence: string, resource: string): SpotOptimizerError =>
  new SpotOptimizerError("RetryableNotVisible", sentence, { resource });

const knownIsolation = async ({
  context,
  evaluation,
}: LinearSession): Promise<Isolation | undefined> => {
  const intent = await getIntent(context.table, evaluation.evaluationId, isolateId);
  return intent?.status === "ACTED" && intent.change.kind === "ISOLATE" ? intent.change : undefined;
};

/** Returns the id of the group. */
const makeGroup = async (session: LinearSession, change: Isolation): Promise<string> => {
  const { evaluation } = session;
  const { ec2 } = await session.customer();
  const { groupName: name, vpcId } = change;
  const made = await perform(session, {
    intent: { id: isolateId, change },
    action: "CreateSecurityGroup",
    resource: name,
    call: () =>
      createIsolationGroup(ec2, {
        name,
        vpcId,
        description: `Without rules: the replacement of ${evaluation.subject.instanceId} until it takes over`,
        tags: ourTags(evaluation),
      }),
    acted: ({ groupId }, stored) => (stored.kind === "ISOLATE" ? { ...stored, groupId } : stored),
  });
  return made.groupId;
};

const foreign = (name: string, groupId: string): SpotOptimizerError =>
  new SpotOptimizerError(
    "BrokenRequest",
    `A security group ${name} (${groupId}) is there already, and this evaluation did not make it.`,
    { resource: groupId, nextStep: "Delete or rename it, and evaluate again." },
  );

const isWithoutRules = (group: Awaited<ReturnType<typeof findSecurityGroup>>): boolean =>
  group !== undefined && group.egress.length + group.ingress.length === 0;

const stillShown = (groupId: string): string =>
  `EC2 still shows a rule of ${groupId}: it isolates nobody yet.`;

/** A sentence while EC2 shows a rule, or not the group; undefined once it is seen to have none. */
const closeGroup = async (
  session: LinearSession,
  change: Isolation,
  groupId: string,
): Promise<string | undefined> => {
  const { context, evaluation } = session;
  const { ec2 } = await session.customer();
  const { groupName: name, vpcId } = change;
  const found = await findSecurityGroup(ec2, { name, vpcId });
  if (found === undefined) return `EC2 does not show ${groupId} yet.`;
  if (found.tags[evaluationTag] !== evaluation.evaluationId) throw foreign(name, groupId);
  if (found.egress.length > 0) {
    const { isClosed } = await perform(session, {
      intent: { id: isolateId, change },
      action: "RevokeSecurityGroupEgress",
      resource: groupId,
      // The call's answer is not the proof.
      call: async () => {
        const answer = await removeEgress(ec2, found);
        const shown = await findSecurityGroup(ec2, { name, vpcId });
        return { ...answer, isClosed: isWithoutRules(shown) };
      },
      acted: (result, stored) =>
        result.isClosed && stored.kind === "ISOLATE" ? { ...stored, isClosed: true } : stored,
    });
    return isClosed ? undefined : stillShown(groupId);
  }
  if (!isWithoutRules(found)) return stillShown(groupId);
  await updateIntent(context.table, evaluation.evaluationId, isolateId, (stored) =>
    stored.change.kind === "ISOLATE"
      ? { ...stored, change: { ...stored.change, isClosed: true } }
      : stored,
  );
  return undefined;
};

/** Makes the group where there is none yet. A sentence while it is not known to isolate whoever is in it. */
export const prepareIsolation = async (session: LinearSession): Promise<string | undefined> => {
  const { evaluation, now } = session;
  const known = await knownIsolation(session);
  if (known?.isClosed === true) return undefined;
  if (known?.groupId !== undefined) return closeGroup(session, known, known.groupId);
  const { vpcId } = await readOriginal(session);
  const change: Isolation = {
    kind: "ISOLATE",
    groupName: isolationGroupName(evaluation),
    vpcId,
    dueAt: now.toISOString(),
  };
  const groupId = await makeGroup(session, change);
  // EC2 would not know it yet in the call that empties it: it has the time of the image.
  return `${groupId} is made, and is yet to be seen without a rule.`;
};

/** The blueprint of a replacement that nobody can reach, and that reaches nobody. Throws BrokenFacts before that was prepared. */
export const isolated = async (
  session: LinearSession,
  blueprint: LaunchBlueprint,
): Promise<LaunchBlueprint> => {
  const { groupId, isClosed } = (await knownIsolation(session)) ?? {};
  if (groupId === undefined || isClosed !== true) {
    const { evaluationId } = session.evaluation;
    throw new SpotOptimizerError("BrokenFacts", `${evaluationId} has no isolation group yet.`, {
      resource: evaluationId,
    });
  }
  const interfaces = blueprint.interfaces.map((each) => ({
    ...each,
    securityGroupIds: [groupId],
  }));
  return { ...blueprint, interfaces };
};

/**
 * Gives the replacement the original's groups, once. Nothing where it was never isolated: it was launched from the final image.
 * @param shown the replacement
 * @param beforeCall throws where the original does not rest: two would do the same work
 */
export const endIsolation = async (
  session: LinearSession,
  shown: ShownInstance,
  beforeCall: () => Promise<void>,
): Promise<void> => {
  const isolation = await knownIsolation(session);
  if (isolation === undefined || swapOf(session)?.heldId !== undefined) return;
  if ((await actedIntent(session, endId)) !== undefined) return;
  const instanceId = replacementId(session);
  const { ec2 } = await session.customer();
  const { networkInterfaceId } = attachedInterfaces(shown).find(isPrimaryInterface) ?? {};
  if (networkInterfaceId === undefined) {
    throw notYet(`EC2 does not show the network interface of ${instanceId}.`, instanceId);
  }
  const securityGroupIds = primaryInterface(await readOriginal(session))?.securityGroupIds ?? [];
  await beforeCall();
  await perform(session, {
    intent: {
      id: endId,
      change: { kind: "END_ISOLATION", instanceId, networkInterfaceId, securityGroupIds },
    },
    action: "ModifyNetworkInterfaceAttribute",
    resource: networkInterfaceId,
    call: () => setInterfaceGroups(ec2, { networkInterfaceId, groupIds: securityGroupIds }),
  });
};
