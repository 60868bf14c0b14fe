/** State of the simulated load balancers: which zones are enabled for each, and how the API shows them. */
import type {
  AvailabilityZone,
  DescribeLoadBalancerAttributesInput,
  DescribeLoadBalancerAttributesOutput,
  DescribeLoadBalancersInput,
  DescribeLoadBalancersOutput,
  LoadBalancer as LoadBalancerView,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Clock } from "../clock.ts";
import { type Call, CloudError } from "../contract.ts";
import type { Random } from "../random.ts";
import { isIn, pageOf } from "./pages.ts";

/** What load balancing must know of EC2's zones. */
export interface ZoneDirectory {
  zones(input: { readonly accountId: string; readonly region: string }): readonly ZoneFound[];
}

interface ZoneFound {
  readonly zoneId: string;
  /** The account's own name for it. */
  readonly zoneName: string;
  readonly subnetId: string | undefined;
}

export interface NewLoadBalancer {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  readonly vpcId: string;
  /** Application unless set. */
  readonly type?: "application" | "network" | "gateway";
  /** Ids or names of the zones that are enabled: all of the region unless set. */
  readonly zones?: readonly string[];
  /** Always for application load balancers; off for others unless set. (ELB user guide, "Cross-zone load balancing".) */
  readonly crossZone?: boolean;
  /** No unless set. */
  readonly isDeletionProtected?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface LoadBalancer extends Required<Omit<NewLoadBalancer, "zones">> {
  readonly arn: string;
  readonly createdAtMs: number;
  zones: readonly ZoneFound[];
  /** Names of zones from which traffic is shifted away. */
  shiftedZones: ReadonlySet<string>;
}

/** ELB API reference, DescribeLoadBalancers: "You can specify up to 20 load balancers in a single call." */
const mostNamed = 20;

/** As ARNs spell the type. */
const typeInArn = { application: "app", network: "net", gateway: "gwy" } as const;

export class LoadBalancers {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #directory: ZoneDirectory;
  readonly #all = new Map<string, LoadBalancer>();

  constructor(context: {
    readonly clock: Clock;
    readonly random: Random;
    readonly directory: ZoneDirectory;
  }) {
    this.#clock = context.clock;
    this.#random = context.random;
    this.#directory = context.directory;
  }

  /** @returns its ARN */
  add({ zones, crossZone, ...asked }: NewLoadBalancer): string {
    const { accountId, region, name, type = "application" } = asked;
    const id = `${typeInArn[type]}/${name}/${this.#random.hex(16)}`;
    const arn = `arn:aws:elasticloadbalancing:${region}:${accountId}:loadbalancer/${id}`;
    const createdAtMs = this.#clock.now();
    this.#all.set(arn, {
      ...asked,
      type,
      arn,
      createdAtMs,
      isDeletionProtected: asked.isDeletionProtected ?? false,
      tags: asked.tags ?? {},
      crossZone: type === "application" || crossZone === true,
      zones: this.#named(asked, zones),
      shiftedZones: new Set(),
    });
    return arn;
  }

  remove(arn: string): void {
    this.#all.delete(arn);
  }

  /** Ids or names of those that are enabled from now on. */
  setZones(arn: string, zones: readonly string[]): void {
    const found = this.#all.get(arn);
    if (found === undefined) throw new Error(`there is no load balancer ${arn}`);
    found.zones = this.#named(found, zones);
  }

  /** Name of the zone; undefined ends the shift. */
  shift(arn: string, zoneName: string | undefined): void {
    const found = this.#all.get(arn);
    if (found === undefined) throw new Error(`there is no load balancer ${arn}`);
    found.shiftedZones = new Set(zoneName === undefined ? [] : [zoneName]);
  }

  isShifted(arn: string, zoneName: string): boolean {
    return this.#all.get(arn)?.shiftedZones.has(zoneName) === true;
  }

  /** @throws CloudError LoadBalancerNotFound */
  attributes(
    call: Call,
    { LoadBalancerArn: arn = "" }: DescribeLoadBalancerAttributesInput,
  ): DescribeLoadBalancerAttributesOutput {
    const found = this.#of(call, arn);
    const shifted = String(found.shiftedZones.size > 0);
    return {
      Attributes: [
        { Key: "load_balancing.cross_zone.enabled", Value: String(found.crossZone) },
        { Key: "zonal_shift.config.enabled", Value: shifted },
        { Key: "deletion_protection.enabled", Value: String(found.isDeletionProtected) },
      ],
    };
  }

  /** Its ARN. @throws CloudError LoadBalancerNotFound */
  require(call: Call, arn: string): string {
    return this.#of(call, arn).arn;
  }

  /** @throws CloudError LoadBalancerNotFound */
  tagsOf(call: Call, arn: string): Readonly<Record<string, string>> {
    return this.#of(call, arn).tags;
  }

  #of(call: Call, arn: string): LoadBalancer {
    const found = this.#all.get(arn);
    if (found !== undefined && isIn(found, call)) return found;
    throw new CloudError("LoadBalancerNotFound", "One or more load balancers not found");
  }

  /**
   * "If you register targets in an Availability Zone but do not enable the Availability Zone, these registered targets
   * do not receive traffic." (ELB user guide, "How Elastic Load Balancing works".) Cross-zone load balancing changes
   * nothing in that: it spreads requests over the targets of the enabled zones.
   */
  serves(arn: string, zoneName: string): boolean {
    return this.#all.get(arn)?.zones.some((zone) => zone.zoneName === zoneName) === true;
  }

  describe(call: Call, input: DescribeLoadBalancersInput): DescribeLoadBalancersOutput {
    const { LoadBalancerArns: arns = [], Names: names = [] } = input;
    if (arns.length + names.length > mostNamed) {
      throw new CloudError("ValidationError", "Up to 20 load balancers can be described at a time");
    }
    const visible = [...this.#all.values()].filter((each) => isIn(each, call));
    const isMissing =
      arns.some((arn) => !visible.some((each) => each.arn === arn)) ||
      names.some((name) => !visible.some((each) => each.name === name));
    if (isMissing) {
      throw new CloudError("LoadBalancerNotFound", "One or more load balancers not found");
    }
    const asked = visible.filter(
      ({ arn, name }) =>
        (arns.length === 0 || arns.includes(arn)) && (names.length === 0 || names.includes(name)),
    );
    const { items, ...next } = pageOf(asked, input);
    return { LoadBalancers: items.map(describeLoadBalancer), ...next };
  }

  #named(
    where: Pick<NewLoadBalancer, "accountId" | "region">,
    names: readonly string[] | undefined,
  ): readonly ZoneFound[] {
    const all = this.#directory.zones(where);
    return (
      names?.map((name) => {
        const zone = all.find(({ zoneId, zoneName }) => zoneId === name || zoneName === name);
        if (zone === undefined) throw new Error(`${where.region} has no zone ${name}`);
        return zone;
      }) ?? all
    );
  }
}

const describeZone = ({ zoneName, subnetId }: ZoneFound): AvailabilityZone => ({
  ZoneName: zoneName,
  ...(subnetId !== undefined && { SubnetId: subnetId }),
  LoadBalancerAddresses: [],
});

const describeLoadBalancer = (found: LoadBalancer): LoadBalancerView => ({
  LoadBalancerArn: found.arn,
  LoadBalancerName: found.name,
  DNSName: `${found.name}.elb.${found.region}.amazonaws.com`,
  CreatedTime: new Date(found.createdAtMs),
  Scheme: "internal",
  VpcId: found.vpcId,
  State: { Code: "active" },
  Type: found.type,
  AvailabilityZones: found.zones.map(describeZone),
  SecurityGroups: [],
  IpAddressType: "ipv4",
});
