/** May an original leave its group now: with it gone as many must serve as are asked for. */
import { isInService, type GroupFacts } from "../../model/group.ts";
import type { InstanceState } from "../../model/instance.ts";

/** As EC2 shows it. One that has ended is a member until its group has seen so. */
export interface RemainingInstance {
  readonly instanceId: string;
  readonly state: InstanceState;
  /** EC2 has announced that it takes it back: it no longer counts as serving. */
  readonly isInterrupted: boolean;
}

type Group = Pick<GroupFacts, "asgName" | "desiredCapacity" | "members">;

/** Members in service beside it: of these EC2 is asked. */
export const othersInService = ({ members }: Group, originalId: string): readonly string[] =>
  members
    .filter((member) => member.instanceId !== originalId && isInService(member))
    .map(({ instanceId }) => instanceId);

/**
 * Why it may not; undefined: it may. Our growth is part of the desired capacity, and the removal takes it off again. One that EC2 does not show does not
 * serve.
 */
export const whyTooFewRemain = (
  group: Group,
  originalId: string,
  shown: readonly RemainingInstance[],
): string | undefined => {
  const asked = group.desiredCapacity - 1;
  const others = othersInService(group, originalId);
  const serving = shown.filter(
    ({ instanceId, state, isInterrupted }) =>
      others.includes(instanceId) && state === "running" && !isInterrupted,
  ).length;
  return serving >= asked
    ? undefined
    : `Without ${originalId} ${String(serving)} members of group ${group.asgName} would serve, and ${String(asked)} are asked for.`;
};
