/** State of the simulated target groups: who is registered, since when, and what health follows from that by now. */
import type {
  AdministrativeOverride,
  TargetHealth,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Clock } from "../clock.ts";
import type { Random } from "../random.ts";
import type { LoadBalancers } from "./load-balancers.ts";

/** What load balancing must know of EC2. */
export interface InstanceDirectory {
  /** Undefined for an instance that doesn't exist (or no longer does). */
  find(input: {
    readonly accountId: string;
    readonly region: string;
    readonly instanceId: string;
  }): InstanceFound | undefined;
}

export interface InstanceFound {
  readonly state: string;
  readonly vpcId: string;
  readonly zoneName: string;
  /** When its software answers, where that is drawn; milliseconds since the epoch. */
  readonly answersFromMs?: number | undefined;
}

export interface NewTargetGroup {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  readonly vpcId: string;
  readonly port: number;
  /** Of instances unless set: then nothing is registered here. */
  readonly targetType?: "instance" | "ip" | "lambda" | "alb";
  /**
   * Seconds that a deregistered target drains: 300 unless set. "The range is 0–3600 seconds. The default value is 300
   * seconds." (ELB API reference, TargetGroupAttribute, deregistration_delay.timeout_seconds.)
   */
  readonly deregistrationDelaySeconds?: number;
  /** Seconds from registration to healthy: 150 unless set (5 checks, one each 30 s). */
  readonly healthyAfterSeconds?: number;
  /**
   * Seconds in which a healthy target gets a growing share: 0 unless set. "The range is 30-900 seconds (15 minutes). The default is 0
   * seconds (disabled)." (ELB API reference, TargetGroupAttribute, slow_start.duration_seconds.)
   */
  readonly slowStartSeconds?: number;
  /** Of the group; as the load balancer has it unless set. (TargetGroupAttribute, load_balancing.cross_zone.enabled.) */
  readonly crossZone?: boolean;
  /** The one that has a listener or rule for the group: none unless set, and then it gets no traffic. */
  readonly loadBalancerArn?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface Group extends Required<
  Omit<NewTargetGroup, "loadBalancerArn" | "tags" | "crossZone">
> {
  readonly arn: string;
  readonly crossZone: boolean | undefined;
  tags: Readonly<Record<string, string>>;
  /** "You can use each target group with only one load balancer." (ELB API reference, TargetGroup.) */
  loadBalancerArn: string | undefined;
}

export interface TargetName {
  readonly instanceId: string;
  readonly port: number;
}

interface Target extends TargetName {
  readonly healthyAtMs: number;
  /**
   * Set while it drains: it is gone at that time. Some connection is open to the last: a target without any is gone at once
   * ("If a deregistering target has no in-flight requests and no active connections, Elastic Load Balancing immediately
   * completes the deregistration process, without waiting for the deregistration delay to elapse", user guide for
   * Application Load Balancers, Deregistration delay).
   */
  goneAtMs: number | undefined;
}

/** Told of a target group whose targets, or their health, are others than a moment ago. */
export type TargetListener = (targetGroupArn: string) => void;

/** What a target no longer is once EC2 says so of its instance. */
const goneStates: ReadonlySet<string> = new Set(["terminated", "shutting-down"]);

export class TargetGroups {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #instances: InstanceDirectory;
  readonly #loadBalancers: Pick<LoadBalancers, "serves" | "isShifted">;
  readonly #listeners = new Set<TargetListener>();
  readonly #groups = new Map<string, Group>();
  /** By the group's ARN, then by `<instance>:<port>`. */
  readonly #targets = new Map<string, Map<string, Target>>();
  /** Instances whose application doesn't answer. */
  readonly #failing = new Set<string>();

  constructor(context: {
    readonly clock: Clock;
    readonly random: Random;
    readonly instances: InstanceDirectory;
    readonly loadBalancers: Pick<LoadBalancers, "serves" | "isShifted">;
  }) {
    this.#clock = context.clock;
    this.#random = context.random;
    this.#instances = context.instances;
    this.#loadBalancers = context.loadBalancers;
  }

  add(group: NewTargetGroup): Group {
    const { region, accountId, name, deregistrationDelaySeconds: delay = 300 } = group;
    if (delay < 0 || delay > 3600) {
      throw new Error(`target group ${name}: a delay of ${String(delay)} s is not in 0–3600`);
    }
    const id = this.#random.hex(16);
    const arn = `arn:aws:elasticloadbalancing:${region}:${accountId}:targetgroup/${name}/${id}`;
    const added: Group = {
      targetType: "instance",
      healthyAfterSeconds: 150,
      slowStartSeconds: 0,
      crossZone: undefined,
      loadBalancerArn: undefined,
      tags: {},
      ...group,
      deregistrationDelaySeconds: delay,
      arn,
    };
    this.#groups.set(arn, added);
    return added;
  }

  remove(arn: string): void {
    this.#groups.delete(arn);
    this.#targets.delete(arn);
    this.tell(arn);
  }

  /** Without a listener nothing is told, and no time is waited for. */
  listen(listener: TargetListener): void {
    this.#listeners.add(listener);
  }

  tell(arn: string): void {
    for (const listener of this.#listeners) listener(arn);
  }

  /** Of each target group of the load balancer. */
  tellAll(loadBalancerArn: string): void {
    for (const group of this.all()) {
      if (group.loadBalancerArn === loadBalancerArn) this.tell(group.arn);
    }
  }

  #tellAt(arn: string, atMs: number): void {
    this.tell(arn);
    if (this.#listeners.size === 0 || atMs <= this.#clock.now()) return;
    this.#clock.schedule(atMs, () => {
      this.tell(arn);
    });
  }

  all(): readonly Group[] {
    return [...this.#groups.values()];
  }

  find(arn: string): Group | undefined {
    return this.#groups.get(arn);
  }

  instance({ accountId, region }: Group, instanceId: string): InstanceFound | undefined {
    return this.#instances.find({ accountId, region, instanceId });
  }

  targets(group: Group): readonly TargetName[] {
    return [...this.#current(group).values()];
  }

  /** Without effect on a target that is registered and doesn't drain. */
  register(group: Group, { instanceId, port }: TargetName, healthyAfterSeconds: number): void {
    const targets = this.#current(group);
    const known = targets.get(keyOf({ instanceId, port }));
    if (known !== undefined && known.goneAtMs === undefined) return;
    const answersFromMs = this.instance(group, instanceId)?.answersFromMs ?? 0;
    const healthyAtMs = Math.max(this.#clock.now() + healthyAfterSeconds * 1000, answersFromMs);
    targets.set(keyOf({ instanceId, port }), {
      instanceId,
      port,
      healthyAtMs,
      goneAtMs: undefined,
    });
    this.#tellAt(group.arn, healthyAtMs);
  }

  /** Without effect on a target that isn't registered. Without a port, all of the instance's are meant. */
  deregister(group: Group, instanceId: string, port: number | undefined): void {
    const goneAtMs = this.#clock.now() + group.deregistrationDelaySeconds * 1000;
    for (const target of this.#current(group).values()) {
      if (target.instanceId === instanceId && (port ?? target.port) === target.port) {
        target.goneAtMs ??= goneAtMs;
        this.#tellAt(group.arn, target.goneAtMs);
      }
    }
  }

  /** Groups through which the instance may have connections: it gets new ones, or it keeps those that it has. */
  connecting(instanceId: string): readonly string[] {
    return this.all()
      .filter((group) =>
        this.targets(group).some((target) => {
          if (target.instanceId !== instanceId) return false;
          const { State: state = "" } = this.health(group, target);
          return state === "healthy" || state === "draining";
        }),
      )
      .map(({ arn }) => arn);
  }

  healthyIn(group: Group): readonly string[] {
    return this.targets(group)
      .filter(
        (target) =>
          this.health(group, target).State === "healthy" &&
          this.override(group, target) === undefined,
      )
      .map(({ instanceId }) => instanceId);
  }

  /**
   * A target in a zone from which traffic is shifted away keeps its state, and this stands beside it. (ELB API reference,
   * AdministrativeOverride.) † Left out where no shift is active.
   */
  override(group: Group, { instanceId }: TargetName): AdministrativeOverride | undefined {
    const zoneName = this.instance(group, instanceId)?.zoneName;
    const { loadBalancerArn } = group;
    if (zoneName === undefined || loadBalancerArn === undefined) return undefined;
    if (!this.#loadBalancers.isShifted(loadBalancerArn, zoneName)) return undefined;
    return {
      State: "zonal_shift_active",
      Reason: "AdministrativeOverride.ZonalShiftActive",
      Description: "Zonal shift is active for the Availability Zone of the target",
    };
  }

  isAnswering(instanceId: string): boolean {
    return !this.#failing.has(instanceId);
  }

  setApplicationHealthy(instanceId: string, isHealthy: boolean): void {
    if (isHealthy) this.#failing.delete(instanceId);
    else this.#failing.add(instanceId);
    if (this.#listeners.size === 0) return;
    for (const group of this.all()) {
      if (this.targets(group).some((target) => target.instanceId === instanceId)) {
        this.tell(group.arn);
      }
    }
  }

  health(group: Group, name: TargetName): TargetHealth {
    const target = this.#targets.get(group.arn)?.get(keyOf(name));
    if (target === undefined || this.#isGone(group, target)) {
      const description = "Target is not registered to the target group";
      return { State: "unused", Reason: "Target.NotRegistered", Description: description };
    }
    if (target.goneAtMs !== undefined) {
      const description = "Target deregistration is in progress";
      return {
        State: "draining",
        Reason: "Target.DeregistrationInProgress",
        Description: description,
      };
    }
    return this.#healthOfRegistered(group, target);
  }

  #healthOfRegistered(group: Group, { instanceId, healthyAtMs }: Target): TargetHealth {
    const instance = this.instance(group, instanceId);
    if (instance?.state !== "running") {
      const description = `Target is in the ${instance?.state ?? "terminated"} state`;
      return { State: "unused", Reason: "Target.InvalidState", Description: description };
    }
    const unused = this.#whyUnused(group, instance);
    if (unused !== undefined) return unused;
    if (healthyAtMs > this.#clock.now()) {
      const description = "Target registration is in progress";
      return { State: "initial", Reason: "Elb.RegistrationInProgress", Description: description };
    }
    if (this.#failing.has(instanceId)) {
      const description = "Health checks failed";
      return { State: "unhealthy", Reason: "Target.FailedHealthChecks", Description: description };
    }
    return { State: "healthy" };
  }

  /**
   * Target.NotInUse: "The target group is not used by any load balancer or the target is in an Availability Zone that is
   * not enabled for its load balancer." (ELB API reference, TargetHealth, Reason.)
   */
  #whyUnused({ loadBalancerArn }: Group, { zoneName }: InstanceFound): TargetHealth | undefined {
    const notInUse = { State: "unused", Reason: "Target.NotInUse" } as const;
    if (loadBalancerArn === undefined) {
      return {
        ...notInUse,
        Description: "Target group is not configured to receive traffic from the load balancer",
      };
    }
    if (this.#loadBalancers.serves(loadBalancerArn, zoneName)) return undefined;
    return {
      ...notInUse,
      Description: "Target is in an Availability Zone that is not enabled for the load balancer",
    };
  }

  /** Without the drained ones, and those whose instance was terminated. */
  #current(group: Group): Map<string, Target> {
    const targets = this.#targets.get(group.arn) ?? new Map<string, Target>();
    this.#targets.set(group.arn, targets);
    for (const [key, target] of targets) {
      if (this.#isGone(group, target)) targets.delete(key);
    }
    return targets;
  }

  #isGone(group: Group, { instanceId, goneAtMs }: Target): boolean {
    const state = this.instance(group, instanceId)?.state ?? "terminated";
    return (goneAtMs ?? Infinity) <= this.#clock.now() || goneStates.has(state);
  }
}

const keyOf = ({ instanceId, port }: TargetName): string => `${instanceId}:${String(port)}`;
