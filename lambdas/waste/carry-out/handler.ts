import * as clients from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { carryOutStep } from "./step.ts";

export const handler = makeHandler(carryOutStep, (parts) =>
  clients.customerAccess(parts, {
    autoScaling: clients.autoScalingClient,
    backup: clients.backupClient,
    cloudFormation: clients.cloudFormationClient,
    cloudWatch: clients.cloudWatchClient,
    ec2: clients.ec2Client,
  }),
);
