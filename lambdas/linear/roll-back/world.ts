/** Reads all that the intents of an evaluation name, as it is now: each part by as few calls as there can be. */
import type { ReservationFacts } from "../../../adapters/aws/ec2/capacity-reservations.ts";
import { findImages, findTaggedImages } from "../../../adapters/aws/ec2/images.ts";
import {
  readHoldings,
  type InstanceHoldings,
} from "../../../adapters/aws/ec2/instance-holdings.ts";
import { readSnapshots } from "../../../adapters/aws/ec2/snapshots.ts";
import { findTagged } from "../../../adapters/aws/ec2/tagged.ts";
import { readChecks, readSpotHealth } from "../../../adapters/aws/ec2/health.ts";
import {
  findInterfacesHolding,
  readAddresses,
  readInterfaces,
  type AddressReading,
  type InterfaceReading,
} from "../../../adapters/aws/ec2/network.ts";
import { readVolumes, type VolumeReading } from "../../../adapters/aws/ec2/volumes.ts";
import { imagingOf, imagingsIn } from "../../../core/decide/linear/roll-back/claims.ts";
import { launchesIn, launchOf } from "../../../core/decide/switch/launches.ts";
import { takesDataBack } from "../../../core/decide/linear/data-way-back.ts";
import type {
  FoundImage,
  FoundInstance,
  FoundIsolation,
  FoundTargetGroup,
  FoundThing,
  RollbackInput,
  RollbackPart,
} from "../../../core/decide/linear/roll-back/world.ts";
import type { RootTaskStanding } from "../../../core/decide/linear/root-move.ts";
import { judgeHealth, type HealthJudgement } from "../../../core/decide/switch/health.ts";
import { isRecovery, kindOf, leavesSpot } from "../../../core/model/evaluation-kind.ts";
import { hasEnded, type InstanceFacts } from "../../../core/model/instance.ts";
import { changesOf, type ChangeOf, type Intent } from "../../../core/model/intent.ts";
import { evaluationTag } from "../../../core/model/tags.ts";
import { readFacts } from "../../evaluation/facts.ts";
import type { UndoState } from "../../evaluation/undo.ts";
import type { PartReaders } from "../../evaluation/undo-view.ts";
import { readIsolation } from "../own-isolation.ts";
import { findOwnReservations } from "../own-reservations.ts";
import type { LinearSession, LinearClients } from "../session.ts";
import { readServing, watchReplacements, type FoundReplacement } from "./replacements.ts";
import { readRootTask } from "./root-task.ts";
import { readTargetGroups } from "./target-groups.ts";
import { travellingAllocations } from "./travelling-allocations.ts";

/** All that carry the evaluation's tag, instances aside. */
interface Tagged {
  readonly images: readonly FoundImage[];
  readonly things: readonly FoundThing[];
}

type Readings = {
  readonly [Part in Exclude<RollbackPart, "tagged" | "reservations" | "isolation">]: unknown;
};

export interface RollbackReadings extends Readings {
  /** From the stored facts, which no action changes. */
  readonly before: InstanceFacts | undefined;
  readonly original: InstanceHoldings | undefined;
  /**
   * Undefined unless we stopped the original, for only then it must prove itself before the replacement is given up, or it is a Spot
   * Instance, which EC2 may take back meanwhile.
   */
  readonly checks: HealthJudgement | undefined;
  /** Undefined where it does not matter: the load is stateless, or nothing that clients follow was to move yet. */
  readonly serving: RollbackInput["serving"] | undefined;
  /** All that carry the evaluation's tag or stand in an intent, claimed or not. */
  readonly replacements: readonly FoundReplacement[];
  readonly images: readonly FoundImage[];
  /** On demand. */
  readonly tagged?: Tagged;
  readonly volumes: readonly VolumeReading[];
  readonly interfaces: readonly InterfaceReading[];
  readonly addresses: readonly AddressReading[];
  readonly targetGroups: readonly FoundTargetGroup[];
  /** On demand. */
  readonly reservations?: readonly ReservationFacts[];
  /** On demand. */
  readonly isolation?: readonly FoundIsolation[];
  readonly rootTask: RootTaskStanding | undefined;
}

const unique = (ids: readonly string[]): readonly string[] => [...new Set(ids)];

/** All other kinds that carry the evaluation's tag, and the snapshots that an intent remembers. */
const findAllTagged = async (
  { ec2 }: LinearClients,
  { evaluation }: LinearSession<"ec2" | "elb">,
  intents: readonly Intent[],
): Promise<Tagged> => {
  const imagings = imagingsIn(intents);
  if (launchesIn(intents).length + imagings.length === 0) return { images: [], things: [] };
  const tag = { key: evaluationTag, value: evaluation.evaluationId };
  const [images, tagged] = await Promise.all([findTaggedImages(ec2, tag), findTagged(ec2, tag)]);
  const seen = new Set(tagged.map(({ id }) => id));
  const remembered = imagings.flatMap(({ change }) => change.snapshotIds ?? []);
  const untagged = await readSnapshots(
    ec2,
    unique(remembered).filter((id) => !seen.has(id)),
  );
  const snapshots = untagged.map(({ snapshotId: id, ...snapshot }) => ({
    kind: "snapshot",
    id,
    ...snapshot,
  }));
  return { images, things: [...tagged, ...snapshots] };
};

/** Whichever interfaces of the subnet hold private addresses that are not where they were. */
const findHolders = async (
  { ec2 }: LinearClients,
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
  clients: LinearClients,
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

/** Of what no intent names nothing is asked. */
export const rollbackReaders = (
  session: LinearSession<"ec2" | "elb">,
): PartReaders<RollbackReadings> => {
  const originalId = session.evaluation.subject.instanceId;
  let stored: Promise<InstanceFacts | undefined> | undefined;
  const watched = watchReplacements(session);
  const readBefore = (): Promise<InstanceFacts | undefined> =>
    (stored ??= readFacts(session).then(({ instance }) => instance));
  return {
    before: readBefore,
    original: async () => {
      const { ec2 } = await session.customer();
      return (await readHoldings(ec2, [originalId]))[0];
    },
    checks: async (intents) => {
      const { ec2 } = await session.customer();
      if (leavesSpot(session.evaluation)) {
        return judgeHealth(await readSpotHealth(ec2, originalId));
      }
      if (changesOf(intents, "STOP_INSTANCE").length === 0) return undefined;
      return judgeHealth(await readChecks(ec2, originalId));
    },
    serving: (intents) => readServing(session, intents, watched.ended),
    replacements: watched.read,
    images: async (intents) => {
      const { ec2 } = await session.customer();
      const names = imagingsIn(intents).map(({ change }) => change.imageName);
      return findImages(ec2, unique(names));
    },
    tagged: async (intents) => findAllTagged(await session.customer(), session, intents),
    volumes: async (intents) => {
      const { ec2 } = await session.customer();
      const ids = [
        ...changesOf(intents, "MOVE_VOLUME"),
        // Of a replacement that was lost it says whether its root is still there.
        ...changesOf(intents, "KEEP_ROOT"),
      ].map(({ volumeId }) => volumeId);
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
    reservations: async (intents) =>
      findOwnReservations(await session.customer(), session.evaluation.evaluationId, intents),
    isolation: async (intents) =>
      readIsolation(await session.customer(), session.evaluation.evaluationId, intents),
    rootTask: async (intents) => readRootTask(await session.customer(), session, intents),
  };
};

/** An instance shows the public address; its allocation stands in the reading of addresses. */
const withAllocations = (
  { networkInterfaces, ...instance }: FoundReplacement,
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

/** Tagged, and claimed by no intent: others made them, and copied our tags. */
const unclaimed = (
  { replacements, tagged }: Pick<RollbackReadings, "replacements" | "tagged">,
  intents: readonly Intent[],
): readonly FoundThing[] => [
  ...replacements
    .filter((found) => launchOf(intents, found) === undefined && !hasEnded(found.state))
    .map(({ instanceId, state }) => ({ kind: "instance", id: instanceId, state })),
  ...(tagged?.images ?? [])
    .filter((found) => imagingOf(intents, found) === undefined)
    .map(({ imageId, state }) => ({ kind: "image", id: imageId, state })),
];

/** By name, and by tag: EC2 may show one by one way of asking alone. */
const claimedImages = (
  { images, tagged }: Pick<RollbackReadings, "images" | "tagged">,
  intents: readonly Intent[],
): readonly FoundImage[] => {
  const named = new Set(images.map(({ imageId }) => imageId));
  const others = (tagged?.images ?? []).filter(({ imageId }) => !named.has(imageId));
  return [...images, ...others].filter((found) => imagingOf(intents, found) !== undefined);
};

const standingOfOriginal = (
  evaluation: LinearSession<never>["evaluation"],
  checks: HealthJudgement | undefined,
): Pick<RollbackInput, "isOriginalHealthy" | "originalTaken"> => {
  if (checks === undefined) return {};
  if (kindOf(evaluation) === "SWITCH") return { isOriginalHealthy: checks.kind === "HEALTHY" };
  return checks.kind === "LOST" ? { originalTaken: checks.sentence } : {};
};

/** What the plan is made from. `now` and `askedSince`: of this round, and of the first. */
export const toRollbackInput = (
  { evaluation, now }: Pick<LinearSession<never>, "evaluation" | "now">,
  askedSince: string,
  { world, intents, refused, supersededBy }: UndoState<RollbackReadings>,
): RollbackInput => {
  const { original, checks, serving, replacements, addresses, tagged, rootTask, ...rest } = world;
  const { subject, policy, progress } = evaluation;
  return {
    ...rest,
    ...(rootTask === undefined ? {} : { rootTask }),
    originalId: subject.instanceId,
    now: now.toISOString(),
    askedSince,
    ...(supersededBy === undefined ? {} : { supersededBy }),
    isStateless: policy.consistency === "stateless",
    takesDataBack: takesDataBack(evaluation),
    isRecovery: isRecovery(evaluation),
    original: original === undefined ? undefined : withAllocations(original, addresses),
    ...standingOfOriginal(evaluation, checks),
    ...(progress.servedFrom === undefined ? {} : { servedFrom: progress.servedFrom }),
    ...(serving === undefined ? {} : { serving }),
    intents,
    refused,
    replacements: replacements
      .filter((found) => launchOf(intents, found) !== undefined)
      .map((replacement) => withAllocations(replacement, addresses)),
    images: claimedImages(world, intents),
    ...(tagged === undefined ? {} : { tagged: [...tagged.things, ...unclaimed(world, intents)] }),
    addresses,
  };
};
