import { makeHandler } from "../../runtime/make-handler.ts";
import { replaceRootStep } from "./step.ts";

export const handler = makeHandler(replaceRootStep);
