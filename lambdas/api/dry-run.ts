/** What to try permissions on, and which of them can be tried at all. */
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { DryRunSubject } from "../../adapters/aws/ec2/dry-run-calls.ts";
import { readInstanceFacts } from "../../adapters/aws/ec2/instances.ts";
import { listTargets } from "../../adapters/store/targets.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { Account } from "../../core/model/account.ts";
import type { InstanceFacts } from "../../core/model/instance.ts";
import type { Target } from "../../core/model/target.ts";
import { customerActions, customerRoleStatements } from "../access.ts";
import { managedByTag } from "../runtime/our-tags.ts";
import type { ApiContext } from "./context.ts";

/** `aws:ResourceTag/…` or `ec2:ResourceTag/…` anywhere in the conditions. */
const asksForTag = (conditions: unknown): boolean =>
  JSON.stringify(conditions ?? {}).includes(":ResourceTag/");

const allowsFreely = (action: string): boolean =>
  customerRoleStatements().some(
    (statement) => statement.actions.includes(action) && !asksForTag(statement.conditions),
  );

/** Those that the role allows on any resource: a refusal means that the permission is missing. */
export const provableActions = (): readonly string[] => customerActions.filter(allowsFreely);

/**
 * Those that the role allows on tagged resources only. A dry run on a resource of the customer's must be refused,
 * which would prove nothing; so they are tried on nothing, and reported as not proved.
 */
export const actionsBoundToOurTags = (): readonly string[] =>
  customerActions.filter((action) => !allowsFreely(action));

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
    imageId: instance.imageId,
    subnetId: instance.subnetId,
    tags: { [managedByTag.key]: managedByTag.value },
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

/**
 * The parts of a registered target in that region. Empty when none is registered, EC2 doesn't show it, or we may
 * not even look at it: the dry runs then say which permission that is.
 */
export const dryRunSubject = async (
  context: ApiContext,
  where: { readonly ec2: EC2Client; readonly account: Account; readonly region: string },
): Promise<DryRunSubject> => {
  const target = await findTarget(context, where.account, where.region);
  if (target === undefined) return {};
  try {
    const instance = await readInstanceFacts(where.ec2, {
      instanceId: target.instanceId,
      accountId: target.accountId,
      region: target.region,
    });
    return instance === undefined ? {} : subjectOf(instance);
  } catch (error) {
    if (error instanceof SpotOptimizerError && error.name === "BrokenPermission") return {};
    throw error;
  }
};
