import { makeHandler } from "../../runtime/make-handler.ts";
import { retireOriginalStep } from "./step.ts";

export const handler = makeHandler(retireOriginalStep);
