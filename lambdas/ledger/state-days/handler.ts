import * as clients from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { stateDaysStep } from "./step.ts";

export const handler = makeHandler<unknown, unknown, "pricing" | "marketEc2">(
  stateDaysStep,
  () => ({
    ...clients.noCustomerAccess,
    pricing: clients.pricingClient(),
    marketEc2: clients.ec2Client,
  }),
);
