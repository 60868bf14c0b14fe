import {
  autoScalingClient,
  classicElbClient,
  cloudFormationClient,
  cloudWatchClient,
  customerAccess,
  ec2Client,
  elbClient,
} from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { planBatchStep } from "./step.ts";

export const handler = makeHandler(planBatchStep, (parts) =>
  customerAccess(parts, {
    autoScaling: autoScalingClient,
    classicElb: classicElbClient,
    cloudFormation: cloudFormationClient,
    cloudWatch: cloudWatchClient,
    ec2: ec2Client,
    elb: elbClient,
  }),
);
