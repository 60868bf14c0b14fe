/** What goes wrong with a group while it is converted, for walks that make the functions take each path. */
import { loadEvaluation } from "../../adapters/store/evaluations.ts";
import { evaluationIdSchema } from "../../core/model/ids.ts";
import type { FunctionName } from "../../lambdas/access/functions.ts";
import { CloudError } from "../../local/cloud/contract.ts";
import type { GroupOfOwner } from "../../local/platform/customer-group.ts";
import { asOwner, before, denied, type Walk } from "./walk.ts";

/** As the owner of the account calls Auto Scaling. */
export const asGroupOwner = (
  { stage }: Walk,
  { name }: GroupOfOwner,
  operation: string,
  input: object,
): Promise<unknown> =>
  asOwner(stage, operation, { AutoScalingGroupName: name.name, ...input }, "autoscaling");

/** Once, right after our nth call of the operation. */
const after = (
  { stage, recorder }: Walk,
  call: { readonly operation: string; readonly nth: number },
  happens: () => unknown,
): (() => void) => {
  let seen = 0;
  return stage.platform.cloud.faults.after(async ({ operation }) => {
    if (recorder.running() === undefined || operation !== call.operation) return;
    seen += 1;
    if (seen === call.nth) await happens();
  });
};

/** Its worker protects itself when both replacements are in service, and who was held for them is released. */
export const protectedByOwner = (walk: Walk, group: GroupOfOwner): (() => void) =>
  after(walk, { operation: "SetInstanceProtection", nth: 3 }, () =>
    asGroupOwner(walk, group, "SetInstanceProtection", {
      InstanceIds: [group.firstId],
      ProtectedFromScaleIn: true,
    }),
  );

/** Between our last look and the attach: the group shows the sum alone, and its activities what was there before. */
const scaledOutUnseen = (walk: Walk, { name }: GroupOfOwner): (() => void) => {
  const { cloud, autoScaling } = walk.stage.platform;
  let isDone = false;
  return cloud.faults.before(({ operation }) => {
    if (isDone || operation !== "AttachInstances") return;
    isDone = true;
    const desired = autoScaling.control.find(name)?.desired ?? 0;
    autoScaling.control.applyPolicy(name, { desired: desired + 1 });
  });
};

/** It acts, and the connection breaks before the answer to the first one. */
const removedUnanswered = (walk: Walk): (() => void) =>
  after(walk, { operation: "TerminateInstanceInAutoScalingGroup", nth: 1 }, () => {
    throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
  });

export const scaledOutAndUnanswered = (walk: Walk, group: GroupOfOwner): (() => void) => {
  const ends = [scaledOutUnseen(walk, group), removedUnanswered(walk)];
  return () => {
    for (const end of ends) end();
  };
};

/** Somebody ends a replacement, once, when that function runs. */
export const endedBefore =
  (by: FunctionName) =>
  (walk: Walk): (() => void) => {
    const { ec2, table } = walk.stage.platform;
    let isEnded = false;
    return before(walk, async (name, evaluationId) => {
      if (name !== by || isEnded) return;
      isEnded = true;
      const stored = await loadEvaluation(table, evaluationIdSchema.parse(evaluationId));
      const launched = stored?.swaps.find(({ replacement }) => replacement !== undefined);
      ec2.control.terminateByOwner(launched?.replacement?.instanceId ?? "");
    });
  };

const takenBackAfter = (
  walk: Walk,
  { name }: GroupOfOwner,
  call: { readonly operation: string; readonly nth: number },
): (() => void) =>
  after(walk, call, () => {
    const { autoScaling, ec2 } = walk.stage.platform;
    const taken = autoScaling.control
      .find(name)
      ?.members.find(({ lifecycle }) => lifecycle === "spot");
    ec2.control.interrupt(taken?.instanceId ?? "", { noticeSeconds: 0 });
  });

/** EC2 takes a replacement back when both are in service: the group launches another for it. */
export const takenBack = (walk: Walk, group: GroupOfOwner): (() => void) =>
  takenBackAfter(walk, group, { operation: "SetInstanceProtection", nth: 3 });

/** Long before the other original is to leave, which is refused. */
export const takenBackAndDenied = (walk: Walk, group: GroupOfOwner): (() => void) => {
  const ends = [
    takenBackAfter(walk, group, { operation: "AttachInstances", nth: 1 }),
    denied("cluster-remove-originals", "TerminateInstanceInAutoScalingGroup")(walk),
  ];
  return () => {
    for (const end of ends) end();
  };
};

/**
 * Calls to remove an original do not arrive, and nobody knows; right before that function is to undo them the owner ends it himself, and wants
 * another. `isProtected`: he has protected both before the second try.
 */
export const removedByOwner =
  (undoneBy: FunctionName, { isProtected }: { readonly isProtected: boolean }) =>
  (walk: Walk, group: GroupOfOwner): (() => void) => {
    let asked: string | undefined;
    let isEnded = false;
    const endCalls = walk.stage.platform.cloud.faults.before(({ operation, input }) => {
      const isIt = operation === "TerminateInstanceInAutoScalingGroup";
      if (!isIt || walk.recorder.running() !== "cluster-remove-originals") return;
      asked ??= (input as { readonly InstanceId: string }).InstanceId;
      throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    });
    const ofGroup = (operation: string, input: object): Promise<unknown> =>
      asGroupOwner(walk, group, operation, input);
    const endFunctions = before(walk, async (name) => {
      if (asked === undefined || isEnded) return;
      if (isProtected && name === "cluster-remove-originals") {
        const members = walk.stage.platform.autoScaling.control.find(group.name)?.members ?? [];
        const InstanceIds = members
          .filter(({ lifecycle }) => lifecycle !== "spot")
          .map(({ instanceId }) => instanceId);
        await ofGroup("SetInstanceProtection", { InstanceIds, ProtectedFromScaleIn: true });
      }
      if (name !== undoneBy) return;
      isEnded = true;
      await ofGroup("TerminateInstanceInAutoScalingGroup", {
        InstanceId: asked,
        ShouldDecrementDesiredCapacity: false,
      });
    });
    return () => {
      endCalls();
      endFunctions();
    };
  };

/** Before the attach what was launched is of no use; after it nothing that we have attached stays protected. */
export const refreshedAfter =
  (operation: string) =>
  (walk: Walk, { name }: GroupOfOwner): (() => void) =>
    after(walk, { operation, nth: 1 }, () => {
      walk.stage.platform.autoScaling.control.startRefresh(name);
    });

/** The first original has been marked to be kept: from now on the group needs each of its members. */
export const neededOnceMarked = (walk: Walk, group: GroupOfOwner): (() => void) =>
  after(walk, { operation: "CreateTags", nth: 1 }, () => {
    walk.stage.platform.autoScaling.control.raiseMinimum(group.name, 4);
  });

/** The role loses sight of the group once the first original was detached. */
export const blindOnceDetached = (walk: Walk): (() => void) => {
  const released: (() => void)[] = [];
  released.push(
    after(walk, { operation: "DetachInstances", nth: 1 }, () => {
      released.push(denied("cluster-remove-originals", "DescribeAutoScalingGroups")(walk));
    }),
  );
  return () => {
    for (const release of released) release();
  };
};

/** The pool that is asked first for the second batch. */
export const refusedOnce = ({ stage, recorder }: Walk): (() => void) => {
  let launches = 0;
  return stage.platform.cloud.faults.before(({ operation }) => {
    if (recorder.running() !== "cluster-launch" || operation !== "RunInstances") return;
    launches += 1;
    if (launches === 2)
      throw new CloudError("InsufficientInstanceCapacity", "There is no room.", 500);
  });
};
