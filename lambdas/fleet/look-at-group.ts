/** Looks closely at a group that would switch, as its gate does: what is refused by all that is known of it is not worth a dry run. */
import { readGroup } from "../../adapters/aws/autoscaling/group.ts";
import { readStopProtected } from "../../adapters/aws/ec2/protections.ts";
import { readRaisedMax } from "../../adapters/store/raised-maxima.ts";
import type { Table } from "../../adapters/store/table.ts";
import type { GroupLook } from "../../core/model/close-look.ts";
import { isOnDemand, type GroupFacts } from "../../core/model/group.ts";
import type { TargetOf } from "../../core/model/target.ts";
import { policyOfGroup, readGroupTags } from "../../core/policy/group-tags.ts";
import { placedAmong } from "../cluster/check-group/placed.ts";
import { launchOf, type Asking } from "./asking.ts";
import { policyOf } from "./place.ts";

type GroupTarget = TargetOf<"CLUSTER">;

const standingOf = async (
  table: Table,
  group: Pick<GroupFacts, "accountId" | "region" | "asgName">,
): Promise<Pick<GroupLook["facts"], "standing">> => {
  const found = await readRaisedMax(table, group);
  if (found === undefined) return {};
  const { maxOriginal, maxRaised } = found;
  return { standing: { maxOriginal, maxRaised } };
};

/** A call for each member: asked only where originals are to be kept stopped. */
const stopProtectedIn = async (
  { clients }: Asking,
  target: GroupTarget,
  group: GroupFacts,
): Promise<Pick<GroupFacts, "stopProtected">> => {
  const { keepOriginalsHours } = policyOfGroup(policyOf(target), readGroupTags(group.tags));
  if (keepOriginalsHours === 0) return {};
  const ids = group.members.filter(isOnDemand).map(({ instanceId }) => instanceId);
  return { stopProtected: await readStopProtected(clients.ec2, ids) };
};

/**
 * @param isWorthMore whether what is known so far would have it switched
 * @returns undefined: it has gone since the lists were read
 */
export const lookAtGroup = async (
  asking: Asking,
  target: GroupTarget,
  isWorthMore: (look: GroupLook) => Promise<boolean>,
): Promise<GroupLook | undefined> => {
  const { context, clients, session } = asking;
  const { table, now } = context;
  const { accountId, region, group: named } = target;
  const question = { asgName: named.asgName, accountId, region, linearTargets: [] };
  const reading = await readGroup(clients, question);
  if (reading === undefined) return undefined;
  const { facts } = reading;
  const ids = new Set<string>(facts.members.map(({ instanceId }) => instanceId));
  const group: GroupFacts = {
    ...facts,
    linearTargets: session.linearTargets.filter(({ instanceId }) => ids.has(instanceId)),
    placed: await placedAmong({ table, deploymentId: session.deploymentId }, facts),
  };
  const known = { group, ...(await standingOf(table, group)) };
  const readAt = now().toISOString();
  if (!(await isWorthMore({ readAt, facts: known }))) return { readAt, facts: known };
  return {
    readAt,
    facts: {
      ...known,
      group: { ...group, ...(await stopProtectedIn(asking, target, group)) },
      launch: await launchOf(asking, target, { ...reading, facts: group }),
    },
  };
};
