import { customerAccess, ec2Client } from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { receiveStep } from "./step.ts";

export const handler = makeHandler(receiveStep, (parts) =>
  customerAccess(parts, { ec2: ec2Client }),
);
