/** What changes a group without a caller: scaling policies, scheduled actions, instance refreshes; and its warm pool. */
import type {
  CancelInstanceRefreshAnswer,
  CancelInstanceRefreshType,
  DeletePolicyType,
  DeleteScheduledActionType,
  DescribeInstanceRefreshesAnswer,
  DescribeInstanceRefreshesType,
  DescribePoliciesType,
  DescribeScheduledActionsType,
  PoliciesType,
  PolicyARNType,
  PutScalingPolicyType,
  PutScheduledUpdateGroupActionType,
  PutWarmPoolType,
  ScheduledActionsType,
  StartInstanceRefreshAnswer,
  StartInstanceRefreshType,
} from "@aws-sdk/client-auto-scaling";
import { CloudError, type Call } from "../contract.ts";
import { setSizes } from "./capacity.ts";
import { groupOf, isSuspended, newId, regionOf, type AutoScalingContext } from "./context.ts";
import { requireCalm } from "./group-operations.ts";
import { pageOf } from "./paging.ts";
import { invalid } from "./refusals.ts";
import { endRefresh, openRefresh } from "./refresh.ts";
import type { Group, ScheduledAction } from "./state.ts";

const putPolicy =
  (context: AutoScalingContext) =>
  (call: Call, input: PutScalingPolicyType): PolicyARNType => {
    const group = groupOf(context, call, input.AutoScalingGroupName);
    requireCalm(context, call, group.name);
    const { PolicyName: name = "" } = input;
    const id = `${newId(context)}:autoScalingGroupName/${group.name}:policyName/${name}`;
    const before = group.policies.get(name)?.PolicyARN;
    const PolicyARN =
      before ?? `arn:aws:autoscaling:${group.region}:${group.accountId}:scalingPolicy:${id}`;
    group.policies.set(name, {
      PolicyType: "SimpleScaling",
      Enabled: true,
      Alarms: [],
      StepAdjustments: [],
      ...input,
      PolicyARN,
    });
    return { PolicyARN, Alarms: [] };
  };

const deletePolicy =
  (context: AutoScalingContext) =>
  (call: Call, input: DeletePolicyType): Record<string, never> => {
    const group = groupOf(context, call, input.AutoScalingGroupName);
    if (!group.policies.delete(input.PolicyName ?? "")) throw invalid("Policy not found");
    return {};
  };

const describePolicies =
  (context: AutoScalingContext) =>
  (call: Call, input: DescribePoliciesType): PoliciesType => {
    const { AutoScalingGroupName: name, PolicyNames: names = [], PolicyTypes: types = [] } = input;
    const groups =
      name === undefined
        ? [...regionOf(context, call).groups.values()]
        : [groupOf(context, call, name)];
    const policies = groups
      .flatMap((group) => [...group.policies.values()])
      .filter(({ PolicyName: each = "" }) => names.length === 0 || names.includes(each))
      .filter(({ PolicyType: each = "" }) => types.length === 0 || types.includes(each));
    const { items, next } = pageOf(policies, input, context.settings.pageSize);
    return { ScalingPolicies: items, ...next };
  };

/** Runs it at its time, unless it was replaced or taken away. One that recurs runs at its next time only. † */
const plan = (context: AutoScalingContext, group: Group, action: ScheduledAction): void => {
  const at = action.StartTime?.getTime();
  if (at === undefined) return;
  context.timeline.at(at, () => {
    if (group.scheduled.get(action.ScheduledActionName) !== action || group.isDeleting) return;
    if (action.Recurrence === undefined) group.scheduled.delete(action.ScheduledActionName);
    if (isSuspended(group, "ScheduledActions")) return;
    try {
      setSizes(context, group, { sizes: action, by: "a scheduled action" });
    } catch (error) {
      // An action whose sizes no longer fit changes nothing.
      if (!(error instanceof CloudError)) throw error;
    }
  });
};

export const putAction = (
  context: AutoScalingContext,
  group: Group,
  asked: Omit<PutScheduledUpdateGroupActionType, "AutoScalingGroupName">,
): void => {
  const { ScheduledActionName: name = "", Time: time, ...rest } = asked;
  const start = asked.StartTime ?? time;
  if (start !== undefined && start.getTime() <= context.clock.now()) {
    throw invalid("Given start time is in the past");
  }
  const id = `${newId(context)}:autoScalingGroupName/${group.name}:scheduledActionName/${name}`;
  const action: ScheduledAction = {
    ...rest,
    AutoScalingGroupName: group.name,
    ScheduledActionName: name,
    ScheduledActionARN: `arn:aws:autoscaling:${group.region}:${group.accountId}:scheduledUpdateGroupAction:${id}`,
    ...(start !== undefined && { StartTime: start, Time: start }),
  };
  group.scheduled.set(name, action);
  plan(context, group, action);
};

const putScheduled =
  (context: AutoScalingContext) =>
  (call: Call, input: PutScheduledUpdateGroupActionType): Record<string, never> => {
    const { AutoScalingGroupName: name, ...action } = input;
    const group = groupOf(context, call, name);
    requireCalm(context, call, group.name);
    putAction(context, group, action);
    return {};
  };

const deleteScheduled =
  (context: AutoScalingContext) =>
  (call: Call, input: DeleteScheduledActionType): Record<string, never> => {
    const group = groupOf(context, call, input.AutoScalingGroupName);
    if (!group.scheduled.delete(input.ScheduledActionName ?? "")) {
      throw invalid("Scheduled action name not found");
    }
    return {};
  };

const describeScheduled =
  (context: AutoScalingContext) =>
  (call: Call, input: DescribeScheduledActionsType): ScheduledActionsType => {
    const { AutoScalingGroupName: name, ScheduledActionNames: names = [] } = input;
    const groups =
      name === undefined
        ? [...regionOf(context, call).groups.values()]
        : [groupOf(context, call, name)];
    const { StartTime: from, EndTime: to } = input;
    const actions = groups
      .flatMap((group) => [...group.scheduled.values()])
      .filter(({ ScheduledActionName: each }) => names.length === 0 || names.includes(each))
      .filter(({ StartTime: at }) => from === undefined || at === undefined || at >= from)
      .filter(({ StartTime: at }) => to === undefined || at === undefined || at <= to);
    const { items, next } = pageOf(actions, input, context.settings.pageSize);
    return { ScheduledUpdateGroupActions: items, ...next };
  };

export const startRefresh = (
  context: AutoScalingContext,
  group: Group,
  input: Omit<StartInstanceRefreshType, "AutoScalingGroupName">,
): string => {
  if (openRefresh(group) !== undefined) {
    throw new CloudError(
      "InstanceRefreshInProgress",
      "An Instance Refresh is already in progress and blocks the execution of this Instance Refresh.",
    );
  }
  const { DesiredConfiguration: wanted, Preferences: preferences } = input;
  if (wanted !== undefined) group.definition = { ...group.definition, ...wanted };
  const id = newId(context);
  group.refreshes.unshift({
    InstanceRefreshId: id,
    AutoScalingGroupName: group.name,
    Status: "Pending",
    StartTime: new Date(context.clock.now()),
    PercentageComplete: 0,
    InstancesToUpdate: group.members.size,
    Preferences: { MinHealthyPercentage: 90, ScaleInProtectedInstances: "Wait", ...preferences },
    ...(wanted !== undefined && { DesiredConfiguration: wanted }),
    Strategy: input.Strategy ?? "Rolling",
  });
  context.wake(group);
  return id;
};

const start =
  (context: AutoScalingContext) =>
  (call: Call, input: StartInstanceRefreshType): StartInstanceRefreshAnswer => {
    const group = groupOf(context, call, input.AutoScalingGroupName);
    requireCalm(context, call, group.name);
    return { InstanceRefreshId: startRefresh(context, group, input) };
  };

const cancel =
  (context: AutoScalingContext) =>
  (call: Call, input: CancelInstanceRefreshType): CancelInstanceRefreshAnswer => {
    const group = groupOf(context, call, input.AutoScalingGroupName);
    const refresh = openRefresh(group);
    if (refresh === undefined) {
      throw new CloudError(
        "ActiveInstanceRefreshNotFound",
        "No in progress or pending Instance Refresh found.",
      );
    }
    endRefresh(context, group, { refresh, status: "Cancelled", reason: "Cancelled by the user." });
    const { InstanceRefreshId: id } = refresh;
    return id === undefined ? {} : { InstanceRefreshId: id };
  };

const describeRefreshes =
  (context: AutoScalingContext) =>
  (call: Call, input: DescribeInstanceRefreshesType): DescribeInstanceRefreshesAnswer => {
    const { InstanceRefreshIds: ids = [] } = input;
    const refreshes = groupOf(context, call, input.AutoScalingGroupName).refreshes.filter(
      ({ InstanceRefreshId: id = "" }) => ids.length === 0 || ids.includes(id),
    );
    const { items, next } = pageOf(refreshes, input, context.settings.pageSize);
    return { InstanceRefreshes: items, ...next };
  };

/** It is shown, and never filled: what matters here is that a group has one. */
const putWarmPool =
  (context: AutoScalingContext) =>
  (call: Call, input: PutWarmPoolType): Record<string, never> => {
    const group = groupOf(context, call, input.AutoScalingGroupName);
    requireCalm(context, call, group.name);
    const { AutoScalingGroupName: _, ...pool } = input;
    group.warmPool = { MinSize: 0, PoolState: "Stopped", ...pool };
    return {};
  };

export const scheduleOperations = (context: AutoScalingContext) => ({
  PutScalingPolicy: putPolicy(context),
  DeletePolicy: deletePolicy(context),
  DescribePolicies: describePolicies(context),
  PutScheduledUpdateGroupAction: putScheduled(context),
  DeleteScheduledAction: deleteScheduled(context),
  DescribeScheduledActions: describeScheduled(context),
  StartInstanceRefresh: start(context),
  CancelInstanceRefresh: cancel(context),
  DescribeInstanceRefreshes: describeRefreshes(context),
  PutWarmPool: putWarmPool(context),
});
