import { customerAccess, ec2Client, elbClient } from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { freezeOriginalStep } from "./step.ts";

export const handler = makeHandler(freezeOriginalStep, (parts) => ({
  ...customerAccess(parts, { ec2: ec2Client, elb: elbClient }),
  marketEc2: ec2Client,
}));
