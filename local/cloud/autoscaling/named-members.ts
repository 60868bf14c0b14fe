/** The members that a call names, and what the calls that take members out have in common. */
import type { Call } from "../contract.ts";
import { sentence } from "./activities.ts";
import { setDesired, shrinking } from "./capacity.ts";
import { placeOf, type AutoScalingContext } from "./context.ts";
import type { terminateMember } from "./members.ts";
import { invalid, notPart, tooMany, unmanaged, wrongState } from "./refusals.ts";
import type { Group, Member } from "./state.ts";
import { viewActivity } from "./view.ts";

/** "You can specify up to 20 instances." (API reference, AttachInstances, DetachInstances.) */
const mostAttached = 20;

export const named = (ids: readonly string[] | undefined, verb: string): readonly string[] => {
  const asked = [...new Set(ids ?? [])];
  if (asked.length === 0) throw invalid("At least one instance ID must be specified.");
  if (asked.length > mostAttached) throw tooMany(verb);
  return asked;
};

/** @throws CloudError ValidationError where one of them is not the group's */
export const membersOf = (group: Group, ids: readonly string[]): readonly Member[] =>
  ids.map((id) => {
    const member = group.members.get(id);
    if (member === undefined) throw notPart(id, group);
    return member;
  });

/** Those that can be retained are not named: people match "is not in InService or Standby" (reproio/ecs_deploy #56). */
export const requireState = (members: readonly Member[], states: readonly string[]): void => {
  const shown = states.filter((state) => state !== "Terminating:Retained").join(" or ");
  for (const { instanceId, state } of members) {
    if (!states.includes(state)) throw wrongState(instanceId, shown);
  }
};

/** One by one, so that each activity says from what to what. */
export const takeOut = (
  context: AutoScalingContext,
  group: Group,
  order: {
    readonly members: readonly Member[];
    readonly decrements: boolean;
    readonly call: Call;
    readonly cause: (member: Member, shrinks: string) => string;
    readonly leave: typeof terminateMember;
  },
) =>
  order.members.map((member) => {
    const { decrements, call } = order;
    const text = order.cause(member, decrements ? `, ${shrinking(group, true)}` : "");
    const causes = [sentence(context, text)];
    if (decrements) setDesired(context, group, { to: group.desired - 1, call });
    order.leave(context, group, { member, causes });
    const [activity] = group.activities;
    return activity === undefined ? {} : viewActivity(activity);
  });

export const terminable = (
  context: AutoScalingContext,
  call: Call,
  id: string,
): { readonly group: Group; readonly member: Member } => {
  const { accountId, region } = placeOf(call);
  const group = context.memberships.get(id);
  const member = group?.members.get(id);
  if (
    group === undefined ||
    member === undefined ||
    group.accountId !== accountId ||
    group.region !== region
  ) {
    throw unmanaged(id);
  }
  return { group, member };
};
