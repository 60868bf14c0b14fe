import { customerAccess, ec2Client, elbClient } from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { janitorStep } from "./step.ts";

export const handler = makeHandler(janitorStep, (parts) =>
  customerAccess(parts, { ec2: ec2Client, elb: elbClient }),
);
