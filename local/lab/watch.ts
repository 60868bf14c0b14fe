/**
 * Looks at the simulated cloud after each call, and holds what it sees against each promise of `promises/`. Meanwhile
 * the software on the instances writes, so that lost writes are seen.
 */
import type { FaultCall } from "../cloud/faults.ts";
import { isMutating } from "../cloud/journal.ts";
import type { Platform } from "../platform/platform.ts";
import type { Belongings, Moment, Subject, Watch } from "./contract.ts";
import { promises } from "./promises/promises.ts";

const isDryRun = ({ input }: FaultCall): boolean =>
  (input as { readonly DryRun?: boolean }).DryRun === true;

type Found = Belongings & { readonly volumeIds: readonly string[] };

const nothing = {
  volumes: [],
  allocationIds: [],
  networkInterfaceIds: [],
  privateIps: [],
  deletedWithIt: [],
};

const belongingsOf = (platform: Platform, originalId: string): Found => {
  const first = platform.ec2.control.find(originalId) ?? nothing;
  const root = first.volumes.find(({ deviceName }) => deviceName === "/dev/xvda");
  const rootVolumeId = root?.volumeId ?? "";
  const volumeIds = first.volumes.map(({ volumeId }) => volumeId);
  return {
    rootVolumeId,
    volumeIds,
    dataVolumeIds: volumeIds.filter((id) => id !== rootVolumeId),
    allocationIds: first.allocationIds,
    secondaryInterfaceIds: first.networkInterfaceIds.slice(1),
    secondaryPrivateIps: first.privateIps.slice(1),
    deletedWithOriginal: first.deletedWithIt,
  };
};

type Rule = (call: FaultCall) => string | undefined;

/** What is seen of one subject. */
class Seen {
  readonly moments: Moment[] = [];
  readonly broken: string[] = [];
  readonly acknowledged: Map<string, number>;
  readonly excused = new Set<string>();
  readonly rules = new Set<Rule>();
  readonly #platform: Platform;
  readonly #subject: Subject;
  readonly #belongings: Found;

  constructor(platform: Platform, subject: Subject, belongings: Found) {
    this.#platform = platform;
    this.#subject = subject;
    this.#belongings = belongings;
    this.acknowledged = new Map(belongings.volumeIds.map((id) => [id, 0]));
  }

  /** Before a call. */
  judge(call: FaultCall): void {
    const { accountId } = this.#subject;
    if (call.caller.accountId !== accountId || !isMutating(call.operation)) return;
    if (isDryRun(call)) return;
    const world = {
      subject: this.#subject,
      instances: this.#platform.ec2.control.instances(accountId),
      dataVolumeIds: this.#belongings.dataVolumeIds,
      connecting: (instanceId: string) => this.#platform.elb.connecting(instanceId),
    };
    for (const { ofCall } of promises) this.#complain(ofCall?.(call, world), call.operation);
    for (const rule of this.rules) this.#complain(rule(call), call.operation);
  }

  /** After a call. */
  look(operation: string): void {
    const moment = this.#momentOf(operation);
    this.moments.push(moment);
    const world = {
      subject: this.#subject,
      belongings: this.#belongings,
      excused: this.excused,
    };
    for (const { atMoment } of promises) {
      for (const sentence of atMoment?.(moment, world) ?? []) this.#complain(sentence, operation);
    }
    for (const id of this.#belongings.volumeIds) {
      if (!this.#platform.ec2.control.write(id).acknowledged) continue;
      this.acknowledged.set(id, (this.acknowledged.get(id) ?? 0) + 1);
    }
  }

  #momentOf(operation: string): Moment {
    const { accountId, originalId } = this.#subject;
    const all = this.#platform.ec2.control.instances(accountId);
    const holderOf = (id: string): string =>
      all.find((each) => each.allocationIds.includes(id))?.instanceId ?? "nobody";
    return {
      atMs: this.#platform.clock.now(),
      operation,
      original: all.find(({ instanceId }) => instanceId === originalId)?.state ?? "gone",
      replacements: all.filter(
        ({ instanceId, tags }) =>
          instanceId !== originalId && tags["spot-optimizer:evaluation"] !== undefined,
      ),
      holders: Object.fromEntries(this.#belongings.allocationIds.map((id) => [id, holderOf(id)])),
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
  cloud.faults.before((call) => {
    seen.judge(call);
  });
  cloud.faults.after((call) => {
    seen.look(call.operation);
  });
  const { moments, broken, acknowledged } = seen;
  const resourcesBefore = platform.ec2.control.resources(accountId).map(({ id }) => id);
  return {
    ...belongings,
    resourcesBefore: new Set(resourcesBefore),
    moments,
    broken,
    acknowledged,
    mutations: () =>
      cloud.journal
        .slice(from)
        .filter((entry) => entry.accountId === accountId && entry.mutating && !entry.dryRun),
    forbid: (rule) => {
      seen.rules.add(rule);
      return () => seen.rules.delete(rule);
    },
    excuse: (what) => {
      seen.excused.add(what);
    },
  };
};
