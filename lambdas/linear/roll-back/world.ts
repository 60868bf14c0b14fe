/** Reads all that the intents of an evaluation name, as it is now: each part by as few calls as there can be. */
import { readStandings } from "../../../adapters/aws/elb.ts";
import { findImages, readReplaceRootVolumeTask } from "../../../adapters/aws/ec2/images.ts";
import {
  findHoldings,
  readHoldings,
  type InstanceHoldings,
} from "../../../adapters/aws/ec2/instance-holdings.ts";
import { readChecks } from "../../../adapters/aws/ec2/health.ts";
import {
  findInterfacesHolding,
  readAddresses,
  readInterfaces,
  type AddressReading,
  type InterfaceReading,
} from "../../../adapters/aws/ec2/network.ts";
import { readVolumes, type VolumeReading } from "../../../adapters/aws/ec2/volumes.ts";
import type {
  FoundImage,
  FoundInstance,
  FoundTargetGroup,
  RollbackInput,
  RollbackPart,
} from "../../../core/decide/linear/roll-back/world.ts";
import { judgeRootTask, type RootTaskStanding } from "../../../core/decide/linear/root-move.ts";
import { judgeHealth, type HealthJudgement } from "../../../core/decide/switch/health.ts";
import type { LinearEvaluation } from "../../../core/model/evaluation.ts";
import type { InstanceFacts } from "../../../core/model/instance.ts";
import { changesOf, type ChangeOf, type Intent } from "../../../core/model/intent.ts";
import { isMember, thoseThatServe } from "../../../core/model/target-group.ts";
import { evaluationTag } from "../../../core/model/tags.ts";
import type { CustomerClients } from "../../runtime/context.ts";
import { readFacts } from "../../evaluation/facts.ts";
import type { UndoState } from "../../evaluation/undo.ts";
import type { PartReaders } from "../../evaluation/undo-view.ts";
import type { LinearSession } from "../session.ts";

export interface RollbackReadings extends Record<RollbackPart, unknown> {
  /** From the stored facts, which no action changes. */
  readonly before: InstanceFacts | undefined;
  readonly original: InstanceHoldings | undefined;
  /** Undefined unless we stopped the original: only then it must prove itself before the replacement is given up. */
  readonly checks: HealthJudgement | undefined;
  readonly replacements: readonly InstanceHoldings[];
  readonly images: readonly FoundImage[];
  readonly volumes: readonly VolumeReading[];
  readonly interfaces: readonly InterfaceReading[];
  readonly addresses: readonly AddressReading[];
  readonly targetGroups: readonly FoundTargetGroup[];
  readonly rootTask: RootTaskStanding | undefined;
}

const unique = (ids: readonly string[]): readonly string[] => [...new Set(ids)];

/** All that carry the evaluation's tag or stand in an intent; the original carries the tag once it is retired. */
const findReplacements = async (
  { ec2 }: CustomerClients,
  { evaluation }: LinearSession<"ec2" | "elb">,
  intents: readonly Intent[],
): Promise<readonly InstanceHoldings[]> => {
  const tagged = await findHoldings(ec2, { key: evaluationTag, value: evaluation.evaluationId });
  const launched = changesOf(intents, "LAUNCH_INSTANCE")
    .map((change) => change.instanceId)
    .filter((instanceId) => instanceId !== undefined);
  // EC2 may show an instance before its tags.
  const untagged = unique(launched).filter(
    (launchedId) => !tagged.some(({ instanceId }) => instanceId === launchedId),
  );
  return [...tagged, ...(await readHoldings(ec2, untagged))].filter(
    ({ instanceId }) => instanceId !== evaluation.subject.instanceId,
  );
};

/** Members that are neither the original nor launched by us say nothing of the return. */
const readTargetGroups = async (
  { elb }: CustomerClients,
  { evaluation }: LinearSession<"ec2" | "elb">,
  intents: readonly Intent[],
): Promise<readonly FoundTargetGroup[]> => {
  const moves = changesOf(intents, "MOVE_TARGET_GROUP");
  const ours = new Set([
    evaluation.subject.instanceId,
    ...moves.map(({ toInstanceId }) => toInstanceId),
    ...changesOf(intents, "LAUNCH_INSTANCE").map(({ instanceId }) => instanceId),
  ]);
  const groups: FoundTargetGroup[] = [];
  for (const arn of unique(moves.map(({ targetGroupArn }) => targetGroupArn))) {
    const standings = await readStandings(elb, arn);
    if (standings === undefined) continue;
    for (const { port } of moves.filter(({ targetGroupArn }) => targetGroupArn === arn)) {
      const found = standings.filter((each) => each.port === port && ours.has(each.instanceId));
      const members = new Map(
        found
          .filter(({ standing }) => isMember(standing))
          .map(({ instanceId, standing }) => [instanceId, standing]),
      );
      groups.push({
        arn,
        port,
        instanceIds: [...members.keys()],
        readyInstanceIds: thoseThatServe(members),
        drainingInstanceIds: found
          .filter(({ standing }) => standing === "leaving")
          .map(({ instanceId }) => instanceId),
      });
    }
  }
  return groups;
};

/** Elastic IPs that moved because their private address did. */
const travellingAllocations = (
  before: InstanceFacts | undefined,
  intents: readonly Intent[],
): readonly string[] => {
  const privateIps = changesOf(intents, "MOVE_PRIVATE_IPS").flatMap((change) => change.privateIps);
  return (before?.networkInterfaces ?? [])
    .flatMap((networkInterface) => networkInterface.privateAddresses)
    .filter(({ privateIp }) => privateIps.includes(privateIp))
    .map(({ allocationId }) => allocationId)
    .filter((allocationId) => allocationId !== undefined);
};

/** Whichever interfaces of the subnet hold private addresses that are not where they were. */
const findHolders = async (
  { ec2 }: CustomerClients,
  named: readonly InterfaceReading[],
  { fromInterfaceId, privateIps }: ChangeOf<"MOVE_PRIVATE_IPS">,
): Promise<readonly InterfaceReading[]> => {
  const from = named.find(({ networkInterfaceId }) => networkInterfaceId === fromInterfaceId);
  if (from === undefined) return [];
  const missing = privateIps.filter((privateIp) => !from.privateIps.includes(privateIp));
  return findInterfacesHolding(ec2, { subnetId: from.subnetId, privateIps: missing });
};

/** Those that the intents name, and whichever of the same subnet holds a private address that they name. */
const findInterfaces = async (
  clients: CustomerClients,
  intents: readonly Intent[],
): Promise<readonly InterfaceReading[]> => {
  const ips = changesOf(intents, "MOVE_PRIVATE_IPS");
  const named = await readInterfaces(
    clients.ec2,
    unique([
      ...changesOf(intents, "MOVE_INTERFACE").map((change) => change.networkInterfaceId),
      ...[...ips, ...changesOf(intents, "MOVE_ADDRESS")].flatMap((change) => [
        change.fromInterfaceId,
        change.toInterfaceId,
      ]),
    ]),
  );
  const found = new Map(named.map((reading) => [reading.networkInterfaceId, reading]));
  for (const change of ips) {
    for (const holder of await findHolders(clients, named, change)) {
      if (!found.has(holder.networkInterfaceId)) found.set(holder.networkInterfaceId, holder);
    }
  }
  return [...found.values()];
};

/** EC2 shows a task within seconds; one that it does not show after this was not made. */
const unseenMs = 2 * 60_000;

/** Of the task that gives the original's root volume to the replacement. */
const readRootTask = async (
  { ec2 }: CustomerClients,
  { now }: LinearSession<"ec2" | "elb">,
  intents: readonly Intent[],
): Promise<RootTaskStanding | undefined> => {
  for (const { change, plannedAt, status } of intents) {
    if (change.kind !== "REPLACE_ROOT" || change.volumeId === undefined) continue;
    if (status === "UNDONE") return undefined;
    const { taskId, instanceId } = change;
    const wanted = taskId === undefined ? { instanceId } : { taskId };
    const task = await readReplaceRootVolumeTask(ec2, wanted);
    if (task !== undefined) return judgeRootTask(task.state);
    return now.getTime() - Date.parse(plannedAt) < unseenMs ? "OPEN" : undefined;
  }
  return undefined;
};

/** Of what no intent names nothing is asked. */
export const rollbackReaders = (
  session: LinearSession<"ec2" | "elb">,
): PartReaders<RollbackReadings> => {
  const originalId = session.evaluation.subject.instanceId;
  let stored: Promise<InstanceFacts | undefined> | undefined;
  const readBefore = (): Promise<InstanceFacts | undefined> =>
    (stored ??= readFacts(session).then(({ instance }) => instance));
  return {
    before: readBefore,
    original: async () => {
      const { ec2 } = await session.customer();
      return (await readHoldings(ec2, [originalId]))[0];
    },
    checks: async (intents) => {
      if (changesOf(intents, "STOP_INSTANCE").length === 0) return undefined;
      const { ec2 } = await session.customer();
      return judgeHealth(await readChecks(ec2, originalId));
    },
    replacements: async (intents) => findReplacements(await session.customer(), session, intents),
    images: async (intents) => {
      const { ec2 } = await session.customer();
      const names = changesOf(intents, "CREATE_IMAGE").map(({ imageName }) => imageName);
      return findImages(ec2, unique(names));
    },
    volumes: async (intents) => {
      const { ec2 } = await session.customer();
      const ids = changesOf(intents, "MOVE_VOLUME").map(({ volumeId }) => volumeId);
      return readVolumes(ec2, unique(ids));
    },
    interfaces: async (intents) => findInterfaces(await session.customer(), intents),
    addresses: async (intents) => {
      const { ec2 } = await session.customer();
      const ids = changesOf(intents, "MOVE_ADDRESS").map(({ allocationId }) => allocationId);
      return readAddresses(
        ec2,
        unique([...ids, ...travellingAllocations(await readBefore(), intents)]),
      );
    },
    targetGroups: async (intents) => readTargetGroups(await session.customer(), session, intents),
    rootTask: async (intents) => readRootTask(await session.customer(), session, intents),
  };
};

/** An instance shows the public address; its allocation stands in the reading of addresses. */
const withAllocations = (
  { networkInterfaces, ...instance }: InstanceHoldings,
  addresses: readonly AddressReading[],
): FoundInstance => ({
  ...instance,
  networkInterfaces: networkInterfaces.map(({ networkInterfaceId, privateAddresses }) => ({
    networkInterfaceId,
    privateAddresses: privateAddresses.map(({ privateIp, publicIp }) => {
      const found = addresses.find((address) => address.publicIp === publicIp);
      return found === undefined ? { privateIp } : { privateIp, allocationId: found.allocationId };
    }),
  })),
});

/** What the plan is made from. */
export const toRollbackInput = (
  { subject: { instanceId: originalId }, policy }: LinearEvaluation,
  { world, intents, refused }: UndoState<RollbackReadings>,
): RollbackInput => {
  const { original, checks, replacements, addresses, rootTask, ...rest } = world;
  return {
    ...rest,
    ...(rootTask === undefined ? {} : { rootTask }),
    originalId,
    isStateless: policy.consistency === "stateless",
    original: original === undefined ? undefined : withAllocations(original, addresses),
    ...(checks === undefined ? {} : { isOriginalHealthy: checks.kind === "HEALTHY" }),
    intents,
    refused,
    replacements: replacements.map((replacement) => withAllocations(replacement, addresses)),
    addresses,
  };
};
