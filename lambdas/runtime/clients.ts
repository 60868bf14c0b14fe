/** Makes the SDK clients of a function, all with the same settings for retries. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { PricingClient } from "@aws-sdk/client-pricing";
import { SFNClient } from "@aws-sdk/client-sfn";
import { STSClient } from "@aws-sdk/client-sts";
import { sdkRetry } from "../../adapters/aws/retry.ts";
import type { ClientFactory } from "./context.ts";

/** The Price List API is served in a few regions only; this one is the usual choice. */
const pricingRegion = "us-east-1";

export const lambdaClients = (region: string): ClientFactory => ({
  sts: new STSClient({ region, ...sdkRetry }),
  pricing: new PricingClient({ region: pricingRegion, ...sdkRetry }),
  marketEc2: (marketRegion) => new EC2Client({ region: marketRegion, ...sdkRetry }),
  customer: (credentials, customerRegion) => ({
    ec2: new EC2Client({ region: customerRegion, credentials, ...sdkRetry }),
    elb: new ElasticLoadBalancingV2Client({ region: customerRegion, credentials, ...sdkRetry }),
  }),
});

/** Of the state table. */
export const tableClient = (region: string): DynamoDBClient =>
  new DynamoDBClient({ region, ...sdkRetry });

/** For the functions that start workflows. */
export const workflowClient = (region: string): SFNClient => new SFNClient({ region, ...sdkRetry });
