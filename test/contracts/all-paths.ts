/**
 * Evaluations that together make the functions take every path on which they call something: each consistency with all
 * kinds of identity, roll-backs from the last line that can fail, refusals, a loss, feeds that fail, the janitor's and
 * the sweep's work, and what an operator asks of the API.
 */
import {
  loadEvaluation,
  getEvaluation,
  loadFacts,
  loadOffers,
  saveFacts,
  saveOffers,
} from "../../adapters/store/evaluations.ts";
import { updateEbsStanding } from "../../adapters/store/ebs-standings.ts";
import type { EvaluationStatus } from "../../core/model/evaluation.ts";
import { accountIdSchema, evaluationIdSchema, targetIdSchema } from "../../core/model/ids.ts";
import { listJudgedIn, writeJudged } from "../../adapters/store/judged-runs.ts";
import type { FunctionName } from "../../lambdas/access/functions.ts";
import { deploymentTag } from "../../core/model/tags.ts";
import { CloudError } from "../../local/cloud/contract.ts";
import type { InstanceSummary } from "../../local/cloud/ec2/control-reads.ts";
import { recordCalls } from "../../local/platform/call-recorder.ts";
import { customerAccountId, openAccount, type LabAccount } from "../../local/lab/account.ts";
import {
  addTargetGroup,
  addWorkload,
  register,
  startEvaluation,
  type Workload,
} from "../../local/lab/subject.ts";
import { enrolled } from "../../local/platform/customer-group.ts";
import { isRetirement } from "../../local/lab/scenarios.ts";
import { steps } from "../../local/platform/steps.ts";
import { marketOf, smallMarketTypes } from "../../local/lab/small-market.ts";
import { walkEnforcer } from "./enforce-path.ts";
import { loseNodeGroup } from "./gone-paths.ts";
import { walkGroups } from "./group-paths.ts";
import { walkNotices } from "./notice-path.ts";
import { walkLedger } from "./ledger-path.ts";
import { walkNodes } from "./node-paths.ts";
import { hearOfInterruption, watchRequests } from "./told-paths.ts";
import { offBoard } from "./off-board-path.ts";
import { walkWaste } from "./waste-path.ts";
import { everyPart } from "../../local/platform/customer-account.ts";
import {
  asOwner,
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

const kmsKeyId = `arn:aws:kms:${region}:${customerAccountId}:key/granted`;

interface Original extends InstanceSummary {
  /** Sends traffic to it, where it is in a target group. */
  readonly loadBalancerArn?: string;
}

interface Path {
  readonly name: string;
  readonly workload?: Partial<Workload>;
  readonly policy?: Readonly<Record<string, unknown>>;
  readonly isShadowMode?: boolean;
  /** Registers the original in a target group. */
  readonly targetGroup?: boolean;
  /** What goes wrong; returns its end. */
  readonly arrange?: (walk: Walk, original: Original) => () => void;
  readonly ends: EvaluationStatus;
}

/** Everything that can move. */
const everything: Partial<Workload> = {
  elasticIp: true,
  elasticIpOnSecondary: true,
  secondaryInterfaces: 1,
  secondaryPrivateIps: 2,
  keyName: "ops",
  placementGroup: "ring",
  placementStrategy: "spread",
  dataVolumes: [{ sizeGib: 20, deleteOnTermination: true }],
};

/** One of the VPC's zones that the original is not in. */
const besideLocalZone = ({ stage }: Walk, original: Original): (() => void) => {
  const { control } = stage.platform.ec2;
  const { accountId } = stage;
  const zone = control.zones(accountId, region).find(({ id }) => id !== original.zoneId)?.id ?? "";
  control.setBorderGroup({ accountId, region, zone, borderGroup: `${region}-nyc-1` });
  return () => undefined;
};

/** The call acts whenever that function makes it, and its answer does not arrive. */
const unanswered =
  (by: FunctionName, operation: string) =>
  ({ stage, recorder }: Walk): (() => void) =>
    stage.platform.cloud.faults.after((call) => {
      if (recorder.running() !== by || call.operation !== operation) return;
      throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    });

interface DescribedInterfaces {
  readonly NetworkInterfaces: readonly {
    readonly NetworkInterfaceId: string;
    readonly Attachment: { readonly AttachmentId: string; readonly DeviceIndex: number };
  }[];
}

/** Secondary interfaces go with the instance when that is terminated: a roll-back must restore even this. */
const deleteInterfacesWithInstance = async (
  stage: LabAccount,
  instanceId: string,
): Promise<void> => {
  const { NetworkInterfaces } = (await asOwner(stage, "DescribeNetworkInterfaces", {
    Filters: [{ Name: "attachment.instance-id", Values: [instanceId] }],
  })) as DescribedInterfaces;
  for (const { NetworkInterfaceId, Attachment } of NetworkInterfaces) {
    if (Attachment.DeviceIndex === 0) continue;
    await asOwner(stage, "ModifyNetworkInterfaceAttribute", {
      NetworkInterfaceId,
      Attachment: { AttachmentId: Attachment.AttachmentId, DeleteOnTermination: true },
    });
  }
};

/** All that it has, its root and data volumes too. */
const makeDeletable = async (stage: LabAccount, instanceId: string): Promise<void> => {
  await deleteInterfacesWithInstance(stage, instanceId);
  const { volumes = [] } = stage.platform.ec2.control.find(instanceId) ?? {};
  if (volumes.length === 0) return;
  await asOwner(stage, "ModifyInstanceAttribute", {
    InstanceId: instanceId,
    BlockDeviceMappings: volumes.map(({ deviceName }) => ({
      DeviceName: deviceName,
      Ebs: { DeleteOnTermination: true },
    })),
  });
};

/** An earlier attempt of each judging step left something large: what it was stored in is deleted. */
const largeLeftovers = (walk: Walk): (() => void) => {
  const { table } = walk.stage.platform;
  return before(walk, async (name, evaluationId) => {
    if (name === "linear-check-eligibility" || name === "judge-scrape") {
      const facts = (await loadFacts(table, evaluationId)) ?? { observedAt: "" };
      await saveFacts(table, evaluationId, { ...facts, ...{ bulk } });
    }
    if (["judge-filter", "judge-predict", "judge-decide"].includes(name)) {
      const [first, ...rest] = (await loadOffers(table, evaluationId)) ?? [];
      await saveOffers(
        table,
        evaluationId,
        first === undefined ? [{ ...{ bulk } } as never] : [{ ...first, ...{ bulk } }, ...rest],
      );
    }
  });
};

/** Every new replacement is lost right after its launch. */
const interrupted = ({ stage }: Walk): (() => void) => {
  const { cloud, ec2 } = stage.platform;
  return cloud.faults.after((call, output) => {
    if (call.operation !== "RunInstances") return;
    const { Instances } = output as { readonly Instances: readonly { InstanceId: string }[] };
    const [launched] = Instances;
    if (launched !== undefined) ec2.control.interrupt(launched.InstanceId);
  });
};

/** Somebody terminates the replacement when all has moved to it. */
const terminatedBefore =
  (step: FunctionName) =>
  (walk: Walk): (() => void) =>
    before(walk, async (name, evaluationId) => {
      if (name !== step) return;
      const stored = await loadEvaluation(walk.stage.platform.table, evaluationId);
      const instanceId = stored?.swaps[0]?.replacement?.instanceId;
      await asOwner(walk.stage, "TerminateInstances", { InstanceIds: [instanceId] });
    });

/** All has moved by then, and the function that marks the original for its end may not. */
const failingInTheEnd = (walk: Walk): (() => void) => {
  const { control } = walk.stage.platform.ec2;
  const ends: (() => void)[] = [];
  ends.push(
    walk.stage.platform.cloud.faults.before((call) => {
      if (walk.recorder.running() !== "linear-retire-original") return;
      if (!isRetirement(call)) return;
      ends.push(control.failChecks(({ lifecycle }) => lifecycle === "spot", "system"));
      throw new CloudError("UnauthorizedOperation", "You are not authorized.", 403);
    }),
  );
  return () => {
    for (const end of ends) end();
  };
};

/** The load balancer has no zone left when that function runs. */
const cutOff =
  (by: FunctionName) =>
  (walk: Walk, { loadBalancerArn = "" }: Original): (() => void) =>
    before(walk, (name) => {
      if (name === by) walk.stage.platform.elb.setZones(loadBalancerArn, []);
      return Promise.resolve();
    });

interface DescribedInstances {
  readonly Reservations: readonly {
    readonly Instances: readonly {
      readonly InstanceId: string;
      readonly RootDeviceName: string;
      readonly BlockDeviceMappings: readonly { readonly DeviceName: string }[];
    }[];
  }[];
}

/** Somebody makes deletable what is at the replacement, whenever that function runs. */
const madeDeletable =
  (by: FunctionName) =>
  (walk: Walk): (() => void) =>
    before(walk, async (name, evaluationId) => {
      if (name !== by) return;
      const { Reservations } = (await asOwner(walk.stage, "DescribeInstances", {
        Filters: [{ Name: "tag:spot-optimizer:evaluation", Values: [evaluationId] }],
      })) as DescribedInstances;
      for (const { InstanceId, BlockDeviceMappings } of Reservations.flatMap(
        ({ Instances }) => Instances,
      )) {
        await deleteInterfacesWithInstance(walk.stage, InstanceId);
        await asOwner(walk.stage, "ModifyInstanceAttribute", {
          InstanceId,
          BlockDeviceMappings: BlockDeviceMappings.map(({ DeviceName }) => ({
            DeviceName,
            Ebs: { DeleteOnTermination: true },
          })),
        });
      }
    });

/** Minutes pass before the original is given up: the prices of the verdict are asked for again. */
const withOldPrices = (walk: Walk): (() => void) => {
  let hasPassed = false;
  return before(walk, (name) => {
    if (name === "linear-freeze-original" && !hasPassed) {
      hasPassed = true;
      walk.stage.clock.elapse(6 * 60_000);
    }
    return Promise.resolve();
  });
};

/** Neither the account's IAM policies nor the key's own let AWS's role for Spot use it; a grant does. */
const grantToSpot = ({ stage }: Walk): (() => void) => {
  const { accountId, platform } = stage;
  platform.kms.addKey({ accountId, region, arn: kmsKeyId });
  platform.kms.grant(
    kmsKeyId,
    `arn:aws:iam::${accountId}:role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot`,
  );
  return () => undefined;
};

/** What was last found of the account's EBS to stand against no switch, as a day later. */
const forgetEbs = (walk: Walk): (() => void) =>
  before(walk, async (name) => {
    if (name !== "linear-check-eligibility") return;
    const { platform, accountId } = walk.stage;
    await updateEbsStanding(platform.table, { accountId, region }, () => ({}));
  });

/** Under AWS's own key; and there is a hosted zone. */
const encryptByDefault = (walk: Walk): (() => void) => {
  const { accountId, platform } = walk.stage;
  platform.route53.addZone({ accountId, name: "example.com." });
  platform.ec2.control.encryptByDefault({ accountId, region });
  return forgetEbs(walk);
};

const manySnapshots =
  (isDefault: boolean) =>
  (walk: Walk): (() => void) => {
    const { accountId, platform } = walk.stage;
    const remember = forgetEbs(walk);
    const remove = platform.ec2.control.addSnapshots({ accountId, region }, 1_001);
    if (isDefault) platform.serviceQuotas.forgetApplied();
    return () => {
      remember();
      remove();
    };
  };

interface DescribedAddresses {
  readonly Addresses: readonly { readonly AssociationId?: string; readonly InstanceId?: string }[];
}

/** Somebody takes the address from the replacement, once, when that function runs. */
const addressTakenBefore =
  (by: FunctionName) =>
  (walk: Walk): (() => void) => {
    let isTaken = false;
    return before(walk, async (name, evaluationId) => {
      if (name !== by || isTaken) return;
      isTaken = true;
      const { stage } = walk;
      const id = evaluationIdSchema.parse(evaluationId);
      const stored = await loadEvaluation(stage.platform.table, id);
      const holder = stored?.swaps[0]?.replacement?.instanceId;
      const { Addresses } = (await asOwner(stage, "DescribeAddresses", {})) as DescribedAddresses;
      const taken = Addresses.filter(({ InstanceId }) => InstanceId === holder);
      for (const { AssociationId } of taken) {
        await asOwner(stage, "DisassociateAddress", { AssociationId });
      }
    });
  };

/** The account has a Reserved Instance of that type. */
const withReservation =
  (instanceType: string) =>
  ({ stage }: Walk): (() => void) => {
    const { accountId, platform } = stage;
    platform.ec2.control.addReservedInstances({ accountId, region, instanceType, count: 1 });
    return () => undefined;
  };

const paths: readonly Path[] = [
  { name: "at prices that have grown old", arrange: withOldPrices, ends: "SWITCHED" },
  {
    name: "a burstable instance with everything, by image",
    workload: { ...everything, instanceType: "t3.large" },
    policy: { min_savings_percent: 1, proof: [{ kind: "target-groups" }] },
    targetGroup: true,
    ends: "SWITCHED",
  },
  { name: "beside a Local Zone", arrange: besideLocalZone, ends: "SWITCHED" },
  {
    name: "with a group for its way back that was made without an answer",
    arrange: unanswered("linear-freeze-original", "CreateGroup"),
    ends: "SWITCHED",
  },
  {
    name: "rolled back before the stop, with capacity held for it",
    arrange: denied("linear-freeze-original", "StopInstances"),
    ends: "ROLLED_BACK",
  },
  {
    name: "relaunched from the final image",
    policy: { root_transfer: "relaunch" },
    ends: "SWITCHED",
  },
  {
    name: "with everything, by its own root volume, and more snapshots than one page shows",
    workload: everything,
    policy: { root_transfer: "move-root-volume" },
    arrange: manySnapshots(false),
    ends: "SWITCHED",
  },
  {
    name: "rolled back from a replacement that has the root volume",
    policy: { root_transfer: "move-root-volume" },
    arrange: failingInTheEnd,
    ends: "ROLLED_BACK",
  },
  {
    name: "by an image, since EC2 failed to move the root volume",
    policy: { root_transfer: "move-root-volume" },
    arrange: ({ stage }) => stage.platform.ec2.control.failRootTasks(() => true),
    ends: "SWITCHED",
  },
  {
    name: "with everything, by moving volumes, and a quota of snapshots that is AWS's default",
    workload: everything,
    policy: { consistency: "move-volumes" },
    targetGroup: true,
    arrange: manySnapshots(true),
    ends: "SWITCHED",
  },
  {
    name: "stateless, with an address that its subnet lends, in an account that encrypts by default",
    workload: { elasticIp: false, publicIp: true },
    policy: { consistency: "stateless", accept_change_of: ["primary-private-ip", "public-ip"] },
    targetGroup: true,
    arrange: encryptByDefault,
    ends: "SWITCHED",
  },
  ...(["stateless", "stop-and-image"] as const).map((consistency) => ({
    name: `${consistency}, with the owner's documents`,
    policy: {
      consistency,
      proof: [
        { kind: "ssm-document", document: "prove" },
        { kind: "cloudwatch-alarms", alarms: ["errors"] },
      ],
      hooks: [
        { kind: "before_freeze", document: "quiesce" },
        { kind: "after_switch", document: "tell" },
      ],
    },
    ends: "SWITCHED" as const,
  })),
  {
    name: "held at the last call, with everything moved",
    workload: everything,
    targetGroup: true,
    arrange: denied("linear-retire-original", "CreateTags"),
    ends: "NEEDS_OPERATOR",
  },
  {
    name: "rolled back from a replacement that fails its checks, with everything moved",
    workload: everything,
    targetGroup: true,
    arrange: failingInTheEnd,
    ends: "ROLLED_BACK",
  },
  {
    name: "stateless, under a key that a grant opens to AWS's role for Spot",
    workload: { rootEncrypted: true, kmsKeyId },
    policy: { consistency: "stateless" },
    arrange: grantToSpot,
    ends: "SWITCHED",
  },
  {
    name: "rolled back from the last call of a stateless switch",
    workload: { elasticIp: true, secondaryInterfaces: 1 },
    policy: { consistency: "stateless" },
    arrange: denied("linear-retire-original", "CreateTags"),
    ends: "ROLLED_BACK",
  },
  {
    name: "rolled back from a last call that acted without an answer",
    // An earlier deployment's tag: it is written back.
    workload: { tags: { [deploymentTag]: "dpl-earlier" } },
    policy: { consistency: "stateless" },
    arrange: unanswered("linear-retire-original", "CreateTags"),
    ends: "ROLLED_BACK",
  },
  ...(["linear-move-identity", "linear-retire-original"] as const).map((by) => ({
    name: `with everything, and somebody who makes it deletable before ${by}`,
    workload: everything,
    policy: { consistency: "move-volumes" },
    arrange: madeDeletable(by),
    ends: "SWITCHED" as const,
  })),
  ...(["linear-move-identity", "linear-verify", "linear-retire-original"] as const).map((by) => ({
    name: `rolled back because ${by} found the replacement without traffic`,
    policy: { consistency: "stateless" },
    targetGroup: true,
    arrange: cutOff(by),
    ends: "ROLLED_BACK" as const,
  })),
  {
    name: "with a replacement that is lost before the answer to its launch",
    arrange: lostUnanswered("linear-launch"),
    ends: "SWITCHED",
  },
  {
    name: "rolled back when the replacement was lost",
    arrange: interrupted,
    ends: "ROLLED_BACK",
  },
  {
    name: "rolled back when the replacement was terminated before it was verified",
    arrange: terminatedBefore("linear-verify"),
    ends: "ROLLED_BACK",
  },
  {
    name: "rolled back when the replacement was terminated before that was recorded",
    arrange: terminatedBefore("judge-record"),
    ends: "ROLLED_BACK",
  },
  {
    name: "refused",
    workload: { disableApiTermination: true },
    ends: "REFUSED",
  },
  { name: "stayed", policy: { min_savings_percent: 95 }, ends: "STAYED" },
  { name: "in shadow mode", isShadowMode: true, ends: "SHADOWED" },
  {
    name: "with a price feed that is down",
    isShadowMode: true,
    arrange: denied("judge-scrape", "DescribeSpotPriceHistory"),
    // The copy is two hours old by then.
    ends: "REFUSED",
  },
  {
    name: "with large leftovers of killed steps",
    isShadowMode: true,
    arrange: largeLeftovers,
    ends: "SHADOWED",
  },
];

/** After the others: they take their time, and the market moves on. */
const laterPaths: readonly Path[] = [
  {
    name: "refused, since a reservation pays for it",
    workload: { instanceType: "t3.large" },
    arrange: withReservation("t3.large"),
    ends: "REFUSED",
  },
  ...(["linear-verify", "linear-retire-original"] as const).map((by) => ({
    name: `with an address that somebody takes away before ${by}`,
    policy: { consistency: "move-volumes" },
    arrange: addressTakenBefore(by),
    ends: "SWITCHED" as const,
  })),
];

const begin = async (walk: Walk, path: Path): Promise<Original> => {
  const { stage } = walk;
  const instance = addWorkload(stage, {
    instanceType: "m5.large",
    elasticIp: true,
    ...path.workload,
  });
  const balanced =
    path.targetGroup === true
      ? addTargetGroup(stage, instance, { name: `web-${instance.instanceId}` })
      : {};
  if (path.workload === everything) await deleteInterfacesWithInstance(stage, instance.instanceId);
  await register(stage, instance, {
    isShadowMode: path.isShadowMode ?? false,
    policyOverrides: { accept_change_of: ["primary-private-ip"], ...path.policy },
  });
  return { ...instance, ...balanced };
};

const walkPath = async (walk: Walk, path: Path): Promise<PathWalked> => {
  const { stage } = walk;
  const instance = await begin(walk, path);
  const release = path.arrange?.(walk, instance);
  const { evaluation_id: id } = await startEvaluation(stage, instance.instanceId);
  await stage.clock.run({ atMostMs: stage.clock.now() + 2 * hourMs });
  release?.();
  const evaluation = await getEvaluation(stage.platform.table, evaluationIdSchema.parse(id));
  const { name, ends } = path;
  return {
    name,
    ends,
    ended: evaluation?.status ?? "nowhere",
    sentence: evaluation?.outcome?.sentence ?? "",
  };
};

const { dataVolumes: _none, ...nothingStored } = everything;

const withData = {
  workload: { ...everything, secondaryPrivateIps: 0 },
  policy: { max_downtime_minutes_per_30_days: 60 },
} as const;

/** Switched, and asked back: to its end, without data and with; and undone when the Spot Instance can't be ended. */
const waysBack = {
  "asked back to On-Demand": { workload: nothingStored, policy: { consistency: "stateless" } },
  "asked back to On-Demand, and undone": {
    workload: nothingStored,
    policy: { consistency: "stateless" },
  },
  "asked back to On-Demand with its data": withData,
  "asked back to On-Demand with its data, and ended by EC2": withData,
  "asked back to On-Demand with its data, by an image since its host was lost": withData,
} as const;

/** EC2 makes no volume that is there a root. */
const refusesVolume = ({ stage }: Walk): (() => void) =>
  stage.platform.cloud.faults.before(({ operation, input }) => {
    if (operation !== "CreateReplaceRootVolumeTask") return;
    if (!("VolumeId" in (input as object))) return;
    throw new CloudError("UnsupportedOperation", "Not with a volume that is there.");
  });

/** Somebody terminates what was to take over, once its root is to be replaced by an image. */
const hostLost = (walk: Walk): (() => void) => {
  const { control } = walk.stage.platform.ec2;
  let isLost = false;
  return before(walk, async (step, evaluationId) => {
    if (isLost || step !== "linear-replace-root") return;
    isLost = true;
    const stored = await loadEvaluation(
      walk.stage.platform.table,
      evaluationIdSchema.parse(evaluationId),
    );
    control.terminateByOwner(stored?.swaps[0]?.replacement?.instanceId ?? "");
  });
};

const goBack = async (walk: Walk, name: keyof typeof waysBack): Promise<PathWalked> => {
  const { stage } = walk;
  const { clock, platform } = stage;
  const isUndone = name.endsWith("undone");
  const ends = isUndone ? "ROLLED_BACK" : "FELL_BACK";
  const path = { name, ...waysBack[name], targetGroup: true, ends };
  const instance = await begin(walk, { ...path, ends });
  await deleteInterfacesWithInstance(stage, instance.instanceId);
  const { evaluation_id: first } = await startEvaluation(stage, instance.instanceId);
  await clock.run({ atMostMs: clock.now() + 2 * hourMs });
  const switched = await loadEvaluation(platform.table, evaluationIdSchema.parse(first));
  const spotId = switched?.swaps[0]?.replacement?.instanceId ?? "";
  const release = isUndone
    ? denied("linear-retire-original", "TerminateInstances")(walk)
    : before(walk, async (step) => {
        const { control } = platform.ec2;
        const isUp = control.find(spotId)?.state === "running";
        if (step !== "linear-end-spot" || !isUp) return;
        if (name.endsWith("EC2")) control.interrupt(spotId, { noticeSeconds: 0 });
        // Its owner has it otherwise meanwhile.
        else await makeDeletable(stage, spotId);
      });
  const takeNoVolume = name.includes("image") ? refusesVolume(walk) : () => undefined;
  const loseHost = name.endsWith("lost") ? hostLost(walk) : () => undefined;
  const { evaluation_id: id } = await startEvaluation(stage, spotId, { to: "ON_DEMAND" });
  await clock.run({ atMostMs: clock.now() + 2 * hourMs });
  release();
  takeNoVolume();
  loseHost();
  const evaluation = await getEvaluation(platform.table, evaluationIdSchema.parse(id));
  const sentence = evaluation?.outcome?.sentence ?? "";
  return { name, ends, ended: evaluation?.status ?? "nowhere", sentence };
};

const quiesced = {
  proof: [{ kind: "ssm-document", document: "prove" }],
  hooks: [{ kind: "before_freeze", document: "quiesce" }],
} as const;

/** EC2's checks and those of load balancers take minutes here. */
const lateSeconds = 400;

/** Of what EC2 takes back: minutes ago, or with a notice. */
const takenAway = {
  "taken by EC2, and launched anew": {
    workload: { ...nothingStored, secondaryPrivateIps: 0 },
    policy: { consistency: "stateless" },
    noticeSeconds: 0,
  },
  "announced by EC2, with its owner's documents": {
    workload: { elasticIp: true },
    // Its original has had its cool-off.
    policy: { consistency: "stateless", cooloff_hours: 0, ...quiesced },
    noticeSeconds: lateSeconds,
  },
  "taken by EC2 while its original is kept, which is unfit": {
    workload: {},
    policy: { consistency: "stateless" },
    noticeSeconds: 0,
  },
  "taken by EC2 while its original is kept, which may not be given its traffic": {
    workload: {},
    policy: { consistency: "stateless" },
    // What EC2 takes serves still, so that it is stopped again.
    noticeSeconds: lateSeconds,
  },
  "announced by EC2, with its owner's documents and data": {
    ...withData,
    policy: { ...withData.policy, ...quiesced },
    noticeSeconds: lateSeconds,
  },
} as const;

const harms: Readonly<
  Partial<Record<keyof typeof takenAway, (walk: Walk, original: InstanceSummary) => () => void>>
> = {
  // The hook is run as late as it can be: here by the one after that.
  "announced by EC2, with its owner's documents and data": denied(
    "linear-await-healthy",
    "SendCommand",
  ),
  // Its load balancers find it healthy before EC2's checks fail.
  "taken by EC2 while its original is kept, which is unfit": ({ stage }, { instanceId }) =>
    stage.platform.ec2.control.failChecks(({ id }) => id === instanceId, "system"),
  "taken by EC2 while its original is kept, which may not be given its traffic": denied(
    "linear-move-identity",
    "RegisterTargets",
  ),
};

/** Switched, taken by EC2, and launched anew. */
const launchAnew = async (walk: Walk, name: keyof typeof takenAway): Promise<PathWalked> => {
  const { stage } = walk;
  const { clock, platform } = stage;
  const ends = name.endsWith("traffic") ? "ROLLED_BACK" : "SWITCHED";
  const { noticeSeconds, ...path } = { name, ...takenAway[name] };
  const instance = await begin(walk, { ...path, targetGroup: true, ends });
  const { evaluation_id: first } = await startEvaluation(stage, instance.instanceId);
  await clock.run({ atMostMs: clock.now() + 2 * hourMs });
  const switched = await loadEvaluation(platform.table, evaluationIdSchema.parse(first));
  const spotId = switched?.swaps[0]?.replacement?.instanceId ?? "";
  // From the launch template that is made now: what other evaluations have left is due before it.
  for (let run = 0; run < 5; run += 1) await platform.functions.invoke("schedule-janitor", {});
  platform.ec2.control.interrupt(spotId, { noticeSeconds });
  if (noticeSeconds === 0) await clock.run({ atMostMs: clock.now() + hourMs / 12 });
  const release = harms[name]?.(walk, instance) ?? (() => undefined);
  const { evaluation_id: id } = await startEvaluation(stage, spotId, { recover: true });
  await clock.run({ atMostMs: clock.now() + 2 * hourMs });
  release();
  const evaluation = await getEvaluation(platform.table, evaluationIdSchema.parse(id));
  const sentence = evaluation?.outcome?.sentence ?? "";
  return { name, ends, ended: evaluation?.status ?? "nowhere", sentence };
};

/** What serves then stays, and so does its original, whose owner had tags where ours are. */
const leave = async (walk: Walk): Promise<PathWalked> => {
  const { stage } = walk;
  const tags = { "spot-optimizer:deployment": "dpl-earlier" };
  const path: Path = {
    name: "in an account that leaves",
    workload: { ...everything, tags, secondaryInterfacesDeleteOnTermination: true },
    ends: "SWITCHED",
  };
  const instance = await begin(walk, path);
  const { evaluation_id: id } = await startEvaluation(stage, instance.instanceId);
  await stage.clock.run({ atMostMs: stage.clock.now() + 2 * hourMs });
  const switched = await loadEvaluation(stage.platform.table, evaluationIdSchema.parse(id));
  await offBoard(stage, switched?.swaps[0]?.replacement?.instanceId ?? "");
  const { name, ends } = path;
  const { status = "nowhere", outcome } = switched?.evaluation ?? {};
  return { name, ends, ended: status, sentence: outcome?.sentence ?? "" };
};

type Send = (method: string, path: string, body?: unknown) => Promise<string>;

const sendTo =
  ({ platform }: LabAccount): Send =>
  async (method, path, body) => {
    const request = new Request(`http://api.local/api/v1${path}`, {
      method,
      headers: { "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = await platform.gateway(request);
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
    return answer.text();
  };

/** Somebody stops an execution by hand before the original is retired; an operator adopts the replacement. */
const adopt = async (walk: Walk): Promise<PathWalked> => {
  const { stage } = walk;
  const { clock, platform } = stage;
  const name = "adopted after its execution was stopped by hand";
  const instance = await begin(walk, { name, ends: "ADOPTED" });
  const { evaluation_id: id, execution_arn: executionArn } = await startEvaluation(
    stage,
    instance.instanceId,
  );
  const release = before(walk, async (step) => {
    if (step !== "linear-retire-original") return;
    await platform.interpreter.stop({ executionArn, error: undefined, cause: undefined });
    throw new Error("The execution was stopped.");
  });
  await clock.run({ atMostMs: clock.now() + 2 * hourMs });
  release();
  const evaluationId = evaluationIdSchema.parse(id);
  const stored = await loadEvaluation(platform.table, evaluationId);
  const serving = stored?.swaps[0]?.replacement?.instanceId;
  await sendTo(stage)("POST", `/evaluations/${id}/adopt`, { serving, reason: "It serves." });
  await clock.run({ atMostMs: clock.now() + hourMs });
  const evaluation = await getEvaluation(platform.table, evaluationId);
  const sentence = evaluation?.outcome?.sentence ?? "";
  return { name, ends: "ADOPTED", ended: evaluation?.status ?? "nowhere", sentence };
};

/** A start that nobody goes on with, until its lease has run out. */
const cutOffStart = async ({ api, clock, platform }: LabAccount): Promise<void> => {
  const release = platform.cloud.faults.before(({ operation }) => {
    if (operation === "StartExecution") throw new Error("socket hang up");
  });
  const { items } = JSON.parse(await api.getText("/lab/instances?limit=1")) as {
    readonly items: readonly [{ readonly target_id: string }];
  };
  await api.send({ method: "POST", path: `/lab/instances/${items[0].target_id}/evaluate` });
  release();
  await clock.run({ atMostMs: clock.now() + hourMs });
};

/** The answers to its starts are lost: each is asked for by its name. */
const sweep = async (stage: LabAccount): Promise<void> => {
  const { accountId, clock, platform } = stage;
  const forget = await loseNodeGroup(stage);
  const release = platform.cloud.faults.after(({ operation }) => {
    if (operation === "StartExecution") throw new Error("socket hang up");
  });
  await platform.functions.invoke("schedule-sweep", {});
  await clock.run({ atMostMs: clock.now() + hourMs / 4 });
  release();
  const place = { accountId: accountIdSchema.parse(accountId), region };
  const [found] = (await listJudgedIn(platform.table, place)).values();
  if (found === undefined) throw new Error("The sweep has judged nothing.");
  const run = { ...found.run, targetId: targetIdSchema.parse("tgt-0deleted000") };
  await writeJudged(platform.table, place, { run, version: undefined });
  await platform.functions.invoke("schedule-sweep", {});
  await clock.run({ atMostMs: clock.now() + 3 * hourMs });
  await forget();
};

/** Judged on a market that nobody has read lately. */
const preflight = async (stage: LabAccount): Promise<void> => {
  const { accountId, clock } = stage;
  addWorkload(stage, { ...everything, instanceType: "m5.large" });
  await sendTo(stage)("POST", "/preflight", { account_id: accountId });
  await clock.run({ atMostMs: clock.now() + hourMs });
};

/** What an operator does. */
const useApi = async (stage: LabAccount): Promise<void> => {
  const { accountId, clock, platform } = stage;
  const send = sendTo(stage);
  const remove = platform.ec2.control.addSnapshots({ accountId, region }, 1_001);
  await send("POST", `/accounts/${accountId}/verify`);
  remove();
  await send("PATCH", `/accounts/${accountId}`, { name: "workshop" });
  await send("PUT", "/kill-switch", { engaged: false, reason: "drill" });
  const { items } = JSON.parse(await send("GET", "/evaluations?limit=100")) as {
    readonly items: readonly {
      readonly evaluation_id: string;
      readonly target_id: string;
      readonly status: EvaluationStatus;
    }[];
  };
  const [last] = items;
  if (last === undefined) throw new Error("There are no evaluations.");
  await send("POST", `/evaluations/${last.evaluation_id}/replay`, {});
  await send("POST", `/lab/instances/${last.target_id}/evaluate`);
  await clock.run({ atMostMs: clock.now() + 2 * hourMs });
  const switched = items.filter(({ status }) => status === "SWITCHED");
  const targets = new Set([last, ...switched].map(({ target_id: id }) => id));
  for (const id of targets) await send("DELETE", `/lab/instances/${id}`);
};

/** Everything, once. */
/** A deployment, and sixteen days later the janitor of our code: one execution that names the old code failed last week. */
const replaceCode = async ({ platform, clock }: LabAccount): Promise<void> => {
  const { executionArn } = await platform.interpreter.start({
    stateMachineArn: platform.workflowOf("LINEAR") ?? "",
    input: { evaluationId: "evl-0000000000" },
  });
  platform.deploy(steps);
  for (const days of [9, 7]) {
    await clock.run({ atMostMs: clock.now() + 24 * days * hourMs });
    if (days === 9) await platform.interpreter.redrive(executionArn);
  }
  platform.deploy(steps);
  await platform.functions.invoke("schedule-code-janitor", {});
  await clock.run({ atMostMs: clock.now() + 16 * 24 * hourMs });
  await platform.functions.invoke("schedule-code-janitor", {});
};

/** A backup plan copies our tags to a snapshot, which is listed; it leaves the list once it is gone. */
const listCopy = async (stage: LabAccount): Promise<void> => {
  const { accountId, clock, platform } = stage;
  const volume = platform.ec2.control
    .resources(accountId)
    .find(({ kind, tags }) => kind === "volume" && tags[deploymentTag] !== undefined);
  const Tags = Object.entries(volume?.tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
  const { SnapshotId } = (await asOwner(stage, "CreateSnapshot", {
    VolumeId: volume?.id,
    TagSpecifications: [{ ResourceType: "snapshot", Tags }],
  })) as { readonly SnapshotId: string };
  for (const isDeleted of [false, true, false]) {
    await clock.run({ atMostMs: clock.now() + 7 * hourMs });
    if (isDeleted) await asOwner(stage, "DeleteSnapshot", { SnapshotId });
    await platform.functions.invoke("schedule-find-unclaimed", {});
  }
};

export const walkAllPaths = async (): Promise<
  Walk & { readonly walked: readonly PathWalked[] }
> => {
  const stage = await openAccount({
    market: marketOf([...smallMarketTypes, "t3.large", "t3a.large"]),
    seed: 1,
    startMs: Date.parse("2026-03-02T09:00:00Z"),
    region,
    version: "demo",
    name: "demo",
    front: "direct",
    parameters: everyPart,
    // EC2 leaves the snapshots of an image to whoever deregistered it.
    settings: { deletesAssociatedSnapshots: false, reservationPendingMs: 30_000 },
  });
  const { ssm, monitoring } = stage.platform;
  monitoring.addAlarm({ accountId: stage.accountId, region, name: "errors" });
  ssm.installAgents(stage.accountId);
  for (const name of ["prove", "quiesce", "tell"]) {
    const run = () => ({ exitCode: 0 });
    ssm.addDocument({ accountId: stage.accountId, region, name, tags: enrolled, run });
  }
  const walk = { stage, recorder: recordCalls(stage.platform) };
  const walked: PathWalked[] = [];
  for (const path of paths) {
    walked.push(await walkPath(walk, path));
    await letSwitchesBegin(stage);
  }
  for (const name of Object.keys(waysBack) as (keyof typeof waysBack)[]) {
    walked.push(await goBack(walk, name));
    await letSwitchesBegin(stage);
  }
  for (const name of Object.keys(takenAway) as (keyof typeof takenAway)[]) {
    walked.push(await launchAnew(walk, name));
  }
  walked.push(...(await walkGroups(walk)));
  walked.push(await adopt(walk));
  for (const path of laterPaths) {
    walked.push(await walkPath(walk, path));
    await letSwitchesBegin(stage);
  }
  const { clock, platform } = stage;
  // Capacity that is held still, and groups that isolate nobody: more than one run takes on.
  await platform.functions.invoke("schedule-janitor", {});
  await platform.functions.invoke("schedule-janitor", {});
  await listCopy(stage);
  // The cool-off of all switches has passed, then the time that final images are kept.
  for (const hours of [30, 8 * 24]) {
    await clock.run({ atMostMs: clock.now() + hours * hourMs });
    await platform.functions.invoke("schedule-janitor", {});
  }
  await walkWaste(stage);
  await cutOffStart(stage);
  await sweep(stage);
  await preflight(stage);
  await replaceCode(stage);
  await hearOfInterruption(stage);
  await useApi(stage);
  walked.push(...(await walkNodes(walk)));
  await sendTo(stage)(
    "GET",
    `/accounts/${stage.accountId}/clusters/shop-1/kubeconfig?region=${region}`,
  );
  await watchRequests(stage);
  await stage.platform.functions.invoke("schedule-measure", {});
  await walkLedger(stage);
  await walkEnforcer(stage);
  await walkNotices(stage);
  await letSwitchesBegin(stage);
  walked.push(await leave(walk));
  return { ...walk, walked };
};
