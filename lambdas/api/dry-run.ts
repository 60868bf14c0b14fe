/** What to try permissions on, and which of them can be tried at all. */
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { DryRunSubject } from "../../adapters/aws/ec2/dry-run-call.ts";
import { readInstanceFacts } from "../../adapters/aws/ec2/instances.ts";
import { listTargets } from "../../adapters/store/targets.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { Account } from "../../core/model/account.ts";
import type { InstanceFacts } from "../../core/model/instance.ts";
import { deploymentTag, enrolTag, managedByTag } from "../../core/model/tags.ts";
import type { Target } from "../../core/model/target.ts";
import { customerActions } from "../access/functions.ts";
import { customerRoleStatements } from "../access/customer-role.ts";
import type { ApiContext } from "./context.ts";

const ofResources = /:ResourceTag\//;

/** The actions of each statement that allows them on resources with certain tags only, and whether the owner's tag of enrolment is what it asks for. */
const boundStatements = customerRoleStatements()
  .filter(({ effect, conditions }) => effect !== "Deny" && conditions !== undefined)
  // A dry run of a launch names no template.
  .filter(({ resources }) => resources.some((arn) => !arn.includes(":launch-template/")))
  .filter(({ conditions }) => ofResources.test(JSON.stringify(conditions)))
  .map(({ actions, conditions }) => ({
    actions,
    isForEnrolled: Object.keys(conditions?.["StringEquals"] ?? {}).some((key) =>
      key.includes(`:ResourceTag/${enrolTag.key}`),
    ),
  }));

const isProvableOn = (action: string, stage: DryRunStage): boolean => {
  const bound = boundStatements.filter(({ actions }) => actions.includes(action));
  return (
    bound.length === 0 || (stage.isEnrolled && bound.some(({ isForEnrolled }) => isForEnrolled))
  );
};

/** What the permissions of one region are tried on. */
export interface DryRunStage {
  readonly subject: DryRunSubject;
  /** Whether the owner put the enrolment tag on the instance. */
  readonly isEnrolled: boolean;
}

/**
 * Where the role allows an action on tagged resources only, a dry run on another resource must be refused and
 * proves nothing: such actions are tried on nothing, and are reported as not proved.
 */
export const splitActions = (
  stage: DryRunStage,
): { readonly provable: readonly string[]; readonly boundToTags: readonly string[] } => {
  const { provable = [], boundToTags = [] } = Object.groupBy(customerActions, (action) =>
    isProvableOn(action, stage) ? "provable" : "boundToTags",
  );
  return { provable, boundToTags };
};

/** Pages of targets are read until one lies in the region. */
const pageSize = 100;

const findTarget = async (
  context: ApiContext,
  account: Account,
  region: string,
): Promise<Target | undefined> => {
  let cursor: string | undefined;
  do {
    const page = await listTargets(context.table, {
      accountId: account.accountId,
      limit: pageSize,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const target = page.items.find((item) => item.region === region);
    if (target !== undefined) return target;
    cursor = page.cursor;
  } while (cursor !== undefined);
  return undefined;
};

const subjectOf = (instance: InstanceFacts): DryRunSubject => {
  const [volume] = instance.volumes;
  const [networkInterface] = instance.networkInterfaces;
  const allocationId = instance.networkInterfaces
    .flatMap((one) => one.privateAddresses)
    .find((address) => address.allocationId !== undefined)?.allocationId;
  return {
    instanceId: instance.instanceId,
    instanceType: instance.instanceType,
    zoneName: instance.zoneName,
    imageId: instance.imageId,
    subnetId: instance.subnetId,
    vpcId: instance.vpcId,
    // A dry run sets none of them: the permissions ask whether they are there.
    tags: { [managedByTag.key]: managedByTag.value, [deploymentTag]: "dry-run" },
    ...(volume === undefined ? {} : { volumeId: volume.volumeId }),
    ...(networkInterface === undefined
      ? {}
      : {
          networkInterfaceId: networkInterface.networkInterfaceId,
          attachmentId: networkInterface.attachmentId,
        }),
    ...(allocationId === undefined ? {} : { allocationId }),
  };
};

const emptyStage: DryRunStage = { subject: {}, isEnrolled: false };

/**
 * The parts of a registered target in that region. Empty when none is registered, EC2 doesn't show it, or we may
 * not even look at it: the dry runs then say which permission that is.
 */
export const dryRunStage = async (
  context: ApiContext,
  where: { readonly ec2: EC2Client; readonly account: Account; readonly region: string },
): Promise<DryRunStage> => {
  const target = await findTarget(context, where.account, where.region);
  if (target === undefined) return emptyStage;
  try {
    const instance = await readInstanceFacts(where.ec2, {
      instanceId: target.instanceId,
      accountId: target.accountId,
      region: target.region,
    });
    if (instance === undefined) return emptyStage;
    const isEnrolled = instance.tags[enrolTag.key] === enrolTag.value;
    return { subject: subjectOf(instance), isEnrolled };
  } catch (error) {
    if (error instanceof SpotOptimizerError && error.name === "BrokenPermission") return emptyStage;
    throw error;
  }
};
