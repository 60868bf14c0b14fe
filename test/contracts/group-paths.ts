/**
 * Evaluations of groups that make the functions of CLUSTER take every path on which they call something: converted with proofs and seen
 * again, at the maximum, given back in part and as a whole before and after the attach, and adopted.
 */
import { getEvaluation, loadEvaluation, saveFacts } from "../../adapters/store/evaluations.ts";
import type { EvaluationStatus } from "../../core/model/evaluation.ts";
import { evaluationIdSchema, resolutionIdSchema } from "../../core/model/ids.ts";
import { evaluationTag } from "../../core/model/tags.ts";
import { beginResolution } from "../../lambdas/evaluation/resolve.ts";
import { CloudError } from "../../local/cloud/contract.ts";
import {
  addGroup,
  registerGroup,
  type GroupOfOwner,
  type GroupDescription,
  type GroupRegistration,
} from "../../local/lab/group-subject.ts";
import { enrolled, startEvaluation } from "../../local/lab/subject.ts";
import {
  asOwner,
  before,
  bulk,
  denied,
  hourMs,
  letSwitchesBegin,
  lostUnanswered,
  type PathWalked,
  type Walk,
} from "./walk.ts";

interface GroupPath extends GroupRegistration {
  readonly name: string;
  readonly group?: Pick<GroupDescription, "max">;
  /** Tags of its members. */
  readonly tags?: Readonly<Record<string, string>>;
  /** What goes wrong; returns its end. */
  readonly arrange?: (walk: Walk, group: GroupOfOwner) => () => void;
  readonly ends: EvaluationStatus;
}

/** As the owner of the account calls Auto Scaling. */
const asGroupOwner = (
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

/** Its worker protects itself when both replacements are in service. */
const protectedByOwner = (walk: Walk, group: GroupOfOwner): (() => void) =>
  after(walk, { operation: "SetInstanceProtection", nth: 1 }, () =>
    asGroupOwner(walk, group, "SetInstanceProtection", {
      InstanceIds: [group.firstId],
      ProtectedFromScaleIn: true,
    }),
  );

/** It acts, and the connection breaks before the answer to the first one. */
const removedUnanswered = (walk: Walk): (() => void) =>
  after(walk, { operation: "TerminateInstanceInAutoScalingGroup", nth: 1 }, () => {
    throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
  });

/** The first original has been marked to be kept: from now on the group needs each of its members. */
const neededOnceMarked = (walk: Walk, group: GroupOfOwner): (() => void) =>
  after(walk, { operation: "CreateTags", nth: 1 }, () => {
    walk.stage.platform.autoScaling.control.raiseMinimum(group.name, 4);
  });

/** The role loses sight of the group once the first original was detached. */
const blindOnceDetached = (walk: Walk): (() => void) => {
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
const refusedOnce = ({ stage, recorder }: Walk): (() => void) => {
  let launches = 0;
  return stage.platform.cloud.faults.before(({ operation }) => {
    if (recorder.running() !== "cluster-launch" || operation !== "RunInstances") return;
    launches += 1;
    if (launches === 2)
      throw new CloudError("InsufficientInstanceCapacity", "There is no room.", 500);
  });
};

/** Before the attach: what was launched is of no use. */
const refreshed = (walk: Walk, { name }: GroupOfOwner): (() => void) =>
  after(walk, { operation: "RegisterTargets", nth: 1 }, () => {
    walk.stage.platform.autoScaling.control.startRefresh(name);
  });

/** An earlier attempt of the gate left something large: what it was stored in is deleted. */
const largeLeftovers = (walk: Walk): (() => void) =>
  before(walk, async (name, evaluationId) => {
    if (name !== "cluster-check-group") return;
    const facts = { observedAt: "", ...{ bulk } };
    await saveFacts(walk.stage.platform.table, evaluationId, facts);
  });

const both = { batch_size: 2 } as const;
const kept = { ...both, keep_originals_hours: 24 } as const;
/** Its owner once had it from another evaluation. */
const keptTags = { ...enrolled, [evaluationTag]: "evl-of-last-year" } as const;

const paths: readonly GroupPath[] = [
  {
    name: "a group, one by one, with the owner's proofs",
    policy: {
      batch_size: 1,
      proof: [
        { kind: "ssm-document", document: "prove" },
        { kind: "cloudwatch-alarms", alarms: ["errors"] },
      ],
    },
    arrange: largeLeftovers,
    ends: "SWITCHED",
  },
  {
    name: "a group at its maximum, one of whose originals was protected by its owner",
    group: { max: 2 },
    policy: both,
    arrange: protectedByOwner,
    ends: "PARTLY_SWITCHED",
  },
  {
    name: "a group that is refreshed before the attach",
    policy: both,
    arrange: refreshed,
    // What the refresh has launched is converted in the next batch.
    ends: "PARTLY_SWITCHED",
  },
  {
    name: "a group, a replacement of which is lost before the answer to its launch",
    policy: both,
    arrange: lostUnanswered("cluster-launch"),
    ends: "SWITCHED",
  },
  {
    name: "a group, one by one, for the second of which the first pool has no capacity",
    policy: { batch_size: 1 },
    arrange: refusedOnce,
    ends: "SWITCHED",
  },
  {
    name: "a group, the answer to a removal of which is lost",
    policy: both,
    arrange: removedUnanswered,
    ends: "SWITCHED",
  },
  {
    name: "a group at its maximum, rolled back after the attach",
    group: { max: 2 },
    policy: both,
    arrange: denied("cluster-remove-originals", "TerminateInstanceInAutoScalingGroup"),
    ends: "ROLLED_BACK",
  },
  {
    name: "a group, rolled back before the attach",
    policy: both,
    arrange: denied("cluster-attach", "AttachInstances"),
    ends: "ROLLED_BACK",
  },
  {
    name: "a group whose originals are kept, and at first can't be stopped",
    policy: kept,
    tags: keptTags,
    arrange: denied("cluster-remove-originals", "StopInstances"),
    ends: "SWITCHED",
  },
  {
    name: "a group that needs its members once an original was marked to be kept",
    policy: kept,
    tags: keptTags,
    arrange: neededOnceMarked,
    ends: "ROLLED_BACK",
  },
  {
    name: "a group, rolled back after an original was marked to be kept",
    policy: kept,
    tags: keptTags,
    arrange: denied("cluster-remove-originals", "DetachInstances"),
    ends: "ROLLED_BACK",
  },
  {
    name: "a group, rolled back after an original was detached to be kept",
    policy: kept,
    tags: keptTags,
    arrange: blindOnceDetached,
    ends: "PARTLY_SWITCHED",
  },
];

interface Begun {
  readonly group: GroupOfOwner;
  readonly targetId: string;
}

let groups = 0;

/** Two members with a key pair in a placement group, behind a balancer of each kind, and a policy that scales them. */
const begin = async (walk: Walk, path: GroupPath): Promise<Begun> => {
  const { stage } = walk;
  const { accountId, region, platform } = stage;
  groups += 1;
  const name = `group-${String(groups)}`;
  platform.classicElb.set({ accountId, region, name, instanceIds: [] });
  const group = addGroup(stage, {
    ...path.group,
    name,
    size: 2,
    member: {
      keyName: "ops",
      placementGroup: name,
      placementStrategy: "spread",
      ...(path.tags === undefined ? {} : { tags: path.tags }),
    },
    definition: { PlacementGroup: name, LoadBalancerNames: [name] },
  });
  await asGroupOwner(walk, group, "PutScalingPolicy", {
    PolicyName: "scale",
    AdjustmentType: "ChangeInCapacity",
    ScalingAdjustment: 1,
  });
  const watched = { policy: "scale", alarms: ["errors"] };
  platform.autoScaling.control.setPolicyAlarms(group.name, watched);
  return { group, targetId: await registerGroup(stage, group.name, path) };
};

/** To its end. */
const evaluate = async (
  { stage }: Walk,
  targetId: string,
  { name, ends }: Pick<GroupPath, "name" | "ends">,
): Promise<PathWalked> => {
  const { evaluation_id: id } = await startEvaluation(stage, targetId);
  await stage.clock.run({ atMostMs: stage.clock.now() + 4 * hourMs });
  const evaluation = await getEvaluation(stage.platform.table, evaluationIdSchema.parse(id));
  const sentence = evaluation?.outcome?.sentence ?? "";
  return { name, ends, ended: evaluation?.status ?? "nowhere", sentence };
};

/** Somebody stops the execution by hand while both stand side by side; a person decides that the group is right so. */
const adopt = async (walk: Walk): Promise<PathWalked> => {
  const { stage } = walk;
  const { clock, platform } = stage;
  const path = {
    name: "a group, adopted after its execution was stopped by hand",
    policy: both,
    ends: "ADOPTED",
  } as const;
  const { targetId } = await begin(walk, path);
  const started = await startEvaluation(stage, targetId);
  const { execution_arn: executionArn } = started;
  const release = before(walk, async (step) => {
    if (step !== "cluster-remove-originals") return;
    await platform.interpreter.stop({ executionArn, error: undefined, cause: undefined });
    throw new Error("The execution was stopped.");
  });
  await clock.run({ atMostMs: clock.now() + 4 * hourMs });
  release();
  const evaluationId = evaluationIdSchema.parse(started.evaluation_id);
  const stored = await loadEvaluation(platform.table, evaluationId);
  const serving = stored?.swaps[0]?.replacement?.instanceId;
  if (stored === undefined || serving === undefined) throw new Error("Nothing serves.");
  const { functions, workflowOf, table } = platform;
  await beginResolution(
    { now: functions.contextOf("api").now, table, sfn: functions.workflowsOf("api"), workflowOf },
    {
      evaluation: stored.evaluation,
      wish: { kind: "ADOPT", serving },
      resolutionId: resolutionIdSchema.parse("res-0000000001"),
      by: "arn:aws:iam::111122223333:user/operator",
      reason: "It serves.",
    },
  );
  await clock.run({ atMostMs: clock.now() + hourMs });
  const evaluation = await getEvaluation(table, evaluationId);
  const sentence = evaluation?.outcome?.sentence ?? "";
  const { name, ends } = path;
  return { name, ends, ended: evaluation?.status ?? "nowhere", sentence };
};

export const walkGroups = async (walk: Walk): Promise<readonly PathWalked[]> => {
  const walked: PathWalked[] = [];
  const targets: string[] = [];
  for (const path of paths) {
    const { group, targetId } = await begin(walk, path);
    const release = path.arrange?.(walk, group);
    walked.push(await evaluate(walk, targetId, path));
    release?.();
    targets.push(targetId);
    await letSwitchesBegin(walk.stage);
  }
  const [first = ""] = targets;
  const again = { name: "a group that stands on Spot, looked at again", ends: "STAYED" } as const;
  walked.push(await evaluate(walk, first, again));
  walked.push(await adopt(walk));
  await letSwitchesBegin(walk.stage);
  return walked;
};
