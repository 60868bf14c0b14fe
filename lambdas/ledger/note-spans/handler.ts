import * as clients from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { noteSpansStep } from "./step.ts";

export const handler = makeHandler<unknown, unknown, "ec2">(noteSpansStep, (parts) =>
  clients.customerAccess(parts, { ec2: clients.ec2Client }),
);
