import { noCustomerAccess } from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { decideStep } from "./step.ts";

export const handler = makeHandler(decideStep, () => noCustomerAccess);
