import * as clients from "../../runtime/clients.ts";
import { gateMakers } from "../../runtime/gate-makers.ts";
import { lambdaContext } from "../../runtime/make-handler.ts";
import { randomId } from "../../runtime/random-id.ts";
import { runStep } from "../../runtime/step.ts";
import { type preflightClients, preflightPlaceStep } from "./step.ts";

type ClientName = (typeof preflightClients)[number];

const context = {
  ...lambdaContext<ClientName>(preflightPlaceStep.name, (parts) => ({
    ...clients.customerAccess(parts, gateMakers),
    marketEc2: clients.ec2Client,
    pricing: clients.pricingClient(),
  })),
  randomId,
};

export const handler = (event: unknown): Promise<unknown> =>
  runStep(preflightPlaceStep, context, event);
