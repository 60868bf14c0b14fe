/**
 * Looks at the simulated cloud after each call, and holds what it sees against each promise of `promises/`. Meanwhile
 * the software on the instances writes, so that lost writes are seen.
 */
import { listIntents } from "../../adapters/store/intents.ts";
import { evaluationIdSchema } from "../../core/model/ids.ts";
import type { Intent } from "../../core/model/intent.ts";
import type { InstanceSummary } from "../cloud/ec2/control-reads.ts";
import type { FaultCall } from "../cloud/faults.ts";
import { isMutating } from "../cloud/journal.ts";
import type { Platform } from "../platform/platform.ts";
import type { Belongings, Moment, Subject, Watch } from "./contract.ts";
import { currentInvocation, type Invocation } from "../platform/invocation.ts";
import { provedIn } from "./service.ts";
import { isAlive } from "./promises/promise.ts";
import { promises } from "./promises/promises.ts";
import { createUnreadParts, type UnreadParts } from "./unread.ts";
import { watchUnserved } from "./unserved.ts";

const isDryRun = ({ input }: FaultCall): boolean =>
  (input as { readonly DryRun?: boolean }).DryRun === true;

type Found = Belongings & { readonly volumeIds: readonly string[] };

const nothing = {
  rootDeviceName: "",
  volumes: [],
  allocationIds: [],
  networkInterfaceIds: [],
  privateIps: [],
  deletedWithIt: [],
};

const belongingsOf = (platform: Platform, originalId: string): Found => {
  const first = platform.ec2.control.find(originalId) ?? nothing;
  const root = first.volumes.find(({ deviceName }) => deviceName === first.rootDeviceName);
  const rootVolumeId = root?.volumeId ?? "";
  const volumeIds = first.volumes.map(({ volumeId }) => volumeId);
  return {
    rootVolumeId,
    volumeIds,
    dataVolumeIds: volumeIds.filter((id) => id !== rootVolumeId),
    allocationIds: first.allocationIds,
    targetGroupArns: platform.elb.connecting(originalId),
    secondaryInterfaceIds: first.networkInterfaceIds.slice(1),
    secondaryPrivateIps: first.privateIps.slice(1),
    deletedWithOriginal: first.deletedWithIt,
  };
};

type Rule = (call: FaultCall) => string | undefined;

const ofCalls = promises.flatMap(({ ofCall }) => ofCall ?? []);
const atMoments = promises.flatMap(({ atMoment }) => atMoment ?? []);

/** What is seen of one subject. */
class Seen {
  readonly moments: Moment[] = [];
  readonly broken: string[] = [];
  readonly acknowledged: Map<string, number>;
  readonly excused = new Set<string>();
  isForgotten = false;
  /** Its owner has started the original: what two do then is his. */
  #isStartedByOwner = false;
  readonly rules = new Set<Rule>();
  readonly #platform: Platform;
  readonly #subject: Subject;
  readonly #belongings: Found;
  readonly #place: Parameters<typeof provedIn>[0];
  /** Replacements at which clients have found a part of the identity. */
  readonly #served = new Set<string>();
  readonly #unread: UnreadParts;
  /** Instances that were there when the watch began: none of them is a replacement. */
  readonly #before: ReadonlySet<string>;
  /** Those that were fit when the function began, at its first call. */
  readonly #fitAtStart = new WeakMap<Invocation, ReadonlySet<string>>();

  constructor(platform: Platform, subject: Subject, belongings: Found) {
    this.#platform = platform;
    this.#before = new Set([
      subject.originalId,
      ...platform.ec2.control.instances(subject.accountId).map(({ instanceId }) => instanceId),
    ]);
    this.#subject = subject;
    this.#belongings = belongings;
    const { accountId } = subject;
    this.#place = { accountId, platform };
    const { control } = platform.ec2;
    // What was written before it was watched, by an earlier switch of it, is to be there in the end, too.
    this.acknowledged = new Map(
      belongings.volumeIds.map((id) => [id, control.writesOn(id) ?? 0] as const),
    );
    const { dataVolumeIds, secondaryInterfaceIds, targetGroupArns } = belongings;
    this.#unread = createUnreadParts([
      ...dataVolumeIds,
      ...secondaryInterfaceIds,
      ...targetGroupArns,
    ]);
  }

  /** Before a call. */
  judge(call: FaultCall): void | Promise<void> {
    if (call.caller.accountId !== this.#subject.accountId) return undefined;
    const wasFit = this.#fitWhenItBegan();
    if (!isMutating(call.operation)) return undefined;
    // What the owner of the account does is the owner's.
    if (isDryRun(call) || call.caller.sessionName === undefined) return undefined;
    return this.#judgeChange(call, wasFit);
  }

  async #judgeChange(call: FaultCall, wasFit: ReadonlySet<string>): Promise<void> {
    const { accountId } = this.#subject;
    const proved = provedIn(this.#place);
    const world = {
      subject: this.#subject,
      instances: this.#platform.ec2.control.instances(accountId),
      dataVolumeIds: this.#belongings.dataVolumeIds,
      rootVolumeId: this.#belongings.rootVolumeId,
      connecting: (instanceId: string) => this.#platform.elb.connecting(instanceId),
      isProved: (instanceId: string) => proved.has(instanceId),
      isServing: (instanceId: string) => proved.has(instanceId) && this.#isServing(instanceId),
      held: (instance: InstanceSummary) => this.#heldBy(instance),
      by: currentInvocation()?.name,
      heldReturns: this.#heldReturns(),
      wasFit: (instanceId: string) => wasFit.has(instanceId),
      hasServed: (instanceId: string) => this.#served.has(instanceId),
      healthyIn: (instanceId: string) =>
        this.#belongings.targetGroupArns.filter((arn) =>
          this.#platform.elb.healthyIn(arn).includes(instanceId),
        ),
      unread: this.#unread.list(),
      intents: () => this.#intentsOf(call),
    };
    for (const ofCall of ofCalls) this.#complain(await ofCall(call, world), call.operation);
    for (const rule of this.rules) this.#complain(rule(call), call.operation);
  }

  /** After a call. */
  look(call: FaultCall): void {
    const { operation } = call;
    if (call.caller.accountId === this.#subject.accountId) this.#unread.note(call);
    if (operation === "StartInstances" && call.caller.sessionName === undefined) {
      this.#isStartedByOwner = true;
    }
    const moment = this.#momentOf(operation);
    this.moments.push(moment);
    this.#noteServed(moment);
    const world = {
      subject: this.#subject,
      belongings: this.#belongings,
      excused: this.excused,
      isForgotten: this.isForgotten,
      isReturnHeld: () => this.#heldReturns().length > 0,
    };
    for (const atMoment of atMoments) {
      for (const sentence of atMoment(moment, world)) this.#complain(sentence, operation);
    }
    this.#write();
  }

  #noteServed({ replacements }: Moment): void {
    for (const each of replacements) {
      if (this.#served.has(each.instanceId) || this.#heldBy(each).length === 0) continue;
      this.#served.add(each.instanceId);
    }
  }

  /** The software writes to each volume. */
  #write(): void {
    for (const id of this.#belongings.volumeIds) {
      if (!this.#platform.ec2.control.write(id).acknowledged) continue;
      this.acknowledged.set(id, (this.acknowledged.get(id) ?? 0) + 1);
    }
  }

  /** A role's session is named after the evaluation for which it was assumed. */
  #intentsOf({ caller: { sessionName } }: FaultCall): Promise<readonly Intent[]> {
    const id = evaluationIdSchema.safeParse(sessionName);
    return id.success ? listIntents(this.#subject.table, id.data) : Promise.resolve([]);
  }

  #isFulfilled(instanceId: string): boolean {
    const status = this.#platform.ec2.control.spotStatusOf(instanceId) ?? "fulfilled";
    return status === "fulfilled";
  }

  /** By EC2's checks, and by the load balancers' where it is registered. */
  #fitNow(): ReadonlySet<string> {
    const { elb } = this.#platform;
    const isFailing = (id: string): boolean =>
      !elb.isAnswering(id) &&
      this.#belongings.targetGroupArns.some((arn) => elb.membersOf(arn).includes(id));
    return new Set(
      [...provedIn(this.#place)].filter((id) => this.#isFulfilled(id) && !isFailing(id)),
    );
  }

  /** Who was fit at the first call of the function that calls now. */
  #fitWhenItBegan(): ReadonlySet<string> {
    const invocation = currentInvocation();
    if (invocation === undefined) return new Set();
    const known = this.#fitAtStart.get(invocation) ?? this.#fitNow();
    this.#fitAtStart.set(invocation, known);
    return known;
  }

  #isServing(instanceId: string): boolean {
    return this.#isFulfilled(instanceId) && this.#platform.elb.isAnswering(instanceId);
  }

  /** What of the original's identity clients find at the instance. */
  #heldBy(shown: InstanceSummary): readonly string[] {
    const { allocationIds, secondaryInterfaceIds, secondaryPrivateIps, targetGroupArns } =
      this.#belongings;
    const connecting = this.#platform.elb.connecting(shown.instanceId);
    return [
      ...allocationIds.filter((id) => shown.allocationIds.includes(id)),
      ...secondaryInterfaceIds.filter((id) => shown.networkInterfaceIds.includes(id)),
      ...secondaryPrivateIps.filter((ip) => shown.privateIps.includes(ip)),
      ...targetGroupArns.filter((arn) => connecting.includes(arn)),
    ];
  }

  #unserved(holderOf: (allocationId: string) => string): readonly string[] {
    const { allocationIds, targetGroupArns } = this.#belongings;
    if (allocationIds.length === 0 && targetGroupArns.length === 0) return [];
    const proved = provedIn(this.#place);
    return [
      ...allocationIds.filter((id) => !proved.has(holderOf(id))),
      ...targetGroupArns.filter(
        (arn) => !this.#platform.elb.healthyIn(arn).some((id) => proved.has(id)),
      ),
    ];
  }

  /** Places that only what names their reservation, or a group that has it, can take; also one that was held to its end date. */
  #heldReturns(): readonly string[] {
    const { accountId, originalId } = this.#subject;
    const { control } = this.#platform.ec2;
    const uncancelled = control.uncancelledCapacity(accountId);
    if (uncancelled.length === 0) return [];
    const original = control.find(originalId);
    return uncancelled
      .filter(
        ({ id, instanceType, zoneId, matches, free, isOver }) =>
          matches === "targeted" &&
          instanceType === original?.instanceType &&
          zoneId === original.zoneId &&
          (isOver || free > 0 || id === original.capacityReservationId),
      )
      .map(({ id }) => id);
  }

  #momentOf(operation: string): Moment {
    const { accountId, originalId, isStateless } = this.#subject;
    const { control } = this.#platform.ec2;
    const holderOf = (id: string): string => control.bearerOf(accountId, id) ?? "nobody";
    const replacements = control
      .instances(accountId, this.#before)
      .filter(({ tags }) => tags["spot-optimizer:evaluation"] !== undefined);
    return {
      atMs: this.#platform.clock.now(),
      operation,
      original: control.stateOf(originalId) ?? "gone",
      replacements,
      reaching: replacements
        .filter(
          ({ state, instanceId }) =>
            !this.#isStartedByOwner && isAlive(state) && !control.isIsolated(instanceId),
        )
        .map(({ instanceId }) => instanceId),
      holders: Object.fromEntries(this.#belongings.allocationIds.map((id) => [id, holderOf(id)])),
      unserved: isStateless ? this.#unserved(holderOf) : [],
    };
  }

  #complain(sentence: string | undefined, operation: string): void {
    if (sentence === undefined) return;
    const at = new Date(this.#platform.clock.now()).toISOString();
    this.broken.push(`${at} (${operation}): ${sentence}`);
  }
}

/** From now on. */
export const watch = (platform: Platform, subject: Subject): Watch => {
  const { cloud } = platform;
  const { accountId, originalId } = subject;
  const from = cloud.journal.length;
  const belongings = belongingsOf(platform, originalId);
  const seen = new Seen(platform, subject, belongings);
  const ends = [
    cloud.faults.before((call) => seen.judge(call)),
    cloud.faults.after((call) => {
      seen.look(call);
    }),
  ];
  const { moments, broken, acknowledged } = seen;
  const [allocationId] = belongings.allocationIds;
  const unserved = watchUnserved(platform, {
    accountId,
    ...(allocationId === undefined ? {} : { allocationId }),
  });
  const resourcesBefore = platform.ec2.control.resources(accountId).map(({ id }) => id);
  return {
    ...belongings,
    unserved,
    resourcesBefore: new Set(resourcesBefore),
    tagsBefore: { ...platform.ec2.control.find(originalId)?.tags },
    moments,
    broken,
    acknowledged,
    mutations: () =>
      cloud.journal
        .slice(from)
        .filter((entry) => entry.accountId === accountId && entry.mutating && !entry.dryRun),
    end: () => {
      for (const end of ends) end();
    },
    forbid: (rule) => {
      seen.rules.add(rule);
      return () => seen.rules.delete(rule);
    },
    excuse: (what) => {
      seen.excused.add(what);
    },
    excused: seen.excused,
    forget: (isForgotten) => {
      seen.isForgotten = isForgotten;
    },
  };
};
