import {
  autoScalingClient,
  classicElbClient,
  cloudFormationClient,
  cloudWatchClient,
  ec2Client,
  eksClient,
  elbClient,
  customerAccess,
  kubernetesClusters,
} from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { planNodeStep } from "./step.ts";

export const handler = makeHandler(planNodeStep, (parts) =>
  customerAccess(parts, {
    autoScaling: autoScalingClient,
    classicElb: classicElbClient,
    cloudFormation: cloudFormationClient,
    cloudWatch: cloudWatchClient,
    ec2: ec2Client,
    eks: eksClient,
    elb: elbClient,
    kubernetes: kubernetesClusters,
  }),
);
