/**
 * Evaluations of groups that make the functions of CLUSTER take every path on which they call something: converted with proofs and seen
 * again, at the maximum, given back in part and as a whole before and after the attach, and adopted.
 */
import { getEvaluation, loadEvaluation, saveFacts } from "../../adapters/store/evaluations.ts";
import { spotRoleArn } from "../../core/decide/switch/spot-role.ts";
import type { EvaluationStatus } from "../../core/model/evaluation.ts";
import { evaluationIdSchema, resolutionIdSchema } from "../../core/model/ids.ts";
import { evaluationTag } from "../../core/model/tags.ts";
import { beginResolution } from "../../lambdas/evaluation/resolve.ts";
import { registerGroup, type GroupRegistration } from "../../local/lab/group-subject.ts";
import { customerAccountId } from "../../local/lab/account.ts";
import { tagsOfStack } from "../../local/cloud/cloudformation/service.ts";
import { startEvaluation } from "../../local/lab/subject.ts";
import {
  addGroup,
  enrolled,
  type GroupDescription,
  type GroupOfOwner,
} from "../../local/platform/customer-group.ts";
import { walkDoomed } from "./doomed-paths.ts";
import {
  endedBefore,
  asGroupOwner,
  blindOnceDetached,
  neededOnceMarked,
  protectedByOwner,
  refreshedAfter,
  refusedOnce,
  removedByOwner,
  scaledOutAndUnanswered,
  takenBack,
  takenBackAndDenied,
} from "./group-troubles.ts";
import {
  before,
  bulk,
  denied,
  hourMs,
  letSwitchesBegin,
  lostUnanswered,
  region,
  type PathWalked,
  type Walk,
} from "./walk.ts";

interface GroupPath extends GroupRegistration {
  readonly name: string;
  readonly group?: Pick<GroupDescription, "balancerType" | "max" | "tagsIn">;
  /** Tags of its members. */
  readonly tags?: Readonly<Record<string, string>>;
  /** What goes wrong; returns its end. */
  readonly arrange?: (walk: Walk, group: GroupOfOwner) => () => void;
  readonly ends: EvaluationStatus;
}

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
    group: {
      tagsIn: ({ cloudFormation }, place) =>
        tagsOfStack(cloudFormation.addStack({ ...place, name: "shop" }), "Web"),
    },
    policy: {
      batch_size: 1,
      accept_iac_drift: true,
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
    arrange: refreshedAfter("RegisterTargets"),
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
    name: "a group that its owner scales out right before the attach, and the answer to a removal of which is lost",
    policy: both,
    group: { max: 6 },
    arrange: scaledOutAndUnanswered,
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
    name: "a group, a replacement of which EC2 takes back in service",
    policy: both,
    arrange: takenBack,
    ends: "PARTLY_SWITCHED",
  },
  {
    name: "a group, rolled back after EC2 has taken a replacement back",
    policy: both,
    arrange: takenBackAndDenied,
    ends: "ROLLED_BACK",
  },
  {
    name: "a group whose owner ends an original before its removal is undone",
    policy: both,
    arrange: removedByOwner("cluster-restore", { isProtected: true }),
    ends: "ROLLED_BACK",
  },
  {
    name: "a group whose owner ends an original before its removal is rolled back",
    policy: both,
    arrange: removedByOwner("cluster-roll-back", { isProtected: false }),
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

/** After the others: the market moves on meanwhile. */
const last: readonly GroupPath[] = [
  {
    name: "a group, a replacement of which somebody ends before it is registered",
    policy: both,
    arrange: endedBefore("cluster-register"),
    ends: "PARTLY_SWITCHED",
  },
  {
    name: "a group that is refreshed while its originals leave",
    policy: both,
    arrange: refreshedAfter("TerminateInstanceInAutoScalingGroup"),
    // The refresh ends what has joined.
    ends: "PARTLY_SWITCHED",
  },
];

interface Begun {
  readonly group: GroupOfOwner;
  readonly targetId: string;
}

let groups = 0;

const kmsKeyId = `arn:aws:kms:${region}:${customerAccountId}:key/of-groups`;

/** Two members with a key pair in a placement group, behind a balancer of each kind, and a policy that scales them. */
const begin = async (walk: Walk, path: GroupPath): Promise<Begun> => {
  const { stage } = walk;
  const { accountId, region, platform } = stage;
  groups += 1;
  const name = `group-${String(groups)}`;
  // Ours is let in by its policy, AWS's role for Spot by a grant.
  platform.kms.addKey({ accountId, region, arn: kmsKeyId });
  platform.kms.grant(kmsKeyId, spotRoleArn(accountId));
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
      rootEncrypted: true,
      kmsKeyId,
    },
    template: {
      BlockDeviceMappings: [
        // Under the account's default key, and not encrypted.
        { DeviceName: "/dev/sdf", Ebs: { VolumeSize: 8, Encrypted: true } },
        { DeviceName: "/dev/sdg", Ebs: { VolumeSize: 8 } },
      ],
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

interface Stopped extends GroupPath {
  readonly wish: "ADOPT" | "ROLL_BACK";
  /** Hours later, before a person decides. */
  readonly meanwhile?: (walk: Walk, group: GroupOfOwner) => Promise<void>;
}

/** The janitor takes off what hinders its owner; the maximum once he wants no more than before. */
const restoredByJanitor = async (walk: Walk, group: GroupOfOwner): Promise<void> => {
  const { clock, platform } = walk.stage;
  await platform.functions.invoke("schedule-janitor", {});
  await asGroupOwner(walk, group, "SetDesiredCapacity", { DesiredCapacity: 2 });
  await clock.run({ atMostMs: clock.now() + 2 * hourMs });
  await platform.functions.invoke("schedule-janitor", {});
};

const stopped: readonly Stopped[] = [
  {
    name: "a group, adopted after its execution was stopped by hand",
    policy: both,
    wish: "ADOPT",
    ends: "ADOPTED",
  },
  {
    name: "a group at its maximum, whose settings the janitor puts back after its execution was stopped by hand",
    group: { max: 2 },
    policy: both,
    meanwhile: restoredByJanitor,
    wish: "ROLL_BACK",
    ends: "ROLLED_BACK",
  },
];

/** Somebody stops the execution by hand while both stand side by side; a person decides what becomes of it. */
const decide = async (walk: Walk, path: Stopped): Promise<PathWalked> => {
  const { stage } = walk;
  const { clock, platform } = stage;
  const { group, targetId } = await begin(walk, path);
  const started = await startEvaluation(stage, targetId);
  const { execution_arn: executionArn } = started;
  const release = before(walk, async (step) => {
    if (step !== "cluster-remove-originals") return;
    await platform.interpreter.stop({ executionArn, error: undefined, cause: undefined });
    throw new Error("The execution was stopped.");
  });
  await clock.run({ atMostMs: clock.now() + 4 * hourMs });
  release();
  await path.meanwhile?.(walk, group);
  const evaluationId = evaluationIdSchema.parse(started.evaluation_id);
  const stored = await loadEvaluation(platform.table, evaluationId);
  const serving = stored?.swaps[0]?.replacement?.instanceId;
  if (stored === undefined || serving === undefined) throw new Error("Nothing serves.");
  const { functions, workflowOf, table } = platform;
  await beginResolution(
    { now: functions.contextOf("api").now, table, sfn: functions.workflowsOf("api"), workflowOf },
    {
      evaluation: stored.evaluation,
      wish: path.wish === "ADOPT" ? { kind: "ADOPT", serving } : { kind: "ROLL_BACK" },
      resolutionId: resolutionIdSchema.parse("res-0000000001"),
      by: "arn:aws:iam::111122223333:user/operator",
      reason: "It serves.",
    },
  );
  await clock.run({ atMostMs: clock.now() + 2 * hourMs });
  const evaluation = await getEvaluation(table, evaluationId);
  const sentence = evaluation?.outcome?.sentence ?? "";
  const { name, ends } = path;
  return { name, ends, ended: evaluation?.status ?? "nowhere", sentence };
};

export const walkGroups = async (walk: Walk): Promise<readonly PathWalked[]> => {
  const walked: PathWalked[] = [];
  const targets: string[] = [];
  const walkOne = async (path: GroupPath): Promise<void> => {
    const { group, targetId } = await begin(walk, path);
    const release = path.arrange?.(walk, group);
    walked.push(await evaluate(walk, targetId, path));
    release?.();
    targets.push(targetId);
    await letSwitchesBegin(walk.stage);
  };
  for (const path of paths) await walkOne(path);
  const [first = ""] = targets;
  const again = { name: "a group that stands on Spot, looked at again", ends: "STAYED" } as const;
  walked.push(await evaluate(walk, first, again));
  for (const path of stopped) walked.push(await decide(walk, path));
  await letSwitchesBegin(walk.stage);
  for (const path of last) await walkOne(path);
  const doomed = await walkDoomed(walk, async (name) => {
    const path: GroupPath = {
      name,
      policy: both,
      group: { balancerType: "network" },
      ends: "SWITCHED",
    };
    const begun = await begin(walk, path);
    walked.push(await evaluate(walk, begun.targetId, path));
    return begun;
  });
  return [...walked, ...doomed];
};
