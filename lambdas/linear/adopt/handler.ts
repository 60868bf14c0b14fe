import { customerAccess, ec2Client } from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { adoptStep } from "./step.ts";

export const handler = makeHandler(adoptStep, (parts) => customerAccess(parts, { ec2: ec2Client }));
