/**
 * The capacity ledger of a group: what is asked of it and what serves, at each change in the simulated cloud and after each call; and what of
 * the capacity invariant is broken by it. A twin run with the same seed and the same customer, without us, tells whose a deficit is.
 */
import type { Change } from "../cloud/autoscaling/events.ts";
import type { GroupName, GroupSummary } from "../cloud/autoscaling/control.ts";
import type { Caller } from "../cloud/contract.ts";
import type { Ec2Event } from "../cloud/ec2/events.ts";
import type { FaultCall } from "../cloud/faults.ts";
import type { Platform } from "../platform/platform.ts";
import { LastLooks, type Lack } from "./last-looks.ts";

/** From its time on, until the next one's. */
export interface CapacitySample {
  readonly atMs: number;
  readonly desired: number;
  /** Desired less what our attaches added and our removals have not taken off again; what others set absorbs that. */
  readonly asked: number;
  readonly inService: number;
  /** Of those, by the group's own judgement. */
  readonly healthy: number;
  /** Of those, healthy in every target group, without administrative override, and EC2 does not take them back. */
  readonly serving: number;
}

export interface CapacityLedger {
  /** In order of time, one for each instant at which something was another than before. */
  readonly samples: readonly CapacitySample[];
  /** What our calls broke: (a) after each that takes from what serves, serving is at least what is asked. */
  readonly broken: readonly string[];
  /** What of the desired capacity is ours now; below zero what we have taken from it. */
  surplus(): number;
  /** Of what others ask for, what our call took off in the instant in which they asked, and what nothing has given back. */
  owed(): number;
  /** So much of it is another group's from now on. */
  settle(by: number): void;
  end(): void;
}

interface LedgerOptions {
  readonly group: GroupName;
  /** Default: the session of a role. The customer's own calls are a user's. */
  readonly isOurs?: (caller: Caller) => boolean;
  /** Others set the desired capacity: right before what is ours of it is theirs. */
  readonly onAbsorb?: () => void;
}

const isSession = ({ sessionName }: Caller): boolean => sessionName !== undefined;

const disruptive: ReadonlySet<string> = new Set([
  "DeregisterTargets",
  "DetachInstances",
  "EnterStandby",
  "SetDesiredCapacity",
  "StopInstances",
  "TerminateInstanceInAutoScalingGroup",
  "TerminateInstances",
  "UpdateAutoScalingGroup",
]);

/** After a notice the last healthy target stays for so long. */
const lastTargetMs = 100_000;

const idsIn = ({ input }: FaultCall): readonly string[] => {
  const {
    InstanceId: one,
    InstanceIds: many,
    Targets: targets,
  } = input as {
    readonly InstanceId?: string;
    readonly InstanceIds?: readonly string[];
    readonly Targets?: readonly { readonly Id?: string }[];
  };
  return [one ?? [], many ?? [], (targets ?? []).map(({ Id: id }) => id ?? [])].flat(2);
};

/** What it judges by: before the call. */
interface Standing {
  /** Of those that serve, what stays. */
  readonly staying: number;
  readonly servingIds: readonly string[];
  /** Who served when we looked, and served no longer when we called. */
  readonly unseenIds: readonly string[];
  /** As it was when we looked right before; others may have changed it since. */
  readonly seen?: Pick<Values, "asked" | "desired"> | undefined;
}

/** Others don't count: desired is not for them. */
const counted = (group: GroupSummary): number =>
  group.members.filter(({ state }) => state === "InService" || state.startsWith("Pending")).length;

type Values = Omit<CapacitySample, "atMs">;

const areEqual = (one: Values, other: Values): boolean =>
  (["desired", "asked", "inService", "healthy", "serving"] as const).every(
    (name) => one[name] === other[name],
  );

class Ledger {
  readonly samples: CapacitySample[] = [];
  readonly broken: string[] = [];
  readonly #platform: Platform;
  readonly #name: GroupName;
  readonly #isOurs: (caller: Caller) => boolean;
  readonly #onAbsorb: () => void;
  /** What of desired is ours. Below zero: we have taken away what others had asked for. */
  #surplus = 0;
  /** Of what others ask for, what our call took off in the instant in which they asked: until that serves again it is not held against us. */
  #owed = 0;
  readonly #before = new Map<string, Standing>();
  /** Desired capacity that our calls met which changed it, by their request. */
  readonly #met = new Map<string, number>();
  readonly #looks = new LastLooks();
  /** When EC2 gave notice, by instance. */
  readonly #notices = new Map<string, number>();

  constructor(
    platform: Platform,
    { group, isOurs = isSession, onAbsorb = () => undefined }: LedgerOptions,
  ) {
    this.#platform = platform;
    this.#name = group;
    this.#isOurs = isOurs;
    this.#onAbsorb = onAbsorb;
  }

  get surplus(): number {
    return this.#surplus;
  }

  get owed(): number {
    return this.#owed;
  }

  settle(by: number): void {
    this.#surplus -= by;
    this.sample();
  }

  sample(): void {
    this.#repay();
    const values = this.#values();
    if (values === undefined) return;
    const atMs = this.#platform.clock.now();
    const last = this.samples.at(-1);
    // What lasts no time is not a state: a call takes out one member after another.
    if (last?.atMs === atMs) this.samples.pop();
    const before = this.samples.at(-1);
    if (before === undefined || !areEqual(before, values)) this.samples.push({ atMs, ...values });
  }

  hear(change: Change): void {
    if (change.kind === "DESIRED") {
      const isOurs = change.call !== undefined && this.#isOurs(change.call.caller);
      if (isOurs) this.#met.set(change.call.requestId, change.from);
      if (!isOurs) this.#onAbsorb();
      this.#surplus = isOurs ? this.#surplus + change.to - change.from : 0;
      if (!isOurs) this.#owed = 0;
    }
    this.sample();
  }

  /** EC2 tells that it takes a member back. */
  hearNotice({ "detail-type": type, detail }: Ec2Event): void {
    if (type !== "EC2 Spot Instance Interruption Warning") return;
    this.#notices.set(detail["instance-id"] ?? "", this.#platform.clock.now());
  }

  before(call: FaultCall): void {
    if (!this.#isJudged(call)) return;
    const servingIds = this.#servingIds();
    this.#before.set(call.requestId, {
      staying: this.#staying(),
      servingIds,
      unseenIds: this.#looks.unseenAt(call.at, { servingIds, lackOf: (id) => this.#lackOf(id) }),
      seen: this.#looks.sizeAt(call.at),
    });
    // Of a group that its owner deletes, or has deleted, nothing is asked.
    if (this.#platform.autoScaling.control.find(this.#name)?.isDeleting ?? true) return;
    for (const id of idsIn(call)) {
      const noticedMs = this.#notices.get(id);
      if (noticedMs === undefined || call.at >= noticedMs + lastTargetMs) continue;
      const isLast = this.#platform.elb
        .connecting(id)
        .map((arn) => this.#platform.elb.healthyIn(arn))
        .some((healthy) => healthy.length === 1 && healthy.includes(id));
      if (isLast) {
        this.#complain(call, `${id}, the last healthy target, leaves before the 100th second`);
      }
    }
  }

  after(call: FaultCall): void {
    this.sample();
    this.#note(call);
    const met = this.#met.get(call.requestId);
    this.#met.delete(call.requestId);
    const before = this.#before.get(call.requestId);
    if (before === undefined) return;
    this.#before.delete(call.requestId);
    this.#oweUnseen(before, met);
    const values = this.#values();
    if (values === undefined) return;
    const serving = this.#staying() + this.#refreshed(call, before);
    // One that does not serve, as under an interruption notice, takes nothing away.
    if (serving >= before.staying) return;
    const named = new Set(idsIn(call));
    const unseen = before.unseenIds.filter((id) => !named.has(id)).length;
    const asked = Math.min(values.asked, before.seen?.asked ?? values.asked);
    if (serving + unseen >= asked) return;
    this.#complain(
      call,
      `${String(serving)} members of ${this.#name.name} serve after it, ${String(values.asked)} are asked for`,
    );
  }

  /**
   * Our call has taken off what somebody had asked for since we looked, up or down: nobody could see it, for AWS takes no condition with such a call (API reference,
   * TerminateInstanceInAutoScalingGroup, DetachInstances: instance and decrement, and nothing else). What he asked for stays asked for: nothing further may be taken of it, and
   * the next that joins gives it back. Whoever sets what was asked for before our place came, as a cluster autoscaler does from its memory, shows in the desired capacity alone.
   */
  #oweUnseen({ seen }: Standing, met = seen?.desired): void {
    if (this.#surplus >= 0 || seen === undefined) return;
    if (seen.asked === this.#values()?.asked && seen.desired === met) return;
    this.#owed = -this.#surplus;
    this.sample();
  }

  /** Given back once as many serve as are asked for. */
  #repay(): void {
    if (this.#owed === 0) return;
    const { desired = 0, serving = 0 } = this.#values() ?? {};
    if (this.#surplus >= 0 && serving >= desired - this.#surplus) this.#owed = 0;
  }

  #note(call: FaultCall): void {
    if (!this.#looks.isLook(call) || !this.#isHere(call) || !this.#isOurs(call.caller)) return;
    const values = this.#values();
    if (values === undefined) return;
    this.#looks.note(call, { servingIds: this.#servingIds(), ...values });
  }

  #lackOf(id: string): Lack {
    const group = this.#platform.autoScaling.control.find(this.#name);
    const member = group?.members.find(({ instanceId }) => instanceId === id);
    if (member?.state !== "InService") return "LEFT";
    if (this.#platform.ec2.control.find(id)?.state !== "running") return "ENDED";
    return this.#notices.has(id) ? "NOTICED" : "UNHEALTHY";
  }

  /**
   * What a refresh has taken out since the call began, and the call did not name: the group looks at itself in the very instant in which our call has let one leave. It does so with
   * us or without; what the twin run has then is judged by (b).
   */
  #refreshed(call: FaultCall, { servingIds }: Standing): number {
    const { control } = this.#platform.autoScaling;
    const named = new Set(idsIn(call));
    const serving = new Set(this.#servingIds());
    const lost = servingIds.filter((id) => !serving.has(id) && !named.has(id));
    return control
      .activities(this.#name)
      .filter(({ StartTime: at }) => (at?.getTime() ?? 0) >= call.at)
      .filter(({ Cause: cause = "" }) => cause.includes("in response to an instance refresh"))
      .filter(({ Description: what = "" }) => lost.some((id) => what.endsWith(id))).length;
  }

  #complain({ at, operation }: FaultCall, text: string): void {
    this.broken.push(`${new Date(at).toISOString()} (${operation}): ${text}`);
  }

  #isHere({ caller }: FaultCall): boolean {
    return caller.accountId === this.#name.accountId;
  }

  #isJudged(call: FaultCall): boolean {
    return this.#isHere(call) && disruptive.has(call.operation) && this.#isOurs(call.caller);
  }

  /**
   * What is asked to go and has not gone yet is gone here: judged is the state after the effect. Nobody but who names it takes one that is protected.
   * Source: EC2 Auto Scaling user guide, "Use instance scale-in protection".
   */
  #staying(): number {
    const { control } = this.#platform.autoScaling;
    const group = control.find(this.#name);
    if (group === undefined) return 0;
    const serving = this.#servingIds();
    const free = group.members.filter(
      ({ instanceId, isProtected }) => !isProtected && serving.includes(instanceId),
    ).length;
    return serving.length - Math.min(free, Math.max(0, counted(group) - group.desired));
  }

  #servingIds(): readonly string[] {
    return this.#platform.autoScaling.control.serving(this.#name);
  }

  #values(): Values | undefined {
    const capacity = this.#platform.autoScaling.control.capacity(this.#name);
    if (capacity === undefined) return undefined;
    const values = { ...capacity, serving: this.#servingIds().length };
    return { ...values, asked: capacity.desired - this.#surplus - this.#owed };
  }
}

/** From now on, until it is ended. */
export const watchCapacity = (platform: Platform, options: LedgerOptions): CapacityLedger => {
  const ledger = new Ledger(platform, options);
  const { name, accountId, region } = options.group;
  ledger.sample();
  const ends = [
    platform.autoScaling.control.onChange((group, change) => {
      const isIt = group.name === name && group.accountId === accountId && group.region === region;
      if (isIt) ledger.hear(change);
    }),
    platform.ec2.control.onEvent((event) => {
      ledger.hearNotice(event);
    }),
    platform.cloud.faults.before((call) => {
      ledger.before(call);
    }),
    platform.cloud.faults.after((call) => {
      ledger.after(call);
    }),
  ];
  return {
    samples: ledger.samples,
    broken: ledger.broken,
    surplus: () => ledger.surplus,
    owed: () => ledger.owed,
    settle: (by) => {
      ledger.settle(by);
    },
    end: () => {
      for (const end of ends) end();
    },
  };
};
