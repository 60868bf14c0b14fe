import { makeHandler } from "../../runtime/make-handler.ts";
import { checkEligibilityStep } from "./step.ts";

export const handler = makeHandler(checkEligibilityStep);
