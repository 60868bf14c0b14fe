import {
  autoScalingClient,
  classicElbClient,
  cloudFormationClient,
  cloudWatchClient,
  customerAccess,
  ec2Client,
  eksClient,
  elbClient,
  kmsClient,
  kubernetesClusters,
} from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { checkNodeStep } from "./step.ts";

export const handler = makeHandler(checkNodeStep, (parts) => ({
  ...customerAccess(parts, {
    autoScaling: autoScalingClient,
    classicElb: classicElbClient,
    cloudFormation: cloudFormationClient,
    cloudWatch: cloudWatchClient,
    ec2: ec2Client,
    eks: eksClient,
    elb: elbClient,
    kms: kmsClient,
    kubernetes: kubernetesClusters,
  }),
  marketEc2: ec2Client,
}));
