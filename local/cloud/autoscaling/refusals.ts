/**
 * Auto Scaling's refusals. Modelled errors are thrown by the operations that declare them, and by no others (SDK 3.1169.0); all else is a
 * ValidationError, which is told apart by its words. Words are AWS's own where people have published them; † the others.
 */
import { CloudError } from "../contract.ts";
import type { Group } from "./state.ts";

export const invalid = (message: string): CloudError => new CloudError("ValidationError", message);

/** 500: the SDK calls it a server's fault. */
export const contention = (): CloudError =>
  new CloudError(
    "ResourceContention",
    "You already have a pending update to an Auto Scaling resource.",
    500,
  );

/** The words are †. */
export const roleFailure = (): CloudError =>
  new CloudError(
    "ServiceLinkedRoleFailure",
    "The service-linked role is not yet ready for use.",
    500,
  );

export const inProgress = (activityId: string): CloudError =>
  new CloudError(
    "ScalingActivityInProgress",
    `Scaling activity ${activityId} is in progress and blocks this action`,
  );

export const inUse = (message: string): CloudError => new CloudError("ResourceInUse", message);

export const exceeded = (message: string): CloudError => new CloudError("LimitExceeded", message);

export const noGroup = (name: string): CloudError =>
  invalid(`AutoScalingGroup name not found - AutoScalingGroup ${name} not found`);

/** "To attach 1 instance, …": LeanerCloud/AutoSpotting #407, #428. The same of detaching and standby. */
export const wrongSizes = (group: Group, verb: string, count: number): CloudError =>
  invalid(
    `AutoScalingGroup ${group.name} has min-size=${String(group.minSize)}, max-size=${String(group.maxSize)}, and desired-size=${String(group.desired)}. ` +
      `To ${verb} ${String(count)} instance${count === 1 ? "" : "s"}, please update the AutoScalingGroup sizes appropriately.`,
  );

/** reproio/ecs_deploy #39. */
export const tooMany = (verb: string): CloudError =>
  invalid(
    `List exceeds the maximum number of instances to ${verb}. Please retry your request with fewer instances.`,
  );

export const notPart = (instanceId: string, group: Group): CloudError =>
  invalid(`The instance ${instanceId} is not part of Auto Scaling group ${group.name}.`);

export const wrongState = (instanceId: string, states: string): CloudError =>
  invalid(`The instance ${instanceId} is not in ${states}.`);

export const unmanaged = (instanceId: string): CloudError =>
  invalid(`Instance Id not found - No managed instance found for instance ID: ${instanceId}`);

/** LeanerCloud/AutoSpotting #351: a target group of the group is gone. */
export const deadBalancer = (): CloudError =>
  invalid("Provided Load Balancers may not be valid. Please ensure they exist and try again.");
