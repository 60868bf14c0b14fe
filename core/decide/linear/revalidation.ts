/** Right before something irreversible: is the original still what the verdict was given on? */
import type { InstanceFacts, InstanceState } from "../../model/instance.ts";
import type { IntentChange } from "../../model/intent.ts";
import { claimTag, isOurTag } from "../../model/tags.ts";
import { owningTags } from "./eligibility/ownership.ts";

export type Revalidation =
  | { readonly kind: "UNCHANGED" }
  /** Names what changed, from what, to what. */
  | { readonly kind: "CHANGED"; readonly sentence: string };

type Moves = readonly IntentChange[];

/** Something of which the instance has several, each spelled so that two readings can be compared. */
interface Part {
  readonly name: string;
  readonly of: (instance: InstanceFacts) => readonly string[];
  /** Those that one of our moves takes away: these may be there or gone. */
  readonly movedBy: (move: IntentChange, before: InstanceFacts) => readonly string[];
}

const interfacesNamed = (instance: InstanceFacts, networkInterfaceId: string) =>
  instance.networkInterfaces.filter((found) => found.networkInterfaceId === networkInterfaceId);

const spellAddresses = (interfaces: InstanceFacts["networkInterfaces"]): readonly string[] =>
  interfaces.flatMap((found) =>
    found.privateAddresses.map(({ privateIp }) => `${privateIp} of ${found.networkInterfaceId}`),
  );

const spellElasticIps = (interfaces: InstanceFacts["networkInterfaces"]): readonly string[] =>
  interfaces.flatMap((found) =>
    found.privateAddresses.flatMap(({ allocationId, privateIp }) =>
      allocationId === undefined ? [] : [`${allocationId} at ${privateIp}`],
    ),
  );

const volumes: Part = {
  name: "volume",
  of: (instance) =>
    instance.volumes.map(({ volumeId, deviceName }) => `${volumeId} on ${deviceName}`),
  movedBy: (move) =>
    move.kind === "MOVE_VOLUME" ? [`${move.volumeId} on ${move.deviceName}`] : [],
};

const interfaces: Part = {
  name: "network interface",
  of: (instance) =>
    instance.networkInterfaces.map(
      ({ networkInterfaceId, deviceIndex }) =>
        `${networkInterfaceId} at index ${String(deviceIndex)}`,
    ),
  movedBy: (move) =>
    move.kind === "MOVE_INTERFACE"
      ? [`${move.networkInterfaceId} at index ${String(move.deviceIndex)}`]
      : [],
};

const privateAddresses: Part = {
  name: "private address",
  of: (instance) => spellAddresses(instance.networkInterfaces),
  movedBy: (move, before) => {
    if (move.kind === "MOVE_INTERFACE") {
      return spellAddresses(interfacesNamed(before, move.networkInterfaceId));
    }
    if (move.kind !== "MOVE_PRIVATE_IPS") return [];
    return move.privateIps.map((privateIp) => `${privateIp} of ${move.fromInterfaceId}`);
  },
};

const elasticIps: Part = {
  name: "Elastic IP",
  of: (instance) => spellElasticIps(instance.networkInterfaces),
  movedBy: (move, before) => {
    switch (move.kind) {
      case "MOVE_ADDRESS":
        return [`${move.allocationId} at ${move.fromPrivateIp}`];
      case "MOVE_INTERFACE":
        return spellElasticIps(interfacesNamed(before, move.networkInterfaceId));
      case "MOVE_PRIVATE_IPS":
        return spellElasticIps(interfacesNamed(before, move.fromInterfaceId)).filter((spelled) =>
          move.privateIps.some((privateIp) => spelled.endsWith(` at ${privateIp}`)),
        );
      default:
        return [];
    }
  },
};

const targetGroups: Part = {
  name: "target group",
  of: (instance) => instance.targetGroups.map(({ arn, port }) => `${arn} port ${String(port)}`),
  movedBy: (move) =>
    move.kind === "MOVE_TARGET_GROUP" ? [`${move.targetGroupArn} port ${String(move.port)}`] : [],
};

const owners: Part = { name: "owning service", of: owningTags, movedBy: () => [] };

const enrolment: Part = {
  name: "part that lacks the tag of enrolment",
  of: ({ unenrolled = [] }) => unenrolled,
  movedBy: () => [],
};

const securityGroups: Part = {
  name: "security group",
  of: (instance) =>
    instance.networkInterfaces.flatMap(({ networkInterfaceId, securityGroupIds }) =>
      securityGroupIds.map((id) => `${id} of ${networkInterfaceId}`),
    ),
  movedBy: (move, before) =>
    move.kind === "MOVE_INTERFACE"
      ? interfacesNamed(before, move.networkInterfaceId).flatMap((found) =>
          found.securityGroupIds.map((id) => `${id} of ${found.networkInterfaceId}`),
        )
      : [],
};

/** Ours come and go with the switch. */
const ownersTags: Part = {
  name: "tag",
  of: ({ tags }) =>
    Object.entries(tags)
      .filter(([key, value]) => !isOurTag(key, value))
      .map(([key, value]) => `${key}=${value}`),
  movedBy: () => [],
};

const parts: readonly Part[] = [
  volumes,
  interfaces,
  privateAddresses,
  elasticIps,
  targetGroups,
  owners,
  enrolment,
];

/** What a replacement was launched with. After the stop a change of these is not a ground to be down twice. */
const partsOfClone: readonly Part[] = [securityGroups, ownersTags];

const settings: readonly {
  readonly name: string;
  readonly of: (instance: InstanceFacts) => string;
}[] = [
  { name: "instance type", of: (instance) => instance.instanceType },
  // A stop and start in between means another boot, whose writes a warm image does not have.
  { name: "launch time", of: (instance) => instance.launchedAt },
  { name: "lifecycle", of: (instance) => instance.lifecycle ?? "on-demand" },
  { name: "termination protection", of: (instance) => String(instance.disableApiTermination) },
  { name: "stop protection", of: (instance) => String(instance.disableApiStop) },
  { name: "management by an AWS service", of: (instance) => String(instance.operatorManaged) },
];

/** What is absent on one side was not looked at then. */
const cloneSettingChanges = ([before, now]: Readings): readonly string[] => {
  const [had, has] = [before.launchSettings, now.launchSettings];
  if (had === undefined || has === undefined) return [];
  return Object.entries(had)
    .filter(([name, value]) => has[name] !== value)
    .map(([name, value]) => `${name} was ${value} and is ${has[name] ?? "unknown"}`);
};

const sourceDestChanges = ([before, now]: Readings): readonly string[] =>
  before.networkInterfaces.flatMap(({ networkInterfaceId, sourceDestCheck }) =>
    interfacesNamed(now, networkInterfaceId)
      .filter((found) => found.sourceDestCheck !== sourceDestCheck)
      .map(
        () =>
          `source/destination check of ${networkInterfaceId} is ${sourceDestCheck ? "off" : "on"}`,
      ),
  );

/** Ours is there once we have written it. One that another deployment wrote over it is that one's: the later has it. */
const claimChanges = ([before, now]: Readings, moves: Moves): readonly string[] => {
  const claim = now.tags[claimTag];
  const isOurs = moves.some((move) => move.kind === "CLAIM_ORIGINAL" && move.claim === claim);
  return claim === undefined || claim === before.tags[claimTag] || isOurs
    ? []
    : [`claim ${claim} of another deployment is new`];
};

const partChanges = (part: Part, [before, now]: Readings, moves: Moves): readonly string[] => {
  const [had, has] = [part.of(before), part.of(now)];
  const moved = new Set(moves.flatMap((move) => part.movedBy(move, before)));
  const gone = had.filter((spelled) => !has.includes(spelled) && !moved.has(spelled));
  const added = has.filter((spelled) => !had.includes(spelled));
  return [
    ...gone.map((spelled) => `${part.name} ${spelled} is gone`),
    ...added.map((spelled) => `${part.name} ${spelled} is new`),
  ];
};

type Readings = readonly [before: InstanceFacts, now: InstanceFacts];

const settingChanges = ([before, now]: Readings): readonly string[] =>
  settings
    .filter((setting) => setting.of(before) !== setting.of(now))
    .map((setting) => `${setting.name} was ${setting.of(before)} and is ${setting.of(now)}`);

const changesOfClone = (readings: Readings, moves: Moves): readonly string[] => [
  ...partsOfClone.flatMap((part) => partChanges(part, readings, moves)),
  ...cloneSettingChanges(readings),
  ...sourceDestChanges(readings),
];

/**
 * Compares what a switch relies on: state, type, launch time, protections, owners, volumes, interfaces, addresses and
 * target groups; before it is given up also what a replacement is launched with: security groups, tags, instance profile
 * and other settings. Not compared: what a stop changes by itself (assigned public address, events).
 * What one of our own `moves` takes from the original may be there still or gone already (a killed step may have
 * acted). Anything else that differs is a change.
 */
export const judgeOriginalWhileMoving = (input: {
  readonly before: InstanceFacts;
  readonly now: InstanceFacts | undefined;
  readonly expectedStates: readonly InstanceState[];
  readonly moves: Moves;
  /** Right before it is given up: what the replacement was launched with is compared too. Default: false. */
  readonly isLastLook?: boolean;
  /** Parts that it has and had not, by name, where `now` is without them. Default: none. */
  readonly added?: readonly string[];
}): Revalidation => {
  const { before, now, expectedStates, moves, isLastLook = false, added = [] } = input;
  if (now === undefined) {
    return { kind: "CHANGED", sentence: `EC2 no longer shows ${before.instanceId}.` };
  }
  const stateChange = expectedStates.includes(now.state)
    ? []
    : [`state is ${now.state}, expected ${expectedStates.join(" or ")}`];
  const readings: Readings = [before, now];
  const changes = [
    ...stateChange,
    ...settingChanges(readings),
    ...claimChanges(readings, moves),
    ...parts.flatMap((part) => partChanges(part, readings, moves)),
    ...added.map((name) => `${name} is new`),
    ...(isLastLook ? changesOfClone(readings, moves) : []),
  ];
  if (changes.length === 0) return { kind: "UNCHANGED" };
  return {
    kind: "CHANGED",
    sentence: `Instance ${before.instanceId} has changed since it was judged: ${changes.join("; ")}.`,
  };
};
