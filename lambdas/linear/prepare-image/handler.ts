import { makeHandler } from "../../runtime/make-handler.ts";
import { prepareImageStep } from "./step.ts";

export const handler = makeHandler(prepareImageStep);
