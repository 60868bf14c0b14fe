import { makeHandler } from "../../runtime/make-handler.ts";
import { moveIdentityStep } from "./step.ts";

export const handler = makeHandler(moveIdentityStep);
