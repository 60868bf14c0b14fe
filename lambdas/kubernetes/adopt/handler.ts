import {
  autoScalingClient,
  ec2Client,
  eksClient,
  customerAccess,
  kubernetesClusters,
} from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { adoptStep } from "./step.ts";

export const handler = makeHandler(adoptStep, (parts) =>
  customerAccess(parts, {
    autoScaling: autoScalingClient,
    ec2: ec2Client,
    eks: eksClient,
    kubernetes: kubernetesClusters,
  }),
);
