/** What a step is given: the clock, the state table, a log, and the clients that it names, and no others. */
import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { BackupClient } from "@aws-sdk/client-backup";
import type { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { ECSClient } from "@aws-sdk/client-ecs";
import type { EKSClient } from "@aws-sdk/client-eks";
import type { ElasticLoadBalancingClient } from "@aws-sdk/client-elastic-load-balancing";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { KMSClient } from "@aws-sdk/client-kms";
import type { PricingClient } from "@aws-sdk/client-pricing";
import type { Route53Client } from "@aws-sdk/client-route-53";
import type { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import type { SNSClient } from "@aws-sdk/client-sns";
import type { SSMClient } from "@aws-sdk/client-ssm";
import type { ResourceGroupsClient } from "@aws-sdk/client-resource-groups";
import type { OpenCluster } from "../../adapters/kubernetes/client.ts";
import type { Connect } from "../../adapters/probe.ts";
import type { Table } from "../../adapters/store/table.ts";
import type { Account } from "../../core/model/account.ts";
import type { Log } from "./log.ts";

/** Clients that act in the customer's account, in one region, under one evaluation's session. */
export interface CustomerClients {
  readonly autoScaling: AutoScalingClient;
  readonly ec2: EC2Client;
  readonly ecs: ECSClient;
  readonly eks: EKSClient;
  /** Opens a cluster's own API, see adapters/kubernetes/connect.ts. */
  readonly kubernetes: OpenCluster;
  readonly elb: ElasticLoadBalancingV2Client;
  /** Classic load balancers. */
  readonly classicElb: ElasticLoadBalancingClient;
  readonly backup: BackupClient;
  readonly cloudFormation: CloudFormationClient;
  readonly cloudWatch: CloudWatchClient;
  readonly ssm: SSMClient;
  readonly resourceGroups: ResourceGroupsClient;
  readonly kms: KMSClient;
  readonly route53: Route53Client;
  readonly serviceQuotas: ServiceQuotasClient;
  readonly sns: SNSClient;
}

/** Clients that act in our own account. */
interface OwnClients {
  readonly pricing: PricingClient;
  /** EC2: market data cost the customer no request. */
  readonly marketEc2: (region: string) => EC2Client;
}

export type CustomerClientName = keyof CustomerClients;
type OwnClientName = keyof OwnClients;

/** What a step may name. */
export type ClientName = CustomerClientName | OwnClientName;

/** The way into customers' accounts, with the clients of these names. */
export interface CustomerAccess<Name extends CustomerClientName> {
  /** Assumes the customer's role (cached until 5 minutes before expiry); `sessionName` is the evaluation id. */
  readonly customer: (
    account: Account,
    region: string,
    sessionName: string,
  ) => Promise<Pick<CustomerClients, Name>>;
  /** Clients of a session under this name that can be used still; undefined where `customer` has to open one. */
  readonly openCustomer: (
    region: string,
    sessionName: string,
  ) => Promise<Pick<CustomerClients, Name>> | undefined;
  /** The customer's account turned a session away before its time: the next call assumes the role anew. */
  readonly forgetSessions: (account: Account) => void;
}

/** What all steps are given. */
export interface CommonContext {
  readonly now: () => Date;
  /** Within a step's own time, between two looks. */
  readonly pause: (milliseconds: number) => Promise<void>;
  readonly table: Table;
  readonly log: Log;
  readonly fetch: typeof fetch;
  /** To public addresses, as `fetch`. */
  readonly connect: Connect;
  readonly advisorFeedUrl: string;
}

export type CustomerNames<Name extends ClientName> = Extract<Name, CustomerClientName>;

/** Clients by the names that a step has given. */
export type ClientsFor<Name extends ClientName> = CustomerAccess<CustomerNames<Name>> &
  Pick<OwnClients, Extract<Name, OwnClientName>>;

export type StepContext<Name extends ClientName = never> = CommonContext & ClientsFor<Name>;
