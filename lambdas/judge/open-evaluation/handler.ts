import { noCustomerAccess } from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { openEvaluationStep } from "./step.ts";

export const handler = makeHandler(openEvaluationStep, () => noCustomerAccess);
