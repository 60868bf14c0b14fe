import { noCustomerAccess } from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { recordStep } from "./step.ts";

export const handler = makeHandler(recordStep, () => noCustomerAccess);
