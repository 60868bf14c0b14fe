import {
  classicElbClient,
  customerAccess,
  ec2Client,
  elbClient,
  resourceGroupsClient,
  ssmClient,
} from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { freezeOriginalStep } from "./step.ts";

export const handler = makeHandler(freezeOriginalStep, (parts) => ({
  ...customerAccess(parts, {
    classicElb: classicElbClient,
    ec2: ec2Client,
    elb: elbClient,
    resourceGroups: resourceGroupsClient,
    ssm: ssmClient,
  }),
  marketEc2: ec2Client,
}));
