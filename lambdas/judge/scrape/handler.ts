import { makeHandler } from "../../runtime/make-handler.ts";
import { scrapeStep } from "./step.ts";

export const handler = makeHandler(scrapeStep);
