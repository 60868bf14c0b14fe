import {
  autoScalingClient,
  customerAccess,
  ec2Client,
  eksClient,
  kubernetesClusters,
} from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { awaitTakenStep } from "./step.ts";

export const handler = makeHandler(awaitTakenStep, (parts) =>
  customerAccess(parts, {
    autoScaling: autoScalingClient,
    ec2: ec2Client,
    eks: eksClient,
    kubernetes: kubernetesClusters,
  }),
);
