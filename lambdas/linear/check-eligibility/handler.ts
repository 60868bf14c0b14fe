import { customerAccess, ec2Client, elbClient, ssmClient } from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { checkEligibilityStep } from "./step.ts";

export const handler = makeHandler(checkEligibilityStep, (parts) => ({
  ...customerAccess(parts, { ec2: ec2Client, elb: elbClient, ssm: ssmClient }),
  marketEc2: ec2Client,
}));
