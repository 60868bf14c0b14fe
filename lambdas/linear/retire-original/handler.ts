import { customerAccess, ec2Client, elbClient, ssmClient } from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { retireOriginalStep } from "./step.ts";

export const handler = makeHandler(retireOriginalStep, (parts) =>
  customerAccess(parts, { ec2: ec2Client, elb: elbClient, ssm: ssmClient }),
);
