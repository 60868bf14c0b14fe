/** Target groups as Auto Scaling uses them, under its service-linked role. */
import type { Group, TargetGroups, TargetListener, TargetName } from "./target-groups.ts";

export interface TargetMembership {
  isThere(arn: string): boolean;
  /** Under the group's port. Without effect where the group is gone, or the instance is registered. */
  register(arn: string, instanceId: string, healthyAfterSeconds?: number): void;
  deregister(arn: string, instanceId: string): void;
  /** Registered, or still draining. */
  isIn(arn: string, instanceId: string): boolean;
  /** `unused` where it is not registered. */
  stateOf(arn: string, instanceId: string): string;
  /** An administrative override stands beside the state. */
  isOverridden(arn: string, instanceId: string): boolean;
  listen(listener: TargetListener): void;
}

export const membershipOf = (groups: TargetGroups): TargetMembership => {
  const targetOf = (arn: string, instanceId: string): [Group, TargetName] | undefined => {
    const group = groups.find(arn);
    return group === undefined ? undefined : [group, { instanceId, port: group.port }];
  };
  return {
    isThere: (arn) => groups.find(arn) !== undefined,
    register: (arn, instanceId, healthyAfterSeconds) => {
      const target = targetOf(arn, instanceId);
      if (target === undefined) return;
      groups.register(...target, healthyAfterSeconds ?? target[0].healthyAfterSeconds);
    },
    deregister: (arn, instanceId) => {
      const group = groups.find(arn);
      if (group !== undefined) groups.deregister(group, instanceId, undefined);
    },
    isIn: (arn, instanceId) => {
      const group = groups.find(arn);
      return (
        group !== undefined && groups.targets(group).some((each) => each.instanceId === instanceId)
      );
    },
    stateOf: (arn, instanceId) => {
      const target = targetOf(arn, instanceId);
      return (target === undefined ? undefined : groups.health(...target).State) ?? "unused";
    },
    isOverridden: (arn, instanceId) => {
      const target = targetOf(arn, instanceId);
      return target !== undefined && groups.override(...target) !== undefined;
    },
    listen: (listener) => {
      groups.listen(listener);
    },
  };
};
