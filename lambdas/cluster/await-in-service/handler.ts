import {
  autoScalingClient,
  classicElbClient,
  cloudWatchClient,
  customerAccess,
  ec2Client,
  elbClient,
  ssmClient,
} from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { awaitInServiceStep } from "./step.ts";

export const handler = makeHandler(awaitInServiceStep, (parts) =>
  customerAccess(parts, {
    autoScaling: autoScalingClient,
    classicElb: classicElbClient,
    cloudWatch: cloudWatchClient,
    ec2: ec2Client,
    elb: elbClient,
    ssm: ssmClient,
  }),
);
