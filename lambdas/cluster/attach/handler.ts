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
import { attachStep } from "./step.ts";

export const handler = makeHandler(attachStep, (parts) =>
  customerAccess(parts, {
    autoScaling: autoScalingClient,
    classicElb: classicElbClient,
    cloudFormation: cloudFormationClient,
    cloudWatch: cloudWatchClient,
    ec2: ec2Client,
    elb: elbClient,
  }),
);
