import * as clients from "../../runtime/clients.ts";
import * as variables from "../../runtime/environment.ts";
import { gateMakers } from "../../runtime/gate-makers.ts";
import { lambdaContext } from "../../runtime/make-handler.ts";
import { randomId } from "../../runtime/random-id.ts";
import { runStep } from "../../runtime/step.ts";
import { sweepPlaceStep, type sweepPlaceClients } from "./step.ts";

type ClientName = (typeof sweepPlaceClients)[number];

const environment = variables.readEnvironment(variables.starterEnvironmentSchema);
const context = {
  ...lambdaContext<ClientName>(sweepPlaceStep.name, (parts) => ({
    ...clients.customerAccess(parts, gateMakers),
    marketEc2: clients.ec2Client,
    pricing: clients.pricingClient(),
  })),
  sfn: clients.workflowClient(environment.AWS_REGION),
  workflowOf: variables.workflowsOf(environment),
  randomId,
};

export const handler = (event: unknown): Promise<unknown> =>
  runStep(sweepPlaceStep, context, event);
