/** NAT gateways, as a scenario declares them: nothing is made by calls. Source: EC2 API reference, DescribeNatGateways. */
import type {
  DescribeNatGatewaysCommandInput,
  DescribeNatGatewaysResult,
  NatGateway,
} from "@aws-sdk/client-ec2";
import type { Call } from "../contract.ts";
import { newId, selectVisible, tagList, type Ec2Context } from "./context.ts";
import { applyFilters, tagFields } from "./filters.ts";
import { paginate } from "./paging.ts";
import { kinds } from "./refusals.ts";
import { regionOf } from "./regions.ts";
import type { NatGatewayRecord } from "./kept-state.ts";
import type { RegionState } from "./state.ts";

export interface NatGatewayDeclaration {
  /** Default: 60. */
  readonly ageDays?: number;
  readonly connectivity?: "public" | "private";
  readonly availability?: "zonal" | "regional";
  /** The main route table leads to it. */
  readonly isRouted?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
}

const dayMs = 24 * 3_600_000;

export const addNatGateway = (
  context: Ec2Context,
  region: RegionState,
  given: NatGatewayDeclaration,
): string => {
  const { ageDays = 60, tags = {}, isRouted = false } = given;
  const id = newId(context, "nat-");
  const madeAt = context.clock.now() - ageDays * dayMs;
  region.kept.natGateways.set(id, {
    id,
    createdAt: madeAt,
    visibleAt: madeAt,
    tags: { ...tags },
    connectivity: given.connectivity ?? "public",
    availability: given.availability ?? "zonal",
    isRouted,
  });
  return id;
};

const view = (region: RegionState, record: NatGatewayRecord): NatGateway => ({
  NatGatewayId: record.id,
  State: "available",
  CreateTime: new Date(record.createdAt),
  VpcId: region.vpcId,
  SubnetId: [...region.subnets.keys()][0],
  ConnectivityType: record.connectivity,
  AvailabilityMode: record.availability,
  Tags: tagList(record.tags),
});

export const natGatewayOperations = (context: Ec2Context) => ({
  DescribeNatGateways: (
    call: Call,
    input: DescribeNatGatewaysCommandInput,
  ): DescribeNatGatewaysResult => {
    const region = regionOf(context, call);
    const gateways = applyFilters(
      selectVisible(context, region.kept.natGateways, {
        kind: kinds.natGateway,
        ids: input.NatGatewayIds,
        filters: input.Filter,
      }),
      input.Filter,
      {
        ...tagFields<NatGatewayRecord>(),
        "nat-gateway-id": ({ id }) => id,
        state: () => "available",
        "vpc-id": () => region.vpcId,
      },
    );
    const { items, ...next } = paginate(gateways, input, {
      min: 5,
      max: 1000,
      pageSize: context.settings.pageSize,
    });
    return { NatGateways: items.map((record) => view(region, record)), ...next };
  },
});
