import { ec2Client, eksClient, customerAccess, kubernetesClusters } from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { awaitGoneStep } from "./step.ts";

export const handler = makeHandler(awaitGoneStep, (parts) =>
  customerAccess(parts, {
    ec2: ec2Client,
    eks: eksClient,
    kubernetes: kubernetesClusters,
  }),
);
