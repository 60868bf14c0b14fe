import { makeHandler } from "../../runtime/make-handler.ts";
import { launchStep } from "./step.ts";

export const handler = makeHandler(launchStep);
