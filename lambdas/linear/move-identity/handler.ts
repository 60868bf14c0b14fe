import { customerAccess, ec2Client, elbClient, ssmClient } from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { moveIdentityStep } from "./step.ts";

export const handler = makeHandler(moveIdentityStep, (parts) =>
  customerAccess(parts, { ec2: ec2Client, elb: elbClient, ssm: ssmClient }),
);
