/**
 * Makes the SDK clients of a function, all with the same settings for retries. A handler takes those that its step names: what
 * it does not take is not in its bundle.
 */
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { BackupClient } from "@aws-sdk/client-backup";
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ECSClient } from "@aws-sdk/client-ecs";
import { EKSClient } from "@aws-sdk/client-eks";
import { ElasticLoadBalancingClient } from "@aws-sdk/client-elastic-load-balancing";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { KMSClient } from "@aws-sdk/client-kms";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { PricingClient } from "@aws-sdk/client-pricing";
import { ResourceGroupsClient } from "@aws-sdk/client-resource-groups";
import { Route53Client } from "@aws-sdk/client-route-53";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SNSClient } from "@aws-sdk/client-sns";
import { SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";
import { sdkRetry, type SdkRetry } from "../../adapters/aws/retry.ts";
import type { CustomerCredentials } from "../../adapters/aws/sts.ts";
import { clusterOpener, type OpenCluster } from "../../adapters/kubernetes/client.ts";
import { httpsTransport } from "../../adapters/kubernetes/transport.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { CustomerAccess, CustomerClientName } from "./context.ts";
import { createCustomerAccess, type ClientMakers } from "./customer-access.ts";
import { tellThrottle } from "./throttles.ts";

/** The Price List API is served in a few regions only; this one is the usual choice. */
const pricingRegion = "us-east-1";

const retryOf = (api: string): SdkRetry =>
  sdkRetry(() => {
    tellThrottle(api);
  });

/** In our own account without credentials, else in the customer's. */
export const ec2Client = (region: string, credentials?: CustomerCredentials): EC2Client =>
  new EC2Client({
    region,
    ...(credentials === undefined ? {} : { credentials }),
    ...retryOf("EC2"),
  });

export const autoScalingClient = (
  region: string,
  credentials: CustomerCredentials,
): AutoScalingClient => new AutoScalingClient({ region, credentials, ...retryOf("AutoScaling") });

export const eksClient = (region: string, credentials: CustomerCredentials): EKSClient =>
  new EKSClient({ region, credentials, ...retryOf("EKS") });

/** Clusters' own APIs. Nothing is sent twice by the client itself: an eviction that got no answer may have acted. */
export const kubernetesClusters = (region: string, credentials: CustomerCredentials): OpenCluster =>
  clusterOpener(httpsTransport)(region, credentials);

export const elbClient = (
  region: string,
  credentials: CustomerCredentials,
): ElasticLoadBalancingV2Client =>
  new ElasticLoadBalancingV2Client({ region, credentials, ...retryOf("ElasticLoadBalancingV2") });

export const classicElbClient = (
  region: string,
  credentials: CustomerCredentials,
): ElasticLoadBalancingClient =>
  new ElasticLoadBalancingClient({ region, credentials, ...retryOf("ElasticLoadBalancing") });

/** Only to read which instances its clusters have. */
export const ecsClient = (region: string, credentials: CustomerCredentials): ECSClient =>
  new ECSClient({ region, credentials, ...retryOf("ECS") });

/** Only to read what is backed up. */
export const backupClient = (region: string, credentials: CustomerCredentials): BackupClient =>
  new BackupClient({ region, credentials, ...retryOf("Backup") });

export const cloudFormationClient = (
  region: string,
  credentials: CustomerCredentials,
): CloudFormationClient =>
  new CloudFormationClient({ region, credentials, ...retryOf("CloudFormation") });

export const cloudWatchClient = (
  region: string,
  credentials: CustomerCredentials,
): CloudWatchClient => new CloudWatchClient({ region, credentials, ...retryOf("CloudWatch") });

/** Sends once: a command that was sent again would run again. The workflow repeats what only reads. */
export const ssmClient = (region: string, credentials: CustomerCredentials): SSMClient =>
  new SSMClient({ region, credentials, maxAttempts: 1 });

export const resourceGroupsClient = (
  region: string,
  credentials: CustomerCredentials,
): ResourceGroupsClient =>
  new ResourceGroupsClient({ region, credentials, ...retryOf("ResourceGroups") });

/** In a customer's account only to read: what is encrypted there is used through EC2. In our own without credentials. */
export const kmsClient = (region: string, credentials?: CustomerCredentials): KMSClient =>
  new KMSClient({
    region,
    ...(credentials === undefined ? {} : { credentials }),
    ...retryOf("KMS"),
  });

/** Route 53 is one service for all regions, and signed for as one in this. Source: AWS General Reference, "Route 53 endpoints". */
const route53Region = "us-east-1";

/** Only to read. The region of what is looked at does not matter. */
export const route53Client = (_region: string, credentials: CustomerCredentials): Route53Client =>
  new Route53Client({ region: route53Region, credentials, ...retryOf("Route53") });

/** Only to read. */
export const serviceQuotasClient = (
  region: string,
  credentials: CustomerCredentials,
): ServiceQuotasClient =>
  new ServiceQuotasClient({ region, credentials, ...retryOf("ServiceQuotas") });

/** To tell owners. */
export const snsClient = (region: string, credentials: CustomerCredentials): SNSClient =>
  new SNSClient({ region, credentials, ...retryOf("SNS") });

/** Those with which a place is read, and instances in it are looked at. */
export const lookMakers = {
  autoScaling: autoScalingClient,
  classicElb: classicElbClient,
  ec2: ec2Client,
  elb: elbClient,
  kms: kmsClient,
  serviceQuotas: serviceQuotasClient,
  ssm: ssmClient,
} as const;

export const pricingClient = (): PricingClient =>
  new PricingClient({ region: pricingRegion, ...retryOf("Pricing") });

export const stsClient = (region: string): STSClient =>
  new STSClient({ region, ...retryOf("STS") });

/** Of the state table. */
export const tableClient = (region: string): DynamoDBClient =>
  new DynamoDBClient({ region, ...retryOf("DynamoDB") });

/** For the functions that start workflows. */
export const workflowClient = (region: string): SFNClient =>
  new SFNClient({ region, ...retryOf("SFN") });

/** For the versions of our own functions. */
export const codeClient = (region: string): LambdaClient =>
  new LambdaClient({ region, ...retryOf("Lambda") });

export const eventBridgeClient = (region: string): EventBridgeClient =>
  new EventBridgeClient({ region, ...retryOf("EventBridge") });

/** Of the function: sessions are opened in its region, whatever region they are used in. */
export interface FunctionParts {
  readonly region: string;
  readonly now: () => Date;
}

export const customerAccess = <Name extends CustomerClientName>(
  { region, now }: FunctionParts,
  makers: ClientMakers<Name>,
): CustomerAccess<Name> => createCustomerAccess({ sts: stsClient(region), now, makers });

/** For steps that call nothing in a customer's account. */
export const noCustomerAccess: CustomerAccess<never> = {
  customer: () =>
    Promise.reject(
      new SpotOptimizerError("BrokenFacts", "This step names no client in a customer's account."),
    ),
  openCustomer: () => undefined,
  forgetSessions: () => undefined,
};
