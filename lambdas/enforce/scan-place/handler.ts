import * as clients from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { scanPlaceStep, type ScanClients, type Scanned } from "./step.ts";

export const handler = makeHandler<unknown, Scanned, ScanClients>(scanPlaceStep, (parts) => ({
  ...clients.customerAccess(parts, {
    autoScaling: clients.autoScalingClient,
    ec2: clients.ec2Client,
    ecs: clients.ecsClient,
  }),
  marketEc2: clients.ec2Client,
}));
