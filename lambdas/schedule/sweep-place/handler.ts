import {
  autoScalingClient,
  customerAccess,
  ec2Client,
  pricingClient,
  workflowClient,
} from "../../runtime/clients.ts";
import * as variables from "../../runtime/environment.ts";
import { lambdaContext } from "../../runtime/make-handler.ts";
import { randomId } from "../../runtime/random-id.ts";
import { runStep } from "../../runtime/step.ts";
import { sweepPlaceStep } from "./step.ts";

type PlaceClientName = "autoScaling" | "ec2" | "marketEc2" | "pricing";

const environment = variables.readEnvironment(variables.starterEnvironmentSchema);
const context = {
  ...lambdaContext<PlaceClientName>(sweepPlaceStep.name, (parts) => ({
    ...customerAccess(parts, { autoScaling: autoScalingClient, ec2: ec2Client }),
    marketEc2: ec2Client,
    pricing: pricingClient(),
  })),
  sfn: workflowClient(environment.AWS_REGION),
  workflowOf: variables.workflowsOf(environment),
  randomId,
};

export const handler = (event: unknown): Promise<unknown> =>
  runStep(sweepPlaceStep, context, event);
