/**
 * Why a group that may be converted is left alone for now: somebody else acts on it, or not all of it serves. Each passes, or its
 * owner sees to it anyway: the group is asked again soon.
 */
import {
  isInService,
  isRetained,
  type GroupMember,
  type ScheduledAction,
} from "../../../model/group.ts";
import { lackOfTraffic } from "../../../model/group-traffic.ts";
import type { Postponement } from "../../../model/verdict.ts";
import { counted } from "../../offers/figures.ts";
import { listed } from "../objection.ts";
import { nextRun } from "./cron.ts";
import type { GroupDelay, GroupRuleFacts } from "./rule.ts";

const minuteMs = 60_000;

/** The sweep comes every 15 minutes; most of what is waited for has passed by then. */
const askAgainMinutes = 15;

/** A batch takes a quarter of an hour: what sets sizes within so long would meet its surplus. */
const lookAheadMinutes = 60;

/** What is replaced for its age within so long would be replaced twice. */
const lifetimeAheadMs = 24 * 60 * minuteMs;

const after = (at: string, minutes: number): string =>
  new Date(Date.parse(at) + minutes * minuteMs).toISOString();

export const soon = (
  { at }: Pick<GroupRuleFacts, "at">,
  { reason, sentence }: Pick<Postponement, "reason" | "sentence">,
): Postponement => ({ reason, sentence, retryAt: after(at, askAgainMinutes) });

/** How many are named. */
const namedAtMost = 5;

const some = (names: readonly string[]): string =>
  names.length <= namedAtMost
    ? listed(names)
    : `${names.slice(0, namedAtMost).join(", ")} and ${String(names.length - namedAtMost)} more`;

const runsNoRefresh: GroupDelay = (facts) => {
  const [refresh] = facts.group.refreshes;
  return (
    refresh &&
    soon(facts, {
      reason: "REFRESH_IN_PROGRESS",
      sentence: `Instance refresh ${refresh.refreshId} of group ${facts.group.asgName} is ${refresh.status}: it replaces members itself. Nothing is done until it has ended.`,
    })
  );
};

const runsNoStackUpdate: GroupDelay = (facts) => {
  const { asgName, stack } = facts.group;
  return stack?.status?.endsWith("_IN_PROGRESS") === true
    ? soon(facts, {
        reason: "STACK_UPDATE_IN_PROGRESS",
        sentence: `Stack ${stack.name}, to which group ${asgName} belongs, is ${stack.status}: it may set sizes and replace members. Nothing is done until that has ended.`,
      })
    : undefined;
};

const shiftsNoZone: GroupDelay = (facts) => {
  const { asgName, traffic } = facts.group;
  const shifted = traffic.targetGroups.flatMap(({ arn, targets }) =>
    targets.filter(({ override }) => override !== undefined).map((target) => ({ ...target, arn })),
  )[0];
  return (
    shifted &&
    soon(facts, {
      reason: "ZONAL_SHIFT",
      sentence: `Target ${shifted.instanceId} in ${shifted.arn} has ${String(shifted.override)}: traffic of group ${asgName} is led away from a zone. Nothing is done until that has ended.`,
    })
  );
};

const describe = ({ instanceId, lifecycleState, healthStatus }: GroupMember): string =>
  `${instanceId} (${lifecycleState}, ${healthStatus})`;

/** What is kept after an abandoned hook is not counted by the group, and stays until a person ends it. */
const allAreInService: GroupDelay = (facts) => {
  const { members, asgName } = facts.group;
  const others = members.filter((member) => !isInService(member) && !isRetained(member));
  return others.length === 0
    ? undefined
    : soon(facts, {
        reason: "NOT_ALL_IN_SERVICE",
        sentence: `Of ${counted(members.length, "member")} of group ${asgName}, ${some(others.map(describe))} ${others.length === 1 ? "is" : "are"} not in service and healthy: nothing is taken from it meanwhile.`,
      });
};

const hasAllOfDesired: GroupDelay = (facts) => {
  const { members, asgName, desiredCapacity } = facts.group;
  const serving = members.filter(isInService).length;
  return serving >= desiredCapacity
    ? undefined
    : soon(facts, {
        reason: "BELOW_DESIRED",
        sentence: `Group ${asgName} has ${String(serving)} of ${counted(desiredCapacity, "member")} in service: nothing is taken from it meanwhile.`,
      });
};

const hasNoActivity: GroupDelay = (facts) => {
  const { activities, asgName } = facts.group;
  const [activity] = activities;
  return (
    activity &&
    soon(facts, {
      reason: "ACTIVITY_IN_PROGRESS",
      sentence: `Activity ${activity.activityId} of group ${asgName} goes on (${activity.statusCode}: ${activity.description.replace(/\.$/, "")}): nothing is done until it has ended.`,
    })
  );
};

/** Of all members, also where the group's own health checks don't ask the balancer. */
const allGetTraffic: GroupDelay = (facts) => {
  const { members, asgName, traffic } = facts.group;
  const lacking = members.filter(isInService).flatMap(({ instanceId }) => {
    const lack = facts.leftAhead?.has(instanceId) ? undefined : lackOfTraffic(traffic, instanceId);
    return lack === undefined ? [] : [`${instanceId} ${lack}`];
  });
  return lacking.length === 0
    ? undefined
    : soon(facts, {
        reason: "TARGETS_NOT_HEALTHY",
        sentence: `Not every member of group ${asgName} gets traffic: ${some(lacking)}. Nothing is taken from it meanwhile.`,
      });
};

const isOver = ({ endTime }: ScheduledAction, at: string): boolean =>
  endTime !== undefined && Date.parse(endTime) < Date.parse(at);

interface Span {
  readonly from: string;
  readonly until: string;
}

/** When one that recurs comes. Where nobody can read its recurrence, the time that AWS tells is all there is. */
const dueByRecurrence = (
  { recurrence, startTime, timeZone = "UTC" }: ScheduledAction & { readonly recurrence: string },
  { from, until }: Span,
): string | undefined => {
  const begin = startTime !== undefined && startTime > from ? startTime : from;
  const next = nextRun({ recurrence, timeZone }, { from: begin, until });
  if (next.kind === "AT") return next.at;
  return next.kind === "UNREADABLE" ? begin : undefined;
};

const dueTime = (action: ScheduledAction, span: Span): string | undefined => {
  const { recurrence, startTime } = action;
  if (isOver(action, span.from)) return undefined;
  const due =
    recurrence === undefined ? startTime : dueByRecurrence({ ...action, recurrence }, span);
  return due !== undefined && due >= span.from && due <= span.until ? due : undefined;
};

const noActionIsDue: GroupDelay = ({ at, group: { asgName, scheduledActions } }) => {
  const until = after(at, lookAheadMinutes);
  const [first] = scheduledActions
    .flatMap((action) => {
      const due = dueTime(action, { from: at, until });
      return due === undefined ? [] : [{ name: action.name, due }];
    })
    .toSorted((one, other) => (one.due < other.due ? -1 : 1));
  return (
    first && {
      reason: "SCHEDULED_ACTION_DUE",
      sentence: `Scheduled action ${first.name} of group ${asgName} is due at ${first.due} and sets its sizes: nothing is begun before.`,
      retryAt: after(first.due, askAgainMinutes),
    }
  );
};

const noLifetimeEnds: GroupDelay = (facts) => {
  const { asgName, members, settings } = facts.group;
  const seconds = settings.maxInstanceLifetimeSeconds;
  if (seconds === undefined) return undefined;
  const ending = members.filter(
    ({ instance }) =>
      instance !== undefined &&
      Date.parse(instance.launchedAt) + seconds * 1000 - Date.parse(facts.at) < lifetimeAheadMs,
  );
  return ending.length === 0
    ? undefined
    : soon(facts, {
        reason: "MAX_LIFETIME_DUE",
        sentence: `${some(ending.map(({ instanceId }) => instanceId))} of group ${asgName} will be replaced within a day, because of MaxInstanceLifetime (${String(seconds)} s): nothing is done until AWS has done so.`,
      });
};

/** Head-room that is made for a replacement would feed the policy that wants it. */
const isNotAskingForMore: GroupDelay = (facts) => {
  const { asgName, desiredCapacity, maxSize, alarmsInBreach } = facts.group;
  return desiredCapacity < maxSize || alarmsInBreach.length === 0
    ? undefined
    : soon(facts, {
        reason: "AT_MAX_WITH_ALARM",
        sentence: `Group ${asgName} is at its maximum of ${String(maxSize)} while ${some(alarmsInBreach)} ${alarmsInBreach.length === 1 ? "is" : "are"} in ALARM: a raised maximum would be taken by its scaling policy. Nothing is done until that has passed; or raise the maximum.`,
      });
};

/** The most telling first. */
export const groupDelays: readonly GroupDelay[] = [
  runsNoRefresh,
  runsNoStackUpdate,
  shiftsNoZone,
  allAreInService,
  hasAllOfDesired,
  hasNoActivity,
  allGetTraffic,
  noActionIsDue,
  noLifetimeEnds,
  isNotAskingForMore,
];
