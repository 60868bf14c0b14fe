import { eksClient, customerAccess, kubernetesClusters } from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { awaitDetachedStep } from "./step.ts";

export const handler = makeHandler(awaitDetachedStep, (parts) =>
  customerAccess(parts, {
    eks: eksClient,
    kubernetes: kubernetesClusters,
  }),
);
