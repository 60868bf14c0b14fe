import { autoScalingClient, customerAccess, ec2Client, eksClient } from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { launchStep } from "./step.ts";

export const handler = makeHandler(launchStep, (parts) =>
  customerAccess(parts, { autoScaling: autoScalingClient, ec2: ec2Client, eks: eksClient }),
);
