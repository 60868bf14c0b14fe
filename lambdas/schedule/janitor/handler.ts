import {
  autoScalingClient,
  classicElbClient,
  cloudWatchClient,
  customerAccess,
  ec2Client,
} from "../../runtime/clients.ts";
import { elbClient, resourceGroupsClient, ssmClient } from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { janitorStep } from "./step.ts";

export const handler = makeHandler(janitorStep, (parts) =>
  customerAccess(parts, {
    autoScaling: autoScalingClient,
    classicElb: classicElbClient,
    cloudWatch: cloudWatchClient,
    ec2: ec2Client,
    elb: elbClient,
    resourceGroups: resourceGroupsClient,
    ssm: ssmClient,
  }),
);
