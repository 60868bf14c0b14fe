/** Changes of a group's settings while it is converted, each put back by the restore: maximum, AZRebalance, protection, claim. */
import {
  CreateOrUpdateTagsCommand,
  DeleteTagsCommand,
  ResumeProcessesCommand,
  SetInstanceProtectionCommand,
  SuspendProcessesCommand,
  UpdateAutoScalingGroupCommand,
  type AutoScalingClient,
} from "@aws-sdk/client-auto-scaling";
import { acted, doneBefore, type Acted } from "../acted.ts";
import { bareCode } from "../error-codes.ts";
import { callAws, expectRefusal } from "../translate-error.ts";
import { describeGroup } from "./describe.ts";

/**
 * Sets MaxSize and nothing else. Below the present size AWS lowers the desired capacity, and ends members: who calls this has seen that it
 * is not.
 */
export const setMaxSize = async (
  autoScaling: AutoScalingClient,
  { asgName, maxSize }: { readonly asgName: string; readonly maxSize: number },
): Promise<Acted> => {
  const about = { action: "UpdateAutoScalingGroup", resource: `MaxSize of ${asgName}` };
  return acted(
    await callAws(about, () =>
      autoScaling.send(
        new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: asgName, MaxSize: maxSize }),
      ),
    ),
  );
};

const azRebalance = "AZRebalance";

/** Idempotent; a suspension of its owner's is written over, so that it must not be called where there is one. */
export const suspendAzRebalance = async (
  autoScaling: AutoScalingClient,
  asgName: string,
): Promise<Acted> =>
  acted(
    await callAws({ action: "SuspendProcesses", resource: `${azRebalance} of ${asgName}` }, () =>
      autoScaling.send(
        new SuspendProcessesCommand({
          AutoScalingGroupName: asgName,
          ScalingProcesses: [azRebalance],
        }),
      ),
    ),
  );

/** Idempotent. */
export const resumeAzRebalance = async (
  autoScaling: AutoScalingClient,
  asgName: string,
): Promise<Acted> =>
  acted(
    await callAws({ action: "ResumeProcesses", resource: `${azRebalance} of ${asgName}` }, () =>
      autoScaling.send(
        new ResumeProcessesCommand({
          AutoScalingGroupName: asgName,
          ScalingProcesses: [azRebalance],
        }),
      ),
    ),
  );

export type ProtectionResult = Acted &
  /** One of them is not in service, or not a member: nothing was changed. */
  ({ readonly kind: "DONE" } | { readonly kind: "NOT_IN_SERVICE"; readonly sentence: string });

/** At most 50 (API reference, SetInstanceProtection). Idempotent. Taken of members in service alone. */
export const setProtection = async (
  autoScaling: AutoScalingClient,
  input: {
    readonly asgName: string;
    readonly instanceIds: readonly string[];
    readonly isProtected: boolean;
  },
): Promise<ProtectionResult> => {
  const { asgName, instanceIds, isProtected } = input;
  const about = {
    action: "SetInstanceProtection",
    resource: `${instanceIds.join(" ")} in ${asgName}`,
  };
  try {
    const answer = await callAws(about, () =>
      autoScaling.send(
        new SetInstanceProtectionCommand({
          AutoScalingGroupName: asgName,
          InstanceIds: [...instanceIds],
          ProtectedFromScaleIn: isProtected,
        }),
      ),
    );
    return { ...acted(answer), kind: "DONE" };
  } catch (error) {
    const refused = expectRefusal(error, (code) => bareCode(code) === "ValidationError");
    const group = await describeGroup(autoScaling, asgName);
    const found = (group?.Instances ?? []).filter(({ InstanceId: id = "" }) =>
      instanceIds.includes(id),
    );
    const isDone =
      found.length === instanceIds.length &&
      found.every((member) => member.ProtectedFromScaleIn === isProtected);
    if (isDone) return { ...doneBefore(refused), kind: "DONE" };
    const areInService =
      found.length === instanceIds.length &&
      found.every(({ LifecycleState }) => LifecycleState === "InService");
    if (areInService) throw error;
    return {
      requestId: refused.requestId,
      kind: "NOT_IN_SERVICE",
      sentence: refused.error.message,
    };
  }
};

const tagOf = (asgName: string, key: string, value: string) => ({
  ResourceId: asgName,
  ResourceType: "auto-scaling-group",
  Key: key,
  Value: value,
  PropagateAtLaunch: false,
});

interface GroupTag {
  readonly asgName: string;
  readonly key: string;
  readonly value: string;
}

/** Sets one tag of the group, which its instances do not get. */
export const tagGroup = async (
  autoScaling: AutoScalingClient,
  { asgName, key, value }: GroupTag,
): Promise<Acted> =>
  acted(
    await callAws({ action: "CreateOrUpdateTags", resource: `${key} of ${asgName}` }, () =>
      autoScaling.send(new CreateOrUpdateTagsCommand({ Tags: [tagOf(asgName, key, value)] })),
    ),
  );

/** Takes one tag off the group. Auto Scaling goes by the key: who calls this has seen that the value is its own. */
export const untagGroup = async (
  autoScaling: AutoScalingClient,
  { asgName, key, value }: GroupTag,
): Promise<Acted> =>
  acted(
    await callAws({ action: "DeleteTags", resource: `${key} of ${asgName}` }, () =>
      autoScaling.send(new DeleteTagsCommand({ Tags: [tagOf(asgName, key, value)] })),
    ),
  );
