import { makeHandler } from "../../runtime/make-handler.ts";
import { awaitHealthyStep } from "./step.ts";

export const handler = makeHandler(awaitHealthyStep);
