import { makeHandler } from "../../runtime/make-handler.ts";
import { rollBackStep } from "./step.ts";

export const handler = makeHandler(rollBackStep);
