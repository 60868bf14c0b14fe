/**
 * Changes of who is in a group: attach, detach, terminate. Auto Scaling refuses nearly everything by ValidationError, so that what it means
 * is read from the group itself, described again, and from AWS's words only where the group does not show it.
 */
import {
  AttachInstancesCommand,
  DetachInstancesCommand,
  TerminateInstanceInAutoScalingGroupCommand,
  type Activity,
  type AutoScalingClient,
  type AutoScalingGroup,
} from "@aws-sdk/client-auto-scaling";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { isLeavingGroup, isRetained } from "../../../core/model/group.ts";
import { acted, doneBefore, type Acted } from "../acted.ts";
import { bareCode } from "../error-codes.ts";
import { callAws, expectRefusal, wordsOf, type Refused } from "../translate-error.ts";
import { describeGroup } from "./describe.ts";

type MembershipRefusal =
  /** The group no longer exists. */
  | "GROUP_GONE"
  /** Attaching would exceed the group's maximum, as it is now. */
  | "OVER_MAX"
  /** Detaching or terminating would undercut the group's minimum, as it is now. */
  | "AT_MIN"
  /** Somebody suspended the process that is needed. */
  | "SUSPENDED"
  /** A load balancer or target group of the group is gone: nothing can be attached or ended properly. */
  | "DEAD_BALANCER"
  /** Not now: the member is in a state out of which the call is not taken. */
  | "WRONG_STATE"
  /** Kept after an abandoned hook: it is not removed by the same call. */
  | "RETAINED"
  /** For a reason that only AWS's words say: the image is gone, the zone is another, it is in another group … */
  | "NOT_TAKEN";

export interface MembershipDone {
  readonly kind: "DONE";
  /** Of the activity that carries it out, where AWS names it. */
  readonly activityId?: string;
  /** Of a removal: the desired capacity that the call met, as its activity says. † That "the capacity" means that. */
  readonly desiredBefore?: number;
}

export type MembershipResult = Acted &
  (
    | MembershipDone
    /** Nothing was changed. */
    | { readonly kind: "REFUSED"; readonly why: MembershipRefusal; readonly sentence: string }
  );

interface Members {
  readonly asgName: string;
  readonly instanceIds: readonly string[];
}

const isValidation = (code: string): boolean => bareCode(code) === "ValidationError";

/** What the group shows after a refusal. */
interface Shown {
  readonly group: AutoScalingGroup;
  /** Lifecycle state by id; those that are not members are left out. */
  readonly states: ReadonlyMap<string, string>;
}

const statesOf = (group: AutoScalingGroup): ReadonlyMap<string, string> =>
  new Map(
    (group.Instances ?? []).map(({ InstanceId = "", LifecycleState: state = "unknown" }) => [
      InstanceId,
      state,
    ]),
  );

const deadBalancer = /Load Balancers may not be valid/i;

type Meaning =
  | { readonly kind: "DONE" }
  | { readonly kind: "REFUSED"; readonly why: MembershipRefusal }
  /** Whether an earlier attempt has acted, or other hands have: the group alone does not show it. */
  | { readonly kind: "UNKNOWN"; readonly sentence: string };

const unknownOutcome = (
  { error, code }: Refused,
  { sentence }: { readonly sentence: string },
): SpotOptimizerError =>
  new SpotOptimizerError("RetryableContention", `${error.message} ${sentence}`, {
    code: bareCode(code),
    cause: error,
    ...(error.action === undefined ? {} : { action: error.action }),
    ...(error.resource === undefined ? {} : { resource: error.resource }),
  });

/** Runs the call; on a ValidationError the group is described again, and `meaning` says what it was. */
const callOn = async (
  autoScaling: AutoScalingClient,
  { asgName }: Pick<Members, "asgName">,
  input: {
    readonly call: () => Promise<MembershipResult>;
    readonly meaning: (shown: Shown, words: string) => Meaning;
  },
): Promise<MembershipResult> => {
  let refused: Refused;
  try {
    return await input.call();
  } catch (error) {
    refused = expectRefusal(error, isValidation);
  }
  const words = wordsOf(refused.error);
  const group = await describeGroup(autoScaling, asgName);
  const meaning: Meaning =
    group === undefined
      ? { kind: "REFUSED", why: "GROUP_GONE" }
      : input.meaning({ group, states: statesOf(group) }, words);
  if (meaning.kind === "DONE") return { ...doneBefore(refused), kind: "DONE" };
  if (meaning.kind === "UNKNOWN") throw unknownOutcome(refused, meaning);
  return { requestId: refused.requestId, ...meaning, sentence: refused.error.message };
};

const isSuspended = ({ SuspendedProcesses = [] }: AutoScalingGroup, process: string): boolean =>
  SuspendedProcesses.some(({ ProcessName }) => ProcessName === process);

const whyNotAttached = ({ instanceIds }: Members, { group, states }: Shown, words: string) => {
  const missing = instanceIds.filter((id) => !states.has(id));
  const room = (group.MaxSize ?? 0) - (group.DesiredCapacity ?? 0);
  if (deadBalancer.test(words)) return "DEAD_BALANCER";
  if (isSuspended(group, "Launch")) return "SUSPENDED";
  if (room < missing.length) return "OVER_MAX";
  return "NOT_TAKEN";
};

/** At most 20 (API reference, AttachInstances). Raises the desired capacity by as many. Done already where all are members. */
export const attachInstances = async (
  autoScaling: AutoScalingClient,
  members: Members,
): Promise<MembershipResult> =>
  callOn(autoScaling, members, {
    call: async () => {
      const resource = `${members.instanceIds.join(" ")} to ${members.asgName}`;
      const answer = await callAws({ action: "AttachInstances", resource }, () =>
        autoScaling.send(
          new AttachInstancesCommand({
            AutoScalingGroupName: members.asgName,
            InstanceIds: [...members.instanceIds],
          }),
        ),
      );
      return { ...acted(answer), kind: "DONE" };
    },
    meaning: (shown, words) => {
      const areMembers = members.instanceIds.every((id) => {
        const state = shown.states.get(id);
        return state !== undefined && !isLeavingGroup({ lifecycleState: state });
      });
      return areMembers
        ? { kind: "DONE" }
        : { kind: "REFUSED", why: whyNotAttached(members, shown, words) };
    },
  });

/** Of what is asked to leave: where it stands says what the refusal was about. */
const whyNotRemoved = (
  { group }: Shown,
  lifecycleState: string,
  words: string,
): MembershipRefusal => {
  if (isRetained({ lifecycleState })) return "RETAINED";
  if (deadBalancer.test(words)) return "DEAD_BALANCER";
  if ((group.DesiredCapacity ?? 0) <= (group.MinSize ?? 0)) return "AT_MIN";
  return lifecycleState === "InService" || lifecycleState === "Standby"
    ? "NOT_TAKEN"
    : "WRONG_STATE";
};

/**
 * A refresh, a health check or its owner may have taken it in the same moment, and then its place stays: our call takes both. The group's activities tell
 * whose call it was.
 */
const leftBySomebody = (how: string): Meaning => ({
  kind: "UNKNOWN",
  sentence: `${how}: whether by this call or by other hands is to be found out.`,
});

const removal = (
  shown: Shown,
  { instanceId, words }: { readonly instanceId: string; readonly words: string },
): Meaning => {
  const state = shown.states.get(instanceId);
  if (state === undefined) return leftBySomebody("It is no longer a member");
  const isLeaving = isLeavingGroup({ lifecycleState: state });
  return isLeaving && !isRetained({ lifecycleState: state })
    ? leftBySomebody(`It is ${state}`)
    : { kind: "REFUSED", why: whyNotRemoved(shown, state, words) };
};

const shrunkFrom = /shrinking the capacity from (\d+) to/i;

const toldBy = (activity: Activity | undefined) => {
  const [, from] = shrunkFrom.exec(activity?.Cause ?? "") ?? [];
  return {
    ...(activity?.ActivityId === undefined ? {} : { activityId: activity.ActivityId }),
    ...(from === undefined ? {} : { desiredBefore: Number(from) }),
  };
};

interface Detachment {
  readonly asgName: string;
  readonly instanceId: string;
  /** The desired capacity stays, and the group launches another. Default: it is lowered by the one that leaves. */
  readonly keepsPlace?: boolean;
}

/**
 * Takes one out of the group; its targets drain first, and its terminating hooks do not run. It runs on. Throws
 * RetryableContention where it has left already, or leaves.
 */
export const detachInstance = async (
  autoScaling: AutoScalingClient,
  { asgName, instanceId, keepsPlace = false }: Detachment,
): Promise<MembershipResult> =>
  callOn(
    autoScaling,
    { asgName },
    {
      call: async () => {
        const answer = await callAws(
          { action: "DetachInstances", resource: `${instanceId} from ${asgName}` },
          () =>
            autoScaling.send(
              new DetachInstancesCommand({
                AutoScalingGroupName: asgName,
                InstanceIds: [instanceId],
                ShouldDecrementDesiredCapacity: !keepsPlace,
              }),
            ),
        );
        return { ...acted(answer), kind: "DONE", ...toldBy(answer.Activities?.[0]) };
      },
      meaning: (shown, words) => removal(shown, { instanceId, words }),
    },
  );

/**
 * Ends a member through its group, with the desired capacity lowered by it: targets drain, terminating hooks run, protections do not hinder it. Goes on
 * after the answer. Throws RetryableContention where it has left already, or leaves.
 */
export const terminateInGroup = async (
  autoScaling: AutoScalingClient,
  { asgName, instanceId }: { readonly asgName: string; readonly instanceId: string },
): Promise<MembershipResult> =>
  callOn(
    autoScaling,
    { asgName },
    {
      call: async () => {
        const answer = await callAws(
          {
            action: "TerminateInstanceInAutoScalingGroup",
            resource: `${instanceId} in ${asgName}`,
          },
          () =>
            autoScaling.send(
              new TerminateInstanceInAutoScalingGroupCommand({
                InstanceId: instanceId,
                ShouldDecrementDesiredCapacity: true,
              }),
            ),
        );
        return { ...acted(answer), kind: "DONE", ...toldBy(answer.Activity) };
      },
      meaning: (shown, words) => removal(shown, { instanceId, words }),
    },
  );
