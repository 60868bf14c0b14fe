/** Load balancing v2, as far as target groups of instances go: registration, health that comes with time, draining. */
import type {
  DeregisterTargetsInput,
  DescribeTargetGroupAttributesInput,
  DescribeTargetGroupAttributesOutput,
  DescribeTargetGroupsInput,
  DescribeTargetGroupsOutput,
  DescribeTargetHealthInput,
  DescribeTargetHealthOutput,
  RegisterTargetsInput,
  TargetDescription,
  TargetGroup,
  TargetHealth,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { type Call, CloudError, type Handler, type ServiceModule } from "./contract.ts";
import type { Cloud } from "./dispatch.ts";

/** What load balancing must know of EC2. */
export interface InstanceDirectory {
  /** Undefined for an instance that doesn't exist (any more). */
  find(input: {
    readonly accountId: string;
    readonly region: string;
    readonly instanceId: string;
  }): { readonly state: string; readonly vpcId: string } | undefined;
}

export interface NewTargetGroup {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  readonly vpcId: string;
  readonly port: number;
  /** Seconds that a deregistered target drains: 300 at AWS unless set. */
  readonly deregistrationDelaySeconds?: number;
  /** Seconds from registration to healthy: 5 checks, one each 30 s, unless set. */
  readonly healthyAfterSeconds?: number;
}

export interface TargetName {
  readonly arn: string;
  readonly instanceId: string;
  readonly port?: number;
}

export interface Elb extends ServiceModule {
  /** Returns the group's ARN. */
  addTargetGroup(group: NewTargetGroup): string;
  removeTargetGroup(arn: string): void;
  /** As RegisterTargets, without a caller: for set-up. Healthy at once. */
  addTarget(target: TargetName): void;
  /** The application on the instance answers, or doesn't, from now on: in every target group. */
  setApplicationHealthy(instanceId: string, isHealthy: boolean): void;
}

interface Target {
  readonly instanceId: string;
  readonly port: number;
  readonly healthyAtMs: number;
  /** Set while it drains: it is gone at that time. */
  goneAtMs: number | undefined;
}

interface Group {
  readonly arn: string;
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  readonly vpcId: string;
  readonly port: number;
  readonly deregistrationDelaySeconds: number;
  readonly healthyAfterSeconds: number;
  /** By `<instance>:<port>`. */
  readonly targets: Map<string, Target>;
}

const largestPage = 400;

/** What a target is no more once EC2 says so of its instance. */
const goneStates: ReadonlySet<string> = new Set(["terminated", "shutting-down"]);

export const createElb = (
  cloud: Pick<Cloud, "clock" | "random">,
  instances: InstanceDirectory,
): Elb => {
  const balancing = new Balancing(cloud, instances);
  const describeGroups: Handler<DescribeTargetGroupsInput, DescribeTargetGroupsOutput> = (
    call,
    input,
  ) => balancing.describeGroups(call, input);
  const describeHealth: Handler<DescribeTargetHealthInput, DescribeTargetHealthOutput> = (
    call,
    input,
  ) => balancing.describeHealth(call, input);
  const describeAttributes: Handler<
    DescribeTargetGroupAttributesInput,
    DescribeTargetGroupAttributesOutput
  > = (call, input) => balancing.describeAttributes(call, input);
  const register: Handler<RegisterTargetsInput, object> = (call, input) =>
    balancing.register(call, input);
  const deregister: Handler<DeregisterTargetsInput, object> = (call, input) =>
    balancing.deregister(call, input);
  return {
    service: "elasticloadbalancing",
    operations: {
      DescribeTargetGroups: describeGroups,
      DescribeTargetHealth: describeHealth,
      DescribeTargetGroupAttributes: describeAttributes,
      RegisterTargets: register,
      DeregisterTargets: deregister,
    },
    addTargetGroup: (group) => balancing.addGroup(group),
    removeTargetGroup: (arn) => {
      balancing.groups.delete(arn);
    },
    addTarget: (target) => {
      balancing.addTarget(target);
    },
    setApplicationHealthy: (instanceId, isHealthy) => {
      if (isHealthy) balancing.failing.delete(instanceId);
      else balancing.failing.add(instanceId);
    },
  };
};

class Balancing {
  readonly groups = new Map<string, Group>();
  /** Instances whose application doesn't answer. */
  readonly failing = new Set<string>();
  readonly #clock: Cloud["clock"];
  readonly #random: Cloud["random"];
  readonly #instances: InstanceDirectory;

  constructor(cloud: Pick<Cloud, "clock" | "random">, instances: InstanceDirectory) {
    this.#clock = cloud.clock;
    this.#random = cloud.random.fork("elb");
    this.#instances = instances;
  }

  addGroup(group: NewTargetGroup): string {
    const { region, accountId, name } = group;
    const id = this.#random.hex(16);
    const arn = `arn:aws:elasticloadbalancing:${region}:${accountId}:targetgroup/${name}/${id}`;
    this.groups.set(arn, {
      deregistrationDelaySeconds: 300,
      healthyAfterSeconds: 150,
      ...group,
      arn,
      targets: new Map(),
    });
    return arn;
  }

  addTarget({ arn, instanceId, port }: TargetName): void {
    const group = this.groups.get(arn);
    if (group === undefined) throw new Error(`there is no target group ${arn}`);
    this.#put(group, { instanceId, port: port ?? group.port, healthyAtMs: this.#clock.now() });
  }

  describeGroups(call: Call, input: DescribeTargetGroupsInput): DescribeTargetGroupsOutput {
    const { TargetGroupArns: arns = [], Names: names = [], PageSize: size = largestPage } = input;
    if (input.LoadBalancerArn !== undefined) return { TargetGroups: [] };
    for (const arn of arns) this.#groupOf(call, arn);
    const visible = [...this.groups.values()].filter((group) => isIn(group, call));
    const absent = names.find((name) => !visible.some((group) => group.name === name));
    if (absent !== undefined) throw notFound();
    const asked = visible.filter(
      ({ arn, name }) =>
        (arns.length === 0 || arns.includes(arn)) && (names.length === 0 || names.includes(name)),
    );
    const start = startOf(input.Marker);
    const end = start + size;
    return {
      TargetGroups: asked.slice(start, end).map(describeGroup),
      ...(end < asked.length && { NextMarker: String(end) }),
    };
  }

  describeAttributes(
    call: Call,
    input: DescribeTargetGroupAttributesInput,
  ): DescribeTargetGroupAttributesOutput {
    const group = this.#groupOf(call, input.TargetGroupArn);
    const delay = String(group.deregistrationDelaySeconds);
    return { Attributes: [{ Key: "deregistration_delay.timeout_seconds", Value: delay }] };
  }

  describeHealth(call: Call, input: DescribeTargetHealthInput): DescribeTargetHealthOutput {
    const group = this.#groupOf(call, input.TargetGroupArn);
    this.#forgetGone(group);
    const targets = input.Targets?.map((target) => named(group, target)) ?? [
      ...group.targets.values(),
    ];
    return {
      TargetHealthDescriptions: targets.map(({ instanceId, port }) => ({
        Target: { Id: instanceId, Port: port },
        HealthCheckPort: String(port),
        TargetHealth: this.#healthOf(group, keyOf(instanceId, port)),
      })),
    };
  }

  register(call: Call, input: RegisterTargetsInput): object {
    const group = this.#groupOf(call, input.TargetGroupArn);
    this.#forgetGone(group);
    const targets = (input.Targets ?? []).map((target) => named(group, target));
    for (const { instanceId } of targets) this.#checkRegistrable(group, instanceId);
    for (const { instanceId, port } of targets) {
      const known = group.targets.get(keyOf(instanceId, port));
      if (known !== undefined && known.goneAtMs === undefined) continue;
      const healthyAtMs = this.#clock.now() + group.healthyAfterSeconds * 1000;
      this.#put(group, { instanceId, port, healthyAtMs });
    }
    return {};
  }

  deregister(call: Call, input: DeregisterTargetsInput): object {
    const group = this.#groupOf(call, input.TargetGroupArn);
    this.#forgetGone(group);
    for (const target of input.Targets ?? []) {
      // Without a port, all of the instance's registrations are meant.
      for (const known of group.targets.values()) {
        const isMeant =
          known.instanceId === target.Id && (target.Port ?? known.port) === known.port;
        if (!isMeant) continue;
        known.goneAtMs ??= this.#clock.now() + group.deregistrationDelaySeconds * 1000;
      }
    }
    return {};
  }

  #put(group: Group, target: Omit<Target, "goneAtMs">): void {
    group.targets.set(keyOf(target.instanceId, target.port), { ...target, goneAtMs: undefined });
  }

  #groupOf(call: Call, arn: string | undefined): Group {
    const group = this.groups.get(arn ?? "");
    if (group === undefined || !isIn(group, call)) throw notFound();
    return group;
  }

  #instanceOf(group: Group, instanceId: string): { state: string; vpcId: string } | undefined {
    const { accountId, region } = group;
    return this.#instances.find({ accountId, region, instanceId });
  }

  #checkRegistrable(group: Group, instanceId: string): void {
    const instance = this.#instanceOf(group, instanceId);
    const problem = problemOf(instance, group);
    if (problem !== undefined) {
      throw new CloudError("InvalidTarget", `The following targets ${problem}: '${instanceId}'`);
    }
  }

  /** Drained targets, and those whose instance was terminated. */
  #forgetGone(group: Group): void {
    const now = this.#clock.now();
    for (const [key, { instanceId, goneAtMs }] of group.targets) {
      const state = this.#instanceOf(group, instanceId)?.state ?? "terminated";
      if ((goneAtMs ?? Infinity) <= now || goneStates.has(state)) group.targets.delete(key);
    }
  }

  #healthOf(group: Group, key: string): TargetHealth {
    const target = group.targets.get(key);
    if (target === undefined) {
      return unusable(
        "unused",
        "Target.NotRegistered",
        "Target is not registered to the target group",
      );
    }
    if (target.goneAtMs !== undefined) {
      return unusable(
        "draining",
        "Target.DeregistrationInProgress",
        "Target deregistration is in progress",
      );
    }
    const state = this.#instanceOf(group, target.instanceId)?.state ?? "terminated";
    if (state !== "running") {
      return unusable("unused", "Target.InvalidState", `Target is in the ${state} state`);
    }
    if (target.healthyAtMs > this.#clock.now()) {
      return unusable(
        "initial",
        "Elb.RegistrationInProgress",
        "Target registration is in progress",
      );
    }
    return this.failing.has(target.instanceId)
      ? unusable("unhealthy", "Target.FailedHealthChecks", "Health checks failed")
      : { State: "healthy" };
  }
}

const isIn = (group: Group, { caller, region }: Call): boolean =>
  group.accountId === caller.accountId && group.region === region;

const keyOf = (instanceId: string, port: number): string => `${instanceId}:${port}`;

const named = (
  group: Group,
  { Id: instanceId = "", Port: port = group.port }: TargetDescription,
): { readonly instanceId: string; readonly port: number } => ({ instanceId, port });

const problemOf = (
  instance: { readonly state: string; readonly vpcId: string } | undefined,
  group: Group,
): string | undefined => {
  if (instance === undefined) return "do not exist";
  if (instance.state !== "running") return "are not in a running state";
  return instance.vpcId === group.vpcId
    ? undefined
    : `are not in the target group VPC '${group.vpcId}'`;
};

const unusable = (
  State: NonNullable<TargetHealth["State"]>,
  Reason: NonNullable<TargetHealth["Reason"]>,
  Description: string,
): TargetHealth => ({ State, Reason, Description });

const notFound = (): CloudError =>
  new CloudError("TargetGroupNotFound", "One or more target groups not found");

const startOf = (marker: string | undefined): number => {
  if (marker === undefined) return 0;
  if (!/^\d+$/.test(marker)) throw new CloudError("ValidationError", "The marker is not valid");
  return Number(marker);
};

const describeGroup = (group: Group): TargetGroup => ({
  TargetGroupArn: group.arn,
  TargetGroupName: group.name,
  Protocol: "HTTP",
  ProtocolVersion: "HTTP1",
  Port: group.port,
  VpcId: group.vpcId,
  TargetType: "instance",
  IpAddressType: "ipv4",
  LoadBalancerArns: [],
  HealthCheckEnabled: true,
  HealthCheckProtocol: "HTTP",
  HealthCheckPort: "traffic-port",
  HealthCheckPath: "/",
  HealthCheckIntervalSeconds: 30,
  HealthCheckTimeoutSeconds: 5,
  HealthyThresholdCount: 5,
  UnhealthyThresholdCount: 2,
});
