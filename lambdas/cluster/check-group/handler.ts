import {
  autoScalingClient,
  classicElbClient,
  cloudFormationClient,
  cloudWatchClient,
  customerAccess,
  ec2Client,
  elbClient,
  kmsClient,
} from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { checkGroupStep } from "./step.ts";

export const handler = makeHandler(checkGroupStep, (parts) => ({
  ...customerAccess(parts, {
    autoScaling: autoScalingClient,
    classicElb: classicElbClient,
    cloudFormation: cloudFormationClient,
    cloudWatch: cloudWatchClient,
    ec2: ec2Client,
    elb: elbClient,
    kms: kmsClient,
  }),
  marketEc2: ec2Client,
}));
