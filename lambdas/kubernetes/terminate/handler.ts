import {
  autoScalingClient,
  classicElbClient,
  ec2Client,
  eksClient,
  elbClient,
  customerAccess,
  kubernetesClusters,
} from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { terminateStep } from "./step.ts";

export const handler = makeHandler(terminateStep, (parts) =>
  customerAccess(parts, {
    autoScaling: autoScalingClient,
    classicElb: classicElbClient,
    ec2: ec2Client,
    eks: eksClient,
    elb: elbClient,
    kubernetes: kubernetesClusters,
  }),
);
