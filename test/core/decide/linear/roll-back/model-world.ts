/**
 * A small world for the roll-back's property test: one original, what is launched and imaged, and things that move
 * between them. It refuses what EC2 refuses, lets things take their time, and keeps count of what may never happen.
 */
import { trafficMoves } from "../../../../../core/decide/linear/served.ts";
import type { Intent, IntentChange } from "../../../../../core/model/intent.ts";
import type {
  FoundInstance,
  RollbackAction,
  RollbackInput,
} from "../../../../../core/decide/linear/roll-back/world.ts";
import {
  before,
  capacityGroupArn,
  capacityGroupName,
  changes,
  groupArn,
  intentOf,
  isolationWithoutAnswer,
  launchWithoutAnswer,
  original,
  replacement,
  reservationWithoutAnswer,
} from "./samples.ts";

interface Machine {
  state: FoundInstance["state"];
  /** Ticks until the state under way is reached. */
  ticks: number;
}

interface Attachment {
  to?: string;
  state: "attached" | "attaching" | "detaching" | "free";
  ticks: number;
  deleteOnTermination: boolean;
}

const transitions: Partial<Record<FoundInstance["state"], FoundInstance["state"]>> = {
  pending: "running",
  stopping: "stopped",
  "shutting-down": "terminated",
};

/** How far a forward call got before the crash: not at all, half (a move detaches and attaches), or to its end. */
export type Reach = "none" | "half" | "full";

const purposeOf = (imageId: string): "warm" | "final" =>
  imageId === "ami-warm" ? "warm" : "final";

/** A load that is never down is stopped last. */
export const statelessOrder = [
  "warmImage",
  "launch",
  "interface",
  "privateIps",
  "targetGroup",
  "address",
  "stop",
  "retire",
] as const satisfies readonly Forward[];

export const statefulOrder = [
  "warmImage",
  "isolate",
  "launch",
  "reserve",
  "capacityGroup",
  "stop",
  "finalImage",
  "replaceRoot",
  "endIsolation",
  "keepRoot",
  "volume",
  "interface",
  "privateIps",
  "targetGroup",
  "address",
  "retire",
] as const satisfies readonly Forward[];

export type Forward = Exclude<keyof typeof changes, "keepWrites">;

const reachedAt = "2025-03-01T12:30:00.000Z";

/** What an intent holds of which no answer was noted. */
const withoutAnswer = (name: Forward): IntentChange => {
  switch (name) {
    case "launch":
      return launchWithoutAnswer;
    case "reserve":
      return reservationWithoutAnswer;
    case "isolate":
      return isolationWithoutAnswer;
    case "capacityGroup":
      return { kind: "GROUP_CAPACITY", groupName: capacityGroupName };
    default:
      return changes[name];
  }
};

export interface ModelOptions {
  /** Ticks that each thing takes. */
  readonly delay: number;
  readonly isStateless: boolean;
  /** EC2 finds the replacement healthy while it runs. */
  readonly isReplacementWell: boolean;
  /** Somebody set what hangs on the replacement to be deleted with it. */
  readonly isDeletable: boolean;
}

export class ModelWorld {
  readonly intents: Intent[] = [];
  readonly violations: string[] = [];
  readonly #machines = new Map<string, Machine>([[original, { state: "running", ticks: 0 }]]);
  /** State by purpose. */
  readonly #images = new Map<"warm" | "final", string>();
  /** EC2 leaves the snapshots of an image that was deregistered. */
  readonly #snapshots = new Set<"warm" | "final">();
  /** A tick takes twenty seconds. */
  #ticks = 0;
  /** Until which tick EC2 does not show what was made. */
  #hiddenUntil = 0;
  readonly #volume: Attachment = {
    to: original,
    state: "attached",
    ticks: 0,
    deleteOnTermination: true,
  };
  readonly #interface: Attachment = {
    to: original,
    state: "attached",
    ticks: 0,
    deleteOnTermination: false,
  };
  /** Interface that holds 10.0.0.6. */
  #privateIpAt: string | undefined = "eni-a";
  /** Private address that each Elastic IP belongs to. */
  readonly #addresses = new Map<string, string | undefined>([
    ["eipalloc-1", "10.0.0.5"],
    ["eipalloc-2", "10.0.0.6"],
  ]);
  readonly #group = new Set([original]);
  /** Capacity that is held for the original. */
  #reservation: "pending" | "active" | "cancelled" | undefined;
  #hasCapacityGroup = false;
  #hasIsolation = false;
  #isPointed = false;
  /** Is the replacement's root volume to outlive it? */
  #keepsRoot = false;
  readonly #options: ModelOptions;
  readonly #delay: number;
  /** Clients came to the replacement. */
  #hasServed = false;

  constructor(options: ModelOptions) {
    this.#options = options;
    this.#delay = options.delay;
  }

  /** It has served, it is well, and it holds what the original lacks: nothing may be given up. */
  isHeld(): boolean {
    const { isStateless, isReplacementWell } = this.#options;
    return !isStateless && isReplacementWell && this.#hasServed && this.#isAlive(replacement);
  }

  /** Writes the intent, and lets its call act as far as `reach` says and the world allows. */
  forward(name: Forward, reach: Reach, isNoted: boolean): void {
    const acted = reach !== "none" && this.#act(name, reach);
    const change: IntentChange = acted && isNoted ? changes[name] : withoutAnswer(name);
    const hasReached = acted && this.#reaches(name, reach);
    if (hasReached) this.#hasServed = true;
    const noted = hasReached && isNoted ? ({ ...change, reachedAt } as IntentChange) : change;
    this.intents.push(intentOf(noted, acted && isNoted ? "ACTED" : "PLANNED"));
  }

  #reaches(name: Forward, reach: Reach): boolean {
    if (["privateIps", "targetGroup", "address"].includes(name)) return true;
    return name === "interface" && reach === "full";
  }

  #act(name: Forward, reach: Reach): boolean {
    const isMove = ![
      "warmImage",
      "isolate",
      "finalImage",
      "launch",
      "reserve",
      "capacityGroup",
      "stop",
      "retire",
    ].includes(name);
    if (isMove && !this.#isAlive(replacement)) return false;
    this.#calls[name](reach);
    return true;
  }

  readonly #calls: Readonly<Record<Forward, (reach: Reach) => void>> = {
    warmImage: (reach) => {
      this.#makeImage("warm", reach);
    },
    finalImage: (reach) => {
      this.#makeImage("final", reach);
    },
    launch: (reach) => {
      this.#launch(replacement, reach === "half" ? "pending" : "running");
    },
    stop: (reach) =>
      this.#machines.set(original, {
        state: reach === "half" ? "stopping" : "stopped",
        ticks: this.#delay,
      }),
    reserve: (reach) => {
      this.#reservation = reach === "half" ? "pending" : "active";
    },
    capacityGroup: () => {
      this.#hasCapacityGroup = true;
    },
    isolate: () => {
      this.#hasIsolation = true;
    },
    endIsolation: () => undefined,
    replaceRoot: () => undefined,
    retire: () => undefined,
    keepRoot: () => {
      this.#keepsRoot = true;
    },
    volume: (reach) => {
      this.#moveAttachment(this.#volume, reach);
    },
    interface: (reach) => {
      this.#moveAttachment(this.#interface, reach);
    },
    privateIps: () => {
      this.#privateIpAt = "eni-b";
    },
    targetGroup: (reach) => {
      this.#group.add(replacement);
      if (reach === "full") this.#group.delete(original);
    },
    address: () => this.#addresses.set("eipalloc-1", "10.0.0.20"),
  };

  #moveAttachment(attachment: Attachment, reach: Reach): void {
    if (reach === "half") {
      delete attachment.to;
      Object.assign(attachment, { state: "free", deleteOnTermination: false });
    } else {
      const deleteOnTermination = this.#options.isDeletable;
      Object.assign(attachment, { to: replacement, state: "attached", deleteOnTermination });
    }
  }

  #makeImage(purpose: "warm" | "final", reach: Reach): void {
    this.#images.set(purpose, reach === "half" ? "pending" : "available");
    this.#snapshots.add(purpose);
  }

  /** For so many ticks EC2 does not show what was made. */
  hide(ticks: number): void {
    this.#hiddenUntil = this.#ticks + ticks;
  }

  get #hides(): boolean {
    return this.#ticks < this.#hiddenUntil;
  }

  #launch(instanceId: string, state: FoundInstance["state"]): void {
    this.#machines.set(instanceId, { state, ticks: this.#delay });
  }

  /** One more replacement, of an attempt whose answer was lost. */
  launchOrphan(): void {
    this.#launch("i-0c", "running");
    const change = { ...launchWithoutAnswer, clientToken: "token of i-0c" };
    this.intents.push({ ...intentOf(change, "PLANNED"), id: "launch_instance-2" });
  }

  /** EC2 takes the Spot instance back. What somebody set to be deleted with it would be lost, whatever we did. */
  interrupt(): void {
    if (!this.#isAlive(replacement)) return;
    for (const attachment of [this.#volume, this.#interface]) {
      if (attachment.to === replacement) attachment.deleteOnTermination = false;
    }
    this.#goDown(replacement);
  }

  #isAlive(instanceId: string): boolean {
    const state = this.#machines.get(instanceId)?.state;
    return state !== undefined && state !== "terminated" && state !== "shutting-down";
  }

  #goDown(instanceId: string): void {
    this.#machines.set(instanceId, { state: "shutting-down", ticks: this.#delay });
  }

  /** An instance at its end lets go of everything, and takes with it what is to be deleted on termination. */
  #release(instanceId: string): void {
    for (const attachment of [this.#volume, this.#interface]) {
      if (attachment.to !== instanceId) continue;
      if (attachment.deleteOnTermination) this.violations.push("identity was deleted");
      delete attachment.to;
      attachment.state = "free";
    }
    if (instanceId !== replacement) return;
    if (this.#privateIpAt === "eni-b") {
      this.#privateIpAt = undefined;
      this.#addresses.set("eipalloc-2", undefined);
    }
    if (this.#addresses.get("eipalloc-1") === "10.0.0.20") {
      this.#addresses.set("eipalloc-1", undefined);
    }
    this.#group.delete(replacement);
  }

  tick(): void {
    this.#ticks += 1;
    this.#tickMachines();
    for (const attachment of [this.#volume, this.#interface]) {
      if (attachment.ticks-- > 0) continue;
      if (attachment.state === "attaching") attachment.state = "attached";
      if (attachment.state === "detaching") {
        attachment.state = "free";
        delete attachment.to;
      }
    }
    if (this.#reservation === "pending") this.#reservation = "active";
    for (const [name, state] of this.#images) {
      if (state === "pending") this.#images.set(name, "available");
    }
  }

  #tickMachines(): void {
    for (const [instanceId, machine] of this.#machines) {
      const next = transitions[machine.state];
      if (next === undefined || machine.ticks-- > 0) continue;
      machine.state = next;
      if (next === "terminated") this.#release(instanceId);
    }
  }

  /** True when the original runs with all that is its own. */
  isRestored(): boolean {
    const isHome = (attachment: Attachment): boolean =>
      attachment.to === original && attachment.state === "attached";
    return (
      this.#machines.get(original)?.state === "running" &&
      isHome(this.#volume) &&
      isHome(this.#interface) &&
      this.#volume.deleteOnTermination &&
      this.#privateIpAt === "eni-a" &&
      this.#addresses.get("eipalloc-1") === "10.0.0.5" &&
      this.#addresses.get("eipalloc-2") === "10.0.0.6" &&
      this.#group.has(original)
    );
  }

  isClean(): boolean {
    const isNoted = this.intents.some(({ change }) => change.kind === "KEEP_WRITES");
    const isRootRight = !this.#keepsRoot || isNoted;
    return (
      isRootRight &&
      this.#reservation !== "active" &&
      this.#hasCapacityGroup === this.#isPointed &&
      !this.#hasIsolation &&
      this.#images.size === 0 &&
      this.#snapshots.size === 0 &&
      !this.#isAlive(replacement) &&
      !this.#isAlive("i-0c") &&
      !this.#group.has(replacement) &&
      !this.intents.some(
        ({ change, status }) => change.kind === "RETIRE_ORIGINAL" && status !== "UNDONE",
      )
    );
  }

  perform(action: RollbackAction): void {
    if (action.undoes !== undefined) this.#undone(action.undoes);
    // The compiler cannot see that kind and handler belong together.
    const call = this.#undo[action.kind] as (action: RollbackAction) => void;
    call(action);
  }

  readonly #undo: {
    readonly [K in RollbackAction["kind"]]: (action: Extract<RollbackAction, { kind: K }>) => void;
  } = {
    // Its intent is all that it changes here.
    CANCEL_RETIREMENT: () => undefined,
    // Of a recovery, which this world has none of.
    GIVE_BACK_KEPT: () => undefined,
    RELEASE_CLAIM: () => undefined,
    RETURN_ADDRESS: (action) => {
      this.#demand(this.#machines.get(original)?.state === "running", "address of a sleeper");
      const isThere = action.privateIp !== "10.0.0.6" || this.#privateIpAt === "eni-a";
      this.#demand(action.networkInterfaceId === "eni-a" && isThere, "address without its ip");
      this.#addresses.set(action.allocationId, action.privateIp);
    },
    RETURN_PRIVATE_IPS: (action) => {
      this.#privateIpAt = action.networkInterfaceId;
    },
    KEEP_VOLUME: () => {
      this.#volume.deleteOnTermination = false;
    },
    KEEP_INTERFACE: () => {
      this.#interface.deleteOnTermination = false;
    },
    KEEP_WRITES: (action) => {
      this.#demand(action.volumeId === "vol-root-b", "another root was kept");
      this.#keepsRoot = true;
      this.#noteWrites(action);
    },
    NOTE_WRITES: (action) => {
      this.#demand(!this.#isAlive(replacement), "noted only, though it could be kept");
      this.#noteWrites(action);
    },
    DETACH_INTERFACE: (action) => {
      this.#detach(this.#interface, action.instanceId);
    },
    ATTACH_VOLUME: (action) => {
      this.#demand(action.deviceName === "/dev/sdf", "another device name");
      this.#attach(this.#volume, action.instanceId);
    },
    ATTACH_INTERFACE: (action) => {
      this.#demand(action.deviceIndex === 1, "another device index");
      this.#attach(this.#interface, action.instanceId);
    },
    RESTORE_VOLUME_DELETION: (action) => {
      this.#volume.deleteOnTermination = action.deleteOnTermination;
    },
    RESTORE_INTERFACE_DELETION: (action) => {
      this.#interface.deleteOnTermination = action.deleteOnTermination;
    },
    POINT_ORIGINAL: (action) => {
      this.#demand(action.groupArn === capacityGroupArn, "pointed at another group");
      this.#demand(this.#hasCapacityGroup, "pointed at a group that there is not");
      // EC2 refuses it of any other.
      if (this.#machines.get(original)?.state === "stopped") this.#isPointed = true;
    },
    CANCEL_RESERVATION: () => {
      const isRunning = this.#machines.get(original)?.state === "running";
      this.#demand(isRunning, "the way back was given up before the original ran");
      if (this.#reservation === "active") this.#reservation = "cancelled";
    },
    DELETE_ISOLATION_GROUP: (action) => {
      this.#demand(action.groupId === "sg-isolation", "another security group was deleted");
      this.#demand(!this.#isAlive(replacement), "deleted while the replacement uses it");
      this.#hasIsolation = false;
    },
    DELETE_CAPACITY_GROUP: () => {
      this.#demand(!this.#isPointed, "the group was deleted at which the original is pointed");
      this.#hasCapacityGroup = false;
    },
    START_ORIGINAL: () => {
      this.#demand(this.#isPointed || !this.#isCapacityKnown(), "started beside its capacity");
      this.#demand(this.#volume.to === original, "started without its volume");
      const others = [...this.#machines].filter(([id]) => id !== original);
      const isAlone = others.every(([, { state }]) => state === "terminated");
      this.#demand(this.#options.isStateless || isAlone, "started beside a stateful replacement");
      if (this.#machines.get(original)?.state === "stopped") {
        this.#machines.set(original, { state: "pending", ticks: this.#delay });
      }
    },
    RETURN_TARGET_GROUP: (action) => {
      this.#demand(
        this.#machines.get(original)?.state === "running",
        "registered while it did not run",
      );
      this.#group.add(action.instanceId);
    },
    LEAVE_TARGET_GROUP: (action) => {
      this.#demand(this.#group.has(original), "the group was left empty");
      this.#group.delete(action.instanceId);
    },
    RELEASE_ROOT: (action) => {
      this.#demand(action.instanceId === replacement, "another root was released");
      this.#keepsRoot = false;
    },
    TERMINATE_REPLACEMENT: (action) => {
      this.#demand(action.instanceId !== original, "the original was terminated");
      if (action.instanceId === replacement && this.#isAlive(replacement)) this.#judgeEnd();
      if (this.#isAlive(action.instanceId)) this.#goDown(action.instanceId);
    },
    DELETE_IMAGE: (action) => {
      this.#demand(this.isRestored(), "image deleted before the original was restored");
      this.#demand(!this.#isAlive(replacement), "image deleted before the replacement ended");
      this.#images.delete(purposeOf(action.imageId));
    },
    DELETE_SNAPSHOT: (action) => {
      const purpose = action.snapshotId === "snap-warm" ? "warm" : "final";
      this.#demand(!this.#images.has(purpose), "a snapshot was deleted before its image");
      this.#snapshots.delete(purpose);
    },
  };

  /** Where nobody noted which group has it, it can't be used. */
  #isCapacityKnown(): boolean {
    const isHeld = this.#reservation === "active" && !this.#hides;
    return (
      isHeld &&
      this.intents.some(({ change }) => change.kind === "RESERVE_CAPACITY") &&
      this.intents.some(
        ({ change }) => change.kind === "GROUP_CAPACITY" && change.groupArn !== undefined,
      )
    );
  }

  #noteWrites({ instanceId, since }: { instanceId: string; since: string }): void {
    if (this.intents.some(({ change }) => change.kind === "KEEP_WRITES")) return;
    this.intents.push(intentOf({ kind: "KEEP_WRITES", instanceId, since }, "COMMITTED"));
  }

  #judgeEnd(): void {
    const { isStateless } = this.#options;
    this.#demand(!this.isHeld(), "a replacement that holds the newer writes was given up");
    const isDue = this.#hasServed && !isStateless;
    this.#demand(this.#keepsRoot === isDue, isDue ? "writes were given up" : "a root is left");
    this.#demand(this.#privateIpAt !== "eni-b", "a private address was let go");
    if (isStateless) this.#demand(this.isRestored(), "ended before the original was restored");
    const isLonely = this.#machines.get(original)?.state !== "running";
    this.#demand(!isStateless || !isLonely, "ended while nobody else served");
  }

  #undone(id: string): void {
    const index = this.intents.findIndex((intent) => intent.id === id);
    const intent = this.intents[index];
    if (intent === undefined) return;
    const { change } = intent;
    this.intents[index] = {
      ...intent,
      status: "UNDONE",
      undoneAt: this.#now(),
      change:
        change.kind === "CREATE_IMAGE"
          ? { ...change, imageId: `ami-${change.purpose}`, snapshotIds: [`snap-${change.purpose}`] }
          : change,
    };
  }

  #now(): string {
    return new Date(Date.parse("2025-03-01T12:00:00.000Z") + this.#ticks * 20_000).toISOString();
  }

  #demand(isTrue: boolean, violation: string): void {
    if (!isTrue) this.violations.push(violation);
  }

  /** Detaching what is detached already, or elsewhere, changes nothing (EC2 refuses it). */
  #detach(attachment: Attachment, instanceId: string): void {
    this.#demand(instanceId !== original, "detached from the original");
    if (attachment.to === instanceId && attachment.state === "attached") {
      Object.assign(attachment, { state: "detaching", ticks: this.#delay });
    }
  }

  #attach(attachment: Attachment, instanceId: string): void {
    this.#demand(instanceId === original, "attached to something else than the original");
    if (attachment.state !== "free") return;
    Object.assign(attachment, {
      to: instanceId,
      state: "attaching",
      ticks: this.#delay,
      deleteOnTermination: false,
    });
  }

  /** What a step would read now. */
  read(): RollbackInput {
    const found = (instanceId: string, state: FoundInstance["state"]): FoundInstance => ({
      instanceId,
      clientToken: instanceId === "i-0c" ? "token of i-0c" : "token",
      state,
      rootDeviceName: "/dev/xvda",
      ...(instanceId === original && this.#isPointed ? { capacityGroupArn } : {}),
      volumes: [
        ...(instanceId === replacement && state !== "terminated"
          ? [
              {
                volumeId: "vol-root-b",
                deviceName: "/dev/xvda",
                deleteOnTermination: !this.#keepsRoot,
              },
            ]
          : []),
        ...(this.#volume.to === instanceId
          ? [
              {
                volumeId: "vol-1",
                deviceName: "/dev/sdf",
                deleteOnTermination: this.#volume.deleteOnTermination,
              },
            ]
          : []),
      ],
      networkInterfaces: this.#interfacesOf(instanceId),
    });
    const machines = [...this.#machines].map(([id, { state }]) => found(id, state));
    const { isStateless } = this.#options;
    return {
      originalId: original,
      isStateless,
      ...this.#readServing(),
      now: this.#now(),
      askedSince: "2025-03-01T12:00:00.000Z",
      original: machines.find(({ instanceId }) => instanceId === original),
      before,
      intents: [...this.intents],
      replacements: this.#hides ? [] : machines.filter(({ instanceId }) => instanceId !== original),
      images: this.#hides
        ? []
        : [...this.#images].map(([purpose, state]) => ({
            imageId: `ami-${purpose}`,
            name: purpose,
            state,
            snapshotIds: [`snap-${purpose}`],
          })),
      tagged: this.#hides
        ? []
        : [...this.#snapshots].map((purpose) => ({
            kind: "snapshot",
            id: `snap-${purpose}`,
            state: "completed",
          })),
      reservations:
        this.#hides || this.#reservation === undefined
          ? []
          : [{ reservationId: "cr-1", state: this.#reservation }],
      isolation: this.#hides || !this.#hasIsolation ? [] : [{ groupId: "sg-isolation" }],
      ...this.#readIdentity(),
    };
  }

  #readServing(): Pick<RollbackInput, "serving"> {
    const isLaunched = this.#machines.has(replacement);
    if (!isLaunched || trafficMoves(this.intents).length === 0) return {};
    const sentence = "for a reason";
    const { state } = this.#machines.get(replacement) ?? {};
    const { isReplacementWell } = this.#options;
    const running = isReplacementWell
      ? ({ kind: "HEALTHY" } as const)
      : ({ kind: "FAILED", sentence } as const);
    const awake =
      state === "pending" && isReplacementWell ? ({ kind: "WAITING", sentence } as const) : running;
    const health = this.#isAlive(replacement) ? awake : ({ kind: "LOST", sentence } as const);
    return { serving: { instanceId: replacement, health } };
  }

  #interfacesOf(instanceId: string): FoundInstance["networkInterfaces"] {
    const withIps = (networkInterfaceId: string, privateIps: readonly string[]) => ({
      networkInterfaceId,
      privateAddresses: privateIps.map((privateIp) => ({ privateIp })),
    });
    const own = { [original]: "eni-a", [replacement]: "eni-b" }[instanceId];
    return [
      ...(own === undefined ? [] : [withIps(own, this.#ipsOf(own))]),
      ...(this.#interface.to === instanceId ? [withIps("eni-moving", ["10.0.0.7"])] : []),
    ];
  }

  #ipsOf(networkInterfaceId: string): readonly string[] {
    const primary = networkInterfaceId === "eni-a" ? "10.0.0.5" : "10.0.0.20";
    return this.#privateIpAt === networkInterfaceId ? [primary, "10.0.0.6"] : [primary];
  }

  #readIdentity(): Pick<RollbackInput, "volumes" | "interfaces" | "addresses" | "targetGroups"> {
    const attachmentOf = ({ to, state, deleteOnTermination }: Attachment) =>
      to === undefined ? {} : { attachedTo: to, attachmentState: state, deleteOnTermination };
    const isUp = this.#machines.has(replacement) && !this.#isTerminated(replacement);
    const holders: Record<string, string | undefined> = {
      "10.0.0.5": "eni-a",
      "10.0.0.20": "eni-b",
      "10.0.0.6": this.#privateIpAt,
    };
    return {
      volumes: [
        ...this.#readRoot(),
        {
          volumeId: "vol-1",
          state: this.#volume.to === undefined ? "available" : "in-use",
          deviceName: "/dev/sdf",
          ...attachmentOf(this.#volume),
        },
      ],
      interfaces: [
        { networkInterfaceId: "eni-a", attachedTo: original, privateIps: this.#ipsOf("eni-a") },
        ...(isUp
          ? [
              {
                networkInterfaceId: "eni-b",
                attachedTo: replacement,
                privateIps: this.#ipsOf("eni-b"),
              },
            ]
          : []),
        {
          networkInterfaceId: "eni-moving",
          attachmentId: "attach-m",
          privateIps: ["10.0.0.7"],
          ...attachmentOf(this.#interface),
        },
      ],
      addresses: [...this.#addresses].map(([allocationId, privateIp]) => {
        const holder = privateIp === undefined ? undefined : holders[privateIp];
        return privateIp === undefined || holder === undefined
          ? { allocationId }
          : { allocationId, privateIp, networkInterfaceId: holder, associationId: "eipassoc-1" };
      }),
      targetGroups: [{ arn: groupArn, port: 80, instanceIds: [...this.#group] }],
    };
  }

  /** Of the replacement: it goes with it, or stays. */
  #readRoot(): RollbackInput["volumes"] {
    const isThere = this.#machines.has(replacement) && !this.#isTerminated(replacement);
    const { volumeId } = changes.keepRoot;
    if (isThere) {
      const deleteOnTermination = !this.#keepsRoot;
      return [{ volumeId, state: "in-use", attachedTo: replacement, deleteOnTermination }];
    }
    return this.#keepsRoot ? [{ volumeId, state: "available" }] : [];
  }

  #isTerminated(instanceId: string): boolean {
    return this.#machines.get(instanceId)?.state === "terminated";
  }
}
