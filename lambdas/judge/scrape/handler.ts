import { customerAccess, ec2Client, pricingClient } from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { scrapeStep } from "./step.ts";

export const handler = makeHandler(scrapeStep, (parts) => ({
  ...customerAccess(parts, { ec2: ec2Client }),
  marketEc2: ec2Client,
  pricing: pricingClient(),
}));
