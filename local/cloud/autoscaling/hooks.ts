/**
 * Lifecycle hooks: a member waits in `Pending:Wait` or `Terminating:Wait` until somebody completes the action, or its time is over.
 * Source: user guide, "Amazon EC2 Auto Scaling lifecycle hooks"; API reference, LifecycleHook, CompleteLifecycleAction.
 */
import type {
  CompleteLifecycleActionType,
  LifecycleHook,
  RecordLifecycleActionHeartbeatType,
} from "@aws-sdk/client-auto-scaling";
import { newId, type AutoScalingContext } from "./context.ts";
import { emitWait } from "./telling.ts";
import { invalid } from "./refusals.ts";
import type { Group, LifecycleWait, Member } from "./state.ts";

type Transition = "autoscaling:EC2_INSTANCE_LAUNCHING" | "autoscaling:EC2_INSTANCE_TERMINATING";
export type HookResult = "CONTINUE" | "ABANDON";

/** "The maximum is 172800 seconds (48 hours) or 100 times HeartbeatTimeout, whichever is smaller." (LifecycleHook, GlobalTimeout.) */
export const globalTimeoutOf = (heartbeatSeconds: number): number =>
  Math.min(172_800, 100 * heartbeatSeconds);

/** "The default value is 3600 seconds (one hour)" and "The default value is ABANDON" (API reference, PutLifecycleHook). */
export const defaultHeartbeatSeconds = 3600;

const nextHook = (
  group: Group,
  member: Member,
  transition: Transition,
): LifecycleHook | undefined =>
  [...group.hooks.values()].find(
    ({ LifecycleHookName: name = "", LifecycleTransition: of }) =>
      of === transition && !member.hooksDone.has(name),
  );

/** What happens once a hook of the member is done. */
export type OnResult = (result: HookResult) => void;

/** Lets the hook's time run out, as often as a heartbeat has moved its end. */
const watch = (
  context: AutoScalingContext,
  group: Group,
  waiting: { readonly member: Member; readonly wait: LifecycleWait; readonly onResult: OnResult },
): void => {
  const { member, wait, onResult } = waiting;
  context.timeline.at(wait.deadlineMs, (dueMs) => {
    if (member.wait !== wait) return;
    if (dueMs < wait.deadlineMs) {
      watch(context, group, waiting);
      return;
    }
    const hook = group.hooks.get(wait.hookName);
    member.wait = undefined;
    onResult(hook?.DefaultResult === "CONTINUE" ? "CONTINUE" : "ABANDON");
  });
};

/** Begins to wait for the next hook of the transition. False where there is none left. */
export const waitForHook = (
  context: AutoScalingContext,
  group: Group,
  asked: {
    readonly member: Member;
    readonly transition: Transition;
    readonly onResult: OnResult;
  },
): boolean => {
  const { member, transition, onResult } = asked;
  const hook = nextHook(group, member, transition);
  if (hook === undefined) return false;
  const { LifecycleHookName: hookName = "", HeartbeatTimeout: seconds = defaultHeartbeatSeconds } =
    hook;
  const beganMs = context.clock.now();
  const wait = {
    hookName,
    token: newId(context),
    beganMs,
    deadlineMs: beganMs + seconds * 1000,
    latestMs: beganMs + globalTimeoutOf(seconds) * 1000,
  };
  member.hooksDone.add(hookName);
  member.wait = wait;
  context.completions.set(wait, onResult);
  emitWait(context, group, { member, wait, transition });
  watch(context, group, { member, wait, onResult });
  return true;
};

interface Named {
  readonly LifecycleHookName?: string | undefined;
  readonly LifecycleActionToken?: string | undefined;
  readonly InstanceId?: string | undefined;
}

/** @throws CloudError ValidationError: "No active Lifecycle Action found with …" */
const activeWait = (
  group: Group,
  { LifecycleHookName: hook, LifecycleActionToken: token, InstanceId: instanceId }: Named,
): { readonly member: Member; readonly wait: LifecycleWait } => {
  for (const member of group.members.values()) {
    const { wait } = member;
    if (wait?.hookName !== hook || wait === undefined) continue;
    const isIt = token === undefined ? member.instanceId === instanceId : wait.token === token;
    if (isIt) return { member, wait };
  }
  throw invalid(
    token === undefined
      ? `No active Lifecycle Action found with instance ID ${instanceId ?? ""}`
      : `No active Lifecycle Action found with token ${token}`,
  );
};

export const complete = (
  context: AutoScalingContext,
  group: Group,
  input: CompleteLifecycleActionType,
): void => {
  const { member, wait } = activeWait(group, input);
  const result = input.LifecycleActionResult;
  if (result !== "CONTINUE" && result !== "ABANDON") {
    throw invalid("Lifecycle action result must be either CONTINUE or ABANDON");
  }
  member.wait = undefined;
  context.completions.get(wait)?.(result);
};

/** Once more its heartbeat time from now on, but not beyond its global time. */
export const heartbeat = (
  context: AutoScalingContext,
  group: Group,
  input: RecordLifecycleActionHeartbeatType,
): void => {
  const { wait } = activeWait(group, input);
  const seconds = group.hooks.get(wait.hookName)?.HeartbeatTimeout ?? defaultHeartbeatSeconds;
  wait.deadlineMs = Math.min(wait.latestMs, context.clock.now() + seconds * 1000);
};
