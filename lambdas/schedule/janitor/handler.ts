import { makeHandler } from "../../runtime/make-handler.ts";
import { janitorStep } from "./step.ts";

export const handler = makeHandler(janitorStep);
