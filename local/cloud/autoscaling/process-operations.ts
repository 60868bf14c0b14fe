/** Suspending and resuming processes, and lifecycle hooks. */
import type {
  CompleteLifecycleActionType,
  DeleteLifecycleHookType,
  DescribeLifecycleHooksAnswer,
  DescribeLifecycleHooksType,
  PutLifecycleHookType,
  RecordLifecycleActionHeartbeatType,
  ScalingProcessQuery,
} from "@aws-sdk/client-auto-scaling";
import type { Call } from "../contract.ts";
import { groupOf, type AutoScalingContext } from "./context.ts";
import { addHook, requireCalm } from "./group-operations.ts";
import { complete, heartbeat } from "./hooks.ts";
import { inUse, invalid } from "./refusals.ts";
import { processNames, type ProcessName } from "./state.ts";

const isProcess = (name: string): name is ProcessName =>
  (processNames as readonly string[]).includes(name);

/** "If you omit this property, all processes are specified." (API reference, SuspendProcesses.) */
const processesOf = ({ ScalingProcesses: names = [] }: ScalingProcessQuery): ProcessName[] => {
  const asked = names.length === 0 ? [...processNames] : names;
  return asked.map((name) => {
    if (isProcess(name)) return name;
    throw invalid(`${name} is not a valid scaling process name.`);
  });
};

const suspend =
  (context: AutoScalingContext) =>
  (call: Call, input: ScalingProcessQuery): Record<string, never> => {
    const group = groupOf(context, call, input.AutoScalingGroupName);
    requireCalm(context, call, group.name);
    if (group.isDeleting) throw inUse(`AutoScalingGroup ${group.name} is pending delete.`);
    const at = new Date(context.clock.now()).toISOString().replace(/\.\d+/, "");
    for (const name of processesOf(input)) group.suspended.set(name, `User suspended at ${at}`);
    return {};
  };

const resume =
  (context: AutoScalingContext) =>
  (call: Call, input: ScalingProcessQuery): Record<string, never> => {
    const group = groupOf(context, call, input.AutoScalingGroupName);
    requireCalm(context, call, group.name);
    for (const name of processesOf(input)) group.suspended.delete(name);
    group.failingSince = undefined;
    context.wake(group);
    return {};
  };

const transitions: ReadonlySet<string> = new Set([
  "autoscaling:EC2_INSTANCE_LAUNCHING",
  "autoscaling:EC2_INSTANCE_TERMINATING",
]);

const putHook =
  (context: AutoScalingContext) =>
  (call: Call, input: PutLifecycleHookType): Record<string, never> => {
    const { AutoScalingGroupName: name, ...hook } = input;
    const group = groupOf(context, call, name);
    requireCalm(context, call, group.name);
    const before = group.hooks.get(hook.LifecycleHookName ?? "");
    const transition = hook.LifecycleTransition ?? before?.LifecycleTransition ?? "";
    if (!transitions.has(transition)) {
      throw invalid(`The lifecycle transition ${transition} is not valid.`);
    }
    addHook(group, { ...before, ...hook, LifecycleTransition: transition });
    return {};
  };

/** "If there are any outstanding lifecycle actions, they are completed first (ABANDON for launching, CONTINUE for terminating)." */
const deleteHook =
  (context: AutoScalingContext) =>
  (call: Call, input: DeleteLifecycleHookType): Record<string, never> => {
    const group = groupOf(context, call, input.AutoScalingGroupName);
    requireCalm(context, call, group.name);
    const { LifecycleHookName: name = "" } = input;
    if (!group.hooks.has(name)) throw invalid(`No Lifecycle Hook found with name ${name}`);
    for (const { wait, instanceId, state } of [...group.members.values()]) {
      if (wait?.hookName !== name) continue;
      complete(context, group, {
        AutoScalingGroupName: group.name,
        LifecycleHookName: name,
        InstanceId: instanceId,
        LifecycleActionResult: state.startsWith("Pending") ? "ABANDON" : "CONTINUE",
      });
    }
    group.hooks.delete(name);
    return {};
  };

const describeHooks =
  (context: AutoScalingContext) =>
  (call: Call, input: DescribeLifecycleHooksType): DescribeLifecycleHooksAnswer => {
    const { LifecycleHookNames: names = [] } = input;
    const hooks = [...groupOf(context, call, input.AutoScalingGroupName).hooks.values()];
    return {
      LifecycleHooks: hooks.filter(
        ({ LifecycleHookName: name = "" }) => names.length === 0 || names.includes(name),
      ),
    };
  };

const completeAction =
  (context: AutoScalingContext) =>
  (call: Call, input: CompleteLifecycleActionType): Record<string, never> => {
    const group = groupOf(context, call, input.AutoScalingGroupName);
    requireCalm(context, call, group.name);
    complete(context, group, input);
    return {};
  };

const recordHeartbeat =
  (context: AutoScalingContext) =>
  (call: Call, input: RecordLifecycleActionHeartbeatType): Record<string, never> => {
    const group = groupOf(context, call, input.AutoScalingGroupName);
    requireCalm(context, call, group.name);
    heartbeat(context, group, input);
    return {};
  };

export const processOperations = (context: AutoScalingContext) => ({
  SuspendProcesses: suspend(context),
  ResumeProcesses: resume(context),
  PutLifecycleHook: putHook(context),
  DeleteLifecycleHook: deleteHook(context),
  DescribeLifecycleHooks: describeHooks(context),
  CompleteLifecycleAction: completeAction(context),
  RecordLifecycleActionHeartbeat: recordHeartbeat(context),
});
