import {
  customerAccess,
  ec2Client,
  elbClient,
  resourceGroupsClient,
} from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { rollBackStep } from "./step.ts";

export const handler = makeHandler(rollBackStep, (parts) =>
  customerAccess(parts, { ec2: ec2Client, elb: elbClient, resourceGroups: resourceGroupsClient }),
);
