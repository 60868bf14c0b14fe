import { customerAccess, ec2Client } from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { launchStep } from "./step.ts";

export const handler = makeHandler(launchStep, (parts) =>
  customerAccess(parts, { ec2: ec2Client }),
);
