/**
 * Looks once at the instance by which a target is registered: EC2 must show it as the body describes it, and that it belongs
 * where the body says. What can't be read is not a pass.
 */
import { readMembership, type Membership } from "../../adapters/aws/ec2/membership.ts";
import { getAccount } from "../../adapters/store/accounts.ts";
import type { Account } from "../../core/model/account.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import { hasEnded } from "../../core/model/instance.ts";
import { memberTags } from "../../core/model/tags.ts";
import type { Target, TargetOf } from "../../core/model/target.ts";
import type { ApiContext } from "./context.ts";
import { ApiProblem, invalid, type FieldFault } from "./problem.ts";

type GroupTarget = TargetOf<"CLUSTER"> | TargetOf<"KUBERNETES">;
type Place = keyof typeof memberTags;

const fieldOf: Readonly<Record<Place, string>> = {
  asgName: "metadata.asg_name",
  clusterName: "cluster_membership.cluster_name",
  nodeGroup: "cluster_membership.node_group",
};

const notManaged =
  "it is not in a managed node group; of one that you manage yourself give metadata.asg_name too";

const meaningOfAbsence: Readonly<Record<Place, string>> = {
  asgName: "it is not in an Auto Scaling group",
  clusterName: notManaged,
  nodeGroup: notManaged,
};

interface Asked {
  readonly place: Place;
  readonly name: string;
  /** A node group that the customer manages has no tags of EKS; where they are there, they must not contradict. */
  readonly mayBeAbsent: boolean;
}

const askedBy = (target: GroupTarget): readonly Asked[] => {
  if (target.pipelineMode === "CLUSTER") {
    return [{ place: "asgName", name: target.group.asgName, mayBeAbsent: false }];
  }
  const { asgName, clusterName, nodeGroup } = target.node;
  const mayBeAbsent = asgName !== undefined;
  return [
    ...(asgName === undefined
      ? []
      : [{ place: "asgName", name: asgName, mayBeAbsent: false } as const]),
    { place: "clusterName", name: clusterName, mayBeAbsent },
    { place: "nodeGroup", name: nodeGroup, mayBeAbsent },
  ];
};

const faultsOfMember = (target: GroupTarget, found: Membership): readonly FieldFault[] =>
  askedBy(target).flatMap(({ place, name, mayBeAbsent }) => {
    const value = found[place];
    if (value === name || (value === undefined && mayBeAbsent)) return [];
    const begin = `asked was ${name}, but ${target.instanceId} has`;
    return {
      field: fieldOf[place],
      message:
        value === undefined
          ? `${begin} no tag ${memberTags[place]}: ${meaningOfAbsence[place]}`
          : `${begin} the tag ${memberTags[place]}=${value}`,
    };
  });

const notAMember = (message: string): ApiProblem =>
  invalid("body", [{ field: "instance_id", message }]);

/** What EC2 shows otherwise than the body says. */
const faultsOfInstance = (target: Target, found: Membership): readonly FieldFault[] => {
  const { instanceId, instanceType, availabilityZone } = target;
  const { instanceType: type = instanceType, zoneName = availabilityZone } = found;
  return [
    ...(type === instanceType
      ? []
      : [{ field: "instance_type", message: `${instanceId} is of type ${type}` }]),
    ...(zoneName === availabilityZone
      ? []
      : [{ field: "availability_zone", message: `${instanceId} is in ${zoneName}` }]),
  ];
};

const endedSentence = ({ instanceId, pipelineMode }: Target, state: string): string =>
  pipelineMode === "LINEAR"
    ? `${instanceId} is ${state}`
    : `${instanceId} is ${state}; register the group by a member that runs`;

const requireInstance = (target: Target, found: Membership | undefined): void => {
  const { instanceId, accountId, region } = target;
  if (found === undefined) {
    throw notAMember(
      `EC2 shows no ${instanceId} in ${region} of account ${accountId}. A new instance may need some seconds: ask again then, with another Idempotency-Key if you sent one`,
    );
  }
  if (hasEnded(found.state)) throw notAMember(endedSentence(target, found.state));
  const ofMember = target.pipelineMode === "LINEAR" ? [] : faultsOfMember(target, found);
  const faults = [...faultsOfInstance(target, found), ...ofMember];
  if (faults.length > 0) throw invalid("body", faults);
};

const requireActive = ({ accountId, status }: Account, { pipelineMode }: Target): void => {
  if (status === "ACTIVE" || pipelineMode === "LINEAR") return;
  const next = status === "PENDING" ? "verify it" : "set it to PENDING and verify it";
  throw new ApiProblem(
    "conflict",
    `Account ${accountId} is ${status}, so that the member of a ${pipelineMode} target can't be looked at: ${next} first.`,
  );
};

const requireStored = async (context: ApiContext, target: Target): Promise<Account> => {
  const account = await getAccount(context.table, target.accountId);
  if (account !== undefined) return account;
  throw new ApiProblem("conflict", `Account ${target.accountId} is no longer connected.`);
};

/** Undefined where the role of an account that was never verified does not let us look. */
const look = async (
  context: ApiContext,
  account: Account,
  target: Target,
): Promise<{ readonly found: Membership | undefined } | undefined> => {
  try {
    const sessionName = `member-${context.randomId()}`;
    const { ec2 } = await context.customer(account, target.region, sessionName);
    return { found: await readMembership(ec2, target.instanceId) };
  } catch (error) {
    const isRefused = error instanceof SpotOptimizerError && error.name === "BrokenPermission";
    if (isRefused && account.status === "PENDING") return undefined;
    throw error;
  }
};

/**
 * One reading in the customer's account; none where that is DISABLED. The instance of a LINEAR target in an account that was not
 * verified yet is looked at where the role allows it. Throws the problems 409 (the account is not ACTIVE; CLUSTER and KUBERNETES
 * alone) and 422 naming the field, and what AWS answers otherwise.
 */
export const checkRegistered = async (context: ApiContext, target: Target): Promise<void> => {
  const account = await requireStored(context, target);
  requireActive(account, target);
  if (account.status === "DISABLED") return;
  const looked = await look(context, account, target);
  if (looked !== undefined) requireInstance(target, looked.found);
};
