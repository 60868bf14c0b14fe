/** Reads all that the intents of an evaluation name, as it is now. */
import { standingIn } from "../../../adapters/aws/elb.ts";
import { findImage } from "../../../adapters/aws/ec2/images.ts";
import { readHealth } from "../../../adapters/aws/ec2/health.ts";
import { findInstancesByTag } from "../../../adapters/aws/ec2/instances.ts";
import {
  findInterfacesHolding,
  readAddresses,
  readInterfaces,
} from "../../../adapters/aws/ec2/network.ts";
import { readVolumes } from "../../../adapters/aws/ec2/volumes.ts";
import { judgeHealth } from "../../../core/decide/switch/health.ts";
import type {
  FoundImage,
  FoundInstance,
  FoundInterface,
  FoundTargetGroup,
  RollbackInput,
} from "../../../core/decide/linear/roll-back/world.ts";
import { hasEnded, type InstanceFacts, type InstanceState } from "../../../core/model/instance.ts";
import { changesOf, type Intent } from "../../../core/model/intent.ts";
import {
  isMember,
  thoseThatServe,
  type TargetGroupStanding,
} from "../../../core/model/target-group.ts";
import { evaluationTag } from "../../../core/model/tags.ts";
import { readFacts } from "../../evaluation/facts.ts";
import { readLiveInstance } from "../../evaluation/live-instance.ts";
import { type LinearSession } from "../session.ts";

const unique = (ids: readonly string[]): readonly string[] => [...new Set(ids)];

/** All that carry the evaluation's tag or stand in an intent; the original carries the tag once it is retired. */
const findReplacements = async (
  session: LinearSession,
  intents: readonly Intent[],
): Promise<readonly FoundInstance[]> => {
  const { evaluation } = session;
  const { ec2 } = await session.customer();
  const tagged = await findInstancesByTag(ec2, {
    key: evaluationTag,
    value: evaluation.evaluationId,
  });
  const states = new Map<string, InstanceState>(
    tagged.map(({ instanceId, state }) => [instanceId, state]),
  );
  const launched = changesOf(intents, "LAUNCH_INSTANCE")
    .map((change) => change.instanceId)
    .filter((instanceId) => instanceId !== undefined);
  const found: FoundInstance[] = [];
  for (const instanceId of unique([...states.keys(), ...launched])) {
    if (instanceId === evaluation.subject.instanceId) continue;
    const state = states.get(instanceId);
    if (state !== undefined && hasEnded(state)) {
      found.push({ instanceId, state, volumes: [], networkInterfaces: [] });
      continue;
    }
    const live = await readLiveInstance(session, instanceId);
    if (live !== undefined) found.push(live);
  }
  return found;
};

const findImages = async (
  session: LinearSession,
  intents: readonly Intent[],
): Promise<readonly FoundImage[]> => {
  const { ec2 } = await session.customer();
  const found: FoundImage[] = [];
  for (const { imageName } of changesOf(intents, "CREATE_IMAGE")) {
    const image = await findImage(ec2, { name: imageName });
    if (image !== undefined) found.push(image);
  }
  return found;
};

const readTargetGroups = async (
  session: LinearSession,
  intents: readonly Intent[],
  instanceIds: readonly string[],
): Promise<readonly FoundTargetGroup[]> => {
  const { elb } = await session.customer();
  const groups: FoundTargetGroup[] = [];
  for (const { targetGroupArn: arn, port } of changesOf(intents, "MOVE_TARGET_GROUP")) {
    const members = new Map<string, TargetGroupStanding>();
    for (const instanceId of instanceIds) {
      const standing = await standingIn(elb, { arn, port, instanceId });
      if (isMember(standing)) members.set(instanceId, standing);
    }
    groups.push({
      arn,
      port,
      instanceIds: [...members.keys()],
      readyInstanceIds: thoseThatServe(members),
    });
  }
  return groups;
};

/** Only an original that we stopped must prove itself again before the replacement is given up. */
const provedItself = async (
  session: LinearSession,
  intents: readonly Intent[],
): Promise<Pick<RollbackInput, "isOriginalHealthy">> => {
  if (changesOf(intents, "STOP_INSTANCE").length === 0) return {};
  const { ec2 } = await session.customer();
  const judged = judgeHealth(await readHealth(ec2, session.evaluation.subject.instanceId));
  return { isOriginalHealthy: judged.kind === "HEALTHY" };
};

/** Elastic IPs that moved because their private address did. */
const travellingAllocations = (
  before: InstanceFacts | undefined,
  privateIps: readonly string[],
): readonly string[] =>
  (before?.networkInterfaces ?? [])
    .flatMap((networkInterface) => networkInterface.privateAddresses)
    .filter(({ privateIp }) => privateIps.includes(privateIp))
    .map(({ allocationId }) => allocationId)
    .filter((allocationId) => allocationId !== undefined);

/** Those that the intents name, and whichever of the same subnet holds a private address that they name. */
const findInterfaces = async (
  session: LinearSession,
  intents: readonly Intent[],
): Promise<readonly FoundInterface[]> => {
  const { ec2 } = await session.customer();
  const ips = changesOf(intents, "MOVE_PRIVATE_IPS");
  const named = await readInterfaces(
    ec2,
    unique([
      ...changesOf(intents, "MOVE_INTERFACE").map((change) => change.networkInterfaceId),
      ...[...ips, ...changesOf(intents, "MOVE_ADDRESS")].flatMap((change) => [
        change.fromInterfaceId,
        change.toInterfaceId,
      ]),
    ]),
  );
  const found = new Map(named.map((reading) => [reading.networkInterfaceId, reading]));
  for (const { fromInterfaceId, privateIps } of ips) {
    const subnetId = found.get(fromInterfaceId)?.subnetId;
    if (subnetId === undefined) continue;
    for (const holder of await findInterfacesHolding(ec2, { subnetId, privateIps })) {
      if (!found.has(holder.networkInterfaceId)) found.set(holder.networkInterfaceId, holder);
    }
  }
  return [...found.values()];
};

export const readWorld = async (
  session: LinearSession,
  intents: readonly Intent[],
): Promise<RollbackInput> => {
  const originalId = session.evaluation.subject.instanceId;
  const { ec2 } = await session.customer();
  const ips = changesOf(intents, "MOVE_PRIVATE_IPS");
  const addresses = changesOf(intents, "MOVE_ADDRESS");
  const volumeIds = changesOf(intents, "MOVE_VOLUME").map((change) => change.volumeId);
  const replacements = await findReplacements(session, intents);
  const { instance: before } = await readFacts(session);
  const allocationIds = [
    ...addresses.map((change) => change.allocationId),
    ...travellingAllocations(
      before,
      ips.flatMap((change) => change.privateIps),
    ),
  ];
  const instanceIds = [originalId, ...replacements.map((replacement) => replacement.instanceId)];
  return {
    originalId,
    before,
    original: await readLiveInstance(session, originalId),
    ...(await provedItself(session, intents)),
    intents,
    replacements,
    images: await findImages(session, intents),
    volumes: await readVolumes(ec2, unique(volumeIds)),
    interfaces: await findInterfaces(session, intents),
    addresses: await readAddresses(ec2, unique(allocationIds)),
    targetGroups: await readTargetGroups(session, intents, instanceIds),
  };
};
