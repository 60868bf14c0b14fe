import { noCustomerAccess } from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { filterStep } from "./step.ts";

export const handler = makeHandler(filterStep, () => noCustomerAccess);
