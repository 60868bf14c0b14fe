import { customerAccess, eksClient, kubernetesClusters } from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { emptyNodeStep } from "./step.ts";

export const handler = makeHandler(emptyNodeStep, (parts) =>
  customerAccess(parts, { eks: eksClient, kubernetes: kubernetesClusters }),
);
