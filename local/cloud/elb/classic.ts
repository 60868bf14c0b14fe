/** Classic load balancers, as far as their instances go: the API, and set-up. */
import type {
  DescribeAccessPointsInput,
  DescribeAccessPointsOutput,
} from "@aws-sdk/client-elastic-load-balancing";
import { type Call, CloudError, type ServiceModule } from "../contract.ts";
import type { Cloud } from "../dispatch.ts";
import { isIn, pageOf } from "./pages.ts";

interface NewClassicLoadBalancer {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  readonly instanceIds: readonly string[];
}

export interface ClassicElb extends ServiceModule {
  /** A load balancer with these instances, in place of the one of that name. */
  set(loadBalancer: NewClassicLoadBalancer): void;
}

export const createClassicElb = ({ clock }: Pick<Cloud, "clock">): ClassicElb => {
  const all = new Map<string, NewClassicLoadBalancer & { readonly createdAtMs: number }>();

  const describe = (call: Call, input: DescribeAccessPointsInput): DescribeAccessPointsOutput => {
    const { LoadBalancerNames: names = [] } = input;
    const visible = [...all.values()].filter((each) => isIn(each, call));
    const missing = names.find((name) => !visible.some((each) => each.name === name));
    if (missing !== undefined) {
      throw new CloudError(
        "LoadBalancerNotFound",
        `There is no ACTIVE Load Balancer named '${missing}'`,
      );
    }
    const asked = visible.filter(({ name }) => names.length === 0 || names.includes(name));
    const { items, ...next } = pageOf(asked, input);
    return {
      LoadBalancerDescriptions: items.map(({ name, instanceIds, createdAtMs }) => ({
        LoadBalancerName: name,
        CreatedTime: new Date(createdAtMs),
        Instances: instanceIds.map((InstanceId) => ({ InstanceId })),
      })),
      ...next,
    };
  };

  return {
    service: "classic-load-balancing",
    operations: { DescribeLoadBalancers: describe },
    set: (loadBalancer) => {
      const { accountId, region, name } = loadBalancer;
      all.set(`${accountId}#${region}#${name}`, { ...loadBalancer, createdAtMs: clock.now() });
    },
  };
};
