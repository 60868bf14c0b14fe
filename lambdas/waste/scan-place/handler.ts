import * as clients from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import type { ScanClientNames } from "./inventory.ts";
import { scanPlaceStep } from "./step.ts";

export const handler = makeHandler<unknown, unknown, ScanClientNames | "pricing">(
  scanPlaceStep,
  (parts) => ({
    ...clients.customerAccess(parts, {
      autoScaling: clients.autoScalingClient,
      backup: clients.backupClient,
      cloudFormation: clients.cloudFormationClient,
      cloudWatch: clients.cloudWatchClient,
      ec2: clients.ec2Client,
      elb: clients.elbClient,
    }),
    pricing: clients.pricingClient(),
  }),
);
