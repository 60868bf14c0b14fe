import { customerAccess, ec2Client, ssmClient } from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { endSpotStep } from "./step.ts";

export const handler = makeHandler(endSpotStep, (parts) =>
  customerAccess(parts, { ec2: ec2Client, ssm: ssmClient }),
);
