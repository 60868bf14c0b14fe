import { makeHandler } from "../../runtime/make-handler.ts";
import { verifyStep } from "./step.ts";

export const handler = makeHandler(verifyStep);
