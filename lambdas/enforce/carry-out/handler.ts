import * as clients from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { carryOutStep } from "./step.ts";

export const handler = makeHandler(carryOutStep, (parts) =>
  clients.customerAccess(parts, {
    autoScaling: clients.autoScalingClient,
    ec2: clients.ec2Client,
    ecs: clients.ecsClient,
    elb: clients.elbClient,
    sns: clients.snsClient,
  }),
);
