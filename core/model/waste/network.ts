/** NAT gateways and load balancers of an account, and what leads to them, as AWS tells of them. They are reported, never deleted. */
import type { Tagged } from "./tagged.ts";

/** Source: EC2 API reference, NatGateway. */
export interface OwnNatGateway extends Tagged {
  readonly natGatewayId: string;
  /** `pending`, `failed`, `available`, `deleting`, `deleted`. */
  readonly state: string;
  /** ISO 8601 */
  readonly createdAt: string;
  readonly vpcId: string;
  /** `public`, `private`. */
  readonly connectivity: string;
  /** `zonal`, `regional`. */
  readonly availability: string;
}

/** A route to a NAT gateway. */
export interface NatRoute {
  readonly natGatewayId: string;
  readonly routeTableId: string;
}

/** Source: Elastic Load Balancing API reference, LoadBalancer. */
export interface OwnLoadBalancer {
  readonly arn: string;
  readonly name: string;
  readonly type: "application" | "network" | "gateway";
  /** ISO 8601 */
  readonly createdAt: string;
}

/** A target group that a load balancer forwards to. */
export interface ForwardedGroup {
  readonly arn: string;
  /** `instance`, `ip`, `lambda`, `alb`. */
  readonly targetType: string;
  readonly targets: number;
}

/** What a load balancer does with what it gets, by all listeners and their rules. */
export interface LoadBalancerUse extends Tagged {
  readonly isDeletionProtected: boolean;
  readonly listeners: number;
  /** `forward`, `redirect`, `fixed-response`, `authenticate-oidc` …: each once, sorted. */
  readonly actions: readonly string[];
  readonly groups: readonly ForwardedGroup[];
}
