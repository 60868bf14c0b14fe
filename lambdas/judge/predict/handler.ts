import { noCustomerAccess } from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { predictStep } from "./step.ts";

export const handler = makeHandler(predictStep, () => noCustomerAccess);
