import * as clients from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { offBoardStep } from "./step.ts";

export const handler = makeHandler(offBoardStep, (parts) =>
  clients.customerAccess(parts, {
    autoScaling: clients.autoScalingClient,
    classicElb: clients.classicElbClient,
    cloudWatch: clients.cloudWatchClient,
    ec2: clients.ec2Client,
    elb: clients.elbClient,
    resourceGroups: clients.resourceGroupsClient,
    ssm: clients.ssmClient,
  }),
);
