import { makeHandler } from "../../runtime/make-handler.ts";
import { freezeOriginalStep } from "./step.ts";

export const handler = makeHandler(freezeOriginalStep);
