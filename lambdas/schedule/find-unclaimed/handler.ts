import { customerAccess, ec2Client, resourceGroupsClient } from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { findUnclaimedStep } from "./step.ts";

export const handler = makeHandler(findUnclaimedStep, (parts) =>
  customerAccess(parts, { ec2: ec2Client, resourceGroups: resourceGroupsClient }),
);
